"""Rows to a CSV file that spreadsheets open right: UTF-8 with byte-order mark, CRLF, quoted as RFC 4180 says."""

import re
from collections.abc import Iterable, Iterator
from itertools import batched
from typing import Any

BYTE_ORDER_MARK = "\ufeff"
# What makes a spreadsheet take a text for a formula (OWASP ASVS 1.2.10).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
LINES_A_TIME = 200
LINE_END = "\r\n"
_MEANS_SOMETHING = re.compile(r'[",\r\n]')


def guarded(text: str) -> str:
    """Free text that no spreadsheet will calculate."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def csv_lines(headings: list[str], columns: Iterable[list[Iterable[str]]], *, first: str = "") -> Iterator[str]:
    """The header, then some lines at a time, in little memory however long the list is.

    `columns` holds the texts of some lines column by column, since all of this takes far less time so.
    """
    yield first + ",".join(_quoted(headings)) + LINE_END
    for some in columns:
        yield LINE_END.join([*map(",".join, zip(*map(_quoted, some), strict=True)), ""])


def _quoted(texts: Iterable[str]) -> Iterable[str]:
    """The texts of a column, those with a character that means something in quotes."""
    if not _MEANS_SOMETHING.search("".join(texts)):
        return texts
    return ['"' + text.replace('"', '""') + '"' if _MEANS_SOMETHING.search(text) else text for text in texts]


def _texts_of(column: Any, cells: Iterable[Any]) -> Iterable[str]:
    texts = [column.text(cell) if cell else "" for cell in cells] if column.is_list else cells
    return [f"'{text}" if text[:1] in FORMULA_STARTS else text for text in texts] if column.is_free_text else texts


def csv_file(columns: Iterable[Any], rows: Iterable[tuple[Any, ...]]) -> Iterator[str]:
    """Columns have `label`, `text(cell)`, `is_list` and `is_free_text`; a row has a cell for each of them.

    Telephone numbers keep their plus sign: they were validated when they were entered, and a guard would damage them.
    """
    columns = list(columns)
    headings = [str(column.label) for column in columns]
    batches = (zip(*some, strict=True) for some in batched(rows, LINES_A_TIME, strict=False))
    texts = ([_texts_of(*both) for both in zip(columns, batch, strict=True)] for batch in batches)
    return csv_lines(headings, texts, first=BYTE_ORDER_MARK)


def written_csv_file(columns: Iterable[Any], blocks: Iterable[str]) -> Iterator[str]:
    """The same of lines that are written already, some in each block."""
    yield from csv_lines([str(column.label) for column in columns], [], first=BYTE_ORDER_MARK)
    yield from blocks
