"""Tests of the lists of the editors' site: a fixed number of queries for any number of records."""

import pytest
from django.contrib import admin
from django.urls import reverse

from cooperation.models import Event, Film, Participation
from editors.merging.models import Merge
from editors.spreadsheets.models import Import
from harvest.models import Proposal
from institutions.models import Agency, City, Country, Institution, InstitutionContact, Programme, Stage, Studio
from people.models import Person, Position, PositionContact
from records.keys import PastSlug
from records.link_checks import LinkCheck
from records.models import Source
from search.models import SuspectedDuplicate
from tests.factories import (
    create_city,
    create_contact,
    create_country,
    create_editor,
    create_event,
    create_film,
    create_institution,
    create_participation,
    create_person,
    create_position,
    create_programme,
    create_source,
    create_stage,
)
from visitors.corrections.models import ConfirmationRequest, Correction, Mailbox, NoMoreLetters

pytestmark = pytest.mark.django_db

CODES = ["TJ", "UZ", "KZ"]


def institution(number, **fields):
    city = create_city(name_en=f"City {number}", country=create_country(code=CODES[number]))
    parent = create_institution(name_en=f"Ministry {number}", kind="ministry")
    made = create_institution(name_en=f"Studio {number}", city=city, parent=parent, **fields)
    create_contact(institution=made)
    return made


def position(number):
    person = create_person(name_en=f"Person Number{number}", country=create_country(code=CODES[number]))
    source = create_source(url=f"https://example.org/{number}")
    return create_position(person=person, institution=institution(number), source=source)


def film(number):
    return create_film(name_en=f"Film {number}", countries=[create_country(code=CODES[number])], year=2000 + number)


def event(number):
    city = create_city(name_en=f"City {number}", country=create_country(code=CODES[number]))
    return create_event(name_en=f"Event {number}", city=city, country=city.country)


# How to make the record with this number, and how many queries the list needs.
LISTS = {
    Agency: (lambda number: institution(number, kind="agency"), 9),
    City: (lambda number: create_city(name_en=f"City {number}", country=create_country(code=CODES[number])), 9),
    Country: (lambda number: create_country(code=CODES[number]), 9),
    Event: (event, 9),
    Film: (film, 10),
    Institution: (institution, 9),
    InstitutionContact: (lambda number: institution(number).contacts.get(), 9),
    Mailbox: (
        lambda number: Mailbox.objects.create(institution=institution(number), address=f"info{number}@example.org"),
        9,
    ),
    Participation: (lambda number: create_participation(event=event(number), person=position(number).person), 8),
    PastSlug: (
        lambda number: PastSlug.objects.create(record_kind="film", slug=f"old-{number}", record_key=f"film-{number}"),
        9,
    ),
    Person: (lambda number: position(number).person, 11),
    Position: (position, 9),
    PositionContact: (lambda number: create_contact(position=position(number)), 9),
    Programme: (
        lambda number: create_programme(
            name_en=f"Programme {number}", institution=institution(number), country=create_country(code=CODES[number])
        ),
        10,
    ),
    Source: (lambda number: create_source(url=f"https://example.org/{number}", publisher=f"Publisher {number}"), 9),
    Stage: (lambda number: create_stage(institution=institution(number)), 9),
    Studio: (institution, 9),
}
# Made by the site itself or by others; tests of their own rooms open these lists.
ELSEWHERE = {
    *(LinkCheck, SuspectedDuplicate, Import, Merge),
    *(Correction, ConfirmationRequest, NoMoreLetters, Proposal),
}
REGISTERED = {model for model in admin.site._registry if model._meta.app_label not in ("auth", "accounts", "reversion")}


def test_every_list_is_here():
    assert set(LISTS) | ELSEWHERE == REGISTERED


@pytest.mark.parametrize("record_count", [1, 3])
@pytest.mark.parametrize("model", LISTS, ids=lambda model: model._meta.label)
def test_list_opens_at_a_fixed_number_of_queries(client, model, record_count, django_assert_num_queries):
    make, query_count = LISTS[model]
    made = [make(number) for number in range(record_count)]
    client.force_login(create_editor())
    page = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")

    # Content types are asked for once and remembered.
    client.get(page)
    with django_assert_num_queries(query_count):
        response = client.get(page)

    assert {record.pk for record in made} <= {record.pk for record in response.context["cl"].result_list}


@pytest.mark.parametrize("record_count", [1, 3])
@pytest.mark.parametrize("model", LISTS, ids=lambda model: model._meta.label)
def test_list_is_searched_without_further_queries(client, model, record_count, django_assert_num_queries):
    make, query_count = LISTS[model]
    made = [make(number) for number in range(record_count)]
    client.force_login(create_editor())
    page = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    word = {Film: "film", Person: "person", Programme: "programme", Source: "example", PastSlug: "old"}.get(model, "t")

    client.get(page, {"q": word})
    with django_assert_num_queries(query_count):
        response = client.get(page, {"q": word})

    assert {record.pk for record in made} <= {record.pk for record in response.context["cl"].result_list}


def test_pages_of_a_search_are_counted_and_sorted_as_those_of_a_list(client):
    made = [create_city(name_en=f"City {number:03}", key=f"city-{number}") for number in range(103)]
    create_city(name_en="Another place", key="another")
    client.force_login(create_editor())
    page = reverse("admin:institutions_city_changelist")

    lists = [client.get(page, {"q": "city", "p": number}).context["cl"] for number in (1, 2, 3)]

    assert [(found.result_count, found.page_num) for found in lists] == [(103, 1), (103, 2), (103, 3)]
    assert [city.pk for found in lists for city in found.result_list] == [city.pk for city in made]
    assert client.get(page, {"q": "city", "o": "-0", "p": 3}).context["cl"].result_list == made[2::-1]
    for number in ("4", "0", "-1", "9" * 6, "9" * 30, "9" * 3000):
        assert client.get(page, {"q": "city", "p": number}).status_code in (200, 302), number
    assert client.get(page, {"q": "city", "p": 4}).status_code == 302
    assert client.get(page, {"q": "city", "p": "x"}).context["cl"].page_num == 1
    nothing = client.get(page, {"q": "nowhere"}).context["cl"]
    assert (nothing.result_count, list(nothing.result_list)) == (0, [])
    beyond = client.get(page, {"q": "another", "p": 7}).context["cl"]
    assert (beyond.result_count, [city.name_en for city in beyond.result_list]) == (1, ["Another place"])
