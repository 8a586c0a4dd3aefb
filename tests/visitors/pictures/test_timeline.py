"""Tests of periods as bars over years."""

import datetime

import pytest

from languages.partial_dates import PartialDate
from visitors.pictures.timeline import Period, timeline

TODAY = datetime.date(2026, 11, 25)


def period(name="Name", **dates):
    return Period(
        name,
        "en",
        **{field: PartialDate(date) for field, date in dates.items() if field != "is_over"},
        is_over=dates.get("is_over", True),
    )


def test_bars_begin_and_end_with_their_periods():
    drawn = timeline([period(since="2000", until="2009"), period(since="2010", until="2019")], today=TODAY)

    first, second = drawn.bars
    assert first.x < second.x
    assert first.end == pytest.approx(second.x, abs=0.1)
    assert first.width == pytest.approx(second.width, abs=0.1)


def test_what_is_not_over_reaches_to_today():
    drawn = timeline([period(since="2000", until="2019"), period(since="2019", is_over=False)], today=TODAY)

    assert drawn.bars[1].end > drawn.bars[0].end
    assert not drawn.bars[1].has_open_end


def test_bar_of_what_goes_on_fades_after_the_last_day_that_a_page_proves():
    periods = [
        period(since="2000", last_seen="2013", is_over=False),
        period(since="2000", last_seen="2026-11-25", is_over=False),
        period(since="2000", last_seen="2013"),
        # Of an institution, which nobody sees.
        period(since="2000", is_over=False),
    ]

    half, proved, over, lasting = timeline(periods, today=TODAY).bars

    assert half.end == proved.end == lasting.end
    assert half.fading == pytest.approx(half.width / 2, abs=1.5)
    assert half.fades_from == pytest.approx(half.x + half.proved_width, abs=0.1) == pytest.approx(over.end, abs=0.1)
    assert proved.fading == over.fading == lasting.fading == 0


def test_an_end_that_no_page_gives_is_marked_where_the_holder_was_last_seen():
    drawn = timeline([period(since="2010", last_seen="2015-03"), period(since="2000", until="2020")], today=TODAY)

    seen, known = drawn.bars
    assert seen.has_open_end
    assert not known.has_open_end
    assert seen.end < known.end


def test_a_start_that_no_page_gives_is_marked():
    drawn = timeline([period(until="2022-03"), period(since="2000", until="2020")], today=TODAY)

    assert [bar.has_open_start for bar in drawn.bars] == [True, False]


@pytest.mark.parametrize(
    ("since", "until", "years"),
    [
        ("1923", "2026", [1940, 1960, 2000]),
        ("2001", "2026", [2010, 2020]),
        ("2024", "2026", [2024, 2025, 2026]),
    ],
)
def test_axis_has_round_years(since, until, years):
    drawn = timeline([period(since=since, until=until), period(since=since, until=until)], today=TODAY)

    assert set(years) <= {mark.year for mark in drawn.marks}
    assert 2 < len(drawn.marks) <= 12
    assert all(0 <= mark.x <= 100 for mark in drawn.marks)


def test_a_single_period_or_none_with_a_date_makes_no_picture():
    assert timeline([period(since="2000")], today=TODAY) is None
    assert timeline([period(), period()], today=TODAY) is None
