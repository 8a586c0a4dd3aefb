"""Tests of stored counts: they are never older than the last change of the counted records."""

import datetime

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from editors.dashboard.counting import names_read, numbers_by_country
from editors.dashboard.models import ChangedColumn, TaskCount
from editors.dashboard.tasks import TASKS
from institutions.models import Institution, InstitutionContact, InstitutionSource
from people.models import Person, Position, PositionContact
from tests.factories import (
    create_contact,
    create_country,
    create_event,
    create_film,
    create_institution,
    create_person,
    create_position,
    create_programme,
    create_source,
)

pytestmark = pytest.mark.django_db


def number(task_name, country="TJ"):
    (task,) = [task for task in TASKS if f"{task.model._meta.model_name}/{task.name}" == task_name]
    return numbers_by_country()[task].get(country, 0)


@pytest.fixture
def studio():
    return create_institution(country=create_country(code="TJ"))


@pytest.fixture
def contact(studio):
    return create_contact(institution=studio)


@pytest.fixture
def head(studio):
    person = create_person(country=create_country(code="TJ"))
    return create_position(person=person, institution=studio, role="head", seat="director", as_of="2012")


@pytest.fixture
def post_contact(head):
    return create_contact(position=head)


NEVER = "institutioncontact/contacts-never-confirmed"
UNCONFIRMED = "institutioncontact/contacts-unconfirmed"
POST_NEVER = "positioncontact/post-contacts-never-confirmed"
SILENT = "institution/without-contact"
SOURCELESS = "institution/without-source"
HEADS = "position/heads-not-seen"


@pytest.mark.parametrize(
    ("task", "change", "by"),
    [
        (NEVER, lambda row: row.confirm(method="telephone"), -1),
        (NEVER, lambda row: InstitutionContact.objects.filter(pk=row.pk).update(is_public=False), -1),
        (NEVER, lambda row: row.delete(), -1),
        (NEVER, lambda row: Institution.objects.update(publication_state="draft"), -1),
        (NEVER, lambda row: Institution.objects.update(country=create_country(code="UZ")), -1),
        (UNCONFIRMED, lambda row: row.confirm(method="telephone", on=datetime.date(2012, 1, 1)), 1),
        (SILENT, lambda row: row.delete(), 1),
        (SILENT, lambda row: create_institution(name_en="Other", country=create_country(code="TJ")), 1),
    ],
)
def test_change_of_an_institution_or_contact_moves_the_number(contact, task, change, by):
    before = number(task)

    change(contact)

    assert number(task) == before + by


@pytest.mark.parametrize("field", ["russian", "native"])
def test_name_that_is_entered_or_removed_moves_the_number(studio, field):
    assert number(f"institution/without-{field}-name") == 1

    Institution.objects.update(name_ru="Таджикфильм", name_native="Тоҷикфилм", native_language="tg")
    assert number(f"institution/without-{field}-name") == 0

    Institution.objects.update(name_ru="", name_native="", native_language="")
    assert number(f"institution/without-{field}-name") == 1


def test_institution_that_closes_waits_for_no_contact(studio):
    assert number(SILENT) == 1

    Institution.objects.update(status="closed")

    assert number(SILENT) == 0


def test_source_that_is_added_or_removed_moves_the_number(studio):
    assert number(SOURCELESS) == 1

    added = InstitutionSource.objects.create(institution=studio, source=create_source(), supports=["names"])
    assert number(SOURCELESS) == 0

    added.delete()
    assert number(SOURCELESS) == 1


@pytest.mark.parametrize("task", [HEADS, POST_NEVER])
@pytest.mark.parametrize(
    "change",
    [
        lambda: Position.objects.update(until="2013"),
        lambda: Position.objects.update(is_public=False),
        lambda: Person.objects.update(publication_state="archived"),
        lambda: Person.objects.update(publication_state="archived", withheld=True),
        lambda: Institution.objects.update(publication_state="archived"),
        lambda: Institution.objects.update(country=create_country(code="UZ")),
        lambda: Position.objects.get().delete(),
    ],
)
def test_change_of_a_post_moves_the_numbers(post_contact, task, change):
    assert number(task) == 1

    change()

    assert number(task) == 0


@pytest.mark.parametrize(
    "change",
    [
        lambda: Position.objects.update(role="deputy"),
        lambda: Position.objects.update(as_of=timezone.localdate().isoformat()),
        lambda: Position.objects.update(since=timezone.localdate().isoformat()),
    ],
)
def test_head_that_is_seen_again_or_is_none_waits_no_more(head, change):
    assert number(HEADS) == 1

    change()

    assert number(HEADS) == 0


def test_seat_tells_who_followed(head):
    assert number(HEADS) == 1

    create_position(
        person=create_person(name_en="Successor"),
        institution=head.institution,
        seat="chair",
        as_of=timezone.localdate().isoformat(),
    )
    assert number(HEADS) == 1

    Position.objects.filter(seat="chair").update(seat="director")

    assert number(HEADS) == 0


@pytest.mark.parametrize(
    "change",
    [
        lambda: PositionContact.objects.get().confirm(method="telephone"),
        lambda: PositionContact.objects.update(is_public=False),
        lambda: PositionContact.objects.all().delete(),
    ],
)
def test_change_of_a_post_contact_moves_the_number(post_contact, change):
    assert number(POST_NEVER) == 1

    change()

    assert number(POST_NEVER) == 0


@pytest.mark.parametrize("create", [create_institution, create_person, create_programme, create_event, create_film])
def test_draft_that_is_entered_moved_or_published_moves_the_number(create):
    country = create_country(code="TJ")
    name = f"{create.__name__.removeprefix('create_')}/drafts"
    assert number(name) == 0

    draft = create(publication_state="draft", **({} if create is create_film else {"country": country}))
    if create is create_film:
        assert number(name, "") == 1
        draft.film_countries.create(country=country)
    assert number(name) == 1

    if create is create_film:
        draft.film_countries.update(country=create_country(code="UZ"))
    else:
        type(draft).objects.update(country=create_country(code="UZ"))
    assert (number(name), number(name, "UZ")) == (0, 1)

    type(draft).objects.update(publication_state="published")
    assert number(name, "UZ") == 0


def test_numbers_of_another_day_are_counted_anew(contact):
    numbers_by_country()
    TaskCount.objects.update(counted_on=timezone.localdate() - datetime.timedelta(days=1), numbers={"TJ": 99})

    assert number(NEVER) == 1


def test_nothing_is_counted_while_nothing_changes(contact, django_assert_num_queries):
    numbers_by_country()

    with django_assert_num_queries(2):
        numbers_by_country()


def test_change_that_moves_no_number_is_not_noted(contact):
    numbers_by_country()

    Institution.objects.update(description_en="A studio.")
    InstitutionContact.objects.update(note="Ask for the secretary.")

    assert not ChangedColumn.objects.exists()


def test_only_tasks_that_read_the_changed_table_are_counted(studio):
    numbers_by_country()
    TaskCount.objects.update(numbers={"TJ": 99})

    create_programme(publication_state="draft", country=create_country(code="TJ"))

    assert (number("programme/drafts"), number(NEVER)) == (1, 99)


def test_only_tasks_that_read_the_changed_column_are_counted(contact):
    numbers_by_country()
    TaskCount.objects.update(numbers={"TJ": 99})

    contact.confirm(method="telephone")

    assert (number(NEVER), number(SILENT), number(SOURCELESS)) == (0, 99, 99)


def test_change_after_the_notes_were_taken_leaves_a_note(studio):
    assert ChangedColumn.objects.take() == {("institutions_institution", "")}

    studio.name_ru = "Таджикфильм"
    studio.save()

    assert ChangedColumn.objects.take() == {("institutions_institution", "name_ru")}


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.key)
def test_everything_that_a_task_reads_is_watched(task):
    names = names_read(task)
    models_read = [model for model in apps.get_models() if model._meta.db_table in names and not model._meta.proxy]
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgname LIKE 'desk%'")
        triggers = set(cursor.fetchall())

    assert models_read
    for model in models_read:
        table = model._meta.db_table
        assert (table, "desk_rows") in triggers
        # Not `id`, which never changes. A column of this name may be meant of another table of the query.
        columns = {field.column for field in model._meta.concrete_fields if not field.primary_key} & names
        watched = {name for of_table, name in triggers if of_table == table}
        assert {f"desk_{column}" for column in columns} <= watched
