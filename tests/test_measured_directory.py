"""Tests that the benchmark data still fit the tables."""

import csv

import pytest

from cooperation.models import Event, Film
from institutions.models import Institution
from people.models import Person, Position
from tests.bench.desk_speed import make_work
from tests.bench.load_synthetic import TABLES, load

COUNT = 40


@pytest.fixture
def folder(tmp_path):
    """Files in the format of the synthetic ones, with a few rows each."""
    studio = {"kind": "studio", "ownership": "state", "country": "TJ", "city": "Dushanbe", "founded": "1930"}
    studio |= {"website": "https://studio.example/", "services": "sound-stages|props", "verified": "2026-06-11"}
    files = {
        "institutions": [
            {"id": n, "slug": f"studio-{n}", "name_en": f"Tulpar Studio {n}", "name_ru": f"Тулпар {n}"}
            | {"name_local": f"Тулпар {n}", "email": f"info@studio{n}.example", "phone": f"+992 37 22{n:05}"}
            | {**studio, "description": "Makes films."}
            for n in range(1, COUNT + 1)
        ],
        "people": [
            {"id": n, "slug": f"anna-{n}", "name_en": f"Anna Berg {n}", "name_ru": "Анна", "email": f"a{n}@b.example"}
            | {"phone": ""}
            for n in range(1, COUNT + 1)
        ],
        "positions": [
            {"id": n, "person_id": n, "institution_id": n, "title_en": "Director", "title_ru": "директор"}
            | {"since": "2014", "until": ""}
            for n in range(1, COUNT + 1)
        ],
    }
    for name, rows in files.items():
        fields = [column.split()[0] for column in TABLES[name].split(",")]
        with (tmp_path / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, fields)
            writer.writeheader()
            writer.writerows(rows)
    return tmp_path


@pytest.mark.django_db(transaction=True)
def test_synthetic_directory_is_loaded_with_its_words_and_with_work_for_editors(client, folder):
    load(folder)

    assert Institution.objects.published().count() == Person.objects.count() == Position.objects.count() == COUNT
    assert f"{COUNT} institutions" in client.get("/institutions/?q=tulpar").content.decode()

    make_work()

    assert 0 < Institution.objects.drafts().count() < COUNT
    assert Event.objects.count() == Film.objects.count() == COUNT // 5
