"""Tests of the size and distance of targets on every kind of page."""

import pytest

from .every_page import DESK, KINDS_OF_PAGES, LANGUAGES, PHONE, in_language
from .traces_of_use import create_traces_of_use

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# WCAG 2.2, 2.5.8: a target has 24 by 24 CSS pixels, or a circle of that width around its middle meets no other target
# and no other such circle. Links in a sentence are exempt, and so are the dots of a map, whose places are what it says.
TOO_SMALL = """
() => {
  const LEAST = 24;
  const TARGETS = "a[href], button, input:not([type=hidden]), select, textarea, summary";
  const inSentence = (element) => {
    if (getComputedStyle(element).display !== "inline") return false;
    const block = element.closest("p, li, dd, td, th");
    const words = block && [...block.childNodes].filter(node => node.nodeType === Node.TEXT_NODE);
    return Boolean(block) && /\\p{L}{2}/u.test(words.map(node => node.data).join(""));
  };
  const box = (element) => {
    // A label belongs to what is ticked.
    const boxes = [element, element.closest("label")].filter(Boolean).map(part => part.getBoundingClientRect());
    const left = Math.min(...boxes.map(one => one.left)), right = Math.max(...boxes.map(one => one.right));
    const top = Math.min(...boxes.map(one => one.top)), bottom = Math.max(...boxes.map(one => one.bottom));
    const width = right - left, height = bottom - top;
    // A link of which only the line it stands in is tall has still to be hit.
    const isLow = element.matches("a") && !element.closest("svg") && height < LEAST - .5;
    return {element, isLow, left, right, top, bottom, width, height, x: left + width / 2, y: top + height / 2,
      isSmall: width < LEAST - .5 || height < LEAST - .5};
  };
  const gap = (from, to, place) => Math.max(from - place, 0, place - to);
  const distance = (one, other) => other.isSmall
    ? Math.hypot(one.x - other.x, one.y - other.y) - LEAST / 2
    : Math.hypot(gap(other.left, other.right, one.x), gap(other.top, other.bottom, one.y));
  const targets = [...document.querySelectorAll(TARGETS)]
    .filter(element => element.checkVisibility({visibilityProperty: true}))
    .filter(element => !element.closest(".skip, .visually-hidden, .city-map") && !inSentence(element))
    .map(box);
  return targets
    .filter(one => one.isLow
      || one.isSmall && targets.some(other => other !== one && distance(one, other) < LEAST / 2 - .5))
    .map(one => `${one.element.outerHTML.slice(0, 100)} ${Math.round(one.width)} x ${Math.round(one.height)}`);
}
"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_targets_are_large_enough_or_apart(chromium, live_server, real_directory, language):
    create_traces_of_use()
    page = chromium.new_page(base_url=live_server.url)
    too_small = {}
    for path in KINDS_OF_PAGES.values():
        page.goto(in_language(path, language))
        for width in (PHONE, DESK):
            page.set_viewport_size({"width": width, "height": 800})
            if found := page.evaluate(TOO_SMALL):
                too_small[path, width] = found
    page.close()

    assert too_small == {}
