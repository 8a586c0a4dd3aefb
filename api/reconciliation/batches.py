"""Batches of a program, read from JSON: what is wrong in them is a Problem, and everything has a limit."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from api.answers import Problem, WrongParameter

MOST_QUERIES, MOST_CANDIDATES = 50, 25
LONGEST_TEXT, MOST_VALUES = 500, 20
MOST_IDS, MOST_COLUMNS = 200, 100
CANDIDATES = 5


@dataclass(frozen=True)
class Query:
    """One question: a name, types by id, and texts by property."""

    text: str
    types: tuple[str, ...]
    values: dict[str, tuple[str, ...]]
    limit: int


@dataclass(frozen=True)
class Extension:
    """A question for cells of records."""

    ids: tuple[str, ...]
    columns: tuple[str, ...]


def queries_from(parameters: QueryDict) -> dict[str, Query]:
    return _read("queries", parameters, _queries)


def extension_from(parameters: QueryDict) -> Extension:
    return _read("extend", parameters, _extension)


def _read(name: str, parameters: QueryDict, read: Callable[[Any], Any]) -> Any:
    try:
        return read(json.loads(parameters[name]))
    except RecursionError:
        reason = "This is nested too deeply."
    except ValueError as error:
        reason = str(error)
    raise Problem(400, "The batch was not understood.", [WrongParameter(name, reason)])


def _queries(batch: Any) -> dict[str, Query]:
    _demand(isinstance(batch, dict), "Give an object with queries by id.")
    _demand(len(batch) <= MOST_QUERIES, f"Give {MOST_QUERIES} queries at most.")
    return {name: _query(name, asked) for name, asked in batch.items()}


def _query(name: str, asked: Any) -> Query:
    _demand(isinstance(asked, dict), f"{name}: give an object.")
    unknown = asked.keys() - {"query", "type", "limit", "properties", "type_strict"}
    _demand(not unknown, f"{name}: unknown members {', '.join(sorted(unknown))}.")
    _demand("query" in asked or asked.get("properties"), f"{name}: give a query or properties.")
    limit = asked.get("limit", CANDIDATES)
    is_number = isinstance(limit, int | float) and not isinstance(limit, bool)
    _demand(is_number and limit >= 1, f"{name}: give a limit of 1 or more.")
    types = asked.get("type") or []
    return Query(
        _text(name, asked.get("query", "")),
        tuple(_texts(name, types)),
        _values(name, asked.get("properties") or []),
        int(min(limit, MOST_CANDIDATES)),
    )


def _values(name: str, properties: Any) -> dict[str, tuple[str, ...]]:
    _demand(isinstance(properties, list) and len(properties) <= MOST_VALUES, f"{name}: give a list of properties.")
    found = {}
    for one in properties:
        _demand(isinstance(one, dict) and {"pid", "v"} <= one.keys(), f"{name}: a property has pid and v.")
        found[_text(name, one["pid"])] = tuple(_texts(name, one["v"]))
    return found


def _texts(name: str, value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    _demand(len(values) <= MOST_VALUES, f"{name}: give {MOST_VALUES} values at most.")
    # A value may be a record that was found before.
    return [_text(name, one.get("id", "") if isinstance(one, dict) else one) for one in values]


def _text(name: str, value: Any) -> str:
    _demand(isinstance(value, str | int | float), f"{name}: give texts, numbers or records.")
    _demand(len(text := str(value)) <= LONGEST_TEXT, f"{name}: give {LONGEST_TEXT} characters at most.")
    # The database takes no zero bytes.
    return " ".join(text.replace("\0", " ").split())


def _extension(asked: Any) -> Extension:
    _demand(isinstance(asked, dict), "Give an object with ids and properties.")
    ids, properties = asked.get("ids"), asked.get("properties")
    _demand(isinstance(ids, list) and len(ids) <= MOST_IDS, f"Give a list of ids, {MOST_IDS} at most.")
    _demand(isinstance(properties, list) and len(properties) <= MOST_COLUMNS, "Give a list of properties.")
    _demand(all(isinstance(one, dict) and "id" in one for one in properties), "A property has an id.")
    return Extension(
        tuple(_text("ids", one) for one in ids), tuple(_text("properties", one["id"]) for one in properties)
    )


def _demand(is_right: Any, reason: str):
    if not is_right:
        raise ValueError(reason)
