"""Rows to a CSV file that spreadsheets open right: UTF-8 with byte-order mark, CRLF, quoted as RFC 4180 says."""

import csv
from collections.abc import Iterable, Iterator
from typing import Any

BYTE_ORDER_MARK = "\ufeff"
# What makes a spreadsheet take a text for a formula (OWASP ASVS 1.2.10).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def guarded(text: str) -> str:
    """Free text that no spreadsheet will calculate."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


class _Line:
    """A file of one line: csv writes into it, and what it wrote is taken at once."""

    def write(self, text: str) -> str:
        return text


def csv_lines(columns: Iterable[Any], rows: Iterable[Any]) -> Iterator[str]:
    """The file line by line, header first, so that a list of any length needs the memory of one row.

    Columns have `label`, `value(row)` and `is_free_text`. Telephone numbers keep their plus sign: they were validated
    when they were entered, and a guard would damage them.
    """
    columns = list(columns)
    writer = csv.writer(_Line())
    yield BYTE_ORDER_MARK + writer.writerow([str(column.label) for column in columns])
    for row in rows:
        cells = ((column, str(column.value(row))) for column in columns)
        yield writer.writerow([guarded(text) if column.is_free_text else text for column, text in cells])
