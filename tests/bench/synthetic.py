"""A database of synthetic institutions, people and posts, made from the CSV files of a generator.

Everything lives on an embedded server of its own, so that no benchmark meets real data. The files have the columns
id, slug, kind, ownership, country, city, founded, name_en, name_ru, name_local, website, email, phone, services,
description, verified (institutions.csv); id, slug, name_en, name_ru, email, phone (people.csv); id, person_id,
institution_id, title_en, title_ru, since, until (positions.csv).
"""

import csv
import os
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cisfilm.settings")
os.environ.setdefault("DEVELOPMENT", "True")

import django

from cisfilm import devdb

NATIVE_LANGUAGES = {
    "RU": "tt", "KZ": "kk", "UZ": "uz", "BY": "be", "AZ": "az", "UA": "uk", "AM": "hy", "GE": "ka", "KG": "ky",
    "MD": "ro", "TJ": "tg", "TM": "tk",
}  # fmt: skip


def open_database(folder: Path, *, with_people: bool):
    """Start the server, and load the files of the folder unless it holds them already."""
    os.environ["CISFILM_DEVDB_DIR"] = f"{devdb.folder()}-bench-{folder.resolve().name}"
    devdb.ensure_running(durable=False)
    django.setup()
    from django.core.management import call_command
    from django.db import transaction

    from institutions.models import Institution
    from search.rebuilding import rebuild_all

    call_command("migrate", verbosity=0)
    if not Institution.objects.exists():
        began = time.perf_counter()
        with transaction.atomic():
            load(folder, with_people=with_people)
        print(f"loaded in {time.perf_counter() - began:.0f} s", flush=True)
        began = time.perf_counter()
        for _model, _done in rebuild_all():
            pass
        print(f"words built in {time.perf_counter() - began:.0f} s", flush=True)
        _tidy()


def load(folder: Path, *, with_people: bool):
    from django.db import connection

    from institutions.models import City, Country, Institution, InstitutionContact
    from people.models import Person, Position

    with connection.cursor() as cursor:
        # Neither triggers nor checks of references: the files are known to be whole.
        cursor.execute("SET session_replication_role = replica")
    cities: dict[tuple[str, str], int] = {}
    for row in _read(folder / "institutions.csv"):
        cities.setdefault((row["country"], row["city"]), len(cities) + 1)
    codes = sorted({country for country, _city in cities})
    _copy(Country, ({"code": code, "cis_status": "member"} for code in codes))
    _copy(City, (_city(number, *place) for place, number in cities.items()))
    _copy(Institution, (_institution(row, cities) for row in _read(folder / "institutions.csv")))
    _copy(InstitutionContact, _contacts(_read(folder / "institutions.csv")))
    if with_people:
        _copy(Person, (_person(row) for row in _read(folder / "people.csv")))
        _copy(Position, (_position(row) for row in _read(folder / "positions.csv")))
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = origin")


def _tidy():
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
        cursor.execute("CHECKPOINT")


def _read(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _copy(model, rows: Iterable[dict[str, Any]]):
    """Write the rows as they are, with the model's defaults for what they leave out."""
    from django.db import connection

    fields = [field for field in model._meta.concrete_fields if not field.auto_created or field.name == "id"]
    defaults = {field.column: _default(field) for field in fields}
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {model._meta.db_table} ({columns}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(list((defaults | row).values()))


def _default(field):
    from django.db import connection
    from django.utils import timezone

    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        return timezone.now()
    default = field.get_default()
    return field.get_db_prep_save(default, connection) if default is not None else None


def _names(row: dict[str, str]) -> dict[str, Any]:
    from cisfilm.romanisation import sort_key

    return {
        "id": int(row["id"]),
        "key": row["slug"].replace("--", "-"),
        "slug": row["slug"].replace("--", "-"),
        "publication_state": "published",
        "name_en": row["name_en"],
        "name_ru": row["name_ru"],
        "sort_key_en": sort_key(row["name_en"]),
        "sort_key_ru": sort_key(row["name_ru"]),
    }


def _city(number: int, country: str, name: str) -> dict[str, Any]:
    from cisfilm.romanisation import slug_from_name, sort_key

    key = f"{country.lower()}-{slug_from_name(name)}"
    names = {"name_en": name, "sort_key_en": sort_key(name), "sort_key_ru": sort_key(name)}
    return {"id": number, "key": key, "country_id": country, **names}


def _institution(row: dict[str, str], cities: dict[tuple[str, str], int]) -> dict[str, Any]:
    return {
        **_names(row),
        "name_native": row["name_local"],
        "native_language": NATIVE_LANGUAGES[row["country"]],
        "kind": row["kind"],
        "ownership": row["ownership"],
        "status": "active",
        "country_id": row["country"],
        "city_id": cities[row["country"], row["city"]],
        "founded": row["founded"] or None,
        "services": [service for service in row["services"].split("|") if service],
        "description_en": row["description"],
    }


def _contacts(rows: Iterable[dict[str, str]]) -> Iterator[dict[str, Any]]:
    number = 0
    for row in rows:
        for kind, value in (
            ("phone", row["phone"].replace(" ", "")),
            ("email", row["email"]),
            ("website", row["website"]),
        ):
            if value:
                number += 1
                check = {"checked_on": row["verified"], "check_method": "official-page"}
                yield {"id": number, "institution_id": int(row["id"]), "kind": kind, "value": value, **check}


def _person(row: dict[str, str]) -> dict[str, Any]:
    return _names(row)


def _position(row: dict[str, str]) -> dict[str, Any]:
    posts = {"title_en": row["title_en"], "title_ru": row["title_ru"], "since": row["since"]}
    bodies = {"id": int(row["id"]), "person_id": int(row["person_id"]), "institution_id": int(row["institution_id"])}
    return posts | bodies | {"until": row["until"] or None, "as_of": row["since"], "role": "other"}
