"""Tests of the form by which an institution confirms, corrects and completes its entry."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone
from reversion.models import Version

from editors.inbox.deciding import accept
from exports.models import hashed
from harvest.models import Proposal, ProposalState
from harvest.proposing import Suggestion, propose
from records.checks import CheckMethod
from tests.factories import (
    create_city,
    create_contact,
    create_editor,
    create_institution,
    create_institution_name,
    create_person,
    create_position,
    create_stage,
)
from tests.html_page import html_page
from tests.visitors.corrections.sending import form_on
from visitors.corrections.models import ConfirmationRequest, Correction

pytestmark = pytest.mark.django_db

LINK = "/confirm/secret/"
UNCLEAR = "You marked something as right and also changed or added something."


@pytest.fixture
def institution():
    institution = create_institution(
        key="tj-tajikfilm", name_ru="Таджикфильм", founded="1930", city=create_city(), services=["laboratory"]
    )
    create_contact(institution=institution, kind="email", value="info@tajikfilm.tj")
    create_contact(institution=institution, kind="phone", value="+992372210000", department="reception")
    ask(institution)
    return institution


def ask(institution, key="secret", **fields):
    institution.confirmation_requests.create(secret_hash=hashed(key), addresses=["info@tajikfilm.tj"], **fields)


def answer(client, link=LINK, **typed):
    """Open the form, type, send it with the first button, and return the response. Dots in names are hyphens."""
    form = form_on(client.get(link))
    return send(client, form, link, **typed)


def send(client, form, link=LINK, **typed):
    typed = {name.replace("__", "-"): text for name, text in typed.items()}
    sent = {name: text for name, text in (form | typed).items() if text is not None}
    return client.post(link, sent)


def proposed():
    return {said(one.fact, one.row, **one.value) for one in Proposal.objects.open()}


def said(fact, row=None, **value):
    return fact, row, json.dumps(value, sort_keys=True, ensure_ascii=False)


def checked(institution):
    return {contact.kind: contact.check_method for contact in institution.contacts.all()}


def messages(response):
    return html_page(response).one("div", role="alert").text


def of(contact):
    return f"contact__{contact.pk}__"


# Confirming -----------------------------------------------------------------------------------------------------------


def test_one_button_confirms_every_contact_today_by_the_institution(client, institution):
    response = answer(client, all="on")

    checks = {(c.checked_on, c.check_method, c.checked_by) for c in institution.contacts.all()}
    assert checks == {(timezone.localdate().isoformat(), "institution", None)}
    assert response["Location"] == LINK
    page = html_page(client.get(LINK)).one("main")
    assert "2 contacts are confirmed." in page.text
    assert page.texts("li") == ["Telephone: +992 372 21 0000", "E-mail: info@tajikfilm.tj"]
    assert [*Correction.objects.all(), *Proposal.objects.all()] == []
    for prefix, words in [("", "confirmed by the institution"), ("/ru", "подтверждено самой организацией")]:
        assert words in client.get(f"{prefix}/institutions/tajikfilm/").content.decode()
    revision = Version.objects.get_for_object(institution).first().revision
    assert (revision.user, "info@tajikfilm.tj" in revision.comment) == (None, True)


def test_institution_without_contacts_can_say_that_all_is_right(client):
    institution = create_institution()
    for number, said in enumerate(["all", "rest"]):
        ask(institution, f"{number}")
        assert answer(client, f"/confirm/{number}/", **{said: "on"}).status_code == 302


def test_only_what_is_marked_right_is_confirmed(client, institution):
    email = institution.contacts.get(kind="email")

    answer(client, **{of(email) + "right": "on"})

    assert checked(institution) == {"email": "institution", "phone": ""}


def test_changes_are_sent_and_the_rest_confirmed_in_one_go(client, institution):
    phone = institution.contacts.get(kind="phone")

    answer(client, rest="on", **{of(phone) + "value": "(37) 221-99-99", "remark": "We moved"})

    assert checked(institution) == {"email": "institution", "phone": ""}
    value = {"kind": "phone", "value": "+992372219999", "department": "reception"}
    assert proposed() == {said("contact", phone.pk, **value)}
    (proposal,) = Proposal.objects.all()
    assert (proposal.origin, proposal.reasons, proposal.confidence) == ("institution", ["own-word"], 95)
    (correction,) = Correction.objects.all()
    assert (correction.origin, correction.wrong, correction.fact) == ("institution", "We moved", "")
    page = html_page(client.get(LINK)).one("main").text
    assert "2 corrections went to the editors." in page
    assert "Telephone: +992 372 21 0000 → +992 372 21 9999 · reception" in page
    assert "We moved" in page


def test_enter_sends_the_answers_and_not_that_everything_is_right(client, institution):
    """Check that Enter does not confirm everything: browsers press the first button of a form for it."""
    page = html_page(client.get(LINK))

    buttons = [b for b in page.all("button") if b.attributes.get("form") == "answer"] + list(
        page.one("form", id="answer").all("button")
    )
    assert (buttons[0].text, "name" in buttons[0].attributes) == ("Send these answers", False)


@pytest.mark.parametrize("typed", ["value", "remark", "new"])
def test_all_is_right_with_something_typed_is_asked_again_and_nothing_is_lost(client, institution, typed):
    email = institution.contacts.get(kind="email")
    name = {"value": of(email) + "value", "remark": "remark", "new": "new__phone__0__value"}[typed]
    text = "+992 37 221 99 99" if typed == "new" else "new@tajikfilm.tj"

    response = answer(client, all="on", **{name: text})

    assert (response.status_code, UNCLEAR in messages(response)) == (409, True)
    form = form_on(response)
    assert [form[name.replace("__", "-")], form["rest"]] == [text if typed == "remark" else [text], ["on"]]
    assert ConfirmationRequest.objects.get().answered_at is None
    assert send(client, form).status_code == 302
    assert checked(institution) == {"email": "" if typed == "value" else "institution", "phone": "institution"}


def test_line_called_right_or_gone_with_another_value_typed_is_asked_again(client, institution):
    email = institution.contacts.get(kind="email")
    for mark in ("right", "gone"):
        response = answer(client, **{of(email) + mark: "on", of(email) + "value": "new@tajikfilm.tj"})

        assert (response.status_code, UNCLEAR in messages(response)) == (409, True)
        assert f"contact-{email.pk}-{mark}" not in form_on(response)
    assert not Proposal.objects.exists()


def test_empty_answer_is_asked_again(client, institution):
    response = answer(client)

    assert (response.status_code, messages(response)) == (400, "Nothing is answered yet.")
    assert client.post(LINK, {"all": "on"}).status_code == 400
    assert ConfirmationRequest.objects.get().answered_at is None


# What changed meanwhile -----------------------------------------------------------------------------------------------


def test_line_that_changed_since_the_page_was_shown_is_shown_again(client, institution):
    email, phone = institution.contacts.get(kind="email"), institution.contacts.get(kind="phone")
    form = form_on(client.get(LINK))
    phone.value = "+992372219999"
    phone.save()
    marked = {of(email) + "right": "on", of(phone) + "right": "on", of(phone) + "department": "press"}

    response = send(client, form, record__name_ru="Тоджикфильм", **marked)

    (line,) = html_page(response).all("fieldset", class_="changed-line")
    again = form_on(response)
    assert (response.status_code, "+992 372 21 9999" in line.text) == (409, True)
    assert again[f"contact-{phone.pk}-value"] == ["+992 372 21 9999"]
    assert again[f"contact-{phone.pk}-department"] == ["press"]
    assert again["record-name_ru"] == ["Тоджикфильм"]
    assert (f"contact-{email.pk}-right" in again, f"contact-{phone.pk}-right" in again) == (True, False)
    assert not Proposal.objects.exists()

    send(client, again)
    value = {"kind": "phone", "value": "+992372219999", "department": "press"}
    assert proposed() == {said("contact", phone.pk, **value), said("names", name_ru="Тоджикфильм")}
    assert checked(institution) == {"email": "institution", "phone": ""}


def test_all_at_once_does_not_confirm_what_was_not_shown_or_has_changed(client, institution):
    form = form_on(client.get(LINK))
    create_contact(institution=institution, kind="fax")
    institution.founded = "1931"
    institution.save()

    assert send(client, form, all="on").status_code == 409
    institution.founded = "1930"
    institution.save()
    send(client, form, all="on")

    assert checked(institution) == {"email": "institution", "phone": "institution", "fax": ""}


def test_made_up_lines_are_ignored(client, institution):
    other = create_contact(institution=create_institution(name_en="Other"))
    data = {f"initial-contact-{other.pk}-value": other.shown_value, f"contact-{other.pk}-right": "on"}

    assert client.post(LINK, data).status_code == 400
    other.refresh_from_db()
    assert other.checked_on is None


# Correcting and completing --------------------------------------------------------------------------------------------


def test_everything_can_be_changed_and_completed(client, institution):
    post = create_position(
        institution=institution, person=create_person(name_en="Anna Berg", name_ru="Анна Берг"), since="2019"
    )
    stage = create_stage(institution=institution, name_en="Stage 1", area_m2=600)
    name = create_institution_name(institution=institution, text="TF", kind="acronym")
    email = institution.contacts.get(kind="email")

    response = answer(
        client,
        record__name_native="Тоҷикфилм",
        record__founded="1931-05",
        record__address_local="кӯчаи Бухоро 43",
        record__postal_code="734025",
        record__city="Хуҷанд",
        record__services=["laboratory", "dubbing"],
        record__status="active",
        record__description_ru="Первая\nкиностудия.",
        new__phone__0__value="(37) 221-99-99 доб. 12",
        new__phone__0__department_ru="приёмная",
        new__telegram__0__value="@tajikfilm",
        new__website__0__value="tajikfilm.tj",
        new__post__0__name_ru="Иван Иванов",
        new__post__0__title_ru="директор",
        new__post__0__since="2025",
        new__stage__0__name_en="Stage 2",
        new__stage__0__height_m="12,5",
        **{
            of(email) + "gone": "on",
            f"post__{post.pk}__gone": "on",
            f"post__{post.pk}__until": "2025",
            f"stage__{stage.pk}__area_m2": "650",
            f"name__{name.pk}__text": "TFS",
        },
    )

    assert response.status_code == 302
    head = {"name_en": "Anna Berg", "name_ru": "Анна Берг", "title_en": "Director", "since": "2019", "until": "2025"}
    new_head = {"name_ru": "Иван Иванов", "title_en": "Director", "title_ru": "директор", "since": "2025"}
    departments = {"department": "extension 12", "department_ru": "приёмная"}
    assert proposed() == {
        said("names", name_native="Тоҷикфилм", native_language="tg"),
        said("founded", founded="1931-05"),
        said("address", address_local="кӯчаи Бухоро 43"),
        said("postal_code", postal_code="734025"),
        said("city", city_en="Khujand", city_ru="Хуҷанд"),
        said("services", services=["laboratory", "dubbing"]),
        said("status", status="active"),
        said("description", description_ru="Первая киностудия."),
        said("contact", kind="phone", value="+992372219999", **departments),
        said("contact", kind="telegram", value="https://t.me/tajikfilm"),
        said("contact", kind="website", value="https://tajikfilm.tj"),
        said("contact", email.pk),
        said("head", **new_head),
        said("head", post.pk, **head),
        said("stage", name_en="Stage 2", height_m="12.5"),
        said("stage", stage.pk, name_en="Stage 1", area_m2="650"),
        said("name", name.pk, text="TFS", kind="acronym"),
    }
    assert not Correction.objects.exists()

    decided = accept([one.pk for one in Proposal.objects.all()], create_editor())
    assert (len(decided.done), decided.refused) == (17, [])
    ask(institution, "again")
    form = form_on(client.get("/confirm/again/"))
    shown = {text for texts in form.values() for text in texts}
    assert {"1931-05", "Тоҷикфилм", "кӯчаи Бухоро 43", "734025", "Khujand", "laboratory", "dubbing"} <= shown
    assert {"+992 372 21 9999", "приёмная", "https://t.me/tajikfilm", "Иван Иванов", "Stage 2", "12.5", "TFS"} <= shown
    assert not {"info@tajikfilm.tj", "Anna Berg"} & shown
    assert form[f"stage-{stage.pk}-area_m2"] == ["650"]


def test_what_no_proposal_can_say_becomes_a_correction(client, institution):
    phone = institution.contacts.get(kind="phone")
    post = create_position(institution=institution, person=create_person(name_en="Anna Berg"))

    answer(
        client,
        record__founded="",
        record__services=None,
        record__name_ru="«ТАДЖИКФИЛЬМ»",
        **{f"post__{post.pk}__name_en": "Anna Bergh", of(phone) + "department": ""},
    )

    assert proposed() == {said("contact", phone.pk, kind="phone", value="+992372210000")}
    assert {(c.record_kind, c.fact, c.value_then, c.proposed, c.wrong) for c in Correction.objects.all()} == {
        ("institution", "founded", "1930", "", ""),
        ("institution", "services", "laboratory", "", ""),
        ("institution", "name_ru", "Таджикфильм", "«ТАДЖИКФИЛЬМ»", ""),
        ("person", "name_en", "Anna Berg", "Anna Bergh", ""),
        ("institution", f"contact/{phone.pk}/value", "+992 372 21 0000", "", "Empty now: Department"),
    }


def test_another_name_in_a_post_is_somebody_else(client, institution):
    post = create_position(institution=institution, person=create_person(name_en="Anna Berg"), since="2019")

    answer(client, **{f"post__{post.pk}__name_en": "Peter Lang"})

    assert proposed() == {said("head", post.pk), said("head", name_en="Peter Lang", title_en="Director")}


WRONG = {
    "new-phone-0-value": ("12", "Write the number with +"),
    "new-email-0-value": ("info at home", "This is not an e-mail address."),
    "record-founded": ("long ago", "2019-05"),
    "new-post-0-title_en": ("Director", "Give the name of the person."),
    "new-stage-0-area_m2": ("-5", "greater than"),
    "new-stage-0-height_m": ("high", "Enter a number."),
    "record-name_ru": ("я" * 301, "300"),
    "record-name_en": ("Kino\x01", "U+0001"),
    "record-services": ("flying", "flying"),
}


def test_errors_stand_beside_the_boxes_and_nothing_is_lost(client, institution):
    response = answer(client, remark="We moved", **{box: typed for box, (typed, _told) in WRONG.items()})

    assert (response.status_code, messages(response)) == (400, "Please check the fields marked below. Nothing is lost.")
    assert [*Proposal.objects.all(), *Correction.objects.all()] == []
    page, form = html_page(response), form_on(response)
    described = {word for element in page.all() for word in element.attributes.get("aria-describedby", "").split()}
    for box, (typed, told) in WRONG.items():
        (beside,) = [error for error in page.all("ul", class_="errorlist") if told in error.text]
        assert beside.attributes["id"] in described
        assert form.get(box, [typed]) == [typed]
    assert form["remark"] == "We moved"


def test_further_line_and_other_language_keep_what_is_typed_and_store_nothing(client, institution):
    form = form_on(client.get(LINK)) | {"new-phone-1-value": "(37) 221-99-99", "remark": "Moved", "rest": "on"}

    response = client.post(f"/ru{LINK}", form | {"more": "phone"})

    again = form_on(response)
    assert (response.status_code, again["new-phone-1-value"], again["rest"]) == (200, ["(37) 221-99-99"], ["on"])
    assert (again["new-phone-2-value"], again["remark"]) == ([""], "Moved")
    assert ConfirmationRequest.objects.get().answered_at is None
    full = form_on(client.post(f"/ru{LINK}", form | {"more": "phone", "lines-phone": "20", "new-phone-19-value": "1"}))
    assert (full["new-phone-19-value"], "new-phone-20-value" in full) == (["1"], False)
    assert client.post(f"/ru{LINK}", form | {"more": "", "lines-phone": "9" * 4000}).status_code == 200


# Coming back ----------------------------------------------------------------------------------------------------------


def test_what_waits_is_shown_and_an_answer_is_whole(client, institution):
    phone = institution.contacts.get(kind="phone")
    first = {"new__phone__0__value": "(37) 221-99-99", "record__founded": "1931", of(phone) + "gone": "on"}
    answer(client, **first)
    before = proposed()
    ask(institution, "again")

    form = form_on(client.get("/confirm/again/"))
    page = html_page(client.get("/confirm/again/"))
    assert "Founding date: 1931" in page.section("waiting").text
    assert [form[name] for name in ("new-phone-0-value", "record-founded", f"contact-{phone.pk}-gone")] == [
        ["+992 372 21 9999"],
        ["1931"],
        ["on"],
    ]
    assert send(client, form, "/confirm/again/").status_code == 400, "nothing was added"
    send(client, form, "/confirm/again/", all="on", record__founded="1931")
    assert (proposed(), checked(institution)) == (before, {"email": "institution", "phone": ""})

    ask(institution, "third")
    answer(client, "/confirm/third/", record__founded="1930", new__phone__0__department="press")
    assert {(one.fact, one.state) for one in Proposal.objects.all()} == {
        ("founded", ProposalState.SUPERSEDED),
        ("contact", ProposalState.OPEN),
    }
    value = {"kind": "phone", "value": "+992372219999", "department": "press"}
    assert proposed() == {said("contact", **value), said("contact", phone.pk)}


def test_what_was_decided_comes_back_only_when_it_is_told_anew(client, institution):
    answer(client, new__phone__0__value="(37) 221-99-99", record__founded="1931")
    decided = {"state": ProposalState.DECLINED, "decided_at": timezone.now()}
    Proposal.objects.update(**decided)
    ask(institution, "again")

    answer(
        client,
        "/confirm/again/",
        new__phone__0__value="(37) 221-99-99",
        new__phone__0__department="press",
        record__founded="1931",
    )

    assert not Proposal.objects.open()
    assert [one.proposed for one in Correction.objects.all()] == ["+992 372 21 9999 · press"]


def test_contact_that_editors_hid_is_told_as_a_correction(client, institution):
    create_contact(institution=institution, kind="fax", value="+992372210001", is_public=False)

    answer(client, new__fax__0__value="(37) 221-00-01", new__email__0__value="info@tajikfilm.tj")

    assert ([*Proposal.objects.all()], Correction.objects.get().proposed) == ([], "+992 372 21 0001")


def test_own_word_takes_the_place_of_what_others_proposed(client, institution):
    propose(institution, [Suggestion("founded", {"founded": "1931"}, reasons=("same-identifier",))], "wikidata")

    answer(client, record__founded="1931")

    (proposal,) = Proposal.objects.all()
    assert (proposal.origin, proposal.licence, proposal.confidence) == ("institution", "", 95)
    assert set(proposal.reasons) == {"own-word", "differs", "several-origins"}


def test_answer_by_domain_says_so_and_names_nobody_withheld(client, institution):
    create_person(name_en="Olga Lang", withheld=True, publication_state="archived")
    ConfirmationRequest.objects.update(occasion="domain")

    answer(client, new__post__0__name_en="Lang Olga", record__founded="1931")

    assert [(one.fact, one.reasons) for one in Proposal.objects.all()] == [
        ("founded", ["own-word", "own-domain", "differs"])
    ]


def test_letter_is_answered_once_and_one_that_was_asked_for_ends_sooner(client, institution):
    form = form_on(client.get(LINK))
    send(client, form, all="on")
    again = send(client, form, record__founded="1931")
    assert "This request was answered on" in again.content.decode()
    assert not Proposal.objects.exists()

    ask(institution, "asked", occasion="published", sent_at=timezone.now() - timedelta(days=15))
    gone = client.get("/confirm/asked/")
    assert (gone.status_code, "worked for 14 days" in gone.content.decode()) == (410, True)
    assert not institution.contacts.exclude(check_method=CheckMethod.INSTITUTION).exists()
