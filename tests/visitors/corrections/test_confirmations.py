"""Tests of the yearly e-mail: its recipients, the page behind its link, and the answers."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from institutions.models import Institution
from records.checks import CheckMethod
from records.history.models import RecordChange
from tests.admin_forms import messages_beside_fields, page, send_form
from tests.factories import (
    create_contact,
    create_country,
    create_editor,
    create_institution,
    create_institution_name,
    create_person,
    create_position,
)
from tests.html_page import html_page
from tests.visitors.corrections.sending import form_on
from visitors.corrections.models import ConfirmationRequest, Mailbox, NoMoreLetters

pytestmark = pytest.mark.django_db


@pytest.fixture
def institution():
    institution = create_institution(key="tj-tajikfilm", name_ru="Таджикфильм", address_latin="43 Bukhoro Street")
    create_contact(institution=institution, kind="email", value="info@tajikfilm.example")
    return institution


def run(**options):
    call_command("request_confirmations", pause=0, **options)


def written_to():
    return [letter.to for letter in mail.outbox]


def link_of(letter, language="en"):
    prefix = "/ru" if language == "ru" else ""
    return re.search(rf"http://[^/]+({prefix}/confirm/[A-Za-z0-9_-]+/)$", letter.body, re.MULTILINE)[1]


@pytest.fixture
def link(institution):
    run()
    return link_of(mail.outbox[0])


# Who is written to ---------------------------------------------------------------------------------------------------


def test_letter_is_in_both_languages_and_names_the_page_and_the_links(institution):
    run()

    (letter,) = mail.outbox
    assert letter.to == ["info@tajikfilm.example"]
    for language in ("en", "ru"):
        assert link_of(letter, language)
    assert "/institutions/tajikfilm/" in letter.body
    assert "Таджикфильм" in letter.body
    assert "Tajikfilm" in letter.body
    stop = letter.extra_headers["List-Unsubscribe"].strip("<>")
    assert stop.endswith(f"{link_of(letter)}stop/")
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_only_the_hash_of_the_secret_is_kept(institution):
    run()

    secret = link_of(mail.outbox[0]).split("/")[2]
    assert secret not in str(ConfirmationRequest.objects.values().get())


def test_all_public_addresses_get_one_letter_and_hidden_ones_none(institution):
    create_contact(institution=institution, kind="email", value="press@tajikfilm.example")
    create_contact(institution=institution, kind="email", value="secret@tajikfilm.example", is_public=False)

    run()

    assert written_to() == [["info@tajikfilm.example", "press@tajikfilm.example"]]


@pytest.mark.parametrize(
    "fields",
    [
        {"publication_state": "draft"},
        {"publication_state": "archived"},
        {"status": "closed"},
        {"status": "merged"},
    ],
    ids=str,
)
def test_hidden_and_ended_institutions_are_never_written_to(fields):
    create_contact(institution=create_institution(**fields), kind="email")

    run()

    assert mail.outbox == []


def test_institution_without_a_public_address_is_not_written_to():
    create_contact(institution=create_institution(), kind="phone")

    run()

    assert not ConfirmationRequest.objects.exists()


def test_mailbox_that_an_editor_allowed_is_written_to_and_shown_nowhere(client):
    institution = create_institution(key="tj-tajikfilm")
    create_contact(institution=institution, kind="website", value="https://www.tajikfilm.tj/en/")
    desk = Client()
    desk.force_login(create_editor())
    form = desk.get(page(Institution, "change", institution.pk))
    link = html_page(form).one("a", href=f"{page(Mailbox, 'add')}?institution={institution.pk}")
    assert link.text == "Mailbox for the yearly e-mail…"
    form = {"institution": institution.pk}
    refused = send_form(desk, page(Mailbox, "add"), form | {"address": "xsecret@mail.ru"})
    assert "Only a mailbox at the domain" in messages_beside_fields(refused)["address"][0]
    send_form(desk, page(Mailbox, "add"), form | {"address": "Xsecret"})

    run()

    assert written_to() == [["xsecret@tajikfilm.tj"]]
    assert not RecordChange.objects.exists()
    paths = ["/institutions/tajikfilm/", "/this-is-us/tj-tajikfilm/", "/institutions/export/json/", "/changes/"]
    for path in [*paths, link_of(mail.outbox[0])]:
        response = client.get(path)
        content = b"".join(response.streaming_content) if response.streaming else response.content
        assert (response.status_code, b"xsecret" in content) == (200, False), path


def test_institution_whose_contacts_are_all_fresh_is_not_written_to(institution):
    for contact in institution.contacts.all():
        contact.confirm(method=CheckMethod.TELEPHONE, on=timezone.localdate() - timedelta(days=200))
    run()
    assert mail.outbox == []

    run(older_than=3)
    assert len(mail.outbox) == 1


def test_nobody_is_written_to_twice_within_a_year(institution):
    run()
    run()
    assert len(mail.outbox) == 1

    ConfirmationRequest.objects.update(sent_at=timezone.now() - timedelta(days=370))
    run()
    assert len(mail.outbox) == 2


def test_country_and_limit_narrow_the_run_and_the_next_run_goes_on():
    for code, name in [("TJ", "First"), ("TJ", "Second"), ("AM", "Other")]:
        institution = create_institution(name_en=name, country=create_country(code=code))
        create_contact(institution=institution, kind="email", value=f"{name.lower()}@example.org")

    run(country="tj", limit=1)
    assert written_to() == [["first@example.org"]]

    run(country="TJ")
    assert written_to() == [["first@example.org"], ["second@example.org"]]


def test_unknown_country_is_refused():
    with pytest.raises(CommandError, match="ZZ"):
        run(country="ZZ")


def test_dry_run_says_whom_and_writes_to_nobody(institution, capsys):
    run(dry_run=True)

    assert "1/1 tj-tajikfilm: would write to info@tajikfilm.example" in capsys.readouterr().out
    assert (mail.outbox, ConfirmationRequest.objects.count()) == ([], 0)


class RefusingBackend(EmailBackend):
    """Backend for a server that rejects one of the e-mail addresses."""

    def send_messages(self, messages):
        if any("bad@example.org" in message.to for message in messages):
            raise ConnectionRefusedError("no such address")
        return super().send_messages(messages)


def test_letter_that_bounces_does_not_stop_the_others_and_is_tried_again(settings, capsys):
    for name in ("bad", "good"):
        create_contact(institution=create_institution(name_en=name), kind="email", value=f"{name}@example.org")
    settings.MAILERS = {"default": {"BACKEND": f"{__name__}.RefusingBackend"}}

    with pytest.raises(CommandError, match="1 of 2 letters were not sent"):
        run()
    assert written_to() == [["good@example.org"]]
    assert "1/2 bad: not sent: no such address" in capsys.readouterr().err

    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
    run()
    assert written_to() == [["good@example.org"], ["bad@example.org"]]


# The page ------------------------------------------------------------------------------------------------------------


def test_page_shows_what_is_listed_and_nothing_hidden(client, institution):
    create_contact(institution=institution, kind="phone", is_public=False, value="+992372219999")
    create_institution_name(institution=institution, text="TF", kind="acronym")
    create_institution_name(institution=institution, text="Tadzhikfilm", kind="spelling")
    create_position(institution=institution, person=create_person(name_en="Anna Berg"))
    create_position(institution=institution, person=create_person(name_en="Hidden Person", withheld=True))
    create_contact(institution=institution, kind="website", value="https://tajikfilm.example")
    create_position(institution=institution, person=create_person(name_en="Former Head"), until="2019")
    run()

    response = client.get(link_of(mail.outbox[0]))

    page, text = html_page(response), html_page(response).one("main").text
    assert {"E-mail: info@tajikfilm.example", "Acronym: TF", "Post Anna Berg : Director"} <= set(page.texts("legend"))
    assert {
        *("info@tajikfilm.example", "https://tajikfilm.example", "Tajikfilm", "Таджикфильм", "TF"),
        *("Anna Berg", "43 Bukhoro Street"),
    } <= {value for values in form_on(response).values() for value in values}
    for hidden in ("9999", "Hidden Person", "Former Head", "Tadzhikfilm"):
        assert hidden not in text + str(form_on(response))
    assert response["X-Robots-Tag"] == "noindex"
    assert response["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response["Cache-Control"]


def test_looking_at_the_page_confirms_nothing(client, institution, link):
    client.get(link)
    client.head(link)

    assert institution.contacts.get().checked_on is None
    assert ConfirmationRequest.objects.get().answered_at is None


def test_forms_of_other_sites_confirm_nothing(client, link):
    response = client.post(link, {"all": "on"}, headers={"Sec-Fetch-Site": "cross-site"})

    assert (response.status_code, ConfirmationRequest.objects.get().answered_at) == (403, None)


@pytest.mark.parametrize("rows", [1, 3])
def test_page_asks_a_fixed_number_of_times(client, institution, link, rows, django_assert_num_queries):
    for number in range(rows):
        create_contact(institution=institution, kind="phone", value=f"+99237221000{number}")
        create_institution_name(institution=institution, text=f"Name {number}", kind="short")
        create_position(institution=institution, person=create_person(name_en=f"Person Number{number}"))

    with django_assert_num_queries(15):
        client.get(link)


# Links that have ended -----------------------------------------------------------------------------------------------


def test_link_ends_after_sixty_days(client, institution, link):
    ConfirmationRequest.objects.update(sent_at=timezone.now() - timedelta(days=61))

    asked, sent = client.get(link), client.post(link, {"all": "on"})

    assert (asked.status_code, sent.status_code) == (410, 410)
    assert html_page(asked).one("main").one("a", href="/institutions/tajikfilm/")
    assert institution.contacts.get().checked_on is None


def test_altered_link_is_not_found(client, link):
    assert client.get(f"{link[:-2]}{'A' if link[-2] != 'A' else 'B'}/").status_code == 404
    assert client.get("/confirm/x/stop/").status_code == 404


def test_link_of_an_institution_that_left_the_site_says_so_and_names_nothing(client, institution, link):
    institution.publication_state = "archived"
    institution.save()

    for response in (client.get(link), client.post(link, {"all": "on"})):
        assert response.status_code == 410
        assert "no longer listed" in response.content.decode()
        assert "Tajikfilm" not in response.content.decode()


# No more letters -----------------------------------------------------------------------------------------------------


def test_whoever_wants_no_letters_gets_none(client, institution, link):
    stop = f"{link}stop/"
    client.get(stop)
    assert not NoMoreLetters.objects.exists()

    page = client.post(stop)

    assert "We will not write to you again" in page.content.decode()
    assert "We will not write to you again" in client.post(stop).content.decode()
    ConfirmationRequest.objects.update(sent_at=timezone.now() - timedelta(days=370))
    run()
    assert len(mail.outbox) == 1


def test_link_that_stops_letters_ends_with_the_letter(client, institution, link):
    ConfirmationRequest.objects.update(sent_at=timezone.now() - timedelta(days=61))

    asked, sent = client.get(f"{link}stop/"), client.post(f"{link}stop/")

    assert (asked.status_code, sent.status_code) == (410, 410)
    assert "don't want any more e-mails? Write to" in asked.content.decode()
    assert not NoMoreLetters.objects.exists()


def test_mail_programs_stop_letters_with_one_click(client, institution, link):
    client.post(f"{link}stop/", {"List-Unsubscribe": "One-Click"})

    assert NoMoreLetters.objects.get().institution == institution
