"""Tests of the index of lists: that it says what SQL says, and that no change is missed."""

import random
from threading import Thread

import psycopg
import pytest
from django.db import connection
from django.http import QueryDict

from cisfilm.lists_at_start import read_lists
from institutions.filters import InstitutionFilterSet
from institutions.models import Institution, Studio
from people.filters import PersonFilterSet
from people.models import Person
from search.bitmaps import bitmap, places_in, relocated, with_new_place, without_place
from search.facet_index import build, forget_indexes, of_another_day
from search.indexed_lists import FoundIds
from tests.factories import (
    create_city,
    create_contact,
    create_country,
    create_institution,
    create_person,
    create_position,
)


def filters(filterset_class, query="", model=None):
    records = (model or filterset_class._meta.model).objects.published().in_name_order()
    return filterset_class(QueryDict(query), queryset=records)


def test_sets_of_places_are_what_lists_would_be():
    chance = random.Random(7)  # noqa: S311 a choice of cases
    for size in (0, 1, 64, 1500):
        places = sorted(place for place in range(size) if chance.random() < 0.3)
        bits = bitmap(places, size)
        start, stop = sorted(chance.choices(range(size + 9), k=2))
        assert places_in(bits, start, stop) == places[start:stop]
        at = chance.randrange(size + 1)
        assert places_in(with_new_place(bits, at), 0, size + 1) == [place + (place >= at) for place in places]
        left = [place - (place > at) for place in places if place != at]
        assert places_in(without_place(bits, at), 0, size + 1) == left
        gone, came = ([place for place in range(size) if chance.random() < 0.1] for _ in range(2))
        marks = [place in places for place in range(size) if place not in gone]
        for place in came:
            marks.insert(place, False)
        moved = relocated(bits, size, gone, [place for place in came if place < len(marks)])
        assert places_in(moved, 0, size * 2) == [place for place, is_in in enumerate(marks) if is_in]


VALUES = {
    "country": ["TJ", "KZ", "RU", "UZ", "INT"],
    "kind": ["studio", "fund", "archive", "agency", "festival"],
    "service": ["sound-stages", "dubbing", "equipment"],
    "has": ["phone", "email", "website", "address"],
    "checked": ["6", "24"],
    "status": ["active", "closed"],
    "role": ["head", "deputy", "specialist"],
    "on": ["2019", "2024-05"],
    "ever": ["true"],
    "sort": ["country", "checked", "name", "use"],
    "q": ["film", "Таджикфильм", "studio"],
}


def some_query(filterset_class, chance):
    names = [name for name in VALUES if name in filterset_class.base_filters]
    query = QueryDict(mutable=True)
    for name in chance.sample(names, 3):
        query.setlist(name, chance.sample(VALUES[name], chance.choice([1, 1, min(2, len(VALUES[name]))])))
    return query.urlencode()


@pytest.mark.real_data
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("filterset_class", "model"),
    [(InstitutionFilterSet, Institution), (InstitutionFilterSet, Studio), (PersonFilterSet, Person)],
)
def test_records_order_and_counts_are_those_of_sql(filterset_class, model):
    chance = random.Random(20_261_130)  # noqa: S311 a choice of cases
    for _ in range(6):
        query = some_query(filterset_class, chance)
        filterset = filters(filterset_class, query, model)
        listed = FoundIds(filterset.index, filterset.parts())

        assert listed[0 : len(listed)] == list(filterset.qs.values_list("pk", flat=True)), query

        for facet in filterset.facets:
            others = filterset.cleaned_without(facet.name)
            if model is Person and others.get("q"):
                # Choices count people in posts, while a name alone finds all.
                continue
            takes_several = isinstance(filterset.cleaned.get(facet.name, []), list)
            for choice in chance.sample(facet.choices, min(3, len(facet.choices))):
                narrowed = filterset.narrowed(others | {facet.name: [choice.value] if takes_several else choice.value})
                assert choice.count == narrowed.count(), (query, facet.name, choice.value)


@pytest.fixture
def other():
    """A connection of another program, which knows nothing of this one."""
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": None}, autocommit=True) as other:
        yield other


@pytest.fixture
def directory():
    dushanbe = create_city()
    create_city(name_en="Khujand")
    studio = create_institution(city=dushanbe, services=["dubbing"])
    agency = create_institution(name_en="Agency", kind="agency", country=create_country(code="KZ"))
    create_institution(name_en="Draft", publication_state="draft")
    create_contact(institution=studio)
    heads = [create_person(name_en="Anna Old", country=studio.country), create_person(name_en="Boris New")]
    for year, head in zip([2019, 2024], heads, strict=True):
        create_position(person=head, institution=studio, role="head", seat="director", as_of=str(year))
    create_position(person=heads[0], institution=agency, role="deputy")


CHANGES = [
    "UPDATE institutions_institution SET sort_key_en = 'zz', name_en = 'Zz' WHERE name_en = 'Agency'",
    "UPDATE institutions_institution SET publication_state = 'published' WHERE name_en = 'Draft'",
    "UPDATE institutions_institution SET kind = 'archive', services = '{}' WHERE name_en = 'Draft'",
    "UPDATE institutions_institution SET city_id = (SELECT max(id) FROM institutions_city) WHERE name_en = 'Tajikfilm'",
    "UPDATE institutions_city SET key = 'tj-new-key'  WHERE name_en = 'Khujand'",
    "UPDATE institutions_country SET cis_status = 'former' WHERE code = 'TJ'",
    "UPDATE institutions_institutioncontact SET kind = 'whatsapp', value = '+992372210000'",
    "DELETE FROM institutions_institutioncontact",
    "UPDATE people_position SET is_public = false WHERE as_of = '2024'",
    "UPDATE people_position SET is_public = true, role = 'elected' WHERE as_of = '2024'",
    "UPDATE people_person SET publication_state = 'archived', withheld = true WHERE name_en = 'Boris New'",
    "INSERT INTO people_positionsource (position_id, source_id, as_of) SELECT people_position.id, sources_source.id,"
    " '2025' FROM people_position, sources_source WHERE role = 'deputy'",
    "UPDATE institutions_institution SET closed = '2020' WHERE name_en = 'Tajikfilm'",
    "INSERT INTO institutions_institution SELECT (jsonb_populate_record(one, jsonb_build_object('id', 1000000 + n,"
    " 'key', 'many-' || n, 'slug', 'many-' || n, 'sort_key_en', chr(97 + n % 26) || n))).*"
    " FROM institutions_institution AS one, generate_series(1, 120) AS n WHERE name_en = 'Agency'",
    "UPDATE institutions_institution SET sort_key_en = 'd' || id % 7, kind = 'school' WHERE key LIKE 'many-%'",
    "DELETE FROM institutions_institution WHERE key LIKE 'many-%' AND id % 2 = 0",
    "UPDATE institutions_institution SET kind = 'fund' WHERE key LIKE 'many-%'",
    "TRUNCATE institutions_institutioncontact",
    "UPDATE people_position SET institution_id = NULL, body_name = 'Body ' || id",
    "DELETE FROM people_positionsource",
    "DELETE FROM people_position",
    "DELETE FROM institutions_institution WHERE name_en = 'Agency'",
]


@pytest.mark.django_db(transaction=True)
def test_no_change_is_missed_whatever_way_it_comes(directory, other):
    other.execute(
        "INSERT INTO sources_source (url, title, publisher, language, licence, snapshot_url, note)"
        " VALUES ('https://example.org/', 'Page', '', '', '', '', '')"
    )
    for change in ["SELECT", *CHANGES]:
        other.execute(change)
        for filterset_class in (InstitutionFilterSet, PersonFilterSet):
            filterset, anew = filters(filterset_class), filters(filterset_class)
            anew.index = build(anew)
            assert (filterset.index.ids, filterset.index.sets) == (anew.index.ids, anew.index.sets), change
            assert filterset.facets == anew.facets, change


@pytest.mark.django_db
def test_on_another_day_what_depends_on_it_is_read_anew(directory):
    filterset = filters(InstitutionFilterSet)
    index, now = build(filterset), build(filterset)
    index.sets.update({"checked": {"6": index.everything}, "submissions": {"now": index.everything}})

    assert of_another_day(index, filterset).sets == now.sets


@pytest.mark.django_db(transaction=True)
def test_new_words_renew_what_was_made_on_request_and_no_set(directory, other):
    before = filters(InstitutionFilterSet).index
    before.made("found", lambda: "before")
    with other.transaction():
        other.execute("SELECT set_config('cisfilm.rebuilding_search', 'on', true)")
        other.execute("UPDATE institutions_institution SET search_words = to_tsvector('simple', 'other')")

    after = filters(InstitutionFilterSet).index

    assert after.made("found", lambda: "after") == "after"
    assert after.sets is before.sets


@pytest.mark.django_db(transaction=True)
def test_what_is_hidden_is_gone_from_the_next_request(client, directory, other):
    assert b"Tajikfilm" in client.get("/institutions/").content
    assert b"Anna Old" in client.get("/people/").content

    with other.transaction():
        other.execute("UPDATE institutions_institution SET publication_state = 'draft' WHERE name_en = 'Tajikfilm'")
        # Somebody who begins later and ends earlier.
        Person.objects.filter(name_en="Anna Old").update(name_en="Anna Newer")
        assert b"Tajikfilm" in client.get("/institutions/").content, "not committed"
        assert b"Anna Newer" in client.get("/people/").content

    page = client.get("/institutions/")
    assert b"Tajikfilm" not in page.content
    assert page.context["page"].paginator.count == 1
    assert b"Boris New" not in client.get("/people/").content, "the only post is at a hidden institution"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("path", "queries"), [("/institutions/?kind=agency", 1), ("/people/?country=TJ", 1), ("/countries/tj/", 10)]
)
def test_repeated_page_asks_few_questions(client, directory, django_assert_num_queries, path, queries):
    client.get(path)
    with django_assert_num_queries(queries):
        client.get(path)


@pytest.mark.django_db(transaction=True)
def test_lists_read_at_the_start_need_no_reading_by_the_first_request(client, directory, django_assert_num_queries):
    forget_indexes()
    reading = Thread(target=read_lists)
    reading.start()
    reading.join()

    # For the changes since, the names of countries and cities, and rows of people.
    with django_assert_num_queries(4):
        client.get("/institutions/?kind=union")
    with django_assert_num_queries(7):
        client.get("/ru/people/")
