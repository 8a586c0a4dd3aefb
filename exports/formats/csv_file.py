"""Rows to a CSV file that spreadsheets open right: UTF-8 with byte-order mark, CRLF, quoted as RFC 4180 says."""

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import batched
from typing import Any

BYTE_ORDER_MARK = "\ufeff"
# What makes a spreadsheet take a text for a formula (OWASP ASVS 1.2.10).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
LINES_A_TIME = 200


def guarded(text: str) -> str:
    """Free text that no spreadsheet will calculate."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _cell_of(column: Any):
    """The function from a row to the text of its cell."""
    if column.is_free_text:
        return lambda row: guarded(column.text(row))
    return column.text if column.is_list else column.value


def csv_lines(headings: list[str], cells: list[Any], rows: Iterable[Any], *, first: str = "") -> Iterator[str]:
    """The header, then some lines at a time, in little memory however long the list is."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(headings)
    yield first + buffer.getvalue()
    for some in batched(rows, LINES_A_TIME, strict=False):
        buffer.seek(0)
        buffer.truncate()
        writer.writerows([[cell(row) for cell in cells] for row in some])
        yield buffer.getvalue()


def csv_file(columns: Iterable[Any], rows: Iterable[Any]) -> Iterator[str]:
    """Columns have `label`, `value(row)`, `text(row)`, `is_list` and `is_free_text`.

    Telephone numbers keep their plus sign: they were validated when they were entered, and a guard would damage them.
    """
    columns = list(columns)
    headings = [str(column.label) for column in columns]
    return csv_lines(headings, [_cell_of(column) for column in columns], rows, first=BYTE_ORDER_MARK)
