"""Tests of mail settings from the environment."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings

pytestmark = pytest.mark.server

PRODUCTION = {
    "SECRET_KEY": "x" * 60,
    "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
    "SITE_URL": "https://cisfilm.example",
    "CONTACT_EMAIL": "editors@cisfilm.example",
}
ASK = "import json; from cisfilm import settings as s; print(json.dumps([s.MAILERS['default'], s.DEFAULT_FROM_EMAIL]))"


def settings_with(**environment):
    """Return the mailer and the sender that settings.py reads in a fresh process; its error if it refuses."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    asked = subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=settings.BASE_DIR,
        env=kept | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return json.loads(asked.stdout) if asked.returncode == 0 else asked.stderr


def test_letters_are_printed_in_development():
    mailer, _sender = settings_with(DEVELOPMENT="True")

    assert mailer == {"BACKEND": "django.core.mail.backends.console.EmailBackend"}


def test_letters_go_to_the_named_server_in_production():
    mailer, sender = settings_with(
        **PRODUCTION, EMAIL_HOST="smtp.example", EMAIL_PORT="587", EMAIL_HOST_USER="me", EMAIL_USE_TLS="True"
    )

    assert mailer["BACKEND"].endswith("smtp.EmailBackend")
    options = mailer["OPTIONS"]
    assert (options["host"], options["port"], options["username"], options["use_tls"]) == (
        *("smtp.example", 587),
        *("me", True),
    )
    assert sender == "editors@cisfilm.example"


@pytest.mark.parametrize(
    ("name", "value"), [("EMAIL_PORT", "smtp"), ("EMAIL_USE_TLS", "yes"), ("DEFAULT_FROM_EMAIL", "nobody")]
)
def test_what_can_not_be_meant_is_refused(name, value):
    error = settings_with(**PRODUCTION, **{name: value})

    assert name in error
    assert "ImproperlyConfigured" in error
