"""Members of JSON objects: how a value is read from a record, its JSON Schema, and what has to be loaded for it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from operator import attrgetter
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Prefetch, QuerySet

from institutions.models import City, Country
from languages.of_interface import COLUMN_TAGS
from languages.partial_dates import PARTIAL_DATE_REGEX, PartialDateField
from records.base import DirectoryRecord
from records.kinds import kinds, record_key, record_kind

PATH = "/api/v1/"
TEXT = {"type": ["string", "null"]}
# A text in several languages, by BCP 47 tag.
TEXTS = {"type": "object", "additionalProperties": {"type": "string"}}
COUNTRY_CODE = {"type": ["string", "null"], "pattern": "^[A-Z]{2}$"}
PARTIAL_DATE = {"type": ["string", "null"], "pattern": PARTIAL_DATE_REGEX}
DAY = {"type": ["string", "null"], "format": "date"}
REFERENCE = {"$ref": "#/components/schemas/Reference"}
# Ends of names of columns that hold a text in one language; the record itself says which one the native is.
LANGUAGE_ENDS = (*COLUMN_TAGS, "native")

Load = Callable[[QuerySet], QuerySet]


@dataclass(frozen=True)
class Member:
    """One member of an object. `loads` add to a queryset of the object's model what `read` needs."""

    name: str
    schema: dict
    read: Callable[[Any], Any]
    label: Any = ""
    loads: tuple[Load, ...] = ()


def loaded(records: QuerySet, members: Iterable[Member]) -> QuerySet:
    """Return the records with all that the members read. What several of them need is loaded once."""
    for load in dict.fromkeys(load for member in members for load in member.loads):
        records = load(records)
    return records


def as_object(record: Any, members: Iterable[Member]) -> dict:
    return {member.name: member.read(record) for member in members}


def object_schema(members: Iterable[Member]) -> dict:
    """Return the schema of an object that has all the members."""
    members = list(members)
    return {
        "type": "object",
        "properties": {member.name: described(member) for member in members},
        "required": [member.name for member in members],
    }


def described(member: Member) -> dict:
    return member.schema | ({"description": str(member.label)} if member.label else {})


def or_null(schema: dict) -> dict:
    """Return the schema of the same or null."""
    if "$ref" in schema:
        return {"anyOf": [schema, {"type": "null"}]}
    return schema | {"type": [schema["type"], "null"]} | ({"enum": [*schema["enum"], None]} if "enum" in schema else {})


def rows(name: str, label, members: list[Member], relation: str, records: Callable[[], QuerySet]) -> Member:
    """Return the member that lists the public rows below a record, which `records` returns for all of them.

    Rows that were not loaded on purpose are an error and never all rows.
    """
    public = f"public_{relation}"
    return Member(
        name,
        {"type": "array", "items": object_schema(members)},
        lambda record: [as_object(row, members) for row in getattr(record, public)],
        label,
        (lambda of: of.prefetch_related(Prefetch(relation, loaded(records(), members), to_attr=public)),),
    )


# Fields of models --------------------------------------------------------------------------------------------------


def members_of_fields(model: type[models.Model], names: Iterable[str]) -> list[Member]:
    """Return the members for these fields: texts in several languages are one, all others one each."""
    names, texts, members = list(names), {}, {}
    for name in names:
        base, tag = _base_and_language(name, names)
        if tag:
            texts.setdefault(base, {})[tag] = name
            members[base] = _texts(model, base, texts[base])
        elif name != "native_language":
            members[name] = member_of_field(model, name)
    return list(members.values())


def _base_and_language(name: str, names: list[str]) -> tuple[str, str]:
    base, _, tag = name.rpartition("_")
    if tag in LANGUAGE_ENDS:
        return base, tag
    # The English of "department" and "department_ru" says nothing of its language.
    has_others = any(f"{name}_{other}" in names for other in LANGUAGE_ENDS)
    return name, COLUMN_TAGS[0] if has_others else ""


def _texts(model, base: str, columns: dict[str, str]) -> Member:
    def read(record) -> dict[str, str]:
        texts = {tag: getattr(record, column) for tag, column in columns.items()}
        return {record.native_language if tag == "native" else tag: text for tag, text in texts.items() if text}

    label = model._meta.get_field(next(iter(columns.values()))).verbose_name
    return Member(base, TEXTS, read, label)


def member_of_field(model: type[models.Model], name: str) -> Member:
    """Return the member for one field. A reference leads to a public record or is null."""
    field = model._meta.get_field(name)
    schema, read, loads = _column(field) if not field.is_relation else _relation(field)
    return Member(name, schema, read, field.verbose_name, loads)


def _column(field: models.Field) -> tuple:
    """Return schema, reader and loads."""
    read = attrgetter(field.name)
    if isinstance(field, ArrayField):
        return {"type": "array", "items": _schema_of_column(field.base_field)}, read, ()
    if isinstance(field, models.DecimalField):
        return or_null({"type": "number"}), lambda record: _or_none(float, read(record)), ()
    schema = _schema_of_column(field)
    if field.null or field.blank:
        # Of texts and choices the empty one stands for "not known".
        return or_null(schema), lambda record: None if read(record) == "" else read(record), ()
    return schema, read, ()


def _schema_of_column(field: models.Field) -> dict:
    if isinstance(field, PartialDateField):
        return PARTIAL_DATE | {"type": "string"}
    if isinstance(field, models.DateField):
        return DAY | {"type": "string"}
    if isinstance(field, models.JSONField):
        return TEXTS
    if isinstance(field, models.BooleanField):
        return {"type": "boolean"}
    if isinstance(field, models.IntegerField):
        return {"type": "integer"}
    return {"type": "string"} | (
        {"enum": [value for value, _label in field.flatchoices if value]} if field.choices else {}
    )


def _or_none(convert: Callable, value: Any) -> Any:
    return None if value is None else convert(value)


def _relation(field: models.Field) -> tuple:
    model, name = field.related_model, field.name
    if model is Country:
        # The code is the primary key.
        return COUNTRY_CODE, attrgetter(field.attname), ()
    if model is City:
        city = {"$ref": "#/components/schemas/City"}
        return (
            or_null(city),
            lambda record: _or_none(city_object, getattr(record, name)),
            (partial(_joined, path=name),),
        )
    loads = (partial(_with_public, path=name, model=model),)
    if field.many_to_many:
        return (
            {"type": "array", "items": REFERENCE},
            lambda record: [reference(other) for other in getattr(record, f"public_{name}")],
            loads,
        )
    return or_null(REFERENCE), lambda record: _or_none(reference, getattr(record, name)), loads


def _joined(records: QuerySet, path: str) -> QuerySet:
    return records.select_related(path)


def _with_public(records: QuerySet, path: str, model: type[DirectoryRecord]) -> QuerySet:
    """Load the records at the path that are on the site; others stay away, as if there were none."""
    names = [f"name_{tag}" for tag in LANGUAGE_ENDS]
    public = kinds()[record_kind(model)].published().only("key", *names, "native_language").order_by("key")
    is_several = records.model._meta.get_field(path).many_to_many
    return records.prefetch_related(Prefetch(path, public, to_attr=f"public_{path}" if is_several else None))


# Records and cities as parts of others -------------------------------------------------------------------------------


def address_of(record: models.Model) -> str:
    """Return the URL of the record in this interface."""
    return address(kinds()[record_kind(record)].list_of_all.section, record_key(record))


def address(*steps: str) -> str:
    return settings.SITE_URL + PATH + "/".join(steps)


NAME = members_of_fields(City, [f"name_{tag}" for tag in LANGUAGE_ENDS])
REFERENCE_MEMBERS = [
    Member("id", {"type": "string"}, record_key),
    *(replace(member, label="") for member in NAME),
    Member("href", {"type": "string", "format": "uri"}, address_of),
]
CITY_MEMBERS = [
    Member("id", {"type": "string"}, attrgetter("key")),
    *NAME,
    *members_of_fields(City, ["country", "latitude", "longitude"]),
]
reference = partial(as_object, members=REFERENCE_MEMBERS)
city_object = partial(as_object, members=CITY_MEMBERS)
