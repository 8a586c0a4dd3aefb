"""Tests of headers and cookies with production settings, as the environment of a process gives them."""

import os
import runpy
from unittest.mock import patch

import pytest
from django.conf import global_settings, settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from django.middleware.security import SecurityMiddleware

from tests.embedded_server import unconfigured_environment

PRODUCTION = {
    "DEVELOPMENT": "False",
    "SECRET_KEY": "k" * 60,
    "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
    "ALLOWED_HOSTS": "cisfilm.example",
    "SITE_URL": "https://cisfilm.example",
    "CONTACT_EMAIL": "editors@cisfilm.example",
}


def read_settings(**environment):
    with patch.dict(os.environ, unconfigured_environment(**PRODUCTION | environment), clear=True):
        return runpy.run_path(settings.BASE_DIR / "cisfilm" / "settings.py")


def test_cookies_can_be_set_by_no_other_host_of_the_domain():
    production = read_settings()
    parts = ("NAME", "PATH", "DOMAIN", "SECURE")
    names = [f"{cookie}_COOKIE_{part}" for cookie in ("SESSION", "CSRF") for part in parts]

    # What the prefix asks of a cookie, or browsers drop it.
    assert {name: production.get(name, getattr(global_settings, name)) for name in names} == {
        "SESSION_COOKIE_NAME": "__Host-sessionid",
        "CSRF_COOKIE_NAME": "__Host-csrftoken",
        "SESSION_COOKIE_PATH": "/",
        "CSRF_COOKIE_PATH": "/",
        "SESSION_COOKIE_DOMAIN": None,
        "CSRF_COOKIE_DOMAIN": None,
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
    }


@pytest.mark.parametrize(
    ("environment", "promised"),
    [
        ({}, "max-age=31536000"),
        ({"HSTS_INCLUDE_SUBDOMAINS": "True"}, "max-age=31536000; includeSubDomains"),
        (
            {"HSTS_INCLUDE_SUBDOMAINS": "True", "HSTS_PRELOAD": "True"},
            "max-age=31536000; includeSubDomains; preload",
        ),
    ],
    ids=str,
)
def test_https_is_promised_as_far_as_the_operator_says(rf, settings, environment, promised):
    for name, value in read_settings(**environment).items():
        if name.startswith("SECURE_HSTS"):
            setattr(settings, name, value)

    answer = SecurityMiddleware(lambda request: HttpResponse())(rf.get("/", secure=True))

    assert answer["Strict-Transport-Security"] == promised


@pytest.mark.parametrize(
    "environment",
    [{"HSTS_PRELOAD": "True"}, {"HSTS_PRELOAD": "True", "HSTS_INCLUDE_SUBDOMAINS": "True", "HSTS_SECONDS": "60"}],
    ids=str,
)
def test_list_of_browsers_takes_no_smaller_promise(environment):
    with pytest.raises(ImproperlyConfigured, match="needs HSTS_INCLUDE_SUBDOMAINS=True and a year of HSTS_SECONDS"):
        read_settings(**environment)
