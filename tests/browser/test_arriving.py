"""Tests of pages that arrive slowly: they appear at once and do not move."""

import threading
import time
import urllib.request
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import expect

from .every_page import DESK, KINDS_OF_PAGES, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.directory_in_use]

PIECES, PAUSE = 8, 0.05
SHOWN = "getComputedStyle(document.body).visibility"
WATCH = """
window.shifts = [];
new PerformanceObserver(list => list.getEntries().forEach(entry => window.shifts.push(
  entry.sources.map(source => (source.node?.outerHTML ?? "").slice(0, 80)))))
  .observe({type: 'layout-shift', buffered: true});
"""

# When what has changed is on the screen.
NEXT_FRAME = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


@contextmanager
def slow_line(address, pieces=PIECES, stops=False):
    """Serve the site at another port that sends pages in pieces, or only the first of them."""
    at_the_end = threading.Event()

    class SlowLine(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            with urllib.request.urlopen(address + self.path) as answer:  # noqa: S310 the test's own server
                body, kind = answer.read(), answer.headers["Content-Type"]
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            is_page = kind.startswith("text/html")
            length = len(body) // pieces + 1 if is_page else len(body)
            for start in range(0, len(body), length):
                self.wfile.write(body[start : start + length])
                self.wfile.flush()
                if is_page and stops:
                    at_the_end.wait()
                    return
                time.sleep(PAUSE if is_page else 0)

        def log_message(self, *arguments):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), SlowLine) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            at_the_end.set()
            server.shutdown()


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_nothing_moves_while_a_page_arrives(chromium, live_server, width):
    moved = {}
    with slow_line(live_server.url) as address:
        page = chromium.new_page(base_url=address, viewport={"width": width, "height": 800})
        page.add_init_script(WATCH)
        for name in ["start", "coverage", "institutions", "institution", "country", "person", "event", "saved-list"]:
            page.goto(KINDS_OF_PAGES[name])
            page.evaluate(NEXT_FRAME)
            if shifts := page.evaluate("shifts"):
                moved[name] = shifts
            assert page.evaluate(SHOWN) == "visible"
        page.close()

    assert moved == {}


def test_page_that_stops_halfway_shows_what_has_come(chromium, live_server):
    with slow_line(live_server.url, pieces=2, stops=True) as address:
        page = chromium.new_page(base_url=address)
        page.goto(KINDS_OF_PAGES["institution"], wait_until="commit")

        expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.close()
