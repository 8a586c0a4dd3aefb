"""Cells of records for data extension: the columns that files of their lists have."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cache

from exports.column_types import Column, NameChoice, RowChoice
from exports.columns import COLUMNS, columns_for
from exports.lists import HandPickedList, RecordsList
from exports.reading import Reader, rows_of
from exports.record_columns import EVENTS, FILMS, PROGRAMMES
from exports.wording import Wording
from records.kinds import Kind

from .batches import Extension
from .entities import present_keys

ROWS = {"institution": RowChoice.INSTITUTIONS.value, "person": RowChoice.REPRESENTATIVES.value}
TABLES = {"programme": PROGRAMMES, "film": FILMS, "event": EVENTS}


@cache
def columns_of(kind: str) -> dict[str, Column]:
    """Return the columns of a kind of record by name."""
    if kind in ROWS:
        columns = columns_for(ROWS[kind], NameChoice.ALL.value, [column.name for column in COLUMNS])
    else:
        columns = TABLES[kind].columns if kind in TABLES else []
    return {column.name: column for column in columns}


def named(column: Column) -> dict[str, str]:
    return {"id": column.name, "name": str(column.label)}


def extended(asked: Extension) -> dict:
    """Return the cells of the records asked for; nothing for ids that no public record has."""
    by_kind = defaultdict(dict)
    for one, (kind, key) in present_keys(asked.ids).items():
        by_kind[kind.name][one] = (kind, key)
    found, labels = {}, {}
    for name, ids in by_kind.items():
        columns = [column for pid in asked.columns if (column := columns_of(name).get(pid))]
        labels |= {column.name: named(column) for column in columns}
        kind = next(iter(ids.values()))[0]
        cells = _cells(kind, columns, {key for _kind, key in ids.values()}) if columns else {}
        found |= {one: cells.get(key, {}) for one, (_kind, key) in ids.items()}
    return {
        "meta": [labels.get(pid, {"id": pid, "name": pid}) for pid in asked.columns],
        "rows": {one: {pid: found.get(one, {}).get(pid, []) for pid in asked.columns} for one in asked.ids},
    }


def _cells(kind: Kind, columns: list[Column], keys: set[str]) -> dict[str, dict[str, list[dict]]]:
    """Return lists of values by key and column; a person has a row for each post."""
    if kind.name in ROWS:
        source, rows = HandPickedList((kind.name, key) for key in sorted(keys)), ROWS[kind.name]
    else:
        source, rows = RecordsList(kind.published().filter(key__in=keys)), RecordsList.default_rows
    key_column = columns_of(kind.name)["id"]
    found: dict[str, dict[str, dict]] = defaultdict(lambda: defaultdict(dict))
    for key, *cells in rows_of(Reader([key_column, *columns], Wording(NameChoice.ALL.value)).tables(source, rows)):
        for column, cell in zip(columns, cells, strict=True):
            # Several posts have one institution.
            found[key][column.name] |= dict.fromkeys(_values(column, cell))
    return {
        key: {name: [dict([value]) for value in values] for name, values in cells.items()}
        for key, cells in found.items()
    }


def _values(column: Column, cell: str) -> Iterable[tuple[str, str | int | float]]:
    value = column.values(cell)
    values = [f"{name}: {one}" for name, one in value.items()] if isinstance(value, dict) else value
    for one in values if isinstance(values, list) else [values]:
        if one not in ("", None):
            yield {int: "int", float: "float"}.get(type(one), "str"), one
