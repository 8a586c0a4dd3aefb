"""Texts that describe records by kind, service, place or post instead of naming them."""

import json

import pytest
from django.utils.http import urlencode

from institutions.models import City
from search.rebuilding import rebuild_changed
from tests.factories import (
    create_city,
    create_country,
    create_institution,
    create_person,
    create_position,
    create_programme,
)
from tests.html_page import html_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def directory():
    """Schools, studios and a union of Belarus and Uzbekistan, a rebate, and the head of a studio."""
    belarus, uzbekistan = create_country(code="BY"), create_country(code="UZ")
    minsk = create_city(key="by-minsk", name_en="Minsk", name_ru="Минск", country=belarus)
    tashkent = create_city(
        key="uz-tashkent", name_en="Tashkent", name_native="Toshkent", native_language="uz", country=uzbekistan
    )
    create_institution(name_en="Academy of Arts", kind="school", country=belarus, city=minsk)
    create_institution(name_en="Minsk Mirror", kind="studio", country=belarus, city=minsk)
    create_institution(name_en="Futurist", kind="studio", services=["animation"], country=uzbekistan)
    create_institution(name_en="Tashkent Workshop", kind="studio", services=["dubbing"], country=uzbekistan)
    create_institution(name_en="Bukhara Workshop", kind="school", country=uzbekistan, city=tashkent)
    create_programme(name_en="Rebate of Uzbekistan", kind="cash-rebate", rate_percent=25, country=uzbekistan)
    create_programme(name_en="Small rebate", kind="cash-rebate", rate_percent=15, country=belarus)
    uzbekfilm = create_institution(name_en="Uzbekfilm", name_ru="Узбекфильм", kind="studio", country=uzbekistan)
    head = create_person(name_en="Bahodir Odilov", country=uzbekistan)
    create_position(person=head, institution=uzbekfilm, title_en="Chief executive", role="head")


def minsk():
    return City.objects.get(key="by-minsk")


def first_found(client, text):
    """Return the name of the first record that the search page shows."""
    return html_page(client.get("/search/", {"q": text})).section("group-1").texts("a", lang="en")[0]


@pytest.mark.usefixtures("directory")
@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("film school in Minsk", "Academy of Arts"),
        ("Filmhochschule Minsk", "Academy of Arts"),
        ("где учиться кино в Минске", "Academy of Arts"),
        ("Toshkentdagi kino maktablari", "Bukhara Workshop"),
        ("анимационные студии Узбекистана", "Futurist"),
        ("who makes animation studio Oʻzbekiston", "Futurist"),
        # Its city is not known, and it may be this one.
        ("dubbing studio in Tashkent", "Tashkent Workshop"),
        # Its services are not known.
        ("студия с павильонами в Минске", "Minsk Mirror"),
        ("rebate over 20 percent", "Rebate of Uzbekistan"),
        ("director of Uzbekfilm", "Bahodir Odilov"),
        ("кто руководит Узбекфильмом", "Bahodir Odilov"),
    ],
)
def test_record_that_a_text_describes_is_found_first(client, text, name):
    assert first_found(client, text) == name


@pytest.mark.usefixtures("directory")
@pytest.mark.parametrize(
    ("text", "words", "query"),
    [
        ("schools in Minsk", "Institutions: school, Minsk", {"kind": "school", "city": "by-minsk"}),
        ("animation Узбекистан", "Institutions: Uzbekistan, animation", {"country": "UZ", "service": "animation"}),
        ("rebates over 20 %", "Programmes: cash rebate, 20 % or more", {"kind": "cash-rebate", "rate": "20"}),
        ("Минск", "Institutions: Minsk", {"city": "by-minsk"}),
    ],
)
def test_search_page_offers_the_list_that_a_text_describes(client, text, words, query):
    link = html_page(client.get("/search/", {"q": text})).section("lists-described").one("a")

    assert link.text == words
    assert sorted(link.attributes["href"].partition("?")[2].split("&")) == sorted(urlencode(query).split("&"))


@pytest.mark.usefixtures("directory")
@pytest.mark.parametrize("are_written", [True, False])
def test_more_records_than_are_ranked_are_found_on_pages_and_in_files(client, monkeypatch, are_written):
    create_institution(name_en="Second Mirror", kind="studio", country=create_country(code="BY"), city=minsk())
    if are_written:
        rebuild_changed()
    monkeypatch.setattr("search.records.MOST_RANKED", 1)
    text = {"q": "студия с павильонами в Минске"}

    assert len(client.get("/institutions/", text).context["page"].object_list) == 2
    assert client.get("/search/", text).context["groups"][0].count == 2
    file = b"".join(client.get("/institutions/export/json/", text).streaming_content)
    assert len(json.loads(file)["rows"]) == 2


@pytest.mark.usefixtures("directory")
@pytest.mark.parametrize("text", ["film school in Paris", "Uzbekfilm", "Uzbekistan", "museums in Minsk"])
def test_search_page_offers_no_list_for_other_texts(client, text):
    assert "lists-described" not in client.get("/search/", {"q": text}).content.decode()


@pytest.mark.usefixtures("directory")
@pytest.mark.parametrize("text", ["ффффф ыыыы", "aaaaaaaa", "studio in Poland", "film school in Paris"])
def test_text_about_nothing_of_the_directory_finds_nothing(client, text):
    assert "group-1" not in client.get("/search/", {"q": text}).content.decode()
