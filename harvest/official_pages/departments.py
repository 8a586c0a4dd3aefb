"""Whom a contact reaches: the words before, after or above it, in the page's language."""

import re

from .html_text import LABELS, Line
from .words import has, last_match, plain, words

LONGEST_DEPARTMENT = 80
MOST_WORDS = 9
LINES_ABOVE = 12
EDGES = "` \t.,:;|/\\•·–—-()[]*«»\"'+№՝…>=&՝"
NAME_WORD = r"[А-ЯЁІЎҚҒҲҶӮӢӨҮҰӘҺA-ZƏÇŞĞÜÖİÝŽŇĂÂÎȘȚԱ-Ֆა-ჰ][\w'’ʻ‘-]+"
NAMES = re.compile(rf"{NAME_WORD}(?:\s+{NAME_WORD}){{1,3}}")
INITIAL = r"(?<!\w)[^\W\d_a-zа-яё](?:\.\s?|$)"
INITIALS = re.compile(rf"(?:{INITIAL}){{1,2}}\s?{NAME_WORD}|(?<!\w){NAME_WORD}\s+(?:{INITIAL}){{1,2}}")
PATRONYMIC = re.compile(
    r"\w+(?:ович|евич|ич|овна|евна|ична|оглы|оғлы|ұлы|улы|қызы|кызы|oğlu|qızı|ovich|evich|ovna|evna|o'g'li|ogli|qizi|zoda|зода|уулу)$",
    re.IGNORECASE,
)
SURNAME = re.compile(
    r"\w+(?:ов|ова|ев|ева|ин|ина|ский|ская|ко|ян|յան|швили|შვილი|ძე|дзе|yan|ov|ova|ev|eva|iyev|iyeva|zadə|zade|escu|eanu|li|lı|бек|бекова|baev)$",
    re.IGNORECASE,
)
LONG_NUMBER = re.compile(r"\s(?=\d{5,6}(?!\d))")
DIVISION = re.compile(r"\s[|•·]\s|;\s")
ROOM = re.compile(
    r"[,(]?\s*(?<!\w)(?:каб(?:инет)?|комн(?:ата)?|ауд|оф|room|otaq|xona|хона|сен)\.?\s*№?\s*\d+[\w/-]*\)?",
    re.IGNORECASE,
)
LAST_SENTENCE = re.compile(r"(?<=\w{4})[.!?]\s+(?=[^\W\d_a-zа-яё])")
SENTENCE = re.compile(r"(?<=\w{3})[.!?]\s+[^\W\d_]")
# "Tel. of the director" is cut, "Location manager" is not.
ENDS_LABEL = re.compile(r"\s*(?:[^\w\s]|$)")
DEPARTMENT_FOLLOWS = re.compile(
    r"\s+(?:приёмн|приемн|пресс-|отдел|бухгалт|канцеляр|секретар|директор|деканат|ректор|кафедр|касс|дирекц|учебн|управлен)",
    re.IGNORECASE,
)
PARENTHESES = re.compile(r"\s*\(([^()\d@]{3,60})\)")
AFTER_DASH = re.compile(r"\s*[–—-]\s*([^\d@|\t]{3,60})$")


class Departments:
    """Finder of departments on one page. `is_own` says whether a text names the institution itself."""

    def __init__(self, lines: list[Line], is_own):
        self._lines, self._is_own = lines, is_own

    def of(self, line: Line, before: str, after: str, *, is_first: bool) -> str:
        """Return the department of a contact: `before` and `after` reach to the next contacts of its line.

        `is_first` tells that no contact of the line stands before it.
        """
        # What is divided from the contact speaks of something else.
        before = DIVISION.split(before)[-1]
        name, colon, rest = before.partition(":")
        if colon and ("@" in rest or has("streets", rest)) and (found := self._department(name, is_marked=True)):
            return found
        cells = before.split("\t")
        for cell in [*reversed(cells[1:]), cells[0]] if is_first and len(cells) > 1 else [before]:
            if found := self._department(cell, is_marked=len(cell) <= LONGEST_DEPARTMENT):
                return found
        if line.head and is_first and (found := self._department(line.head, is_marked=True)):
            return found
        match = PARENTHESES.match(after) or AFTER_DASH.match(after)
        if match and (found := self._department(match[1], is_marked=True)):
            return found
        return ""

    def above(self, line: Line) -> str:
        """Return the department that a line above it names, or ""."""
        for other in reversed(self._lines[max(0, line.number - LINES_ABOVE) : line.number]):
            if line.scope[: len(other.parent)] != other.parent:
                continue
            # What stands before an address on its line.
            text = LONG_NUMBER.split(other.text.partition("\t")[0])[0]
            is_marked = bool(other.level or other.is_label or text.rstrip().endswith(":"))
            is_marked = is_marked and other.level != 1 and not words("about_links").fullmatch(plain(text).strip(EDGES))
            if self._speaks_for_others(text) and (found := self._department(text, is_marked=is_marked)):
                return found
            if other.level or (other.is_label and (has("generic", text) or has("requisites", text))):
                return ""
        return ""

    def in_heading(self, line: Line) -> str:
        """Return the department or office that the nearest heading names, or ""."""
        heading = line.headings[-1] if line.headings else None
        return self._department(heading.text, is_marked=True) if heading and heading.level > 1 else ""

    @staticmethod
    def _speaks_for_others(text):
        return not re.search(r"\d{4,}|@", text) and len(text) <= LONGEST_DEPARTMENT

    def _department(self, text: str, *, is_marked: bool) -> str:
        """Return the department in the text, or "". Without a mark such as a heading it needs a word of departments."""
        text = without_names(without_labels(ROOM.sub(" ", LAST_SENTENCE.split(text)[-1])))
        if (
            not 2 < len(text) <= LONGEST_DEPARTMENT
            or len(text.split()) > MOST_WORDS
            or re.search(r"\d{3,}|@|https?:", text)
        ):
            return ""
        if SENTENCE.search(text) or has("requisites", text) or self._is_own(text):
            return ""
        if has("departments", text):
            return text
        if not is_marked or has("generic", text) or has("streets", text) or not re.search(r"[^\W\d_]{3}", text):
            return ""
        return "" if is_name(text) else text


def without_labels(text: str) -> str:
    """Return the text without "tel.", "e-mail:" and the like at its ends."""
    text = " ".join(text.split()).strip(EDGES)
    labels = words(*LABELS)
    while True:
        marked = plain(text)
        first, last = labels.match(marked), last_match(labels, marked)
        ends = first and (ENDS_LABEL.match(marked[first.end() :]) or DEPARTMENT_FOLLOWS.match(marked[first.end() :]))
        if ends:
            rest = text[first.end() :].strip(EDGES)
        elif last and not marked[last.end() :].strip(EDGES):
            rest = text[: last.start()].strip(EDGES)
        else:
            return text
        if rest == text:
            return text
        text = rest


def without_names(text: str) -> str:
    """Return the text without private names: "Director Ivanov I. I." becomes "Director"."""
    text = INITIALS.sub(lambda match: " " if not has("departments", match[0]) else match[0], text)
    for match in reversed(list(NAMES.finditer(text))):
        parts = match[0].split()
        while parts and has("departments", parts[0]):
            parts.pop(0)
        if (
            len(parts) >= 2
            and is_name(" ".join(parts))
            and (match.start() or len(parts) < len(match[0].split()) or match.end() < len(text))
        ):
            at = match.end() - len(" ".join(parts))
            text = f"{text[:at].rstrip(EDGES)} {text[match.end() :]}"
    return " ".join(text.split()).strip(EDGES)


def is_name(text: str) -> bool:
    """Return whether the text is the name of a person."""
    parts = text.split()
    if not 2 <= len(parts) <= 4 or not all(re.fullmatch(NAME_WORD, part) for part in parts) or has("departments", text):
        return bool(INITIALS.fullmatch(text.strip()))
    return is_surely_name(text) or not has("culture", text)


def is_surely_name(text: str) -> bool:
    """Return whether the text is two to four words, one of them with the ending of a surname or patronymic."""
    parts = text.split()
    if not 2 <= len(parts) <= 4 or not all(re.fullmatch(NAME_WORD, part) for part in parts):
        return False
    return any(PATRONYMIC.fullmatch(plain(part)) or SURNAME.fullmatch(part) for part in parts)
