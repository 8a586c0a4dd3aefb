"""Tests of the search for visitors: lists, the page over all kinds, and suggestions."""

import csv
import io
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from institutions.models import Institution
from search.models import ChangedRecord
from search.queries import QUERY_MAX_LENGTH, Query, clean_text
from search.rebuilding import rebuild_changed
from tests.factories import (
    create_country,
    create_event,
    create_film,
    create_institution,
    create_institution_name,
    create_person,
    create_position,
    create_programme,
)

pytestmark = pytest.mark.django_db


def names_found(client, address):
    return [record.name_en for record in client.get(address).context["page"].object_list]


def assert_found(client, address, found):
    """Check the names that each text finds in the list, the best first."""
    assert {text: names_found(client, f"{address}?{urlencode({'q': text})}") for text in found} == found


@pytest.mark.real_data
def test_word_that_nearly_all_records_have_finds_them_when_it_is_all_that_was_asked_for(client):
    """Check a common word as the whole query; with other words it is ignored. Only the real data set has such words."""
    found = [name for page in (1, 2) for name in names_found(client, f"/institutions/?q=film&page={page}")]
    assert "Azerbaijan Film Commission" in found
    assert client.get("/institutions/?q=film").context["page"].paginator.count > 50


def test_best_answer_comes_first_unless_another_order_is_asked_for(client):
    create_institution(name_en="Aral Kazakhfilm Archive of Posters")
    create_institution(name_en="Kazakhfilm")

    assert names_found(client, "/institutions/?q=kazakhfilm")[0] == "Kazakhfilm"
    assert names_found(client, "/institutions/?q=kazakhfilm&sort=name")[0] == "Aral Kazakhfilm Archive of Posters"


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


def test_person_is_found_by_parts_of_the_name(client):
    create_person(name_en="Anna Berg", name_ru="Анна Берг")
    create_person(name_en="Otto Lang", name_ru="Отто Ланг")
    texts = ["Berg", "A. Berg", "Berg A.", "Анна Берг", "Berg Anna", "Анна Павловна Берг", "fyyf ,thu"]

    assert_found(client, "/people/", {text: ["Anna Berg"] for text in texts})


def test_more_slips_are_believed_beside_a_word_that_was_typed_right(client):
    create_person(name_en="Elvira Drangoi")
    create_person(name_en="Otto Lang")
    right = ["Elvira Drnoi", "Elvira Dragnoy"]
    # So many slips are believed beside a word typed right alone.
    right += ["Elvira Branoi", "Elvira Trankai"]
    wrong = ["Elvira Smith", "Elvora Branoi", "Branoi"]

    assert_found(client, "/people/", {text: ["Elvira Drangoi"] for text in right} | {text: [] for text in wrong})


def test_initial_tells_people_of_one_family_name_apart_and_finds_nobody_by_itself(client):
    create_person(name_en="Zoya Berg")
    create_person(name_en="Anna Berg")

    assert_found(
        client,
        "/people/",
        {
            "A. Berg": ["Anna Berg", "Zoya Berg"],
            "Z. Berg": ["Zoya Berg", "Anna Berg"],
            "Berg Z.": ["Zoya Berg", "Anna Berg"],
            "A. Z.": [],
            "A. Xqzwvian": [],
        },
    )


def test_only_a_letter_of_a_name_stands_for_the_name_that_begins_with_it(client):
    create_person(name_en="M. Berg")
    create_person(name_en="Oct Holm")
    create_person(name_en="Holm a Lind")

    # "Oct" is not a letter, and "a" not an article.
    found = {"Marina Berg": ["M. Berg"], "Vera Berg": [], "Octavian Holm": [], "Anna Holm": []}
    assert_found(client, "/people/", found)


def test_common_word_tells_little_also_where_only_a_piece_or_more_than_it_is_typed(client):
    for number in range(50):
        create_institution(name_en=f"Kinoforum {number}", kind="festival")
    create_institution(name_en="Somon Berg Prize", kind="fund")
    rebuild_changed()
    right = ["kinoforum somon", "kinofor somon", "inoforu somon", "kinoforumlar somon"]
    # Whoever means something else than all those forums types a rare word, whatever it looks like.
    wrong = ["kynofarun somon"]

    assert_found(
        client, "/institutions/", {text: ["Somon Berg Prize"] for text in right} | {text: [] for text in wrong}
    )


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
        "Institute of Screen Arts named after Somon Karimov",
        "Somon Road",
    ]


@pytest.mark.parametrize("method", ["post", "put", "delete"])
@pytest.mark.parametrize("address", ["/search/", "/search/suggest/"])
def test_search_only_reads(client, address, method):
    assert getattr(client, method)(address).status_code == 405


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
def test_search_asks_the_same_number_of_questions_for_one_and_for_three(client, django_assert_num_queries, item_count):
    country = create_country(code="TJ")
    for number in range(item_count):
        studio = create_institution(name_en=f"Somon {number}", country=country)
        create_institution_name(institution=studio, text=f"Сомон {number}")
        create_position(person=create_person(name_en=f"Somon Karimov {number}"), institution=studio)
    rebuild_changed()

    for address, queries in [("/institutions/", 36), ("/people/", 18), ("/search/", 30), ("/search/suggest/", 28)]:
        with django_assert_num_queries(queries, info=address):
            client.get(f"{address}?q=somon")


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
