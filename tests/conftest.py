"""What every test stands on: a database, with nothing configured."""

import os

# Before Django reads its settings; this is why pyproject.toml does not name DJANGO_SETTINGS_MODULE, which pytest-django
# would load before any conftest.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cisfilm.settings")
os.environ.setdefault("DEVELOPMENT", "True")

import django
import pytest
from django.utils import translation

from cisfilm import devdb
from tests.outside_programs import missing

# A server of the tests' own: it runs without fsync, and no test can reach the developer's data.
os.environ["CISFILM_DEVDB_DIR"] = f"{devdb.folder()}-tests"

django.setup()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    """pytest-django's own hook ahead of creating the test database: start the embedded server."""
    if "DATABASE_URL" not in os.environ:
        devdb.ensure_running(durable=False)


@pytest.fixture(autouse=True)
def english():
    """Each test begins in English: a request in Russian leaves its language to the thread."""
    with translation.override("en"):
        yield


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """Skip a test whose programs are not there before anything of it has begun."""
    needed = [name for mark in item.iter_markers("outside_programs") for name in mark.args]
    needed += ["chromium"] if item.get_closest_marker("browser") else []
    if found := missing(needed):
        pytest.skip("; ".join(found))


@pytest.fixture
def admin_user(admin_user):
    """pytest-django's superuser, with the second factor that the admin asks for."""
    from tests.factories import add_second_factor

    return add_second_factor(admin_user)
