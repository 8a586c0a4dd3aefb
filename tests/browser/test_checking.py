"""Tests of confirming contacts in bulk and of withholding a person, in a browser."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from institutions.models import InstitutionContact
from people.models import Person
from tests.browser.admin_steps import choose
from tests.factories import (
    create_contact,
    create_editor,
    create_event,
    create_film,
    create_institution,
    create_participation,
    create_person,
    create_position,
    create_source,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_editor_confirms_contacts_in_bulk_with_a_source(desk_of):
    studio = create_institution()
    held, not_held = (create_contact(institution=studio, value=f"{name}@example.org") for name in ("held", "gone"))
    create_contact(institution=studio, kind="website", value="https://tajikfilm.example/")
    create_source(title="Contacts of the studio")

    desk = desk_of(create_editor(), reverse("admin:institutions_institution_change", args=[studio.pk]))
    desk.get_by_role("link", name="Confirm all public contacts…").click()
    expect(desk.get_by_role("link", name="Open tajikfilm.example in a new tab")).to_have_attribute(
        "href", "https://tajikfilm.example/"
    )
    desk.get_by_label("gone@example.org").uncheck()
    desk.get_by_label("How checked").select_option("letter")
    choose(desk, "id_source", "Contacts of the studio")
    desk.get_by_role("button", name="Confirm").click()

    expect(desk.get_by_text("2 contacts confirmed.")).to_be_visible()
    expect(desk.get_by_label("English name")).to_have_value("Tajikfilm")
    held.refresh_from_db()
    not_held.refresh_from_db()
    assert (held.check_method, held.source.title, not_held.check_method) == ("letter", "Contacts of the studio", "")
    assert InstitutionContact.objects.filter(checked_on=None).get() == not_held


def test_editor_withholds_a_person_and_the_public_pages_forget_them(desk_of, open_page):
    studio = create_institution(name_en="Open Studio")
    anna = create_person(name_en="Anna Berg", name_ru="Анна Берг")
    position = create_position(person=anna, institution=studio, seat="director")
    create_contact(position=position, value="berg@example.org")
    event = create_event(name_en="Forum")
    create_participation(event=event, person=anna)
    film = create_film(directors=["Берг Анна"])
    pages = [studio, anna, event, film]
    addresses = [record.get_absolute_url() for record in pages] + ["/people/", "/search/suggest/?q=anna"]
    visitor = open_page("/people/")
    expect(visitor.get_by_role("link", name="Anna Berg").first).to_be_visible()

    desk = desk_of(create_editor(), reverse("admin:people_person_change", args=[anna.pk]))
    desk.get_by_role("link", name="Withhold…").click()
    for line in ["Director, Open Studio", "berg@example.org", "Anna Berg, Forum", "The Road Home"]:
        expect(desk.get_by_text(line, exact=True)).to_be_visible()
    desk.get_by_label("How they asked").select_option("letter")
    desk.get_by_label("Note").fill("Letter of 3 May.")
    desk.get_by_label("I understand that this can't be undone").check()
    desk.get_by_role("button", name="Withhold").click()
    expect(desk.get_by_text("1 person is withheld.")).to_be_visible()

    for address in addresses:
        text = visitor.request.get(address).text().lower()
        assert not [name for name in ("anna berg", "берг", "berg@example.org") if name in text], address
    assert visitor.request.get(anna.get_absolute_url()).status == 404
    assert Person.objects.get().withheld
