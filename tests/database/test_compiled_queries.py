"""Tests of compiled queries: the same records as plain ones find, in each language, and never of old data."""

import pytest
from django.core import serializers
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from cooperation.models import Event, Film, Participation
from cooperation.views import FILM
from database.compiled_queries import CompiledQuery, CompiledRecord
from institutions.models import Institution, Programme
from institutions.views import FILMS, INSTITUTION, POSTS, PROGRAMME
from people.models import Person, Position
from people.views import PERSON
from tests.factories import create_contact, create_institution, create_person, create_position, create_programme
from tests.rich_records import create_rich_film, create_rich_institution, create_rich_person, create_rich_programme

pytestmark = pytest.mark.django_db

RECORDS = {
    Institution: (INSTITUTION, create_rich_institution),
    Programme: (PROGRAMME, create_rich_programme),
    Person: (PERSON, create_rich_person),
    Film: (FILM, create_rich_film),
}


def state(record, lookups):
    """Return everything that is loaded with the record, as the database has it."""
    rows = {}
    for lookup in lookups:
        name = getattr(lookup, "prefetch_to", lookup)
        found = getattr(record, name)
        found = found if isinstance(found, list) else found.all() if hasattr(found, "all") else [found]
        rows[name] = serializers.serialize("python", [row for row in found if row is not None])
    return serializers.serialize("python", [record]), rows


@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model.__name__)
@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_compiled_record_is_the_plain_one_and_asks_no_further_query(model, language, django_assert_num_queries):
    compiled, create = RECORDS[model]
    record = create()
    # Others, whose rows must not come along.
    create_contact(institution=create_institution(name_en="Other"))
    with translation.override(language):
        plain = model.objects.published().for_detail()
        lookups = plain._prefetch_related_lookups
        found = plain.get(slug=record.slug)
        with CaptureQueriesContext(connection) as queries:
            # Columns of the search are deferred in some rows.
            expected = state(found, lookups)
        assert any(expected[1].values())
        found = compiled(record.slug)
        with django_assert_num_queries(len(queries)):
            assert state(found, lookups) == expected
        assert compiled("no-such-slug") is None
        model.objects.filter(pk=record.pk).update(publication_state="draft")
        assert compiled(record.slug) is None


def test_rows_that_are_filtered_further_stay_those_of_the_record_and_public():
    institution, other = create_institution(), create_institution(name_en="Other")
    shown = create_programme(name_en="Shown", institution=institution)
    create_programme(name_en="Hidden", institution=institution, publication_state="draft")
    create_programme(name_en="Foreign", institution=other)
    found = INSTITUTION(institution.slug)
    assert list(found.programmes.all()) == [shown]
    assert list(found.programmes.all().filter(pk__gt=0)) == [shown]


def test_order_follows_the_language_and_rows_know_their_record(django_assert_num_queries):
    institution = create_institution()
    for english, russian in (("Alpha", "Яков"), ("Beta", "Анна")):
        create_programme(name_en=english, name_ru=russian, institution=institution)
    create_position(institution=institution, person=create_person())
    orders = {}
    for language in ("en", "ru", "en"):
        with translation.override(language):
            orders[language] = [one.name_en for one in INSTITUTION(institution.slug).programmes.all()]
    assert orders == {"en": ["Alpha", "Beta"], "ru": ["Beta", "Alpha"]}
    (post,) = POSTS(institution.pk, institution=institution)
    with django_assert_num_queries(0):
        assert (post.institution, post.person.name_en) == (institution, "Mahmadsaid Shohiyon")
    assert FILMS(institution.pk) == []


def test_what_depends_on_data_is_refused():
    create_person(withheld=True)
    with pytest.raises(RuntimeError, match="depends on data"):
        CompiledQuery(lambda pk: Participation.objects.public().filter(event=pk))(1)
    with pytest.raises(RuntimeError, match="depends on data"):
        CompiledRecord(lambda: Event.objects.published().for_detail())("slug")


def test_a_value_that_the_sql_does_not_hold_is_refused():
    with pytest.raises(ValueError, match="not among the parameters"):
        CompiledQuery(lambda pk: Position.objects.public())(1)
