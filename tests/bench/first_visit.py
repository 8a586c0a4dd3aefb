"""Measure the first visit of every kind of page with a slow device and connection.

    uv run python -m tests.bench.first_visit [loads] [kind of page ...]

Serves the real data set with the settings of production (packed pages and files, gunicorn) from a database of its own,
and opens each page in Chromium with an empty cache, its processor slowed 4x and its line 1.6 Mbit/s with 150 ms, by
Chromium's own throttling. Prints octets over the wire, requests, Largest Contentful Paint and layout shift, at the
width of a phone and of a desk: medians of the loads, the kinds of pages taking turns so that a slow moment of the
machine hits all. Ends with an error where a median misses a bar.
"""

import contextlib
import os
import shutil
import signal
import statistics
import subprocess
import sys
import time
import urllib.request
from urllib.parse import quote

os.environ.setdefault("CISFILM_DEVDB_DIR", "/var/tmp/cisfilm-first-visit")  # noqa: S108 devdb makes it, and safely

from tests.bench.database import prepare
from tests.browser.every_page import DESK, KINDS_OF_PAGES, PHONE

PORT = 8048
LOADS = 5
SLOWER_PROCESSOR = 4
LINE = {"offline": False, "latency": 150, "downloadThroughput": 1_600_000 / 8, "uploadThroughput": 750_000 / 8}
MOST_BYTES, MOST_REQUESTS, MOST_SECONDS = 60_000, 8, 1.0
WATCH = """
window.paint = 0; window.shift = 0;
new PerformanceObserver(list => list.getEntries().forEach(entry => window.paint = entry.startTime))
  .observe({type: 'largest-contentful-paint', buffered: true});
new PerformanceObserver(list => list.getEntries().forEach(entry => window.shift += entry.value))
  .observe({type: 'layout-shift', buffered: true});
"""


def main(loads: int, names: list[str]):
    prepare()
    from django.core.management import call_command
    from playwright.sync_api import sync_playwright

    from institutions.models import Institution
    from tests.browser.traces_of_use import create_traces_of_use

    if not Institution.objects.exists():
        call_command("load_fixtures", verbosity=0)
        create_traces_of_use()
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    visits = {(name, width): [] for name in names for width in (PHONE, DESK)}
    with server(), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        # The first round only warms up.
        for round_number in range(loads + 1):
            for (name, width), taken in visits.items():
                figures = visit(browser, KINDS_OF_PAGES[name], width)
                if round_number:
                    taken.append(figures)
        browser.close()
    say(f"{'page':24} {'width':>5} {'bytes':>7} {'requests':>8} {'LCP':>7} {'worst':>7} {'server':>7} {'CLS':>6}")
    missed = [(name, width) for (name, width), taken in visits.items() if not report(name, width, taken)]
    if missed:
        raise SystemExit(f"missed: {missed}")


@contextlib.contextmanager
def server(threads: int = 8):
    """Run gunicorn as in the README, behind a proxy that terminates HTTPS."""
    from cisfilm import devdb

    settings = {
        "DEVELOPMENT": "False",
        "SECRET_KEY": "measured-and-thrown-away" * 3,
        "ALLOWED_HOSTS": "127.0.0.1",
        "SITE_URL": f"http://127.0.0.1:{PORT}",
        "CONTACT_EMAIL": "editors@example.org",
        "BEHIND_PROXY": "True",
    }
    if "DATABASE_URL" not in os.environ:
        database = devdb.database_settings()
        host = quote(database["HOST"], safe="")
        settings["DATABASE_URL"] = f"postgres://{database['USER']}@{host}:{database['PORT']}/{database['NAME']}"
    environment = os.environ | settings
    subprocess.run([sys.executable, "manage.py", "collectstatic", "--no-input", "-v0"], check=True, env=environment)
    command = [sys.executable, "-m", "gunicorn", "cisfilm.wsgi", "--bind", f"127.0.0.1:{PORT}", "--workers", "2"]
    command += ["--worker-class", "gthread", "--threads", str(threads), "--no-control-socket", "--log-level", "warning"]
    with subprocess.Popen(command, env=environment) as process:
        try:
            for _ in range(100):
                with contextlib.suppress(OSError):
                    urllib.request.urlopen(f"http://127.0.0.1:{PORT}/healthz", timeout=5).close()
                    break
                time.sleep(0.1)
            yield process
        finally:
            process.send_signal(signal.SIGTERM)


def visit(browser, path: str, width: int) -> tuple[int, int, float, float, float]:
    """Return octets, requests, seconds to the largest paint, seconds of the server, layout shift."""
    context = browser.new_context(
        viewport={"width": width, "height": 800}, extra_http_headers={"X-Forwarded-Proto": "https"}
    )
    page = context.new_page()
    page.add_init_script(WATCH)
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.emulateNetworkConditions", LINE)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER_PROCESSOR})
    sizes = []
    devtools.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(f"http://127.0.0.1:{PORT}{path}", wait_until="networkidle")
    # The throttling delays what the page sees and not this time stamp, so that it is the server's own.
    paint, server, shift = page.evaluate(
        "[paint / 1000, performance.getEntriesByType('navigation')[0].responseStart / 1000, shift]"
    )
    context.close()
    return sum(sizes), len(sizes), paint, server, shift


def report(name: str, width: int, taken: list[tuple]) -> bool:
    octets, requests, paint, server, shift = (statistics.median(figures) for figures in zip(*taken, strict=True))
    worst = max(figures[2] for figures in taken)
    say(
        f"{name:24} {width:5} {octets:7,.0f} {requests:8.0f} {paint:5.2f} s {worst:5.2f} s {server:5.2f} s {shift:6.3f}"
    )
    return octets <= MOST_BYTES and requests <= MOST_REQUESTS and 0 < paint < MOST_SECONDS and shift == 0


def say(text: str):
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    arguments = sys.argv[1:]
    loads = int(arguments.pop(0)) if arguments and arguments[0].isdigit() else LOADS
    main(loads, arguments or list(KINDS_OF_PAGES))
