"""Tests of login, second factors, limits on attempts and ends of sessions."""

import html
import re
import threading
import time
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import User
from django.core import mail
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from editors.accounts.adapters import LETTER_THREAD
from editors.accounts.models import AuditLine
from tests.editors.accounts.logging_in import (
    FACTOR,
    FACTORS,
    LOGIN,
    PAGES_AFTER,
    PAGES_BEFORE,
    PASSWORD,
    account_page,
    log_in,
)
from tests.embedded_server import run_manage
from tests.factories import TOTP_SECRET, create_administrator, create_editor
from tests.html_page import html_page
from tests.interface_words import own_words
from tests.one_time_codes import RecoveryCodes, one_time_code

pytestmark = pytest.mark.django_db


def text(response):
    return html.unescape(response.content.decode())


# The door -------------------------------------------------------------------------------------------------------------

ADDRESSES = [
    "/admin/",
    "/ru/admin/",
    "/admin/institutions/institution/",
    "/admin/institutions/institution/add/",
    "/admin/institutions/institution/recover/",
    "/admin/autocomplete/?app_label=institutions&model_name=institution&field_name=parent&term=a",
    "/admin/jsi18n/",
    "/admin/institutions/institutioncontact/confirm/?contacts=1",
    "/admin/password_change/",
    "/admin/no/such/page/",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_visitor_is_led_to_the_login_and_back(client, address):
    led = client.get(address, follow=True)

    path, _status = led.redirect_chain[-1]
    assert path.startswith((LOGIN, f"/ru{LOGIN}"))
    assert led.status_code == 200
    assert "next=" in path


@pytest.mark.parametrize("address", ADDRESSES)
def test_staff_without_second_factor_get_to_its_setup_and_nowhere_else(client, address):
    client.force_login(create_editor(second_factor=False))

    led = client.get(address, follow=True)

    assert led.redirect_chain[-1][0] in (FACTORS, f"/ru{FACTORS}")
    assert client.post(address).status_code == 302


def test_recovery_codes_alone_are_no_second_factor(client):
    editor = create_editor(second_factor=False)
    RecoveryCodes.activate(editor)
    client.force_login(editor)

    assert client.get("/admin/", follow=True).redirect_chain[-1][0] == FACTORS


def test_somebody_who_is_not_staff_is_refused(client):
    client.force_login(User.objects.create_user("reader"))

    assert client.get("/admin/", follow=True).status_code == 403


def test_password_leads_to_the_second_factor_and_a_code_to_the_page_that_was_wanted(client):
    create_editor(password=PASSWORD)
    wanted = "/admin/institutions/studio/"

    asked = client.post(f"{LOGIN}?next={wanted}", {"login": "editor", "password": PASSWORD, "next": wanted})

    assert asked.url.startswith(FACTOR)
    assert client.get("/admin/").status_code == 302
    assert client.post(FACTOR, {"code": "000000"}).status_code == 200
    assert client.get("/admin/").status_code == 302
    assert client.post(FACTOR, {"code": one_time_code(TOTP_SECRET)}).url == wanted
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("wanted", ["https://example.org/", "//example.org/", "http://[", "x:/", "foo"])
def test_login_leads_to_no_other_site(client, wanted):
    create_editor(password=PASSWORD)

    client.post(f"{LOGIN}?{urlencode({'next': wanted})}", {"login": "editor", "password": PASSWORD, "next": wanted})

    assert client.post(FACTOR, {"code": one_time_code(TOTP_SECRET)}).url == "/admin/"


def test_code_works_once(client):
    create_editor(password=PASSWORD)
    code = one_time_code(TOTP_SECRET)
    log_in(client)
    client.post(FACTOR, {"code": code})
    other = Client()
    log_in(other)

    refused = other.post(FACTOR, {"code": code})

    assert "already used" in text(refused)


def test_recovery_code_works_once(client):
    editor = create_editor(password=PASSWORD)
    code = RecoveryCodes.activate(editor).get_unused_codes()[0]
    log_in(client)

    assert client.post(FACTOR, {"code": code}).url == "/admin/"
    other = Client()
    log_in(other)
    assert other.post(FACTOR, {"code": code}).status_code == 200


def test_wrong_name_and_wrong_password_get_the_same_answer(client):
    create_editor(password=PASSWORD)

    answers = [log_in(client, password="wrong", username=name) for name in ["editor", "nobody"]]

    for answer in answers:
        assert answer.status_code == 200
        assert answer.context["form"].non_field_errors() == ["Wrong user name or password."]


@pytest.mark.django_db(transaction=True)
def test_setup_in_another_browser_does_not_let_an_older_login_in(client):
    """Check that an attacker with the password only cannot use the factor that the editor sets up later."""
    create_editor(password=PASSWORD, second_factor=False)
    log_in(client)
    editors_own = Client()
    log_in(editors_own)
    set_up_app(editors_own)

    assert editors_own.get("/admin/").status_code == 200
    assert client.get("/admin/", follow=True).redirect_chain[-1][0].startswith(LOGIN)


def set_up_app(client):
    page = client.get("/account/factors/app/")
    secret = re.search(r'id="secret">([A-Z2-7]+)<', page.content.decode())[1]
    return client.post("/account/factors/app/", {"code": one_time_code(secret)})


@pytest.mark.django_db(transaction=True)
def test_app_is_set_up_right_after_the_login_with_key_picture_and_recovery_codes(client):
    create_editor(password=PASSWORD, second_factor=False)
    log_in(client)
    picture = client.get("/account/factors/app/").content.decode()
    done = set_up_app(client)

    assert "<svg" in picture
    assert len(re.findall(r"<li>\d{8}</li>", text(client.get(done.url)))) == 10
    assert client.get("/admin/").status_code == 200


def test_password_is_asked_again_before_factors_of_an_older_login_change(client):
    client.force_login(create_editor(password=PASSWORD))

    for address in ["factors/app/remove/", "factors/codes/new/", "factors/passkeys/add/"]:
        response = client.get(f"/account/{address}")
        assert response.url.startswith("/account/confirm/")
    refused = client.post("/account/confirm/", {"password": "wrong"})
    assert "Wrong password." in text(refused)
    client.post("/account/confirm/", {"password": PASSWORD})
    assert client.get("/account/factors/app/remove/").status_code == 200


def test_removing_the_last_factor_closes_the_admin(client):
    client.force_login(create_editor(password=PASSWORD))
    client.post("/account/confirm/", {"password": PASSWORD})

    client.post("/account/factors/app/remove/")

    assert client.get("/admin/", follow=True).redirect_chain[-1][0] == FACTORS


def test_only_pages_that_are_needed_have_addresses():
    names = {pattern.name for pattern in get_resolver("editors.accounts.urls").url_patterns}

    assert not {name for name in names if re.search("signup|email|phone|code_|trust|login_webauthn", name)}
    assert {"account_login", "mfa_index"} <= names


# Limits on attempts ---------------------------------------------------------------------------------------------------


def test_sixth_wrong_password_is_refused_and_then_the_right_one_too(client):
    create_editor(password=PASSWORD)
    for _attempt in range(5):
        assert "Wrong user name or password" in text(log_in(client, password="wrong"))

    assert "Too many failed attempts" in text(log_in(client, password="wrong"))
    assert "Too many failed attempts" in text(log_in(client))
    assert "Too many failed attempts" in text(log_in(Client(REMOTE_ADDR="192.0.2.7")))


def test_sixth_wrong_code_is_refused_and_then_the_right_one_too(client):
    create_editor(password=PASSWORD)
    log_in(client)
    for _attempt in range(5):
        client.post(FACTOR, {"code": "000000"})

    assert "Too many failed attempts" in text(client.post(FACTOR, {"code": one_time_code(TOTP_SECRET)}))


def test_many_logins_from_one_place_are_answered_with_429(client):
    statuses = [log_in(client, username=f"name{number}").status_code for number in range(31)]

    refused = log_in(client)
    assert (statuses[0], statuses[-1], refused.status_code) == (200, 429, 429)
    assert html_page(refused).texts("h1") == ["Too many requests"]


def test_counts_are_not_pushed_out_by_made_up_names(client):
    create_editor(password=PASSWORD)
    for _attempt in range(5):
        log_in(client, password="wrong")
    for number in range(400):
        cache.set(f"made-up-{number}", number)

    assert "Too many failed attempts" in text(log_in(client))


@pytest.mark.parametrize(("proxies", "is_one_place"), [(0, True), (1, False)])
def test_place_is_the_visitors_behind_a_proxy_and_cannot_be_made_up_without_one(settings, proxies, is_one_place):
    settings.TRUSTED_PROXY_COUNT = proxies
    for number in range(31):
        response = log_in(Client(), username=f"name{number}", headers={"X-Forwarded-For": f"192.0.2.{number}"})

    assert (response.status_code == 429) is is_one_place
    # Audit lines name the same place.
    assert ("192.0.2.5" in AuditLine.objects.values_list("address", flat=True)) is not is_one_place


@pytest.mark.server
@pytest.mark.django_db(transaction=True)
def test_attempts_are_counted_across_processes_and_restarts(client):
    cache.clear()
    create_editor(password=PASSWORD)
    attempts = (
        "from django.test import Client\n"
        "for attempt in range(5):\n"
        "    answer = Client().post('/account/login/', {'login': 'editor', 'password': 'wrong'})\n"
        "print(answer.status_code)"
    )
    database = connection.settings_dict
    place = f"{database['HOST'].replace('/', '%2F')}:{database['PORT']}/{database['NAME']}"
    run = run_manage(
        *("shell", "-v0", "-c", attempts),
        DATABASE_URL=f"postgres://{database['USER']}:{database['PASSWORD']}@{place}",
        DEVELOPMENT="True",
        ALLOWED_HOSTS="testserver",
    )

    assert run.stdout == "200\n", run.stderr
    assert "Too many failed attempts" in text(log_in(client))
    cache.clear()


# Sessions -------------------------------------------------------------------------------------------------------------


def test_session_ends_twelve_hours_after_the_login_whatever_happens_in_between(client):
    create_editor(password=PASSWORD)
    log_in(client)
    client.post(FACTOR, {"code": one_time_code(TOTP_SECRET)})
    at_login = client.session.get_expiry_date()
    session = client.session
    session["anything"] = True
    session.save()

    assert timedelta(hours=11, minutes=59) < at_login - timezone.now() <= timedelta(hours=12)
    assert client.session.get_expiry_date() == at_login
    assert client.cookies[settings.SESSION_COOKIE_NAME]["max-age"] <= 12 * 60 * 60


def test_logout_ends_the_session(client):
    client.force_login(create_editor())
    stolen = client.cookies[settings.SESSION_COOKIE_NAME].value

    client.post("/admin/logout/")

    client.cookies[settings.SESSION_COOKIE_NAME] = stolen
    assert client.get("/admin/").status_code == 302


def test_change_of_password_ends_other_sessions(client):
    editor = create_editor(password=PASSWORD)
    client.force_login(editor)
    other = Client()
    other.force_login(editor)
    new = "another long phrase for it"

    assert client.get("/admin/password_change/").url == "/account/password/"
    changed = client.post("/account/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new})

    assert changed.status_code == 302
    assert client.get("/admin/").status_code == 200
    assert other.get("/admin/").status_code == 302


# Forgotten passwords and lost phones ----------------------------------------------------------------------------------


def letters():
    """Return the e-mails, which are sent after the response."""
    for thread in threading.enumerate():
        if thread.name == LETTER_THREAD:
            thread.join()
    return mail.outbox


class BrokenBackend:
    """Backend for a mail server that fails after a while."""

    def __init__(self, **options):
        pass

    def send_messages(self, messages):
        time.sleep(0.5)
        raise ConnectionRefusedError("the server is down")


def test_mail_server_that_is_down_does_not_tell_which_addresses_are_known(client, settings, caplog):
    editor = create_editor(email="anna@example.org")
    settings.MAILERS = {"default": {"BACKEND": f"{__name__}.BrokenBackend"}}
    answers, seconds = [], []
    for address in ["anna@example.org", "nobody@example.org"]:
        begin = time.monotonic()
        answers.append(client.post("/account/password/forgotten/", {"email": address}))
        seconds.append(time.monotonic() - begin)
    letters()

    assert {(answer.status_code, answer["Location"]) for answer in answers} == {(302, "/account/password/sent/")}
    assert max(seconds) < 0.5
    (line,) = [record for record in caplog.records if record.name == "editors.accounts.adapters"]
    assert line.getMessage() == f"The letter with a new password for user {editor.pk} was not sent"
    assert "/password/new/" not in caplog.text


def test_forgotten_password_is_set_by_a_link_in_a_letter_and_the_second_factor_stays(client):
    create_editor(password=PASSWORD, email="anna@example.org")

    client.post("/account/password/forgotten/", {"email": "anna@example.org"})

    (letter,) = letters()
    link = re.search(r"http\S+", letter.body)[0]
    assert (letter.to, "“editor”" in letter.body) == (["anna@example.org"], True)
    form = client.get(link, follow=True)
    new = "another long phrase for it"
    client.post(form.redirect_chain[-1][0], {"password1": new, "password2": new})
    assert log_in(client, password=new).url.startswith(FACTOR)
    assert "no longer works" in client.get(link, follow=True).content.decode()


def test_letter_is_in_the_language_of_the_page(client):
    create_editor(password=PASSWORD, email="anna@example.org")

    client.post("/ru/account/password/forgotten/", {"email": "anna@example.org"})

    (letter,) = letters()
    assert "пароль" in letter.subject
    assert "/ru/account/password/new/" in letter.body


def test_unknown_address_gets_the_same_answer_and_no_letter(client):
    create_editor(email="anna@example.org")

    answers = [
        client.post("/account/password/forgotten/", {"email": address})
        for address in ["anna@example.org", "nobody@example.org"]
    ]

    assert answers[0].url == answers[1].url
    assert [letter.to for letter in letters()] == [["anna@example.org"]]


def test_administrator_removes_second_factors_of_others_but_not_of_superusers(client):
    editor, root = create_editor(), User.objects.create_superuser("root")
    Authenticator.objects.create(user=root, type="totp", data={})
    client.force_login(create_administrator())

    data = {"action": "remove_second_factors", "_selected_action": [editor.pk, root.pk]}
    response = client.post(reverse("admin:auth_user_changelist"), data, follow=True)

    assert "1 person sets up a new second factor" in response.content.decode()
    assert not editor.authenticator_set.exists()
    assert root.authenticator_set.exists()


def test_command_removes_second_factors():
    editor = create_editor()

    call_command("remove_second_factors", "editor")

    assert not editor.authenticator_set.exists()
    with pytest.raises(CommandError, match="There is no user nobody"):
        call_command("remove_second_factors", "nobody")


# Pages ----------------------------------------------------------------------------------------------------------------

PAGES_BEFORE += ["/account/password/new/1-bad-key/", "/account/inactive/"]
PAGES_AFTER += ["/account/factors/app/remove/", "/account/factors/codes/", "/account/factors/codes/new/"]
PAGES_AFTER += ["/account/factors/passkeys/add/", "/account/confirm/", FACTOR, "/account/sessions/"]
PAGES_AFTER += ["/account/stay/"]


@pytest.mark.parametrize("path", PAGES_BEFORE + PAGES_AFTER)
@pytest.mark.parametrize(("language", "prefix"), [("en", ""), ("ru", "/ru")])
def test_page_is_whole_in_each_language(client, path, language, prefix):
    response = account_page(client, path, prefix)

    words = own_words(response, language)
    kept = r"CISFilm|Aegis|FreeOTP|Google Authenticator|QR|PIN|HTTPS|localhost|JavaScript|UTC|editor|[A-Z2-7]{32}"
    foreign = r"[Ѐ-ӿ]{2,}" if language == "en" else r"[A-Za-z]{2,}"
    assert response.status_code == 200
    assert (text(response).count("<h1"), f'<html lang="{language}"' in text(response)) == (1, True)
    assert re.findall(foreign, re.sub(kept, "", words)) == []


@pytest.mark.parametrize("page", ["", "remove/"])
def test_passkey_is_its_owners(client, page):
    own, foreign = (
        Authenticator.objects.create(user=create_editor(username=name, password=PASSWORD), type="webauthn", data=data)
        for name, data in [("editor", {"name": "Ноутбук"}), ("other", {"name": "Laptop"})]
    )
    client.force_login(own.user)
    client.post("/account/confirm/", {"password": PASSWORD})

    response = client.get(f"/ru/account/factors/passkeys/{own.pk}/{page}")
    refused = client.post(f"/ru/account/factors/passkeys/{foreign.pk}/{page}", {"name": "Mine"})

    assert re.findall(r"[A-Za-z]{2,}", own_words(response, "ru").replace("CISFilm", "").replace("editor", "")) == []
    assert (response.status_code, refused.status_code) == (200, 404)
    assert Authenticator.objects.get(pk=foreign.pk).data == {"name": "Laptop"}


@pytest.mark.parametrize("path", PAGES_BEFORE + PAGES_AFTER)
def test_page_keeps_the_content_policy(client, path):
    response = account_page(client, path)

    assert response["Content-Security-Policy"].startswith("default-src 'self';")
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", text(response))
    for attributes in re.findall(r"<script([^>]*)>", text(response)):
        assert " src=" in attributes or 'type="application/json"' in attributes
