"""The data set as Django fixtures: written from data/, loaded into an empty database."""

import datetime
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core import serializers
from django.core.management import call_command
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction
from django.db.models import Max

from institutions.models import (
    City,
    Country,
    CountrySource,
    Institution,
    InstitutionContact,
    InstitutionName,
    InstitutionSource,
    Programme,
    ProgrammeName,
    ProgrammeSource,
    Stage,
    Treaty,
)
from people.models import Person, PersonName, PersonSource, Position, PositionSource
from sources.models import ImportedRecord, PastSlug, Source

from .directory_load import DATA_FOLDER, load_directory
from .models import (
    Event,
    EventName,
    EventSource,
    Film,
    FilmCountry,
    FilmInstitution,
    FilmName,
    FilmSource,
    Participation,
)

FIXTURES_FOLDER = settings.BASE_DIR / "fixtures"
BLANK = (None, "", [], {})

# File by file in loading order; within a file each model with the fields that sort its objects.
FIXTURES: dict[str, list[tuple[type[models.Model], tuple[str, ...]]]] = {
    "sources": [(Source, ("url",))],
    "countries": [
        (Country, ("code",)),
        (Treaty, ("country", "pk")),
        (CountrySource, ("country", "pk")),
    ],
    "cities": [(City, ("key",))],
    "institutions": [
        (Institution, ("key",)),
        (InstitutionName, ("institution__key", "pk")),
        (InstitutionContact, ("institution__key", "pk")),
        (Stage, ("institution__key", "pk")),
        (InstitutionSource, ("institution__key", "pk")),
    ],
    "people": [
        (Person, ("key",)),
        (PersonName, ("person__key", "pk")),
        (PersonSource, ("person__key", "pk")),
        (Position, ("person__key", "pk")),
        (PositionSource, ("position__person__key", "pk")),
    ],
    "programmes": [
        (Programme, ("key",)),
        (ProgrammeName, ("programme__key", "pk")),
        (ProgrammeSource, ("programme__key", "pk")),
    ],
    "films": [
        (Film, ("key",)),
        (FilmName, ("film__key", "pk")),
        (FilmCountry, ("film__key", "pk")),
        (FilmInstitution, ("film__key", "pk")),
        (FilmSource, ("film__key", "pk")),
    ],
    "events": [
        (Event, ("key",)),
        (EventName, ("event__key", "pk")),
        (Participation, ("event__key", "pk")),
        (EventSource, ("event__key", "pk")),
    ],
    "imported_records": [(ImportedRecord, ("kind", "key"))],
}


class FixturesError(Exception):
    """The fixtures can't be written or loaded here; the message says why."""


# Writing -------------------------------------------------------------------------------------------------------------


def write_fixtures(folder: Path = FIXTURES_FOLDER, data_folder: Path = DATA_FOLDER) -> dict[str, int]:
    """Write the data set as fixtures; the number of objects by file.

    The database only serves as a workbench: in a transaction that is rolled back it is emptied and the data set loaded,
    so that nothing that editors wrote gets into the files.
    """
    if not settings.DEVELOPMENT:
        raise FixturesError("Fixtures are written on a developer's machine: the tables are locked meanwhile")
    with transaction.atomic():
        _empty_tables()
        load_directory(data_folder)
        written_at = _moment_of_newest_page()
        contents = {name: list(_fixture_objects(name, written_at)) for name in FIXTURES}
        transaction.set_rollback(True)
    folder.mkdir(exist_ok=True)
    for name, objects in contents.items():
        text = json.dumps(objects, ensure_ascii=False, indent=1, cls=DjangoJSONEncoder)
        fixture_path(name, folder).write_text(f"{text}\n", encoding="utf-8")
    return {name: len(objects) for name, objects in contents.items()}


def fixture_path(name: str, folder: Path = FIXTURES_FOLDER) -> Path:
    return folder / f"{name}.json"


def _empty_tables():
    tables = [model._meta.db_table for models_of_file in FIXTURES.values() for model, _ in models_of_file]
    quoted = ", ".join(connection.ops.quote_name(table) for table in [*tables, PastSlug._meta.db_table])
    with connection.cursor() as cursor:
        # PostgreSQL refuses to truncate while checks of foreign keys are still to come.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"TRUNCATE {quoted} RESTART IDENTITY CASCADE")


def _moment_of_newest_page() -> datetime.datetime:
    """The time that all records carry: writing the same data set again must give the same bytes."""
    newest = Source.objects.aggregate(newest=Max("published_on"))["newest"]
    return datetime.datetime.combine(newest.first_day, datetime.time(), datetime.UTC)


def _fixture_objects(name: str, written_at: datetime.datetime) -> Iterator[dict[str, Any]]:
    for model, order in FIXTURES[name]:
        for record in model._base_manager.order_by(*order):
            yield _fixture_object(record, written_at)


def _fixture_object(record: models.Model, written_at: datetime.datetime) -> dict[str, Any]:
    """The object as Django's serializer has it, without numbers that a database gave and without blank fields."""
    [written] = serializers.serialize("python", [record], use_natural_foreign_keys=True)
    for model_field in record._meta.fields:
        if isinstance(model_field, ArrayField):
            written["fields"][model_field.name] = model_field.value_from_object(record)
        elif isinstance(model_field, models.DateTimeField):
            written["fields"][model_field.name] = written_at
    if isinstance(record._meta.pk, models.AutoField):
        del written["pk"]
    written["fields"] = {name: value for name, value in written["fields"].items() if value not in BLANK}
    return written


# Loading -------------------------------------------------------------------------------------------------------------


def load_fixtures(folder: Path = FIXTURES_FOLDER):
    """Load the fixtures into an empty database, all or nothing."""
    if any(model.objects.exists() for model in (Institution, Person, Source)):
        raise FixturesError("The database already holds records; fixtures are only loaded into an empty one")
    with transaction.atomic():
        call_command("loaddata", *(fixture_path(name, folder) for name in FIXTURES), verbosity=0)
