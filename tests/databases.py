"""Test databases: templates created once per state of the code, and copies of them for each process.

One template holds the empty tables, another one the real directory as well, a third one also traces of its use. A copy
is many times faster than running the migrations or loading the directory, and faster than emptying every table after a
test that commits.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from tests.browser import traces_of_use

EMPTY = "empty"
DIRECTORY = "directory"
# Written to by nobody, so that it is copied once per process, also for tests with a live server.
IN_USE = "in_use"
# What each content is made of, and how.
_MADE_OF = {
    DIRECTORY: (EMPTY, lambda: call_command("load_fixtures", verbosity=0)),
    IN_USE: (DIRECTORY, traces_of_use.create_traces_of_use),
}
# Any number: one worker makes a template while the others wait that need it.
_LOCK = 20_261_130
_PREFIX = f"test_{settings.DATABASES['default']['NAME']}"
# The databases of this process by their content, and the content that the next test wants.
_own: dict[str, str] = {}
_wanted = EMPTY


def create_worker_database(worker: str) -> None:
    """Create a new, empty database for this process.

    `worker` is pytest-xdist's id of the process ("gw0"), or "" for a single process.
    """
    _use(f"{_PREFIX}_{worker}".rstrip("_"))
    restore()
    _own[EMPTY] = connection.settings_dict["NAME"]
    begin_with(_wanted)


def begin_with(content: str) -> None:
    """Connect to the database of this process with this content; a copy of the template is created at first use.

    For tests that roll back their changes, and for those of the directory in use, which change nothing.
    """
    global _wanted
    _wanted = content
    if not _own:
        # No test has asked for a database yet.
        return
    if content not in _own:
        _use(f"{_own[EMPTY]}_{content}")
        restore(content)
        name = _own[content] = connection.settings_dict["NAME"]
        if content == IN_USE:
            with _server() as server:
                server.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
    elif connection.settings_dict["NAME"] != _own[content]:
        _use(_own[content])


def restore(template: str = EMPTY) -> None:
    """Replace the process's database by a copy of the template; connections of other threads are closed."""
    connection.close()
    name = connection.settings_dict["NAME"]
    with _server() as server:
        source = _template(server, template)
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        _copy(server, source, name)


def clean() -> None:
    """Undo what a test has committed."""
    if _wanted != IN_USE:
        restore()


def _use(name: str) -> None:
    """Switch Django's connections to another database of the same server, in every thread."""
    connection.close()
    connection.settings_dict["NAME"] = name


def _template(server: psycopg.Connection, content: str) -> str:
    """Return the name of the template, which is created at first use."""
    name = f"{_PREFIX}_template_{_state_of_code()}_{content}"
    if not _exists(server, name):
        server.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        if not _exists(server, name):
            _create_template(server, content, name)
        server.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
    return name


def _exists(server: psycopg.Connection, name: str) -> bool:
    return server.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def _create_template(server: psycopg.Connection, content: str, name: str) -> None:
    # A template gets its name when it is whole, so that a run that was broken off leaves none behind.
    draft = f"{_PREFIX}_draft"
    server.execute(f'DROP DATABASE IF EXISTS "{draft}" WITH (FORCE)')
    if content == EMPTY:
        _drop_templates(server)
        server.execute(f'CREATE DATABASE "{draft}"')
        make = partial(call_command, "migrate", verbosity=0, interactive=False)
    else:
        base, make = _MADE_OF[content]
        _copy(server, _template(server, base), draft)
    own = connection.settings_dict["NAME"]
    _use(draft)
    make()
    _use(own)
    server.execute(f'ALTER DATABASE "{draft}" RENAME TO "{name}"')


def _drop_templates(server: psycopg.Connection) -> None:
    """Drop those of other states of the code."""
    pattern = f"{_PREFIX}_template_%"
    for (name,) in server.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [pattern]).fetchall():
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _copy(server: psycopg.Connection, source: str, target: str) -> None:
    server.execute(f'CREATE DATABASE "{target}" TEMPLATE "{source}" STRATEGY FILE_COPY')


@cache
def _state_of_code() -> str:
    """Return a hash of all files that affect the content of the templates.

    CISFILM_TEMPLATES names a state that is kept although the code changes.
    """
    if named := os.environ.get("CISFILM_TEMPLATES"):
        return named
    top_level = [path for path in settings.BASE_DIR.iterdir() if path.name != "tests" and path.name[0] != "."]
    modules = [path for folder in top_level if folder.is_dir() for path in folder.rglob("*.py")]
    fixtures = (settings.BASE_DIR / "fixtures").iterdir()
    digest = hashlib.sha256()
    # Versions of packages bring tables and permissions, too.
    for path in sorted([*modules, *fixtures, settings.BASE_DIR / "pyproject.toml", Path(traces_of_use.__file__)]):
        digest.update(str(path).encode() + path.read_bytes())
    return digest.hexdigest()[:12]


@contextmanager
def _server() -> Iterator[psycopg.Connection]:
    """Connect to the server's own database, outside of any transaction."""
    with psycopg.connect(**connection.get_connection_params() | {"dbname": "postgres"}, autocommit=True) as server:
        yield server
