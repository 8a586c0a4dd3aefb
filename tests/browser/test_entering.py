"""An editor enters a studio with two contacts and its head in one go, looks at the draft, and publishes it."""

import pytest
from playwright.sync_api import expect

from institutions.models import Institution
from tests.browser.test_admin_pages import choose
from tests.factories import create_country, create_institution

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_studio_with_contacts_and_head_is_entered_previewed_and_published(desk):
    create_country(code="KZ")
    create_institution(name_en="Kazakhfilm", country=create_country(code="KZ"))

    desk.goto("/admin/institutions/studio/add/")
    desk.get_by_label("English name").fill("Қазақфильм Studio")
    choose(desk, "id_country", "Kazakhstan")
    desk.locator("#id_contacts-0-kind").select_option("phone")
    desk.locator("#id_contacts-0-value").fill("8 (727) 272-00-00")
    desk.locator("#id_contacts-0-value").blur()
    expect(desk.get_by_text("Will be stored as +77272720000")).to_be_visible()
    desk.locator("#id_contacts-1-kind").select_option("telegram")
    desk.locator("#id_contacts-1-value").fill("@kazakhfilm")
    desk.get_by_role("button", name="Add another person in post").click()
    with desk.expect_popup() as popup:
        desk.locator("#add_id_positions-0-person").click()
    person = popup.value
    person.get_by_label("English name").fill("Anna Berg")
    person.get_by_role("button", name="Save", exact=True).last.click()
    expect(desk.locator("#select2-id_positions-0-person-container")).to_contain_text("Anna Berg")
    desk.locator("#id_positions-0-title_en").fill("Director")
    desk.locator("#id_positions-0-role").select_option("head")
    desk.get_by_role("button", name="Save and continue editing").last.click()

    expect(desk.get_by_text("Is it one of these?")).to_be_visible()
    desk.get_by_label("No, it is another one: save it").check()
    desk.get_by_role("button", name="Save and continue editing").last.click()
    desk.get_by_role("link", name="Preview").click()
    expect(desk.get_by_text("this page is not on the site yet")).to_be_visible()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Қазақфильм Studio")
    desk.go_back()
    desk.get_by_label("Publication:").select_option("published")
    desk.get_by_role("button", name="Save and continue editing").last.click()
    desk.get_by_role("link", name="View on site").click()

    expect(desk.get_by_role("link", name="+7 7272 72 00 00", exact=True)).to_be_visible()
    studio = Institution.objects.get(name_en="Қазақфильм Studio")
    assert sorted(studio.contacts.values_list("value", flat=True)) == ["+77272720000", "https://t.me/kazakhfilm"]
    assert studio.positions.get().person.name_en == "Anna Berg"
