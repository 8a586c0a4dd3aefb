"""Tests of login in a browser: an app is set up and used, a recovery code, a passkey."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.admin_steps import PASSWORD, type_password
from tests.factories import create_editor
from tests.one_time_codes import one_time_code

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def log_out(page):
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("button", name="Log out")).to_have_count(0)
    page.goto("/admin/institutions/studio/")


@pytest.fixture
def newcomer(open_page):
    """Phone-sized page of an editor who wants to see the studios and has just typed a first password."""
    create_editor(password=PASSWORD, second_factor=False)
    page = open_page("/admin/institutions/studio/", viewport={"width": 360, "height": 740})
    type_password(page)
    return page


def set_up_app(page):
    page.get_by_role("link", name="Set up an app").click()
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    secret = page.locator("#secret").inner_text()
    page.get_by_label("Authenticator code").fill(one_time_code(secret))
    page.get_by_role("button", name="Continue").click()
    return secret


def test_newcomer_sets_up_an_app_and_logs_in_again_with_it_and_with_a_recovery_code(newcomer):
    page = newcomer
    expect(page.get_by_role("heading", level=1)).to_have_text("Second factors")
    secret = set_up_app(page)
    listed = page.locator(".codes li")
    expect(listed).to_have_count(10)
    codes = listed.all_inner_texts()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_role("link", name="Studios", exact=True).first).to_be_visible()

    log_out(page)
    type_password(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Second factor")
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_text("This code is wrong")).to_be_visible()
    # The one of this half minute was used for the setup.
    page.get_by_label("Code").fill(one_time_code(secret, steps_later=1))
    page.get_by_role("button", name="Log in").click()
    expect(page).to_have_url(re.compile("/admin/institutions/studio/$"))

    log_out(page)
    type_password(page)
    page.get_by_label("Code").fill(codes[0])
    page.get_by_role("button", name="Log in").click()
    expect(page).to_have_url(re.compile("/admin/institutions/studio/$"))
    page.goto("/account/factors/")
    expect(page.get_by_text("9 codes are left")).to_be_visible()


@pytest.fixture
def passkeys(newcomer):
    """Give the browser a virtual passkey device."""
    tools = newcomer.context.new_cdp_session(newcomer)
    tools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasUserVerification": True, "isUserVerified": True}
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": {**options, "automaticPresenceSimulation": True}})


@pytest.mark.usefixtures("passkeys")
def test_newcomer_adds_a_passkey_and_logs_in_again_with_it(newcomer):
    page = newcomer
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Name of the passkey").fill("Work laptop")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    page.get_by_role("link", name="I have kept them").click()

    log_out(page)
    type_password(page)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page).to_have_url(re.compile("/admin/institutions/studio/$"))

    page.goto("/account/factors/passkeys/")
    page.get_by_role("link", name="Rename Work laptop").click()
    page.get_by_label("Name of the passkey").fill("Old laptop")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Remove Old laptop").click()
    page.get_by_role("button", name="Remove the passkey").click()
    expect(page.get_by_role("button", name="Remove the passkey")).to_have_count(0)
    page.goto("/admin/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Second factors")


def test_refused_passkey_is_said_on_the_page(newcomer):
    page = newcomer
    page.get_by_role("link", name="Add a passkey").click()
    expect(page.get_by_label("Name of the passkey")).to_be_visible()
    # Chromium itself would ask for minutes.
    refuse = "() => { navigator.credentials.create = () => Promise.reject(new DOMException('', 'NotAllowedError')) }"
    page.evaluate(refuse)

    page.get_by_role("button", name="Add a passkey").click()

    expect(page.get_by_role("alert")).to_have_text(re.compile("could not use a passkey"))
