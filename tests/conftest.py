"""Fixtures of all tests: a database, with nothing configured."""

import os
import sys
from pathlib import Path

# Images of containers often tell Python to keep no bytecode. Each process of a run would compile all of Django anew.
if sys.dont_write_bytecode and not sys.pycache_prefix:
    sys.dont_write_bytecode = False
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.pycache_prefix = str(Path(__file__).parent.parent / ".pytest_cache" / "bytecode")
    os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix

# Before Django reads its settings; this is why pyproject.toml does not name DJANGO_SETTINGS_MODULE, which pytest-django
# would load before any conftest.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cisfilm.settings")
os.environ.setdefault("DEVELOPMENT", "True")

import django
import pytest
from django.test import TransactionTestCase, override_settings
from django.utils import translation

from cisfilm import devdb
from tests.outside_programs import missing

# A server of the tests' own: it runs without fsync, and no test can reach the developer's data. The processes of
# pytest-xdist inherit the name.
if "PYTEST_XDIST_WORKER" not in os.environ:
    os.environ["CISFILM_DEVDB_DIR"] = f"{devdb.folder()}-tests"

django.setup()

from tests import databases  # noqa: E402

# After a test that commits: a new copy, in the place of emptying every table and running what follows migrations.
TransactionTestCase._fixture_teardown = lambda self: databases.restore()


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker, request):
    """Replace pytest-django's fixture: copy templates instead of running migrations in each process."""
    if "DATABASE_URL" not in os.environ:
        devdb.ensure_running(durable=False)
    with django_db_blocker.unblock():
        databases.create_worker_database(getattr(request.config, "workerinput", {}).get("workerid", ""))


@pytest.fixture(scope="session", autouse=True)
def fast_password_hashing():
    """Hash passwords fast: the hasher of production takes a quarter of a second each time, on purpose."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture
def real_directory(transactional_db):
    """Use the real data set instead of an empty database."""
    databases.restore(databases.DIRECTORY)


@pytest.fixture(autouse=True)
def english():
    """Start each test in English: a request in Russian leaves its language active in the thread."""
    with translation.override("en"):
        yield


def pytest_collection_modifyitems(items):
    """Run a failed test with a browser or a server once more; the summary names it."""
    for item in items:
        if item.get_closest_marker("browser") or item.get_closest_marker("server"):
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """Skip a test whose programs are missing before any part of it starts."""
    needed = [name for mark in item.iter_markers("outside_programs") for name in mark.args]
    needed += ["chromium"] if item.get_closest_marker("browser") else []
    if found := missing(needed):
        pytest.skip("; ".join(found))
    # Before pytest-django begins the transaction of the test.
    databases.begin_with(databases.DIRECTORY if item.get_closest_marker("real_data") else databases.EMPTY)


@pytest.fixture
def admin_user(admin_user):
    """Superuser of pytest-django, with the second factor that the admin requires."""
    from tests.factories import add_second_factor

    return add_second_factor(admin_user)
