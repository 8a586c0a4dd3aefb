"""Tests of what pages tell search engines about themselves."""

import pytest

from tests.html_page import html_page

PATHS = [
    *("/", "/about/", "/coverage/", "/changes/", "/countries/", "/countries/uz/", "/countries/kz/"),
    *("/institutions/", "/institutions/?country=UZ", "/institutions/?page=2", "/studios/", "/agencies/", "/people/"),
    *("/people/nazim-huseynov/", "/programmes/", "/programmes/film-in-moldova-cash-rebate/", "/events/", "/films/"),
    *("/institutions/national-film-studio-belarusfilm/", "/events/international-film-forum-living-history/"),
    "/address-books/",
    *("/films/khodja-nasreddin/", "/films/?country=UZ"),
]


@pytest.mark.real_data
@pytest.mark.django_db
@pytest.mark.parametrize("prefix", ["", "/ru"], ids=["en", "ru"])
def test_descriptions_differ_by_page(client, prefix):
    pages = {path: html_page(client.get(prefix + path)).one("meta", name="description") for path in PATHS}

    texts = {path: " ".join(meta.attributes["content"].split()) for path, meta in pages.items()}
    assert len(set(texts.values())) == len(PATHS), texts
    assert [path for path, text in texts.items() if not 20 < len(text) < 330] == []
