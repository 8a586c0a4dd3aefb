"""Tests of reading files, and of messages for unreadable ones."""

import io
import zipfile

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from editors.spreadsheets.models import Import
from records.tables.reading import read_table
from records.tables.table import Refused
from tests.editors.spreadsheets.sheets import SOURCE, bring_to_preview, csv_bytes, errors, match, send, xlsx_bytes
from tests.factories import create_country, create_editor

TABLE = ["name (en)", "страна"], ["Tajikfilm", "Таджикистан"]
OLD_OFFICE = bytes.fromhex("d0cf11e0a1b11ae1")


def read(content, max_rows=100):
    table = read_table(content, max_rows=max_rows)
    return table.headings, *(line.cells for line in table.lines)


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "windows-1251", "utf-16"])
def test_text_is_read_in_any_usual_encoding_and_with_any_delimiter(delimiter, encoding):
    text = "\r\n".join(delimiter.join(row) for row in TABLE)

    assert read(text.encode(encoding)) == TABLE


def test_line_that_names_the_delimiter_is_no_heading():
    assert read(csv_bytes("sep=;", *(";".join(row) for row in TABLE))) == TABLE


def test_commas_in_cells_do_not_hide_the_semicolons_between_them():
    _headings, row = read(csv_bytes("name;address, with commas, many", 'Tajikfilm;"43, Bukhoro; Dushanbe"'))

    assert row == ["Tajikfilm", "43, Bukhoro; Dushanbe"]


def test_lines_are_counted_as_in_the_file_and_empty_ones_left_out():
    table = read_table(csv_bytes("name", '"two\nlines"', "", "  ", "last"), max_rows=9)

    assert [(line.number, line.cells) for line in table.lines] == [(2, ["two\nlines"]), (6, ["last"])]


def test_workbook_gives_numbers_dates_and_links_as_text():
    import datetime

    content = xlsx_bytes(
        ["name", "phone", "since", "year", "rate"],
        ["Tajikfilm", 992372210000.0, datetime.datetime(2019, 5, 31), 1930, 0.5],
    )

    assert read(content)[1] == ["Tajikfilm", "992372210000", "2019-05-31", "1930", "0.5"]


def test_type_shows_in_the_content_and_not_in_the_name(client, db):
    client.force_login(create_editor())

    assert send(client, xlsx_bytes(*TABLE), name="list.csv").status_code == 302
    assert Import.objects.get().file_format == "xlsx"


def entry(archive, name):
    with zipfile.ZipFile(io.BytesIO(archive)) as file:
        return file.read(name)


def with_entries(archive, entries, compression=zipfile.ZIP_DEFLATED):
    """Return the workbook with additional or other files inside."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(buffer, "w", compression) as new:
        for name in old.namelist():
            if name not in entries:
                new.writestr(name, old.read(name))
        for name, content in entries.items():
            new.writestr(name, content)
    return buffer.getvalue()


def with_lie_about_size(archive, name):
    """Return the workbook with an entry that claims to unpack to ten bytes."""
    with zipfile.ZipFile(io.BytesIO(archive)) as file:
        info = file.getinfo(name)
    true_size = info.file_size.to_bytes(4, "little")
    return archive.replace(true_size, (10).to_bytes(4, "little"))


def entities():
    """Return a workbook with the "billion laughs" attack in place of the sheet."""
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    sheet = entry(xlsx_bytes(*TABLE), "xl/worksheets/sheet1.xml").decode()
    head, _, rest = sheet.partition("?>") if sheet.startswith("<?xml") else ("<?xml version='1.0'", "", sheet)
    return f'{head}?><!DOCTYPE lolz [<!ENTITY l0 "ha">{laughs}]>{rest.replace("Tajikfilm", "&l9;")}'


WORKBOOK = xlsx_bytes(*TABLE)
DAMAGED = "The workbook is damaged. Save it again in a spreadsheet program."
TOO_MUCH = "The unpacked workbook is too large. It was not opened."
MACROS = "The workbook holds macros. Save it as .xlsx without macros and send it again."
WEB_PAGE = "This is a web page or XML, not a table. Send a CSV or XLSX file."
BINARY = "This is not a table: the file holds binary data. Send a CSV or XLSX file."
LETTERS = "The encoding of the file can't be read. Save it as CSV in UTF-8, or as XLSX, and send it again."
NO_WORKBOOK = "This is not an Excel workbook. Save the table as XLSX or CSV and send it again."
CONTENT_TYPES = entry(WORKBOOK, "[Content_Types].xml").replace(b"sheet.main+xml", b"sheet.macroEnabled.main+xml")

REFUSED = {
    "empty": (b"", 400, "The submitted file is empty."),
    "only spaces": (b" \r\n ", 400, "The file is empty."),
    "only headings": (b"name;country\r\n", 400, "The file has headings but no rows below them."),
    "binary called csv": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", 400, BINARY),
    "zero bytes in text": (b"name;country\r\nTajik\x00film;TJ", 400, BINARY),
    "control characters": (b"name;country\r\nTajik\x01\x02film;TJ", 400, BINARY),
    "web page": (
        b"<html><body>list</body></html>",
        400,
        "This is a web page or XML, not a table. Send a CSV or XLSX file.",
    ),
    "other encoding": ("название;страна\r\nКиностудия Таджикфильм;Таджикистан".encode("koi8-r"), 400, LETTERS),
    "old encoding": ("название;страна\r\nКиностудия Таджикфильм;Таджикистан".encode("cp866"), 400, LETTERS),
    "broken utf-16": (b"\xff\xfe\x00\xd8a", 400, LETTERS),
    "old workbook": (
        OLD_OFFICE + bytes(600),
        400,
        "This is a workbook in the old format (.xls). Save it as .xlsx and send it again.",
    ),
    "encrypted workbook": (
        OLD_OFFICE + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
        400,
        "The workbook is protected by a password. Save it without one and send it again.",
    ),
    "macros inside": (with_entries(WORKBOOK, {"xl/vbaProject.bin": b"x"}), 400, MACROS),
    "macro workbook": (with_entries(WORKBOOK, {"[Content_Types].xml": CONTENT_TYPES}), 400, MACROS),
    "other archive": (with_entries(WORKBOOK, {}).replace(b"xl/workbook.xml", b"xl/worcbook.xmk"), 400, NO_WORKBOOK),
    "cut off": (WORKBOOK[: len(WORKBOOK) // 2], 400, DAMAGED),
    "no xml inside": (with_entries(WORKBOOK, {"xl/worksheets/sheet1.xml": b"nothing"}), 400, DAMAGED),
    "too many entries": (with_entries(WORKBOOK, {f"x/{n}": b"" for n in range(1100)}), 413, TOO_MUCH),
    "says to be large": (with_entries(WORKBOOK, {"xl/media/a": bytes(70_000_000)}), 413, TOO_MUCH),
    "packs too well": (with_entries(WORKBOOK, {"xl/media/a": bytes(3_000_000)}), 413, TOO_MUCH),
    "lies about its size": (
        with_lie_about_size(with_entries(WORKBOOK, {"xl/media/a": bytes(3_000_000)}), "xl/media/a"),
        400,
        DAMAGED,
    ),
    "entities of entities": (with_entries(WORKBOOK, {"xl/worksheets/sheet1.xml": entities()}), 400, TOO_MUCH),
    "entities in utf-16": (
        with_entries(WORKBOOK, {"xl/worksheets/sheet1.xml": entities().encode("utf-16")}),
        400,
        TOO_MUCH,
    ),
    "open quotation mark": (
        csv_bytes("name;phone", 'a;"b', "c;d"),
        400,
        "Line 2 can't be read: a quotation mark is missing or in the wrong place.",
    ),
    "too many columns": (
        csv_bytes(";".join(f"c{n}" for n in range(201)), "a"),
        400,
        "The file has more than 200 columns.",
    ),
    "list of people": (
        csv_bytes("id;name;institution;id of the institution", "anna;Anna;Tajikfilm;tajikfilm"),
        400,
        "This is a list with representatives. Download the list of institutions only, and import that one.",
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", REFUSED)
def test_file_is_refused_with_the_reason(client, name):
    content, status, message = REFUSED[name]
    client.force_login(create_editor())

    response = send(client, content)

    assert response.status_code == status
    assert response.context["form"].errors == {"file": [message]}
    # What was typed is still there.
    assert response.context["form"]["source_title"].value() == SOURCE["source_title"]
    assert not Import.objects.exists()


@pytest.mark.django_db
def test_file_over_the_cap_is_refused(client, settings):
    settings.IMPORT_MAX_BYTES = 1024 * 1024
    client.force_login(create_editor())

    response = send(client, b"a" * (1024 * 1024 + 1))

    assert response.status_code == 413
    assert response.context["form"].errors["file"] == [
        "The file is larger than 1 MB. Split it and send the parts separately."
    ]


@pytest.mark.django_db
def test_more_rows_than_the_cap_are_refused(client, settings):
    settings.IMPORT_MAX_ROWS = 2
    client.force_login(create_editor())

    response = send(client, csv_bytes("name", "a", "b", "c"))

    assert response.status_code == 413
    assert response.context["form"].errors["file"] == [
        "The file has more than 2 rows. Split it and send the parts separately."
    ]


@pytest.mark.django_db
def test_no_file_and_no_source_are_asked_for(client):
    client.force_login(create_editor())

    response = client.post(reverse("admin:intake_start"), {"file": SimpleUploadedFile("a.csv", b"")})

    assert response.status_code == 400
    assert set(response.context["form"].errors) == {"file", "source_url", "source_accessed_on"}


@pytest.mark.django_db
def test_columns_must_say_which_institution_a_row_is_about(client):
    client.force_login(create_editor())
    send(client, csv_bytes("mystery;phone", "a;b"))

    response = match(client, Import.objects.get())

    assert response.status_code == 400
    assert response.context["form"].non_field_errors() == [
        "No column identifies the institution. Choose the one with the name or the key."
    ]


@pytest.mark.django_db
def test_two_columns_cannot_hold_one_name_but_several_telephones(client):
    client.force_login(create_editor())
    send(client, csv_bytes("a;b;Phone 1;Phone 2", "1;2;3;4"))

    response = match(client, Import.objects.get(), column_0="name_en", column_1="name_en")

    assert Import.objects.get().columns == ["", "", "phone", "phone"]
    assert response.context["form"].errors == {"column-1": ["Another column is already used for this."]}


@pytest.mark.django_db
def test_row_with_too_many_cells_is_an_error_of_its_own(client):
    create_country(code="TJ")
    client.force_login(create_editor())

    spreadsheet = bring_to_preview(
        client, csv_bytes("name (en);kind;country", "Tajikfilm;studio;TJ;what", "Sinamo;studio", "Kino;studio;TJ;;")
    )

    assert errors(spreadsheet) == [
        {"": "The line has more cells than there are headings."},
        {"country": "Give the country."},
        {},
    ]


@pytest.mark.django_db
def test_formula_is_its_result_or_an_error(client):
    create_country(code="TJ")
    client.force_login(create_editor())
    content = xlsx_bytes(["name (en)", "kind", "country", "founded"], ["Tajikfilm", "studio", "TJ", "=1900+30"])
    sheet = entry(content, "xl/worksheets/sheet1.xml").replace(b"<v />", b"<v></v>")
    sheet = sheet.replace(b"<v></v>", b"<v>1930</v>")
    calculated = with_entries(content, {"xl/worksheets/sheet1.xml": sheet})

    without_result = bring_to_preview(client, content)
    with_result = bring_to_preview(client, calculated)

    assert errors(without_result) == [
        {
            "founded": "The cell holds a formula without a result. "
            "Open the file in a spreadsheet program and save it there once."
        }
    ]
    assert (errors(with_result), with_result.rows.get().cells[3]) == ([{}], "1930")


def test_cell_in_the_last_line_of_a_sheet_costs_nothing():
    sheet = entry(WORKBOOK, "xl/worksheets/sheet1.xml")
    far = b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'

    assert read(with_entries(WORKBOOK, {"xl/worksheets/sheet1.xml": sheet.replace(b"</sheetData>", far)})) == TABLE


def test_damaged_workbooks_are_read_or_refused_and_nothing_else():
    refusals = []
    for place in range(0, len(WORKBOOK), 97):
        damaged = WORKBOOK[:place] + bytes([WORKBOOK[place] ^ 0xFF]) + WORKBOOK[place + 1 :]
        try:
            read_table(damaged, max_rows=10)
        except Refused as refused:
            refusals.append(str(refused.message))

    assert DAMAGED in refusals


def test_caps_come_from_the_settings():
    assert (settings.IMPORT_MAX_BYTES, settings.IMPORT_MAX_ROWS) == (5 * 1024 * 1024, 5_000)
