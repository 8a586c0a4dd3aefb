"""Tests of a complete visit without scripts."""

import csv

import pytest
from playwright.sync_api import expect

from visitors.corrections.models import Correction

from .every_page import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_whole_journey_on_a_phone_without_scripts(open_page, real_directory, monkeypatch):
    # The form takes what is typed at once.
    monkeypatch.setattr("visitors.corrections.forms.LEAST_SECONDS", -1)
    page = open_page(java_script_enabled=False, viewport={"width": PHONE, "height": 800})
    main = page.get_by_role("main")

    page.get_by_role("searchbox").fill("Таджикфильм")
    page.get_by_role("search").get_by_role("button", name="Find").click()
    expect(main.get_by_role("listitem").first).to_contain_text("Tojikfilm")

    page.get_by_text("Menu", exact=True).click()
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Studios").click()
    page.get_by_role("link", name="Filters", exact=True).click()
    page.get_by_label("Tajikistan").check()
    page.get_by_role("button", name="Show").last.click()
    expect(page.get_by_role("list", name="Filters in use").get_by_role("link", name="Tajikistan")).to_be_visible()
    main.get_by_role("link", name="State Institution Tojikfilm").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Tojikfilm")
    record = page.url

    page.get_by_role("link", name="Something here is wrong or missing? Tell us").click()
    page.get_by_label("What is wrong or missing?").fill("The telephone has changed")
    page.get_by_role("button", name="Send the correction").click()
    expect(page.get_by_role("status")).to_contain_text("Received on")
    assert Correction.objects.get().wrong == "The telephone has changed"

    page.goto(record)
    page.get_by_role("button", name="Add to my list").click()
    page.get_by_text("Menu", exact=True).click()
    page.get_by_role("navigation", name="Main").get_by_role("link", name="My list").click()
    listed = page.locator(".my-list h2")
    expect(listed).to_have_count(1)
    expect(listed).to_contain_text("Tojikfilm")
    names = listed.all_text_contents()
    page.locator(".download > summary").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Table as text (CSV)").click()
    with open(download.value.path(), encoding="utf-8-sig", newline="") as file:
        assert [row["English name"] for row in csv.DictReader(file)] == names

    page.get_by_role("button", name="dark").click()
    expect(page.get_by_role("button", name="dark")).to_have_attribute("aria-pressed", "true")
    assert page.url.endswith("/my-list/")
    page.get_by_role("link", name="Coverage").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")

    page.get_by_role("link", name="Русский").click()
    expect(page.locator("html")).to_have_attribute("lang", "ru")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.get_by_text("Меню", exact=True).click()
    page.get_by_role("navigation", name="Основные разделы").get_by_role("link", name="Мой список").click()
    expect(main).to_contain_text("Таджикфильм")
