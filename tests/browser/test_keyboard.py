"""Tests of keyboard use: a complete visit, in which the focus is seen at every stop."""

import csv

import pytest
from playwright.sync_api import expect

from .every_page import DESK, KINDS_OF_PAGES, PHONE
from .page_checks import HIDDEN_FOCUS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.directory_in_use]

MOST_TABS = 150


class Keyboard:
    """Move through a page by keys, and check every stop."""

    def __init__(self, page):
        self.page = page

    def press(self, key):
        self.page.keyboard.press(key)

    def look(self):
        assert self.page.evaluate(f"({HIDDEN_FOCUS})(document.activeElement)") == ""

    def tab_to(self, target):
        """Press Tab until the element has the focus, on a completely loaded page."""
        self.page.wait_for_load_state()
        element = target.element_handle()
        for _ in range(MOST_TABS):
            self.press("Tab")
            self.look()
            if element.evaluate("element => element === document.activeElement"):
                return
        raise AssertionError(f"{target} is not reached by Tab")

    def enter(self, target, key="Enter"):
        self.tab_to(target)
        self.press(key)


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_whole_journey_by_keys_alone(open_page, width):
    page = open_page(viewport={"width": width, "height": 800}, reduced_motion="reduce")
    keyboard, main = Keyboard(page), page.get_by_role("main")

    keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    keyboard.look()
    keyboard.press("Enter")
    expect(main).to_be_focused()
    keyboard.look()

    keyboard.tab_to(main.get_by_role("combobox"))
    page.keyboard.type("Тоҷикф")
    expect(page.get_by_role("option").first).to_contain_text("Tojikfilm")
    keyboard.press("ArrowDown")
    keyboard.look()
    keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Tojikfilm")

    if width == PHONE:
        keyboard.enter(page.locator(".menu > summary"))
        keyboard.look()
    keyboard.enter(page.get_by_role("navigation", name="Main").get_by_role("link", name="Studios"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Studios")
    if width == PHONE:
        keyboard.enter(page.get_by_role("link", name="Filters", exact=True))
        expect(page.get_by_role("form", name="Filters")).to_be_focused()
        keyboard.look()
    keyboard.enter(page.get_by_label("Tajikistan"), "Space")
    expect(page.get_by_label("Tajikistan")).to_be_checked()
    keyboard.enter(page.get_by_role("button", name="Show").last)
    expect(page.get_by_role("list", name="Filters in use").get_by_role("link", name="Tajikistan")).to_be_visible()
    page.wait_for_load_state()
    shown = page.locator(".rows h2").all_text_contents()

    keyboard.enter(main.get_by_role("link", name=shown[0], exact=True))
    expect(page.get_by_role("heading", level=1)).to_contain_text(shown[0])
    # The browser's own key; without a window Chromium does not listen to it.
    page.go_back()

    keyboard.enter(page.locator(".download > summary"))
    keyboard.look()
    keyboard.tab_to(page.get_by_role("radio", name="Institutions", exact=True))
    keyboard.press("ArrowDown")
    keyboard.press("ArrowUp")
    keyboard.look()
    with page.expect_download() as download:
        keyboard.enter(page.get_by_role("button", name="Table as text (CSV)"))
    with open(download.value.path(), encoding="utf-8-sig", newline="") as file:
        assert [row["English name"] for row in csv.DictReader(file)] == shown
    keyboard.look()

    keyboard.enter(page.get_by_role("button", name="dark"))
    expect(page.get_by_role("button", name="dark")).to_have_attribute("aria-pressed", "true")
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"


@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize("name", ["studios", "people", "events"])
def test_results_are_a_few_keys_away(open_page, name, width):
    page = open_page(KINDS_OF_PAGES[name], viewport={"width": width, "height": 800}, reduced_motion="reduce")
    keyboard = Keyboard(page)
    stops = 2
    for _ in range(stops):
        keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the results")).to_be_focused()
    keyboard.look()
    keyboard.press("Enter")
    result = page.locator(".rows > li").first
    while not result.evaluate("result => result.contains(document.activeElement)"):
        keyboard.press("Tab")
        stops += 1
        assert stops <= 12
    keyboard.look()


def test_focus_follows_a_link_within_the_page(open_page):
    page = open_page(KINDS_OF_PAGES["institution"], reduced_motion="reduce")
    Keyboard(page).enter(page.get_by_role("link", name="source 1").first)

    expect(page.locator("#source-1")).to_be_focused()
