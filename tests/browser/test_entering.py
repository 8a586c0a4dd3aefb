"""Tests of entering a studio as the manual describes, with two contacts and its head at once."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from institutions.models import Institution
from tests.browser.admin_steps import choose
from tests.factories import create_country, create_institution

MANUAL = Path(__file__).parent.parent.parent / "docs" / "editing.md"

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def labels_of(section):
    """Return the bold words in the section of the manual, which must be on the pages."""
    text = MANUAL.read_text("utf-8").partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    return {" ".join(label.split()) for label in re.findall(r"\*\*(.+?)\*\*", text, re.DOTALL)}


def test_first_studio_of_the_manual_is_entered_previewed_and_published(desk):
    """Follow docs/editing.md step by step, in a directory that has a studio of a similar name already."""
    create_institution(name_en="Kazakhfilm", country=create_country(code="KZ"))
    seen = []

    def look(page):
        seen.append(page.locator("body").inner_text().casefold())
        # Buttons that are inputs have no text of their own.
        seen.extend(
            value.casefold() for value in page.locator("[type=submit]").evaluate_all("all => all.map(one => one.value)")
        )

    look(desk)
    desk.get_by_role("link", name="Add a studio").click()
    desk.get_by_label("English name").fill("Қазақфильм Studio")
    choose(desk, "id_country", "Kazakhstan")
    desk.locator("#id_contacts-0-kind").select_option("phone")
    desk.locator("#id_contacts-0-value").fill("8 (727) 272-00-00")
    desk.locator("#id_contacts-0-value").blur()
    expect(desk.get_by_text("Will be stored as +77272720000")).to_be_visible()
    desk.locator("#id_contacts-1-kind").select_option("email")
    desk.locator("#id_contacts-1-value").fill("mailto:Info@Kazakhfilm.example")
    desk.get_by_role("button", name="Add another person in post").click()
    with desk.expect_popup() as popup:
        desk.locator("#add_id_positions-0-person").click()
    person = popup.value
    person.get_by_label("English name").fill("Anna Berg")
    person.get_by_label("Publication:").select_option("published")
    look(person)
    person.get_by_role("button", name="Save", exact=True).last.click()
    expect(desk.locator("#select2-id_positions-0-person-container")).to_contain_text("Anna Berg")
    desk.locator("#id_positions-0-title_en").fill("Director")
    desk.locator("#id_positions-0-role").select_option("head")
    desk.get_by_role("button", name="Add another Source").click()
    with desk.expect_popup() as popup:
        desk.locator("#add_id_record_sources-0-source").click()
    source = popup.value
    source.get_by_label("Address:").fill("https://kazakhfilm.example/contacts")
    source.get_by_label("Title:").fill("Contacts of the studio")
    look(source)
    source.get_by_role("button", name="Save", exact=True).last.click()
    expect(desk.locator("#select2-id_record_sources-0-source-container")).to_contain_text("Contacts of the studio")
    supported = desk.locator("#id_record_sources-0-supports")
    for fact in ["names", "telephone", "e-mail", "posts"]:
        supported.get_by_label(fact, exact=True).check()
    look(desk)
    desk.get_by_role("button", name="Save and continue editing").last.click()

    expect(desk.get_by_text("Is it one of these?")).to_be_visible()
    look(desk)
    desk.get_by_label("No, it is another one: save it").check()
    desk.get_by_role("button", name="Save and continue editing").last.click()
    # A click does not wait for the page it leads to.
    expect(desk.get_by_role("link", name="Preview")).to_be_visible()
    look(desk)
    desk.get_by_role("link", name="Preview").click()
    expect(desk.get_by_text("this page is not on the site yet")).to_be_visible()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Қазақфильм Studio")
    expect(desk.get_by_role("link", name="Anna Berg").first).to_be_visible()
    desk.go_back()
    desk.get_by_label("Publication:").select_option("published")
    desk.get_by_role("button", name="Save and continue editing").last.click()
    expect(desk.get_by_role("link", name="View on site")).to_be_visible()
    look(desk)
    desk.get_by_role("link", name="View on site").click()

    expect(desk.get_by_role("link", name="+7 7272 72 00 00", exact=True)).to_be_visible()
    expect(desk.get_by_role("link", name="info@kazakhfilm.example", exact=True)).to_be_visible()
    expect(desk.get_by_role("link", name="Anna Berg").first).to_be_visible()
    expect(desk.get_by_role("link", name="Contacts of the studio")).to_be_visible()
    studio = Institution.objects.get(name_en="Қазақфильм Studio")
    assert sorted(studio.contacts.values_list("value", flat=True)) == ["+77272720000", "info@kazakhfilm.example"]
    assert studio.record_sources.get().supports == ["names", "phones", "emails", "positions"]
    assert studio.positions.get().person.name_en == "Anna Berg"
    labels = labels_of("Your first studio")
    assert len(labels) > 10
    assert [label for label in labels if not any(label.casefold() in text for text in seen)] == []
