"""Tests of revisions written in bulk: they equal those written one by one."""

import pytest
import reversion
from django.utils import timezone
from reversion.models import Version

from editors.spreadsheets.revisions import people_with_rows, remember, with_rows
from people.models import Person
from records.history.models import RecordChange
from tests.factories import create_contact, create_institution, create_person
from tests.rich_records import create_rich_institution

pytestmark = pytest.mark.django_db


def content(revision_id):
    columns = ["content_type", "object_id", "db", "format", "serialized_data", "object_repr"]
    return set(Version.objects.filter(revision=revision_id).values_list(*columns))


def alone(record):
    with reversion.create_revision():
        reversion.add_to_revision(record)
    return content(Version.objects.get_for_object(record).first().revision_id)


def test_versions_are_those_of_the_library():
    institution = create_rich_institution()
    create_contact(position=institution.positions.first())
    person = Person.objects.get(positions__institution=institution, positions__as_of="2026-01")

    (of_institution,) = remember([[with_rows([institution.pk]).get()]], comment="together")
    (of_person,) = remember([[people_with_rows([person.pk]).get()]], comment="together")

    assert content(of_institution.pk) == alone(institution)
    assert content(of_person.pk) == alone(person)


@pytest.mark.parametrize("count", [1, 3])
def test_history_of_many_records_takes_a_fixed_number_of_queries(count, django_assert_num_queries):
    before = timezone.now()
    ids = [create_rich_institution(name_en=f"Studio {number}").pk for number in range(count)]
    records = list(with_rows(ids))

    # Content types are asked for once and remembered.
    (other,) = with_rows([create_rich_institution(name_en="Before").pk])
    remember([[other]], comment="before")
    with django_assert_num_queries(10):
        remember([[record] for record in records], comment="together", at=before)

    assert published() == [("institution", record.key) for record in records]


def published():
    changes = RecordChange.objects.filter(is_publication=True).order_by("pk")
    return list(changes.values_list("record_kind", "record_key"))


def test_head_of_two_new_studios_is_noted_once():
    before = timezone.now()
    person = create_person()
    studios = [create_institution(name_en=name) for name in ("First", "Second")]
    groups = [[*with_rows([studio.pk]), *people_with_rows([person.pk])] for studio in studios]

    remember(groups, comment="together", at=before)

    assert sorted(published()) == sorted([("person", person.key), *(("institution", one.key) for one in studios)])


def test_row_taken_out_is_noted_with_the_first_of_several_revisions():
    studio = create_institution()
    contact = create_contact(institution=studio)
    remember([list(with_rows([studio.pk]))], comment="before")
    contact.delete()

    remember([list(with_rows([studio.pk]))] * 2, comment="together")

    assert list(RecordChange.objects.values_list("facts", flat=True)) == [["contacts"]]
