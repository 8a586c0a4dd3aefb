"""Tests of the search field in a browser: any script, suggestions by keyboard, and without scripts."""

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.directory_in_use]


def test_tajikfilm_is_found_first_however_it_is_typed(open_page):
    page = open_page("/")
    for typed in ["Тоҷикфилм", "tadjikfilm", "tajkifilm", "nfl;brabkmv"]:
        field = page.get_by_role("combobox", name="Search institutions, people, events and films")
        field.fill(typed)
        field.press("Enter")

        expect(page.get_by_role("heading", level=2).first).to_contain_text("Institutions")
        expect(page.get_by_role("main").get_by_role("listitem").first).to_contain_text("Tojikfilm")


def test_suggestions_work_by_keyboard_alone(open_page):
    page = open_page("/about/")
    field = page.get_by_role("combobox")
    for _ in range(20):
        page.keyboard.press("Tab")
        if field.evaluate("element => element === document.activeElement"):
            break
    page.keyboard.type("қазақф")
    options = page.get_by_role("option")
    expect(options.first).to_contain_text("Kazakhfilm")
    expect(field).to_have_attribute("aria-expanded", "true")

    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", options.first.get_attribute("id"))
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_have_count(0)
    expect(field).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_contain_text("Kazakhfilm")


def test_click_on_a_suggestion_opens_the_record(open_page):
    page = open_page("/ru/")
    page.get_by_role("combobox").press_sequentially("лендок")
    page.get_by_role("option").first.click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Лендок")


def test_field_is_a_plain_form_without_script(open_page):
    page = open_page("/institutions/", java_script_enabled=False)
    field = page.get_by_role("searchbox", name="Search institutions, people, events and films")
    field.fill("Soiuzmultfilm")
    page.get_by_role("search").get_by_role("button", name="Find").click()

    expect(page.get_by_role("main").get_by_role("listitem").first).to_contain_text("Soyuzmultfilm")


def test_suggestions_fit_the_screen(open_page):
    page = open_page("/")
    page.get_by_role("combobox").press_sequentially("кинофонд ереван")
    expect(page.get_by_role("option").first).to_be_visible()

    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        box = page.get_by_role("listbox").bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert page.evaluate("document.documentElement.scrollWidth") <= width
