"""Tests of lists and pages of events and films."""

import pytest

from tests.factories import (
    create_country,
    create_event,
    create_film,
    create_institution,
    create_participation,
    create_person,
)
from tests.html_page import html_page
from tests.rich_records import create_rich_event, create_rich_film

pytestmark = pytest.mark.django_db


@pytest.fixture
def meetings():
    tajik, kazakh = create_country(code="TJ"), create_country(code="KZ")
    create_event(name_en="Old Forum", kind="forum", country=tajik, start="2019")
    create_event(name_en="New Forum", kind="forum", country=kazakh, start="2025-11-29", city=None)
    create_event(name_en="Festival", kind="festival", country=tajik, start="2025-05")
    create_event(name_en="Undated", kind="meeting", country=None, start=None)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["New Forum", "Festival", "Old Forum", "Undated"]),
        ("kind=forum", ["New Forum", "Old Forum"]),
        ("kind=forum&kind=festival&country=TJ", ["Festival", "Old Forum"]),
        ("year=2025", ["New Forum", "Festival"]),
        ("year=2025&year=2019", ["New Forum", "Festival", "Old Forum"]),
        ("q=old", ["Old Forum"]),
    ],
)
def test_list_of_events_holds_what_the_filters_ask_for_newest_first(client, meetings, query, expected):
    events = client.get(f"/events/?{query}").context["page"].object_list

    assert [event.name_en for event in events] == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Planned", "Joint", "Older"]),
        ("country=KZ", ["Joint"]),
        ("country=TJ&country=KZ", ["Planned", "Joint", "Older"]),
        ("status=released", ["Joint", "Older"]),
        ("status=released&country=TJ", ["Joint", "Older"]),
    ],
)
def test_list_of_films_holds_what_the_filters_ask_for(client, query, expected):
    tajik, kazakh = create_country(code="TJ"), create_country(code="KZ")
    create_film(name_en="Joint", countries=[tajik, kazakh], status="released", year=2024)
    create_film(name_en="Planned", countries=[tajik], status="announced", year=None)
    create_film(name_en="Older", countries=[tajik], status="released", year=2020)

    films = client.get(f"/films/?{query}").context["page"].object_list

    assert [film.name_en for film in films] == expected


def test_page_of_an_event_groups_participants_by_country_and_part(client):
    studio = create_institution(name_en="Tajikfilm")
    event = create_event(name_en="Forum")
    create_participation(event=event, person=create_person(name_en="Ann Speaker"), institution=studio, role="speaker")
    create_participation(event=event, person=create_person(name_en="Bob Leader"), role="moderator")
    kazakhstan = create_country(code="KZ")
    create_participation(event=event, person=create_person(name_en="Carl Guest", country=kazakhstan), role="speaker")
    hidden = create_institution(name_en="Hidden", country=create_country(code="UZ"), publication_state="draft")
    create_participation(event=event, person=create_person(name_en="Dora Free"), institution=hidden, role="speaker")
    create_participation(event=event, name="Guest Without Record", role="participant")
    create_participation(event=event, institution=studio, role="participant")

    section = html_page(client.get("/events/forum/")).section("participants")

    assert section.texts("h3") == ["Kazakhstan 1", "Tajikistan 2", "Other participants 3"]
    assert section.texts("h4") == ["Speaker", "Speaker", "Participant", "Moderator", "Speaker", "Participant"]
    lines = [text for group in section.all("ul", class_="plain") for text in group.texts("li")]
    assert [line.partition(" Select:")[0] for line in lines] == [
        "Carl Guest",
        "Ann Speaker , Tajikfilm",
        "Tajikfilm",
        "Bob Leader",
        "Dora Free",
        "Guest Without Record",
    ]


def test_page_of_a_film_names_countries_in_order_of_lead_directors_and_partners(client):
    film = create_rich_film(name_en="The Road Home", institution=create_institution(name_en="Tajikfilm"))

    text = next(html_page(client.get(film.get_absolute_url())).all("dl", class_="pairs")).text

    assert text.index("Tajikistan") < text.index("Armenia") < text.index("Olga Lang") < text.index("World Film Fund")
    assert "Tajikfilm production" in text


@pytest.mark.parametrize(("create", "folder"), [(create_event, "events"), (create_film, "films")])
def test_old_address_leads_to_the_new_one(client, create, folder):
    record = create(name_en="First Name")
    record.slug = "second"
    record.save()

    moved = client.get(f"/{folder}/first-name/")

    assert (moved.status_code, moved["Location"]) == (301, f"/{folder}/second/")


@pytest.mark.parametrize(
    ("create", "path", "number_of_queries"), [(create_rich_event, "/events/", 7), (create_rich_film, "/films/", 6)]
)
@pytest.mark.parametrize("record_count", [1, 3])
def test_lists_ask_a_fixed_number_of_times(
    client, django_assert_num_queries, create, path, number_of_queries, record_count
):
    for number in range(record_count):
        create(name_en=f"Record {number}")

    with django_assert_num_queries(number_of_queries):
        client.get(path)


@pytest.mark.parametrize("row_count", [1, 3])
def test_page_of_an_event_asks_a_fixed_number_of_times(client, django_assert_num_queries, row_count):
    event = create_rich_event()
    for number in range(row_count):
        create_participation(event=event, person=create_person(name_en=f"Guest {number}"))

    with django_assert_num_queries(6):
        client.get(event.get_absolute_url())


@pytest.mark.parametrize("row_count", [1, 3])
def test_page_of_a_film_asks_a_fixed_number_of_times(client, django_assert_num_queries, row_count):
    film = create_rich_film()
    for number in range(row_count):
        film.film_institutions.create(institution=create_institution(name_en=f"Studio {number}"))

    with django_assert_num_queries(7):
        client.get(film.get_absolute_url())
