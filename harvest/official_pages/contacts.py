"""Contacts of one page: what its links and lines say, whom each reaches, and whose it is."""

import re
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from languages.scripts import known_language
from records.contact_types import ContactKind

from . import mails, telephones
from .departments import Departments
from .html_text import Line
from .labels import is_requisite, kinds_before, label_above
from .mails import mails_in
from .names import Names
from .ownership import reason_of
from .pages import Page
from .results import LeftOutReason
from .social import accounts_in, contact_of
from .words import has

LONGEST_QUOTATION = 200
LONGEST_LABEL_OF_ADDRESS = 5
# So many lines after a number others without an area code have the same.
NEAR_LINES = 6
IN_PARENTHESES = re.compile(r"\s*\(([^()]{1,40})\)")
# Written as telephone numbers are, and nothing else.
SURE = re.compile(r"[+(]|8[\s(-]+\d{3}|0\d{2,4}[\s-]+\d+[\s-]\d+")
# "22-33-44 - fax", and nothing else.
AFTER_DASH = re.compile(r"\s*[–—-]\s*([^\W\d_]{1,8}(?:\.?/[^\W\d_]{1,8})?)\.?\s*(?:$|[,;])")
TELEPHONES = {ContactKind.PHONE, ContactKind.FAX, ContactKind.WHATSAPP}
PLACES_OF_CONTACTS = {"contacts", "footer", "header"}


@dataclass(frozen=True)
class Candidate:
    """A contact on a page; `reason` tells why it is left out, or None."""

    kind: str
    value: str
    shown: str
    found_by: str
    quotation: str = ""
    extension: str = ""
    department: str = ""
    language: str = ""
    reason: LeftOutReason | None = None
    # Its kind is said by a label.
    is_labelled: bool = False
    # It stands in the head or foot of the page, or among its contacts.
    is_prominent: bool = False
    postal_code: str = ""
    city: str = ""


@dataclass(frozen=True)
class _Spot:
    """A contact on a line, from `start` to `end`."""

    start: int
    end: int
    kind: str
    value: str
    found_by: str
    extension: str = ""
    is_bare: bool = False
    reason: LeftOutReason | None = None


class PageContacts:
    """Reader of the contacts of a page. `domain` is that of the site."""

    def __init__(self, page: Page, regions: tuple[str, ...], names: Names, domain: str):
        self._page, self._regions, self._names, self._domain = page, regions, names, domain
        self._lines = page.lines
        self._departments = Departments(page.lines, names.speak)
        self._town_code = telephones.town_code_in(page.text)
        # The last number with an area code, its line, and all such codes.
        self._near, self._near_line, self._areas = None, -100, set()
        # Lines with contacts.
        self.places: set[int] = set()

    def all(self) -> list[Candidate]:
        """Return the contacts of all lines."""
        found = []
        for line in self._lines:
            spots = self._spots(line)
            if spots:
                found += self._candidates(line, spots)
                self.places |= {line.number} if any(spot.kind != "profile" for spot in spots) else set()
        return found

    def department_of_address(self, line: Line, address) -> str:
        """Return whose address it is, by its label ("Legal address") or the words above."""
        is_short = len(address.label.split()) <= LONGEST_LABEL_OF_ADDRESS
        if is_short and (has("legal", address.label) or has("departments", address.label)):
            return address.label
        return self._departments.in_heading(line)

    # What stands on a line ------------------------------------------------------------------------------------------

    def _spots(self, line):
        links = self._of_links(line)
        has_label = has("email", self._label_above(line)) or has("email", line.column(0))
        spots = [
            _Spot(mail.start, mail.end, ContactKind.EMAIL, mail.value, "text")
            for mail in mails_in(line.text, has_label)
        ]
        spots = self._with_links(spots, [link for link in links if link.kind == ContactKind.EMAIL])
        numbers = self._with_links(self._numbers(line, spots), [link for link in links if link.kind in TELEPHONES])
        others = [link for link in links if link.kind not in TELEPHONES and link.kind != ContactKind.EMAIL]
        known = {link.value.rstrip("/").lower() for link in others}
        others += [spot for spot in self._accounts(line) if spot.value.rstrip("/").lower() not in known]
        return sorted([*spots, *numbers, *others], key=lambda spot: (spot.start, spot.end))

    def _of_links(self, line):
        spots = []
        for link in line.links:
            for contact in contact_of(link.href):
                value, extension, reason = contact.value, "", contact.reason
                if contact.kind in TELEPHONES:
                    value, extension = self._number_of_link(contact.value)
                elif contact.kind == ContactKind.EMAIL:
                    value = contact.value.lower()
                    reason = None if mails.is_mail(value) else LeftOutReason.INVALID
                if value:
                    spots.append(
                        _Spot(link.start, link.end, contact.kind, value, contact.found_by, extension, reason=reason)
                    )
        return spots

    def _number_of_link(self, text):
        text = re.sub(r"[^\d+()\s.,;=a-zа-я-]", "", text.lower())
        number = telephones.valid(re.sub(r"^00(?=[1-9])", "+", text), self._regions)
        if number is None and re.fullmatch(r"\+?\d{10,15}", digits := re.sub(r"[^\d+]", "", text)):
            number = telephones.valid("+" + digits.lstrip("+"), self._regions)
        return (telephones.e164(number), number.extension or "") if number else ("", "")

    def _numbers(self, line, taken):
        is_near = line.number - self._near_line <= NEAR_LINES or len(self._areas) == 1
        numbers, complete = telephones.numbers_in(
            line.text,
            self._regions,
            self._near if is_near else None,
            self._town_code,
            lambda place: bool(self._kinds_elsewhere(line, place)),
        )
        for number in complete:
            if area := telephones.area_of(number):
                self._near, self._near_line = number, line.number
                self._areas.add(area)
        free = [
            number
            for number in numbers
            if not any(number.start < spot.end and spot.start < number.end for spot in taken)
        ]
        return [
            _Spot(
                number.start,
                number.end,
                ContactKind.PHONE,
                number.value or re.sub(r"\s+", " ", line.text[number.start : number.end]),
                "text",
                number.extension,
                number.is_bare,
                _reason_of_number(line, number),
            )
            for number in free
        ]

    @staticmethod
    def _accounts(line):
        """Return profiles at social services that the text names without a link."""
        spots = []
        for match in accounts_in(line.text):
            spots += [
                _Spot(match.start, match.end, each.kind, each.value, "text", reason=each.reason)
                for each in contact_of(match.url)
            ]
        return spots

    @staticmethod
    def _with_links(texts, links):
        """Return the contacts of text and links without doubles; a link that differs from its text is left out."""
        spots = list(texts)
        for link in links:
            within = [spot for spot in texts if link.start <= spot.start < max(link.end, link.start + 1)]
            same = [spot for spot in within if spot.value == link.value]
            if same:
                place = spots.index(same[0])
                kind = link.kind if link.kind == ContactKind.WHATSAPP else same[0].kind
                spots[place] = replace(
                    same[0],
                    kind=kind,
                    found_by=link.found_by,
                    is_bare=False,
                    extension=same[0].extension or link.extension,
                )
            elif any(spot.reason is None for spot in within):
                spots.append(replace(link, reason=link.reason or LeftOutReason.HIDDEN_DIFFERS))
            else:
                spots = [spot for spot in spots if spot not in within]
                spots.append(link)
        return spots

    # What it means --------------------------------------------------------------------------------------------------

    def _candidates(self, line, spots):
        found, previous, kinds, department, used_after = [], None, set(), "", False
        for number, spot in enumerate(spots):
            start = previous.end if previous else 0
            following = next((other.start for other in spots[number + 1 :] if other.start >= spot.end), len(line.text))
            before, after = line.text[min(start, spot.start) : spot.start], line.text[spot.end : following]
            if spot.kind in TELEPHONES:
                kinds = self._kinds(line, spot, before, after, kinds if previous else set(), is_first=not number)
            if spot.kind in TELEPHONES or spot.kind == ContactKind.EMAIL:
                department, used_after = self._department(
                    line, "" if used_after else before, after, department, previous, spot
                )
            found += self._made(line, spot, before, kinds, department)
            is_divider = spot.kind in TELEPHONES or spot.kind == ContactKind.EMAIL
            if is_divider and spot.end > (previous.end if previous else -1):
                previous = spot
        return found

    def _kinds(self, line, spot, before, after, inherited, *, is_first):
        """Return the kinds that labels give to a number."""
        kinds = kinds_before(before)
        if not kinds and (match := IN_PARENTHESES.match(after) or AFTER_DASH.match(after)):
            kinds = kinds_before(match[1])
        if not kinds and not is_first and not re.search(r"[^\W\d_]{2,}", before):
            kinds = inherited
        kinds = kinds or self._kinds_elsewhere(line, spot.start)
        if (match := IN_PARENTHESES.match(after)) and "whatsapp" in kinds_before(match[1]):
            kinds = kinds | {"whatsapp", "mobile"}
        return kinds

    def _kinds_elsewhere(self, line, place):
        """Return the kinds that the head of the column or a line above names."""
        kinds = kinds_before(line.column(place)) or kinds_before(line.head)
        if not kinds and not re.search(r"[^\W\d_]{2,}", line.text[:place]):
            kinds = kinds_before(self._label_above(line))
        return kinds

    def _label_above(self, line):
        return label_above(self._lines, line, self.places.__contains__)

    def _department(self, line, before, after, last, previous, spot):
        """Return the department, and whether the words after the contact told it."""
        found = self._departments.of(line, before, "", is_first=previous is None)
        if found:
            return found, False
        if after and (found := self._departments.of(line, "", after.rstrip(" ,;.|\t"), is_first=False)):
            return found, True
        if previous is not None and last and not re.search(r"[;\t]", before):
            return last, False
        if previous is not None and "\t" in before and last and line.columns:
            return last, False
        return self._departments.above(line), False

    def _made(self, line, spot, before, kinds, department):
        base = Candidate(
            spot.kind,
            spot.value,
            line.text[spot.start : spot.end].strip() or spot.value,
            spot.found_by,
            self._quotation(line, spot.start, spot.end),
            spot.extension,
            is_labelled=bool(kinds),
            is_prominent=bool(self._page.is_contact_page or line.zones & PLACES_OF_CONTACTS),
        )
        reason = spot.reason or reason_of(
            base,
            line,
            spot.start,
            spot.end,
            before,
            self._names,
            self._domain,
            is_contact_page=self._page.is_contact_page,
        )
        if spot.kind not in TELEPHONES:
            label = department if spot.kind == ContactKind.EMAIL else ""
            return [replace(base, reason=reason, department=label, language=self._language(label))]
        if reason is None and spot.found_by == "text":
            reason = self._no_telephone(line, spot, before, bool(kinds or department))
        base = replace(base, reason=reason, department=department, language=self._language(department))
        return [replace(base, kind=kind) for kind in _stored_kinds(spot, kinds)]

    def _no_telephone(self, line, spot, before, is_named):
        """Return the reason why digits in the text are no telephone number, or None. `is_named` tells of a label."""
        elsewhere = (line.column(spot.start), line.head, "" if before.strip() else self._label_above(line))
        if is_requisite(before) or (not is_named and any(map(is_requisite, elsewhere))):
            return LeftOutReason.NO_TELEPHONE
        written = line.text[spot.start : spot.end]
        is_place = bool(self._page.is_contact_page or line.zones & PLACES_OF_CONTACTS)
        if spot.is_bare:
            is_telephone = is_named or (is_place and line.text.strip() == written)
        else:
            is_telephone = is_named or is_place or bool(SURE.match(written))
        return None if is_telephone else LeftOutReason.NO_TELEPHONE

    def _quotation(self, line: Line, start: int, end: int) -> str:
        """Return the text around the contact, with the line above where the line alone says little."""
        text = line.text
        if len(text) < 60 and line.number and self._lines[line.number - 1].text:
            above = self._lines[line.number - 1].text[-80:]
            text, start, end = f"{above} {text}", start + len(above) + 1, end + len(above) + 1
        if len(text) > LONGEST_QUOTATION:
            begin = max(0, min(start - 80, len(text) - LONGEST_QUOTATION))
            text = text[begin : begin + LONGEST_QUOTATION]
        return " ".join(text.split())

    def _language(self, text):
        if not text:
            return ""
        return known_language(text, "") or self._page.language.partition("-")[0].lower()


def _stored_kinds(spot, kinds):
    """Return the kinds of contacts that a number is: both for "tel./fax"."""
    if spot.kind == ContactKind.WHATSAPP:
        return [ContactKind.WHATSAPP]
    stored = []
    if kinds & {"phone", "mobile", "viber"} or not kinds:
        stored.append(ContactKind.PHONE)
    if "fax" in kinds:
        stored.append(ContactKind.FAX)
    if "whatsapp" in kinds:
        stored.append(ContactKind.WHATSAPP)
    return stored


def _reason_of_number(line, number):
    if number.value:
        return None
    return LeftOutReason.INVALID if line.text[number.start] == "+" else LeftOutReason.INCOMPLETE


def domain_of(url: str) -> str:
    """Return the domain of a URL without "www."."""
    return (urlsplit(url).hostname or "").removeprefix("www.")
