"""Tests of the sitemap: every public page in both languages, and nothing hidden."""

import xml.etree.ElementTree as ElementTree

import pytest

from tests.factories import (
    create_country,
    create_event,
    create_film,
    create_institution,
    create_person,
    create_programme,
)
from tests.html_page import html_page

pytestmark = pytest.mark.django_db

NAMESPACES = {"map": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


def addresses(client, path):
    tree = ElementTree.fromstring(client.get(path).content)
    return [place.text for place in tree.iterfind(".//map:loc", NAMESPACES)]


def all_pages(client):
    return [
        address
        for file in addresses(client, "/sitemap.xml")
        for address in addresses(client, file.removeprefix("http://testserver"))
    ]


def test_every_public_record_stands_there_in_both_languages_and_answers(client, settings):
    country = create_country(code="TJ")
    records = [create_institution(), create_person(), create_programme(), create_event(), create_film(), country]
    create_institution(name_en="Draft", publication_state="draft")
    create_person(name_en="Withheld", withheld=True)

    pages = [address.removeprefix(settings.SITE_URL) for address in all_pages(client)]

    for record in records:
        assert {record.get_absolute_url(), f"/ru{record.get_absolute_url()}"} <= set(pages)
    assert not [page for page in pages if "draft" in page or "withheld" in page]
    assert len(pages) == len(set(pages))
    assert {client.get(page).status_code for page in pages} == {200}


def test_each_page_names_its_twin(client, settings):
    create_institution(name_en="Tajikfilm")

    tree = ElementTree.fromstring(client.get("/sitemap-institutions.xml").content)

    twins = {
        (link.get("hreflang"), link.get("href"))
        for link in tree.find("map:url", NAMESPACES).iterfind("x:link", NAMESPACES)
    }
    english, russian = f"{settings.SITE_URL}/institutions/tajikfilm/", f"{settings.SITE_URL}/ru/institutions/tajikfilm/"
    assert twins == {("en", english), ("ru", russian), ("x-default", english)}


@pytest.mark.parametrize("record_count", [1, 3])
def test_sitemap_asks_a_fixed_number_of_times(client, django_assert_num_queries, record_count):
    for number in range(record_count):
        create_institution(name_en=f"Studio {number}")

    with django_assert_num_queries(1):
        client.get("/sitemap-institutions.xml")


def test_no_such_part_of_the_map(client):
    assert client.get("/sitemap-nothing.xml").status_code == 404
    assert client.get("/sitemap-films.xml?p=7").status_code == 404


def test_robots_leave_working_pages_alone_and_find_the_map(client, settings):
    lines = client.get("/robots.txt").content.decode().splitlines()

    assert lines[0] == "User-agent: *"
    assert {"Disallow: /admin/", "Disallow: /ru/admin/", "Disallow: /my-list/", "Disallow: /lists/"} <= set(lines)
    assert lines[-1] == f"Sitemap: {settings.SITE_URL}/sitemap.xml"


def test_pages_carry_a_picture_and_words_for_links_shared_elsewhere(client, settings):
    create_institution(name_en="Tajikfilm", name_ru="Таджикфильм")

    for path, locale, title in [("", "en_GB", "Tajikfilm"), ("/ru", "ru_RU", "Таджикфильм")]:
        page = html_page(client.get(f"{path}/institutions/tajikfilm/"))
        shared = {
            meta.attributes["property"]: meta.attributes["content"]
            for meta in page.all("meta")
            if "property" in meta.attributes
        }
        assert (shared["og:title"], shared["og:locale"]) == (title, locale)
        assert shared["og:url"] == f"{settings.SITE_URL}{path}/institutions/tajikfilm/"
        assert shared["og:image"].startswith(f"{settings.SITE_URL}/static/share/")
        assert shared["og:image:alt"]
