"""Tests of two editors with one record open, each in a separate session; and of the history."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.factories import create_contact, create_editor, create_institution

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def log_in(desk_of, studio):
    """Open the form of the studio for an editor with this name."""

    def log_in_as(username, **options):
        address = reverse("admin:institutions_institution_change", args=[studio.pk])
        return desk_of(create_editor(username=username), address, **options)

    return log_in_as


@pytest.fixture
def studio():
    studio = create_institution(name_en="Tajikfilm", description_en="Old.")
    create_contact(institution=studio, value="a@example.org")
    create_contact(institution=studio, value="b@example.org")
    return studio


def save(page):
    page.get_by_role("button", name="Save", exact=True).last.click()


@pytest.mark.parametrize("java_script", [True, False])
def test_second_editor_resolves_a_conflict_and_both_edits_are_stored(log_in, studio, java_script):
    mine, theirs = log_in("me", java_script_enabled=java_script), log_in("colleague")

    theirs.get_by_label("English name").fill("Tojikfilm")
    theirs.locator("#id_description_en").fill("Theirs.")
    theirs.locator("#id_contacts-0-department").fill("Press")
    theirs.locator("#id_contacts-1-DELETE").check()
    save(theirs)
    expect(theirs.get_by_text("was changed successfully")).to_be_visible()

    mine.locator("#id_description_en").fill("Mine.")
    mine.get_by_label("English name").fill("Tajik Film")
    mine.locator("#id_contacts-0-note").fill("Call in the morning.")
    mine.locator("#id_contacts-1-note").fill("Never answers.")
    save(mine)

    conflict = mine.get_by_role("region", name="Changed while you had it open")
    expect(conflict).to_contain_text("colleague")
    expect(conflict.get_by_role("group", name="English name")).to_contain_text("Tojikfilm")
    expect(mine.locator("#id_description_en")).to_have_value("Mine.")
    expect(mine.locator("#id_contacts-0-department")).to_have_value("Press")
    expect(mine.locator("#id_contacts-0-note")).to_have_value("Call in the morning.")
    expect(mine.locator("#id_contacts-1-note")).to_have_value("Never answers.")
    conflict.get_by_role("group", name="English name").get_by_label("Stored now").check()
    save(mine)
    expect(mine.get_by_text("was changed successfully")).to_be_visible()

    studio.refresh_from_db()
    assert (studio.name_en, studio.description_en) == ("Tojikfilm", "Mine.")
    assert list(studio.contacts.order_by("value").values_list("value", "department", "note")) == [
        ("a@example.org", "Press", "Call in the morning."),
        ("b@example.org", "", "Never answers."),
    ]


def test_editor_reads_the_history_and_brings_a_state_back(log_in, studio):
    desk = log_in("me")
    desk.locator("#id_description_en").fill("New.")
    desk.locator("#id_contacts-1-DELETE").check()
    save(desk)
    expect(desk.get_by_text("was changed successfully")).to_be_visible()

    desk.goto(reverse("admin:institutions_institution_change", args=[studio.pk]))
    desk.get_by_role("link", name="History").click()
    expect(desk.get_by_role("row", name="Description Old. New.")).to_be_visible()
    desk.get_by_role("link", name="Restore this version").click()
    expect(desk.get_by_role("region", name="What would change")).to_contain_text("b@example.org")
    save(desk)
    expect(desk.get_by_text("was changed successfully")).to_be_visible()

    studio.refresh_from_db()
    assert (studio.description_en, studio.contacts.count()) == ("Old.", 2)
    expect(desk.get_by_role("link", name="Tajikfilm").first).to_be_visible()
