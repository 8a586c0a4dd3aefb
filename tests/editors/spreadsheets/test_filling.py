"""Tests of the table of institutions without telephone and e-mail, on the page and as a workbook."""

import io

import openpyxl
import pytest
from reversion.models import Version

from editors.spreadsheets.models import Import
from institutions.models import InstitutionContact
from records.models import Source
from tests.editors.spreadsheets.sheets import csv_bytes, preview, send, walk_to_preview
from tests.factories import create_contact, create_country, create_country_editor, create_editor, create_institution
from tests.html_page import html_page

pytestmark = pytest.mark.django_db

TABLE = "/admin/intake/import/fill/"
PAGE = "https://tajikfilm.example/contacts"


@pytest.fixture
def desk(client):
    client.force_login(create_editor())
    return client


@pytest.fixture
def institution():
    institution = create_institution()
    create_contact(institution=institution, kind="website", value="https://tajikfilm.example")
    return institution


def boxes(institution, **texts):
    return {f"{name}-{institution.pk}": text for name, text in texts.items()}


def test_one_save_writes_all_rows_with_sources_history_and_undo(desk, institution):
    other = create_institution(name_en="Other Studio")
    create_contact(institution=create_institution(name_en="Reachable"), kind="phone")
    page = desk.get(TABLE, {"country": "TJ"})
    tree = html_page(page)
    assert [row.institution for row in page.context["rows"]] == [other, institution]
    assert tree.one("a", href="https://tajikfilm.example")
    typed = boxes(institution, phone="(37) 221-00-00; (37) 221-00-01 доб. 5", email="", source_url=PAGE)
    typed |= boxes(other, phone="", email="INFO@other.example", address_local="Рудаки 1", source_url=PAGE)
    assert desk.post(TABLE, typed).status_code == 302
    contacts = InstitutionContact.objects.filter(source__url=PAGE).values_list("institution", "value", "department")
    assert set(contacts) == {
        (institution.pk, "+992372210000", ""),
        (institution.pk, "+992372210001", "extension 5"),
        (other.pk, "info@other.example", ""),
    }
    other.refresh_from_db()
    assert other.address_local == "Рудаки 1"
    assert Version.objects.get_for_object(institution).count() == 2
    desk.post(f"/admin/intake/import/{Import.objects.get().pk}/undo/")
    assert not InstitutionContact.objects.filter(source__url=PAGE).exists()


def test_rows_with_errors_come_back_with_all_that_was_typed_and_the_others_are_saved(desk, institution):
    wrong = create_institution(name_en="Wrong")
    unsourced = create_institution(name_en="Unsourced")
    typed = boxes(institution, phone="+992 37 221 00 00", source_url=PAGE)
    typed |= boxes(wrong, phone="12", email="a@b.example", source_url=PAGE)
    typed |= boxes(unsourced, email="c@d.example", source_url="by word of mouth")
    answer = desk.post(TABLE, typed)
    assert answer.status_code == 400
    assert [row.institution for row in answer.context["rows"]] == [unsourced, wrong]
    tree = html_page(answer)
    assert tree.one("input", name=f"phone-{wrong.pk}").attributes["value"] == "12"
    assert tree.one("input", name=f"phone-{wrong.pk}").attributes["aria-invalid"] == "true"
    assert tree.one("input", name=f"email-{unsourced.pk}").attributes["value"] == "c@d.example"
    assert set(InstitutionContact.objects.values_list("institution", "kind")) == {
        (institution.pk, "website"),
        (institution.pk, "phone"),
    }
    # Nothing at all to save leaves nothing behind.
    Source.objects.all()
    known = Import.objects.count(), Source.objects.count()
    desk.post(TABLE, boxes(wrong, phone="12", source_url="https://new.example"))
    assert (Import.objects.count(), Source.objects.count()) == known


def test_the_table_is_filled_as_a_workbook_and_imported(desk, institution):
    content = desk.get("/admin/intake/import/fill.xlsx", {"country": "TJ"}).content
    book = openpyxl.load_workbook(io.BytesIO(content))
    headings, row = [[cell.value for cell in line] for line in book.active.iter_rows()]
    assert row[:3] == [institution.key, institution.name_en, "https://tajikfilm.example"]
    book.active.cell(2, headings.index("telephone") + 1).value = "+992 37 221 00 00"
    filled = io.BytesIO()
    book.save(filled)
    sent = send(desk, filled.getvalue(), name="filled.xlsx")
    spreadsheet = Import.objects.get()
    assert sent.status_code == 302
    assert [spreadsheet.columns[headings.index(name)] for name in headings if name][:4] == [
        "key",
        "name",
        "website",
        "phone",
    ]


def test_editors_fill_within_their_countries_only(client, institution):
    client.force_login(create_country_editor("KZ"))
    create_country(code="KZ")
    assert client.get(TABLE).context["rows"] == []
    client.post(TABLE, boxes(institution, phone="+992 37 221 00 00", source_url=PAGE))
    assert institution.contacts.count() == 1
    client.logout()
    assert client.get(TABLE).status_code == 302


def test_cells_with_errors_are_mended_in_the_preview(desk):
    content = csv_bytes("name (en);kind;country;phone", "New Studio;studio;TJ;12", "Other;studio;TJ;+992372210000")
    create_country()
    spreadsheet = walk_to_preview(desk, content)
    wrong, right = spreadsheet.rows.order_by("line")
    assert list(wrong.errors) == ["3"]
    page = f"/admin/intake/import/{spreadsheet.pk}/preview/"
    cell = f"cell-{wrong.pk}-3"
    assert html_page(desk.get(page)).one("textarea", name=cell).text == "12"
    mended = {cell: "+992 37 221 00 01", f"cell-{wrong.pk}-0": "Renamed", f"cell-{right.pk}-3": "changed"}
    desk.post(page, {"choose": "", **mended})
    preview(desk, spreadsheet)
    wrong, right = spreadsheet.rows.order_by("line")
    assert (wrong.outcome, wrong.cells) == ("new", ["New Studio", "studio", "TJ", "+992 37 221 00 01"])
    assert right.cells[3] == "+992372210000"
