"""Tests of importing an unchanged download: it changes nothing."""

import pytest
from django.utils import translation
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from editors.spreadsheets.fields import guessed_columns
from editors.spreadsheets.models import Import, ImportRow
from editors.spreadsheets.words import Vocabulary
from editors.spreadsheets.writing import look_at
from institutions.models import Institution
from records.tables.reading import read_table
from tests.factories import create_city, create_contact, create_country, create_institution, create_source
from tests.hard_texts import HARD, TEXT
from tests.rich_records import create_rich_institution

CONTACTS = [
    ("phone", "+992372210009"),
    ("phone", "+74951234567"),
    ("fax", "+992372210001"),
    ("email", "second@example.org"),
    ("email", "press@example.org"),
    ("website", "https://www.example.org/about?a=1,2&b=c"),
    ("website", "http://old.example.org"),
    ("telegram", "https://t.me/example"),
    ("whatsapp", "+992900000000"),
    ("instagram", "https://www.instagram.com/example/"),
    ("vk", "https://example.org/on-vk"),
    ("youtube", "https://www.youtube.com/@example"),
    ("address", "12 Rudaki Avenue, office 5, Dushanbe"),
]


def create_rich_records():
    rich = create_rich_institution(name_en="Tajikfilm")
    for number, (kind, value) in enumerate(CONTACTS):
        department = "press" if number % 2 else ""
        create_contact(institution=rich, kind=kind, value=value, department=department, languages=["ru"], order=number)
    uzbekistan = create_country(code="UZ")
    create_institution(
        name_en="Uzbekfilm",
        name_native="Ўзбекфильм",
        native_language="uz-Cyrl",
        country=uzbekistan,
        city=create_city(name_en="Tashkent", name_ru="Ташкент", name_native="Toshkent", country=uzbekistan),
        ownership="mixed",
        status="renamed",
        founded="1925-07-01",
        closed="2010-05",
        services=["animation", "location-services", "archive"],
    )
    create_institution(
        name_en="CIS Council", kind="intergovernmental", is_international=True, city=create_city(country=rich.country)
    )


def looked_at(content):
    """Return the rows of the file and their outcomes, with automatically recognised columns and words."""
    table = read_table(content, max_rows=1000)
    spreadsheet = Import.objects.create(
        file_name="list",
        file_format=table.file_format,
        headings=table.headings,
        columns=guessed_columns(table.headings),
        source=create_source(url=f"https://example.org/{Import.objects.count()}"),
    )
    ImportRow.objects.bulk_create(
        ImportRow(spreadsheet=spreadsheet, line=line.number, cells=line.cells, faults=line.faults)
        for line in table.lines
    )
    assert Vocabulary().unknown_words(spreadsheet) == []
    assert look_at(spreadsheet, None, lambda: False)
    return [(row.outcome, row.changes, row.errors) for row in spreadsheet.rows.all()]


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("names", ["all", "en", "ru", "native", "latin-native"])
@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_list_of_rich_records_comes_back_unchanged(client, language, names, file_format):
    create_rich_records()
    prefix = "" if language == "en" else "/ru"

    response = client.get(f"{prefix}/institutions/export/{file_format}/", {"names": names})
    with translation.override(language):
        rows = looked_at(b"".join(response))

    assert rows == [("unchanged", [], {})] * Institution.objects.published().count()


TEXTS = {
    # A name needs a letter, for its address.
    "name_en": TEXT.map(lambda text: f"{text}a"),
    "name_ru": TEXT,
    "address_local": TEXT,
    "address_latin": TEXT,
    "postal_code": TEXT.map(lambda text: text[:12]),
    "founded": st.sampled_from([None, "1930", "1930-05", "1930-05-31"]),
}


def same_text(text):
    return dict.fromkeys(TEXTS, text) | {"name_en": f"{text}a", "founded": None}


class AnyTextTest(TestCase):
    """Test any text in the fields of a record; `TestCase` because each example needs a clean database."""

    @example(same_text("'=1+1"), "csv")
    @example(same_text("_x0041_"), "xlsx")
    @example(same_text("_x0041_"), "csv")
    @example(same_text("-"), "csv")
    @given(
        st.fixed_dictionaries(TEXTS) | st.sampled_from(HARD).map(same_text),
        st.sampled_from(["csv", "xlsx"]),
    )
    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def test_comes_back_unchanged(self, fields, file_format):
        create_institution(key="any", slug="any", **fields)
        response = self.client.get(f"/institutions/export/{file_format}/")

        assert looked_at(b"".join(response)) == [("unchanged", [], {})]
