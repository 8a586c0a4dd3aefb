"""Tests that the Russian texts of the data set are whole, and that Russian pages show them."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from django.test import Client

from cooperation.models import Event, Film
from dataset.directory_load import DATA_FILES, DATA_FOLDER
from dataset.files import DataFile, Layout, read_data_set
from institutions.models import City, Country, Institution, Programme
from people.models import Person
from tests.html_page import html_page

MODELS = {
    **{"countries": Country, "institutions": Institution, "people": Person},
    **{"programmes": Programme, "films": Film, "events": Event},
}


@dataclass(frozen=True)
class Text:
    """English text of the data set whose layout has a field for its Russian."""

    kind: str
    key: str
    field: str
    english: str
    russian: str | None


@cache
def texts() -> list[Text]:
    reading = read_data_set(DATA_FOLDER, DATA_FILES)
    assert reading.problems == []
    return [text for file in DATA_FILES for entry in reading.entries[file.kind] for text in texts_of(file, entry)]


def texts_of(file: DataFile, entry: dict[str, Any]) -> Iterator[Text]:
    for field, english, russian in translatable(file.layout, entry):
        yield Text(file.kind, file.key_of(entry), field, english, russian)


def translatable(layout: Layout, entry: dict[str, Any]) -> Iterator[tuple[str, str, str | None]]:
    for name in layout.types:
        english = name.removesuffix("_ru")
        if english != name and (text := entry.get(english, entry.get(f"{english}_en"))):
            yield english, text, entry.get(name)
    for name, part in layout.parts.items():
        for row in entry[name]:
            yield from ((f"{name}.{field}", english, russian) for field, english, russian in translatable(part, row))


def test_every_english_text_of_the_data_set_has_its_russian():
    lacking = [f"{text.kind}: {text.key}: {text.field}" for text in texts() if not text.russian]

    assert lacking == []
    assert {(text.kind, text.field) for text in texts()} == {
        *(("countries", field) for field in ("film_law", "notes", "coproduction.name", "coproduction.note")),
        *(("institutions", field) for field in ("description", "notes", "stages.name", "stages.note")),
        *(("people", field) for field in ("notes", "positions.title")),
        *(("programmes", field) for field in ("name", "summary", "notes")),
        *(("films", "notes"), ("events", "summary"), ("events", "notes"), ("contact_points", "department")),
    }


def pages_with_all_fields() -> list[str]:
    """Return paths of a few records that have all kinds of texts, and of the lists that show some of them."""
    fields_of_record: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for text in texts():
        kind = "institutions" if text.kind == "contact_points" else text.kind
        fields_of_record.setdefault((kind, text.key), set()).add((text.kind, text.field))
    wanted = {(text.kind, text.field) for text in texts()}
    paths = ["countries", "programmes", "people", "events", "films", "coverage", "institutions"]
    while wanted:
        kind, key = max(fields_of_record, key=lambda record: len(fields_of_record[record] & wanted))
        wanted -= fields_of_record[kind, key]
        record = MODELS[kind].objects.get(**{"code" if kind == "countries" else "key": key})
        paths.append(record.get_absolute_url().strip("/"))
    institution = Institution.objects.get(key="by-belarusfilm")
    return [f"/ru/{path}/" for path in paths] + [f"/ru/compare/?record={institution.key}"]


@pytest.mark.django_db
@pytest.mark.real_data
def test_russian_pages_show_no_english_text_that_has_its_russian():
    # Pages show names of a record in several languages. Eurimages is also a body without a record.
    english = {text.english for text in texts() if text.field != "name"} - {"Eurimages"}
    english -= {text.russian for text in texts()}
    russian = {text.russian.casefold() for text in texts()}
    client = Client()
    shown = set()

    for path in pages_with_all_fields():
        page = html_page(client.get(path))
        # Descriptions for search engines are attributes, structured data is a script.
        told = [
            *page.node.itertext(),
            *(element.attributes["content"] for element in page.all("meta", name="description")),
        ]
        pieces = {" ".join(piece.split()) for piece in told}
        assert pieces & english == set(), path
        assert [text for text in english if len(text) > 90 and any(text in piece for piece in pieces)] == [], path
        shown |= {piece.casefold() for piece in pieces} & russian

    assert len(shown) > 50


@pytest.mark.django_db
@pytest.mark.real_data
def test_every_city_has_a_russian_name():
    assert list(City.objects.filter(name_ru="").values_list("key", flat=True)) == []
