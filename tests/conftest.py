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
from django.template import Template
from django.test import TransactionTestCase, override_settings
from django.utils import translation
from pytest_django.plugin import blocking_manager_key

from cisfilm import devdb
from tests.outside_programs import missing

# A server of the tests' own: it runs without fsync, and no test can reach the developer's data. The processes of
# pytest-xdist inherit the name.
if "PYTEST_XDIST_WORKER" not in os.environ:
    os.environ["CISFILM_DEVDB_DIR"] = f"{devdb.folder()}-tests"

django.setup()

from tests import databases  # noqa: E402

# After a test that commits: a new copy, in the place of emptying every table and running what follows migrations.
TransactionTestCase._fixture_teardown = lambda self: databases.clean()


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker, request):
    """Replace pytest-django's fixture: copy templates instead of running migrations in each process."""
    if "DATABASE_URL" not in os.environ:
        devdb.ensure_running(durable=False)
    with django_db_blocker.unblock():
        databases.create_worker_database(getattr(request.config, "workerinput", {}).get("workerid", ""))


@pytest.fixture(scope="session", autouse=True)
def only_pages_keep_contexts(django_test_environment):
    """Keep the context of a page for `response.context`, not a copy for each of a thousand boxes of its forms."""
    keeping = Template._render

    def render(template, context):
        is_of_form = template.name and template.name.startswith("django/forms/")
        return template.nodelist.render(context) if is_of_form else keeping(template, context)

    Template._render = render
    yield
    Template._render = keeping


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
    """Begin with tests with a browser or a server, and run a failed one once more; the summary names it.

    They take longest: begun last, one of them would keep all other processes waiting. Those without a database come
    first of all, so that a process runs them while another one creates the template.
    """
    long_ones = [item for item in items if any(map(item.get_closest_marker, ("browser", "server")))]
    for item in long_ones:
        item.add_marker(pytest.mark.flaky(reruns=1))
    without_database = [item for item in long_ones if not item.get_closest_marker("django_db")]
    items[:] = dict.fromkeys([*without_database, *long_ones, *items])


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """Skip a test whose programs are missing before any part of it starts."""
    needed = [name for mark in item.iter_markers("outside_programs") for name in mark.args]
    needed += ["chromium"] if item.get_closest_marker("browser") else []
    if found := missing(needed):
        pytest.skip("; ".join(found))
    # Before pytest-django begins the transaction of the test.
    marks = {"real_data": databases.DIRECTORY, "directory_in_use": databases.IN_USE}
    contents = (marks[mark.name] for mark in item.iter_markers() if mark.name in marks)
    with item.config.stash[blocking_manager_key].unblock():
        databases.begin_with(next(contents, databases.EMPTY))


@pytest.fixture
def admin_user(admin_user):
    """Superuser of pytest-django, with the second factor that the admin requires."""
    from tests.factories import add_second_factor

    return add_second_factor(admin_user)
