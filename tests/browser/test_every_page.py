"""Tests of every kind of page in a browser: accessible, valid, small, steady, readable in any setting."""

import json
import subprocess
from itertools import batched
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.outside_programs import CLIENTS

from .every_page import (
    DESK,
    ERROR_PAGES,
    KINDS_OF_PAGES,
    LANGUAGES,
    PHONE,
    in_language,
)
from .traces_of_use import create_traces_of_use

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# The site's own bounds for a first visit.
MOST_BYTES, MOST_REQUESTS = 60_000, 8
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RULES_OF_COLOURS = ["color-contrast", "link-in-text-block"]


@pytest.fixture(autouse=True)
def directory(real_directory):
    """The real data set with traces of use."""
    create_traces_of_use()


@pytest.fixture
def visit(chromium, live_server):
    """Open pages in one context with these settings."""
    contexts = []

    def visit_with(**settings):
        contexts.append(chromium.new_context(base_url=live_server.url, **settings))
        return contexts[-1].new_page()

    yield visit_with
    for context in contexts:
        context.close()


# Colours that change by and by, as those of the login do with the theme, are looked at in the end.
AXE = """
async (rules) => {
  const changes = document.getAnimations().filter(animation => animation instanceof CSSTransition);
  await Promise.allSettled(changes.map(change => change.finished));
  return axe.run({runOnly: rules});
}
"""


def violations(page):
    """Return violations that axe finds at both widths and in both themes: URL, appearance, rule, element and remedy."""
    page.evaluate((CLIENTS / "node_modules" / "axe-core" / "axe.min.js").read_text())
    found = []
    for width in (PHONE, DESK):
        page.set_viewport_size({"width": width, "height": 800})
        # The style sheet gives a theme colours of its own, and nothing else.
        for theme, rules in {"light": WCAG, "dark": RULES_OF_COLOURS}.items():
            page.emulate_media(color_scheme=theme)
            result = page.evaluate(AXE, rules)
            found += [
                (page.url, width, theme, violation["id"], node["target"], node["failureSummary"])
                for violation in result["violations"]
                for node in violation["nodes"]
            ]
    return found


@pytest.mark.outside_programs("axe-core")
@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing(visit, language):
    page = visit()
    found = []
    for path in KINDS_OF_PAGES.values():
        page.goto(in_language(path, language))
        found += violations(page)

    assert found == []


@pytest.mark.outside_programs("axe-core")
def test_axe_finds_nothing_on_a_list_that_a_visitor_put_together(visit):
    page = visit()
    for path in ["/studios/", "/people/"]:
        page.goto(path)
        page.locator("[type=checkbox][name=record]").first.check()
        page.get_by_role("button", name="Add selected to my list").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("My list")
    found = []
    for language in LANGUAGES:
        page.goto(in_language("/my-list/", language))
        expect(page.locator(".my-list h2")).to_have_count(2)
        found += violations(page)

    assert found == []


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


# What moves by itself, or takes its time to change.
MOVING = """
() => ({
  scrolling: getComputedStyle(document.documentElement).scrollBehavior,
  lasting: [...document.querySelectorAll("*")].filter(element => {
    const style = getComputedStyle(element);
    return style.animationName !== "none" || parseFloat(style.transitionDuration) > 0;
  }).length,
})
"""


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_first_visit_is_light_and_silent_and_nothing_moves(chromium, live_server, width):
    too_heavy, shifts, foreign, messages, moving = [], [], [], [], []

    def arrive(name, path):
        """Open the page with an empty cache; return it with the sizes of what it fetches."""
        page = chromium.new_page(base_url=live_server.url, viewport={"width": width, "height": 800})
        network = page.context.new_cdp_session(page)
        network.send("Network.enable")
        sizes = []
        network.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
        page.on("request", lambda request: foreign.append(request.url) if live_server.url not in request.url else None)
        # Chromium itself reports every answer that is an error.
        page.on("console", lambda message: name in ERROR_PAGES or messages.append((path, message.text)))
        page.on("pageerror", lambda error: messages.append((path, str(error))))
        page.add_init_script(
            "window.shift = 0;"
            "new PerformanceObserver(list => list.getEntries().forEach(entry => window.shift += entry.value))"
            ".observe({type: 'layout-shift', buffered: true})"
        )
        page.goto(path)
        return path, page, sizes

    # Several at once: each waits half a second for more that it may fetch.
    for some in batched(KINDS_OF_PAGES.items(), 6, strict=False):
        for path, page, sizes in [arrive(name, path) for name, path in some]:
            page.wait_for_load_state("networkidle")
            if sum(sizes) > MOST_BYTES or len(sizes) > MOST_REQUESTS:
                too_heavy.append((path, sum(sizes), len(sizes)))
            if moved := page.evaluate("shift"):
                shifts.append((path, moved))
            page.emulate_media(reduced_motion="reduce")
            if (found := page.evaluate(MOVING)) != {"scrolling": "auto", "lasting": 0}:
                moving.append((path, found))
            page.close()

    assert (too_heavy, shifts, foreign, messages, moving) == ([], [], [], [], [])


# Words that stick out of a picture or of a box that hides the rest.
CUT_OFF = """
() => {
  const outside = (part, whole) => part.left < whole.left - 1 || part.right > whole.right + 1;
  const extent = element => {
    const range = document.createRange();
    range.selectNodeContents(element);
    return range.getBoundingClientRect();
  };
  const drawn = [...document.querySelectorAll("svg text")].filter(text =>
    text.checkVisibility() && getComputedStyle(text.ownerSVGElement).overflowX !== "visible"
    && outside(text.getBoundingClientRect(), text.ownerSVGElement.getBoundingClientRect()));
  const hidden = [...document.querySelectorAll("main *, header *, footer *")].filter(element =>
    !element.closest("svg, .visually-hidden, input, textarea, thead") && element.clientWidth
    && ["hidden", "clip"].includes(getComputedStyle(element).overflowX)
    // Not by its scrollWidth: the dots between facts may go.
    && outside(extent(element), element.getBoundingClientRect()));
  return [...drawn, ...hidden].map(element => element.textContent.trim().slice(0, 60));
}
"""


def test_text_twice_as_large_stays_whole_and_within_the_page(large_text_chromium, live_server):
    page = large_text_chromium.new_page(base_url=live_server.url)
    too_wide, cut_off = [], []
    for path in KINDS_OF_PAGES.values():
        page.goto(path)
        assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px"
        for width in (PHONE, DESK):
            page.set_viewport_size({"width": width, "height": 800})
            if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
                too_wide.append((path, width, wide))
            cut_off += [(path, width, text) for text in page.evaluate(CUT_OFF)]
    # An open page keeps its connections, and with them those of the server to the database.
    page.close()

    assert (too_wide, cut_off) == ([], [])


def test_scripts_are_at_most_six_kilobytes_in_all(settings):
    assert sum(file.stat().st_size for file in (settings.BASE_DIR / "static" / "js").glob("*.js")) <= 6 * 1024


# Marks and shapes that carry a meaning and could vanish: what paints them, as red, green, blue, beside the paper.
PAINTED = """
() => {
  const rgb = (colour) => (colour.match(/[\\d.]+/g) ?? []).slice(0, 3).map(Number);
  const paint = (element, pseudo, property) => rgb(getComputedStyle(element, pseudo)[property]);
  const all = (selector, pseudo, property) => [...document.querySelectorAll(selector)]
    .filter(element => element.checkVisibility()).map(element => [selector, paint(element, pseudo, property)]);
  return {
    paper: paint(document.body, null, "backgroundColor"),
    parts: [
      ...all(".city-map .dot, .bar rect, .relations .dot, .matrix .dot.chosen, .rate-bar :last-child", null, "fill"),
      ...all(".city-map text, .relations text, .matrix text:not(.in-dot)", null, "fill"),
      ...all(".relations line, .matrix .dot", null, "stroke"),
      ...all(".correct", "::before", "backgroundColor"),
      ...all(".mark", "::before", "borderTopColor"),
    ],
  };
}
"""


def luminance(colour):
    return sum(
        weight * (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)
        for weight, part in zip((0.2126, 0.7152, 0.0722), (part / 255 for part in colour), strict=True)
    )


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


# Words in the colour of the patch that browsers paint behind forced text.
UNSEEN = """
() => {
  const patch = document.body.appendChild(document.createElement("i"));
  patch.style.color = "Canvas";
  const colour = getComputedStyle(patch).color;
  patch.remove();
  return [...document.querySelectorAll("body :not(svg *)")]
    .filter(element => [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim()))
    .filter(element => element.checkVisibility() && getComputedStyle(element).color === colour)
    .filter(element => getComputedStyle(element).forcedColorAdjust !== "none"
      || getComputedStyle(element).backgroundColor === colour)
    .map(element => element.outerHTML.slice(0, 100));
}
"""


# The theme that was chosen on the site must not fight the colours that the device forces.
@pytest.mark.parametrize("chosen", ["light", "dark"])
def test_words_marks_and_pictures_are_seen_with_forced_colours(visit, live_server, chosen):
    page = visit(forced_colors="active")
    page.context.add_cookies([{"name": "theme", "value": chosen, "url": live_server.url}])
    faint, unseen = set(), []
    seen = {"light": set(), "dark": set()}
    for path in KINDS_OF_PAGES.values():
        page.goto(path)
        for forced in seen:
            page.emulate_media(color_scheme=forced)
            unseen += [(path, forced, words) for words in page.evaluate(UNSEEN)]
            painted = page.evaluate(PAINTED)
            seen[forced] |= {selector for selector, _colour in painted["parts"]}
            # As WCAG asks of what is not text.
            faint |= {
                (path, forced, selector, tuple(colour))
                for selector, colour in painted["parts"]
                if contrast(colour, painted["paper"]) < 3
            }

    assert [len(selectors) for selectors in seen.values()] == [5, 5]
    assert (faint, unseen) == (set(), [])
