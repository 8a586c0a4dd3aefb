"""A further language of the interface as visitors meet it; run in a copy of the checkout that has it."""

import datetime
import xml.etree.ElementTree as ElementTree

import pytest
from django.conf import settings
from django.core import mail
from django.urls import translate_url
from django.utils import formats, translation
from django.utils.translation import gettext

from tests.factories import (
    create_city,
    create_country,
    create_editor,
    create_event,
    create_film,
    create_institution,
    create_person,
    create_position,
    create_programme,
)
from tests.html_page import html_page
from visitors.corrections.letters import send_receipt
from visitors.corrections.models import Correction
from visitors.sitemaps import SITEMAPS

pytestmark = pytest.mark.django_db
IN_KAZAKH = {"name_native": "Қазақфильм", "native_language": "kk"}


def pages_of_map(client, section):
    """The paths of the pages in one part of the sitemap."""
    tree = ElementTree.fromstring(client.get(f"/sitemap-{section}.xml").content)
    return [place.text.removeprefix(settings.SITE_URL) for place in tree.iterfind(".//{*}loc")]


def test_all_pages_files_and_the_admin_answer(client):
    country = create_country(code="KZ")
    studio = create_institution(name_en="Kazakhfilm", country=country, **IN_KAZAKH)
    create_position(person=create_person(country=country), institution=studio)
    create_programme(), create_event(), create_film()

    pages = [page for section in SITEMAPS for page in pages_of_map(client, section) if page.startswith("/kk/")]
    files = [f"/kk/institutions/export/{file_format}/" for file_format in ("csv", "json", "vcf", "xlsx")]
    others = ["/kk/search/?q=kazakhfilm", "/kk/changes.atom", "/kk/institutions/kazakhfilm/card.vcf", "/robots.txt"]
    client.force_login(create_editor())

    paths = [*pages, *files, *others, "/kk/admin/", f"/kk/admin/institutions/institution/{studio.pk}/change/"]
    answers = {path: client.get(path) for path in paths}
    assert {path: answer.status_code for path, answer in answers.items()} == dict.fromkeys(paths, 200)
    assert all(answer.getvalue() for answer in answers.values())
    assert len(pages) > len(SITEMAPS)


def test_strings_come_from_the_catalog_then_from_the_chain(client):
    sections = html_page(client.get("/kk/")).one("nav", class_="sections").texts("a")

    assert sections[:6] == ["Студиялар", "Агентства", "Все организации", "Елдер", "Адамдар", "Возврат затрат"]
    with translation.override("kk"):
        assert gettext("Said nowhere") == "Said nowhere"
    with translation.override("en"):
        assert gettext("countries") == "countries"


def test_every_page_tells_its_twins(client):
    create_institution(name_en="Kazakhfilm")
    path = "/kk/institutions/kazakhfilm/"

    page = html_page(client.get(path))

    links = [link.attributes for link in page.all("link", rel="alternate")]
    twins = {link["hreflang"]: link["href"] for link in links if "hreflang" in link}
    assert page.one("html").attributes["lang"] == "kk"
    assert twins["kk"] == settings.SITE_URL + path
    assert page.one("nav", class_="languages").texts("a") == ["English", "Русский", "Қазақша"]
    assert html_page(client.get(path)).one("a", hreflang="kk").attributes["aria-current"] == "true"
    assert path in pages_of_map(client, "institutions")
    assert f'hreflang="kk" href="{settings.SITE_URL}{path}"' in client.get("/sitemap-institutions.xml").content.decode()
    assert "Disallow: /kk/admin/" in client.get("/robots.txt").content.decode()


def test_shared_links_have_the_picture_of_the_next_language(client):
    metas = html_page(client.get("/kk/")).all("meta")
    shared = {
        meta.attributes["property"]: meta.attributes["content"] for meta in metas if "property" in meta.attributes
    }

    assert shared["og:locale"] == "kk_KZ"
    assert shared["og:image"].endswith("/share/site-ru.png")


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        ({"name_ru": "Казахфильм", **IN_KAZAKH}, ("Қазақфильм", "kk")),
        ({"name_ru": "Кыргызфильм", "name_native": "Кыргызфильми", "native_language": "ky"}, ("Кыргызфильм", "ru")),
        ({"name_native": "Հայֆիլմ", "native_language": "hy"}, ("Film", "en")),
    ],
)
def test_names_fall_back_along_the_chain(client, names, shown):
    create_institution(name_en="Film", **names)

    heading = html_page(client.get("/kk/institutions/film/")).one("h1").one("span")

    assert (heading.text, heading.attributes["lang"]) == shown


def test_lists_are_sorted_by_the_next_language_that_has_a_column(client):
    create_institution(name_en="A", name_ru="Я")
    create_institution(name_en="Z", name_ru="Б")

    headings = html_page(client.get("/kk/institutions/")).texts("h2")

    assert [heading for heading in headings if heading in ("Я", "Б")] == ["Б", "Я"]


def test_readers_correct_a_post_told_in_the_language(client):
    post = create_position(title_en="Director", title_native="Бас директор", native_language="kk")
    path = post.person.get_absolute_url()

    page = html_page(client.get(translate_url(path, "kk")))
    (link,) = [link for link in page.all("a", class_="correct") if "title_native" in link.attributes["href"]]

    assert [text for text in page.texts("span", lang="kk") if text == "Бас директор"] == ["Бас директор"]
    assert "Бас директор" in client.get(link.attributes["href"]).content.decode()


def test_dates_and_countries_are_written_in_the_language(client):
    city = create_city(
        name_en="Astana", name_native="Астана қаласы", native_language="kk", country=create_country(code="KZ")
    )
    create_event(name_en="Forum", start="2025-12-14", end="2025-12-17", city=city, country=city.country)

    text = html_page(client.get("/kk/events/forum/")).text

    assert "2025 ж. 14 желтоқсан – 2025 ж. 17 желтоқсан" in text
    assert "Астана қаласы Қазақстан" in text
    with translation.override("kk"):
        assert formats.date_format(datetime.datetime(2025, 12, 14, 9, 5), "SHORT_DATETIME_FORMAT").endswith(
            "2025, 09:05"
        )


def test_letters_are_written_in_the_language():
    send_receipt(Correction.objects.create(wrong="x", email="reader@example.org", language="kk"))

    assert mail.outbox[0].subject == "CISFilm: ваше исправление получено"
    assert "/kk/corrections/" in mail.outbox[0].body
