"""Fixtures with a real Chromium; without one the tests are skipped with a message."""

import os

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect, sync_playwright

# Playwright's own event loop makes Django think that the tests are asynchronous; they are not.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

from tests.factories import create_editor
from tests.outside_programs import find_chromium

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


# A busy machine may take long; what is there at once is found at once all the same.
expect.set_options(timeout=20_000)


def is_trouble(message):
    # Chromium reports a form that came back because another editor was first, as if nobody had meant it.
    return message.type in ("error", "warning") and "409 (Conflict)" not in message.text


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium, live_server):
    """Open pages that fail the test on console errors, violations of the content policy and requests to other hosts."""
    contexts, troubles = [], []

    def open_at(path="/", **options):
        context = chromium.new_context(base_url=live_server.url, accept_downloads=True, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: is_trouble(message) and troubles.append(message.text))
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on(
            "request",
            lambda request: (
                None if request.url.startswith((live_server.url, "data:")) else troubles.append(f"asks {request.url}")
            ),
        )
        page.goto(path)
        return page

    yield open_at

    for context in contexts:
        context.close()
    assert troubles == []


@pytest.fixture
def desk_of(open_page, live_server):
    """Open the editors' site for a user who is logged in already; logging in has its own tests."""

    def open_as(user, path="/admin/", **options):
        client = Client()
        client.force_login(user)
        name = settings.SESSION_COOKIE_NAME
        cookie = {"name": name, "value": client.cookies[name].value, "domain": live_server.thread.host, "path": "/"}
        return open_page(path, storage_state={"cookies": [cookie], "origins": []}, **options)

    return open_as


@pytest.fixture
def desk(desk_of):
    """Return the start page of an editor of the whole directory."""
    return desk_of(create_editor())
