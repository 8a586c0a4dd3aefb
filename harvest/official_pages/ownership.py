"""Whose a contact is, by rules: the institution's, or with a reason somebody else's."""

import re

from records.contact_types import PAGE_KINDS, ContactKind

from . import mails, telephones
from .departments import is_surely_name
from .html_text import LABELS, Line
from .names import Names, is_organisation
from .results import LeftOutReason
from .words import has, plain, words

REASONS_OF_ZONES = {
    "designer": LeftOutReason.WEB_DESIGNER,
    "hosting": LeftOutReason.HOSTING,
    "advertisement": LeftOutReason.ADVERTISEMENT,
    "partner": LeftOutReason.PARTNER,
    "news": LeftOutReason.NEWS,
    "article": LeftOutReason.NEWS,
}
EXAMPLE_BEFORE = 25
LINE_WORDS = re.compile(
    r"(?<!\w)(?:линия|линии|xətti|liniyasi|линияси|желісі|линиясы|գիծ|ხაზი|line|телефоны?|telefoni|telefonu)(?!\w)",
    re.I,
)
IN_PARENTHESES = re.compile(r"\s*\(([^()]{3,60})\)")
# A company by its name in quotation marks.
COMPANY = re.compile(
    r"(?<!\w)(?:ООО|ТОО|ОАО|ЗАО|ПАО|АО|ИП|ЧП|ОсОО|ЖШС|LLC|Ltd|MMC|MChJ|SRL|УП|ЧУП|ХК)\.?\s*[«“„\"][^»”\"]{2,60}[»”\"]"
)


def reason_of(
    candidate,
    line: Line,
    place: int,
    end: int,
    before: str,
    names: Names,
    domain: str,
    *,
    is_contact_page: bool = False,
) -> LeftOutReason | None:
    """Return the reason why a contact from `place` to `end` of the line is not the institution's, or None.

    `before` is the text of the line since the last contact.
    """
    if reason := _of_no_use(candidate, before):
        return reason
    if candidate.kind == ContactKind.EMAIL and is_at(candidate.value, domain):
        return None
    if reason := of_zones(line, place):
        return reason
    if candidate.kind in PAGE_KINDS and line.headings and is_surely_name(line.headings[-1].text):
        return LeftOutReason.PERSONAL
    if not is_contact_page and is_of_another_company(line.text[:place], names):
        return LeftOutReason.OTHER_ORGANISATION
    after = IN_PARENTHESES.match(line.text[end:])
    return _of_another_body(line, before, after[1] if after else "", names)


def is_of_another_company(text: str, names: Names) -> bool:
    """Return whether the text names a company that does not bear the name of the institution."""
    return bool(COMPANY.search(text)) and not names.are_in(text)


def of_zones(line: Line, place: int = 0) -> LeftOutReason | None:
    """Return the reason that the part of the page gives, or None."""
    zones = line.zones_at(place)
    return next((reason for zone, reason in REASONS_OF_ZONES.items() if zone in zones), None)


def _of_no_use(candidate, before):
    if candidate.kind == ContactKind.EMAIL:
        for pattern, reason in (
            (mails.NO_DOMAINS, LeftOutReason.OF_MACHINE),
            (mails.OF_MACHINE, LeftOutReason.OF_MACHINE),
            (mails.NO_REPLY, LeftOutReason.NO_REPLY),
            (mails.EXAMPLES, LeftOutReason.PLACEHOLDER),
        ):
            if pattern.search(candidate.value):
                return reason
    elif candidate.value.startswith("+") and telephones.is_placeholder(candidate.value):
        return LeftOutReason.PLACEHOLDER
    nearest = plain(before)[-EXAMPLE_BEFORE:]
    return LeftOutReason.PLACEHOLDER if words("examples").search(nearest) else None


def is_at(address: str, domain: str) -> bool:
    """Return whether an e-mail address belongs to the domain of the site."""
    host = address.rpartition("@")[2]
    return bool(domain) and (
        host == domain or host.endswith(f".{domain}") or (domain.endswith(f".{host}") and "." in host)
    )


def _of_another_body(line, before, after, names):
    """Return the reason if the words beside a contact, or the heading above it, name another body."""
    heading = line.headings[-1].text if line.headings else ""
    for text in (before, after, line.head, heading):
        if text and is_of_another_body(text, names):
            return LeftOutReason.OTHER_ORGANISATION
    partner = words("partners").match(plain(before).lstrip())
    return LeftOutReason.PARTNER if partner and ":" in before else None


def is_of_another_body(text: str, names: Names) -> bool:
    """Return whether the text names another body than the institution."""
    if has("other_bodies", text) and _is_own_body(text, names):
        return False
    named = has("other_bodies", text) or (has("venues", text) and is_organisation(text))
    return named and not names.are_in(text) and not re.search(r"[^\W\d_]\s*@", text)


def _is_own_body(text: str, names: Names) -> bool:
    """Return whether a ministry, say, speaks of itself as "the ministry", without saying which."""
    body = words("other_bodies").search(plain(text))[0]
    rest = words("other_bodies", "departments", *LABELS).sub(" ", plain(text))
    rest = re.findall(r"[^\W\d_]{3,}", LINE_WORDS.sub(" ", rest))
    return names.have_word(body) and all(map(names.have_word, rest))
