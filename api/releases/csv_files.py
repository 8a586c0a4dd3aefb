"""Tables as CSV, and their description as a Frictionless data package."""

import csv
import hashlib
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from .tables import Column, Row


def write_csv(folder: Path, tables: dict[str, list[Column]], rows: Iterable[Row]):
    """Write each table into a file of its own: UTF-8, CRLF, cells as they are, unknown ones empty."""
    with ExitStack() as files:
        writers = {}
        for name, columns in tables.items():
            file = files.enter_context((folder / f"{name}.csv").open("w", encoding="utf-8", newline=""))
            writers[name] = csv.writer(file)
            writers[name].writerow([column.name for column in columns])
        for table, cells in rows:
            values = {column.name: _text(value) for column, value in cells.items()}
            writers[table].writerow([values.get(column.name, "") for column in tables[table]])


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def table_resources(folder: Path, tables: dict[str, list[Column]]) -> list[dict]:
    """Return the tables as resources of a data package: types, keys, sizes and checksums."""
    return [_resource(folder / f"{name}.csv", columns, tables) for name, columns in tables.items()]


def _resource(path: Path, columns: list[Column], tables: dict[str, list[Column]]) -> dict:
    keys = [
        {"fields": column.name, "reference": {"resource": column.to, "fields": tables[column.to][0].name}}
        for column in columns
        if column.to
    ]
    # A reference of a table to itself has no name.
    for key in keys:
        if key["reference"]["resource"] == path.stem:
            key["reference"]["resource"] = ""
    schema = {"fields": list(map(_field, columns)), "primaryKey": columns[0].name, "missingValues": [""]}
    return {
        "name": path.stem,
        "path": path.name,
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": path.stat().st_size,
        "hash": f"sha256:{checksum(path)}",
        "schema": schema | ({"foreignKeys": keys} if keys else {}),
    }


def _field(column: Column) -> dict:
    title = {"title": column.label} if column.label else {}
    choices = {"constraints": {"enum": list(column.choices)}} if column.choices else {}
    return {"name": column.name, "type": column.type, **title, **choices}


def checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
