"""Texts that were dictated or scanned: words apart that are one, letters taken for others, elided articles."""

import pytest

from search.queries import Query
from tests.factories import create_institution

pytestmark = pytest.mark.django_db


@pytest.fixture
def found(client):
    for name in ["Gosfilmofond", "Belarusfilm", "Umut Forum", "Northern Lights", "Landdock Studio", "Zebra 13"]:
        create_institution(name_en=name)

    def names(text):
        page = client.get("/institutions/", {"q": text}).context["page"].object_list
        return [record.name_en for record in page]

    return names


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("gos filmo fond", "Gosfilmofond"),
        ("гос фильмо фонд", "Gosfilmofond"),
        ("бела русьфильм", "Belarusfilm"),
        ("land dok studio", "Landdock Studio"),
        ("Urnut F0rum", "Umut Forum"),
        ("Northem Lights", "Northern Lights"),
        ("6еларусьфильм", "Belarusfilm"),
        ("Ze8ra 13", "Zebra 13"),
    ],
)
def test_what_was_meant_is_found_first(found, text, name):
    assert found(text)[:1] == [name]


@pytest.mark.parametrize(("text", "folded"), [("d'Arménie", "armenie"), ("l'Ouzbékistan", "uzbekistan")])
def test_elided_article_is_no_part_of_the_word(text, folded):
    assert [word.text for word in Query(text).as_typed[0].words] == [folded]


def test_name_that_begins_like_an_elided_article_stays_whole():
    assert [word.text for word in Query("L'viv").as_typed[0].words] == ["lviv"]


def test_many_words_are_not_joined():
    assert Query("one two three four five six").joined == []
