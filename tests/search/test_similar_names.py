"""Names of the whole world that no rule of a language brings near enough to be found, offered as similar names."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from institutions.models import Institution
from people.models import Person
from search.queries import Query
from search.rebuilding import rebuild_changed
from search.records import find
from search.similar_names import similar_names
from tests.factories import create_institution, create_institution_name, create_person, create_position
from tests.html_page import html_page
from visitors.search import suggested_records

pytestmark = pytest.mark.django_db

# Known in Latin, asked for in Cyrillic: English by ear, Dutch, Japanese, German, Polish.
PAIRS = [
    ("Hunnicutt Mamrie", "Ханникат Меймри"),
    ("Cuypers Guillaume", "Кёйперс Гийом"),
    ("Tsukita Fujiwara", "Цукита Фудзивара"),
    ("Holstein Schaefer", "Гольштейн Шефер"),
    ("Jerzy Szczepański", "Ежи Щепаньский"),
]


@pytest.fixture
def people():
    records = [create_person(name_en=name) for name, _asked in PAIRS]
    records += [create_person(name_en=name) for name in ("Anna Berg", "Boris Petrov", "Rustam Ibragimov")]
    rebuild_changed()
    return {record.name_en: record.pk for record in records}


@pytest.mark.parametrize(("name", "asked"), PAIRS)
def test_likest_name_comes_first_whatever_its_language(people, name, asked):
    assert [pk for pk, _likeness in similar_names(Person, Query(asked))][:1] == [people[name]]


@pytest.mark.parametrize("text", ["ффффф ыыыы", "aaaaaaaa", "погода на завтра", "!!", "в"])
def test_text_like_no_name_has_no_similar_names(people, text):
    assert similar_names(Person, Query(text)) == []


def test_hidden_record_is_no_similar_name(people):
    hidden = create_person(name_en="Hunnicutt Mamrye", publication_state="draft")

    assert hidden.pk not in dict(similar_names(Person, Query("Ханникат Меймри")))


def test_only_so_many_records_are_compared_with_a_common_name(monkeypatch):
    monkeypatch.setattr("search.similar_names.CANDIDATES_COMPARED", 3)
    for place in range(5):
        create_person(name_en=f"Mamrie Hunnicutt {place}", key=f"p-{place}")
    rebuild_changed()

    assert len(similar_names(Person, Query("Меймри Ханникат"))) == 3


def test_vocabulary_is_asked_once_for_all_kinds_of_records(people):
    query = Query("Ханникат Меймри")
    similar_names(Person, query)

    with CaptureQueriesContext(connection) as asked:
        similar_names(Institution, query)

    assert len(asked) > 0
    assert not any("search_vocabularyword" in each["sql"] for each in asked)


def test_similar_person_is_shown_with_the_post(client):
    create_position(person=create_person(name_en="Hunnicutt Mamrie"), title_en="Chief archivist")

    for address in ("/search/", "/people/"):
        page = html_page(client.get(address, {"q": "Ханникат Меймри"}))
        assert "Chief archivist" in page.one("ul", class_="similar").text


def test_similar_name_says_why_it_is_offered(client):
    studio = create_institution(name_en="Northern Pictures")
    create_institution_name(institution=studio, text="Kazakhfilm")

    page = html_page(client.get("/search/", {"q": "Gazagfiln"}))

    [offered] = page.one("div", class_="empty").all("ul", class_="similar")
    assert offered.one("a").text == "Northern Pictures"
    assert "Kazakhfilm" in offered.one("span", class_="found-by").text


def found(model, text):
    return [hit.record_id for hit in find(model, Query(text)).hits]


def test_whole_name_divided_otherwise_and_misspelt_is_an_answer():
    group = create_institution(name_en="Lights Creative Group")
    create_institution(name_en="Lights of Baku")
    rebuild_changed()

    assert found(Institution, "lightscreateeve group") == [group.pk]


@pytest.mark.parametrize(
    "text", ["Union of Cinematographers of Turkey", "Tokyo film union", "zebra", "Union of Cinematographers Prague"]
)
def test_body_of_another_country_and_single_word_of_a_description_find_nothing_and_no_similar_name(text):
    create_institution(name_en="Union of Cinematographers of Georgia", description_en="It saw a zebra.")
    create_person(name_en="Toki Turekov")
    rebuild_changed()
    query = Query(text)

    assert (found(Institution, text), found(Person, text)) == ([], [])
    assert (similar_names(Institution, query), similar_names(Person, query)) == ([], [])


def test_two_letters_suggest_the_institution_that_many_records_name_first():
    create_person(name_en="Kaha Berg")
    create_institution(name_en="Kadam Studio")
    known = create_institution(name_en="Kazfilm")
    for place in range(4):
        create_position(person=create_person(name_en=f"Anna {place}", key=f"a-{place}"), institution=known)
    rebuild_changed()

    suggested = suggested_records(Query("ка", is_unfinished=True))

    assert [record.name_en for record in suggested] == ["Kazfilm", "Kadam Studio", "Kaha Berg"]
