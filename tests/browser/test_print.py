"""Tests of printed lists and records."""

import re

import pytest
from django.utils import translation
from playwright.sync_api import expect
from pypdf import PdfReader

from institutions.models import Institution
from tests.factories import create_city, create_contact, create_institution
from tests.rich_records import create_rich_institution

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WEBSITE = "https://www.tajikfilm.example/en/contacts/"
# Words of what leads elsewhere or is pressed.
OF_THE_SCREEN = re.compile(
    "Skip to|Studios|Agencies|All institutions|My list|Русский|Find|Search|Filters|Show|Download this list|Colours|"
    "Select|Menu|Sort|Put |Compare|vCard|QR|Tell us|Report a mistake|You are here|Close|×"
)


@pytest.fixture
def printed(open_page, tmp_path):
    """Return the text of each printed A4 page."""

    def print_page(path, **settings):
        open_page(path, **settings).pdf(path=tmp_path / "page.pdf", format="A4")
        sheets = PdfReader(tmp_path / "page.pdf").pages
        # Chromium writes "fi" as one sign.
        return [sheet.extract_text().replace("\ufb01", "fi") for sheet in sheets]

    return print_page


@pytest.fixture
def studio():
    """A studio with everything that its page can show, in a country of its own."""
    studio = create_rich_institution()
    create_contact(institution=studio, kind="website", value=WEBSITE)
    return studio


def test_record_is_a_contact_sheet_of_one_page(printed, studio):
    (sheet,) = printed(studio.get_absolute_url())

    assert OF_THE_SCREEN.findall(sheet.replace("Film Studio", "")) == []
    for expected in [
        *("Tajikfilm", "Киностудия Tajikfilm", "+992 372 21 0000", "info@example.org", "43 Bukhoro Street"),
        *("Tajikfilm Head", "600 m²", "12.5 m"),
    ]:
        assert expected in sheet
    # Long addresses may be broken over lines, never cut.
    unbroken = re.sub(r"\s", "", sheet)
    assert WEBSITE in unbroken
    assert "<https://example.org/Tajikfilm>" in unbroken


def test_list_is_a_contact_sheet_of_one_page(printed, studio):
    for number in range(5):
        other = create_institution(name_en=f"Studio number {number}", city=studio.city)
        create_contact(institution=other, kind="phone", value=f"+99237221000{number}")
    (sheet,) = printed("/institutions/?country=TJ&kind=studio")

    assert OF_THE_SCREEN.findall(sheet.replace("Studios, agencies", "")) == []
    for expected in ["Country: Tajikistan", "10 institutions", "Dushanbe", "info@example.org", "+992 372 21 0004"]:
        assert expected in sheet


def test_paper_is_white_where_the_screen_is_dark(open_page, studio):
    page = open_page(studio.get_absolute_url(), color_scheme="dark")
    page.emulate_media(media="print")

    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"


def test_my_list_is_printed_without_its_buttons(open_page, studio):
    page = open_page("/studios/")
    page.get_by_label("Select: Tajikfilm", exact=True).check()
    page.get_by_role("button", name="Add to my list").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("My list")
    page.wait_for_load_state()
    page.emulate_media(media="print")

    expect(page.locator(".my-list h2").first).to_be_visible()
    assert page.get_by_role("button").filter(visible=True).count() == 0


# Headings below which nothing is left.
EMPTY_HEADINGS = """
() => [...document.querySelectorAll("main section")]
  .filter(section => section.checkVisibility())
  .filter(section => section.querySelector("h2")?.innerText.trim() === section.innerText.trim())
  .map(section => section.innerText)
"""


def test_print_says_how_much_of_a_list_it_holds_and_has_no_empty_headings(open_page, client, studio):
    city = create_city(name_en="Khujand", country=studio.country, latitude=40.28, longitude=69.62)
    for number in range(30):
        create_institution(name_en=f"Film studio {number}", city=city)
    khorugh = create_city(name_en="Khorugh", country=studio.country, latitude=37.49, longitude=71.55)
    create_institution(name_en="Film fund", kind="fund", city=khorugh)
    page = open_page("/studios/?country=TJ&sort=name")
    note = page.locator(".on-paper")
    assert not note.is_visible()

    page.emulate_media(media="print")
    total = page.locator(".total").inner_text().split()[0]
    assert f"Printed: 1 to 25 of {total}. All of them on one sheet, to print:" in note.inner_text()
    path = "/" + note.inner_text().partition("http://")[2].partition("/")[2]
    assert path == "/studios/?country=TJ&sort=name&print=all"
    assert len(client.get(path).context["rows"]) == int(total)

    page.goto("/search/?q=film")
    assert "Printed: 1 to 5 of 32. All of them: http" in page.locator(".on-paper").first.inner_text()
    page.goto("/")
    assert page.locator(".city-map").count() == 1
    assert page.evaluate(EMPTY_HEADINGS) == []
    page.goto("/programmes/")
    assert page.locator(".on-paper").count() == 0


@pytest.mark.parametrize(
    ("language", "country", "print_all"), [("en", "Georgia", "Print all"), ("ru", "Грузия", "Напечатать всё")]
)
def test_whole_country_is_printed_on_one_sheet(open_page, tmp_path, real_directory, language, country, print_all):
    page = open_page("/countries/" if language == "en" else "/ru/countries/")
    page.get_by_role("main").get_by_role("link", name=country, exact=True).first.click()
    page.get_by_role("link", name=print_all).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(country)
    page.pdf(path=tmp_path / "sheet.pdf", format="A4")

    (sheet,) = PdfReader(tmp_path / "sheet.pdf").pages
    listed = Institution.objects.published().filter(country="GE")
    text = re.sub(r"\s", "", sheet.extract_text().replace("\ufb01", "fi"))
    with translation.override(language):
        missing = [one.name for one in listed if re.sub(r"\s", "", one.name) not in text]
    assert missing == []
    assert f"{listed.count()}" in page.locator(".total").inner_text()


def test_numbers_on_dark_grounds_are_black_on_paper(open_page, studio):
    for number in range(9):
        create_institution(name_en=f"Studio number {number}", country=studio.country)

    page = open_page("/coverage/")
    dark = page.locator(".shade-4, .shade-5").first
    expect(dark).to_have_css("color", "rgb(255, 255, 255)")
    page.emulate_media(media="print")

    expect(dark).to_have_css("color", "rgb(0, 0, 0)")
