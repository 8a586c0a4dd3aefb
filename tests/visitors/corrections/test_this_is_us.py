"""Tests of "This is us": where the link may go, what strangers learn of it, and its limits."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.utils import timezone

from exports.models import hashed
from tests.factories import create_contact, create_institution
from tests.html_page import html_page
from tests.visitors.corrections.sending import opened_seconds_ago
from visitors.corrections.forms import masked
from visitors.corrections.models import ConfirmationRequest, Correction, NoMoreLetters
from visitors.corrections.own_domains import own_domains
from web import client_limits
from web.client_limits import Limit
from web.models import LimitedAction

pytestmark = pytest.mark.django_db

PAGE = "/this-is-us/tj-tajikfilm/"
SENT = f"{PAGE}sent/"


@pytest.fixture
def institution():
    institution = create_institution(key="tj-tajikfilm", name_ru="Таджикфильм")
    create_contact(institution=institution, kind="email", value="info@tajikfilm.tj")
    create_contact(institution=institution, kind="email", value="tajikfilm@mail.ru")
    create_contact(institution=institution, kind="email", value="hidden@tajikfilm.tj", is_public=False)
    create_contact(institution=institution, kind="website", value="https://www.tajikfilm.tj/ru/")
    return institution


def ask(client, path=PAGE, **typed):
    return client.post(path, {"opened": opened_seconds_ago(60)} | typed)


def choices(client):
    page = html_page(client.get(PAGE))
    return {
        label.text: label.one("input").attributes["value"]
        for label in page.one("fieldset", class_="choices").all("label")
    }


def written_to():
    return [letter.to for letter in mail.outbox]


def test_link_goes_to_a_published_address_that_the_page_masks(client, institution):
    link = html_page(client.get("/ru/institutions/tajikfilm/")).one("main").one("a", href=f"/ru{PAGE}")
    assert link.attributes["rel"] == "nofollow"
    asked = client.get(PAGE)
    offered = choices(client)
    assert list(offered) == [
        "i***@tajikfilm.tj",
        "t***@mail.ru",
        "a mailbox of ours at tajikfilm.tj",
        "none of these: to the editors, with an explanation",
    ]
    assert (asked["X-Robots-Tag"], "info@" in html_page(asked).one("main").text) == ("noindex", False)

    response = ask(client, to=offered["t***@mail.ru"])

    assert (response.status_code, response["Location"]) == (302, SENT)
    (letter,) = mail.outbox
    assert letter.to == ["tajikfilm@mail.ru"]
    paths = re.findall(r"http://[^/]+((?:/ru)?/confirm/[\w-]+/)$", letter.body, re.MULTILINE)
    assert [path.startswith("/ru/") for path in paths] == [False, True]
    secret = paths[0].split("/")[2]
    assert ConfirmationRequest.objects.get().secret_hash == hashed(secret)
    assert "Somebody wishes to correct or confirm the entry" in letter.body
    assert html_page(client.get(paths[0])).one("form", id="answer")


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("director@tajikfilm.tj", "director@tajikfilm.tj"),
        (" Director@WWW.tajikfilm.tj ", None),
        ("director", "director@tajikfilm.tj"),
        ("director@mail.tajikfilm.tj", None),
        ("director@tajikfilm.tj.example.org", None),
        ("director@mail.ru", None),
        ("a@b@tajikfilm.tj", None),
        ("director@tajikfilm.tj, other@example.org", None),
        ("director@tajikfilm.tj\nBcc: other@example.org", None),
        ("", None),
    ],
)
def test_mailbox_at_the_domain_of_the_website_is_taken_and_no_other(client, institution, typed, address):
    response = ask(client, to="domain", address=typed)

    assert (response.status_code, written_to()) == ((302, [[address]]) if address else (400, []))


@pytest.mark.parametrize(
    ("website", "domains"),
    [
        ("https://www.tajikfilm.tj/", ["tajikfilm.tj"]),
        ("http://en.tajikfilm.tj/en/index.php", ["en.tajikfilm.tj", "tajikfilm.tj"]),
        ("https://киностудия.рф", ["xn--d1ahbfqgvij6j.xn--p1ai"]),
        ("https://lenfilm.spb.ru", ["lenfilm.spb.ru"]),
        # Everybody of that sort registers names below.
        ("https://studio.gov.kz", ["studio.gov.kz"]),
        ("https://studio.gov.am", ["studio.gov.am"]),
        ("https://gov.kz/", []),
        ("https://gov.am/", []),
        ("https://edu.kg", []),
        # A part of the site of somebody else.
        ("https://culture.gov.ru/about/departments/kino/", []),
        ("https://archive.gov.ge/page.php?id=3", []),
        # Everybody has a site or mailbox there.
        ("https://tajikfilm.narod.ru", []),
        ("https://tajikfilm.wixsite.com/studio", []),
        ("https://film.tilda.ws/", []),
        ("https://sites.google.com/view/studio", []),
        ("https://www.facebook.com/studio", []),
        ("https://mail.ru", []),
        ("https://192.0.2.1/", []),
        ("https://[::1", []),
        ("http://localhost", []),
    ],
)
def test_domains_at_which_a_mailbox_is_a_proof(website, domains):
    assert own_domains([website]) == domains


def test_addresses_show_no_more_than_tells_them_apart():
    class Address:
        def __init__(self, value):
            self.value = value

    addresses = ["info@a.tj", "international@a.tj", "i@a.tj", "info@b.tj"]
    shown = dict(masked({address: Address(address) for address in addresses}))
    assert list(shown.values()) == ["inf***@a.tj", "int***@a.tj", "i***@a.tj", "i***@b.tj"]


# Strangers learn nothing ----------------------------------------------------------------------------------------------


class RefusingBackend(EmailBackend):
    """Backend for a server that takes no e-mail."""

    def send_messages(self, messages):
        raise ConnectionRefusedError("no such mailbox")


def test_answer_is_the_same_whatever_happened(client, institution, settings):
    ask(client, to="domain", address="first")
    again = ask(client, to="domain", address="first")
    NoMoreLetters.objects.create(institution=institution)
    stopped = ask(client, to="domain", address="second")
    NoMoreLetters.objects.all().delete()
    settings.MAILERS = {"default": {"BACKEND": f"{__name__}.RefusingBackend"}}
    refused = ask(client, to="domain", address="third")

    for response in (again, stopped, refused):
        assert (response.status_code, response["Location"]) == (302, SENT)
    assert written_to() == [["first@tajikfilm.tj"]]
    assert [letter.addresses for letter in ConfirmationRequest.objects.all()] == [["first@tajikfilm.tj"]]
    page = client.get(SENT)
    assert (page["X-Robots-Tag"], "no-store" in page["Cache-Control"]) == ("noindex", True)


def test_letter_leaves_after_the_answer(rf, institution):
    """Check that the time which sending takes is not in the answer's."""
    from visitors.corrections import views

    request = rf.post(PAGE, {"opened": opened_seconds_ago(60), "to": "domain", "address": "info"})
    response = views.this_is_us(request, "tj-tajikfilm")
    assert (response.status_code, mail.outbox) == (302, [])

    response.close()
    response.close()
    assert written_to() == [["info@tajikfilm.tj"]]


def test_neither_hidden_addresses_nor_hidden_institutions_can_be_asked_for(client, institution):
    hidden = institution.contacts.get(value="hidden@tajikfilm.tj")
    other = create_contact(institution=create_institution(name_en="Other"), kind="email")
    for number in (hidden.pk, other.pk, 999_999, "x"):
        assert ask(client, to=str(number)).status_code == 400
    institution.publication_state = "draft"
    institution.save()
    for path in (PAGE, SENT):
        assert client.get(path).status_code == 404
    assert ask(client, to="domain", address="info").status_code == 404
    assert mail.outbox == []


def test_mailbox_that_was_typed_is_forgotten_when_its_link_has_ended(client, institution):
    ask(client, to="domain", address="director")
    ask(client, to=choices(client)["i***@tajikfilm.tj"])
    ConfirmationRequest.objects.update(sent_at=timezone.now() - timedelta(days=15))

    call_command("purge")

    kept = {letter.occasion: letter.addresses for letter in ConfirmationRequest.objects.all()}
    assert kept == {"domain": [], "published": ["info@tajikfilm.tj"]}
    ConfirmationRequest.objects.filter(occasion="domain").update(addresses=["director@tajikfilm.tj"])
    ask(client, to="domain", address="other")
    assert ConfirmationRequest.objects.filter(addresses=[]).count() == 1


# Limits ---------------------------------------------------------------------------------------------------------------


def test_mailbox_gets_one_letter_a_day_and_an_institution_three(client, institution):
    for local_part in ("a", "a", "b", "c", "d"):
        ask(client, to="domain", address=local_part)
    assert written_to() == [["a@tajikfilm.tj"], ["b@tajikfilm.tj"], ["c@tajikfilm.tj"]]

    ConfirmationRequest.objects.update(sent_at=timezone.now() - timedelta(hours=25))
    client_limits.VisitorAction.objects.all().delete()
    ask(client, to="domain", address="a")
    assert written_to()[3:] == [["a@tajikfilm.tj"]]
    call_command("request_confirmations", pause=0)
    assert len(mail.outbox) == 5, "letters that strangers ask for don't put off the yearly one"


def test_client_who_asks_too_often_is_told_and_loses_nothing(client, institution, monkeypatch):
    monkeypatch.setitem(client_limits.LIMITS, LimitedAction.LETTER, Limit(1, 50, 50))
    ask(client, to="domain", address="a")

    response = ask(client, to="domain", address="b", words="It is us")

    assert (response.status_code, written_to()) == (429, [["a@tajikfilm.tj"]])
    assert html_page(response).one("input", name="address").attributes["value"] == "b"


@pytest.mark.parametrize("typed", [{"nickname": "x"}, {"opened": "x"}], ids=str)
def test_programs_are_refused(client, institution, typed):
    assert ask(client, **{"to": "domain", "address": "a"} | typed).status_code == 400
    assert client.post(PAGE, {}, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert mail.outbox == []


# The editors ----------------------------------------------------------------------------------------------------------


def test_whoever_has_no_such_mailbox_writes_to_the_editors(client, institution):
    response = ask(client, to="editors", words="I am the director", email="me@gmail.com")

    (correction,) = Correction.objects.all()
    assert response["Location"] == correction.get_absolute_url()
    assert (correction.origin, correction.record_key, correction.fact) == ("reader", "tj-tajikfilm", "")
    assert (correction.wrong, correction.email, correction.page) == ("I am the director", "me@gmail.com", PAGE)
    assert ConfirmationRequest.objects.count() == 0


def test_institution_without_a_mailbox_of_its_own_is_offered_the_editors_only(client):
    institution = create_institution(key="tj-tajikfilm")
    create_contact(institution=institution, kind="website", value="https://tajikfilm.narod.ru")
    page = html_page(client.get(PAGE))

    assert list(page.one("main").all("input", type="radio")) == []
    assert ask(client, to="domain", address="info@tajikfilm.narod.ru").status_code == 400
    assert ask(client).status_code == 400
    assert ask(client, words="It is us").status_code == 302
    assert Correction.objects.get().wrong == "It is us"
