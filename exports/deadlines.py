"""Days of festivals and programmes as entries of calendars: editions, openings and deadlines."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from .formats.calendar_file import calendar_file

# Entries of one calendar; programs read all of it each time.
MOST_ENTRIES = 5_000
# Of a whole day, as "2026-05-31"; a month alone has no place in a calendar.
WHOLE_DAY = r"^\d{4}-\d{2}-\d{2}$"


class Entry(NamedTuple):
    uid: str
    name: str
    start: str
    end: str
    place: str
    kind: str
    summary: str
    page: str
    changed_at: str


class _Name(NamedTuple):
    name: str


COLUMNS = [_Name(name) for name in Entry._fields]


def institutions_entries(institutions: QuerySet) -> Iterator[Entry]:
    """Yield the next edition, the opening and the deadline of each of these festivals, as far as the days are known."""
    days = ["edition_start", "submissions_open", "submissions_close"]
    for institution in _with_days(institutions, days).select_related("city", "country"):
        yield from _entries(
            institution,
            {
                "edition": (institution.edition_start, institution.edition_end, "%(name)s", _("festival")),
                "submissions": _one_day(institution.submissions_open, _("%(name)s: submissions open")),
                "deadline": _one_day(institution.submissions_close, _("%(name)s: last day of submissions")),
            },
        )


def programmes_entries(programmes: QuerySet) -> Iterator[Entry]:
    """Yield opening and deadline of the call of each of these programmes, as far as the days are known."""
    for programme in _with_days(programmes, ["call_opens", "call_closes"]).select_related("country"):
        yield from _entries(
            programme,
            {
                "call": _one_day(programme.call_opens, _("%(name)s: the call opens")),
                "deadline": _one_day(programme.call_closes, _("%(name)s: deadline of the call")),
            },
        )


def calendar(title: str, address: str, *entries: Iterable[Entry]) -> str:
    """Return the entries, at most `MOST_ENTRIES`, as an iCalendar file; `address` is that of the list's page."""
    found = [entry for entry, _number in zip(chain(*entries), range(MOST_ENTRIES), strict=False)]
    tables = [list(zip(*found, strict=True))] if found else []
    return "".join(calendar_file(COLUMNS, tables, [("title", "", title), ("address", "", address)]))


def _with_days(records: QuerySet, fields: list[str]) -> QuerySet:
    known = Q.create([Q(**{f"{field}__regex": WHOLE_DAY}) for field in fields], connector=Q.OR)
    return records.filter(known)


def _one_day(day: str | None, words: str) -> tuple[str | None, str | None, str, str]:
    return day, day, words, _("deadlines")


def _entries(record, days: dict[str, tuple]) -> Iterator[Entry]:
    host = urlsplit(settings.SITE_URL).hostname
    city, country = getattr(record, "city", None), record.country
    place = ", ".join(part.name for part in (city, country) if part)
    for what, (start, end, words, kind) in days.items():
        if start and re.match(WHOLE_DAY, start):
            yield Entry(
                uid=f"{record.record_kind()}/{record.key}/{what}@{host}",
                name=words % {"name": record.name},
                start=start,
                end=end or start,
                place=place,
                kind=kind,
                summary="",
                page=settings.SITE_URL + record.get_absolute_url(),
                changed_at=record.updated_at.isoformat(),
            )
