"""Tests of headers and cookies with production settings, each in a separate process."""

import json

import pytest

from tests.embedded_server import run_manage

pytestmark = pytest.mark.server

PRODUCTION = {
    "DEVELOPMENT": "False",
    "SECRET_KEY": "k" * 60,
    "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
    "ALLOWED_HOSTS": "cisfilm.example",
    "SITE_URL": "https://cisfilm.example",
    "CONTACT_EMAIL": "editors@cisfilm.example",
}
ASK = (
    "import json\n"
    "from django.conf import settings\n"
    "from django.http import HttpResponse\n"
    "from django.middleware.security import SecurityMiddleware\n"
    "from django.test import RequestFactory\n"
    "answer = SecurityMiddleware(lambda request: HttpResponse())(RequestFactory().get('/', secure=True))\n"
    "names = ['SESSION_COOKIE_NAME', 'CSRF_COOKIE_NAME', 'SESSION_COOKIE_PATH', 'CSRF_COOKIE_PATH',"
    " 'SESSION_COOKIE_DOMAIN', 'CSRF_COOKIE_DOMAIN', 'SESSION_COOKIE_SECURE', 'CSRF_COOKIE_SECURE']\n"
    "print(json.dumps([answer['Strict-Transport-Security'], {name: getattr(settings, name) for name in names}]))\n"
)


def ask(**environment):
    run = run_manage("shell", "-v0", "-c", ASK, **PRODUCTION | environment)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def test_cookies_can_be_set_by_no_other_host_of_the_domain():
    _hsts, cookies = ask()

    # What the prefix asks of a cookie, or browsers drop it.
    assert cookies == {
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
def test_https_is_promised_as_far_as_the_operator_says(environment, promised):
    hsts, _cookies = ask(**environment)

    assert hsts == promised


@pytest.mark.parametrize(
    "environment",
    [{"HSTS_PRELOAD": "True"}, {"HSTS_PRELOAD": "True", "HSTS_INCLUDE_SUBDOMAINS": "True", "HSTS_SECONDS": "60"}],
    ids=str,
)
def test_list_of_browsers_takes_no_smaller_promise(environment):
    run = run_manage("check", **PRODUCTION | environment)

    assert "HSTS_PRELOAD needs HSTS_INCLUDE_SUBDOMAINS=True and a year of HSTS_SECONDS" in run.stderr
