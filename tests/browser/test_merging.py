"""Tests of merging two records and undoing it, in a browser."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from institutions.models import Institution
from tests.browser.admin_steps import choose
from tests.factories import create_contact, create_editor, create_institution

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def two_records():
    kept = create_institution(name_en="Tajikfilm", key="tj-tajikfilm")
    merged = create_institution(name_en="Tojikfilm", key="tj-tojikfilm", founded="1930")
    create_contact(institution=merged)
    return kept, merged


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth") <= 360


def test_editor_merges_duplicates_on_a_small_screen_and_undoes_it(desk_of, two_records):
    kept, merged = two_records
    address = reverse("admin:institutions_studio_change", args=[kept.pk])
    page = desk_of(create_editor(), address, viewport={"width": 360, "height": 780})

    page.get_by_role("link", name="Merge with another record…").click()
    choose(page, "id_with", "Tojikfilm")
    assert fits(page)
    page.get_by_role("button", name="Continue").click()
    # By keyboard: the second of two radio buttons.
    page.get_by_role("group", name="English name").get_by_label("Tajikfilm").focus()
    assert fits(page)
    page.keyboard.press("ArrowDown")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("1 contact", exact=True)).to_be_visible()
    assert fits(page)
    page.get_by_role("button", name="Merge the two records").click()

    expect(page.get_by_text("Tojikfilm has been merged into Tojikfilm.")).to_be_visible()
    record = Institution.objects.get()
    assert (record.pk, record.name_en, record.founded, record.contacts.count()) == (kept.pk, "Tojikfilm", "1930", 1)
    page.goto("/institutions/tojikfilm/")
    assert page.url.endswith("/institutions/tajikfilm/")

    page.go_back()
    page.get_by_role("link", name="Undo this merge…").click()
    expect(page.get_by_role("button", name="Undo the merge")).to_be_visible()
    assert fits(page)
    page.get_by_role("button", name="Undo the merge").click()

    expect(page.get_by_text("are separate records again.")).to_be_visible()
    assert sorted(Institution.objects.values_list("pk", "name_en")) == [
        (kept.pk, "Tajikfilm"),
        (merged.pk, "Tojikfilm"),
    ]


def test_editor_without_javascript_finds_the_other_record_by_its_name(desk_of, two_records):
    kept, _merged = two_records
    page = desk_of(
        create_editor(), reverse("admin:institutions_institution_merge", args=[kept.pk]), java_script_enabled=False
    )

    page.get_by_label("Part of its name or key:").fill("tojik")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("link", name="Tojikfilm").click()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Merge the two records").click()

    expect(page.get_by_text("Tojikfilm has been merged into Tajikfilm.")).to_be_visible()
