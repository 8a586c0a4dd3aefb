"""Tests of the contact card of one institution or person, and its QR code."""

import pytest
import vobject

from tests.factories import create_contact, create_institution, create_person, create_position
from tests.html_page import html_page
from tests.rich_records import create_rich_institution

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("file", "version"), [("card.vcf", "4.0"), ("card-3.vcf", "3.0")])
def test_page_of_an_institution_gives_its_card(client, file, version):
    institution = create_rich_institution()
    address = f"{institution.get_absolute_url()}{file}"

    answer = client.get(address)

    card = vobject.readOne(answer.content.decode())
    assert (card.version.value, card.fn.value, card.email.value) == (version, "Tajikfilm", "info@example.org")
    assert answer["Content-Type"] == "text/vcard; charset=utf-8"
    assert answer["Content-Disposition"].startswith('attachment; filename="cisfilm-tajikfilm')
    page = html_page(client.get(institution.get_absolute_url()))
    assert address in [link.attributes["href"] for link in page.all("a")]


@pytest.mark.parametrize("file", ["card.vcf", "card-3.vcf"])
def test_page_of_a_person_gives_a_card_for_each_post(client, file):
    person = create_person(name_en="Anna Berg")
    studio = create_institution()
    create_position(person=person, institution=studio, role="head")
    create_position(person=person, body_name="Jury", title_en="Juror")

    cards = list(vobject.readComponents(client.get(f"/people/anna-berg/{file}").content.decode()))

    assert [(card.fn.value, card.title.value) for card in cards] == [("Anna Berg", "Director"), ("Anna Berg", "Juror")]
    assert len({card.uid.value for card in cards}) == 2
    links = [link.attributes["href"] for link in html_page(client.get("/people/anna-berg/")).all("a")]
    assert {f"/people/anna-berg/{name}" for name in ("card.vcf", "card-3.vcf", "card.svg")} <= set(links)


def test_person_without_a_post_still_has_a_card(client):
    create_person(name_en="Anna Berg")

    assert vobject.readOne(client.get("/people/anna-berg/card.vcf").content.decode()).fn.value == "Anna Berg"
    assert client.get("/people/anna-berg/card.svg").status_code == 200


def test_card_is_in_the_language_of_the_address(client):
    create_institution(name_en="Tajikfilm", name_ru="Таджикфильм")

    assert (
        vobject.readOne(client.get("/ru/institutions/tajikfilm/card-3.vcf").content.decode()).fn.value == "Таджикфильм"
    )


def test_old_address_still_gives_the_card(client):
    institution = create_institution()
    institution.slug = "tojikfilm"
    institution.save()

    assert client.get("/institutions/tajikfilm/card.vcf").status_code == 200


def test_qr_code_is_a_drawing_black_on_white(client):
    create_contact(institution=create_institution())

    answer = client.get("/institutions/tajikfilm/card.svg")

    assert answer["Content-Type"] == "image/svg+xml"
    assert b'fill="#fff"' in answer.content
    assert b"<script" not in answer.content


@pytest.mark.parametrize("path", ["/institutions/none/card.vcf", "/people/none/card.svg", "/people/none/card-3.vcf"])
def test_card_of_nobody_is_not_found(client, path):
    assert client.get(path).status_code == 404
