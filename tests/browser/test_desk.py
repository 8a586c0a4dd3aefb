"""Tests of working through a task of the dashboard."""

import pytest
from playwright.sync_api import expect

from tests.factories import create_contact, create_country, create_editor, create_institution

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def open_desk(desk_of):
    """Open the dashboard of an editor."""

    def opened(**options):
        return desk_of(create_editor(), **options)

    return opened


def create_contacts():
    """Create unconfirmed contacts: three in Tajikistan and one in Uzbekistan."""
    for number, code in enumerate(["TJ", "TJ", "TJ", "UZ"]):
        institution = create_institution(name_en=f"Studio {number}", country=create_country(code=code))
        create_contact(institution=institution, value=f"studio{number}@example.org")


def test_editor_confirms_what_the_desk_counts_and_finds_the_number_smaller(open_desk):
    create_contacts()
    desk = open_desk()

    # By keyboard.
    link = desk.get_by_role("row", name="Tajikistan").get_by_role("link").first
    link.focus()
    expect(link).to_have_css("outline-style", "solid")
    desk.keyboard.press("Enter")
    expect(desk.locator("#result_list tbody tr")).to_have_count(3)
    expect(desk.locator("#result_list")).not_to_contain_text("studio3@example.org")
    expect(desk.locator("#changelist-filter .selected")).to_contain_text(
        ["Contacts of institutions: never confirmed", "Tajikistan"]
    )

    desk.get_by_role("row", name="studio0@example.org").get_by_role("checkbox").check()
    desk.get_by_role("row", name="studio1@example.org").get_by_role("checkbox").check()
    desk.get_by_label("Action:").select_option("confirm")
    desk.get_by_role("button", name="Run").click()
    desk.get_by_label("How checked").select_option("telephone")
    desk.get_by_role("button", name="Confirm").click()
    expect(desk.get_by_text("2 contacts confirmed.")).to_be_visible()
    expect(desk.locator("#result_list tbody tr")).to_have_count(1)

    desk.get_by_role("link", name="Home").click()
    expect(desk.get_by_role("row", name="Tajikistan").get_by_role("link").first).to_have_text("1")
    expect(desk.get_by_role("row", name="Uzbekistan").get_by_role("link").first).to_have_text("1")


def test_desk_fits_a_phone_without_scripts(open_desk):
    create_contacts()
    desk = open_desk(viewport={"width": 360, "height": 740}, java_script_enabled=False)

    row = desk.get_by_role("row", name="Tajikistan")
    cell = row.get_by_role("cell").first
    for scheme in ("light", "dark"):
        desk.emulate_media(color_scheme=scheme)
        assert cell.evaluate("cell => getComputedStyle(cell, '::before').content") == (
            '"Contacts of institutions: never confirmed"'
        )
        box = row.get_by_role("link").first.bounding_box()
        assert box["x"] + box["width"] <= 360
        assert box["height"] >= 24
        assert desk.evaluate("document.documentElement.scrollWidth") <= 360

    row.get_by_role("link").first.click()
    expect(desk.locator("#result_list tbody tr")).to_have_count(3)
