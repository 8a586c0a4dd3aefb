"""Rows to a JSON document for programs: what the list is, then its rows, keyed by the names of the columns."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

FORMAT_VERSION = 1


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def json_file(
    columns: Iterable[Any], tables: Iterable[list[Iterable[str]]], about: list[tuple[str, str, str]]
) -> Iterator[str]:
    """The rows of one table after the other. A document that was cut off is no JSON, so nobody takes it for whole.

    Columns have `name` and `values(cell)`; a table has a list of cells for each of them. `about` holds name, label and
    text of each statement about the list.
    """
    columns = list(columns)
    names = [column.name for column in columns]
    head = {"format": FORMAT_VERSION} | {name: text for name, _label, text in about}
    yield _dumped(head)[:-1] + ',"rows":['
    separator = "\n"
    for table in tables:
        rows = zip(*(map(column.values, cells) for column, cells in zip(columns, table, strict=True)), strict=True)
        yield separator + ",\n".join(_dumped(dict(zip(names, row, strict=True))) for row in rows)
        separator = ",\n"
    yield "\n]}\n"
