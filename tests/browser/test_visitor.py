"""Tests of visitors who look something up."""

import csv
import io
import re

import pytest
from playwright.sync_api import expect

from records.checks import CheckMethod
from tests.factories import (
    create_city,
    create_contact,
    create_country,
    create_institution,
    create_person,
    create_position,
    create_source,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def tajik_studio():
    """A studio with a contact and a director, beside other institutions."""
    dushanbe = create_city(name_en="Dushanbe", name_ru="Душанбе")
    studio = create_institution(
        name_en="Tojikfilm", name_ru="Таджикфильм", name_native="Тоҷикфилм", native_language="tg", city=dushanbe
    )
    page = create_source(url="https://tojikfilm.tj/en/", title="Tojikfilm: about us", published_on="2025-07-28")
    create_contact(
        institution=studio,
        kind="website",
        value="https://tojikfilm.tj",
        source=page,
        checked_on="2025-07",
        check_method=CheckMethod.OFFICIAL_PAGE,
    )
    director = create_person(name_en="Mahmadsaid Shohiyon", name_ru="Махмадсаид Шохиён")
    create_position(
        person=director, institution=studio, title_en="Director", title_ru="Директор", as_of="2025-10-16", source=page
    )
    create_institution(name_en="Union of Cinematographers", kind="union")
    create_institution(name_en="Kazakhfilm", country=create_country(code="KZ"))
    return studio


def test_visitor_finds_the_studio_through_country_and_kind_and_reads_it_in_russian(open_page, tajik_studio):
    page = open_page("/")
    page.get_by_role("link", name="All institutions").first.click()
    page.get_by_label("Tajikistan").check()
    page.get_by_label("Studio", exact=False).first.check()
    page.get_by_role("button", name="Show").last.click()
    page.get_by_role("main").get_by_role("link", name="Tojikfilm", exact=True).click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Tojikfilm")
    row = page.get_by_role("row", name="Mahmadsaid Shohiyon")
    expect(row).to_contain_text("Director")
    expect(row).to_contain_text("16 October 2025")
    row.get_by_role("link", name="source 1").click()
    expect(page.locator("#source-1")).to_contain_text("Tojikfilm: about us")

    page.get_by_role("link", name="Русский").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Таджикфильм")
    expect(page.get_by_role("row", name="Махмадсаид Шохиён")).to_contain_text("16 октября 2025")
    expect(page.locator("html")).to_have_attribute("lang", "ru")


def test_visitor_takes_away_the_list_that_the_page_shows(open_page, tajik_studio):
    page = open_page("/studios/?country=TJ&country=KZ&has=website")

    with page.expect_download() as download:
        page.get_by_text("Download this list").click()
        page.get_by_role("button", name="Table as text (CSV)").click()

    shown = page.locator(".rows h2").all_text_contents()
    with open(download.value.path(), encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(io.StringIO(file.read(), newline="")))
    assert [row["English name"] for row in rows] == shown == ["Tojikfilm"]


def test_a_chip_takes_its_filter_back(open_page, tajik_studio):
    page = open_page("/studios/?country=TJ&has=website")

    page.get_by_role("list", name="Filters in use").get_by_role("link", name="Tajikistan").click()

    expect(page.get_by_role("list", name="Filters in use").get_by_role("link", name="Tajikistan")).to_have_count(0)
    expect(page).to_have_url(re.compile(re.escape("/studios/?has=website") + "$"))


def test_filters_work_without_javascript(open_page, tajik_studio):
    page = open_page("/studios/", java_script_enabled=False, viewport={"width": 1280, "height": 800})
    expect(page.get_by_label("Tajikistan")).to_be_visible()
    page.set_viewport_size({"width": 360, "height": 800})
    expect(page.get_by_label("Tajikistan")).to_be_hidden()
    page.get_by_role("link", name="Filters", exact=True).click()

    page.get_by_label("Tajikistan").check()
    page.get_by_role("button", name="Show").last.click()

    expect(page.locator(".rows h2")).to_have_text(["Tojikfilm"])


# Whether the middle of the second stands in a line of the first.
IN_A_LINE_OF = """
([first, second]) => {
  const box = second.getBoundingClientRect(), middle = (box.top + box.bottom) / 2;
  return [...first.getClientRects()].some(line => line.top - 6 <= middle && middle <= line.bottom);
}
"""


def stands_in_a_line_of(page, first, second):
    return page.evaluate(IN_A_LINE_OF, [first.element_handle(), second.element_handle()])


def test_source_and_pencil_stand_beside_facts_of_several_lines(open_page, tajik_studio):
    source = create_source(url="https://tojikfilm.tj/contacts", title="Tojikfilm: contacts")
    address = "Tajikistan, 734025, Dushanbe, the former Street of the Friends of Cinema, 43"
    create_contact(institution=tajik_studio, kind="address", value=address, department="archive", source=source)
    tajik_studio.positions.update(since="2019-11-22", as_of="2025-11-30")

    page = open_page(tajik_studio.get_absolute_url(), viewport={"width": 1280, "height": 900})

    value = page.locator(".card dd [lang]", has_text="Friends of Cinema")
    assert len(value.evaluate("value => [...value.getClientRects()]")) > 1
    assert stands_in_a_line_of(page, value, value.locator("xpath=..").locator(".mark-link"))
    dates = page.locator("td.dates")
    assert stands_in_a_line_of(page, dates.locator(".dotted"), dates.locator(".correct"))
    expect(page.locator(".card dt", has_text="archive")).to_have_text("Address · archive")


def test_compared_names_and_freshness_stand_by_themselves(open_page):
    russia = create_country(code="RU")
    studios = [create_institution(name_en=f"Riki {number}", country=russia, kind="studio") for number in range(4)]
    for studio in studios:
        create_contact(institution=studio, kind="website", value="https://riki-studio.example")

    query = "&".join(f"record=institution/{studio.key}" for studio in studios)
    page = open_page(f"/compare/?{query}", viewport={"width": 1280, "height": 900})

    name, leave_out = (page.locator(".side-by-side thead th").first.get_by_role("link").nth(place) for place in (0, 1))
    assert not stands_in_a_line_of(page, name, leave_out)
    assert page.locator(".side-by-side .mark").first.evaluate("mark => mark.getClientRects().length") == 1


def test_dots_between_links_stand_at_the_height_of_their_words(open_page):
    create_country(code="KZ")
    create_country(code="RU")
    page = open_page("/about/")

    links = page.locator("#feeds ~ .dotted > li:not(:last-child)")
    assert links.count() > 1
    padding = "[getComputedStyle(link).paddingBottom, getComputedStyle(link, '::after').paddingBottom]"
    link, dot = links.first.evaluate(f"link => {padding}")
    assert link == dot
