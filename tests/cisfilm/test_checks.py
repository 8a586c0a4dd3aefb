"""Tests of the system checks, on databases that really have the faults."""

import io
import os

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.backends.postgresql.features import DatabaseFeatures

from cisfilm.checks import check_databases

# The processes of a run share a server.
PROCESS = os.environ.get("PYTEST_XDIST_WORKER", "alone")
FLAWED = f"test_cisfilm_flawed_{PROCESS}"
GUEST = f"test_cisfilm_guest_{PROCESS}"


@pytest.fixture
def administrator(django_db_modify_db_settings, settings):
    """Connection to the server that may create databases; the test database need not exist."""
    server = settings.DATABASES["default"]
    with psycopg.connect(
        host=server["HOST"],
        port=server["PORT"],
        user=server["USER"],
        password=server.get("PASSWORD"),
        dbname="postgres",
        autocommit=True,
    ) as connection:
        yield connection
        connection.execute(f"DROP DATABASE IF EXISTS {FLAWED}")
        connection.execute(f"DROP ROLE IF EXISTS {GUEST}")


def skip_before(version, administrator, why):
    if administrator.info.server_version < version:
        pytest.skip(why)


@pytest.fixture
def builtin_locales(administrator):
    skip_before(170000, administrator, "builtin locales came with PostgreSQL 17")


@pytest.fixture
def hidden_extensions(administrator):
    skip_before(180000, administrator, "extension_control_path, which hides the extensions, came with PostgreSQL 18")


@pytest.fixture
def run_check(administrator, django_db_blocker, monkeypatch):
    """Return a function that runs the database checks of `manage.py check` on the faulty database."""

    def run(**login):
        output = io.StringIO()
        for name, value in ({"NAME": FLAWED} | login).items():
            monkeypatch.setitem(connection.settings_dict, name, value)
        call_command("check", tags=["database"], databases=["default"], stdout=output)
        return output.getvalue()

    connection.close()
    with django_db_blocker.unblock():
        yield run
    connection.close()


def test_database_with_letters_passes_before_its_first_migration(administrator, run_check):
    administrator.execute(f"CREATE DATABASE {FLAWED} TEMPLATE template0 LC_CTYPE 'C.UTF-8'")

    assert run_check() == "System check identified no issues (0 silenced).\n"
    with psycopg.connect(administrator.info.dsn, dbname=FLAWED, password=administrator.info.password) as flawed:
        assert not flawed.execute("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'").fetchone()


@pytest.mark.parametrize("extension_exists", [False, True])
def test_lc_ctype_c_is_an_error(administrator, run_check, extension_exists):
    administrator.execute(f"CREATE DATABASE {FLAWED} TEMPLATE template0 LC_CTYPE 'C' LC_COLLATE 'C'")
    if extension_exists:
        with psycopg.connect(administrator.info.dsn, dbname=FLAWED, password=administrator.info.password) as flawed:
            flawed.execute("CREATE EXTENSION pg_trgm")

    with pytest.raises(CommandError, match=r"\(cisfilm\.E003\)") as error:
        run_check()

    assert "LC_CTYPE is C" in str(error.value)
    assert "CREATE DATABASE ... TEMPLATE template0" in str(error.value)


def test_lc_ctype_c_is_an_error_even_where_a_builtin_locale_hides_it(administrator, builtin_locales, run_check):
    administrator.execute(
        f"CREATE DATABASE {FLAWED} TEMPLATE template0 LC_CTYPE 'C' LC_COLLATE 'C' "
        "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'"
    )

    with pytest.raises(CommandError, match=r"\(cisfilm\.E003\)"):
        run_check()


def test_missing_pg_trgm_is_an_error(administrator, hidden_extensions, run_check):
    administrator.execute(f"CREATE DATABASE {FLAWED} TEMPLATE template0")
    administrator.execute(f"ALTER DATABASE {FLAWED} SET extension_control_path = '/nowhere'")

    with pytest.raises(CommandError, match=r"\(cisfilm\.E001\)") as error:
        run_check()

    assert "Install PostgreSQL's contrib modules" in str(error.value)


def test_role_that_may_not_create_pg_trgm_is_an_error(administrator, run_check):
    administrator.execute(f"CREATE ROLE {GUEST} LOGIN PASSWORD 'guest'")
    administrator.execute(f"CREATE DATABASE {FLAWED} TEMPLATE template0")

    with pytest.raises(CommandError, match=r"\(cisfilm\.E002\)") as error:
        run_check(USER=GUEST, PASSWORD="guest")

    assert "permission denied" in str(error.value)
    assert "CREATE EXTENSION pg_trgm" in str(error.value)


def test_test_database_has_no_flaw(db):
    assert check_databases(None, ["default"]) == []


def test_check_without_databases_asks_none():
    # Without the db fixture any query would raise.
    assert check_databases(None, None) == []


def test_server_older_than_django_supports_is_an_error_with_the_way_out(transactional_db, monkeypatch):
    # The oldest version that Django knows stands on the class of the backend; the server is a real one.
    monkeypatch.setattr(DatabaseFeatures, "minimum_database_version", (99,))
    # Django asks each database once a process.
    monkeypatch.setattr("django.db.backends.base.base.RAN_DB_VERSION_CHECK", set())
    connection.close()

    errors = check_databases(None, ["default"])

    monkeypatch.undo()
    assert [error.id for error in errors] == ["cisfilm.E004"]
    assert "PostgreSQL 99 or later is required" in errors[0].msg
    assert "pg_upgrade" in errors[0].hint
