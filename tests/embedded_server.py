"""Separate embedded server for a test, and manage.py as a separate process with it."""

import os
import secrets
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

from django.db import connection

from cisfilm import devdb


def short_folder() -> Path:
    """Folder for a server; not tmp_path, whose paths are too long for a socket and closed to the user nobody."""
    return Path(f"/var/tmp/cisfilm-test-{os.geteuid()}-{secrets.token_hex(4)}")  # noqa: S108 devdb makes it, and safely


def unconfigured_environment(**environment: str) -> dict[str, str]:
    """Return an environment without configuration, except for the given variables."""
    configuration = {
        *("ALLOWED_HOSTS", "CONTACT_EMAIL", "CSRF_TRUSTED_ORIGINS", "DATABASE_URL", "DEBUG", "DEVELOPMENT"),
        *("SECRET_KEY", "SITE_URL"),
    }
    return {name: value for name, value in os.environ.items() if name not in configuration} | environment


def address_of_test_database(host=None, port=None):
    """Return the `DATABASE_URL` of the database of this process of tests."""
    settings = connection.settings_dict
    host, port = host or quote(settings["HOST"], safe=""), port or settings["PORT"]
    return f"postgres://{settings['USER']}:{settings['PASSWORD']}@{host}:{port}/{settings['NAME']}"


def run_manage(*arguments: str, stdin: str = "", **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=devdb.CHECKOUT,
        env=unconfigured_environment(**environment),
        input=stdin,
        capture_output=True,
        text=True,
        timeout=120,
    )
