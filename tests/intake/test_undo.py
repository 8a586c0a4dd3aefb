"""A whole import is undone, but for what somebody changed since."""

import pytest
from django.urls import reverse
from reversion.models import Version

from institutions.models import City, Institution
from intake.models import ImportRevision
from people.models import Person
from tests.factories import (
    create_city,
    create_contact,
    create_country,
    create_editor,
    create_institution,
    create_institution_name,
    create_person,
    create_position,
)
from tests.intake.sheets import bring_to_preview, confirm, csv_bytes

pytestmark = pytest.mark.django_db

CHANGED_SINCE = "Somebody changed the record since."
IN_USE = "Something was added to the record since, or another record refers to it."
HEADINGS = "name (en);name (ru);kind;country;city;founded;phone;head;post;services;aka"
NEW = "Sinamo;Синамо;fund;TJ;Khujand;2001;+992 37 221 00 09;Olga Lang;Director;dubbing;Kino"
CHANGED = "Tajikfilm;Таджикфильм;fund;TJ;Khujand;1931;+992 37 221 00 00;Anna Berg;President;dubbing;Tadjikfilm"


@pytest.fixture
def desk(client):
    client.force_login(create_editor())
    return client


@pytest.fixture
def studio():
    country = create_country(code="TJ")
    create_city(name_en="Khujand", country=country)
    studio = create_institution(
        name_en="Tajikfilm", country=country, city=create_city(country=country), services=["props"], founded="1930"
    )
    create_contact(institution=studio, checked_on="2025", check_method="letter")
    create_institution_name(institution=studio, text="TF")
    create_position(institution=studio, person=create_person(name_en="Anna Berg", country=country))
    return studio


def undo(desk, spreadsheet):
    return desk.post(reverse("admin:intake_undo", args=[spreadsheet.pk]), follow=True)


def everything():
    """All that an import may touch, as rows of the database."""
    models = [
        Institution,
        Person,
        City,
        *(
            relation.related_model
            for relation in (*Institution._meta.related_objects, *Person._meta.related_objects)
            if relation.one_to_many
        ),
    ]
    unimportant = {"updated_at", "search_words", "search_text"}
    found = {}
    for model in models:
        if model._meta.app_label in ("institutions", "people"):
            names = [field.attname for field in model._meta.concrete_fields if field.name not in unimportant]
            found[model._meta.label] = list(model._base_manager.order_by("pk").values(*names))
    return found


def imported(desk, *lines):
    spreadsheet = bring_to_preview(desk, csv_bytes(HEADINGS, *lines))
    assert confirm(desk, spreadsheet).status_code == 302
    return spreadsheet


def test_undo_brings_everything_back(desk, studio):
    before = everything()
    spreadsheet = imported(desk, NEW, CHANGED)
    assert everything() != before

    response = undo(desk, spreadsheet)

    assert everything() == before
    assert "The import is undone." in response.content.decode()
    spreadsheet.refresh_from_db()
    assert (spreadsheet.state, list(spreadsheet.rows.values_list("undo_problem", flat=True))) == ("undone", ["", ""])


def test_each_record_has_a_revision_that_names_the_import(desk, studio):
    imported(desk, NEW, CHANGED)

    versions = Version.objects.get_for_object(studio)
    assert [version.revision.comment for version in versions] == [
        "Import of studios.csv",
        "State before the first change here.",
    ]
    new = Institution.objects.get(name_en="Sinamo")
    (version,) = Version.objects.get_for_object(new)
    assert ImportRevision.objects.get(revision=version.revision).row.institution == new
    assert Version.objects.get_for_object(Person.objects.get(name_en="Olga Lang")).get().revision == version.revision


def test_new_record_that_was_undone_can_be_recovered(desk, studio):
    spreadsheet = imported(desk, NEW)
    pk = Institution.objects.get(name_en="Sinamo").pk

    undo(desk, spreadsheet)
    version = Version.objects.get_deleted(Institution).get(object_id=str(pk))
    version.revision.revert()

    restored = Institution.objects.get(pk=pk)
    assert (restored.name_en, restored.contacts.get().value) == ("Sinamo", "+992372210009")


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda new: new.contacts.update(value="+992372210008"), "Somebody changed the record since."),
        (
            lambda new: Institution.objects.filter(pk=new.pk).update(postal_code="1"),
            "Somebody changed the record since.",
        ),
        (
            lambda new: create_contact(institution=new, value="new@example.org"),
            IN_USE,
        ),
        (
            lambda new: create_institution(name_en="Part", parent=new, country=new.country),
            IN_USE,
        ),
        (lambda new: new.contacts.get().confirm(method="telephone"), CHANGED_SINCE),
    ],
)
def test_new_record_that_somebody_worked_on_stays(desk, studio, change, problem):
    spreadsheet = imported(desk, NEW, CHANGED)
    change(Institution.objects.get(name_en="Sinamo"))

    response = undo(desk, spreadsheet)

    assert Institution.objects.filter(name_en="Sinamo").exists()
    studio.refresh_from_db()
    assert studio.founded == "1930"
    assert spreadsheet.rows.get(line=2).undo_problem == problem
    assert problem in response.content.decode()
    assert "The import is undone, except 1 record: see below." in response.content.decode()


def test_changed_record_that_somebody_changed_again_stays(desk, studio):
    spreadsheet = imported(desk, NEW, CHANGED)
    Institution.objects.filter(pk=studio.pk).update(founded="1932")

    undo(desk, spreadsheet)

    studio.refresh_from_db()
    assert (studio.founded, studio.kind) == ("1932", "fund")
    assert not Institution.objects.filter(name_en="Sinamo").exists()


def test_what_others_changed_elsewhere_in_the_record_stays_and_the_rest_is_undone(desk, studio):
    spreadsheet = imported(desk, CHANGED)
    create_contact(institution=studio, value="later@example.org")
    Institution.objects.filter(pk=studio.pk).update(postal_code="734025")

    undo(desk, spreadsheet)

    studio.refresh_from_db()
    assert (studio.founded, studio.postal_code) == ("1930", "734025")
    assert studio.contacts.filter(value="later@example.org").exists()
    assert not studio.contacts.filter(kind="phone").exists()


def test_person_who_got_another_post_since_stays(desk, studio):
    spreadsheet = imported(desk, NEW)
    create_position(person=Person.objects.get(name_en="Olga Lang"), institution=studio)

    undo(desk, spreadsheet)

    assert not Institution.objects.filter(name_en="Sinamo").exists()
    assert Person.objects.get(name_en="Olga Lang").positions.get().institution == studio


def test_import_is_undone_once(desk, studio):
    spreadsheet = imported(desk, NEW)
    undo(desk, spreadsheet)
    create_institution(name_en="Later")

    assert undo(desk, spreadsheet).status_code == 200
    assert Institution.objects.filter(name_en="Later").exists()
