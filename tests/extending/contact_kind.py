"""Tests of an additional kind of contact, run in a copy of the checkout that has it."""

import pytest

from institutions.models import InstitutionContact
from tests.admin_forms import page, save
from tests.editors.spreadsheets.sheets import bring_to_preview, confirm, csv_bytes
from tests.factories import create_contact, create_country, create_editor, create_institution
from visitors.corrections.models import Correction

pytestmark = pytest.mark.django_db
URL = "https://www.tiktok.com/@tajikfilm"


@pytest.fixture
def desk(client):
    client.force_login(create_editor())
    return client


def test_bare_name_of_an_account_becomes_its_page_on_the_site_and_in_files(client, desk):
    contact = create_contact(institution=create_institution(name_en="Tajikfilm"), kind="telegram")
    save(desk, page(InstitutionContact, "change", contact.pk), kind="tiktok", value="@tajikfilm")

    assert InstitutionContact.objects.get().value == URL
    html = client.get("/institutions/tajikfilm/").content.decode()
    assert "TikTok" in html
    assert f'href="{URL}"' in html
    for file_format in ["csv", "json", "vcf"]:
        assert URL in b"".join(client.get(f"/institutions/export/{file_format}/").streaming_content).decode()


@pytest.mark.parametrize("heading", ["TikTok", "тикток"])
def test_spreadsheets_have_columns_of_the_kind(desk, heading):
    create_country(code="TJ")
    content = csv_bytes(f"name (en),kind,country,{heading}", "Sinamo,studio,Tajikistan,@sinamo")

    confirm(desk, bring_to_preview(desk, content))

    assert [(one.kind, one.value) for one in InstitutionContact.objects.all()] == [
        ("tiktok", "https://www.tiktok.com/@sinamo")
    ]


def test_page_elsewhere_on_the_web_is_known_by_its_host(desk):
    create_country(code="TJ")
    content = csv_bytes("name (en),kind,country,social media", "Sinamo,studio,Tajikistan,tiktok.com/@sinamo")

    confirm(desk, bring_to_preview(desk, content))

    assert InstitutionContact.objects.get().kind == "tiktok"


def test_readers_correct_it(client):
    contact = create_contact(institution=create_institution(name_en="Tajikfilm"), kind="tiktok", value=URL)
    fact = {"record": f"institution/{contact.institution.key}", "fact": f"contact/{contact.pk}/value"}

    form = client.get("/corrections/new/", fact)

    assert "tiktok.com/@tajikfilm" in form.content.decode()
    assert not Correction.objects.exists()
