"""Tests of the yearly e-mail: its recipients, the page behind its link, and the answers."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command
from django.utils import timezone
from reversion.models import Version

from records.models import CheckMethod
from tests.factories import (
    create_contact,
    create_country,
    create_institution,
    create_institution_name,
    create_person,
    create_position,
)
from tests.html_page import html_page
from visitors.corrections.models import ConfirmationRequest, Correction, NoMoreLetters

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


def form_of(client, link):
    """Return what a browser would send for the page: the values that it shows."""
    page = html_page(client.get(link))
    return {
        field.attributes["name"]: field.attributes["value"]
        for field in page.all("input", type="hidden")
        if field.attributes["name"].startswith("shown:")
    }


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
    create_position(institution=institution, person=create_person(name_en="Former Head"), until="2019")
    run()

    response = client.get(link_of(mail.outbox[0]))

    text = html_page(response).one("main").text
    for shown in (
        "info@tajikfilm.example",
        "Tajikfilm",
        "Таджикфильм",
        "Acronym: TF",
        "Anna Berg",
        "43 Bukhoro Street",
    ):
        assert shown in text
    for hidden in ("9999", "Hidden Person", "Former Head", "Tadzhikfilm"):
        assert hidden not in text
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

    with django_assert_num_queries(12):
        client.get(link)


# Answers -------------------------------------------------------------------------------------------------------------


def test_one_button_confirms_every_contact_today_by_the_institution(client, institution, link):
    create_contact(institution=institution, kind="phone")

    response = client.post(link, {**form_of(client, link), "all": "on"})

    checks = {(c.checked_on, c.check_method, c.checked_by) for c in institution.contacts.all()}
    assert checks == {(timezone.localdate().isoformat(), "institution", None)}
    assert response["Location"] == link
    assert "2 contacts are confirmed." in html_page(client.get(link)).one("main").text
    assert not Correction.objects.exists()


def test_check_is_named_on_the_public_page_in_both_languages(client, institution, link):
    client.post(link, {**form_of(client, link), "all": "on"})

    assert "confirmed by the institution" in client.get("/institutions/tajikfilm/").content.decode()
    assert "подтверждено самой организацией" in client.get("/ru/institutions/tajikfilm/").content.decode()
    assert "confirmed by the institution" in b"".join(client.get("/institutions/export/csv/")).decode()


def test_only_lines_called_right_are_confirmed_and_wrong_ones_go_to_the_inbox(client, institution, link):
    right = institution.contacts.get()
    wrong = create_contact(institution=institution, kind="phone")
    silent = create_contact(institution=institution, kind="website")
    answers = {
        f"answer:contact/{right.pk}/value": "right",
        f"answer:contact/{wrong.pk}/value": "wrong",
        f"proposed:contact/{wrong.pk}/value": "+992 37 221 99 99",
        "answer:name_ru": "wrong",
        "remark": "We moved",
    }

    client.post(link, {**form_of(client, link), **answers})

    for contact in (right, wrong, silent):
        contact.refresh_from_db()
    assert [bool(contact.checked_on) for contact in (right, wrong, silent)] == [True, False, False]
    corrections = {(c.origin, c.fact, c.value_then, c.proposed, c.wrong) for c in Correction.objects.open()}
    assert corrections == {
        ("institution", f"contact/{wrong.pk}/value", "+992 372 21 0000", "+992 37 221 99 99", ""),
        ("institution", "name_ru", "Таджикфильм", "", ""),
        ("institution", "", "", "", "We moved"),
    }


def test_history_of_the_institution_tells_of_the_confirmation(client, institution, link):
    client.post(link, {**form_of(client, link), "all": "on"})

    revision = Version.objects.get_for_object(institution).first().revision
    assert (revision.user, "info@tajikfilm.example" in revision.comment) == (None, True)


def test_enter_sends_the_answers_and_not_that_everything_is_right(client, link):
    """Check that Enter does not confirm everything: browsers press the first button of a form for it."""
    first, *_others = html_page(client.get(link)).one("main").all("button")

    assert (first.text, "name" in first.attributes) == ("Send these answers", False)


def test_value_that_is_typed_counts_without_a_mark(client, institution, link):
    contact = institution.contacts.get()

    client.post(link, {**form_of(client, link), f"proposed:contact/{contact.pk}/value": "new@tajikfilm.example"})

    assert [(c.fact, c.proposed) for c in Correction.objects.all()] == [
        (f"contact/{contact.pk}/value", "new@tajikfilm.example")
    ]
    assert ConfirmationRequest.objects.get().wrong_count == 1


@pytest.mark.parametrize("typed", ["proposed", "remark"])
def test_everything_is_right_with_something_typed_is_asked_again_and_nothing_is_lost(client, institution, link, typed):
    contact = institution.contacts.get()
    reference = f"contact/{contact.pk}/value"
    name = "remark" if typed == "remark" else f"proposed:{reference}"

    response = client.post(link, {**form_of(client, link), "all": "on", name: "new@tajikfilm.example"})

    page = html_page(response)
    checked = {
        field.attributes["name"]: field.attributes["value"]
        for field in page.all("input", type="radio", checked="checked")
    }
    assert response.status_code == 409
    assert "You marked something as right and also typed a correction." in page.one("main").text
    assert "new@tajikfilm.example" in response.content.decode()
    assert checked[f"answer:{reference}"] == ("right" if typed == "remark" else "wrong")
    assert checked["answer:name_ru"] == "right"
    assert ConfirmationRequest.objects.get().answered_at is None

    client.post(link, {**form_of(client, link), **checked, name: "new@tajikfilm.example"})
    correction = Correction.objects.get()
    assert (correction.proposed or correction.wrong) == "new@tajikfilm.example"


def test_line_called_right_with_another_value_typed_is_asked_again(client, institution, link):
    reference = f"contact/{institution.contacts.get().pk}/value"
    answers = {f"answer:{reference}": "right", f"proposed:{reference}": "new@tajikfilm.example"}

    response = client.post(link, {**form_of(client, link), **answers})

    assert response.status_code == 409
    assert "You marked something as right and also typed a correction." in response.content.decode()
    assert institution.contacts.get().checked_on is None
    assert not Correction.objects.exists()


def test_empty_answer_is_asked_again(client, institution, link):
    response = client.post(link, form_of(client, link))

    assert response.status_code == 400
    assert "No line is answered yet." in response.content.decode()
    assert ConfirmationRequest.objects.get().answered_at is None


def test_contact_that_changed_since_the_page_was_shown_is_shown_again(client, institution, link):
    kept = institution.contacts.get()
    changed = create_contact(institution=institution, kind="phone")
    form = form_of(client, link)
    changed.value = "+992372219999"
    changed.save()
    answers = {
        f"answer:contact/{kept.pk}/value": "right",
        f"answer:contact/{changed.pk}/value": "right",
        "answer:name_ru": "wrong",
        "proposed:name_ru": "Тоджикфильм",
    }

    response = client.post(link, {**form, **answers})

    page = html_page(response)
    (line,) = page.all("fieldset", class_="changed-line")
    assert response.status_code == 409
    assert "+992 372 21 9999" in line.text
    assert page.one("input", name="proposed:name_ru").attributes["value"] == "Тоджикфильм"
    checked = [field.attributes["name"] for field in page.all("input", checked="checked")]
    assert sorted(checked) == sorted([f"answer:contact/{kept.pk}/value", "answer:name_ru"])
    assert not Correction.objects.exists()
    changed.refresh_from_db()
    assert changed.checked_on is None

    client.post(link, {**form_of(client, link), **answers})
    changed.refresh_from_db()
    assert changed.check_method == "institution"


def test_all_at_once_does_not_confirm_what_was_not_shown(client, institution, link):
    form = form_of(client, link)
    added = create_contact(institution=institution, kind="phone")

    client.post(link, {**form, "all": "on"})

    added.refresh_from_db()
    assert added.checked_on is None
    assert institution.contacts.get(kind="email").check_method == "institution"


def test_made_up_lines_are_ignored(client, institution, link):
    other = create_contact(institution=create_institution(name_en="Other"))
    data = {f"shown:contact/{other.pk}/value": other.shown_value, f"answer:contact/{other.pk}/value": "right"}

    assert client.post(link, data).status_code == 400
    other.refresh_from_db()
    assert other.checked_on is None


def test_letter_is_answered_once(client, institution, link):
    form = form_of(client, link)
    client.post(link, {**form, "all": "on"})

    again = client.post(link, {**form, "answer:name_ru": "wrong"})

    assert again.status_code == 200
    assert "This request was answered on" in again.content.decode()
    assert not Correction.objects.exists()


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
