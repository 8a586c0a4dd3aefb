"""Measure repeated pages beside a constant page under the same server.

    uv run python -m tests.bench.page_store [rounds]

Needs wrk. Serves the real data set with the settings of production from a database of its own, and the constant page
of constant_page.py, each by gunicorn with two workers of four threads. Each round asks for every case in turn for two
seconds over four connections. Prints medians of requests per second, of processor time for a request (the server with
its database), and of the ratios to the constant page of the same round: its requests per second, and its processor
time, which a busy machine changes less. Ends with an error where the better of the two misses a bar.
"""

import contextlib
import os
import re
import signal
import statistics
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from tests.bench.first_visit import PORT, prepare, say, server

ROUNDS, SECONDS, THREADS = 5, 2, 4
CONSTANT_PORT = 8049
PAGES = {"institution": "/institutions/mosfilm-cinema-concern/", "list": "/institutions/", "start page": "/ru/"}
CONSTANT = "constant page"
HEADERS = {"X-Forwarded-Proto": "https"}
PACKED = {"Accept-Encoding": "gzip"}
BARS = {"": 0.5, "gzip": 0.5, "304": 0.8}


def main(rounds: int):
    prepare()
    from django.core.management import call_command

    from institutions.models import Institution

    if not Institution.objects.exists():
        call_command("load_fixtures", verbosity=0)
    site, constant = f"http://127.0.0.1:{PORT}", f"http://127.0.0.1:{CONSTANT_PORT}/"
    with server(threads=THREADS) as site_process, constant_server() as constant_process:
        cases = {(CONSTANT, ""): (constant_process, constant, {})}
        for name, path in PAGES.items():
            for kind, headers in {"": {}, "gzip": PACKED, "304": PACKED | etag(site + path)}.items():
                cases[name, kind] = (site_process, site + path, HEADERS | headers)
        figures = {case: [] for case in cases}
        # The first round only warms up.
        for round_number in range(rounds + 1):
            for case, taken in figures.items():
                measured = measure(*cases[case])
                if round_number:
                    taken.append(measured)
    if missed := report(figures):
        raise SystemExit(f"missed: {missed}")


@contextlib.contextmanager
def constant_server():
    command = [sys.executable, "-m", "gunicorn", "tests.bench.constant_page", "--bind", f"127.0.0.1:{CONSTANT_PORT}"]
    command += ["--workers", "2", "--worker-class", "gthread", "--threads", str(THREADS), "--no-control-socket"]
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    with subprocess.Popen([*command, "--log-level", "warning"], env=environment) as process:
        try:
            for _ in range(100):
                with contextlib.suppress(OSError):
                    urllib.request.urlopen(f"http://127.0.0.1:{CONSTANT_PORT}/", timeout=20).close()
                    break
                time.sleep(0.1)
            yield process
        finally:
            process.send_signal(signal.SIGTERM)


def etag(url: str) -> dict[str, str]:
    with urllib.request.urlopen(urllib.request.Request(url, headers=HEADERS | PACKED), timeout=120) as page:  # noqa: S310
        return {"If-None-Match": page.headers["ETag"]}


def measure(process: subprocess.Popen, url: str, headers: dict[str, str]) -> tuple[float, float]:
    """Return requests per second, and seconds of processor time for a request."""
    sent = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    before = processor_seconds(process.pid)
    command = ["wrk", "-t1", "-c4", f"-d{SECONDS}s", *sent, url]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    used = processor_seconds(process.pid) - before
    if "Non-2xx" in told:
        raise SystemExit(told)
    # A busy machine may answer none of the first.
    requests = max(1, int(re.search(r"(\d+) requests in", told)[1]))
    return float(re.search(r"Requests/sec: +([\d.]+)", told)[1]), used / requests


def processor_seconds(server_pid: int) -> float:
    """Return what the workers of the server have used, and all processes of the embedded database."""
    from cisfilm import devdb

    parents = {server_pid, devdb.status().pid}
    total = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = stat.read_text().rpartition(") ")[2].split()
            total += int(fields[11]) + int(fields[12]) if int(fields[1]) in parents else 0
    return total / os.sysconf("SC_CLK_TCK")


def report(figures: dict[tuple, list]) -> list[tuple]:
    """Print a line a case; return the cases that miss their bar."""
    say(f"{'page':14} {'how':>4} {'requests/s':>10} {'processor':>9} {'ratio':>6} {'by processor':>12}")
    missed, ceiling = [], figures[CONSTANT, ""]
    for (name, kind), taken in figures.items():
        speed, cost = map(statistics.median, zip(*taken, strict=True))
        ratios = [[speed / most, least / cost] for (speed, cost), (most, least) in zip(taken, ceiling, strict=True)]
        by_speed, by_processor = map(statistics.median, zip(*ratios, strict=True))
        say(f"{name:14} {kind:>4} {speed:10,.0f} {cost * 1e6:6.0f} us {by_speed:6.2f} {by_processor:12.2f}")
        if max(by_speed, by_processor) < BARS[kind]:
            missed.append((name, kind))
    return missed


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)
