"""Tests of the printed directory: every row, four scripts, an index, page numbers, and tags for screen readers."""

import io
import re

import pytest
from pypdf import PdfReader

from exports.formats import pdf_file
from tests.factories import (
    create_city,
    create_contact,
    create_country,
    create_event,
    create_institution,
    create_participation,
    create_person,
    create_position,
)

pytestmark = pytest.mark.django_db

A4 = [595, 842]
NAMES = [
    ("AM", "Hayfilm", "Հայֆիլմ", "hy"),
    ("KZ", "Kazakhfilm", "Қазақфильм", "kk"),
    ("UZ", "Oʻzbekfilm", "Oʻzbekfilm", "uz"),
    ("GE", "Georgian Film", "ქართული ფილმი", "ka"),
]


@pytest.fixture
def printed(client):
    """Return the text of a directory, and the document."""

    def read(path):
        response = client.get(path)
        assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
        document = PdfReader(io.BytesIO(b"".join(response.streaming_content)))
        return "\n".join(page.extract_text() for page in document.pages), document

    return read


def is_tagged(document):
    return bool(document.root_object["/MarkInfo"]["/Marked"]) and "/StructTreeRoot" in document.root_object


PAGE_OF_KAZAKHFILM = "127.0.0.1:8000/institutions/kazakhfilm/"


def lines_of(page):
    """Return the lines of text of the page, and the vertical position of each."""
    lines = []

    def see(text, current, matrix, _font, _size):
        if text.strip():
            lines.append((text.strip(), current[3] * matrix[5] + current[5]))

    page.extract_text(visitor_text=see)
    return lines


@pytest.fixture
def studios():
    for code, name, native, language in NAMES:
        country = create_country(code=code)
        studio = create_institution(
            name_en=name,
            name_native=native,
            native_language=language,
            country=country,
            city=create_city(country=country, name_en=f"City of {code}"),
        )
        seen = {"seen_on": "2026-06-01" if code == "AM" else "2026-05-31", "seen_url": "https://example.org/"}
        create_contact(institution=studio, kind="phone", checked_on="2026-05-31", check_method="telephone", **seen)
        create_position(person=create_person(name_en=f"Head of {name}"), institution=studio, title_en="Director")


def test_directory_is_tagged_and_holds_all_four_scripts(studios, printed):
    text, document = printed("/institutions/export/pdf/?rows=both")

    assert is_tagged(document)
    assert document.metadata.title == "Film institutions"
    assert [round(side) for side in document.pages[0].mediabox[2:]] == A4
    for _code, name, native, _language in NAMES:
        assert name in text
        assert native in text
        assert f"Head of {name}" in text
    assert {"+992 372 21 0000", "Director", "checked on: 2026-05-31, telephone"} <= set(text.splitlines())
    assert set(re.findall("seen on.*", text)) == {"seen on the official site: 2026-06-01"}


def test_directory_is_grouped_by_country_and_has_an_index_with_pages(studios, printed):
    text, document = printed("/ru/studios/export/pdf/")

    lines = text.splitlines()
    countries = [line for line in lines if line in ("Армения", "Грузия", "Казахстан", "Узбекистан")]
    assert countries == ["Армения", "Грузия", "Казахстан", "Узбекистан"]
    index = text[text.index("Указатель") :]
    assert all(name in index for _code, name, _native, _language in NAMES)
    assert f"1 / {len(document.pages)}" in lines


def test_each_date_says_what_it_is(printed):
    anna = create_person(name_en="Anna Berg")
    dates = [
        {"as_of": "2025-03"},
        {"since": "2019", "as_of": "2025"},
        {"until": "2024-05"},
        {"since": "2001", "until": "2003"},
    ]
    for number, known in enumerate(dates):
        create_position(person=anna, body_name=f"Body {number}", **known)

    text, _document = printed("/people/export/pdf/?ever=on")

    assert {"as of: 2025-03", "since: 2019; as of: 2025", "until: 2024-05", "2001 – 2003"} <= set(text.splitlines())


def test_bodies_of_several_countries_have_a_heading_like_those_of_one(printed):
    create_institution(name_en="Confederation", is_international=True)

    text, _document = printed("/institutions/export/pdf/")

    assert "International" in text.splitlines()


def test_entries_stand_apart_from_each_other(printed):
    for name in ("Kazakhfilm", "Tajikfilm"):
        create_contact(institution=create_institution(name_en=name), kind="phone")

    _text, document = printed("/studios/export/pdf/")

    heights = dict(lines_of(document.pages[0]))
    name, end, next_name = heights["Kazakhfilm"], heights[PAGE_OF_KAZAKHFILM], heights["Tajikfilm"]
    line = (name - end) / 3
    assert end - next_name > 1.4 * line


def test_nothing_that_somebody_typed_is_taken_for_markup(printed):
    name = '#set text(red) *bold* $x^2$ @label <a> "q" \\ _u_ `r` 🎬 [b] // c'
    studio = create_institution(key="markup", name_en=name)
    create_contact(institution=studio, kind="phone", department="#import *")

    text, _about = printed("/studios/export/pdf/")

    plain = " ".join(text.split())
    assert '#set text(red) *bold* $x^2$ @label <a> "q" \\ _u_ `r`' in plain
    assert "#import *: +992 372 21 0000" in plain


def test_guest_without_a_country_is_in_the_directory(printed):
    create_participation(event=create_event(name_en="Forum"), name="Somebody Else")

    text, _about = printed("/events/forum/export/pdf/")

    assert "Without a country" in text
    assert "Somebody Else" in text


def test_empty_list_gives_a_document(printed):
    _text, document = printed("/studios/export/pdf/")

    assert is_tagged(document)


FOREIGN_NAMES = {
    "中国电影集团": "ZhongGuoDianYingJiTuan",
    "한국영화": "HanGugYeongHwa",
    "ภาพยนตร์": "phaphyntr",
    "🎬": "\ufffd",
    "Two\nlines": "Two lines",
    "Mark of byte order\ufeff": "Mark of byte order",
}


def test_letters_that_the_font_lacks_are_printed_in_latin_ones(studios, printed):
    for number, name in enumerate(FOREIGN_NAMES):
        create_institution(key=f"foreign-{number}", name_en=f"Foreign {number}", name_native=name, native_language="zh")

    text, _document = printed("/studios/export/pdf/?names=native")

    assert "Հայֆիլմ" in text
    assert [shown for shown in FOREIGN_NAMES.values() if shown not in text] == []


@pytest.fixture
def no_patience(monkeypatch):
    monkeypatch.setattr(pdf_file, "SECONDS_TO_WAIT_FOR_A_PLACE", 0)


def assert_is_asked_to_come_back(response):
    assert (response.status_code, response["Retry-After"]) == (503, "10")
    assert "Please try again in a moment" in response.content.decode()
    assert not response.has_header("Content-Disposition")


def test_visitor_waits_while_others_directories_are_set(studios, client, printed, no_patience):
    with pdf_file.PLACES:
        response = client.get("/studios/export/pdf/")
        other_format = b"".join(client.get("/studios/export/xlsx/").streaming_content)

    assert_is_asked_to_come_back(response)
    assert other_format.startswith(b"PK")
    assert "Hayfilm" in printed("/studios/export/pdf/")[0]


def test_directory_that_takes_too_long_ends_and_gives_its_place_back(studios, client, printed, monkeypatch):
    monkeypatch.setattr(pdf_file, "SECONDS_TO_SET", 0.001)
    response = client.get("/studios/export/pdf/")
    monkeypatch.undo()

    assert_is_asked_to_come_back(response)
    assert "Hayfilm" in printed("/studios/export/pdf/")[0]
