"""Tests of downloading contacts in a browser."""

import re
import subprocess

import openpyxl
import pytest
import vobject
from playwright.sync_api import expect

from tests.factories import create_contact, create_institution, create_person, create_position

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def studio():
    """A studio with a telephone and a director, beside one without contacts."""
    studio = create_institution(key="tj-studio", name_en="Tojikfilm", name_native="Тоҷикфилм", native_language="tg")
    create_contact(institution=studio, kind="phone", value="+992372210000")
    create_contact(institution=studio)
    create_position(person=create_person(name_en="Mahmadsaid Shohiyon"), institution=studio, role="head")
    create_institution(name_en="Unreachable")
    return studio


@pytest.mark.outside_programs("zbarimg")
def test_camera_reads_the_contact_card_from_the_qr_code(chromium, live_server, studio, tmp_path):
    page = chromium.new_page(viewport={"width": 900, "height": 900})
    command = ["zbarimg", "--raw", "--quiet", "--oneshot", "-Sbinary", str(tmp_path / "code.png")]
    for address in ["/institutions/tojikfilm/card.svg", "/people/mahmadsaid-shohiyon/card.svg"]:
        page.goto(live_server.url + address)
        page.screenshot(path=tmp_path / "code.png")

        seen = subprocess.run(command, check=True, capture_output=True).stdout

        card = vobject.readOne(seen.decode())
        assert (card.org.value, card.tel.value) == (["Tojikfilm"], "+992372210000")
    page.close()


@pytest.mark.parametrize("javascript", [True, False])
def test_coordinator_saves_a_list_and_takes_only_the_change_away(open_page, studio, tmp_path, javascript):
    page = open_page("/studios/?has=email", java_script_enabled=javascript)

    page.get_by_text("Download this list").click()
    page.get_by_label("Institutions and representatives").check()
    with page.expect_download() as download:
        page.get_by_role("button", name="Excel workbook").click()
    download.value.save_as(tmp_path / "list.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "list.xlsx", read_only=True).worksheets[0]
    assert [row[2].value for row in sheet.rows][1:] == ["Tojikfilm", "Mahmadsaid Shohiyon"]

    page.get_by_role("button", name="Save this list as a link").click()
    page.get_by_role("link", name="/lists/").first.click()
    expect(page.get_by_text("Nothing has changed.")).to_be_visible()
    studio.contacts.filter(kind="phone").update(value="+992372219999")
    page.reload()

    row = page.get_by_role("row", name=re.compile("^Tojikfilm Changed: telephone"))
    expect(row).to_contain_text("+992 372 21 0000")
    expect(row).to_contain_text("+992 372 21 9999")
    page.get_by_text("Download only the changes").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Table as text (CSV)").first.click()
    download.value.save_as(tmp_path / "changes.csv")
    assert (tmp_path / "changes.csv").read_text("utf-8-sig").count("+992 372 21 9999") == 4


def test_visitor_puts_a_list_together_without_javascript(open_page, studio):
    page = open_page("/studios/", java_script_enabled=False)
    page.get_by_label("Select: Unreachable").check()
    page.get_by_label("Select: Tojikfilm").check()
    page.get_by_role("button", name="Add to my list").click()
    page.get_by_role("button", name=re.compile("Up ?: Unreachable")).click()

    expect(page.locator(".my-list h2")).to_have_text(["Unreachable", "Tojikfilm"])
    page.get_by_role("button", name=re.compile("Remove ?: Unreachable")).click()
    expect(page.locator(".my-list h2")).to_have_text(["Tojikfilm"])
