"""Tests of the end of editors' sessions, its announcement and extension, and the list of sessions."""

import re
import time

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.test import Client

from editors.accounts.sessions import LAST_USE
from tests.editors.accounts.logging_in import FACTOR, LOGIN, PAGES_AFTER, PAGES_BEFORE, PASSWORD, account_page, log_in
from tests.factories import TOTP_SECRET, create_editor
from tests.html_page import html_page
from tests.one_time_codes import one_time_code

pytestmark = pytest.mark.django_db

STAY, SESSION = "/account/stay/", "/account/session/"


@pytest.fixture
def editor(client):
    editor = create_editor(password=PASSWORD)
    client.force_login(editor)
    return editor


def used(client, seconds_ago):
    """Make the client's session look unused for so long."""
    session = client.session
    session[LAST_USE] = int(time.time()) - seconds_ago
    session.save()


def ends_in(client, seconds):
    session = client.session
    session.set_expiry(seconds)
    session.save()


@pytest.mark.parametrize("address", ["/admin/", "/account/factors/", "/account/password/", "/account/sessions/", STAY])
def test_session_ends_when_nobody_works_for_two_hours(client, editor, address):
    used(client, 2 * 60 * 60 - 10)
    assert client.get(address).status_code == 200

    used(client, 2 * 60 * 60 + 10)
    assert LOGIN in client.get(address, follow=True).redirect_chain[-1][0]
    assert client.get("/admin/").status_code == 302


def test_work_puts_the_end_off_and_asking_for_the_end_does_not(client, editor):
    used(client, 6000)
    assert client.get(SESSION).json()["seconds"] <= 1200
    assert client.get(SESSION).json()["seconds"] <= 1200

    client.get("/admin/")

    assert client.get(SESSION).json()["seconds"] > 7000
    assert client.get(SESSION)["Cache-Control"].startswith("max-age=0, no-cache, no-store")


def test_visitor_has_no_session_that_could_end(client):
    asked = client.get(SESSION)

    assert (asked.json(), asked.cookies) == ({"seconds": 0}, {})


def test_use_is_written_down_once_a_minute(client, editor, django_assert_num_queries):
    client.get("/admin/password_change/")
    used(client, 30)
    before = client.session[LAST_USE]

    client.get("/admin/password_change/")

    assert client.session[LAST_USE] == before


def test_button_puts_the_end_off(client, editor):
    used(client, 7000)

    stayed = client.post(STAY, follow=True)

    assert client.get(SESSION).json()["seconds"] > 7000
    assert "You stay logged in until" in html_page(stayed).one("p", role="status").text


def test_end_after_the_login_moves_only_for_the_password(client, editor):
    ends_in(client, 300)

    asked = client.post(STAY)
    assert asked["Location"].startswith("/account/confirm/")
    assert client.get(SESSION).json()["seconds"] <= 300
    client.post(asked["Location"], {"password": "wrong"})
    assert client.get(SESSION).json()["seconds"] <= 300

    client.post(asked["Location"], {"password": PASSWORD})

    client.post(STAY)
    assert client.get(SESSION).json()["seconds"] > 7000
    assert client.session.get_expiry_age() > 11 * 60 * 60


def test_end_that_is_near_is_announced_on_the_page_itself(client, editor):
    def is_hidden():
        form = html_page(client.get("/admin/")).one("form", class_="session-end")
        return "hidden" in form.attributes

    assert is_hidden()
    ends_in(client, 300)
    assert not is_hidden()


def test_editor_sees_where_they_are_logged_in_and_ends_the_other_sessions(client):
    create_editor(password=PASSWORD)
    other, somebody = Client(headers={"User-Agent": "Netscape 4"}), Client()
    for number, browser in enumerate([client, other]):
        log_in(browser)
        browser.post(FACTOR, {"code": one_time_code(TOTP_SECRET, steps_later=number)})
    somebody.force_login(create_editor(username="somebody"))

    page = html_page(client.get("/account/sessions/"))
    (here,) = [line.text for line in page.all("li") if "here" in line.text]
    assert len(list(page.one("main").all("li"))) == 2
    assert "Netscape 4" in page.one("main").text
    assert "Netscape 4" not in here

    client.post("/account/sessions/")

    assert other.get("/admin/").status_code == 302
    assert client.get("/admin/").status_code == 200
    assert somebody.get("/admin/").status_code == 200
    assert UserSession.objects.count() == 1


@pytest.mark.parametrize("path", [*PAGES_BEFORE, *PAGES_AFTER])
def test_pages_of_the_account_are_kept_by_no_browser_and_no_cache(client, path):
    directives = re.split(", ?", account_page(client, path)["Cache-Control"])

    assert {"no-store", "private"} <= set(directives)


def test_session_cookie_lives_as_long_as_the_session(client):
    create_editor(password=PASSWORD)
    log_in(client)
    client.post(FACTOR, {"code": one_time_code(TOTP_SECRET)})

    assert client.cookies[settings.SESSION_COOKIE_NAME]["max-age"] <= 12 * 60 * 60
