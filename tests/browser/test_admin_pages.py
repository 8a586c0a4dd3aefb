"""Tests of the editors' pages in a browser: content security policy, widgets and inline rows."""

import pytest
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import expect
from reversion.models import Version

from institutions.models import Institution, InstitutionContact
from people.models import Person, Position
from tests.browser.admin_steps import choose
from tests.factories import (
    create_contact,
    create_country,
    create_editor,
    create_institution,
    create_institution_name,
    create_person,
    create_position,
    create_source,
)
from visitors.corrections.models import Correction

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_editor_enters_a_studio_with_its_contacts(desk):
    create_country(code="TJ")

    desk.get_by_role("link", name="Studios", exact=True).first.click()
    desk.get_by_role("link", name="Add studio").click()
    desk.get_by_label("English name").fill("Tajikfilm")
    choose(desk, "id_country", "Tajikistan")
    desk.locator("#id_contacts-0-kind").select_option("phone")
    desk.locator("#id_contacts-0-value").fill("+992 37 221-00-00")
    desk.locator("#id_contacts-1-kind").select_option("email")
    desk.locator("#id_contacts-1-value").fill("Info@Tajikfilm.TJ")
    desk.get_by_role("button", name="Add another contact").click()
    desk.locator("#id_contacts-2-kind").select_option("website")
    desk.locator("#id_contacts-2-value").fill("tajikfilm.tj")
    desk.get_by_label("Publication:").select_option("published")
    desk.get_by_role("button", name="Save and continue editing").last.click()
    desk.get_by_role("link", name="View on site").click()

    expect(desk.get_by_role("heading", level=1)).to_have_text("Tajikfilm")
    expect(desk.get_by_role("link", name="info@tajikfilm.tj", exact=True)).to_be_visible()
    assert Institution.objects.get().contacts.count() == 3


def test_editor_confirms_a_contact_from_the_form_of_the_institution(desk_of):
    institution = create_institution()
    contact = create_contact(institution=institution)
    create_source(title="About us")

    desk = desk_of(create_editor(), reverse("admin:institutions_institution_change", args=[institution.pk]))
    desk.get_by_role("link", name="Confirm info@example.org").click()
    desk.get_by_label("How checked").select_option("telephone")
    choose(desk, "id_source", "About us")
    desk.get_by_role("button", name="Confirm").click()

    expect(desk.get_by_text("1 contact confirmed.")).to_be_visible()
    contact.refresh_from_db()
    assert (contact.check_method, contact.source.title) == ("telephone", "About us")


def test_pages_of_the_history_keep_the_content_policy(desk_of):
    institution = create_institution()
    desk = desk_of(create_editor(), reverse("admin:institutions_institution_change", args=[institution.pk]))
    desk.get_by_label("English name").fill("Tojikfilm")
    desk.get_by_role("button", name="Save", exact=True).last.click()
    expect(desk.get_by_text("was changed successfully")).to_be_visible()
    version = Version.objects.get_for_object(institution).first()

    for address in [
        reverse("admin:institutions_institution_changelist"),
        reverse("admin:institutions_institution_history", args=[institution.pk]),
        reverse("admin:institutions_institution_revision", args=[institution.pk, version.pk]),
        reverse("admin:institutions_institution_recoverlist"),
        reverse("admin:institutions_institutioncontact_changelist"),
        reverse("admin:people_person_add"),
        reverse("admin:index"),
    ]:
        assert desk.goto(address).status == 200


def test_form_with_rows_is_no_wider_than_the_window(desk_of):
    studio = create_institution()
    create_institution_name(institution=studio, text="Tajik Film")
    create_position(institution=studio, person=create_person())
    studio.record_sources.create(source=create_source(), supports=["names"])

    address = reverse("admin:institutions_institution_change", args=[studio.pk])
    desk = desk_of(create_editor(), address)

    for width in (360, 1280):
        desk.set_viewport_size({"width": width, "height": 800})
        assert desk.evaluate("document.documentElement.scrollWidth") <= width


FARTHEST_CELL = """
Math.max(...[...document.querySelectorAll("#result_list :is(th, td)")].map(cell => cell.getBoundingClientRect().right))
"""


def test_lists_show_all_their_columns(desk_of):
    long = "National Association of Cinematographers and Audiovisual Archives"
    studio = create_institution(
        name_en=long, name_ru="Национальная ассоциация кинематографистов и аудиовизуальных архивов"
    )
    create_contact(
        institution=studio, value="international.relations@example.org", department="International department"
    )
    create_position(institution=studio, person=create_person(), title_en="Deputy Director for International Relations")
    Correction.objects.create(
        **{"record_kind": "institution", "record_key": studio.key, "record_name": long, "fact": "founded"},
        value_then="17 December 1924, as the encyclopedia has it",
        proposed="12 November 1924: the decree is in the archive",
    )
    with translation.override("ru"):
        corrections, *further = [
            reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
            for model in [Correction, Institution, InstitutionContact, Position, Person]
        ]
    desk = desk_of(create_editor(), corrections)
    cut_off = []

    def look(width):
        desk.set_viewport_size({"width": width, "height": 800})
        if desk.evaluate(FARTHEST_CELL) > width or desk.evaluate("document.documentElement.scrollWidth") > width:
            cut_off.append((desk.url, width))

    for width in (390, 1280):
        look(width)
        expect(desk.get_by_text("the decree is in the archive")).to_be_in_viewport()
        label = desk.locator("td.field-said").evaluate("cell => getComputedStyle(cell, '::before').content")
        assert ("как правильно" in label) == (width == 390)
    for address in further:
        desk.goto(address)
        look(390)
        look(1280)

    assert cut_off == []


def is_one_line(element):
    return element.evaluate("element => element.offsetHeight < 2 * parseFloat(getComputedStyle(element).fontSize)")


def test_names_dates_and_long_choices_find_room(desk_of):
    studio = create_institution(name_en="Shaken Aimanov Kazakhfilm National Film Studio")
    post = create_position(institution=studio, since="2019-09-01", as_of="2025-11-30", title_en="Director of " * 8)
    correction = Correction.objects.create(wrong="Всё не так", language="ru")

    address = reverse("admin:institutions_institution_change", args=[studio.pk])
    desk = desk_of(create_editor(), address, viewport={"width": 1280, "height": 900})
    assert [is_one_line(desk.locator(f".titles {name}")) for name in ("h1", "h2")] == [True, True]
    desk.goto(reverse("admin:people_position_changelist"))
    date = desk.locator("#result_list .field-since")
    expect(date).to_have_text(post.since)
    expect(date).to_have_css("white-space", "nowrap")
    desk.goto(reverse("admin:corrections_correction_change", args=[correction.pk]))
    row, box = (desk.locator(f".field-standard {part}").bounding_box() for part in (".flex-container", "select"))
    assert box["x"] + box["width"] <= row["x"] + row["width"] + 1
