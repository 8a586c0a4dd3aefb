"""Tests of loads of the data set and imports in the public history, one entry each."""

import shutil
from pathlib import Path

import feedparser
import pytest

from dataset.directory_load import load_directory
from editors.withholding.withhold import withhold
from institutions.models import Institution
from people.models import Person
from records.history.models import Load, RecordChange
from tests.data_sets import VALID, replace
from tests.editors.spreadsheets.sheets import bring_to_preview, confirm, csv_bytes
from tests.factories import create_country, create_editor, create_institution
from tests.html_page import html_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def changed_set(tmp_path):
    """The loaded data set, and a copy of it with changes to a studio, two people and an event."""
    load_directory(VALID)
    folder = Path(shutil.copytree(VALID, tmp_path / "data"))
    replace(folder / "institutions.yaml", "[dubbing]", "[dubbing, archive]")
    replace(folder / "institutions.yaml", "info@studio.example.az", "office@studio.example.az")
    replace(folder / "people.yaml", "Anna Testova", "Anna Testowska")
    replace(folder / "people.yaml", "Boris Probin", "Boris Proben")
    return folder


def entries(client, path="/changes/"):
    """Return every entry of the list of changes: its link, its text and the text beside it."""
    page = html_page(client.get(path))
    rows = page.section("newest-changes") if path == "/" else page.one("main")
    return [
        (next(row.all("a")).attributes["href"], next(row.all("a")).text, *beside)
        for row in rows.all("li")
        for beside in [[span.text for dotted in row.all("span", class_="dotted") for span in dotted.all("span")]]
        if beside
    ]


def test_first_load_is_no_change(client):
    load_directory(VALID)

    assert not RecordChange.objects.exists()
    assert "Nothing has changed since the directory was opened." in client.get("/changes/").content.decode()


def test_later_load_is_one_entry_with_counts_and_links(client, changed_set):
    load_directory(changed_set)

    load = Load.objects.get()
    expected = [(f"/changes/{load.pk}/", "From the data set", "Institutions: 1 changed", "People: 2 changed")]
    assert entries(client) == expected
    assert entries(client, "/") == expected
    assert {row[1] for row in entries(client, f"/changes/{load.pk}/")} == {
        *("Test Studio", "Anna Testowska", "Boris Proben"),
    }
    assert {row[1] for row in entries(client, f"/changes/{load.pk}/?kind=institution")} == {"Test Studio"}
    assert set(RecordChange.objects.get(record_kind="institution").facts) == {"contacts", "services"}


def test_feed_tells_a_load_in_one_entry(client, changed_set, settings):
    load_directory(changed_set)

    (entry,) = feedparser.parse(client.get("/changes.atom").content).entries
    (russian,) = feedparser.parse(client.get("/ru/changes.atom").content).entries
    (of_country,) = feedparser.parse(client.get("/countries/az/changes.atom").content).entries

    load = Load.objects.get()
    assert (entry.title, entry.summary) == ("From the data set", "Institutions: 1 changed; People: 2 changed")
    assert entry.link == of_country.link == f"{settings.SITE_URL}/changes/{load.pk}/"
    assert f":load/{load.pk}/" in entry.id
    assert (russian.title, russian.link) == ("Из набора данных", f"{settings.SITE_URL}/ru/changes/{load.pk}/")


def test_load_that_changes_nothing_public_is_no_entry(changed_set):
    Institution.objects.update(publication_state="draft")
    Person.objects.update(publication_state="draft")

    load_directory(changed_set)
    load_directory(changed_set)

    assert not Load.objects.exists()


def test_entry_counts_only_what_is_public_now(client, changed_set):
    load_directory(changed_set)
    load = Load.objects.get()
    withhold(Person.objects.get(key="az-anna-testova"), reason="letter")
    Institution.objects.update(publication_state="archived")

    assert entries(client) == [(f"/changes/{load.pk}/", "From the data set", "People: 1 changed")]
    Person.objects.update(publication_state="archived")
    assert entries(client) == []
    assert client.get(f"/changes/{load.pk}/").status_code == 404


def test_check_of_a_data_set_is_no_change(changed_set):
    load_directory(changed_set, dry_run=True)

    assert not RecordChange.objects.exists()


def test_import_is_one_entry_from_its_source(client):
    create_country(code="TJ")
    create_institution(name_en="Old Studio", key="tj-old", country=create_country(code="TJ"), postal_code="1")
    client.force_login(create_editor())
    content = csv_bytes("key;name (en);kind;country;postal code", "tj-old;;;;2", ";One;fund;TJ;", ";Two;fund;TJ;")

    confirm(client, bring_to_preview(client, content), publication_state="published")

    load = Load.objects.get()
    assert entries(client) == [
        (f"/changes/{load.pk}/", "From “List of studios”", "Institutions: 2 new", "Institutions: 1 changed"),
    ]
    assert len(entries(client, f"/changes/{load.pk}/")) == 3


def test_filters_count_entries_of_a_load_within_them(client, changed_set):
    load_directory(changed_set)

    (entry,) = entries(client, "/changes/?kind=person")

    assert entry[1:] == ("From the data set", "People: 2 changed")


@pytest.mark.parametrize("number", ["1", "999999", "9" * 30])
def test_load_that_is_not_there_is_not_found(client, number):
    assert client.get(f"/changes/{number}/").status_code == 404
