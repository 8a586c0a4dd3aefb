"""The history that many records get at once is the one that each would get alone."""

import pytest
import reversion
from reversion.models import Version

from intake.revisions import people_with_rows, remember, with_rows
from people.models import Person
from tests.factories import create_contact
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
def test_history_of_many_records_takes_a_fixed_number_of_queries_but_for_listeners(count, django_assert_num_queries):
    ids = [create_rich_institution(name_en=f"Studio {number}").pk for number in range(count)]
    records = list(with_rows(ids))

    # Content types are asked for once and remembered.
    (other,) = with_rows([create_rich_institution(name_en="Before").pk])
    remember([[other]], comment="before")
    # One a revision asks who is withheld, one writes what changed in public.
    with django_assert_num_queries(2 + 2 * count):
        remember([[record] for record in records], comment="together")
