"""Measure the processor time of list pages: what Python and what PostgreSQL take for a request.

    uv run python -m tests.bench.list_speed [rounds]

on a database filled by load_synthetic.py, or with the real data by `manage.py load_fixtures`; DATABASE_URL or
CISFILM_DEVDB_DIR names it. Processor time depends less than seconds on what else the machine does. The first request
for a page also makes what is kept: the index of its list, the rows, the records of a common word. PostgreSQL's time is
known if its server runs on this machine.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.bench.database import prepare

ROUNDS = 20
PAGES = {
    "institutions": "/institutions/",
    "one country and kind": "/institutions/?country=KZ&kind=studio",
    "its page 200": "/institutions/?country=RU&kind=studio&page=200",
    "last checked first": "/institutions/?sort=checked",
    "rare word": "/institutions/?q=Tulparkino",
    "commonest word": "/institutions/?q=studio",
    "misspelt word": "/institutions/?q=Tulprakino",
    "people": "/people/",
    "heads of studios": "/people/?role=head&kind=studio",
    "people ever in post": "/people/?ever=true&country=KZ",
}


def main():
    prepare()
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    print(f"{'milliseconds of processor time':30} {'first':>8} {'Python':>8} {'SQL':>8} {'queries':>8}")
    for name, path in PAGES.items():
        first, python, sql, queries = measure(path, rounds)
        print(f"{name:30} {first:8.1f} {python:8.1f} {sql:8.1f} {queries:8}")


def measure(path: str, rounds: int) -> tuple[float, float, float, int]:
    """Return milliseconds of the first request, then Python's and PostgreSQL's of a further one, and its queries."""
    from django.core.handlers.wsgi import WSGIHandler
    from django.db import connection
    from django.test import RequestFactory
    from django.test.utils import CaptureQueriesContext

    application = WSGIHandler()

    def ask():
        request = RequestFactory(headers={"host": "127.0.0.1"}).get(path)
        response = application.get_response(request)
        # The page 200 of a small directory.
        if response.status_code not in (200, 404):
            raise SystemExit(f"{path} answered {response.status_code}")

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        server = cursor.fetchone()[0]
    first = sum(_taken(ask, server))
    ask()
    with CaptureQueriesContext(connection) as queries:
        ask()
    python, sql = _taken(lambda: [ask() for _ in range(rounds)], server)
    return first, python / rounds, sql / rounds, len(queries)


def _taken(work: Callable, server: int) -> tuple[float, float]:
    before, before_sql = time.process_time(), _server_seconds(server)
    work()
    return 1000 * (time.process_time() - before), 1000 * (_server_seconds(server) - before_sql)


def _server_seconds(pid: int) -> float:
    """Return the processor seconds of a process of PostgreSQL, 0 if it is on another machine."""
    schedule = Path(f"/proc/{pid}/schedstat")
    return int(schedule.read_text().split()[0]) / 1e9 if schedule.exists() else 0.0


if __name__ == "__main__":
    main()
