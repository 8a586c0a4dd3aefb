"""A site of its own, as in production: gunicorn with two processes, and an embedded server that tests may break."""

import contextlib
import http.client
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from cisfilm import devdb
from tests.embedded_server import run_manage, unconfigured_environment

# Warmed in both processes, so that these pages are kept.
KEPT = ("/", "/ru/", "/about/", "/institutions/")
WARMING_REQUESTS = 25
NOTE = "Read-only for a moment"
LIMITS = {"DATABASE_CONNECT_SECONDS": "1", "DATABASE_LOCK_SECONDS": "1", "DATABASE_STATEMENT_SECONDS": "2"}


class Seen(NamedTuple):
    """Answer to a visitor; status 0 if the connection broke."""

    began: float
    ended: float
    path: str
    status: int
    body: str

    @property
    def is_kept(self) -> bool:
        return self.path in KEPT


class Site:
    """The running site; `database` is its DATABASE_URL."""

    def __init__(self):
        devdb.ensure_running(durable=False)
        self.folder = devdb.folder()
        self.database = database_address(devdb.DATABASE)
        for command in ("migrate", "load_fixtures"):
            done = run_manage(command, "-v0", DEVELOPMENT="True", DATABASE_URL=self.database)
            assert done.returncode == 0, done.stderr
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.server = subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", "cisfilm.wsgi", "--worker-class", "gthread", "--workers", "2"),
                *("--threads", "4", "--bind", f"127.0.0.1:{self.port}", "--no-control-socket"),
            ],
            cwd=devdb.CHECKOUT,
            env=unconfigured_environment(DEVELOPMENT="True", DATABASE_URL=self.database, PAGE_STORE_MEGABYTES="4")
            | LIMITS,
            stderr=subprocess.DEVNULL,
        )
        self.wait_until_healthy(seconds=60)
        # Several at a time, so that both processes take some.
        with ThreadPoolExecutor(8) as visitors:
            assert {answer.status for answer in visitors.map(self.ask, KEPT * WARMING_REQUESTS)} == {200}

    def ask(self, path: str) -> Seen:
        began, status, body = time.monotonic(), 0, ""
        server = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        with contextlib.closing(server), contextlib.suppress(OSError, http.client.HTTPException):
            server.request("GET", path)
            response = server.getresponse()
            status, body = response.status, response.read().decode()
            assert status != 503 or response.headers["Retry-After"] or path == "/healthz"
        return Seen(began, time.monotonic(), path, status, body)

    def wait_until_healthy(self, seconds: float = 20):
        deadline = time.monotonic() + seconds
        while self.ask("/healthz").status != 200:
            assert time.monotonic() < deadline, "the site does not recover"
            time.sleep(0.1)

    @property
    def workers(self) -> list[int]:
        children = Path(f"/proc/{self.server.pid}/task/{self.server.pid}/children").read_text()
        return [int(child) for child in children.split()]

    @contextlib.contextmanager
    def visited(self):
        """Ask for kept pages and for texts that nobody asked for before, during the block; return all answers."""
        answers, is_over = [], threading.Event()

        def visit():
            while not is_over.is_set():
                text = f"/institutions/?q={random.randrange(10**9)}"  # noqa: S311 no secret
                answers.append(self.ask(random.choice([*KEPT, text, text])))  # noqa: S311
                time.sleep(0.02)

        visitors = [threading.Thread(target=visit) for _number in range(3)]
        for visitor in visitors:
            visitor.start()
        try:
            time.sleep(0.5)
            yield answers
            self.wait_until_healthy()
            time.sleep(0.5)
        finally:
            is_over.set()
            for visitor in visitors:
                visitor.join()

    def stop(self):
        self.server.terminate()
        self.server.wait(timeout=30)
        devdb.destroy()


def database_address(name: str) -> str:
    server = devdb.database_settings()
    return f"postgres://{server['USER']}@{quote(server['HOST'], safe='')}:{server['PORT']}/{name}"


def processes_of_database() -> list[int]:
    """Return the ids of the server's processes, its first one first."""
    first = devdb.status().pid
    children = Path(f"/proc/{first}/task/{first}/children").read_text()
    return [first, *map(int, children.split())]


def signal_database(number: signal.Signals):
    for process in processes_of_database():
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, number)
