"""Tests of the search for visitors: lists, the page over all kinds, suggestions, and any input."""

import csv
import io

import pytest
from django.urls import reverse

from institutions.models import Institution
from search.models import ChangedRecord
from search.queries import QUERY_MAX_LENGTH, Query, clean_text
from search.rebuilding import rebuild_changed
from tests.factories import (
    create_city,
    create_country,
    create_event,
    create_film,
    create_institution,
    create_institution_name,
    create_person,
    create_position,
    create_programme,
)
from tests.html_page import html_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def studios():
    """Two studios of one country and one of another, each with names in several scripts."""
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
    archive = create_institution(name_en="Film Archive", name_ru="Киноархив", kind="archive", country=kazakhstan)
    return {"tajikfilm": tajikfilm, "kazakhfilm": kazakhfilm, "archive": archive}


def names_found(client, address):
    return [record.name_en for record in client.get(address).context["page"].object_list]


@pytest.mark.parametrize(
    "text",
    ["Тоҷикфилм", "таджикфильм", "tadjikfilm", "Tadschikfilm", "tajkifilm", "nfl;brabkmv", "Tаджикфильм", "тажикфильм"],
)
def test_studio_is_found_in_any_script_and_with_slips(client, studios, text):
    response = client.get("/studios/", {"q": text})

    assert [record.name_en for record in response.context["page"].object_list] == ["Tajikfilm"]


@pytest.mark.real_data
def test_word_that_nearly_all_records_have_finds_them_when_it_is_all_that_was_asked_for(client):
    """Check a common word as the whole query; with other words it is ignored. Only the real data set has such words."""
    found = [name for page in (1, 2) for name in names_found(client, f"/institutions/?q=film&page={page}")]
    assert "Azerbaijan Film Commission" in found
    assert client.get("/institutions/?q=film").context["page"].paginator.count > 50


def test_former_name_finds_the_record_and_is_said(client, studios):
    page = html_page(client.get("/institutions/?q=stalinabadskaya"))

    found_by = page.one("span", class_="found-by")
    assert found_by.text.split() == ["formerly:", "Сталинабадская", "киностудия", "since", "1941", "until", "1961"]
    assert [name.text for name in found_by.all("span", lang="ru")] == ["Сталинабадская киностудия"]


def test_displayed_name_is_not_said_twice(client, studios):
    page = html_page(client.get("/institutions/?q=tajikfilm"))

    assert list(page.all("span", class_="found-by")) == []


def test_search_and_filters_narrow_each_other_in_rows_counts_and_file(client, studios):
    page = client.get("/institutions/?q=kazakhstan&kind=archive")
    kinds = next(facet for facet in page.context["filterset"].facets if facet.name == "kind")
    file = b"".join(client.get("/institutions/export/csv/?q=kazakhstan&kind=archive")).decode("utf-8-sig")

    assert [record.name_en for record in page.context["page"].object_list] == ["Film Archive"]
    assert {choice.value: choice.count for choice in kinds.choices} == {"archive": 1, "studio": 1}
    assert [row["id"] for row in csv.DictReader(io.StringIO(file))] == ["film-archive"]


def test_best_answer_comes_first_unless_another_order_is_asked_for(client):
    create_institution(name_en="Aral Kazakhfilm Archive of Posters")
    create_institution(name_en="Kazakhfilm")

    assert names_found(client, "/institutions/?q=kazakhfilm")[0] == "Kazakhfilm"
    assert names_found(client, "/institutions/?q=kazakhfilm&sort=name")[0] == "Aral Kazakhfilm Archive of Posters"


def test_relevance_is_a_way_to_sort_only_where_something_is_looked_for(client, studios):
    searched = client.get("/institutions/?q=film").context["filterset"].sortings
    unsearched = client.get("/institutions/").context["filterset"].sortings

    assert [value for value, _label, is_present in searched if is_present] == ["relevance"]
    assert [value for value, _label, is_present in unsearched if is_present] == ["name"]
    assert "relevance" not in [value for value, _label, _is_present in unsearched]


@pytest.mark.parametrize("text", ["Kazakhfilm Xqzwvian Yxkwqzy", "Gazagfiln"])
@pytest.mark.parametrize("address", ["/search/", "/institutions/"])
def test_nothing_found_offers_similar_names(client, studios, address, text):
    page = html_page(client.get(address, {"q": text}))

    [offered] = page.one("div", class_="empty").all("ul", class_="similar")
    assert [link.text for link in offered.all("a")] == ["Kazakhfilm"]


@pytest.mark.parametrize(
    "nonsense", ["xqzwv", "фывапролджэ", "asdfghjkl", "pizza delivery", "ჯჯღღყყ", "🎬", "!!!", "؟"]
)
def test_nonsense_finds_nothing_and_the_page_says_what_to_do(client, studios, nonsense):
    response = client.get("/search/", {"q": nonsense})

    page = html_page(response)
    assert response.context["groups"] == []
    assert "/institutions/" in [link.attributes["href"] for link in page.one("div", class_="empty").all("a")]


def test_other_filters_that_hide_what_the_search_finds_are_told(client, studios):
    page = html_page(client.get("/institutions/?q=tajikfilm&country=KZ"))

    link = next(link for link in page.one("div", class_="empty").all("a") if link.attributes["href"] == "?q=tajikfilm")
    assert link.text == "Show 1 record that the search alone finds"


def test_former_holder_of_a_post_is_found_by_name(client):
    studio = create_institution(name_en="Tajikfilm")
    former = create_person(name_en="Anna Berg")
    create_position(person=former, institution=studio, until="2001")
    create_person(name_en="Berta Holm")

    assert names_found(client, "/people/?q=berg+anna") == ["Anna Berg"]
    assert names_found(client, "/people/?q=Holm") == ["Berta Holm"]
    assert names_found(client, "/people/?q=berg&role=deputy") == []


def test_file_of_a_searched_list_holds_whom_the_page_shows(client):
    former = create_person(name_en="Anna Berg")
    create_position(person=former, institution=create_institution(name_en="Tajikfilm"), until="2001")
    create_person(name_en="Otto Berg")

    page = client.get("/people/?q=berg").context["page"].object_list
    file = b"".join(client.get("/people/export/csv/?q=berg")).decode("utf-8-sig")

    assert {person.name_en for person in page} == {"Anna Berg", "Otto Berg"}
    rows = list(csv.DictReader(io.StringIO(file)))
    assert {row["English name"] for row in rows} == {"Anna Berg", "Otto Berg"}


@pytest.mark.parametrize(
    "text", ["Berg", "A. Berg", "Berg A.", "Анна Берг", "Berg Anna", "Анна Павловна Берг", "fyyf ,thu"]
)
def test_person_is_found_by_parts_of_the_name(client, text):
    create_person(name_en="Anna Berg", name_ru="Анна Берг")
    create_person(name_en="Otto Lang", name_ru="Отто Ланг")

    assert [record.name_en for record in client.get("/people/", {"q": text}).context["page"].object_list] == [
        "Anna Berg"
    ]


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        *(("Elvira Drnoi", True), ("Elvira Dragnoy", True), ("Elvira Smith", False)),
        # So many slips are believed beside a word typed right alone.
        *(("Elvira Branoi", True), ("Elvira Trankai", True), ("Elvora Branoi", False), ("Branoi", False)),
    ],
)
def test_more_slips_are_believed_beside_a_word_that_was_typed_right(client, text, is_found):
    create_person(name_en="Elvira Drangoi")
    create_person(name_en="Otto Lang")

    found = client.get("/people/", {"q": text}).context["page"].object_list

    assert [person.name_en for person in found] == (["Elvira Drangoi"] if is_found else [])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A. Berg", ["Anna Berg", "Zoya Berg"]),
        ("Z. Berg", ["Zoya Berg", "Anna Berg"]),
        ("Berg Z.", ["Zoya Berg", "Anna Berg"]),
        ("A. Z.", []),
        ("A. Xqzwvian", []),
    ],
)
def test_initial_tells_people_of_one_family_name_apart_and_finds_nobody_by_itself(client, text, found):
    create_person(name_en="Zoya Berg")
    create_person(name_en="Anna Berg")

    assert names_found(client, f"/people/?q={text}") == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Marina Berg", ["M. Berg"]),
        ("Vera Berg", []),
        # Not a letter, and not an article.
        ("Octavian Holm", []),
        ("Anna Holm", []),
    ],
)
def test_only_a_letter_of_a_name_stands_for_the_name_that_begins_with_it(client, text, found):
    create_person(name_en="M. Berg")
    create_person(name_en="Oct Holm")
    create_person(name_en="Holm a Lind")

    assert names_found(client, f"/people/?q={text}") == found


@pytest.fixture
def forums():
    """Fifty forums, whose common word has little weight, and a prize."""
    for number in range(50):
        create_institution(name_en=f"Kinoforum {number}", kind="festival")
    create_institution(name_en="Somon Berg Prize", kind="fund")
    rebuild_changed()


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("kinoforum somon", True),
        ("kinofor somon", True),
        ("inoforu somon", True),
        ("kinoforumlar somon", True),
        # Whoever means something else than all those forums types a rare word, whatever it looks like.
        ("kynofarun somon", False),
    ],
)
def test_common_word_tells_little_also_where_only_a_piece_or_more_than_it_is_typed(client, forums, text, is_found):
    assert names_found(client, f"/institutions/?q={text}") == (["Somon Berg Prize"] if is_found else [])


def test_words_that_many_records_have_do_not_answer_for_the_one_that_none_has(client):
    create_institution(name_en="Film Studio Aral")
    create_institution(name_en="Film Studio Somon")

    assert names_found(client, "/institutions/?q=film studio xqzwvian") == []
    assert names_found(client, "/institutions/?q=film studio somon") == ["Film Studio Somon"]


def create_one_of_each():
    country = create_country(code="TJ")
    studio = create_institution(name_en="Somon Studio", country=country)
    create_position(person=create_person(name_en="Somon Karimov"), institution=studio)
    create_event(name_en="Somon Forum", country=country)
    create_film(name_en="Somon", countries=[country])
    create_programme(name_en="Somon Rebate", country=country)


def test_search_page_groups_all_kinds_with_counts_that_their_lists_hold(client):
    create_one_of_each()

    groups = client.get("/search/?q=somon").context["groups"]

    assert {reverse(group.kind.list_of_all.url_name): group.count for group in groups} == {
        "/institutions/": 1, "/people/": 1, "/programmes/": 1, "/events/": 1, "/films/": 1
    }  # fmt: skip
    for group in groups:
        assert client.get(group.address).context["page"].paginator.count == group.count


def test_group_of_the_best_answer_comes_first(client):
    create_institution(name_en="Institute of Film named after Somon Karimov")
    create_film(name_en="Somon")

    groups = client.get("/search/?q=somon").context["groups"]

    assert [reverse(group.kind.list_of_all.url_name) for group in groups] == ["/films/", "/institutions/"]


def test_suggestions_name_the_record_in_two_scripts_with_its_kind_and_place(client, studios):
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
    assert response.headers["Cache-Control"] == "public, max-age=300"
    assert "Cookie" not in response.headers.get("Vary", "")


def test_suggestion_says_by_which_name_it_was_found(client, studios):
    [suggestion] = client.get("/search/suggest/?q=stalinabadskaya").json()["suggestions"]

    assert (suggestion["name"], suggestion["found_by"]) == ("Tajikfilm", "Сталинабадская киностудия")
    assert suggestion["found_by_language"] == "ru"


def test_hidden_record_lends_its_place_among_the_suggestions_to_nobody(client):
    """Check this even while the words of the hidden record are not removed yet."""
    hidden = create_institution(name_en="Somon")
    create_institution(name_en="Institute of Screen Arts named after Somon Karimov")
    create_film(name_en="Somon Road")
    rebuild_changed()
    Institution.objects.filter(pk=hidden.pk).update(publication_state="draft")
    ChangedRecord.objects.all().delete()

    suggestions = client.get("/search/suggest/?q=somon").json()["suggestions"]

    assert [suggestion["name"] for suggestion in suggestions] == [
        "Somon Road",
        "Institute of Screen Arts named after Somon Karimov",
    ]


def test_suggestions_are_in_the_language_of_their_address(client, studios):
    [suggestion] = client.get("/ru/search/suggest/?q=tajikf").json()["suggestions"]

    assert suggestion["name"] == "Таджикфильм"
    assert suggestion["facts"] == ["киностудия", "Душанбе", "Таджикистан"]
    assert suggestion["url"] == "/ru/institutions/tajikfilm/"


@pytest.mark.parametrize("typed", ["", "t", "%00", "!!"])
def test_too_little_to_go_by_suggests_nothing(client, studios, typed):
    assert client.get(f"/search/suggest/?q={typed}").json()["suggestions"] == []


@pytest.mark.parametrize("method", ["post", "put", "delete"])
@pytest.mark.parametrize("address", ["/search/", "/search/suggest/"])
def test_search_only_reads(client, address, method):
    assert getattr(client, method)(address).status_code == 405


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


@pytest.mark.parametrize("typed", STRANGE, ids=range(len(STRANGE)))
@pytest.mark.parametrize(
    "address", ["/search/", "/search/suggest/", "/institutions/", "/ru/people/", "/events/", "/films/"]
)
def test_whatever_is_typed_gets_a_page(client, studios, address, typed):
    response = client.get(f"{address}?q={typed}")

    assert response.status_code == 200


def test_long_text_is_cut_and_the_page_says_so(client, studios):
    for address in ["/search/", "/institutions/"]:
        page = html_page(client.get(address, {"q": "tajikfilm " + "x" * 300}))

        assert str(QUERY_MAX_LENGTH) in page.one("p", class_="notice").text
    page = html_page(client.get("/search/", {"q": "tajikfilm " * 15}))
    assert "12 words" in page.one("p", class_="notice").text


def test_text_that_is_short_enough_is_not_commented(client, studios):
    assert list(html_page(client.get("/search/?q=tajikfilm")).all("p", class_="notice")) == []


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("  Tajik \u0000 film\n", "Tajik film"),
        ("\u202eta\u00adjik\u200f", "tajik"),
        ("\u3000киностудия\u00a0имени", "киностудия имени"),
        ("x" * 500, "x" * QUERY_MAX_LENGTH),
    ],
)
def test_text_is_cleaned_of_what_no_name_has(typed, cleaned):
    assert clean_text(typed) == cleaned
    assert str(Query(typed)) == cleaned


@pytest.mark.parametrize("item_count", [1, 3])
@pytest.mark.parametrize(
    ("address", "queries"),
    [
        ("/institutions/?q=somon", 25),
        ("/people/?q=somon", 15),
        ("/search/?q=somon", 27),
        ("/search/suggest/?q=somon", 25),
    ],
)
def test_search_asks_the_same_number_of_questions_for_one_and_for_three(
    client, django_assert_num_queries, item_count, address, queries
):
    country = create_country(code="TJ")
    for number in range(item_count):
        studio = create_institution(name_en=f"Somon {number}", country=country)
        create_institution_name(institution=studio, text=f"Сомон {number}")
        create_position(person=create_person(name_en=f"Somon Karimov {number}"), institution=studio)
    rebuild_changed()

    with django_assert_num_queries(queries):
        client.get(address)


def test_very_many_answers_are_found_by_conditions_alone(client, monkeypatch):
    """Check that beyond the number of ranked records, every word must be in the record."""
    monkeypatch.setattr("search.records.MOST_RANKED", 2)
    for number in range(3):
        create_institution(name_en=f"Film Fund {number}", kind="fund")
    create_institution(name_en="Somon Film Fund", kind="fund")
    create_institution(name_en="Archive", kind="archive")

    assert set(names_found(client, "/institutions/?q=film+fund")) == {
        "Film Fund 0", "Film Fund 1", "Film Fund 2", "Somon Film Fund"
    }  # fmt: skip
    assert names_found(client, "/institutions/?q=somon+film+fund") == ["Somon Film Fund"]
    assert Institution.objects.published().search("xqz fund").count() == 0
