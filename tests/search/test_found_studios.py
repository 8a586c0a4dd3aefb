"""Tests of what the search of lists, of all kinds and of suggestions says about a few studios, whatever is typed."""

import csv
import io

import pytest
from django.db import transaction
from django.utils import translation

from search.queries import QUERY_MAX_LENGTH
from search.rebuilding import rebuild_changed
from tests.factories import (
    create_city,
    create_country,
    create_institution,
    create_institution_name,
)
from tests.html_page import html_page

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def studios(django_db_setup, django_db_blocker):
    """Two studios and an archive with names in several scripts, made once: these tests only read."""
    with django_db_blocker.unblock(), transaction.atomic(), translation.override("en"):
        create_studios()
        rebuild_changed()
        yield
        transaction.set_rollback(True)


def create_studios():
    tajikistan, kazakhstan = create_country(code="TJ"), create_country(code="KZ")
    tajikfilm = create_institution(
        name_en="Tajikfilm",
        name_ru="Таджикфильм",
        name_native="Тоҷикфилм",
        native_language="tg",
        country=tajikistan,
        city=create_city(name_en="Dushanbe", name_ru="Душанбе", country=tajikistan),
    )
    create_institution_name(
        institution=tajikfilm,
        text="Сталинабадская киностудия",
        kind="former",
        since="1941",
        until="1961",
        language="ru",
    )
    kazakhfilm = create_institution(name_en="Kazakhfilm", name_ru="Казахфильм", country=kazakhstan)
    create_institution_name(institution=kazakhfilm, text="ЦОКС", kind="acronym", language="ru")
    create_institution(name_en="Film Archive", name_ru="Киноархив", kind="archive", country=kazakhstan)


def test_studio_is_found_in_any_script_and_with_slips(client):
    texts = ["Тоҷикфилм", "таджикфильм", "tadjikfilm", "Tadschikfilm", "tajkifilm"]
    texts += ["nfl;brabkmv", "Tаджикфильм", "тажикфильм"]

    found = {text: client.get("/studios/", {"q": text}).context["page"].object_list for text in texts}

    names = {text: [studio.name_en for studio in studios] for text, studios in found.items()}
    assert names == {text: ["Tajikfilm"] for text in texts}


def test_former_name_finds_the_record_and_is_said(client):
    page = html_page(client.get("/institutions/?q=stalinabadskaya"))

    found_by = page.one("span", class_="found-by")
    assert found_by.text.split() == ["formerly:", "Сталинабадская", "киностудия", "since", "1941", "until", "1961"]
    assert [name.text for name in found_by.all("span", lang="ru")] == ["Сталинабадская киностудия"]


def test_displayed_name_is_not_said_twice(client):
    page = html_page(client.get("/institutions/?q=tajikfilm"))

    assert list(page.all("span", class_="found-by")) == []


def test_search_and_filters_narrow_each_other_in_rows_counts_and_file(client):
    page = client.get("/institutions/?q=kazakhstan&kind=archive")
    kinds = next(facet for facet in page.context["filterset"].facets if facet.name == "kind")
    file = b"".join(client.get("/institutions/export/csv/?q=kazakhstan&kind=archive")).decode("utf-8-sig")

    assert [record.name_en for record in page.context["page"].object_list] == ["Film Archive"]
    assert {choice.value: choice.count for choice in kinds.choices} == {"archive": 1, "studio": 1}
    assert [row["id"] for row in csv.DictReader(io.StringIO(file))] == ["film-archive"]


def test_relevance_is_a_way_to_sort_only_where_something_is_looked_for(client):
    searched = client.get("/institutions/?q=film").context["filterset"].sortings
    unsearched = client.get("/institutions/").context["filterset"].sortings

    assert [value for value, _label, is_present in searched if is_present] == ["relevance"]
    assert [value for value, _label, is_present in unsearched if is_present] == ["use"]
    assert "relevance" not in [value for value, _label, _is_present in unsearched]


@pytest.mark.parametrize("text", ["Kazakhfilm Xqzwvian Yxkwqzy", "Gazagfiln"])
@pytest.mark.parametrize("address", ["/search/", "/institutions/"])
def test_nothing_found_offers_similar_names(client, address, text):
    page = html_page(client.get(address, {"q": text}))

    [offered] = page.one("div", class_="empty").all("ul", class_="similar")
    assert [link.text for link in offered.all("a")] == ["Kazakhfilm"]


@pytest.mark.parametrize(
    "nonsense", ["xqzwv", "фывапролджэ", "asdfghjkl", "pizza delivery", "ჯჯღღყყ", "🎬", "!!!", "؟"]
)
def test_nonsense_finds_nothing_and_the_page_says_what_to_do(client, nonsense):
    response = client.get("/search/", {"q": nonsense})

    page = html_page(response)
    assert response.context["groups"] == []
    assert "/institutions/" in [link.attributes["href"] for link in page.one("div", class_="empty").all("a")]


def test_other_filters_that_hide_what_the_search_finds_are_told(client):
    page = html_page(client.get("/institutions/?q=tajikfilm&country=KZ"))

    link = next(link for link in page.one("div", class_="empty").all("a") if link.attributes["href"] == "?q=tajikfilm")
    assert link.text == "Show 1 record that the search alone finds"


def test_suggestions_name_the_record_in_two_scripts_with_its_kind_and_place(client):
    response = client.get("/search/suggest/?q=tajikf")

    assert response.json() == {
        "query": "tajikf",
        "suggestions": [
            {
                "name": "Tajikfilm",
                "language": "en",
                "second_name": "Тоҷикфилм",
                "second_language": "tg",
                "found_by": "",
                "found_by_language": "",
                "facts": ["studio", "Dushanbe", "Tajikistan"],
                "url": "/institutions/tajikfilm/",
            }
        ],
    }
    assert "Cache-Control" not in response.headers
    assert "Cookie" not in response.headers.get("Vary", "")


def test_suggestion_says_by_which_name_it_was_found(client):
    [suggestion] = client.get("/search/suggest/?q=stalinabadskaya").json()["suggestions"]

    assert (suggestion["name"], suggestion["found_by"]) == ("Tajikfilm", "Сталинабадская киностудия")
    assert suggestion["found_by_language"] == "ru"


def test_suggestions_are_in_the_language_of_their_address(client):
    [suggestion] = client.get("/ru/search/suggest/?q=tajikf").json()["suggestions"]

    assert suggestion["name"] == "Таджикфильм"
    assert suggestion["facts"] == ["киностудия", "Душанбе", "Таджикистан"]
    assert suggestion["url"] == "/ru/institutions/tajikfilm/"


@pytest.mark.parametrize("typed", ["", "t", "%00", "!!"])
def test_too_little_to_go_by_suggests_nothing(client, typed):
    assert client.get(f"/search/suggest/?q={typed}").json()["suggestions"] == []


STRANGE = [
    "",
    "%20%20",
    "a",
    "я",
    "x" * 3_900,
    "слово+" * 120,
    "%00",
    "tajik%00film",
    "%FF%FE%FD",
    "%E2%80%8F%E2%80%AEfilm",
    "%F0%9F%8E%AC%F0%9F%8E%A5",
    "'%3B+DROP+TABLE+people_person%3B--",
    "%25%25__%5C",
    ".*%2B%3F%5E%24%7B%7D()%7C%5B%5D",
    "%26%7C!%3A*+%3C-%3E",
    "%0D%0A%09",
    "-1",
    "1e400",
    "%E3%80%80",
    "%D0%90%CC%81" * 300,
    "%EF%B7%BA" * 200,
]


@pytest.mark.parametrize(
    "address", ["/search/", "/search/suggest/", "/institutions/", "/ru/people/", "/events/", "/films/"]
)
def test_whatever_is_typed_gets_a_page(client, address):
    client.raise_request_exception = False

    statuses = {typed: client.get(f"{address}?q={typed}").status_code for typed in STRANGE}

    assert statuses == dict.fromkeys(STRANGE, 200)


def test_long_text_is_cut_and_the_page_says_so(client):
    for address in ["/search/", "/institutions/"]:
        page = html_page(client.get(address, {"q": "tajikfilm " + "x" * 300}))

        assert str(QUERY_MAX_LENGTH) in page.one("p", class_="notice").text
    page = html_page(client.get("/search/", {"q": "tajikfilm " * 15}))
    assert "12 words" in page.one("p", class_="notice").text


def test_text_that_is_short_enough_is_not_commented(client):
    assert list(html_page(client.get("/search/?q=tajikfilm")).all("p", class_="notice")) == []
