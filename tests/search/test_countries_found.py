"""A country is a result of its own when a text is its name, in any language."""

import pytest

from search.context_words import country_named
from tests.factories import create_country, create_institution
from tests.html_page import html_page


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *[
            (text, "KZ")
            for text in ("Kazajistán", "Cazaquistão", "哈萨克斯坦", "Hasakesitan", "Казахстана", "Қазақстан")
        ],
        *[(text, "KG") for text in ("Kirgisien", "Qirgʻiziston", "Qirg'iziston", "Киргызстан", "Kirgizië")],
        *[(text, "BY") for text in ("Weißrussland", "Белоруссия", "Bielorrusia", "Valko-Venäjä", "Белорусия")],
        *[(text, "MD") for text in ("Moldau", "Молдавия", "Republic of Moldova")],
        *[(text, "AM") for text in ("Ermenistan", "Hayastan", "Հայաստան")],
        *[(text, "GE") for text in ("Sakartvelo", "Gürcistan", "საქართველო")],
        ("Azerbaïdjan", "AZ"),
    ],
)
def test_country_is_known_by_its_names_in_the_languages_of_the_world(text, code):
    assert country_named(text) == code


@pytest.mark.parametrize("text", ["", "!", "Польша", "Prussia", "India", "Казахфильм", "Moldova-Film", "Баку", "film"])
def test_text_that_names_no_country_of_the_region_is_none(text):
    assert country_named(text) is None


@pytest.mark.django_db
def test_search_page_begins_with_the_country_that_the_text_names(client):
    create_institution(name_en="Kazakhfilm", country=create_country(code="KZ"))

    found = html_page(client.get("/search/", {"q": "Kazajistán"})).section("countries-found")

    assert found.one("a").attributes["href"] == "/countries/kz/"
    assert "1 institution" in found.text


@pytest.mark.django_db
def test_country_that_the_directory_does_not_cover_is_no_result(client):
    create_country(code="KZ", cis_status="none")

    assert "countries-found" not in client.get("/search/", {"q": "Kazakhstan"}).content.decode()
