"""Tests of the worked examples of docs/extending.md, in a copy of the checkout."""

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
PREPARE = """
from django.core.management import call_command
# An app without a migration is left out unless it is named.
call_command("makemigrations", "awards")
call_command("makemigrations")
call_command("compilemessages", locale=["ru", "kk"], verbosity=0)
"""


@pytest.fixture
def copy(tmp_path):
    folder = tmp_path / "checkout"
    ignored = shutil.ignore_patterns(".*", "node_modules", "__pycache__")
    return shutil.copytree(settings.BASE_DIR, folder, ignore=ignored)


def insert_examples(copy):
    """Put each piece of code into its file, after the line that it names, or into a new file; count the pieces."""
    text = EXAMPLES.read_text("utf-8")
    pieces = re.findall(r"```\w+\n(?:# |{# )(\S+), (?:new|after: (.*?))(?: #})?\n([^`]*)```", text)
    for name, place, code in pieces:
        file = copy / name
        if place:
            text = file.read_text("utf-8")
            assert text.count(f"{place}\n") == 1, f"{name}: {place}"
            code = text.replace(f"{place}\n", f"{place}\n{code}")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(code, "utf-8")
    return len(pieces)


def run(copy, *command):
    """Run a command of the copy on a separate database of the same server."""
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


@pytest.mark.outside_programs("xgettext")
@pytest.mark.server
@pytest.mark.django_db(transaction=True)
def test_examples_work_as_they_stand(copy):
    assert insert_examples(copy) == EXAMPLES.read_text("utf-8").count("```") / 2
    made = run(copy, "manage.py", "shell", "-v0", "-c", PREPARE)
    # A language needs no migration.
    assert "kk" not in made

    journeys = sorted(str(path) for path in (copy / "tests" / "extending").glob("[a-z]*.py"))
    passed = run(copy, "-m", "pytest", "-n0", "-q", *journeys)

    assert re.search(r"^\d\d passed", passed, re.MULTILINE)
