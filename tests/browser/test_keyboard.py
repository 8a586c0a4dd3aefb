"""Tests of keyboard use: a complete visit, and a visible focus on every kind of page."""

import csv

import pytest
from playwright.sync_api import expect

from .every_page import DESK, ERROR_PAGES, KINDS_OF_PAGES, PHONE
from .traces_of_use import create_traces_of_use

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MOST_TABS = 150
# What is wrong with the focus of an element; nothing when somebody who looks at the page sees where it is.
HIDDEN_FOCUS = """
(element) => {
  if (element === document.body || element === document.documentElement) return "the focus is lost";
  const name = element.outerHTML.slice(0, 120);
  if (!element.checkVisibility({opacityProperty: true, visibilityProperty: true})) return `not visible: ${name}`;
  const rings = [element, ...element.querySelectorAll(".reach-area")].map(part => getComputedStyle(part));
  const ring = rings.some(style => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0)
    || rings.slice(1).some(style => style.stroke !== "none");
  // The content itself is where a link leads, and nothing that one could press.
  if (element.tabIndex >= 0 && !ring) return `no ring: ${name}`;
  const box = element.getClientRects()[0];
  const inside = box.top < innerHeight && box.bottom > 0 && box.left < innerWidth && box.right > 0;
  if (!inside) return `outside the window: ${name}`;
  const x = Math.min(Math.max(box.left + box.width / 2, 1), innerWidth - 1);
  const y = Math.min(Math.max(box.top + box.height / 2, 1), innerHeight - 1);
  const seen = document.elementFromPoint(x, y);
  // The dots of a map may lie over each other.
  const own = element.closest("svg") ?? element;
  if (!seen || !(own.contains(seen) || seen.contains(element))) return `covered: ${name}`;
  return "";
}
"""


@pytest.fixture(autouse=True)
def directory(real_directory):
    """The real data set with traces of use."""
    create_traces_of_use()


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
        for _ in range(MOST_TABS):
            self.press("Tab")
            self.look()
            if target.evaluate("element => element === document.activeElement"):
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

    keyboard.enter(page.get_by_text("Download this list"))
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


def test_focus_is_seen_wherever_it_is_on_every_page(open_page):
    page = open_page(reduced_motion="reduce")
    hidden = []
    for name, path in KINDS_OF_PAGES.items():
        if name in ERROR_PAGES:
            continue
        page.goto(path)
        # From now on the browser takes every focus for one by keyboard.
        page.keyboard.press("Tab")
        for width in (PHONE, DESK):
            page.set_viewport_size({"width": width, "height": 800})
            hidden += [
                (path, width, problem)
                for problem in page.evaluate(
                    f"""() => [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
                        .filter(element => element.type !== "hidden" && element.tabIndex >= 0
                            && element.checkVisibility())
                        .map(element => {{ element.focus(); return ({HIDDEN_FOCUS})(document.activeElement); }})
                        .filter(Boolean)"""
                )
            ]

    assert hidden == []


def test_focus_follows_a_link_within_the_page(open_page):
    page = open_page(KINDS_OF_PAGES["institution"], reduced_motion="reduce")
    Keyboard(page).enter(page.get_by_role("link", name="source 1").first)

    expect(page.locator("#source-1")).to_be_focused()
