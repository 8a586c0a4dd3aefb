"""The printed directory: every row, four scripts, an index, page numbers, and tags for screen readers."""

import shutil
import subprocess

import pytest

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

NAMES = [
    ("AM", "Hayfilm", "Հայֆիլմ", "hy"),
    ("KZ", "Kazakhfilm", "Қазақфильм", "kk"),
    ("UZ", "Oʻzbekfilm", "Oʻzbekfilm", "uz"),
    ("GE", "Georgian Film", "ქართული ფილმი", "ka"),
]


@pytest.fixture
def printed(client, tmp_path):
    """The text of a directory, and what is known of the document."""
    if shutil.which("pdftotext") is None:
        pytest.skip("no pdftotext on this machine: apt-get install poppler-utils")

    def read(path):
        response = client.get(path)
        assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
        (tmp_path / "list.pdf").write_bytes(b"".join(response.streaming_content))

        def told(*command):
            return subprocess.run([*command], check=True, capture_output=True, text=True, cwd=tmp_path).stdout

        about = dict(line.split(":", 1) for line in told("pdfinfo", "list.pdf").splitlines())
        return told("pdftotext", "-raw", "list.pdf", "-"), {name: text.strip() for name, text in about.items()}

    return read


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
        create_contact(institution=studio, kind="phone", checked_on="2026-05-31", check_method="telephone")
        create_position(person=create_person(name_en=f"Head of {name}"), institution=studio, title_en="Director")


def test_directory_is_tagged_and_holds_all_four_scripts(studios, printed):
    text, about = printed("/institutions/export/pdf/?rows=both")

    assert about["Tagged"] == "yes"
    assert (about["Title"], about["Page size"].endswith("(A4)")) == ("Film institutions", True)
    for _code, name, native, _language in NAMES:
        assert name in text
        assert native in text
        assert f"Head of {name}" in text
    assert {"+992 372 21 0000", "Director", "2026-05-31, telephone"} <= set(text.splitlines())


def test_directory_is_grouped_by_country_and_has_an_index_with_pages(studios, printed):
    text, about = printed("/ru/studios/export/pdf/")

    lines = text.splitlines()
    countries = [line for line in lines if line in ("Армения", "Грузия", "Казахстан", "Узбекистан")]
    assert countries == ["Армения", "Грузия", "Казахстан", "Узбекистан"]
    index = text[text.index("Указатель") :]
    assert all(name in index for _code, name, _native, _language in NAMES)
    assert f"1 / {about['Pages']}" in lines


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
    _text, about = printed("/studios/export/pdf/")

    assert about["Tagged"] == "yes"
