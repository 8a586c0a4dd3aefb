"""Rows to a JSON document for programs: what the list is, then its rows, keyed by the names of the columns."""

import json
from collections.abc import Iterable, Iterator
from itertools import batched
from typing import Any

ROWS_A_TIME = 200
FORMAT_VERSION = 1


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def json_file(
    columns: Iterable[Any], rows: Iterable[tuple[Any, ...]], about: list[tuple[str, str, str]]
) -> Iterator[str]:
    """Some rows at a time. A document that was cut off is no JSON, so nobody takes it for whole.

    `about` holds name, label and text of each statement about the list.
    """
    names = [column.name for column in columns]
    head = {"format": FORMAT_VERSION} | {name: text for name, _label, text in about}
    yield _dumped(head)[:-1] + ',"rows":['
    separator = "\n"
    for some in batched(rows, ROWS_A_TIME, strict=False):
        yield separator + ",\n".join(_dumped(dict(zip(names, row, strict=True))) for row in some)
        separator = ",\n"
    yield "\n]}\n"
