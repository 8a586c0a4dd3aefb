"""Telephone numbers in lines of text, by the rules of the country."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from phonenumbers import (
    Leniency,
    NumberParseException,
    PhoneNumber,
    PhoneNumberFormat,
    PhoneNumberMatcher,
    format_number,
    is_valid_number,
    length_of_geographical_area_code,
    national_significant_number,
    parse,
)

from .words import last_match, plain, words

# Spellings that the matcher does not know, replaced by others of the same length.
SAME_LENGTH = (
    (re.compile(r"\t"), lambda match: "|"),
    (re.compile(r"/(\d{3,5})/(?=\s*\d)"), lambda match: f"({match[1]})"),
    (re.compile(r"\+\((?=\d{3}\)\s?\d)"), lambda match: " +"),
    (re.compile(r"\+\s+(?=\(?\d)"), lambda match: " " * (len(match[0]) - 1) + "+"),
    (re.compile(r"(?<![\d+])00(?=(?:7|37[345]|380|99[234568])[\s(-]?\d)"), lambda match: " +"),
    (re.compile(r"(?<=\d)(\s?)\(0\)"), lambda match: " " * len(match[0])),
    (re.compile(r"[‐‑‒−]"), lambda match: "-"),
)
# Where the 8 of Soviet times is written yet, but no longer dialled.
WITHOUT_EIGHT = {"AM", "AZ", "GE", "KG", "MD", "TJ", "UZ"}
EIGHT = re.compile(r"(?<![\d+-])8[\s-]+(?=\(?\d{2,5}[)\s-])")
# A cell that holds only a code, before one with the rest.
CODE_IN_CELL = re.compile(
    r"((?:^|\t)\s*(?:\+\d{1,3}\s*\(?|8?\s*\()\d{2,5}\)?\s*)\t(?=\s*\d{1,3}(?:[- ]?\d{2,3}){1,3}\s*(?:\t|$))"
)
JOINT = r"\s*(?:[,;/|]|(?<!\w)(?:и|або|или|or|and|va|və|ve|ու|և|და|та|жана|және|ва|şi|și|we)(?!\w))\s*"
# 5 to 7 digits in groups, as within a town.
LOCAL = r"\d{1,3}(?:[- .]?\d{2,3}){1,3}(?![\d])(?![-.]\d)"
NEXT_LOCAL = re.compile(rf"(?:{JOINT}|\s+)(?:\(?(?:тел|tel|моб|факс|fax)\.?:?\s*)?({LOCAL})")
NEXT_ENDING = re.compile(r"(?:\s*/\s*|,\s*(?=\d{2}\s*(?:$|[,;.)|(])))(\d{1,4})(?!\d|[-./]\d)")
LABELLED_LOCAL = re.compile(rf"(?<![\d+(/.-])(?<!\d[ ]){LOCAL}")
TOWN_CODE = re.compile(
    r"(?:код\w*|code|kod\w*|կոդ\w*|კოდი|codul)(?:\s+(?:города|г|города|мамлекета|оператора|şəhər|shahar))?\.?\s*[:\w.\s-]{0,20}?"
    r"[-–:(\s]\s*\(?(?:\+?\d{1,3}[\s-]+\(?)?(\d{2,5})\)?(?!\d)",
    re.IGNORECASE,
)
DATE = re.compile(
    r"\d{1,2}[./]\d{1,2}[./](?:19|20)?\d\d|\d{1,2}-\d{1,2}-(?:19|20)\d\d|(?:19|20)\d\d\s*[-–—/]\s*(?:19|20)\d\d|\d{1,2}[:.]\d\d\s*[-–—]\s*\d{1,2}[:.]\d\d"
)
EXTENSION = re.compile(r"\d{1,6}(?:\s*[,/]\s*\d{1,6})*(?![\d-])")
WRITTEN_AS_TELEPHONE = re.compile(r"[+(]|\d[-\s.]\d")
PLACEHOLDER = re.compile(r"(\d)\1{6,}$|0{6,}$|^\+7(?:999|000|9991234567|1234567890)|1234567890$")
LONG_AREA_CODE = 4
MOST_NUMBERS_IN_LINE = 40


@dataclass(frozen=True)
class Number:
    """A number on a line, from `start` to `end` with its extension.

    `value` is E.164, or "" without the area code.
    """

    start: int
    end: int
    value: str
    extension: str = ""
    # The words before it say nothing else, and it may be another number than a telephone's.
    is_bare: bool = False


def valid(text: str, regions: Sequence[str]) -> PhoneNumber | None:
    """Return the number in any of the countries, or None."""
    for region in regions:
        try:
            number = parse(text, region)
        except NumberParseException:
            continue
        if is_valid_number(number):
            return number
    return None


def e164(number: PhoneNumber) -> str:
    return format_number(_without_extension(number), PhoneNumberFormat.E164)


def _without_extension(number):
    copy = PhoneNumber()
    copy.merge_from(number)
    copy.extension = None
    return copy


def prepared(text: str, regions: Sequence[str]) -> str:
    """Return the line with numbers as the matcher reads them, each letter in its place."""
    if WITHOUT_EIGHT.intersection(regions):
        text = EIGHT.sub(lambda match: " " * len(match[0]), text)
    text = CODE_IN_CELL.sub(lambda match: match[1] + " ", text)
    for pattern, replacement in SAME_LENGTH:
        text = pattern.sub(replacement, text)
    return text


def numbers_in(
    text: str,
    regions: Sequence[str],
    near: PhoneNumber | None = None,
    town_code: str = "",
    is_labelled: Callable[[int], bool] = lambda place: False,
) -> tuple[list[Number], list[PhoneNumber]]:
    """Return the numbers of a line in their order, and the complete ones.

    `near` is a number shortly before the line, `town_code` one that the page states: labelled numbers without an area
    code have the same. `is_labelled` tells of labels elsewhere than on the line.
    """
    text = prepared(text, regions)
    found: list[Number] = []
    complete: list[PhoneNumber] = []
    for number, parsed in _complete(text, regions):
        if len(found) >= MOST_NUMBERS_IN_LINE or any(number.start < other.end for other in found):
            continue
        found.append(number)
        found += _continued(text, number, parsed)
        complete.append(parsed)
    near = complete[-1] if complete else near
    found += _invalid(text, found)
    found += _local(text, found, lambda digits: _completed(digits, regions, near, town_code), is_labelled)
    return sorted(found, key=lambda number: number.start), complete


def _invalid(text, found):
    """Return international numbers that no plan of numbers has."""
    matches = PhoneNumberMatcher(text, None, Leniency.POSSIBLE, max_tries=50) if "+" in text else ()
    return [
        Number(match.start, match.end, "")
        for match in matches
        if not any(match.start < other.end and other.start < match.end for other in found)
    ]


def area_of(number: PhoneNumber) -> str:
    """Return country and area code of a number, or "" for one of no area."""
    code = length_of_geographical_area_code(number)
    return f"{number.country_code} {national_significant_number(number)[:code]}" if code else ""


def _complete(text, regions):
    matches = {}
    for region in regions:
        for match in PhoneNumberMatcher(text, region, Leniency.VALID, max_tries=200):
            clash = any(match.start < other.end and other.start < match.end for other in matches.values())
            if not clash and not DATE.fullmatch(match.raw_string.strip()):
                matches[match.start] = match
    for start in sorted(matches):
        match = matches[start]
        end, extension = match.end, match.number.extension or ""
        if not extension:
            end, extension = _extension(text, end)
        # The matcher may leave the country's code outside.
        if prefix := re.search(r"(?:\+\d{1,3}|(?<!\d)8)\s?$", text[:start]):
            start = prefix.start()
        is_bare = not WRITTEN_AS_TELEPHONE.search(text[start:end])
        yield Number(start, end, e164(match.number), extension, is_bare), match.number


def _extension(text, end):
    """Return the end of the number and its extension, if one follows."""
    label = re.match(r"[\s,;(]*", text[end:])
    word = words("extension").match(plain(text), end + label.end())
    if not word:
        return end, ""
    gap = re.match(r"[\s.:№]*", text[word.end() :])
    digits = EXTENSION.match(text, word.end() + gap.end())
    if not digits:
        return end, ""
    closing = re.match(r"\s*\)", text[digits.end() :]) if "(" in label[0] else None
    return digits.end() + (closing.end() if closing else 0), digits[0]


def _continued(text, number, parsed):
    """Return numbers that differ in their last digits only: "(727) 223-45-67, 223-45-68/69"."""
    found = []
    national = national_significant_number(parsed)
    place = number.end
    while len(found) < MOST_NUMBERS_IN_LINE:
        local, ending = NEXT_LOCAL.match(text, place), NEXT_ENDING.match(text, place)
        match = local if local and _is_local(local[1], parsed) else ending
        if not match:
            return found
        digits = re.sub(r"\D", "", match[1])
        completed = PhoneNumber(
            country_code=parsed.country_code,
            national_number=int(national[: -len(digits)] + digits),
            italian_leading_zero=parsed.italian_leading_zero,
        )
        if not is_valid_number(completed):
            return found
        end, extension = _extension(text, match.end())
        found.append(Number(match.start(1), end, e164(completed), extension))
        national = national_significant_number(completed)
        place = end
    return found


def _is_local(written, number):
    return len(re.sub(r"\D", "", written)) in _local_lengths(number)


def _local_lengths(number):
    """Return how many digits may follow the area code, or that of the operator."""
    national = national_significant_number(number)
    code = length_of_geographical_area_code(number)
    length = len(national) - code if code else min(7, len(national) - 2)
    # Codes of four digits are written with three as well: (727) 234-55-11, (7272) 34-55-11.
    return (length, length + 1) if code == LONG_AREA_CODE else (length,)


def _local(text, found, completed, is_labelled):
    """Return labelled numbers without an area code, completed if it is known."""
    local = []
    for match in LABELLED_LOCAL.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        taken = any(match.start() < other.end and other.start < match.end() for other in [*found, *local])
        if taken or not 5 <= len(digits) <= 7 or DATE.search(match[0]):
            continue
        follows = bool(local) and bool(re.fullmatch(JOINT, text[local[-1].end : match.start()]))
        labelled = follows or _ends_with_label(text[: match.start()], ("phone", "fax", "mobile"))
        labelled = labelled or is_labelled(match.start())
        value = completed(digits)
        if labelled or (value and _ends_with_label(text[: match.start()], ("departments",))):
            end, extension = _extension(text, match.end())
            local.append(Number(match.start(), end, value, extension))
    return local


def _ends_with_label(before, sections):
    """Return whether the last words of the text are a label, with no more than a short word after it."""
    before = plain(before[-60:])
    label = last_match(words(*sections), before)
    return label is not None and not re.search(r"\d|[^\W\d_]{4,}", before[label.end() :])


def _completed(digits, regions, near, town_code):
    if near and len(digits) in _local_lengths(near) and length_of_geographical_area_code(near):
        national = national_significant_number(near)
        number = PhoneNumber(country_code=near.country_code, national_number=int(national[: -len(digits)] + digits))
        if is_valid_number(number):
            return e164(number)
    if town_code:
        for code in (town_code, town_code.lstrip("0")):
            if number := valid(code + digits, regions):
                return e164(number)
    return ""


def town_code_in(text: str) -> str:
    """Return the area code that a page states for its numbers ("код города 727"), or ""."""
    codes = {match[1] for match in TOWN_CODE.finditer(text)}
    return codes.pop() if len(codes) == 1 else ""


def is_placeholder(value: str) -> bool:
    """Return whether the number is one that templates hold."""
    return bool(PLACEHOLDER.search(value))
