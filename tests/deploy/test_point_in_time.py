"""Going back to a moment between two backups, as docs/operating.md says, with the embedded server."""

import os
import shutil

import psycopg
import pytest

from cisfilm import devdb
from tests.embedded_server import short_folder


@pytest.fixture
def server(monkeypatch):
    """Folder of a server that keeps its WAL, and a function that runs SQL there."""
    place = short_folder()
    monkeypatch.setenv("CISFILM_DEVDB_DIR", str(place))
    devdb.ensure_running(durable=False)
    yield place
    for extra in ("new-wal", "new-base"):
        shutil.rmtree(place / extra, ignore_errors=True)
    devdb.destroy()


def run(*statements):
    settings = devdb.database_settings()
    login = {"host": settings["HOST"], "port": settings["PORT"], "user": settings["USER"], "dbname": settings["NAME"]}
    with psycopg.connect(**login, autocommit=True) as connection:
        for statement in statements:
            answer = connection.execute(statement)
        return answer.fetchall() if answer.description else []


@pytest.mark.server
def test_replayed_changes_end_at_the_moment_before_the_mistake(server):
    data, archive, base = server / "pgdata", server / "new-wal", server / "new-base"
    for folder in (archive, base):
        folder.mkdir(mode=0o700)
        if account := devdb._service_account():
            os.chown(folder, account.pw_uid, account.pw_gid)
    command = f"test ! -f {archive}/%f && cp %p {archive}/%f"
    run("ALTER SYSTEM SET archive_mode = on", f"ALTER SYSTEM SET archive_command = '{command}'")
    restart(server)
    run("CREATE TABLE said (text text)", "INSERT INTO said VALUES ('before the base backup')")
    devdb._run("pg_basebackup", "-h", data, "-p", devdb.PORT, "-U", devdb.SUPERUSER, "-D", base, "-c", "fast")
    run("INSERT INTO said VALUES ('after it')")
    [(moment,)] = run("SELECT clock_timestamp()::text")
    run("DELETE FROM said", "SELECT pg_switch_wal()")

    stop(server)
    data.rename(server / "new-pgdata-lost")
    base.rename(data)
    (data / "recovery.signal").touch()
    with (data / "postgresql.auto.conf").open("a") as settings:
        settings.write(f"restore_command = 'cp {archive}/%f %p'\nrecovery_target_action = 'promote'\n")
        settings.write(f"recovery_target_time = '{moment}'\n")
    devdb.ensure_running(durable=False)

    assert run("SELECT text FROM said ORDER BY text") == [("after it",), ("before the base backup",)]
    # It is a server of its own again.
    run("INSERT INTO said VALUES ('new')")


def restart(server):
    stop(server)
    devdb.ensure_running(durable=False)


def stop(server):
    assert devdb.stop()
