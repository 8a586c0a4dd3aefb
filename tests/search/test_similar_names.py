"""Names of the whole world that no rule of a language brings near enough to be found, offered as similar names."""

import pytest

from people.models import Person
from search.queries import Query
from search.rebuilding import rebuild
from search.similar_names import CANDIDATES_COMPARED, similar_names
from tests.factories import create_institution, create_institution_name, create_person
from tests.html_page import html_page

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
    rebuild(Person, [record.pk for record in records])
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


def test_only_so_many_records_are_compared_with_a_common_name():
    records = [create_person(name_en=f"Jeanpierre {place}", key=f"p-{place}") for place in range(3)]
    rebuild(Person, [record.pk for record in records])

    assert len(similar_names(Person, Query("Жанпьерр"))) <= CANDIDATES_COMPARED


def test_similar_name_says_why_it_is_offered(client):
    studio = create_institution(name_en="Northern Pictures")
    create_institution_name(institution=studio, text="Kazakhfilm")

    page = html_page(client.get("/search/", {"q": "Gazagfiln"}))

    [offered] = page.one("div", class_="empty").all("ul", class_="similar")
    assert offered.one("a").text == "Northern Pictures"
    assert "Kazakhfilm" in offered.one("span", class_="found-by").text
