"""Tests of the end of a session: announced, postponed, and without loss of input."""

import re

import pytest
from django.conf import settings as site_settings
from django.urls import reverse
from playwright.sync_api import expect

from editors.accounts.models import KeptForm
from tests.browser.admin_steps import PASSWORD, type_password
from tests.factories import TOTP_SECRET, create_contact, create_editor, create_institution
from tests.one_time_codes import one_time_code

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("java_script", [True, False])
def test_form_sent_after_the_end_of_the_session_comes_back_and_is_saved(desk_of, java_script):
    studio = create_institution(name_en="Tajikfilm")
    create_contact(institution=studio, value="a@example.org")
    address = reverse("admin:institutions_institution_change", args=[studio.pk])
    page = desk_of(create_editor(password=PASSWORD), address, java_script_enabled=java_script)
    page.locator("#id_description_en").fill("Typed for an hour.")
    page.locator("#id_contacts-0-note").fill("Call in the morning.")
    if java_script:
        page.get_by_role("button", name="Add another contact").click()
        page.locator("#id_contacts-1-kind").select_option("email")
        page.locator("#id_contacts-1-value").fill("b@example.org")
    page.context.clear_cookies(name=site_settings.SESSION_COOKIE_NAME)

    page.get_by_role("button", name="Save", exact=True).last.click()
    type_password(page)
    page.get_by_label("Code").fill(one_time_code(TOTP_SECRET))
    page.get_by_role("button", name="Log in").click()

    expect(page.get_by_text("You were logged out before this form arrived.")).to_be_visible()
    expect(page.locator("#id_description_en")).to_have_value("Typed for an hour.")
    expect(page.locator("#id_contacts-0-note")).to_have_value("Call in the morning.")
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.get_by_text("was changed successfully")).to_be_visible()

    studio.refresh_from_db()
    assert studio.description_en == "Typed for an hour."
    contacts = set(studio.contacts.values_list("value", "note"))
    added = {("b@example.org", "")} if java_script else set()
    assert contacts == {("a@example.org", "Call in the morning."), *added}
    assert not KeptForm.objects.exists()


def test_end_that_is_near_is_announced_and_put_off_in_another_tab(desk_of, settings):
    page = desk_of(create_editor())
    page.clock.install()
    page.goto(reverse("admin:sources_source_add"))
    page.get_by_label("Title").first.fill("Half typed")
    announcement = page.get_by_role("alert")
    expect(announcement.get_by_role("button", name="Stay logged in")).to_be_hidden()

    settings.EDITORS_IDLE_SECONDS = 590
    page.clock.fast_forward("01:50:00")
    expect(announcement.get_by_text("You will be logged out within ten minutes")).to_be_visible()
    settings.EDITORS_IDLE_SECONDS = 7200
    with page.context.expect_page() as opened:
        announcement.get_by_role("button", name="Stay logged in").click()
    expect(opened.value.get_by_role("status")).to_contain_text(re.compile(r"You stay logged in until \d\d:\d\d UTC"))
    opened.value.close()
    page.bring_to_front()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    expect(announcement.get_by_role("button", name="Stay logged in")).to_be_hidden()
    expect(page.get_by_label("Title").first).to_have_value("Half typed")
