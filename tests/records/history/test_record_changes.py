"""Tests of the public line about the last changes on a record's page."""

import pytest
import reversion
from django.utils import translation

from editors.withholding.withhold import withhold
from institutions.models import Institution, InstitutionContact, Studio
from people.models import Position
from records.history.entries import rows_of
from records.history.models import RecordChange
from records.history.public_facts import names_of_fields
from records.kinds import kinds, row_kinds
from tests.admin_forms import page, save
from tests.factories import (
    create_contact,
    create_country,
    create_editor,
    create_event,
    create_film,
    create_institution,
    create_institution_name,
    create_person,
    create_position,
    create_programme,
    create_source,
    create_stage,
)
from tests.html_page import html_page
from tests.public_history import note, one_revision

pytestmark = pytest.mark.django_db

# Neither on a page nor in a file, or not a fact about the record.
PRIVATE = {"id", "key", "slug", "publication_state", "editors_note", "withheld", "latitude", "longitude"}
PRIVATE |= {"order", "seat", "note", "is_public", "code"}


@pytest.fixture
def desk(client):
    client.force_login(create_editor())
    return client


def save_form(desk, record, **changes):
    assert save(desk, page(type(record), "change", record.pk), **changes).status_code == 302


def change(record, **fields):
    """Store fields as a form does, without the form."""
    with one_revision(record):
        type(record).objects.filter(pk=record.pk).update(**fields)


def lines(record):
    return [
        "published" if each.is_publication else ", ".join(each.facts)
        for each in RecordChange.objects.of_record(record).newest_first()
    ]


# What counts ---------------------------------------------------------------------------------------------------------


def test_every_field_that_editors_fill_in_is_either_public_or_private():
    for public in kinds().values():
        model = public.model
        fields = {field.name for field in [*model._meta.fields, *model._meta.many_to_many] if field.editable}
        # Rows of a model of its own say these.
        through = {
            field.name for field in model._meta.many_to_many if not field.remote_field.through._meta.auto_created
        }
        assert fields - PRIVATE - through == public.facts.keys() - PRIVATE - through
        assert set(model.facts.fact_of_field) <= fields


def test_every_kind_of_row_is_known():
    for public in kinds().values():
        for row_model, foreign_key in rows_of(public.model):
            row = row_kinds()[row_model._meta.label_lower]
            assert foreign_key in row.facts
            assert set(names_of_fields(row_model)) <= {field.name for field in row_model._meta.fields}
            assert row.facts[foreign_key] in public.fact_labels


def test_changed_names_and_contacts_make_one_line(desk):
    studio = create_institution(name_en="Tajikfilm")
    create_contact(institution=studio)

    save_form(desk, studio, name_ru="Таджикфильм", **{"contacts-0-value": "new@example.org"})

    noted = RecordChange.objects.get()
    assert (noted.record_kind, noted.record_key, noted.facts) == ("institution", "tajikfilm", ["names", "contacts"])
    assert (noted.country_codes, noted.is_publication) == (["TJ"], False)


def test_rows_and_fields_are_told_by_their_facts(desk):
    studio = create_institution()
    contact = create_contact(institution=studio)

    with one_revision(studio):
        create_institution_name(institution=studio, text="Tojikfilm", kind="short")
    with one_revision(studio):
        create_stage(institution=studio)
    with one_revision(studio):
        contact.delete()
    change(studio, services=["dubbing"], founded="1930")
    change(studio, remarks_en="Two pages differ.")

    assert lines(studio) == ["notes", "founded, services", "contacts", "stages", "names"]


def test_what_the_public_does_not_see_makes_no_line(desk):
    studio = create_institution()
    create_contact(institution=studio, value="a@example.org")
    create_contact(institution=studio, value="private@example.org", is_public=False)

    save_form(desk, studio)
    save_form(
        desk,
        studio,
        **{"editors_note": "Secret.", "slug": "another-address"},
        **{"contacts-0-note": "Secret.", "contacts-0-order": "3", "contacts-1-value": "new-private@example.org"},
    )
    with one_revision(studio):
        studio.contacts.filter(is_public=False).delete()

    assert lines(studio) == []


def test_contact_that_becomes_public_makes_a_line():
    studio = create_institution()
    create_contact(institution=studio, is_public=False)

    with one_revision(studio):
        studio.contacts.update(is_public=True)

    assert lines(studio) == ["contacts"]


def test_confirming_a_contact_makes_no_line(desk):
    contact = create_contact()
    check = {"contacts": str(contact.pk), "method": "telephone", "checked_on": "2025-02-03"}

    desk.post(page(InstitutionContact, "confirm"), check)

    assert not RecordChange.objects.exists()


@pytest.mark.parametrize("state", ["draft", "archived"])
def test_record_that_is_not_published_makes_no_line(state):
    studio = create_institution(publication_state=state)

    change(studio, description_en="Secret.")

    assert not RecordChange.objects.exists()


def test_publishing_is_told_as_that_and_archiving_not_at_all(desk):
    studio = create_institution(publication_state="draft", country=create_country(code="AM"))
    for action in ["publish", "archive", "publish"]:
        desk.post(page(Institution, "changelist"), {"action": action, "_selected_action": [studio.pk]})

    assert lines(studio) == ["published", "published"]
    assert RecordChange.objects.first().country_codes == ["AM"]


def test_new_published_record_is_told_as_published_and_a_draft_not(desk):
    country = create_country()
    for state in ("published", "draft"):
        save(desk, page(Studio, "add"), name_en=f"A {state}", country=country.pk, publication_state=state)

    assert [change.record_key for change in RecordChange.objects.all()] == ["tj-a-published"]
    assert RecordChange.objects.get().is_publication


def test_post_changes_the_pages_of_person_and_institution(desk):
    position = create_position()

    save_form(desk, position.institution, **{"positions-0-until": "2025"})

    assert lines(position.institution) == ["positions"]
    assert lines(position.person) == ["positions"]


def test_new_post_on_its_own_page_counts_for_both(desk):
    person, studio = create_person(), create_institution()

    response = save(
        desk, page(Position, "add"), person=person.pk, institution=studio.pk, title_en="Director", role="head"
    )

    assert response.status_code == 302
    assert (lines(person), lines(studio)) == (["positions"], ["positions"])


@pytest.mark.parametrize("hidden", [{"publication_state": "draft"}, {"publication_state": "archived"}])
def test_post_of_a_hidden_person_is_not_told(hidden):
    studio = create_institution()
    position = create_position(person=create_person(**hidden), institution=studio)

    with one_revision(studio):
        studio.positions.update(title_en="Secret post")
    change(position, until="2025")

    assert not RecordChange.objects.exists()


def test_post_that_is_not_public_is_not_told():
    position = create_position(is_public=False)
    create_contact(position=position)

    with one_revision(position):
        position.contacts.update(value="secret@example.org")
        Position.objects.update(since="2019")

    assert not RecordChange.objects.exists()


def test_relation_to_a_draft_is_not_told():
    studio = create_institution()
    draft = create_institution(name_en="Secret", publication_state="draft")

    change(studio, parent=draft)

    assert not RecordChange.objects.exists()


@pytest.mark.parametrize(
    ("create", "changes", "facts", "codes"),
    [
        (create_person, {"remarks_en": "Two."}, "notes", []),
        (create_country, {"film_law_en": "Law"}, "film_law", ["TJ"]),
        (create_event, {"start": "2026-05"}, "start", []),
        (lambda: create_programme(country=create_country()), {"rate_percent": 30}, "rate_percent", ["TJ"]),
        (
            lambda: create_film(countries=[create_country(), create_country(code="AM")]),
            {"year": 2026},
            "year",
            ["AM", "TJ"],
        ),
    ],
)
def test_every_kind_of_record_has_lines(create, changes, facts, codes):
    record = create()

    change(record, **changes)

    assert lines(record) == [facts]
    assert RecordChange.objects.get().country_codes == codes


def test_first_version_of_an_imported_record_is_no_change(desk):
    position = create_position()
    create_contact(institution=position.institution)

    save_form(desk, position.institution)
    save_form(desk, position.person)

    assert not RecordChange.objects.exists()


def test_change_by_a_program_without_history_is_told_at_the_next_revision():
    studio = create_institution()
    change(studio, founded="1929")
    RecordChange.objects.all().delete()
    Institution.objects.update(founded="1930")

    change(studio, description_en="A studio.")

    assert lines(studio) == ["description", "founded"]


def test_undoing_a_change_is_a_change(desk):
    studio = create_institution(description_en="First.")
    change(studio, description_en="Second.")
    first = reversion.models.Version.objects.get_for_object(studio).last()

    save(desk, page(Institution, "revision", studio.pk, first.pk))

    assert lines(studio) == ["description", "description"]


def test_withholding_erases_the_lines_of_the_person():
    person = create_person()
    change(person, remarks_en="Two.")
    assert lines(person)

    withhold(person, reason="letter")

    assert not RecordChange.objects.exists()


def test_lines_are_public_only_while_the_record_is():
    studio, country = create_institution(), create_country(code="AM")
    change(studio, founded="1930")
    change(country, film_law_en="Law")
    assert RecordChange.objects.public().count() == 2

    Institution.objects.update(publication_state="archived")

    assert [change.record_kind for change in RecordChange.objects.public()] == ["country"]


def test_lines_follow_a_record_into_another():
    old, new = create_institution(name_en="Old"), create_institution(name_en="New")
    change(old, founded="1930")

    RecordChange.objects.move("institution", old.key, new.key)

    assert (lines(old), lines(new)) == ([], ["founded"])


@pytest.mark.parametrize("record_count", [1, 3])
def test_noting_takes_a_fixed_number_of_queries(desk, record_count, django_assert_num_queries):
    studio = create_institution()
    for number in range(record_count):
        create_contact(institution=studio, value=f"a{number}@example.org")
        create_position(institution=studio, title_en=f"Post {number}", person=create_person(name_en=f"No{number} Body"))
    save_form(desk, studio)
    versions = list(reversion.models.Version.objects.all())
    revision = versions[0].revision
    newest = [version for version in versions if version.revision_id == revision.pk]

    with django_assert_num_queries(4):
        reversion.signals.post_revision_commit.send(sender=None, revision=revision, versions=newest)


# On the page ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("prefix", "newest", "older", "label"),
    [
        ("", "Changed on 24 November 2026: names, contacts", "Published here on 1 May 2026", "Earlier changes"),
        ("/ru", "Изменено 24 ноября 2026: ", "Опубликовано здесь: 1 мая 2026", "Предыдущие изменения"),
    ],
)
def test_page_says_what_changed_in_the_reader_s_language(client, prefix, newest, older, label):
    studio = create_institution()
    note = {"record_kind": "institution", "record_key": studio.key}
    RecordChange.objects.create(**note, changed_at="2026-05-01T10:00Z", is_publication=True)
    RecordChange.objects.create(**note, changed_at="2026-11-24T10:00Z", facts=["names", "contacts"])

    with translation.override("en"):
        address = prefix + studio.get_absolute_url()
    changes = html_page(client.get(address)).one("div", class_="changes").text

    assert newest in changes
    assert older in changes
    assert label in changes


def test_page_without_changes_has_no_line(client):
    studio = create_institution()

    assert not list(html_page(client.get(studio.get_absolute_url())).all("div", class_="changes"))


def test_page_shows_ten_changes_and_nobody_s_name(client, desk):
    studio = create_institution()
    for day in range(11):
        note(studio, facts=["founded"], changed_at=f"2026-05-{day + 1:02}T10:00Z")
    save_form(desk, studio, founded="1930")
    client.logout()

    text = html_page(client.get(studio.get_absolute_url())).one("div", class_="changes").text

    assert text.count("founding date") == 10
    assert "editor" not in text


def test_source_has_no_page_and_no_line():
    change(create_source(), title="Another title")

    assert not RecordChange.objects.exists()


def test_former_name_is_told():
    studio = create_institution()
    create_institution_name(institution=studio, text="Old")

    with one_revision(studio):
        studio.other_names.update(until="1991")

    assert lines(studio) == ["names"]
