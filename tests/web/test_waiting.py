"""Tests of the web process without a database: pages and probes answer soon, and commands wait."""

import contextlib
import json
import socket
import subprocess
import sys
import threading

import psycopg
import pytest
from django.db import connection

from cisfilm import devdb
from tests.embedded_server import address_of_test_database, unconfigured_environment

pytestmark = pytest.mark.django_db

# Asks for each path of a line of its input in a process like gunicorn's, and says what came and how long it took.
WEB_PROCESS = """
import json, sys, time
from cisfilm.wsgi import application
from django.test import RequestFactory
for line in sys.stdin:
    answers = []
    for path in line.split():
        start, told = time.monotonic(), []
        # A probe names whatever host it likes.
        host = "127.0.0.1" if path.endswith("/") else "10.0.0.1:8000"
        environ = RequestFactory(headers={"host": host}).get(path).environ
        answer = application(environ, lambda *given: told.append(given))
        body = b"".join(answer)
        if hasattr(answer, "close"):
            answer.close()
        seconds, ((status, headers, *_),) = time.monotonic() - start, told
        answers.append([int(status[:3]), dict(headers).get("Retry-After"), seconds, body.decode()])
    print(json.dumps(answers), flush=True)
"""
LIMITS = {"DATABASE_CONNECT_SECONDS": "2", "DATABASE_LOCK_SECONDS": "1", "DATABASE_STATEMENT_SECONDS": "1"}


@contextlib.contextmanager
def web_process(database_url, **environment):
    """Return a function that requests paths and returns status, Retry-After, seconds and body of each."""
    settings = {"DEVELOPMENT": "True", "DATABASE_URL": database_url, "PAGE_STORE_MEGABYTES": "1"} | LIMITS | environment
    process = subprocess.Popen(
        [sys.executable, "-c", WEB_PROCESS],
        cwd=devdb.CHECKOUT,
        env=unconfigured_environment(**settings),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )

    def ask(*paths):
        process.stdin.write(" ".join(paths) + "\n")
        process.stdin.flush()
        return json.loads(process.stdout.readline())

    try:
        yield ask
    finally:
        process.communicate()


def assert_unavailable(answers):
    """Check an unavailable page, and /healthz."""
    (status, retry_after, _seconds, body), (health_status, _none, health_seconds, _body) = answers
    assert (status, retry_after, "Not available for the moment" in body) == (503, "30", True)
    assert (health_status, health_seconds < 2) == (503, True)


@pytest.mark.server
def test_server_that_refuses_connections_or_accepts_them_and_never_answers():
    with socket.socket() as server:
        # Not listening yet.
        server.bind(("127.0.0.1", 0))
        with web_process(f"postgres://nobody@127.0.0.1:{server.getsockname()[1]}/nothing") as ask:
            assert_unavailable(ask("/institutions/", "/healthz"))
            server.listen()
            *answers, alive = ask("/institutions/", "/healthz", "/livez")

    assert_unavailable(answers)
    assert (alive[0], alive[3]) == (200, "ok\n")
    assert answers[0][2] < 20


class Line:
    """Connection to the test database that can fall silent without being closed."""

    def __init__(self):
        self.is_silent = threading.Event()
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        self.ends = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                near, _address = self.server.accept()
                far = socket.socket(socket.AF_UNIX)
                far.connect(f"{connection.settings_dict['HOST']}/.s.PGSQL.{connection.settings_dict['PORT']}")
                self.ends += [near, far]
                for source, target in [(near, far), (far, near)]:
                    threading.Thread(target=self._pass_on, args=(source, target), daemon=True).start()

    def _pass_on(self, source, target):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if not self.is_silent.is_set():
                    target.sendall(data)
            target.close()

    def close(self):
        for end in [self.server, *self.ends]:
            end.close()


@pytest.mark.server
@pytest.mark.skipif(not connection.settings_dict["HOST"].startswith("/"), reason="needs the embedded server's socket")
def test_lock_that_somebody_holds_and_server_that_falls_silent_under_an_open_connection():
    with contextlib.closing(Line()) as line, web_process(address_of_test_database("127.0.0.1", line.port)) as ask:
        # The first page of a process takes longest.
        ask("/about/")
        with countries_locked():
            page, health = ask("/countries/", "/healthz")
        before = ask("/about/", "/healthz")
        line.is_silent.set()
        after = ask("/about/", "/institutions/", "/healthz")

    assert (page[:2], page[2] < 4) == ([503, "30"], True)
    assert health[0] == 200
    assert [answer[0] for answer in before] == [200, 200]
    # The page was kept; another one was not.
    assert (after[0][0], "Read-only for a moment" in after[0][3], after[0][2] < 6) == (200, True, True)
    assert "Read-only for a moment" not in before[0][3]
    assert_unavailable(after[1:])
    # The old connection is asked whether it works, then a new one is tried.
    assert after[1][2] < 6


@contextlib.contextmanager
def countries_locked():
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": None}) as other:
        other.execute("LOCK TABLE institutions_country IN ACCESS EXCLUSIVE MODE")
        yield


@pytest.mark.server
def test_statement_that_takes_too_long():
    with countries_locked(), web_process(address_of_test_database(), DATABASE_LOCK_SECONDS="60") as ask:
        (page,) = ask("/countries/")

    assert (page[:2], page[2] < 4) == ([503, "30"], True)


def test_standby_refuses_changes_in_the_same_words(client, monkeypatch):
    client.raise_request_exception = False
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL transaction_read_only = on")
    answer = client.post("/lists/", {"origin": "studios"})

    assert (answer.status_code, answer["Retry-After"]) == (503, "30")


def test_fault_of_our_own_is_no_waiting(client, monkeypatch):
    monkeypatch.setattr("visitors.views.coverage", lambda: 1 / 0)
    client.raise_request_exception = False

    assert client.get("/coverage/").status_code == 500


@pytest.mark.server
def test_commands_wait_as_long_as_they_must():
    """Check the settings that a command sends to the server, and then gunicorn, which imports `cisfilm.wsgi`."""
    ask = """
import os, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'cisfilm.settings'; django.setup()
from django.db import connection
def tell():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('statement_timeout'), current_setting('lock_timeout')")
        print(*cursor.fetchone())
    connection.close()
tell()
import cisfilm.wsgi
tell()
"""
    told = subprocess.run(
        [sys.executable, "-c", ask],
        cwd=devdb.CHECKOUT,
        env=unconfigured_environment(DEVELOPMENT="True", DATABASE_URL=address_of_test_database()) | LIMITS,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()

    assert told == ["0 0", "1s 1s"]
