"""Tests of checking a visitor's list: what comes back, what is refused, and that nothing hidden is told."""

import csv
import gc
import io
import re
import zipfile

import openpyxl
import pytest
import vobject
from django.core.files.uploadedfile import SimpleUploadedFile

from records.base import NameKind
from records.contact_types import ContactKind
from search.rebuilding import rebuild_changed
from tests.editors.spreadsheets.sheets import saved, xlsx_bytes
from tests.factories import (
    create_city,
    create_contact,
    create_institution,
    create_institution_name,
    create_person,
    create_position,
    create_source,
)
from tests.html_page import html_page
from visitors.checking import uploads
from web.client_limits import LIMITS
from web.models import LimitedAction, VisitorAction

pytestmark = pytest.mark.django_db


@pytest.fixture
def studio():
    """A studio that was renamed, with a new telephone and a new head."""
    studio = create_institution(name_en="Tajikfilm", city=create_city(name_en="Dushanbe"))
    create_institution_name(institution=studio, text="Stalinabad Studio", kind=NameKind.FORMER)
    source = create_source(url="https://tajikfilm.tj/contacts")
    create_contact(institution=studio, kind=ContactKind.PHONE, value="+992372210000", source=source)
    create_contact(institution=studio, kind=ContactKind.EMAIL, value="info@tajikfilm.tj")
    create_contact(institution=studio, kind=ContactKind.FAX, value="+992372219999", is_public=False)
    former = create_person(name_en="Anna Steinberg")
    create_position(person=former, institution=studio, role="head", seat="director", until="2019", as_of="2019")
    create_position(
        person=create_person(name_en="Boris Kim"), institution=studio, role="head", seat="director", as_of="2026-10"
    )
    create_position(person=create_person(name_en="Ivan Hidden", withheld=True), institution=studio)
    create_institution(name_en="Secret Studio", publication_state="draft")
    rebuild_changed()
    return studio


ROWS = [
    ["Old list of 2018", "", "", "", "", ""],
    ["Organisation", "Country", "Head", "Phone", "E-mail", "Year"],
    ["Stalinabad Studio", "Tajikistan", "STEINBERG Anna", "+992 37 227-00-00", "info@tajikfilm.tj", "007"],
    ["", "", "", "", "", ""],
    ["Tajikfim", "Tajikistan", "Ivan Hidden", "", "=1+1", "1.0"],
    ["Secret Studio", "Tajikistan", " - ", "", "", "'x"],
    ["Warner", "USA", "", "", "", ""],
]


def csv_of(rows, delimiter=","):
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=delimiter).writerows(rows)
    return buffer.getvalue().encode()


def sent(client, content, name="list.csv", **data):
    return client.post("/check/", data | {"file": SimpleUploadedFile(name, content)})


def page_of(response):
    """Return the text of a streamed page, and the fields that go along with its form."""
    text = b"".join(response.streaming_content).decode()
    fields = dict(re.findall(r'<input type="hidden" name="(list|name)" value="([^"]*)"', text))
    roles = re.findall(r'<select name="(column-\d+)">.*?value="(\w*)" selected', text)
    return text, fields | dict(roles)


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_csv_comes_back_with_every_cell_and_with_what_has_changed(client, studio, delimiter):
    text, fields = page_of(sent(client, csv_of(ROWS, delimiter)))
    response = client.post("/check/", fields | {"format": "csv", "confirmed": "5"})

    assert "Known: 2 of 4 rows" in text
    assert all(line in text for line in ["1 person has left", "1 number changed", "1 was renamed", "2 were not found"])
    assert "Tajikfim" in text
    assert 'name="confirmed" value="5"' in text
    assert "no-store" in response["Cache-Control"]
    assert not VisitorAction.objects.exclude(action="check").exists()
    back = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"), newline=""), delimiter=delimiter))
    assert [row[:6] for row in back] == ROWS
    headings, first, likely, secret = (dict(zip(back[1], back[number], strict=False)) for number in (1, 2, 4, 5))
    assert headings["CISFilm: matched with"] == "CISFilm: matched with"
    assert first["CISFilm: how sure"] == first["CISFilm: how sure of the person"] == "certain"
    assert first["CISFilm: what is different"] == (
        "renamed: now Tajikfilm; telephone changed: now +992 372 21 0000; e-mail the same, but unconfirmed; "
        "Anna Steinberg is no longer in post: until 2019; head now: Boris Kim (Director)"
    )
    assert first["CISFilm: page"].endswith("/institutions/tajikfilm/")
    assert first["CISFilm: telephone"][0] == "+"
    assert likely["CISFilm: how sure"] == "confirmed by you"
    assert secret["CISFilm: how sure"] == "not found"
    assert secret["CISFilm: matched with"] == ""
    told = " ".join(" ".join(row[6:]) for row in back)
    assert not re.search("Secret|9999|Hidden(?! is not known there)", told)


def test_workbook_comes_back_with_its_formulas_numbers_and_other_sheets(client, studio):
    book = openpyxl.Workbook()
    for row in [["Name", "Year", "Sum"], ["Tajikfilm", 1930, "=B2*2"], ["Warner", 1.5, None]]:
        book.active.append(row)
    book.active["A2"].font = openpyxl.styles.Font(bold=True)
    book.create_sheet("Notes")["A1"] = "kept"
    content = saved(book)

    _text, fields = page_of(sent(client, content, "Мой список.xlsx"))
    response = client.post("/check/", fields | {"format": "xlsx"})

    back = openpyxl.load_workbook(io.BytesIO(response.content))
    rows = [[cell.value for cell in row] for row in back.worksheets[0].iter_rows()]
    assert [row[:3] for row in rows] == [["Name", "Year", "Sum"], ["Tajikfilm", 1930, "=B2*2"], ["Warner", 1.5, None]]
    assert rows[0][3:5] == ["CISFilm: matched with", "CISFilm: how sure"]
    assert rows[1][3:5] == ["Tajikfilm", "certain"]
    assert back.worksheets[0]["A2"].font.bold
    assert back["Notes"]["A1"].value == "kept"
    old, new = (zipfile.ZipFile(io.BytesIO(each)) for each in (content, response.content))
    assert {name: old.read(name) for name in old.namelist() if "sheet1" not in name} == {
        name: new.read(name) for name in new.namelist() if "sheet1" not in name
    }
    assert "cisfilm.xlsx" in response["Content-Disposition"]


def test_contact_cards_come_back_updated(client, studio):
    cards = (
        "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Anna Steinberg\r\nN:Steinberg;Anna;;;\r\nORG:Tajikfilm\r\n"
        "TEL;TYPE=work:+992 37 227 00 00\r\nX-OWN:kept\r\n as it was\r\nEND:VCARD\r\n"
        "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Stranger\r\nEND:VCARD\r\n"
    )

    text, fields = page_of(sent(client, cards.encode(), "people.vcf"))
    response = client.post("/check/", fields | {"format": "vcf"})

    back = response.content.decode()
    assert "Known: 1 of 2 rows" in text
    assert "X-OWN:kept\r\n as it was\r\n" in back
    assert back.endswith(cards[cards.index("BEGIN:VCARD\r\nVERSION:4.0") :])
    first = next(vobject.readComponents(back))
    assert [tel.value for tel in first.tel_list] == ["+992 37 227 00 00", "+992 372 21 0000"]
    assert first.email.value == "info@tajikfilm.tj"
    assert "Anna Steinberg is no longer in post" in first.note.value


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("Tajikfilm\nWarner", {"column-0": "name"}),
        ("Кто\tПочта\tГде\nTajikfilm\tx@example.org\tТаджикистан", {"column-0": "name", "column-1": "contact"}),
        ("Organisation,Country\nTajikistan,Tajikfilm", {"column-0": "country", "column-1": "name"}),
        ("Name,Company\nAnna Steinberg,Tajikfilm", {"column-0": "person", "column-1": "name"}),
    ],
)
def test_what_columns_hold_is_guessed_and_can_be_corrected(client, studio, text, roles):
    page, fields = page_of(client.post("/check/", {"text": text}))
    corrected, _fields = page_of(client.post("/check/", fields | dict.fromkeys(roles, "")))

    assert fields.items() >= roles.items()
    assert "Known: 1 of" in page
    assert "Known: 0 of" in corrected


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"", 400),
        (b"\x00\x01\x02,a\n", 400),
        (b"PK\x03\x04 no zip", 400),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 400),
        (b"<html>", 400),
        (b"BEGIN:VCARD\r\nFN:x\r\n", 400),
        (xlsx_bytes(["Name"], ["x" * 9]).replace(b"[Content_Types].xml", b"[Content_Typos].xml"), 400),
        (b"Name,City\n" + b"Studio,x\n" * (uploads.MOST_ROWS + 1), 413),
        (b"BEGIN:VCARD\nFN:x\nEND:VCARD\n" * (uploads.MOST_ROWS + 1), 413),
    ],
)
def test_what_is_no_list_or_too_long_is_refused_with_a_reason(client, content, status):
    response = sent(client, content)

    assert response.status_code == status
    assert html_page(response).one(role="alert").text


def test_lists_of_one_client_are_limited(client, studio, monkeypatch):
    assert client.get("/ru/check/").status_code == 200
    assert client.put("/check/").status_code == 405
    assert client.post("/check/", {"list": "no base64"}).status_code == 400
    assert sent(client, b"Name\n", headers={"Origin": "https://elsewhere.example"}).status_code in (400, 403)
    for _time in range(LIMITS[LimitedAction.CHECK].by_client):
        response = client.post("/check/", {"text": ""})

    assert response.status_code == 429
    assert "try again later" in response.content.decode()


def test_next_list_is_checked_after_a_visitor_who_went_away(client):
    create_institution(name_en="Tajikfilm")
    left = client.post("/check/", {"text": "Name\nTajikfilm"})
    # A server drops the answer where the visitor is gone before the first byte.
    del left
    gc.collect()

    page = b"".join(client.post("/check/", {"text": "Name\nTajikfilm"})).decode()

    assert "Known: 1 of 1 row" in page
