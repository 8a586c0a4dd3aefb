"""Rows to a JSON document for programs: what the list is, then its rows, keyed by the names of the columns."""

import json
from collections.abc import Iterable, Iterator
from itertools import batched
from typing import Any

ROWS_A_TIME = 200
FORMAT_VERSION = 1


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _fields(columns: list[Any], row: Any) -> dict[str, Any]:
    return {"uid": row.identity} | {column.name: _value(column, row) for column in columns}


def _value(column: Any, row: Any) -> Any:
    if column.in_json:
        return column.in_json(row)
    return list(column.value(row)) if column.is_list else column.value(row)


def json_file(columns: Iterable[Any], rows: Iterable[Any], about: list[tuple[str, str, str]]) -> Iterator[str]:
    """Some rows at a time. A document that was cut off is no JSON, so nobody takes it for whole.

    `about` holds name, label and text of each statement about the list.
    """
    columns = list(columns)
    head = {"format": FORMAT_VERSION} | {name: text for name, _label, text in about}
    yield _dumped(head)[:-1] + ',"rows":['
    separator = "\n"
    for some in batched(rows, ROWS_A_TIME, strict=False):
        yield separator + ",\n".join(_dumped(_fields(columns, row)) for row in some)
        separator = ",\n"
    yield "\n]}\n"
