"""Tests of two editors with the same record open: no change and no input is lost."""

import threading

import pytest
import reversion
from django.contrib import admin
from django.db import connection
from django.test import Client

from editors.forms.submissions import merge_with_stored, submission_of
from institutions.models import Institution, InstitutionContact, Stage
from tests.admin_forms import open_form, page, posted, send_form
from tests.factories import (
    add_second_factor,
    create_city,
    create_contact,
    create_country,
    create_editor,
    create_film,
    create_institution,
    create_institution_name,
    create_person,
    create_position,
    create_programme,
    create_source,
    create_stage,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine(client):
    client.force_login(create_editor(username="me"))
    return client


@pytest.fixture
def theirs():
    client = Client()
    client.force_login(create_editor(username="colleague"))
    return client


def change_page(record):
    return page(type(record), "change", record.pk)


def sent(data, **changes):
    return {name: value for name, value in (data | changes).items() if value is not None}


def opened(client, record):
    """Return what a browser sends for the record's form at this moment."""
    return posted(open_form(client, change_page(record)))


def store(client, record, **changes):
    """Save a record as another editor, from opening the form to storing it."""
    response = client.post(change_page(record), sent(opened(client, record), **changes))
    assert response.status_code == 302
    return response


def overlaps(response):
    return [(each.label, each.stored, each.typed) for each in response.context["conflict"].overlaps]


def taken_over(response):
    return [(each.label, each.stored) for each in response.context["conflict"].taken_over]


def changes_told(response):
    return response.context["conflict"].changes


# Fields of the record ------------------------------------------------------------------------------------------------


def test_second_to_save_gets_the_form_back_with_both_values_and_the_names(mine, theirs):
    studio = create_institution(name_en="Tajikfilm", description_en="Old.")
    form = opened(mine, studio)
    store(theirs, studio, name_en="Tojikfilm")

    response = mine.post(change_page(studio), sent(form, name_en="Tajik Film"))

    html = response.content.decode()
    studio.refresh_from_db()
    assert response.status_code == 409
    assert studio.name_en == "Tojikfilm"
    assert overlaps(response) == [("English name", "Tojikfilm", "Tajik Film")]
    assert response.context["adminform"].form["name_en"].value() == "Tajik Film"
    assert "colleague" in html
    assert "Changed English name." in html
    assert "Changed while you had it open" in html
    assert "Nothing is saved yet" in html


def test_field_that_only_they_changed_is_taken_over_and_saving_again_keeps_both(mine, theirs):
    studio = create_institution(name_en="Tajikfilm", description_en="Old.", services=["dubbing"])
    form = opened(mine, studio)
    store(theirs, studio, description_en="Theirs.", services=["animation", "dubbing"], country=studio.country_id)

    response = send_form(mine, change_page(studio), sent(form, name_en="Tojikfilm"))
    assert response.status_code == 409
    assert overlaps(response) == []
    assert ("Description", "Theirs.") in taken_over(response)

    response = send_form(mine, change_page(studio), sent(posted(response)))

    studio.refresh_from_db()
    assert response.status_code == 302
    assert (studio.name_en, studio.description_en) == ("Tojikfilm", "Theirs.")
    assert sorted(studio.services) == ["animation", "dubbing"]


@pytest.mark.parametrize(("choice", "stored"), [("typed", "Mine."), ("stored", "Theirs."), (None, "Mine.")])
def test_where_both_changed_the_editor_chooses(mine, theirs, choice, stored):
    studio = create_institution(description_en="Old.")
    form = opened(mine, studio)
    store(theirs, studio, description_en="Theirs.")
    response = send_form(mine, change_page(studio), sent(form, description_en="Mine."))
    (overlap,) = response.context["conflict"].overlaps

    response = send_form(mine, change_page(studio), sent(posted(response), **{overlap.choice: choice}))

    studio.refresh_from_db()
    assert response.status_code == 302
    assert studio.description_en == stored


def test_stored_empty_value_can_be_chosen(mine, theirs):
    studio = create_institution(description_en="Old.", name_ru="Таджикфильм")
    form = opened(mine, studio)
    store(theirs, studio, description_en=None, name_ru="")
    response = send_form(mine, change_page(studio), sent(form, description_en="Mine.", name_ru="Моя"))
    choices = {overlap.choice: "stored" for overlap in response.context["conflict"].overlaps}
    assert len(choices) == 2

    send_form(mine, change_page(studio), sent(posted(response), **choices))

    studio.refresh_from_db()
    assert (studio.description_en, studio.name_ru) == ("", "")


def test_third_change_in_between_is_caught_again(mine, theirs):
    studio = create_institution(description_en="Old.")
    form = opened(mine, studio)
    store(theirs, studio, description_en="Theirs.")
    response = send_form(mine, change_page(studio), sent(form, description_en="Mine."))
    store(theirs, studio, description_en="Theirs again.")

    response = send_form(mine, change_page(studio), sent(posted(response)))

    assert response.status_code == 409
    assert overlaps(response) == [("Description", "Theirs again.", "Mine.")]


def test_the_same_change_by_both_is_no_conflict_of_values(mine, theirs):
    studio = create_institution(description_en="Old.")
    form = opened(mine, studio)
    store(theirs, studio, description_en="Same.")

    response = send_form(mine, change_page(studio), sent(form, description_en="Same."))

    assert response.status_code == 409
    assert (overlaps(response), taken_over(response)) == ([], [])


def test_errors_and_typed_text_survive_a_conflict_together(mine, theirs):
    studio = create_institution(description_en="Old.")
    form = opened(mine, studio)
    store(theirs, studio, description_en="Theirs.")

    response = send_form(mine, change_page(studio), sent(form, founded="long ago", postal_code="734025"))

    form = response.context["adminform"].form
    assert response.status_code == 409
    assert list(form.errors) == ["founded", "__all__"]
    assert (form["founded"].value(), form["postal_code"].value()) == ("long ago", "734025")


def test_form_with_an_error_keeps_the_state_with_which_it_was_opened(mine, theirs):
    studio = create_institution(description_en="Old.")
    response = send_form(mine, change_page(studio), sent(opened(mine, studio), founded="long ago"))
    assert response.status_code == 200
    store(theirs, studio, description_en="Theirs.")

    response = send_form(mine, change_page(studio), sent(posted(response), founded="1930"))

    assert response.status_code == 409
    assert taken_over(response) == [("Description", "Theirs.")]


@pytest.mark.parametrize("token", [None, "altered", "of another record"])
def test_form_that_does_not_say_with_what_it_was_opened_overwrites_nothing(mine, token):
    studio = create_institution(description_en="Stored.")
    if token == "of another record":
        token = opened(mine, create_institution(name_en="Other"))["opened_state"]

    response = send_form(
        mine, change_page(studio), sent(opened(mine, studio), description_en="Mine.", opened_state=token)
    )

    studio.refresh_from_db()
    assert response.status_code == 409
    assert overlaps(response) == [("Description", "Stored.", "Mine.")]
    assert studio.description_en == "Stored."
    assert send_form(mine, change_page(studio), sent(posted(response))).status_code == 302


def test_change_by_a_program_is_called_that(mine):
    studio = create_institution(description_en="Old.")
    form = opened(mine, studio)
    Institution.objects.update(description_en="Imported.")

    response = mine.post(change_page(studio), sent(form, description_en="Mine."))

    assert response.status_code == 409
    assert "an import or a program" in response.content.decode()


def test_all_that_others_did_meanwhile_is_told_the_newest_first_and_not_how_they_found_it(mine, theirs):
    """Check that the state before the first save, which the history stores as well, is nobody's change."""
    studio = create_institution(name_en="Tajikfilm")
    form = opened(mine, studio)
    store(theirs, studio, name_en="Tojikfilm")
    with reversion.create_revision():
        studio.refresh_from_db()
        studio.description_en = "Imported."
        studio.save()
        reversion.set_comment("From a list.")

    response = send_form(mine, change_page(studio), sent(form, name_en="Tajik Film"))

    told = [(revision.user and revision.user.username, revision.get_comment()) for revision in changes_told(response)]
    assert told == [(None, "From a list."), ("colleague", "Changed English name.")]


def test_conflict_is_told_in_the_editor_s_language(mine):
    studio = create_institution(description_en="Old.")
    address = "/ru" + change_page(studio)
    form = posted(open_form(mine, address))
    Institution.objects.update(description_en="Imported.")

    response = mine.post(address, sent(form, description_en="Mine."))

    assert "Изменено, пока форма была открыта" in response.content.decode()


@pytest.mark.parametrize(
    ("create", "changes", "mine_too"),
    [
        (create_person, {"form_of_address_en": "Mr"}, {"remarks_en": "Mine."}),
        (lambda: create_programme(partners=["One"]), {"partners": "One\nTwo"}, {"summary_en": "Mine."}),
        (lambda: create_film(directors=["Olga Lang"]), {"year": "2025"}, {"summary_en": "Mine."}),
        (create_country, {"film_law_en": "Law"}, {"remarks_en": "Mine."}),
        (create_city, {"latitude": "38.5", "longitude": "68.7"}, {"name_ru": "Душанбе"}),
        (lambda: create_source(accessed_on="2026-01-02"), {"accessed_on": "2026-02-03"}, {"note": "Mine."}),
        (create_stage, {"area_m2": "600"}, {"note_en": "Mine."}),
        (lambda: create_contact(), {"department": "Press"}, {"note": "Mine."}),
        (create_position, {"since": "2019"}, {"title_ru": "Директор"}),
    ],
)
def test_every_kind_of_form_notices_and_keeps_both(mine, theirs, create, changes, mine_too):
    record = create()
    form = opened(mine, record)
    store(theirs, record, **changes)

    response = send_form(mine, change_page(record), sent(form, **mine_too))
    assert response.status_code == 409
    assert len(taken_over(response)) == len(changes)
    assert send_form(mine, change_page(record), sent(posted(response))).status_code == 302

    kept = opened(mine, record)
    assert {name: str(kept[name]) for name in changes | mine_too} == changes | mine_too | {
        name: f"{value}000" if name in ("latitude", "longitude") else value for name, value in changes.items()
    }


@pytest.mark.parametrize(
    "record",
    [
        lambda: create_institution(
            **{"services": ["dubbing", "animation"], "identifiers": {"ogrn": "1027700167450"}, "founded": "1930-05"},
            description_en=" Two lines\r\nand spaces \n",
        ),
        lambda: create_programme(partners=["Ministry of Culture, Sport"], rate_percent=30, cap=5, currency="USD"),
        lambda: create_source(accessed_on="2026-01-02", published_on="2025"),
    ],
)
def test_form_that_nobody_else_touched_is_saved(mine, record):
    record = record()
    response = send_form(mine, change_page(record), sent(opened(mine, record)))

    assert response.status_code == 302


def test_form_with_more_than_a_thousand_fields_is_saved(mine):
    """Check that a record with a hundred rows can be saved: Django's own limit is a thousand fields."""
    studio = create_institution()
    form = sent(opened(mine, studio), description_en="A studio.") | {f"empty-{number}": "" for number in range(1_500)}

    response = mine.post(change_page(studio), form)

    studio.refresh_from_db()
    assert (response.status_code, studio.description_en) == (302, "A studio.")


# Rows ----------------------------------------------------------------------------------------------------------------


def row(response, prefix, text):
    """Return the index of the row that shows this text in the returned form."""
    data = posted(response)
    return next(name.split("-")[1] for name, value in data.items() if name.startswith(f"{prefix}-") and value == text)


def test_rows_that_others_added_changed_and_removed_are_kept_so(mine, theirs):
    studio = create_institution()
    first = create_contact(institution=studio, value="a@example.org")
    create_contact(institution=studio, value="b@example.org")
    form = opened(mine, studio)
    their_form = opened(theirs, studio)
    store(
        theirs,
        studio,
        **{
            "contacts-0-department": "Press",
            "contacts-1-DELETE": "on",
            "contacts-TOTAL_FORMS": their_form["contacts-TOTAL_FORMS"] + 1,
            "contacts-2-kind": "email",
            "contacts-2-value": "c@example.org",
            "contacts-2-is_public": "on",
            "contacts-2-order": "0",
        },
    )

    response = send_form(mine, change_page(studio), sent(form, description_en="Mine."))
    assert response.status_code == 409
    assert [label for label, _stored in taken_over(response)] == [
        "Contact of an institution: a@example.org · Department",
        "Contact of an institution: c@example.org",
        "Contact of an institution",
    ]
    assert send_form(mine, change_page(studio), sent(posted(response))).status_code == 302

    first.refresh_from_db()
    studio.refresh_from_db()
    assert (first.department, studio.description_en) == ("Press", "Mine.")
    assert sorted(studio.contacts.values_list("value", flat=True)) == ["a@example.org", "c@example.org"]


def test_row_that_they_removed_and_i_changed_is_offered_as_a_new_one(mine, theirs):
    studio = create_institution()
    create_contact(institution=studio, value="a@example.org")
    form = opened(mine, studio)
    store(theirs, studio, **{"contacts-0-DELETE": "on"})

    response = send_form(mine, change_page(studio), sent(form, **{"contacts-0-department": "Press"}))
    assert response.status_code == 409
    assert len(overlaps(response)) == 1
    assert InstitutionContact.objects.count() == 0
    send_form(mine, change_page(studio), sent(posted(response)))

    assert list(studio.contacts.values_list("value", "department")) == [("a@example.org", "Press")]


def test_row_that_they_removed_and_i_changed_can_be_let_go(mine, theirs):
    studio = create_institution()
    create_contact(institution=studio, value="a@example.org")
    form = opened(mine, studio)
    store(theirs, studio, **{"contacts-0-DELETE": "on"})
    response = send_form(mine, change_page(studio), sent(form, **{"contacts-0-department": "Press"}))
    (overlap,) = response.context["conflict"].overlaps

    response = send_form(mine, change_page(studio), sent(posted(response), **{overlap.choice: "stored"}))

    assert response.status_code == 302
    assert not studio.contacts.exists()


@pytest.mark.parametrize(("choice", "left"), [("typed", []), ("stored", [("a@example.org", "Press")])])
def test_row_that_i_removed_and_they_changed_is_a_choice(mine, theirs, choice, left):
    studio = create_institution()
    create_contact(institution=studio, value="a@example.org")
    form = opened(mine, studio)
    store(theirs, studio, **{"contacts-0-department": "Press"})
    response = send_form(mine, change_page(studio), sent(form, **{"contacts-0-DELETE": "on"}))
    assert response.status_code == 409
    (overlap,) = response.context["conflict"].overlaps
    assert (overlap.stored, overlap.typed) == ("changed: Department", "removed")

    response = send_form(mine, change_page(studio), sent(posted(response), **{overlap.choice: choice}))

    assert response.status_code == 302
    assert list(studio.contacts.values_list("value", "department")) == left


def test_field_of_a_row_that_both_changed_is_a_choice(mine, theirs):
    studio = create_institution()
    name = create_institution_name(institution=studio, text="Old")
    form = opened(mine, studio)
    store(theirs, studio, **{"other_names-0-text": "Theirs"})
    response = send_form(mine, change_page(studio), sent(form, **{"other_names-0-text": "Mine"}))
    (overlap,) = response.context["conflict"].overlaps
    assert (overlap.stored, overlap.typed, overlap.opened) == ("Theirs", "Mine", "Old")

    send_form(mine, change_page(studio), sent(posted(response), **{overlap.choice: "stored"}))

    name.refresh_from_db()
    assert name.text == "Theirs"


def test_rows_that_i_added_stay_after_theirs(mine, theirs):
    studio = create_institution()
    form = opened(mine, studio)
    new = {"stages-TOTAL_FORMS": 1, "stages-0-order": "0"}
    store(theirs, studio, **new, **{"stages-0-name_en": "Theirs"})

    response = send_form(mine, change_page(studio), sent(form, **new, **{"stages-0-name_en": "Mine"}))
    assert response.status_code == 409
    assert send_form(mine, change_page(studio), sent(posted(response))).status_code == 302

    assert sorted(Stage.objects.values_list("name_en", flat=True)) == ["Mine", "Theirs"]


def test_row_changed_on_its_own_page_counts_in_the_form_of_the_record(mine, theirs):
    studio = create_institution()
    contact = create_contact(institution=studio)
    form = opened(mine, studio)
    store(theirs, contact, department="Press")

    response = mine.post(change_page(studio), sent(form, **{"contacts-0-department": "Export"}))

    assert response.status_code == 409
    assert overlaps(response) == [("Contact of an institution: info@example.org · Department", "Press", "Export")]
    assert "colleague" in response.content.decode()


def test_relations_are_told_by_name(mine, theirs):
    one, two, three = (create_institution(name_en=name) for name in ["One", "Two", "Three"])
    form = opened(mine, one)
    store(theirs, one, parent=two.pk)

    response = send_form(mine, change_page(one), sent(form, parent=three.pk))

    assert overlaps(response) == [("Part of", "Two", "Three")]


# Actions, checks, deletions ------------------------------------------------------------------------------------------


def test_archiving_meanwhile_counts(mine, theirs):
    studio = create_institution()
    form = opened(mine, studio)
    theirs.post(page(Institution, "changelist"), {"action": "archive", "_selected_action": [studio.pk]})

    response = send_form(mine, change_page(studio), sent(form, description_en="Mine."))
    assert taken_over(response) == [("Publication", "archived")]
    send_form(mine, change_page(studio), sent(posted(response)))

    studio.refresh_from_db()
    assert (studio.publication_state, studio.description_en) == ("archived", "Mine.")


def test_confirming_a_contact_meanwhile_disturbs_nobody(mine, theirs):
    studio = create_institution()
    contact = create_contact(institution=studio)
    form = opened(mine, studio)
    check = {"contacts": str(contact.pk), "method": "telephone", "checked_on": "2025-02-03"}
    assert theirs.post(page(InstitutionContact, "confirm"), check).status_code == 302

    response = send_form(
        mine, change_page(studio), sent(form, name_en="Tojikfilm", **{"contacts-0-department": "Press"})
    )

    contact.refresh_from_db()
    assert response.status_code == 302
    assert (contact.checked_on, contact.department) == ("2025-02-03", "Press")


def test_action_from_the_form_needs_no_state(mine):
    studio = create_institution()
    create_contact(institution=studio)
    data = {"CHANGE_FORM-action": "confirm_contacts", "_selected_action": [studio.pk]}

    assert send_form(mine, change_page(studio), data).status_code == 200


def test_record_deleted_meanwhile_shows_what_was_typed(mine, admin_client):
    studio = create_institution()
    form = opened(mine, studio)
    new = {"contacts-TOTAL_FORMS": 1, "contacts-0-kind": "email", "contacts-0-value": "typed@example.org"}
    admin_client.post(page(Institution, "delete", studio.pk), {"post": "yes"})

    response = mine.post(change_page(studio), sent(form, description_en="Typed text.", **new))

    html = response.content.decode()
    assert response.status_code == 410
    assert "Typed text." in html
    assert "typed@example.org" in html
    assert "by admin" in html
    assert not Institution.objects.exists()


@pytest.mark.parametrize("address", ["999999", "nonsense"])
def test_form_of_no_record_is_refused_clearly(mine, address):
    response = mine.post(page(Institution, "change", address), {"name_en": "Typed"})

    assert response.status_code == 410
    assert "Typed" in response.content.decode()


def test_somebody_without_permission_learns_nothing_of_a_conflict(client, django_user_model):
    studio = create_institution()
    client.force_login(add_second_factor(django_user_model.objects.create_user("helper", is_staff=True)))

    assert client.post(change_page(studio), {"name_en": "Mine"}).status_code == 403
    assert client.post(page(Institution, "change", 999999), {"name_en": "Mine"}).status_code in (302, 403)


@pytest.mark.parametrize("contact_count", [1, 3])
def test_conflict_is_found_at_a_fixed_number_of_queries(mine, rf, contact_count, django_assert_num_queries):
    studio = create_institution()
    for number in range(contact_count):
        create_contact(institution=studio, value=f"a{number}@example.org")
    request = rf.post(change_page(studio), sent(opened(mine, studio), description_en="Mine."))
    request.user = create_editor(username="of the request")
    Institution.objects.update(description_en="Imported.")
    InstitutionContact.objects.update(department="Imported")
    studio = Institution.objects.get()

    with django_assert_num_queries(10):
        merge_with_stored(admin.site.get_model_admin(Institution), request, studio)

    assert len(submission_of(request).conflict.taken_over) == contact_count


# Two at the same moment ----------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("of", ["record", "row and record"])
def test_of_two_saves_at_the_same_moment_only_one_wins(of):
    studio = create_institution(name_en="Tajikfilm")
    contact = create_contact(institution=studio)
    editors = [create_editor(username=name) for name in ("one", "two")]
    pages = [(studio, "description_en"), (studio, "description_en")]
    if of == "row and record":
        pages = [(contact, "department"), (studio, "contacts-0-department")]
    clients, forms = [], []
    for editor, (record, field) in zip(editors, pages, strict=True):
        client = Client()
        client.force_login(editor)
        clients.append(client)
        forms.append(sent(opened(client, record), **{field: f"By {editor.username}"}))
    barrier, answers = threading.Barrier(2), {}

    def save(number):
        try:
            barrier.wait()
            answers[number] = clients[number].post(change_page(pages[number][0]), forms[number]).status_code
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=[number]) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers.values()) == [302, 409]
    winner = next(number for number, answer in answers.items() if answer == 302)
    contact.refresh_from_db()
    studio.refresh_from_db()
    assert f"By {editors[winner].username}" in (studio.description_en, contact.department)
