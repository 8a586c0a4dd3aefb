"""Rows to a CSV file that spreadsheets open right: UTF-8 with byte-order mark, CRLF, quoted as RFC 4180 says."""

from collections.abc import Iterable, Iterator
from typing import Any

BYTE_ORDER_MARK = "\ufeff"
# What makes a spreadsheet take a text for a formula (OWASP ASVS 1.2.10).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
AFTER_ANOTHER = [f"\n{start}" for start in FORMULA_STARTS]
MEANINGFUL = ('"', ",", "\r", "\n")
LINE_END = "\r\n"
LINES_A_TIME = 200


def guarded(text: str) -> str:
    """Free text that no spreadsheet will calculate."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def csv_lines(headings: list[str], tables: Iterable[list[Iterable[str]]], *, first: str = "") -> Iterator[str]:
    """The header, then the lines of one table after the other: a table is a list of columns of texts.

    Whole columns take a fifth of the time that `csv.writer` takes for rows.
    """
    yield first + ",".join(_quoted(headings)) + LINE_END
    for table in tables:
        yield LINE_END.join([*map(",".join, zip(*map(_quoted, table), strict=True)), ""])


def _quoted(texts: Iterable[str]) -> Iterable[str]:
    """The texts of a column, those with a character that means something in quotes."""
    if not _has_any(MEANINGFUL, "".join(texts)):
        return texts
    return ['"' + text.replace('"', '""') + '"' if _has_any(MEANINGFUL, text) else text for text in texts]


def _has_any(pieces: Iterable[str], text: str) -> bool:
    return any(piece in text for piece in pieces)


def _texts(column: Any, cells: list[str]) -> list[str]:
    """The cells as a spreadsheet shows them."""
    if column.is_list:
        cells = list(map(column.text, cells))
    # Few columns have such a cell, and all cells together are looked through at once.
    if column.is_free_text and _has_any(AFTER_ANOTHER, "\n".join(["", *cells])):
        return list(map(guarded, cells))
    return cells


def csv_file(columns: Iterable[Any], tables: Iterable[list[Iterable[str]]]) -> Iterator[str]:
    """Columns have `label`, `text(cell)`, `is_list` and `is_free_text`; a table has a list of cells for each of them.

    Telephone numbers keep their plus sign: they were validated when they were entered, and a guard would damage them.
    """
    columns = list(columns)
    headings = [str(column.label) for column in columns]
    texts = ([_texts(column, cells) for column, cells in zip(columns, table, strict=True)] for table in tables)
    return csv_lines(headings, texts, first=BYTE_ORDER_MARK)
