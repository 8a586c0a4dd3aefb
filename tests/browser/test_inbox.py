"""Tests of the inbox by keyboard alone, and of the table to fill."""

import re

import pytest
from playwright.sync_api import expect

from harvest.models import Proposal, ProposalState
from harvest.proposing import Suggestion, propose
from tests.browser.page_checks import AXE
from tests.factories import create_contact, create_country, create_editor, create_institution
from tests.outside_programs import CLIENTS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

INBOX = "/admin/harvest/proposal/"
NUMBER = 10


def make_proposals():
    """Create proposals of three facts for each of ten institutions."""
    for number in range(NUMBER):
        institution = create_institution(name_en=f"Studio {number}")
        page = {"url": f"https://studio{number}.example/contacts", "title": "Contacts", "quotation": "Tel. 221-00-00"}
        suggestions = [
            Suggestion("contact", {"kind": "phone", "value": f"+9923722100{number:02}"}, **page, confidence=90),
            Suggestion("contact", {"kind": "email", "value": f"info@studio{number}.example"}, **page, confidence=80),
            Suggestion("founded", {"founded": "1930"}, **page, confidence=40),
        ]
        propose(institution, suggestions, "official-page")


def test_the_facts_of_ten_institutions_are_decided_by_few_keys(desk_of):
    make_proposals()
    desk = desk_of(create_editor(), INBOX)
    pressed = []

    def press(key, said=""):
        pressed.append(key)
        desk.keyboard.press(key)
        if said:
            expect(desk.locator(".inbox-said")).to_have_text(said)
            # The next key is about the row that has the focus by then.
            expect(desk.locator("[aria-busy]")).to_have_count(0)

    press("j")
    expect(desk.locator("tr:focus")).to_contain_text("+992 372 21 0000")
    press("a", "Accepted.")
    expect(desk.locator("tr:focus")).to_contain_text("info@studio0.example")
    press("a", "Accepted.")
    press("d", "Declined.")
    press("u", "Undone.")
    press("d", "Declined.")
    for number in range(1, NUMBER):
        expect(desk.locator("tr:focus")).to_contain_text(f"+992 372 21 00{number:02}")
        press("Shift+A")
        expect(desk.locator('tr[data-state="accepted"]')).to_have_count(2 + 3 * number)
    assert len(pressed) == 6 + NUMBER - 1
    assert Proposal.objects.filter(state=ProposalState.ACCEPTED).count() == 3 * NUMBER - 1
    assert Proposal.objects.get(state=ProposalState.DECLINED).fact == "founded"
    desk.reload()
    expect(desk.get_by_text("The inbox is empty.")).to_be_visible()


def test_the_inbox_works_without_scripts_and_on_a_phone(desk_of):
    make_proposals()
    desk = desk_of(create_editor(), INBOX, viewport={"width": 360, "height": 740}, java_script_enabled=False)
    desk.get_by_role("button", name="Accept all 3").first.click()
    expect(desk.get_by_text("3 proposals accepted.")).to_be_visible()
    desk.get_by_role("link", name="Undo…").click()
    desk.get_by_role("button", name="Undo these 3 decisions").click()
    expect(desk.get_by_text("3 decisions undone.")).to_be_visible()
    assert Proposal.objects.open().count() == 3 * NUMBER


@pytest.mark.outside_programs("axe-core")
def test_inbox_and_table_are_accessible_and_checks_come_as_one_types(desk_of):
    make_proposals()
    create_contact(institution=create_institution(name_en="To fill", country=create_country()), kind="website")
    desk = desk_of(create_editor(), INBOX)
    desk.context.add_init_script(path=CLIENTS / "node_modules" / "axe-core" / "axe.min.js")
    for path in (INBOX, f"{INBOX}?state=decided", "/admin/intake/import/fill/?country=TJ"):
        for width in (360, 1280):
            desk.set_viewport_size({"width": width, "height": 800})
            desk.goto(path)
            assert desk.evaluate("document.documentElement.scrollWidth") <= width
        assert desk.evaluate(AXE, {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}) == []
    box = desk.get_by_label(re.compile("^Telephone")).first
    box.fill("8 (37) 221-00-00 x")
    box.press("Tab")
    expect(desk.locator("output").first).to_contain_text(re.compile("Write the number|Will be stored"))
