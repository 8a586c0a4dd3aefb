"""Tests of faults under load: no visitor gets an error 500, kept pages stay, and the site recovers alone."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from cisfilm import devdb
from tests.embedded_server import short_folder, unconfigured_environment

from .site import NOTE, Site, database_address, processes_of_database, signal_database

pytestmark = [pytest.mark.server, pytest.mark.faults]
# Bar: so long pages that are not kept may be missing once the database is back.
MOST_SECONDS = 2


@pytest.fixture(scope="module")
def site():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CISFILM_DEVDB_DIR", str(short_folder()))
        site = Site()
        yield site
        site.stop()


def restarted(mode):
    """Restart the database; return how many seconds it was away."""
    began = time.monotonic()
    data = devdb._data_folder()
    done = devdb._run("pg_ctl", "restart", "-s", "-w", "-m", mode, "-D", data, "-l", data / "server.log")
    assert done.returncode == 0, done.stderr
    return time.monotonic() - began


def process_killed():
    """Kill a process of the database, which restarts all others and recovers."""
    began = time.monotonic()
    with psycopg.connect(database_address(devdb.DATABASE)) as victim:
        os.kill(victim.info.backend_pid, signal.SIGKILL)
        with contextlib.suppress(psycopg.OperationalError):
            victim.execute("SELECT 1")
    while not devdb._accepts_connections():
        time.sleep(0.05)
    return time.monotonic() - began


@pytest.mark.parametrize(
    "fault", [lambda: restarted("fast"), lambda: restarted("immediate"), process_killed], ids=["fast", "crash", "kill"]
)
def test_database_restarts(site, fault):
    with site.visited() as answers:
        began = time.monotonic()
        away = fault()

    assert {answer.status for answer in answers} <= {200, 503}
    assert {answer.status for answer in answers if answer.is_kept} == {200}
    assert {answer.status for answer in answers if answer.began > began + away + MOST_SECONDS} <= {200}


def test_database_hangs(site):
    with site.visited() as answers:
        signal_database(signal.SIGSTOP)
        time.sleep(7)
        signal_database(signal.SIGCONT)
        continued = time.monotonic()

    assert {answer.status for answer in answers} <= {200, 503}
    kept = [answer for answer in answers if answer.is_kept]
    assert {answer.status for answer in kept} == {200}
    assert any(NOTE in answer.body for answer in kept)
    assert not [answer for answer in answers if NOTE in answer.body and not answer.is_kept]
    assert {answer.status for answer in answers if answer.began > continued + MOST_SECONDS} <= {200}


def test_database_has_no_connection_left(site):
    for process in processes_of_database()[1:]:
        if b"cisfilm [local]" in Path(f"/proc/{process}/cmdline").read_bytes():
            os.kill(process, signal.SIGTERM)
    with contextlib.ExitStack() as others:
        deadline = time.monotonic() + 1
        while time.monotonic() < deadline:
            with contextlib.suppress(psycopg.OperationalError):
                others.enter_context(psycopg.connect(database_address("postgres")))
        answers = [site.ask(path) for path in ("/institutions/?q=nobody", "/about/", "/about/", "/healthz")]

    assert [answer.status for answer in answers] == [503, 200, 200, 503]
    assert NOTE in answers[1].body
    site.wait_until_healthy()
    assert site.ask("/institutions/?q=nobody").status == 200


def test_process_of_the_site_is_killed(site):
    killed, *_others = site.workers
    with site.visited() as answers:
        os.kill(killed, signal.SIGKILL)
        time.sleep(2)

    # Requests that the process was answering are lost, at most one for each of three visitors.
    assert [answer.status for answer in answers].count(0) <= 3
    assert {answer.status for answer in answers} <= {0, 200, 503}
    assert killed not in site.workers
    assert len(site.workers) == 2


def test_two_upgrades_at_once(site):
    with psycopg.connect(database_address("postgres"), autocommit=True) as server:
        server.execute("DROP DATABASE IF EXISTS upgraded")
        server.execute("CREATE DATABASE upgraded")
    environment = unconfigured_environment(DEVELOPMENT="True", DATABASE_URL=database_address("upgraded"))
    upgrades = [
        subprocess.Popen(
            [sys.executable, "manage.py", "migrate", "-v0"],
            cwd=devdb.CHECKOUT,
            env=environment,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _number in range(2)
    ]

    assert [upgrade.communicate(timeout=120)[1] for upgrade in upgrades] == ["", ""]
    assert [upgrade.returncode for upgrade in upgrades] == [0, 0]
