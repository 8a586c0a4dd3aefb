"""Tests of manage.py demo in a separate process: its output, its pages and what it leaves behind."""

import contextlib
import http.client
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

from cisfilm import devdb
from tests.embedded_server import run_manage, short_folder, unconfigured_environment

pytestmark = pytest.mark.server

READY = re.compile(r"CISFilm is at (\S+)/ ")


@pytest.fixture(scope="module")
def server_folder():
    """One server for the demos of this file, as on a developer's machine."""
    with pytest.MonkeyPatch.context() as environment:
        place = short_folder()
        environment.setenv("CISFILM_DEVDB_DIR", str(place))
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


def test_first_demo_prepares_everything_and_the_second_keeps_it(server_folder):
    devdb.destroy()
    with running_demo() as first:
        assert steps(first.said) == [
            "1/5 Starting PostgreSQL",
            "2/5 Bringing the tables up to date",
            "3/5 Loading the data set",
            "4/5 Preparing the demo editor",
            "5/5 Starting the site",
        ]
        assert first.status_of("/account/login/") == 200
        assert first.status_of("/account/login/", host="elsewhere.example") == 400
        assert first.status_of("/static/admin/css/base.css") == 200

        with running_demo() as beside:
            assert beside.address != first.address
            assert beside.status_of("/account/login/") == 200
            assert "3/5 Keeping the data that are there" in steps(beside.said)
            assert "password" not in beside.said


def of_the_database(sql, *values):
    """Return the row that the statement gives in the database of the demo."""
    settings = devdb.database_settings()
    address = {"host": settings["HOST"], "port": settings["PORT"], "user": settings["USER"], "dbname": settings["NAME"]}
    with psycopg.connect(**address) as connection:
        return connection.execute(sql, values).fetchone()


def test_demo_editor_is_made_again_with_a_new_password(server_folder):
    with running_demo():
        pass
    of_the_database(
        "WITH gone AS (DELETE FROM auth_user_groups RETURNING user_id)"
        " DELETE FROM auth_user WHERE id IN (SELECT user_id FROM gone) RETURNING username"
    )

    with running_demo() as demo:
        password = re.search(r"user editor, password (\S+) ", demo.said)[1]

    *flags, groups, stored = of_the_database(
        "SELECT is_staff, is_superuser, array_agg(auth_group.name::text), password FROM auth_user"
        " JOIN auth_user_groups ON user_id = auth_user.id JOIN auth_group ON auth_group.id = group_id"
        " WHERE username = 'editor' GROUP BY auth_user.id"
    )
    assert (flags, groups) == ([True, False], ["Editors"])
    assert PBKDF2PasswordHasher().verify(password, stored)


@pytest.mark.parametrize(
    ("address", "host", "end_signal"),
    [
        ("localhost:0", "localhost", signal.SIGINT),
        ("127.8.8.8:0", "127.8.8.8", signal.SIGTERM),
    ],
)
def test_demo_admits_the_address_it_is_given_and_no_other_and_ends_with_a_goodbye(
    server_folder, address, host, end_signal
):
    with running_demo(address) as demo:
        assert re.fullmatch(rf"http://{re.escape(host)}:\d+", demo.address)
        assert demo.status_of("/account/login/") == 200
        assert demo.status_of("/account/login/", host="elsewhere.example") == 400

        with socket.create_connection((host, int(demo.address.rpartition(":")[2]))):
            demo.process.send_signal(end_signal)

            assert demo.rest().endswith("\nGoodbye. The data stay for the next time.\n")
            assert demo.process.returncode == 0


def test_demo_starts_after_site_and_server_were_killed(server_folder):
    with running_demo() as killed:
        address = killed.address.removeprefix("http://")
        os.kill(devdb.status().pid, signal.SIGKILL)
        killed.process.kill()
        killed.process.wait()

        with running_demo(address) as demo:
            assert demo.address == f"http://{address}"
            assert demo.status_of("/account/login/") == 200


def test_port_in_use_is_said_in_one_line(server_folder):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        run = run_manage("demo", f"127.0.0.1:{port}")

    assert run.returncode == 1
    assert run.stdout == ""
    assert run.stderr.strip() == (
        f"CommandError: Port {port} is in use; another one may be free: manage.py demo 127.0.0.1:{port + 1}"
    )


@pytest.mark.parametrize("address", ["http://127.0.0.1:8000", "127.0.0.1:99999"])
def test_bad_address_is_said_in_one_line(server_folder, address):
    run = run_manage("demo", address)

    assert run.returncode == 1
    assert run.stderr.startswith("CommandError: ")
    assert run.stderr.count("\n") == 1


def test_demo_on_all_interfaces_admits_any_name_and_hides_the_inside_of_errors(server_folder):
    with running_demo("0.0.0.0:0") as demo:
        assert demo.address.startswith("http://127.0.0.1:")
        assert demo.status_of("/account/login/", host="the-big-box") == 200
        status, page = demo.get("/no/such/page")

    assert status == 404
    assert "URLconf" not in page


def test_demo_uses_the_server_that_database_url_names(server_folder):
    devdb.ensure_running()
    server = devdb.database_settings()
    url = f"postgres://{server['USER']}@{server['HOST'].replace('/', '%2F')}:{server['PORT']}/{server['NAME']}"
    elsewhere = short_folder()
    environment = {"DATABASE_URL": url, "SECRET_KEY": "k" * 60, "DEVELOPMENT": "True"}

    with running_demo(**environment, CISFILM_DEVDB_DIR=str(elsewhere)) as demo:
        assert demo.status_of("/account/login/") == 200
    assert not Path(elsewhere).exists()


def test_unreachable_database_is_said_without_a_traceback(server_folder):
    run = run_manage("demo", "127.0.0.1:0", DATABASE_URL="postgres://nobody@127.0.0.1:1/none", DEVELOPMENT="True")

    assert run.returncode == 1
    assert run.stderr.startswith("CommandError: The database cannot be reached: ")


@pytest.mark.parametrize(
    "environment",
    [
        {"DEVELOPMENT": "True", "DEBUG": "True"},
        {
            "SECRET_KEY": "k" * 60,
            "DATABASE_URL": "postgres://x@127.0.0.1:1/x",
            "SITE_URL": "https://example.org",
            "CONTACT_EMAIL": "editors@example.org",
        },
    ],
)
def test_demo_refuses_settings_that_would_show_another_site(server_folder, environment):
    run = run_manage("demo", "127.0.0.1:0", **environment)

    assert run.returncode == 1
    assert run.stderr.startswith("CommandError: The demo needs DEVELOPMENT=True")
