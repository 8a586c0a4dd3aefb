"""Tables of a release: the members of records as columns, and the rows below records as tables of their own."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from django.utils import translation

from api.members import CITY_MEMBERS, Member, object_schema
from api.records import NAME_MAIN, NAMES, SOURCE_MEMBERS
from api.resources import Resource

from .records import OF_TODAY, released

BETWEEN_VALUES = "; "
SOURCE = object_schema(SOURCE_MEMBERS)
SCHEMAS = {"City": object_schema(CITY_MEMBERS), "Source": SOURCE}
# Columns for the names by which a record goes, besides the table of all names.
NAME_COLUMNS = ["name_en", "name_ru", "name_native", "native_language"]
TEXT = {"type": "string"}


@dataclass(frozen=True)
class Column:
    """`type` is one of JSON Schema, or "date"; `to` is the table whose key the column holds."""

    name: str
    type: str
    label: str = ""
    choices: tuple[str, ...] = ()
    to: str = ""


class Row(NamedTuple):
    table: str
    cells: dict[Column, Any]


@cache
def tables() -> dict[str, list[Column]]:
    """Return the columns of all tables, in their order; the first is the key. Names are English."""
    found: dict[str, dict[str, Column]] = {}
    with translation.override("en"):
        for resource in released().values():
            for row in rows_of(resource, None):
                columns = found.setdefault(row.table, {})
                for column in row.cells:
                    columns.setdefault(column.name, column)
    return {name: list(columns.values()) for name, columns in found.items()}


def rows_of(resource: Resource, record: dict | None) -> Iterator[Row]:
    """Yield the rows of a record in all tables; with None one of each table, without values."""
    main: dict[Column, Any] = {}
    below: list[Member] = []
    known = record or {}
    for member in resource.members:
        value = known.get(member.name)
        if member.name in OF_TODAY:
            continue
        if _has_rows(member.schema):
            below.append(member)
        else:
            main |= _cells(resource, member.name, member.schema, value, str(member.label))
        if member.schema is NAMES:
            main |= _main_names(value or [])
    yield Row(resource.name, main)
    for member in below:
        # Posts have a list of their own.
        if member.name != "positions":
            yield from _rows_below(resource, member, record)


def _main_names(names: list[dict]) -> dict[Column, Any]:
    main = [(name["text"], name["language"]) for name in names if name["kind"] == NAME_MAIN]
    by_language = {language: text for text, language in main}
    native = next((name for name in main if name[1] not in ("en", "ru")), (None, None))
    cells = [by_language.get("en"), by_language.get("ru"), *native]
    return {Column(name, "string"): cell for name, cell in zip(NAME_COLUMNS, cells, strict=True)}


# Rows below records --------------------------------------------------------------------------------------------------


def _has_rows(schema: dict) -> bool:
    return "properties" in _resolved(schema.get("items", {})) or _is_by_scheme(schema)


def _is_by_scheme(schema: dict) -> bool:
    """Return whether these are values by the name of a register."""
    return "object" in schema.get("type", ()) and "properties" not in schema


def _resolved(schema: dict) -> dict:
    """Return the schema of an object in one piece; that of a reference to a record stays as it is."""
    if "anyOf" in schema:
        return _resolved(schema["anyOf"][0])
    if "allOf" in schema:
        parts = [_resolved(part)["properties"] for part in schema["allOf"]]
        return {"properties": {name: one for part in parts for name, one in part.items()}}
    return SCHEMAS.get(schema.get("$ref", "").rpartition("/")[2], schema)


def _rows_below(resource: Resource, member: Member, record: dict | None) -> Iterator[Row]:
    rows, schema = (record or {}).get(member.name), _resolved(member.schema.get("items", {}))
    if _is_by_scheme(member.schema):
        schema = {"properties": {"scheme": TEXT, "value": TEXT}}
        rows = [{"scheme": scheme, "value": value} for scheme, value in sorted((rows or {}).items())]
    key = (record or {}).get("id")
    table = _table_below(resource, member)
    for number, row in enumerate([{}] if record is None else rows or [], 1):
        cells = {
            Column("id", "string"): f"{resource.name}/{key}/{number}",
            Column(f"{_singular(resource)}_id", resource_key_type(resource), to=resource.name): key,
        }
        if member.name == "sources":
            yield from _sources([row])
            cells[Column("source_url", "string", to="sources")] = row.get("url")
        for name, one in schema["properties"].items():
            if name == "sources":
                yield from _sources(row.get(name, []))
                urls = BETWEEN_VALUES.join(source["url"] for source in row.get(name, []))
                cells[Column("source_urls", "string")] = urls or None
            elif name not in OF_TODAY and not (member.name == "sources" and name in SOURCE["properties"]):
                cells |= _cells(resource, name, one, row.get(name), one.get("description", ""))
        yield Row(table, cells)


def _table_below(resource: Resource, member: Member) -> str:
    if member.name == "sources":
        return "record_sources"
    return f"{_singular(resource)}_{member.name}" if member.name in released() else member.name


def _sources(sources: list[dict]) -> Iterator[Row]:
    for source in sources:
        cells = {}
        for name, schema in SOURCE["properties"].items():
            cells |= _cells(None, name, schema, source.get(name), schema.get("description", ""))
        yield Row("sources", cells)


# Cells ---------------------------------------------------------------------------------------------------------------


def _singular(resource: Resource) -> str:
    return resource.type_name.lower()


def resource_key_type(resource: Resource) -> str:
    return resource.key_schema["type"]


def _cells(resource: Resource | None, name: str, schema: dict, value: Any, label: str) -> dict[Column, Any]:
    """Return the cells of one member: one, or one for each language and each part."""
    resolved = _resolved(schema)
    if resolved.get("$ref"):
        to = {_singular(one): one.name for one in released().values()}.get(name, resource.name)
        return {Column(f"{name}_id", "string", label, to=to): value and value["id"]}
    if schema is not resolved:
        parts = [(f"{name}_{part}", one, (value or {}).get(part)) for part, one in resolved["properties"].items()]
        return {column: cell for part in parts for column, cell in _cells(resource, *part, label).items()}
    if "properties" in schema:
        return _texts(name, schema, value or {}, label)
    if schema["type"] == "array":
        texts = [one["id"] if isinstance(one, dict) else str(one) for one in value or []]
        return {Column(name, "string", label): BETWEEN_VALUES.join(texts) or None}
    return {_column(name, schema, label): value}


def _texts(name: str, schema: dict, texts: dict, label: str) -> dict[Column, Any]:
    cells = {Column(f"{name}_{tag}", "string", label): texts.get(tag) for tag in schema["properties"]}
    if schema["additionalProperties"]:
        native = next(((text, tag) for tag, text in texts.items() if tag not in schema["properties"]), (None, None))
        columns = Column(f"{name}_native", "string", label), Column(f"{name}_native_language", "string")
        cells |= dict(zip(columns, native, strict=True))
    return cells


def _column(name: str, schema: dict, label: str) -> Column:
    of_schema = schema["type"]
    type_name = of_schema if isinstance(of_schema, str) else next(one for one in of_schema if one != "null")
    choices = tuple(choice for choice in schema.get("enum", ()) if choice)
    return Column(name, "date" if schema.get("format") == "date" else type_name, label, choices)
