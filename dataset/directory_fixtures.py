"""Django fixtures of the data set: written from data/, loaded into an empty database."""

import datetime
import itertools
import json
from collections.abc import Iterator
from operator import itemgetter
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core import serializers
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction
from django.db.models import Max

from cooperation.models import (
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
from editors.withholding.kept_outside import withheld_list
from editors.withholding.withheld_list import withhold_listed, withhold_namesakes
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
from records.models import ImportedRecord, MergedKey, PastSlug, Source
from search.rebuilding import rebuild_changed

from .directory_load import DATA_FOLDER, load_directory

FIXTURES_FOLDER = settings.BASE_DIR / "fixtures"
BLANK = (None, "", [], {})

# Objects by model and natural key.
Known = dict[tuple[type[models.Model], tuple], models.Model]

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
    """Raised if fixtures can't be written or loaded; the message gives the reason."""


# Writing -------------------------------------------------------------------------------------------------------------


def write_fixtures(folder: Path = FIXTURES_FOLDER, data_folder: Path = DATA_FOLDER) -> dict[str, int]:
    """Write the data set as fixtures; return the number of objects by file.

    The database is only used for the conversion: in a transaction that is rolled back it is emptied and the data set
    loaded, so that no edits get into the files.
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
    quoted = ", ".join(
        connection.ops.quote_name(table) for table in [*tables, PastSlug._meta.db_table, MergedKey._meta.db_table]
    )
    with connection.cursor() as cursor:
        # PostgreSQL refuses to truncate while deferred foreign-key checks are pending.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"TRUNCATE {quoted} RESTART IDENTITY CASCADE")


def _moment_of_newest_page() -> datetime.datetime:
    """Return the timestamp of all records: writing the same data set again must give the same bytes."""
    newest = Source.objects.aggregate(newest=Max("published_on"))["newest"]
    return datetime.datetime.combine(newest.first_day, datetime.time(), datetime.UTC)


def _fixture_objects(name: str, written_at: datetime.datetime) -> Iterator[dict[str, Any]]:
    for model, order in FIXTURES[name]:
        # None stands for no references: without arguments Django would follow them all.
        references = _names_for_natural_keys(model) or [None]
        records = list(model._base_manager.select_related(*references).order_by(*order))
        written = serializers.serialize("python", records, use_natural_foreign_keys=True)
        for record, fixture_object in zip(records, written, strict=True):
            yield _tidied(fixture_object, record, written_at)


def _names_for_natural_keys(model: type[models.Model]) -> list[str]:
    """Return the references of the model, and those in their natural keys."""
    names = []
    for model_field in model._meta.fields:
        if isinstance(model_field, models.ForeignKey):
            names.append(model_field.name)
            natural_key = getattr(model_field.related_model, "natural_key", None)
            parts = getattr(natural_key, "dependencies", [])
            names += [f"{model_field.name}__{part.partition('.')[2]}" for part in parts]
    return names


def _tidied(fixture_object: dict[str, Any], record: models.Model, written_at: datetime.datetime) -> dict[str, Any]:
    """Return the object without primary keys and blank fields, and with lists as lists."""
    fields = fixture_object["fields"]
    for model_field in record._meta.fields:
        if isinstance(model_field, ArrayField):
            fields[model_field.name] = model_field.value_from_object(record)
        elif isinstance(model_field, models.DateTimeField):
            fields[model_field.name] = written_at
    if isinstance(record._meta.pk, models.AutoField):
        del fixture_object["pk"]
    fixture_object["fields"] = {name: value for name, value in fields.items() if value not in BLANK}
    return fixture_object


# Loading -------------------------------------------------------------------------------------------------------------


def load_fixtures(folder: Path = FIXTURES_FOLDER):
    """Load the fixtures into an empty database, in one transaction.

    The database may hold withheld people; nothing about them is loaded.
    """
    listed = Person.objects.filter(withheld=False)
    if any(records.exists() for records in (Institution.objects, listed, Source.objects)):
        raise FixturesError("The database already holds records; fixtures are only loaded into an empty one")
    known: Known = {}
    with transaction.atomic():
        # Their keys are those of the fixtures: they are deleted first, and the loaded records withheld in their place.
        entries = withheld_list()
        Person.objects.withheld().delete()
        for name in FIXTURES:
            objects = json.loads(fixture_path(name, folder).read_text(encoding="utf-8"))
            for label, same_model in itertools.groupby(objects, key=itemgetter("model")):
                _create(apps.get_model(label), list(same_model), known)
        withhold_listed(entries)
        withhold_namesakes()
        rebuild_changed()
        with connection.cursor() as cursor:
            # PostgreSQL would gather statistics for its plans only after a minute.
            cursor.execute("ANALYZE")


def _create(model: type[models.Model], objects: list[dict[str, Any]], known: Known):
    """Create the objects of a model in bulk.

    Django's loaddata reads the same files, but queries the database once or twice for every object and every reference.
    """
    instances = [_instance(model, written, known) for written in objects]
    model._base_manager.bulk_create(instances)
    if hasattr(model, "natural_key"):
        known.update({(model, instance.natural_key()): instance for instance in instances})
    _refer_to_each_other(model, objects, instances, known)
    for model_field in model._meta.many_to_many:
        for written, instance in zip(objects, instances, strict=True):
            keys = written["fields"].get(model_field.name, [])
            getattr(instance, model_field.name).set([known[model_field.related_model, tuple(key)] for key in keys])


def _instance(model: type[models.Model], written: dict[str, Any], known: Known) -> models.Model:
    values = {"pk": written["pk"]} if "pk" in written else {}
    for name, value in written["fields"].items():
        model_field = model._meta.get_field(name)
        if isinstance(model_field, models.ForeignKey):
            if model_field.related_model is not model:
                values[name] = known[model_field.related_model, tuple(value)]
        elif not model_field.many_to_many:
            values[name] = model_field.to_python(value)
    return model(**values)


def _refer_to_each_other(model, objects, instances, known: Known):
    """Set references between objects of one model, now that all of them exist."""
    names = [
        model_field.name
        for model_field in model._meta.fields
        if isinstance(model_field, models.ForeignKey) and model_field.related_model is model
    ]
    if not names:
        return
    referring = []
    for written, instance in zip(objects, instances, strict=True):
        given = [name for name in names if name in written["fields"]]
        for name in given:
            setattr(instance, name, known[model, tuple(written["fields"][name])])
        if given:
            referring.append(instance)
    model._base_manager.bulk_update(referring, names)
