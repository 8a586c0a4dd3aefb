"""Timeline: periods as bars over years, for names of institutions and posts of people."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from languages.partial_dates import PartialDate

# Steps of the axis in years: the widest that still gives the fewest marks is used.
MARK_STEPS = (50, 20, 10, 5, 2, 1)
FEWEST_MARKS = 3
DAYS_A_YEAR = 365.25
# Least width of a bar in hundredths of the picture, so that it stays visible.
NARROWEST_BAR = 0.8


@dataclass(frozen=True)
class Period:
    """Period of time. A missing date is not known, whether the period is over or not."""

    name: str
    language: str
    since: PartialDate | None = None
    until: PartialDate | None = None
    # The newest date that a page proves; the bar of a period that goes on fades after it.
    last_seen: PartialDate | None = None
    is_over: bool = True
    detail: Any = ""
    url: str = ""


@dataclass(frozen=True)
class Bar:
    """Bar of the picture: x and width in hundredths of the picture's width."""

    period: Period
    x: float
    width: float
    # Width of the part that no page proves, from the last day that one does to the present.
    fading: float = 0

    @property
    def end(self):
        return round(self.x + self.width, 2)

    @property
    def fades_from(self):
        return round(self.end - self.fading, 2)

    @property
    def proved_width(self):
        return round(self.width - self.fading, 2)

    @property
    def has_open_start(self):
        return self.period.since is None

    @property
    def has_open_end(self):
        """Return whether the end is unknown: the bar then ends at the last date that pages prove."""
        return self.period.until is None and self.period.is_over


@dataclass(frozen=True)
class YearMark:
    year: int
    x: float


@dataclass(frozen=True)
class Timeline:
    bars: list[Bar]
    marks: list[YearMark]

    @property
    def has_fading(self):
        return any(bar.fading for bar in self.bars)


def timeline(periods: Iterable[Period], *, today: datetime.date) -> Timeline | None:
    """Return the timeline of periods with a date, in their order; None if fewer than two have one."""
    dated = [period for period in periods if period.since or period.until or period.last_seen]
    if len(dated) < 2:
        return None
    spans = [(_start(period), _end(period, today)) for period in dated]
    first, last = min(start for start, _end in spans), max(end for _start, end in spans)
    margin = max((last - first) * 0.02, 0.1)
    first, last = first - margin, last + margin

    def place(year):
        return round((year - first) / (last - first) * 100, 2)

    bars = [
        Bar(
            period,
            place(start),
            round(max(place(end) - place(start), NARROWEST_BAR), 2),
            round(place(end) - place(_proved_until(period, end)), 2),
        )
        for period, (start, end) in zip(dated, spans, strict=True)
    ]
    return Timeline(bars, [YearMark(year, place(year)) for year in _marked_years(first, last)])


def _in_years(day):
    return day.year + (day.timetuple().tm_yday - 1) / DAYS_A_YEAR


def _start(period):
    return _in_years((period.since or period.last_seen or period.until).first_day)


def _end(period, today):
    if period.until:
        return _in_years(period.until.last_day)
    if not period.is_over:
        return max(_in_years(today), _start(period))
    return _in_years((period.last_seen or period.since).last_day)


def _proved_until(period, end):
    if period.is_over or not period.last_seen:
        return end
    return min(_in_years(period.last_seen.last_day), end)


def _marked_years(first, last):
    for step in MARK_STEPS:
        years = [year for year in range(int(first) // step * step, int(last) + 1, step) if year >= first]
        if len(years) >= FEWEST_MARKS:
            break
    return years
