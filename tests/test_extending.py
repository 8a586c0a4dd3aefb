"""The worked examples of docs/extending.md, performed in a copy of the checkout."""

import os
import re
import shutil
import subprocess
import sys
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection

EXAMPLES = settings.BASE_DIR / "docs" / "extending.md"


@pytest.fixture
def copy(tmp_path):
    folder = tmp_path / "checkout"
    ignored = shutil.ignore_patterns(".*", "node_modules", "__pycache__")
    return shutil.copytree(settings.BASE_DIR, folder, ignore=ignored)


def insert_example(copy, heading):
    """Put each piece of code below that heading into its file, as its first line says."""
    section = re.split("^##+ ", EXAMPLES.read_text("utf-8").split(f"## {heading}\n")[1], flags=re.MULTILINE)[0]
    pieces = re.findall(r"```\w+\n(?:# |{# )(\S+), (new|after: .*?)(?: #})?\n([^`]*)```", section)
    assert pieces
    for name, place, code in pieces:
        file, line = copy / name, place.removeprefix("after: ")
        file.parent.mkdir(parents=True, exist_ok=True)
        text = "" if place == "new" else file.read_text("utf-8")
        assert place == "new" or text.count(f"{line}\n") == 1
        file.write_text(text.replace(f"{line}\n", f"{line}\n{code}") or code, "utf-8")


def run(copy, *command):
    """Run a command of the copy on a database of its own name, of the same server."""
    parameters = connection.get_connection_params()
    host = quote(parameters.get("host") or "localhost", safe="")
    user = quote(parameters["user"]) + (f":{quote(parameters['password'])}" if parameters.get("password") else "")
    url = f"postgres://{user}@{host}:{parameters.get('port') or 5432}/extended"
    done = subprocess.run(
        [sys.executable, *command],
        cwd=copy,
        env=os.environ | {"DEVELOPMENT": "True", "DATABASE_URL": url},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


@pytest.mark.server
@pytest.mark.django_db(transaction=True)
def test_kind_of_contact_is_one_entry_and_a_migration(copy):
    insert_example(copy, "A kind of contact")

    run(copy, "manage.py", "makemigrations", "institutions", "people")
    journey = run(copy, "-m", "pytest", "-n0", "-q", "tests/extending/contact_kind.py")

    assert re.search(r"^5 passed", journey, re.MULTILINE)


@pytest.mark.outside_programs("xgettext")
@pytest.mark.server
@pytest.mark.django_db(transaction=True)
def test_interface_language_is_one_entry_and_a_catalog(copy):
    insert_example(copy, "An interface language")
    name, catalog = re.search(r"```po\n# (\S+)\n([^`]*)```", EXAMPLES.read_text("utf-8")).groups()
    (copy / name).parent.mkdir(parents=True)
    (copy / name).write_text(catalog, "utf-8")

    run(copy, "manage.py", "compilemessages", "-l", "kk", "-v0")
    run(copy, "manage.py", "makemigrations", "--check", "--dry-run")
    journey = run(copy, "-m", "pytest", "-n0", "-q", "tests/extending/interface_language.py")

    assert re.search(r"^11 passed", journey, re.MULTILINE)


@pytest.mark.server
@pytest.mark.django_db(transaction=True)
def test_kind_of_record_is_a_room_with_an_entry_and_a_form(copy):
    insert_example(copy, "A kind of record")
    run(copy, "manage.py", "makemigrations", "awards")
    insert_example(copy, "Guards of a kind of record")

    run(copy, "manage.py", "makemigrations", "--check", "--dry-run")
    journey = run(copy, "-m", "pytest", "-n0", "-q", "tests/extending/kind_of_record.py")

    assert re.search(r"^6 passed", journey, re.MULTILINE)
