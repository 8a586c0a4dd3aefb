"""Tests of files in the programs that people use: LibreOffice, openpyxl, pandas, ez-vcard, ical.js, vobject, khard."""

import csv
import json
import re
import subprocess
import sys
from pathlib import Path

import openpyxl
import pandas
import pytest
import vobject
from django.db import transaction
from django.utils import translation

from tests.factories import (
    create_city,
    create_contact,
    create_country,
    create_institution,
    create_person,
    create_position,
)
from tests.outside_programs import CLIENTS, JAVA_LIBRARIES

pytestmark = pytest.mark.django_db

# What goes wrong in other directories' files: quotes, separators, line breaks, formulas, four scripts, emoji.
HARD_NAMES = [
    'Studio "Quoted", Ltd; one',
    "Oʻzbekfilm ʼ O’zbek",
    "Հայֆիլմ ქართული Қазақфильм 🎬",
    "=1+1 is no formula",
    "-5 degrees",
    "@home \\ back",
    "A long name of a studio in Cyrillic: " + "Қ" * 80,
]


def content(response):
    assert response.status_code == 200, response.content
    return b"".join(response.streaming_content)


@pytest.fixture(scope="module", autouse=True)
def hard_list(django_db_setup, django_db_blocker):
    """Institutions and people with names and addresses that are difficult for file formats; these tests only read."""
    with django_db_blocker.unblock(), transaction.atomic(), translation.override("en"):
        create_hard_list()
        yield
        transaction.set_rollback(True)


def create_hard_list():
    for number, name in enumerate(HARD_NAMES):
        country = create_country(code=["TJ", "UZ", "AM", "KZ"][number % 4])
        studio = create_institution(
            key=f"studio-{number}",
            name_en=name,
            name_native=f"Ҷӯра {name}",
            native_language="tg",
            country=country,
            city=create_city(country=country, name_en=f"City {number}"),
            address_latin=f"{number} Street,\nsecond line; third",
            postal_code="0010",
        )
        check = {"checked_on": "2026-05-31", "check_method": "telephone"}
        create_contact(
            institution=studio, kind="phone", value=f"+99412498123{number}", department="Press; news, «PR»", **check
        )
        create_contact(institution=studio, value=f"info{number}@example.org", languages=["az", "ru"])
        create_contact(institution=studio, kind="website", value=f"https://example.org/{number}?a=1&b=2")
        person = create_person(key=f"person-{number}", name_en=f"Anna {number} O'Brien", name_ru=f"Анна Берг, {number}")
        create_position(person=person, institution=studio, title_en=f'Director, "acting"; {number}')


# Spreadsheets --------------------------------------------------------------------------------------------------------


def opened_and_saved_by_libreoffice(folder, *files):
    """Return the first sheet of each file as LibreOffice reads it, as rows of text; the files are of one format."""
    # UTF-8 with commas (76 is LibreOffice's number for it), as its import dialog proposes; written with cells as shown.
    text = "Text - txt - csv (StarCalc):44,34,76,1,,0,false,true"
    command = ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"]
    command += [f"--infilter={text}"] if files[0].suffix == ".csv" else []
    command += ["--convert-to", f"csv:{text}", "--outdir", str(folder / "out"), *map(str, files)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return [table(folder / "out" / f"{file.stem}.csv") for file in files]


def table(file):
    with file.open(encoding="utf-8-sig", newline="") as text:
        return list(csv.reader(text))


@pytest.fixture
def file_of(client, tmp_path):
    def taken_away(path):
        response = client.get(path)
        name = re.search('filename="([^"]+)"', response["Content-Disposition"])[1]
        (tmp_path / name).write_bytes(content(response))
        return tmp_path / name

    return taken_away


@pytest.mark.outside_programs("soffice")
def test_libreoffice_opens_the_csv_cell_by_cell(file_of, tmp_path):
    files = [
        file_of(f"/institutions/export/csv/?rows={rows}").rename(tmp_path / f"{rows}.csv")
        for rows in ("institutions", "both")
    ]

    for file, opened in zip(files, opened_and_saved_by_libreoffice(tmp_path, *files), strict=True):
        written = table(file)
        # A table of text says nothing of types, so a spreadsheet takes 0010 for a number; the workbook keeps it.
        code = written[0].index("postal code")
        for row in written[1:]:
            row[code] = row[code].lstrip("0")
        assert opened == written
        column = opened[0].index("telephone")
        assert opened[1][column].startswith("+994 12 498 12 3")


@pytest.mark.outside_programs("soffice")
def test_libreoffice_opens_the_workbook_cell_by_cell(file_of, tmp_path):
    csv_file, workbook = file_of("/institutions/export/csv/?rows=both"), file_of("/institutions/export/xlsx/?rows=both")

    (opened,) = opened_and_saved_by_libreoffice(tmp_path, workbook)

    unguarded = [[re.sub("^'(?=[-=+@])", "", cell) for cell in row] for row in table(csv_file)]
    assert opened == unguarded


def test_openpyxl_and_pandas_read_the_same_from_csv_and_workbook(file_of):
    table, workbook = file_of("/institutions/export/csv/"), file_of("/institutions/export/xlsx/")

    from_csv = pandas.read_csv(table, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    from_workbook = pandas.read_excel(workbook, dtype=str, keep_default_na=False, sheet_name=0)
    sheet = openpyxl.load_workbook(workbook, read_only=True).worksheets[0]

    assert list(from_csv.columns) == list(from_workbook.columns)
    assert len(from_csv) == len(from_workbook) == sheet.max_row - 1 == len(HARD_NAMES)
    assert list(from_workbook["English name"]) == sorted(HARD_NAMES, key=list(from_workbook["English name"]).index)
    assert set(from_workbook["English name"]) == set(HARD_NAMES)
    plain = from_csv.map(lambda cell: re.sub("^'(?=[-=+@])", "", cell))
    plain["checked on"] += " 00:00:00"
    assert plain.equals(from_workbook)
    assert set(from_csv["telephone"].str[:14]) == {"+994 12 498 12"}


# Contact cards -------------------------------------------------------------------------------------------------------


@pytest.mark.outside_programs("ez-vcard")
def test_ez_vcard_accepts_every_card_without_a_warning(file_of, tmp_path):
    pairs = []
    for name, version in [("vcf", "4.0"), ("vcf3", "3.0")]:
        pairs += [version, file_of(f"/institutions/export/{name}/?rows=both").rename(tmp_path / f"{name}.vcf")]

    command = ["java", "-cp", ":".join(map(str, JAVA_LIBRARIES)), str(CLIENTS / "CheckCards.java"), *map(str, pairs)]
    answer = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout

    lines = [line.split("\t", 2) for line in answer.splitlines()]
    assert [line for line in lines if line[1] == "warning"] == []
    names = {*HARD_NAMES, *(f"Anna {number} O'Brien" for number in range(len(HARD_NAMES)))}
    for version in ("4.0", "3.0"):
        assert {text for file_version, kind, text in lines if (file_version, kind) == (version, "card")} == names


@pytest.mark.outside_programs("node", "ical.js")
@pytest.mark.parametrize("name", ["vcf", "vcf3"])
def test_ical_js_reads_every_card(file_of, name):
    file = file_of(f"/institutions/export/{name}/?rows=both")

    command = ["node", str(CLIENTS / "read-cards.mjs"), str(file)]
    answer = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout

    cards = [json.loads(line)[1] for line in answer.splitlines()]
    first_names = [next(value for key, _parameters, _kind, value in card if key == "fn") for card in cards]
    numbers = {value for card in cards for key, _parameters, _kind, value in card if key == "tel"}
    # In version 3.0 a semicolon must have its backslash (RFC 2426), which ical.js leaves there.
    assert {text.replace("\\;", ";") if name == "vcf3" else text for text in first_names[::2]} == set(HARD_NAMES)
    assert {re.sub(r"\D", "", number) for number in numbers} == {f"99412498123{number}" for number in range(7)}


@pytest.mark.parametrize("name", ["vcf", "vcf3"])
def test_vobject_reads_every_card(file_of, name):
    cards = list(vobject.readComponents(file_of(f"/institutions/export/{name}/?rows=both").read_text("utf-8")))

    assert [card.fn.value for card in cards[::2]] == [card.org.value[0] for card in cards[::2]]
    assert {card.fn.value for card in cards[::2]} == set(HARD_NAMES)
    assert {card.title.value for card in cards[1::2]} == {f'Director, "acting"; {number}' for number in range(7)}
    assert all(card.note.value.count("Press; news, «PR»: +994") == 1 for card in cards)
    assert cards[0].adr.value.street.endswith("Street,\nsecond line; third")


@pytest.mark.parametrize("name", ["vcf", "vcf3"])
def test_khard_lists_names_numbers_and_addresses(file_of, tmp_path, name):
    khard = Path(sys.executable).with_name("khard")
    (tmp_path / "book").mkdir()
    text = file_of(f"/people/export/{name}/").read_bytes().decode()
    cards = re.findall("BEGIN:VCARD.*?END:VCARD\r\n", text, re.DOTALL)
    for number, card in enumerate(cards):
        (tmp_path / "book" / f"{number}.vcf").write_text(card, newline="", encoding="utf-8")
    (tmp_path / "khard.conf").write_text(
        f"[addressbooks]\n[[book]]\npath = {tmp_path / 'book'}\n[general]\n[contact table]\ndisplay = formatted_name\n"
    )

    def listed(*arguments):
        command = [khard, "-c", str(tmp_path / "khard.conf"), *arguments, "--parsable"]
        answer = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
        return sorted(line.split("\t")[:2] for line in answer.splitlines() if "\t" in line)

    people = [f"Anna {number} O'Brien" for number in range(len(HARD_NAMES))]
    numbers = [[re.sub(r"[^\d+]", "", number), person] for number, person in listed("phone")]
    assert numbers == [[f"+99412498123{number}", person] for number, person in enumerate(people)]
    assert listed("email") == [[f"info{number}@example.org", person] for number, person in enumerate(people)]
