"""Tests of importing a messy spreadsheet and undoing it, on a phone and without JavaScript."""

import pytest
from playwright.sync_api import expect

from institutions.models import Institution
from tests.browser.messy_spreadsheet import MESSY
from tests.factories import create_city, create_country, create_editor, create_institution

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TELEPHONE = {"viewport": {"width": 360, "height": 740}, "java_script_enabled": False}


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_editor_imports_a_messy_spreadsheet_and_undoes_it(desk_of, tmp_path):
    tajikistan = create_country(code="TJ")
    create_city(name_en="Dushanbe", name_ru="Душанбе", country=tajikistan)
    create_institution(name_en="Tajikfilm", country=tajikistan)
    create_institution(name_en="Kazakhfilm", country=create_country(code="KZ"))
    file = tmp_path / "Студии.xlsx"
    file.write_bytes(MESSY)

    page = desk_of(create_editor(), **TELEPHONE)
    page.get_by_role("link", name="Imported spreadsheets").click()
    page.get_by_role("link", name="Import a spreadsheet").click()

    page.get_by_label("Spreadsheet").set_input_files(file)
    page.get_by_label("Source: URL").fill("https://example.org/list")
    page.get_by_label("Source: title").fill("List of studios")
    assert fits(page)
    page.get_by_role("button", name="Send the file").click()

    expect(page.get_by_label("Тип")).to_have_value("kind")
    expect(page.get_by_label("Заметки")).to_have_value("")
    assert fits(page)
    page.get_by_role("button", name="Continue").click()

    page.get_by_role("group", name="дом кино").get_by_label("Meaning").select_option("studio")
    assert fits(page)
    page.get_by_role("button", name="Continue").click()

    expect(page.get_by_text("“телефона нет” is not a telephone number.")).to_be_visible()
    assert fits(page)
    page.get_by_role("link", name="duplicate?: 1").click()
    page.get_by_label("it is another one: make a new record").check()
    page.get_by_role("button", name="Save my choices").click()
    page.get_by_role("link", name="all: 4").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download these rows with the reasons").click()
    assert download.value.suggested_filename == "Студии-left-out.xlsx"
    page.get_by_role("button", name="Import these rows").click()

    expect(page.get_by_text("Imported: 2 new, 1 changed.")).to_be_visible()
    assert set(Institution.objects.values_list("name_en", flat=True)) == {
        *("Tajikfilm", "Kazakhfilm", "Sinamo Studio", "Kazahfilm")
    }
    sinamo = Institution.objects.get(name_en="Sinamo Studio")
    assert sinamo.contacts.count() == 3
    page.get_by_role("link", name="Line 3").or_(page.get_by_role("link", name="Tajikfilm", exact=True)).first.click()
    page.go_back()

    page.get_by_role("link", name="Undo this import").click()
    assert fits(page)
    page.get_by_role("button", name="Undo this import").click()

    expect(page.get_by_text("The import is undone.", exact=True)).to_be_visible()
    assert set(Institution.objects.values_list("name_en", flat=True)) == {"Tajikfilm", "Kazakhfilm"}
    assert Institution.objects.get(name_en="Tajikfilm").contacts.count() == 0
