"""Tests of the contents of log lines."""

import io
import logging
import re
import sys

import pytest
from django.conf import settings
from django.urls import URLPattern, get_resolver
from django.utils.module_loading import import_string

SECRET = "dHJ5LXRvLXJlYWQtdGhpcw"


def secret_paths(patterns, begin="/"):
    """Return a path for each URL pattern that contains a secret."""
    for pattern in patterns:
        route = begin + str(pattern.pattern).removeprefix("^").removesuffix("$")
        if not isinstance(pattern, URLPattern):
            yield from secret_paths(pattern.url_patterns, route)
        elif "secret" in pattern.pattern.converters or "(?P<key>" in route:
            route = re.sub(r"<\w+:(owner_)?secret>|\(\?P<key>.*?\)", SECRET, route)
            yield re.sub(r"<\w+:\w+>|\(\?P<\w+>.*?\)", "csv", route)


@pytest.fixture
def lines():
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(import_string(settings.LOGGING["formatters"]["timed"]["()"])())
    logger = logging.Logger("site")
    logger.addHandler(handler)
    logger.lines = stream.getvalue
    return logger


def test_line_begins_with_its_time_and_level(lines):
    lines.warning("Slow: %s", "/institutions/")

    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ WARNING site: Slow: /institutions/\n", lines.lines())


def test_every_handler_of_the_site_writes_such_lines():
    assert {handler["formatter"] for handler in settings.LOGGING["handlers"].values()} == {"timed"}


@pytest.mark.parametrize("path", sorted(secret_paths(get_resolver().url_patterns)))
@pytest.mark.parametrize("prefix", ["", "/ru", "https://cisfilm.example"])
def test_secret_of_a_link_is_never_written(lines, prefix, path):
    assert SECRET in path
    try:
        raise ValueError(f"broken at {prefix}{path}")
    except ValueError:
        lines.error("Internal Server Error: %s%s", prefix, path, exc_info=sys.exc_info())

    assert SECRET not in lines.lines()
    assert "ValueError: broken at" in lines.lines()


@pytest.mark.parametrize("path", ["/corrections/new/", "/admin/corrections/correction/12/change/", "/lists/"])
def test_other_addresses_stay_readable(lines, path):
    lines.warning("Not Found: %s", path)

    assert path in lines.lines()
