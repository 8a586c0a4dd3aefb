"""Tests of the models of events and films: constraints, and public participants of events."""

import pytest
from django.db import IntegrityError, transaction

from cooperation.models import (
    Event,
    EventName,
    EventSource,
    Film,
    FilmCountry,
    FilmInstitution,
    FilmName,
    FilmSource,
    Participation,
)
from records.base import PublicationState
from records.models import Source
from tests.constraint_cases import (
    Case,
    check,
    constraints_of_app,
    name_cases,
    parametrize,
    period,
    record_cases,
    shape_of_partial_date,
    source_cases,
)
from tests.factories import (
    create_country,
    create_event,
    create_film,
    create_institution,
    create_participation,
    create_person,
    create_person_name,
    create_source,
)

pytestmark = pytest.mark.django_db


def a_source():
    return Source.objects.first() or create_source()


def the_event():
    return Event.objects.first() or create_event()


def the_film():
    return Film.objects.first() or create_film()


def an_event_name(**fields):
    return EventName.objects.create(**{"event": the_event(), "text": "Film"} | fields)


def an_event_source(**fields):
    return EventSource.objects.create(event=the_event(), source=a_source(), **fields)


def a_participation(**fields):
    return Participation.objects.create(**{"event": the_event(), "name": "Anna Berg"} | fields)


def a_film_name(**fields):
    return FilmName.objects.create(**{"film": the_film(), "text": "Film"} | fields)


def a_film_source(**fields):
    return FilmSource.objects.create(film=the_film(), source=a_source(), **fields)


def a_film_country(**fields):
    return FilmCountry.objects.create(film=the_film(), country=create_country(), **fields)


def a_film_institution(**fields):
    studio = the_film().institutions.first() or create_institution()
    return FilmInstitution.objects.create(film=the_film(), institution=studio, **fields)


CASES = [
    *record_cases("event", create_event),
    Case("event_kind_known", create_event, {"kind": "market"}, {"kind": "party"}),
    shape_of_partial_date("event_start_shape", create_event, "start"),
    shape_of_partial_date("event_end_shape", create_event, "end"),
    period("event_period", create_event, "start", "end"),
    *name_cases("eventname", an_event_name),
    *source_cases("eventsource", an_event_source),
    Case("participation_names_somebody", a_participation, {"name": "Anna Berg"}, {"name": ""}),
    Case(
        "participation_name_only_without_person",
        a_participation,
        {"person": create_person, "name": ""},
        {"person": create_person, "name": "Anna Berg"},
    ),
    Case("participation_role_known", a_participation, {"role": "speaker"}, {"role": "guest"}),
    Case("participation_once", a_participation, {"order": 1}, {"order": 2}, together=True),
    *record_cases("film", create_film),
    Case("film_status_known", create_film, {"status": ""}, {"status": "lost"}),
    Case("film_year_plausible", create_film, {"year": 1895}, {"year": 1894}),
    Case("filmcountry_once", a_film_country, {"order": 0}, {"order": 1}, together=True),
    Case("filminstitution_once", a_film_institution, {"order": 0}, {"order": 1}, together=True),
    *name_cases("filmname", a_film_name),
    *source_cases("filmsource", a_film_source),
]


@parametrize(CASES)
def test_constraint_accepts_one_row_and_refuses_another(case):
    check(case)


def test_every_constraint_of_the_room_has_a_case():
    assert {case.name for case in CASES} == constraints_of_app("cooperation")


def test_film_of_the_next_century_is_refused():
    with pytest.raises(IntegrityError, match='"film_year_plausible"'), transaction.atomic():
        create_film(year=2100)


DRAFT = {"publication_state": PublicationState.DRAFT}


@pytest.mark.parametrize(
    ("event", "person", "institution", "name", "is_public"),
    [
        pytest.param({}, {}, None, "", True, id="person"),
        pytest.param({}, None, {}, "", True, id="institution"),
        pytest.param({}, None, None, "Anna Berg", True, id="name-without-a-record"),
        pytest.param(DRAFT, {}, None, "", False, id="at-an-event-in-draft"),
        pytest.param({}, DRAFT, None, "", False, id="person-in-draft"),
        pytest.param({}, DRAFT, {}, "", False, id="person-in-draft-of-a-published-institution"),
        pytest.param({}, {"withheld": True}, {}, "", False, id="person-withheld"),
        pytest.param({}, None, DRAFT, "", False, id="institution-in-draft"),
        pytest.param({}, {}, DRAFT, "", True, id="person-of-an-institution-in-draft"),
        pytest.param({}, None, DRAFT, "Anna Berg", True, id="name-with-an-institution-in-draft"),
    ],
)
def test_public_participations_hide_whom_the_public_may_not_see(event, person, institution, name, is_public):
    create_participation(
        event=create_event(**event),
        person=None if person is None else create_person(**person),
        institution=None if institution is None else create_institution(**institution),
        name=name,
    )

    assert Participation.objects.public().exists() is is_public


@pytest.mark.parametrize("name", ["Anna Hidden", "ANNA HIDDEN", "Анна Скрытая", "анна скрытая", "Ann Hidden"])
def test_public_participations_hide_a_withheld_person_under_any_spelling(name):
    person = create_person(name_en="Anna Hidden", name_ru="Анна Скрытая", withheld=True)
    create_person_name(person=person, text="Ann Hidden")
    create_participation(name=name)

    assert not Participation.objects.public().exists()


def test_public_directors_leave_out_a_withheld_person():
    create_person(name_en="Anna Hidden", withheld=True)
    film = create_film(directors=["anna hidden", "Anna Berg"])

    assert film.public_directors() == ["Anna Berg"]


def test_films_are_made_by_any_of_the_countries_and_with_an_institution():
    armenia, georgia = create_country(code="AM"), create_country(code="GE", cis_status="former")
    studio = create_institution()
    film = create_film(name_en="A", countries=[armenia, georgia])
    FilmInstitution.objects.create(film=film, institution=studio)
    create_film(name_en="B", countries=[create_country(code="RU")])

    assert list(Film.objects.made_by(["AM", "GE"])) == [film]
    assert list(Film.objects.made_with(studio)) == [film]


@pytest.mark.parametrize(
    ("start", "year"),
    [("2024", "2024"), ("2024-05", "2024"), ("2024-05-31", "2024"), (None, None)],
    ids=["year", "month", "day", "not-known"],
)
def test_start_year_of_an_event(start, year):
    create_event(start=start)

    assert Event.objects.with_start_year().get().start_year == year


def test_newest_events_and_films_come_first():
    for name, start in [("Old", "2019"), ("Undated", None), ("New", "2024-05")]:
        create_event(name_en=name, start=start)
    for name, year in [("Old", 2019), ("Unreleased", None), ("New", 2024)]:
        create_film(name_en=name, year=year)

    assert [event.name_en for event in Event.objects.newest_first()] == ["New", "Old", "Undated"]
    assert [film.name_en for film in Film.objects.newest_first()] == ["Unreleased", "New", "Old"]
