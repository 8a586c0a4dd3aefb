"""Whose a contact is, by rules: the institution's, or with a reason somebody else's."""

import re

from records.contact_types import ContactKind

from . import mails, telephones
from .html_text import Line
from .names import Names, is_organisation
from .results import LeftOutReason
from .words import has, plain, words

REASONS_OF_ZONES = {
    "designer": LeftOutReason.WEB_DESIGNER,
    "hosting": LeftOutReason.HOSTING,
    "advertisement": LeftOutReason.ADVERTISEMENT,
    "partner": LeftOutReason.PARTNER,
    "news": LeftOutReason.NEWS,
}
EXAMPLE_BEFORE = 25


def reason_of(candidate, line: Line, place: int, before: str, names: Names, domain: str) -> LeftOutReason | None:
    """Return the reason why a contact at this place of the line is not the institution's, or None."""
    if reason := _of_no_use(candidate, before):
        return reason
    if candidate.kind == ContactKind.EMAIL and is_at(candidate.value, domain):
        return None
    return of_zones(line, place) or _of_another_body(line, before, names)


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


def _of_another_body(line, before, names):
    """Return the reason if the words before a contact, or the heading above it, name another body."""
    heading = line.headings[-1].text if line.headings else ""
    for text in (before, line.head, heading):
        if text and is_of_another_body(text, names):
            return LeftOutReason.OTHER_ORGANISATION
    return None


def is_of_another_body(text: str, names: Names) -> bool:
    """Return whether the text names another body than the institution."""
    named = has("other_bodies", text) or (has("venues", text) and is_organisation(text))
    return named and not names.are_in(text) and not re.search(r"[^\W\d_]\s*@", text)
