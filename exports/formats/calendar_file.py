"""Rows to an iCalendar file (RFC 5545): events of whole days, which calendars know again by their uid."""

import datetime
from collections.abc import Iterable, Iterator
from typing import Any

from icalendar import Calendar, Event

END = "END:VCALENDAR\r\n"


def calendar_file(
    columns: Iterable[Any], tables: Iterable[list[list[str]]], about: list[tuple[str, str, str]]
) -> Iterator[str]:
    """Columns have `name`: uid, name, start, end, place, kind, summary, page, changed_at. Days are whole dates.

    `about` holds name, label and text of each statement about the list.
    """
    names = [column.name for column in columns]
    yield _head({name: text for name, _label, text in about}).removesuffix(END)
    for table in tables:
        yield "".join(_event(dict(zip(names, row, strict=True))) for row in zip(*table, strict=True))
    yield END


def _head(about: dict[str, str]) -> str:
    calendar = Calendar()
    calendar.add("prodid", "-//CISFilm//Events//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", about["title"])
    calendar.add("url", about["address"])
    # So often programs that subscribe ask again: by RFC 7986, and as Outlook and Apple read it.
    calendar.add("refresh-interval", datetime.timedelta(days=1), {"value": "DURATION"})
    calendar.add("x-published-ttl", "P1D")
    return calendar.to_ical().decode()


def _event(row: dict[str, str]) -> str:
    start = datetime.date.fromisoformat(row["start"])
    # A last day that is only known by its month says no more than the first.
    end = datetime.date.fromisoformat(row["end"]) if len(row["end"]) == len(row["start"]) else start
    changed_at = datetime.datetime.fromisoformat(row["changed_at"]).astimezone(datetime.UTC)
    event = Event()
    event.add("uid", row["uid"])
    event.add("dtstamp", changed_at)
    event.add("last-modified", changed_at)
    event.add("dtstart", start)
    # The day after the last one.
    event.add("dtend", end + datetime.timedelta(days=1))
    event.add("summary", row["name"])
    event.add("categories", [row["kind"]])
    for name, text in (("location", row["place"]), ("description", row["summary"]), ("url", row["page"])):
        if text:
            event.add(name, text)
    # Others may plan something else for these days.
    event.add("transp", "TRANSPARENT")
    return event.to_ical().decode()
