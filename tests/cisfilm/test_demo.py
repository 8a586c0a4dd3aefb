"""Tests of manage.py demo: its output, its pages and what it leaves behind, in a separate process; its refusals."""

import contextlib
import http.client
import io
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.management import CommandError, call_command
from django.db import connections
from django.db.backends.postgresql.base import DatabaseWrapper
from django.test import override_settings

from cisfilm import devdb
from tests.embedded_server import short_folder, unconfigured_environment

READY = re.compile(r"CISFilm is at (\S+)/ ")


@pytest.fixture
def server_folder(monkeypatch):
    place = short_folder()
    monkeypatch.setenv("CISFILM_DEVDB_DIR", str(place))
    yield place
    devdb.destroy()


class Demo:
    """Running demo; `said` is its output up to the line with its URL."""

    def __init__(self, process):
        self.process = process
        self.said = ""
        while not READY.search(self.said):
            line = process.stdout.readline()
            assert line, f"the demo ended: {self.said}"
            self.said += line
        self.address = READY.search(self.said)[1]

    def rest(self, timeout=15):
        return self.process.communicate(timeout=timeout)[0]

    def get(self, path, host=None):
        server = http.client.HTTPConnection(self.address.removeprefix("http://"), timeout=10)
        with contextlib.closing(server):
            server.request("GET", path, headers={"Host": host} if host else {})
            response = server.getresponse()
            return response.status, response.read().decode()

    def status_of(self, path, host=None):
        return self.get(path, host)[0]


@contextlib.contextmanager
def running_demo(address="127.0.0.1:0", **environment):
    process = subprocess.Popen(
        [sys.executable, "manage.py", "demo", address],
        cwd=devdb.CHECKOUT,
        env=unconfigured_environment(**environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    with process:
        try:
            yield Demo(process)
        finally:
            process.kill()


def steps(said):
    return re.findall(r"^(\d/5 .+) \.\.\. done \(\d+\.\d s\)$", said, re.MULTILINE)


def database_url():
    server = devdb.database_settings()
    return f"postgres://{server['USER']}@{server['HOST'].replace('/', '%2F')}:{server['PORT']}/{server['NAME']}"


def assert_editor_has(password):
    with psycopg.connect(database_url()) as connection:
        *flags, groups, stored = connection.execute(
            "SELECT is_staff, is_superuser, array_agg(auth_group.name::text), password FROM auth_user"
            " JOIN auth_user_groups ON user_id = auth_user.id JOIN auth_group ON auth_group.id = group_id"
            " WHERE username = 'editor' GROUP BY auth_user.id"
        ).fetchone()
    assert (flags, groups) == ([True, False], ["Editors"])
    assert PBKDF2PasswordHasher().verify(password, stored)


def assert_says_goodbye(demo, end_signal):
    """Check that the demo ends at the signal, even while a visitor is connected."""
    host, port = demo.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))):
        demo.process.send_signal(end_signal)

        assert demo.rest().endswith("\nGoodbye. The data stay for the next time.\n")
        assert demo.process.returncode == 0


@pytest.mark.server
def test_demos_from_the_first_one_to_the_one_after_a_crash(server_folder):
    with running_demo("localhost:0") as first:
        assert steps(first.said) == [
            "1/5 Starting PostgreSQL",
            "2/5 Bringing the tables up to date",
            "3/5 Loading the data set",
            "4/5 Preparing the demo editor",
            "5/5 Starting the site",
        ]
        assert re.fullmatch(r"http://localhost:\d+", first.address)
        assert_editor_has(re.search(r"user editor, password (\S+) ", first.said)[1])
        assert first.status_of("/account/login/") == 200
        assert first.status_of("/account/login/", host="elsewhere.example") == 400
        assert first.status_of("/static/admin/css/base.css") == 200

        assert_demo_beside_it_uses_the_named_server()

        port = first.address.rpartition(":")[2]
        os.kill(devdb.status().pid, signal.SIGKILL)
        first.process.kill()
        first.process.wait()

        # On all interfaces any name is admitted, and the inside of errors stays hidden.
        with running_demo(f"0.0.0.0:{port}") as after_crash:
            assert after_crash.address == f"http://127.0.0.1:{port}"
            assert "3/5 Keeping the data that are there" in steps(after_crash.said)
            assert after_crash.status_of("/account/login/", host="the-big-box") == 200
            status, page = after_crash.get("/no/such/page")
            assert status == 404
            assert "URLconf" not in page
            assert_says_goodbye(after_crash, signal.SIGINT)


def assert_demo_beside_it_uses_the_named_server():
    """Check a second demo on the database of the first, given by its URL, at another of this machine's IP addresses."""
    elsewhere = short_folder()
    environment = {"DATABASE_URL": database_url(), "SECRET_KEY": "k" * 60, "DEVELOPMENT": "True"}
    with running_demo("127.8.8.8:0", **environment, CISFILM_DEVDB_DIR=str(elsewhere)) as beside:
        assert re.fullmatch(r"http://127\.8\.8\.8:\d+", beside.address)
        assert "3/5 Keeping the data that are there" in steps(beside.said)
        assert "password" not in beside.said
        assert beside.status_of("/account/login/") == 200
        assert beside.status_of("/account/login/", host="elsewhere.example") == 400
        assert_says_goodbye(beside, signal.SIGTERM)
    assert not Path(elsewhere).exists()


@pytest.fixture
def demo_in_this_process():
    """Return a function that runs the command, which changes settings and what happens at signals."""
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    with override_settings():
        yield lambda address: call_command("demo", address, stdout=io.StringIO())
    for number, handler in handlers.items():
        signal.signal(number, handler)


def test_port_in_use_is_said(demo_in_this_process):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        message = f"^Port {port} is in use; another one may be free: manage.py demo 127.0.0.1:{port + 1}$"
        with pytest.raises(CommandError, match=message):
            demo_in_this_process(f"127.0.0.1:{port}")


@pytest.mark.parametrize("address", ["http://127.0.0.1:8000", "127.0.0.1:99999"])
def test_bad_address_is_said_in_one_line(demo_in_this_process, address):
    with pytest.raises(CommandError) as error:
        demo_in_this_process(address)

    assert "\n" not in str(error.value)


@pytest.mark.django_db
def test_unreachable_database_is_said(demo_in_this_process, monkeypatch):
    server = connections["default"].settings_dict | {"HOST": "127.0.0.1", "PORT": "1"}
    monkeypatch.setenv("DATABASE_URL", "postgres://nobody@127.0.0.1:1/none")
    monkeypatch.setattr("cisfilm.management.commands.demo.connection", DatabaseWrapper(server))

    with pytest.raises(CommandError, match=r"^The database cannot be reached: "):
        demo_in_this_process("127.0.0.1:0")


@pytest.mark.parametrize("refused", [{"DEBUG": True}, {"DEVELOPMENT": False}], ids=str)
def test_demo_refuses_settings_that_would_show_another_site(demo_in_this_process, settings, refused):
    for name, value in refused.items():
        setattr(settings, name, value)

    with pytest.raises(CommandError, match=r"^The demo needs DEVELOPMENT=True"):
        demo_in_this_process("127.0.0.1:0")
