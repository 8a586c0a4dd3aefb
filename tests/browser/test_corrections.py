"""Tests of corrections and confirmations by reader, editor and institution, each in a separate browser."""

import re

import pytest
from django.core import mail
from django.core.management import call_command
from django.urls import reverse
from playwright.sync_api import expect

from harvest.models import Proposal
from tests.factories import create_contact, create_editor, create_institution, create_person, create_position
from visitors.corrections.models import Correction

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"viewport": {"width": 360, "height": 800}, "java_script_enabled": False, "has_touch": True, "is_mobile": True}
WIDTH = "document.documentElement.scrollWidth"


@pytest.fixture
def studio(monkeypatch, live_server, settings):
    """A studio with a changed telephone number; forms need no waiting time, and e-mails link to this server."""
    monkeypatch.setattr("visitors.corrections.forms.LEAST_SECONDS", -1)
    settings.SITE_URL = live_server.url
    studio = create_institution(key="tj-tajikfilm", name_native="Тоҷикфилм", native_language="tg")
    create_contact(institution=studio, kind="phone", value="+992372210000")
    create_contact(institution=studio, kind="email", value="info@tajikfilm.example")
    create_position(institution=studio, person=create_person(name_en="Mahmadsaid Shohiyon"))
    return studio


def test_reader_corrects_and_the_editor_applies_it(open_page, desk_of, studio):
    reader = open_page("/institutions/tajikfilm/", **PHONE)
    link = reader.get_by_role("link", name="Correct: telephone +992 372 21 0000")
    expect(link).to_be_visible()
    box = link.bounding_box()
    assert min(box["width"], box["height"]) >= 24
    link.click()
    expect(reader.get_by_text("+992 372 21 0000")).to_be_visible()
    reader.get_by_label("What is wrong or missing?").fill("Nobody answers")
    reader.get_by_label("What would be right?").fill("+992 37 221-99-99")
    reader.get_by_label("Your e-mail (optional)").fill("reader@example.org")
    reader.get_by_role("button", name="Send the correction").click()
    expect(reader.get_by_role("status")).to_contain_text("Received on")

    desk = desk_of(create_editor(), reverse("admin:corrections_correction_changelist"))
    desk.get_by_role("link", name=f"Correction {Correction.objects.get().pk}", exact=True).click()
    expect(desk.get_by_text("Nobody answers")).to_be_visible()
    desk.get_by_role("link", name="Apply in the form").click()
    filled = desk.locator("[name^=contacts-][name$=-value]:focus")
    expect(filled).to_have_value("+992 37 221-99-99")
    desk.get_by_role("button", name="Save", exact=True).last.click()
    expect(desk.get_by_text("accepted, by editor")).to_be_visible()

    reader.reload()
    expect(reader.get_by_role("status")).to_contain_text("Accepted on")
    reader.goto("/institutions/tajikfilm/")
    expect(reader.get_by_role("link", name="+992 372 21 9999", exact=True)).to_be_visible()
    assert [letter.to for letter in mail.outbox] == [["reader@example.org"]] * 2
    assert Correction.objects.get().email == ""


def link_of(letter):
    return re.search(r"http://[^/]+(/confirm/[A-Za-z0-9_-]+/)$", letter.body, re.MULTILINE)[1]


def test_institution_asks_for_its_link_and_an_editor_publishes_what_it_adds(open_page, desk_of, studio):
    page = open_page("/institutions/tajikfilm/", **PHONE)
    page.get_by_role("link", name="This is us: correct and complete the entry").click()
    page.get_by_label("i***@tajikfilm.example").check()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("an e-mail with the link is on its way")
    (letter,) = mail.outbox
    assert letter.to == ["info@tajikfilm.example"]

    page.goto(link_of(letter))
    assert page.evaluate(WIDTH) == 360
    page.get_by_role("button", name="One more telephone").click()
    number = page.get_by_role("group", name="One more: Telephone").last.get_by_label("Telephone")
    number.fill("(37) 221-99-99")
    page.get_by_label("All the rest is right").check()
    page.get_by_role("button", name="Русский").click()
    assert page.evaluate(WIDTH) == 360
    page.get_by_role("button", name="Отправить эти ответы").click()
    expect(page.get_by_role("status")).to_contain_text("Подтверждено 2 контакта.")

    desk = desk_of(create_editor(), reverse("admin:harvest_proposal_changelist"))
    expect(desk.get_by_text("+992 372 21 9999")).to_be_visible()
    desk.keyboard.press("j")
    desk.keyboard.press("a")
    expect(desk.get_by_role("button", name="Undo")).to_be_visible()
    page.goto("/institutions/tajikfilm/")
    expect(page.get_by_role("link", name="+992 372 21 9999", exact=True)).to_be_visible()
    expect(page.get_by_text("confirmed by the institution")).to_have_count(3)


def test_what_is_typed_is_kept_until_it_is_sent_with_enter(open_page, studio):
    call_command("request_confirmations", pause=0)
    page = open_page(link_of(mail.outbox[0]))
    email = page.get_by_role("group", name="E-mail: info@tajikfilm.example")
    email.get_by_label("E-mail").fill("new@tajikfilm.example")
    page.get_by_label("Dubbing").check()
    page.get_by_label("Status").select_option("active")

    page.reload()
    expect(page.get_by_text("is back in the boxes")).to_be_visible()
    expect(email.get_by_label("E-mail")).to_have_value("new@tajikfilm.example")
    expect(page.get_by_label("Dubbing")).to_be_checked()
    expect(page.get_by_label("Status")).to_have_value("active")
    page.get_by_role("button", name="Discard it").click()
    expect(email.get_by_label("E-mail")).to_have_value("info@tajikfilm.example")
    page.reload()
    expect(page.get_by_text("is back in the boxes")).to_be_hidden()

    email.get_by_label("E-mail").fill("new@tajikfilm.example")
    page.keyboard.press("Enter")
    expect(page.get_by_role("main").get_by_role("status")).to_contain_text("1 correction went to the editors.")
    assert [one.value["value"] for one in Proposal.objects.all()] == ["new@tajikfilm.example"]
    assert page.evaluate("localStorage.length") == 0


def test_link_beside_a_fact_shows_itself_to_the_pointer_and_to_the_keyboard(open_page, studio):
    page = open_page("/institutions/tajikfilm/")
    link = page.get_by_role("link", name="Correct: telephone +992 372 21 0000")
    fact = page.get_by_role("link", name="+992 372 21 0000", exact=True)

    expect(link).to_have_css("opacity", "0")
    fact.hover()
    expect(link).to_have_css("opacity", "1")
    page.mouse.move(0, 0)
    expect(link).to_have_css("opacity", "0")
    fact.focus()
    page.keyboard.press("Tab")
    expect(link).to_be_focused()
    expect(link).to_have_css("opacity", "1")
    page.emulate_media(media="print")
    expect(link).to_be_hidden()


def test_no_page_is_wider_than_a_phone(open_page, studio):
    page = open_page("/institutions/tajikfilm/", **PHONE)
    assert page.evaluate(WIDTH) == 360

    for path in [
        "/ru/institutions/tajikfilm/",
        *(f"{prefix}/this-is-us/tj-tajikfilm/{page}" for prefix in ("", "/ru") for page in ("", "sent/")),
        *(f"{prefix}/corrections/new/?record=institution/tj-tajikfilm" for prefix in ("", "/ru")),
    ]:
        page.goto(path)
        assert page.evaluate(WIDTH) == 360
