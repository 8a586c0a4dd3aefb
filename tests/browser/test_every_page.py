"""What every kind of page keeps in a real browser: accessible, valid, light, steady, readable in any setting."""

import json
import subprocess
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


@pytest.fixture(autouse=True)
def directory(real_directory):
    """The real data set, and what readers leave in it."""
    create_traces_of_use()


@pytest.fixture
def visit(chromium, live_server):
    """Opens pages in one context with these settings."""
    contexts = []

    def visit_with(**settings):
        contexts.append(chromium.new_context(base_url=live_server.url, **settings))
        return contexts[-1].new_page()

    yield visit_with
    for context in contexts:
        context.close()


def violations(page):
    """What axe finds on the page: address, rule, element and what to do about it."""
    page.evaluate((CLIENTS / "node_modules" / "axe-core" / "axe.min.js").read_text())
    result = page.evaluate("(tags) => axe.run({runOnly: tags})", WCAG)
    return [
        (page.url, violation["id"], node["target"], node["failureSummary"])
        for violation in result["violations"]
        for node in violation["nodes"]
    ]


@pytest.mark.outside_programs("axe-core")
@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing(visit, language, theme, width):
    page = visit(viewport={"width": width, "height": 800}, color_scheme=theme)
    found = []
    for path in KINDS_OF_PAGES.values():
        page.goto(in_language(path, language))
        found += violations(page)

    assert found == []


@pytest.mark.outside_programs("axe-core")
@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_a_list_that_a_visitor_put_together(visit, theme, width):
    page = visit(viewport={"width": width, "height": 800}, color_scheme=theme)
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


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_first_visit_is_light_and_nothing_moves(visit, live_server, width):
    too_heavy, shifts, foreign = [], [], []
    for path in KINDS_OF_PAGES.values():
        page = visit(viewport={"width": width, "height": 800})
        network = page.context.new_cdp_session(page)
        network.send("Network.enable")
        sizes = []
        network.on("Network.loadingFinished", lambda event, sizes=sizes: sizes.append(event["encodedDataLength"]))
        page.on("request", lambda request: foreign.append(request.url) if live_server.url not in request.url else None)
        page.add_init_script(
            "window.shift = 0;"
            "new PerformanceObserver(list => list.getEntries().forEach(entry => window.shift += entry.value))"
            ".observe({type: 'layout-shift', buffered: true})"
        )
        page.goto(path, wait_until="networkidle")
        if sum(sizes) > MOST_BYTES or len(sizes) > MOST_REQUESTS:
            too_heavy.append((path, sum(sizes), len(sizes)))
        if moved := page.evaluate("shift"):
            shifts.append((path, moved))

    assert (too_heavy, shifts, foreign) == ([], [], [])


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


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_text_twice_as_large_stays_whole_and_within_the_page(large_text_chromium, live_server, width):
    page = large_text_chromium.new_page(base_url=live_server.url, viewport={"width": width, "height": 800})
    too_wide, cut_off = [], []
    for path in KINDS_OF_PAGES.values():
        page.goto(path)
        assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px"
        if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
            too_wide.append((path, wide))
        cut_off += [(path, text) for text in page.evaluate(CUT_OFF)]
    # An open page keeps its connections, and with them those of the server to the database.
    page.close()

    assert (too_wide, cut_off) == ([], [])


def test_pages_have_no_message_for_the_console(visit):
    page = visit()
    messages = []
    page.on("console", lambda message: messages.append(message.text))
    page.on("pageerror", lambda error: messages.append(str(error)))
    for name, path in KINDS_OF_PAGES.items():
        if name not in ERROR_PAGES:
            page.goto(path, wait_until="networkidle")

    assert messages == []


def test_scripts_are_at_most_six_kilobytes_in_all(settings):
    assert sum(file.stat().st_size for file in (settings.BASE_DIR / "static" / "js").glob("*.js")) <= 6 * 1024


def test_nothing_moves_by_itself_where_that_is_unwanted(visit):
    page = visit(reduced_motion="reduce")
    moving = []
    for path in KINDS_OF_PAGES.values():
        page.goto(path)
        scrolling = page.evaluate("getComputedStyle(document.documentElement).scrollBehavior")
        lasting = page.evaluate(
            """[...document.querySelectorAll("*")].filter(element => {
                const style = getComputedStyle(element);
                return style.animationName !== "none" || parseFloat(style.transitionDuration) > 0;
            }).length"""
        )
        if scrolling != "auto" or lasting:
            moving.append((path, scrolling, lasting))

    assert moving == []


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
@pytest.mark.parametrize("forced", ["light", "dark"])
def test_words_marks_and_pictures_are_seen_with_forced_colours(visit, live_server, forced, chosen):
    page = visit(forced_colors="active", color_scheme=forced)
    page.context.add_cookies([{"name": "theme", "value": chosen, "url": live_server.url}])
    faint, seen, unseen = set(), set(), []
    for path in KINDS_OF_PAGES.values():
        page.goto(path)
        unseen += [(path, words) for words in page.evaluate(UNSEEN)]
        painted = page.evaluate(PAINTED)
        seen |= {selector for selector, _colour in painted["parts"]}
        # As WCAG asks of what is not text.
        faint |= {
            (path, selector, tuple(colour))
            for selector, colour in painted["parts"]
            if contrast(colour, painted["paper"]) < 3
        }

    assert len(seen) == 5
    assert (faint, unseen) == (set(), [])
