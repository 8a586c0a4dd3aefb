"""Tests of corrections by readers, the answers they get, and refused forms."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from editors.withholding.withhold import withhold
from tests.factories import (
    create_contact,
    create_country,
    create_event,
    create_film,
    create_institution,
    create_institution_name,
    create_participation,
    create_person,
    create_position,
    create_programme,
    create_stage,
)
from tests.html_page import html_page
from tests.visitors.corrections.sending import send
from visitors.corrections.models import Correction
from web import client_limits
from web.client_limits import Limit
from web.models import LimitedAction, VisitorAction

pytestmark = pytest.mark.django_db


@pytest.fixture
def contact():
    institution = create_institution(key="tj-tajikfilm", founded="1930")
    return create_contact(institution=institution, kind="phone", value="+992372210000")


def about(contact):
    return {"record": "institution/tj-tajikfilm", "fact": f"contact/{contact.pk}/value"}


# Links ---------------------------------------------------------------------------------------------------------------


def links_to_correct(client, record):
    page = html_page(client.get(record.get_absolute_url()))
    return {link.attributes["aria-label"]: link.attributes["href"] for link in page.all("a", class_="correct")}


def test_each_fact_of_an_institution_has_a_link_that_names_it(client, contact):
    institution = contact.institution
    create_position(person=create_person(name_en="Anna Berg"), institution=institution, since="2022")
    name = create_institution_name(institution=institution, text="Stalinabad Film Studio", kind="former")
    stage = create_stage(institution=institution, name_en="Stage 1", area_m2=600)

    links = links_to_correct(client, institution)

    record = "/corrections/new/?record=institution/tj-tajikfilm&fact="
    assert links["Correct: telephone +992 372 21 0000"] == f"{record}contact/{contact.pk}/value"
    assert links["Correct: founded 1930"] == f"{record}founded"
    assert links["Correct: English name Tajikfilm"] == f"{record}name_en"
    assert links["Correct: former name Stalinabad Film Studio"] == f"{record}name/{name.pk}/text"
    assert links["Correct: area, m² Stage 1 600"] == f"{record}stage/{stage.pk}/area_m2"
    assert "Correct: post Anna Berg Director" in links
    assert "Correct: dates of the post Anna Berg since 2022" in links


@pytest.mark.parametrize("prefix", ["", "/ru"])
def test_every_link_leads_to_a_form_that_shows_the_fact(client, contact, prefix):
    country = create_country()
    event = create_event(start="2025-09", country=country)
    create_participation(event=event, name="Somebody")
    film = create_film(countries=[country], year=2025, directors=["Olga Lang"])
    programme = create_programme(country=country, rate_percent=30)
    person = create_position(title_ru="Директор").person

    paths = [record.get_absolute_url() for record in [contact.institution, country, event, film, programme, person]]
    for path in paths:
        page = html_page(client.get(prefix + path))
        addresses = [link.attributes["href"] for link in page.all("a", class_="correct")]
        assert addresses, path
        for address in addresses:
            shown = html_page(client.get(address)).one("dd", class_="value-now").text
            assert shown not in ("", "–"), address


def test_names_in_other_scripts_are_corrected_in_their_own_field(client):
    institution = create_institution(
        key="tj-tajikfilm", name_ru="Таджикфильм", name_native="Тоҷикфилм", native_language="tg"
    )

    page = html_page(client.get("/ru/institutions/tajikfilm/"))

    facts = [link.attributes["href"].rpartition("fact=")[2] for link in page.all("a", class_="correct")]
    assert [fact for fact in facts if fact.startswith("name_")] == ["name_ru", "name_native", "name_en"]
    assert institution.name_native


@pytest.mark.parametrize("path", ["/", "/studios/", "/people/", "/countries/"])
def test_pages_that_are_no_records_have_a_link_as_well(client, path):
    link = html_page(client.get(path)).one("footer").all("a", rel="nofollow")

    assert [one.attributes["href"] for one in link] == [f"/corrections/new/?page={path}"]


def test_error_page_has_the_link_without_an_address(client):
    page = html_page(client.get("/no-such-page/"))

    assert "/corrections/new/" in [link.attributes["href"] for link in page.one("footer").all("a")]


def test_address_of_a_saved_list_does_not_go_into_the_link(client, contact):
    client.post("/my-list/add/", {"record": "institution/tj-tajikfilm"})
    saved = client.post("/lists/", follow=True)

    page = html_page(saved)

    assert [link.attributes["href"] for link in page.one("footer").all("a", rel="nofollow")] == ["/corrections/new/"]
    assert client.get("/corrections/new/", {"page": saved.redirect_chain[0][0]}).context["subject"].page == ""


# Sending -------------------------------------------------------------------------------------------------------------


def test_correction_is_kept_with_its_fact_and_the_value_at_that_time(client, contact):
    response = send(client, about(contact), wrong="It rings elsewhere", proposed="+992 37 227 00 00")

    correction = Correction.objects.get()
    assert response["Location"] == f"/corrections/{correction.secret}/"
    assert (correction.record_kind, correction.record_key) == ("institution", "tj-tajikfilm")
    assert (correction.fact, correction.value_then) == (f"contact/{contact.pk}/value", "+992 372 21 0000")
    assert (correction.wrong, correction.proposed) == ("It rings elsewhere", "+992 37 227 00 00")
    assert (correction.country.code, correction.state, correction.language) == ("TJ", "received", "en")


def test_missing_institution_is_suggested_with_country_and_kind(client):
    create_country(code="AM")
    query = {"country": "AM", "kind": "archive"}

    page = html_page(client.get("/corrections/new/", query))
    send(client, query, wrong="The National Film Archive")

    correction = Correction.objects.get()
    assert page.texts("dd") == ["Archive", "Armenia"]
    assert (correction.country.code, correction.missing_kind, correction.record_kind) == ("AM", "archive", "")


def test_correction_of_a_list_page_is_kept_with_the_page(client):
    send(client, {"page": "/studios/"}, wrong="The order is odd")

    assert Correction.objects.get().page == "/studios/"


def test_film_belongs_to_the_country_that_leads(client):
    film = create_film(countries=[create_country(code="AM"), create_country(code="TJ")])

    send(client, {"record": f"film/{film.key}", "fact": "countries"}, wrong="Belarus as well")

    assert Correction.objects.get().country.code == "AM"


def test_the_very_same_text_is_answered_with_the_same_page(client, contact):
    first = send(client, about(contact), proposed="+992 1")
    second = send(client, about(contact), proposed="+992 1")
    other = send(client, about(contact), proposed="+992 2")

    assert first["Location"] == second["Location"] != other["Location"]
    assert Correction.objects.count() == 2


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"record": "institution/none"}, 404),
        ({"record": "institution/draft"}, 404),
        ({"record": "institution/tj-tajikfilm", "fact": "editors_note"}, 404),
        ({"record": "institution/tj-tajikfilm", "fact": "contact/999999999/value"}, 404),
        ({"record": "institution/tj-tajikfilm", "fact": "contact/99999999999999999999/value"}, 400),
        ({"record": "institution/tj-tajikfilm", "fact": "founded; drop"}, 400),
        ({"record": "user/1"}, 400),
        ({"record": "nonsense"}, 400),
        ({"record": "institution/\0"}, 400),
        ({"fact": "founded"}, 400),
        ({"country": "ZZ"}, 400),
        ({"country": "\0"}, 400),
        ({"kind": "circus"}, 400),
    ],
)
def test_what_is_not_on_the_site_or_can_not_be_meant_is_refused(client, contact, query, status):
    create_institution(name_en="Draft", key="draft", publication_state="draft")

    assert client.get("/corrections/new/", query).status_code == status
    assert send(client, query, wrong="x").status_code == status
    assert not Correction.objects.exists()


def test_hidden_rows_of_a_record_can_not_be_corrected(client, contact):
    hidden_contact = create_contact(institution=contact.institution, is_public=False)
    hidden_post = create_position(institution=contact.institution, person=create_person(withheld=True))
    others_contact = create_contact(institution=create_institution(name_en="Other"))
    facts = [f"contact/{hidden_contact.pk}/value", f"post/{hidden_post.pk}/title_en"]
    facts += [f"contact/{others_contact.pk}/value"]

    statuses = [client.get("/corrections/new/", about(contact) | {"fact": fact}).status_code for fact in facts]

    assert statuses == [404, 404, 404]


def test_hidden_parent_is_not_told(client):
    parent = create_institution(name_en="Secret Ministry", publication_state="draft")
    create_institution(key="tj-tajikfilm", parent=parent)

    response = client.get("/corrections/new/", {"record": "institution/tj-tajikfilm", "fact": "parent"})

    assert "Secret" not in response.content.decode()


@pytest.mark.parametrize(
    ("texts", "field"),
    [
        ({}, "__all__"),
        ({"wrong": "   "}, "__all__"),
        ({"wrong": "x", "proof_url": "javascript:alert(1)"}, "proof_url"),
        ({"wrong": "x", "proof_url": "ftp://example.org/a"}, "proof_url"),
        ({"wrong": "x", "email": "nobody"}, "email"),
        ({"wrong": "x" * 2001}, "wrong"),
        ({"wrong": "x", "nickname": "bot"}, "nickname"),
        ({"wrong": "x", "seconds": 0}, "opened"),
        ({"wrong": "x", "seconds": 25 * 3600}, "opened"),
        ({"wrong": "x", "opened": "forged"}, "opened"),
        ({"wrong": "x", "opened": ""}, "opened"),
    ],
)
def test_refusal_says_why_and_keeps_what_was_typed(client, contact, texts, field):
    response = send(client, about(contact), proposed="" if field == "__all__" else "What I typed", **texts)

    assert response.status_code == 400
    assert list(response.context["form"].errors) == [field]
    page = html_page(response)
    assert page.one("div", class_="problems").text
    assert page.one("dd", class_="value-now").text == "+992 372 21 0000"
    assert page.one("textarea", name="proposed").text == ("" if field == "__all__" else "What I typed")
    assert not Correction.objects.exists()


def test_form_that_was_open_for_too_long_can_be_sent_again(client, contact):
    old = send(client, about(contact), wrong="x", seconds=25 * 3600)

    renewed = html_page(old).one("input", name="opened").attributes["value"]

    # Fresh, and so too fast for the moment, but no longer too old.
    assert "very quickly" in send(client, about(contact), wrong="x", opened=renewed).content.decode()


def test_too_fast_a_form_keeps_its_time_and_passes_a_little_later(client, contact, monkeypatch):
    fast = send(client, about(contact), wrong="x", seconds=0)
    kept = html_page(fast).one("input", name="opened").attributes["value"]
    monkeypatch.setattr("visitors.corrections.forms.LEAST_SECONDS", -1)

    assert send(client, about(contact), wrong="x", opened=kept).status_code == 302


def test_forms_of_other_sites_are_refused(client, contact):
    response = send(client, about(contact), wrong="x", headers={"Sec-Fetch-Site": "cross-site"})

    assert (response.status_code, Correction.objects.count()) == (403, 0)


def test_readers_get_no_cookie(client, contact):
    asked = client.get("/corrections/new/", about(contact))
    sent = send(client, about(contact), wrong="x")

    assert (asked.cookies, sent.cookies) == ({}, {})


# Limits --------------------------------------------------------------------------------------------------------------


def test_one_client_may_send_so_many_an_hour(client, contact, monkeypatch):
    monkeypatch.setitem(client_limits.LIMITS, LimitedAction.CORRECTION, Limit(2, 50, 50))
    for number in range(2):
        send(client, about(contact), wrong=str(number))

    refused = send(client, about(contact), wrong="My long text")
    client.defaults["REMOTE_ADDR"] = "192.0.2.1"
    other = send(client, about(contact), wrong="From elsewhere")

    assert refused.status_code == 429
    assert html_page(refused).one("textarea", name="wrong").text == "My long text"
    assert "send it again in an hour" in refused.content.decode()
    assert other.status_code == 302


def test_limit_ends_with_the_hour_and_the_trace_with_the_day(client, contact, monkeypatch):
    monkeypatch.setitem(client_limits.LIMITS, LimitedAction.CORRECTION, Limit(1, 50, 50))
    send(client, about(contact), wrong="First")
    VisitorAction.objects.update(done_at=timezone.now() - timedelta(days=1, seconds=1))

    assert send(client, about(contact), wrong="Second").status_code == 302
    assert VisitorAction.objects.count() == 1


# Status page and letters ---------------------------------------------------------------------------------------------


def test_status_page_shows_the_text_and_stays_with_whoever_has_its_address(client, contact):
    response = send(client, about(contact), wrong="<b>wrong</b>", proposed="+992 1", email="reader@example.org")
    status = client.get(response["Location"])

    page = html_page(status)
    assert "Received on" in page.one("p", role="status").text
    assert {"<b>wrong</b>", "+992 1"} <= set(page.texts("dd"))
    assert status["X-Robots-Tag"] == "noindex"
    assert status["Referrer-Policy"] == "no-referrer"
    assert "no-store" in status["Cache-Control"]
    assert "reader@example.org" not in status.content.decode()
    assert client.get("/corrections/AAAAAAAAAAAAAAAAAAAAAA/").status_code == 404


def test_status_page_is_silent_about_a_record_that_left_the_site(client, contact):
    address = send(client, about(contact), wrong="x")["Location"]
    contact.institution.publication_state = "archived"
    contact.institution.save()

    text = client.get(address).content.decode()

    assert "no longer on the site" in text
    assert "Tajikfilm" not in text
    assert "372 21" not in text


def test_letter_of_receipt_is_in_the_readers_language_and_holds_nothing_typed(
    client, contact, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        send(client, about(contact), prefix="/ru", wrong="Buy now", email="reader@example.org")

    (letter,) = mail.outbox
    assert letter.to == ["reader@example.org"]
    assert f"/ru/corrections/{Correction.objects.get().secret}/" in letter.body
    assert re.search("[а-я]", letter.subject)
    assert "Buy now" not in letter.body


def test_without_an_address_no_letter_is_sent(client, contact, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        send(client, about(contact), wrong="x")

    assert mail.outbox == []


def test_letter_that_can_not_be_sent_does_not_lose_the_correction(
    client, contact, settings, django_capture_on_commit_callbacks, caplog
):
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": 1},
        }
    }
    with django_capture_on_commit_callbacks(execute=True):
        response = send(client, about(contact), wrong="x", email="reader@example.org")

    assert (response.status_code, Correction.objects.get().email) == (302, "reader@example.org")
    assert "was not sent" in caplog.text


def test_address_that_no_answer_reached_is_deleted_after_a_year(client, contact):
    correction = Correction.objects.create(
        wrong="x", email="old@example.org", state="accepted", answered_at=timezone.now() - timedelta(days=370)
    )
    recent = Correction.objects.create(
        wrong="y", email="new@example.org", state="accepted", answered_at=timezone.now() - timedelta(days=300)
    )

    send(client, about(contact), wrong="z")

    correction.refresh_from_db()
    recent.refresh_from_db()
    assert (correction.email, recent.email) == ("", "new@example.org")


def test_what_was_written_of_a_withheld_person_is_forgotten(client, contact):
    person = create_person(name_en="Anna Berg")
    post = create_position(person=person, institution=contact.institution)
    send(client, {"record": f"person/{person.key}"}, wrong="Moved away")
    send(client, about(contact) | {"fact": f"post/{post.pk}/title_en"}, proposed="Adviser")
    send(client, about(contact), wrong="Ask Anna Berg")
    send(client, about(contact), wrong="Other number")

    withhold(person, reason="letter")

    assert [correction.wrong for correction in Correction.objects.all()] == ["Other number"]


# The database's own rules --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fields",
    [
        {"wrong": "", "proposed": ""},
        {"wrong": "x", "fact": "founded"},
        {"wrong": "x", "record_kind": "a circus", "record_key": "x"},
        {"wrong": "x", "proof_url": "javascript:alert(1)"},
        {"wrong": "x", "page": "https://example.org/"},
        {"wrong": "x", "state": "declined", "answered_at": "2026-06-01T10:00Z"},
        {"wrong": "x", "state": "accepted"},
        {"wrong": "x", "reason": "why"},
        {"wrong": "x", "origin": "robot"},
        {"wrong": "x", "language": "Russian"},
        {"wrong": "x", "secret": "short"},
    ],
    ids=str,
)
def test_database_refuses(fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        Correction.objects.create(**fields)


# What the site says of it --------------------------------------------------------------------------------------------


def answered(days, **fields):
    now = timezone.now()
    return Correction.objects.create(
        wrong="x", state="accepted", received_at=now - timedelta(days=days), answered_at=now, **fields
    )


def about_page(client):
    return " ".join(client.get("/about/").content.decode().split())


def test_about_says_so_where_nothing_came_or_nothing_is_answered(client):
    assert "No corrections in the last 12 months" in about_page(client)
    Correction.objects.create(wrong="x")
    came = "1 correction was received in the last 12 months."
    assert f"{came} None of them is answered yet. 1 waits for an answer." in about_page(client)


def test_about_tells_the_median_of_the_last_twelve_months(client, django_assert_num_queries):
    for days in (1, 3, 20):
        answered(days)
    Correction.objects.create(
        wrong="x",
        state="accepted",
        received_at=timezone.now() - timedelta(days=900),
        answered_at=timezone.now() - timedelta(days=400),
    )
    Correction.objects.create(wrong="x")

    with django_assert_num_queries(2):
        text = about_page(client)

    assert "4 corrections were received" in text
    assert "3 were answered, of which accepted: 3." in text
    assert "came within 3 days" in text
    assert "1 waits for an answer" in text


def test_further_language_of_the_site_is_no_change_of_the_database():
    Correction.objects.create(wrong="Nobody answers", language="zh-hans")
