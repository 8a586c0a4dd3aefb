"""Tests of every kind of page in a browser: accessible, valid, small, steady, readable in any setting."""

import gzip
import json
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

from tests.outside_programs import CLIENTS

from .every_page import (
    DESK,
    ERROR_PAGES,
    KINDS_OF_PAGES,
    LANGUAGES,
    PHONE,
    SECRET,
    in_language,
)
from .page_checks import AXE, CUT_OFF, HIDDEN_FOCUSES, MOVING, PAINTED, TOO_SMALL, TOO_WIDE, UNSEEN

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.directory_in_use]

# The server of the tests sends the style sheet as it is, unlike that of production, which has it compressed.
STYLE_SHEET = (settings.BASE_DIR / "static/css/cisfilm.css").read_bytes()
# The site's own bounds for a first visit.
MOST_BYTES, MOST_REQUESTS = 60_000 + len(STYLE_SHEET) - len(gzip.compress(STYLE_SHEET)), 8
# Rules of axe by their tags; those whose answer depends on the theme; on the width; and not on colours.
ALL_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
COLOURS = ["color-contrast", "link-in-text-block"]
RULES_OF_COLOURS = {"runOnly": COLOURS}
RULES_OF_WIDTH = {"runOnly": [*COLOURS, "target-size", "scrollable-region-focusable"]}
RULES_OF_WORDS = ALL_RULES | {"rules": {rule: {"enabled": False} for rule in COLOURS}}
COUNT_SHIFTS = """
window.shift = 0;
new PerformanceObserver(list => list.getEntries().forEach(entry => window.shift += entry.value))
  .observe({type: 'layout-shift', buffered: true});
"""


class Visitor:
    """Opens pages one after another, each as if for the first time, and notes what is wrong."""

    def __init__(self, chromium, site):
        self.site, self.page = site, chromium.new_page(base_url=site)
        self.tools = self.page.context.new_cdp_session(self.page)
        self.tools.send("Network.enable")
        self.tools.send("Network.setCacheDisabled", {"cacheDisabled": True})
        self.tools.on("Network.loadingFinished", lambda event: self.sizes.append(event["encodedDataLength"]))
        self.page.on("request", lambda request: site in request.url or self.note("foreign", [request.url]))
        # Chromium itself reports every answer that is an error.
        self.page.on("console", lambda message: self.is_error_page or self.note("message", [message.text]))
        self.page.on("pageerror", lambda error: self.note("message", [str(error)]))
        self.page.add_init_script(path=CLIENTS / "node_modules" / "axe-core" / "axe.min.js")
        self.page.add_init_script(COUNT_SHIFTS)
        self.wrong = []

    def open(self, path, width, is_error_page=False):
        self.path, self.width, self.sizes, self.is_error_page = path, width, [], is_error_page
        self.resize(width)
        self.set_text_size(16)
        self.page.emulate_media(color_scheme="light", forced_colors="none", reduced_motion="no-preference")
        self.page.goto(path)

    def resize(self, width):
        self.width = width
        self.page.set_viewport_size({"width": width, "height": 800})

    def set_text_size(self, pixels):
        self.tools.send("Page.setFontSizes", {"fontSizes": {"standard": pixels}})

    def note(self, check, findings):
        self.wrong += [(check, self.path, self.width, finding) for finding in findings]

    def look(self, check, expression, *arguments):
        self.note(check, self.page.evaluate(expression, *arguments))

    def note_weight_and_shifts(self):
        """Note what the page has fetched since it was opened, and whether it has moved; before the width changes."""
        if sum(self.sizes) > MOST_BYTES or len(self.sizes) > MOST_REQUESTS:
            self.note("heavy", [(sum(self.sizes), len(self.sizes))])
        self.look("shift", "[shift].filter(Boolean)")


@pytest.fixture
def visitor(chromium, live_server):
    visitor = Visitor(chromium, live_server.url)
    yield visitor
    # An open page keeps its connections, and with them those of the server to the database.
    visitor.page.close()


def open_every_page(visitor, language, width):
    """Open each kind of page at this width; at last a list that a visitor put together."""
    for name, path in KINDS_OF_PAGES.items():
        visitor.open(in_language(path, language), width, is_error_page=name in ERROR_PAGES)
        yield
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": SECRET, "url": visitor.site}
    visitor.page.context.add_cookies([cookie])
    visitor.open(in_language("/my-list/", language), width)
    assert visitor.page.locator(".my-list h2").count() == 2
    yield


@pytest.mark.outside_programs("axe-core")
def test_pages_are_accessible_light_silent_and_steady_in_any_setting(visitor):
    seen = {(chosen, forced): set() for chosen in ("light", "dark") for forced in ("light", "dark")}
    for _page in open_every_page(visitor, "en", PHONE):
        for width, rules in ((PHONE, RULES_OF_WIDTH), (DESK, ALL_RULES)):
            visitor.resize(width)
            visitor.look("axe", AXE, rules)
            if width == PHONE:
                visitor.note_weight_and_shifts()
            visitor.look("target", TOO_SMALL)
            visitor.look("too wide", TOO_WIDE)
            # The style sheet gives a theme colours of its own, and nothing else.
            visitor.page.emulate_media(color_scheme="dark")
            visitor.look("axe in the dark", AXE, RULES_OF_COLOURS)
            visitor.page.emulate_media(color_scheme="light")
        look_at_forced_colours(visitor, seen)
        visitor.page.emulate_media(color_scheme="light", forced_colors="none", reduced_motion="reduce")
        visitor.look("moving", MOVING)
        # From now on the browser takes every focus for one by keyboard.
        visitor.page.keyboard.press("Tab")
        for width in (DESK, PHONE):
            visitor.resize(width)
            visitor.look("focus", HIDDEN_FOCUSES)
        visitor.set_text_size(32)
        assert visitor.page.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px"
        for width in (PHONE, DESK):
            visitor.resize(width)
            visitor.look("large text too wide", TOO_WIDE)
            visitor.look("large text cut off", CUT_OFF)

    assert visitor.wrong == []
    assert [len(selectors) for selectors in seen.values()] == [5, 5, 5, 5]


# What depends on colours and on the order of elements is the same in all languages.
@pytest.mark.outside_programs("axe-core")
def test_pages_in_russian_are_accessible_light_silent_and_steady(visitor):
    for _page in open_every_page(visitor, "ru", DESK):
        visitor.note_weight_and_shifts()
        for width in (DESK, PHONE):
            visitor.resize(width)
            visitor.look("target", TOO_SMALL)
            visitor.look("too wide", TOO_WIDE)
        visitor.look("axe", AXE, RULES_OF_WORDS)

    assert visitor.wrong == []


def look_at_forced_colours(visitor, seen):
    """Note words and marks that forced colours hide; add the marks that are there to `seen`, by both themes."""
    for chosen, forced in seen:
        # The theme that was chosen on the site must not fight the colours that the device forces.
        visitor.page.evaluate("theme => { document.documentElement.dataset.theme = theme }", chosen)
        visitor.page.emulate_media(forced_colors="active", color_scheme=forced)
        visitor.look(f"words, {chosen} chosen, {forced} forced", UNSEEN)
        painted = visitor.page.evaluate(PAINTED)
        seen[chosen, forced] |= {selector for selector, _colour in painted["parts"]}
        # As WCAG asks of what is not text.
        faint = {
            (selector, tuple(colour)) for selector, colour in painted["parts"] if contrast(colour, painted["paper"]) < 3
        }
        visitor.note(f"marks, {chosen} chosen, {forced} forced", faint)
    visitor.page.evaluate("delete document.documentElement.dataset.theme")


def luminance(colour):
    return sum(
        weight * (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)
        for weight, part in zip((0.2126, 0.7152, 0.0722), (part / 255 for part in colour), strict=True)
    )


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.outside_programs("java", "vnu-jar", "node", "html-validate")
def test_nu_and_html_validate_find_no_error(client, tmp_path):
    for name, path in KINDS_OF_PAGES.items():
        for language in LANGUAGES:
            (tmp_path / f"{name}-{language}.html").write_bytes(client.get(in_language(path, language)).content)

    nu = CLIENTS / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
    by_nu = subprocess.run(
        ["java", "-jar", nu, "--format", "json", "--errors-only", "--exit-zero-always", tmp_path],
        capture_output=True,
        text=True,
        check=True,
    )
    report = tmp_path / "report.json"
    subprocess.run(
        [
            *("node", CLIENTS / "node_modules" / "html-validate" / "bin" / "html-validate.mjs"),
            # To a file: the program ends before a pipe has taken a long report.
            *("--config", CLIENTS / ".htmlvalidate.json", "--formatter", f"json={report}", tmp_path),
        ],
        capture_output=True,
        check=False,
        cwd=CLIENTS,
    )

    assert [(message["url"], message["message"]) for message in json.loads(by_nu.stderr)["messages"]] == []
    assert [
        (Path(result["filePath"]).name, message["ruleId"], message["message"], message["line"])
        for result in json.loads(report.read_text())
        for message in result["messages"]
    ] == []


def test_scripts_are_at_most_eight_kilobytes_in_all():
    assert sum(file.stat().st_size for file in (settings.BASE_DIR / "static" / "js").glob("*.js")) <= 8 * 1024
