"""Tests of what professionals come for, each in a few steps and in both languages.

A step is what a visitor waits for: a page, or a file.
"""

import openpyxl
import pytest
from django.utils import timezone, translation
from django.utils.translation import gettext
from playwright.sync_api import expect

from institutions.models import Institution
from records.checks import months_before

from .every_page import DESK, LANGUAGES, in_language

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
in_both_languages = pytest.mark.parametrize("language", LANGUAGES)
MOST_STEPS = 4


@pytest.fixture
def go(open_page, language):
    """Return a function that opens a page in the language, and counts the steps from there on."""
    opened = []

    def start(path):
        opened.append(path)
        page = open_page(in_language(path, language), viewport={"width": DESK, "height": 900})
        page.on("request", lambda request: request.is_navigation_request() and opened.append(request.url))
        return page

    with translation.override(language):
        yield start
    assert 1 <= len(opened) <= MOST_STEPS, opened


def press_show(page):
    page.locator(".filters-apply button").click()


@in_both_languages
@pytest.mark.directory_in_use
def test_producer_takes_studios_of_one_country_with_a_large_stage_as_a_workbook(go, tmp_path):
    page = go("/studios/?country=RU")
    page.locator("summary", has_text=gettext("Sound stages")).click()
    page.get_by_label(gettext("Area at least, m²")).fill("1001")
    press_show(page)
    expect(page.locator(".rows h2")).to_have_count(1)
    page.get_by_text(gettext("Download this list"), exact=True).click()
    with page.expect_download() as download:
        page.locator(".download-formats button").first.click()
    download.value.save_as(tmp_path / "studios.xlsx")

    headings, *rows = openpyxl.load_workbook(tmp_path / "studios.xlsx").worksheets[0].values
    assert [dict(zip(headings, row, strict=True))[gettext("largest stage, m²")] for row in rows] == [2300]
    day = timezone.localdate().isoformat()
    assert download.value.suggested_filename.endswith(f", 1001, {day}.xlsx")


@in_both_languages
@pytest.mark.directory_in_use
def test_producer_compares_rebates_over_a_fifth_with_minimum_spend(go):
    page = go("/programmes/")
    page.get_by_role("main").get_by_role("link", name=gettext("Compare rebates"), exact=True).click()

    rows = page.locator(".rebates tbody")
    rates = [int(rate.removesuffix(" %")) for rate in rows.locator(".rate").all_inner_texts()]
    assert rates == sorted(rates, reverse=True)
    over_a_fifth = rows.filter(has=page.locator(".rate", has_text="25"))
    expect(over_a_fifth.filter(has_text="EUR").locator("td").nth(1)).to_contain_text("100")
    page.get_by_role("link", name=gettext("Minimum spend")).click()
    expect(page.locator("[aria-sort]")).to_have_text(gettext("Minimum spend"))


@in_both_languages
@pytest.mark.directory_in_use
def test_journalist_asks_who_heads_and_who_headed_a_studio(go):
    page = go("/institutions/?q=Kyrgyzfilm")
    page.locator(".rows h2 a").first.click()
    now = page.locator("#people ~ table").first
    expect(now.locator("tbody tr").first).to_contain_text("2026")
    page.get_by_label(gettext("Who was in post on")).fill("2019")
    page.get_by_label(gettext("Who was in post on")).press("Enter")

    # No page tells who was in post in 2019: of one person it is possible. What is known of other years stands below.
    expect(page.locator("#documented")).to_have_count(0)
    expect(page.locator("#possible")).to_contain_text("1")
    known = page.locator("section", has=page.get_by_role("heading", name=gettext("Known at other times")))
    expect(known.locator("li", has_text="2024")).to_have_count(1)
    expect(known.locator(".mark.ended")).not_to_have_count(0)


@in_both_languages
def test_coordinator_finds_festivals_of_central_asia_that_take_films_this_season(real_directory, go):
    def ahead(months):
        return months_before(timezone.localdate(), -months).isoformat()

    # The data set knows of no deadline.
    Institution.objects.filter(key="kz-bastau-iff").update(submissions_open=ahead(1), submissions_close=ahead(4))
    Institution.objects.filter(key="ru-insomnia").update(submissions_open=ahead(1), submissions_close=ahead(4))
    page = go("/institutions/?kind=festival")
    page.locator("summary", has_text=gettext("Region")).click()
    page.locator("label", has_text=gettext("Central Asia")).locator("input[name=region]").check()
    page.get_by_label(gettext("open within 3 months").capitalize()).check()
    press_show(page)
    expect(page.locator(".rows h2")).to_have_count(1)
    page.locator(".rows h2 a").click()

    expect(page.locator("#edition ~ dl a[href*='filmfreeway.com/Bastau']")).to_be_visible()
    expect(page.locator("#edition ~ dl")).to_contain_text(gettext("Deadline of submissions"))


@in_both_languages
@pytest.mark.directory_in_use
def test_official_takes_all_who_spoke_at_a_round_table_with_a_way_to_reach_them(go, tmp_path):
    page = go("/events/?q=Lachin+round+table")
    page.locator(".rows h2 a").first.click()
    page.get_by_text(gettext("Download this list"), exact=True).click()
    with page.expect_download() as download:
        page.locator(".download-formats button").first.click()
    download.value.save_as(tmp_path / "speakers.xlsx")

    headings, *rows = openpyxl.load_workbook(tmp_path / "speakers.xlsx").worksheets[0].values
    people = [dict(zip(headings, row, strict=True)) for row in rows]
    speakers = [one for one in people if one[gettext("role at the event")] == gettext("speaker")]
    ways = [gettext(name) for name in ("telephone", "e-mail", "website", "postal address in Latin letters")]
    reached = [one for one in speakers if any(one[way] for way in ways)]
    assert len(speakers) >= 10
    assert len(reached) >= len(speakers) // 2
