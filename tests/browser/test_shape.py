"""Tests of the shape of pages: what is seen first, what is folded, and the bar of what is selected."""

import csv

import openpyxl
import pytest
from playwright.sync_api import expect

from .every_page import DESK, LANGUAGES, PHONE, in_language

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SCREEN = 800


def viewport(width):
    return {"viewport": {"width": width, "height": SCREEN}}


@pytest.mark.parametrize("language", LANGUAGES)
def test_phone_shows_the_first_result_at_once_and_folds_a_country(open_page, real_directory, language):
    page = open_page(**viewport(PHONE))
    for path in ("/institutions/", "/studios/", "/people/", "/programmes/", "/events/", "/films/"):
        page.goto(in_language(path, language))
        name = page.locator(".rows h2, .programmes tbody th").first
        assert name.bounding_box()["y"] < 360, path
        assert len({button.bounding_box()["y"] for button in page.locator(".list-head .button:visible").all()}) <= 1

    page.goto(in_language("/countries/ru/", language))
    expect(page.locator("#events")).to_be_hidden()
    fold = page.locator("[aria-labelledby=events] summary")
    expect(page.locator("[aria-labelledby=events] li").first).to_be_hidden()
    fold.click()
    expect(page.locator("[aria-labelledby=events] li").first).to_be_visible()


@pytest.mark.parametrize("language", LANGUAGES)
def test_country_is_a_hub_of_three_screens(open_page, real_directory, language):
    page = open_page(**viewport(DESK))
    for code in ("ru", "az", "kz", "ge", "tm"):
        page.goto(in_language(f"/countries/{code}/", language))
        assert page.evaluate("document.documentElement.scrollHeight") <= 3 * SCREEN, code
        expect(page.locator("[aria-labelledby=events] li").first).to_be_visible()


def test_selection_has_one_bar_with_count_and_actions_without_scripts(open_page, real_directory, tmp_path):
    page = open_page("/countries/kz/", java_script_enabled=False, **viewport(DESK))
    bar = page.get_by_role("form", name="What is selected")
    expect(bar).to_be_hidden()
    boxes = page.locator("table.short .pick input")
    names = [boxes.nth(place).get_attribute("value") for place in (0, 2)]
    for place in (0, 2):
        boxes.nth(place).check()

    expect(bar).to_be_visible()
    bar.get_by_role("button", name="Compare").click()
    assert page.url.endswith("&".join(f"record={name}" for name in names).join(["?", ""]).replace("/", "%2F"))
    page.go_back()
    for place in (0, 2):
        boxes.nth(place).check()
    with page.expect_download() as download:
        bar.get_by_role("button", name="Download").click()
    download.value.save_as(tmp_path / "selection.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "selection.xlsx").worksheets[0]
    assert sheet.max_row == 3
    bar.get_by_role("button", name="Clear").click()
    expect(bar).to_be_hidden()
    boxes.nth(0).check()
    bar.get_by_role("button", name="Add to my list").click()
    expect(page.locator(".my-list h2")).to_have_count(1)


def test_a_to_z_is_one_click_away_and_files_follow(open_page, real_directory):
    page = open_page("/studios/?country=KZ", **viewport(DESK))
    by_use = page.locator(".rows h2").all_text_contents()
    assert "Kazakhfilm" in by_use[0]
    expect(page.locator(".order")).to_contain_text("State bodies first")

    page.get_by_role("link", name="A–Z").click()
    page.wait_for_load_state()
    shown = page.locator(".rows h2").all_text_contents()
    assert shown == sorted(by_use)
    page.locator(".download > summary").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Table as text (CSV)").click()
    with open(download.value.path(), encoding="utf-8-sig", newline="") as file:
        assert [row["English name"] for row in csv.DictReader(file)] == shown


def test_first_column_of_a_comparison_stays_on_a_phone(open_page, real_directory):
    records = "&".join(f"record=institution/{key}" for key in ("by-belarusfilm", "am-armenfilm", "ru-mosfilm"))
    page = open_page(f"/compare/?{records}", **viewport(PHONE))
    heading, cell = page.locator("tbody th").first, page.locator("tbody td").nth(2)
    before = heading.bounding_box()["x"]

    cell.scroll_into_view_if_needed()

    assert page.evaluate("document.querySelector('.scrolls').scrollLeft") > 0
    assert heading.bounding_box()["x"] == before
