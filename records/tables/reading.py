"""Reading of a file into headings and rows of text, or an error message.

The content determines the type of a file; its name is never trusted. Sizes are checked before anything is unpacked or
parsed.
"""

import csv
import io
import re
from collections.abc import Iterator
from itertools import chain, islice

from django.utils.translation import gettext_lazy as _

from languages.control_characters import CONTROL_CHARACTER
from records.tables.table import (
    LONGEST_CELL,
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_TEXT,
    TOO_LONG,
    TOO_MANY_CELLS,
    TOO_MUCH,
    Line,
    Refused,
    Table,
    is_empty,
)
from records.tables.workbooks import workbook_lines

from .headings import LINES_TO_SEARCH, Count, find_headings, repeats

LINES_TO_GUESS_FROM = 20
DELIMITERS = ";,\t"


OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Name of the stream in an encrypted workbook, as it is in the file.
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
OTHER_ENDS_OF_LINES = dict.fromkeys(map(ord, "\x0b\x0c\x85"), "\n")
CONTROL_CHARACTERS = re.compile("[\x00-\x08\x0e-\x1f\x7f]")


def _count_none(_cells) -> int:
    return 0


def read_table(content: bytes, *, max_rows: int, count_known: Count = _count_none) -> Table:
    """Return the table in the file. Raise Refused.

    `count_known` tells headings from titles above them: it returns how many of the cells are known headings.
    """
    if not content.strip():
        raise Refused(_("The file is empty."))
    if content.startswith(OLD_OFFICE):
        if ENCRYPTED in content:
            raise Refused(_("The workbook is protected by a password. Save it without one and send it again."))
        raise Refused(_("This is a workbook in the old format (.xls). Save it as .xlsx and send it again."))
    if content.startswith(b"PK"):
        table = Table([], [], "xlsx")
        _fill(table, workbook_lines(content, table), max_rows, count_known)
    else:
        delimiter, lines = csv_lines(content)
        table = Table([], [], "csv", delimiter)
        _fill(table, (line for line in lines if not is_empty(line.cells)), max_rows, count_known)
    return table


def csv_lines(content: bytes) -> tuple[str, Iterator[Line]]:
    """Return the delimiter and all lines of a CSV file, empty ones too, with their cells as they are. Raise Refused."""
    return _text_lines(_decoded(content))


def _fill(table: Table, lines: Iterator[Line], max_rows: int, count_known: Count):
    lines = _bounded(lines)
    first = list(islice(lines, LINES_TO_SEARCH))
    if not first:
        raise Refused(_("The file is empty."))
    headings = find_headings([line.cells for line in first], count_known)
    if len(headings.texts) > MAX_COLUMNS:
        raise Refused(_("The file has more than %(count)d columns.") % {"count": MAX_COLUMNS})
    table.headings = headings.texts
    table.heading_line = first[headings.last].number
    table.remarks += _remarks_on_titles(first[: headings.first])
    repeated = []
    for line in chain(first[headings.last + 1 :], lines):
        if repeats(line.cells, headings):
            repeated.append(str(line.number))
            continue
        if len(table.lines) == max_rows:
            message = _("The file has more than %(count)d rows. Split it and send the parts separately.")
            raise Refused(message % {"count": max_rows}, status=413)
        table.lines.append(_fitted(line, len(table.headings)))
    if repeated:
        message = _("Lines that repeat the headings are ignored: %(lines)s.")
        table.remarks.append(message % {"lines": ", ".join(repeated)})
    if not table.lines:
        raise Refused(_("The file has headings but no rows below them."))


def _visible(cell: str) -> str:
    """Return the cell without control characters; some of them end lines in files of old programs."""
    return CONTROL_CHARACTER.sub("", cell.translate(OTHER_ENDS_OF_LINES))


def _remarks_on_titles(lines: list[Line]) -> list[str]:
    message = _("Line %(line)d above the headings is ignored: “%(text)s”.")
    return [
        message % {"line": line.number, "text": " ".join(" ".join(filter(None, line.cells)).split())[:200]}
        for line in lines
    ]


def _bounded(lines: Iterator[Line]) -> Iterator[Line]:
    """Yield the lines up to a total size; overlong cells are cut."""
    cells = text = 0
    for line in lines:
        line.cells = [_visible(cell) for cell in line.cells]
        _cut_empty_end(line.cells)
        for number, cell in enumerate(line.cells):
            if len(cell) > LONGEST_CELL:
                line.faults[str(number)] = TOO_LONG
                line.cells[number] = cell[:LONGEST_CELL]
            text += len(line.cells[number])
        cells += len(line.cells)
        if cells > MAX_CELLS or text > MAX_TEXT:
            raise Refused(TOO_MUCH, status=413)
        yield line


def _cut_empty_end(cells: list[str]):
    length = max((number for number, cell in enumerate(cells, start=1) if cell), default=0)
    del cells[length:]


def _fitted(line: Line, width: int) -> Line:
    """Return the line with as many cells as there are headings; additional ones are kept and reported."""
    if len(line.cells) > width:
        line.faults[""] = TOO_MANY_CELLS
    line.cells += [""] * (width - len(line.cells))
    return line


# Text ----------------------------------------------------------------------------------------------------------------


def _decoded(content: bytes) -> str:
    """Return the text of a CSV file: UTF-8, UTF-16 with byte-order mark (Excel's "Unicode text"), else windows-1251."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        if b"\x00" in content:
            raise Refused(_("This is not a table: the file holds binary data. Send a CSV or XLSX file."))
        encodings = ["utf-8-sig", "windows-1251"]
    text = next(filter(None, (_decoded_as(encoding, content) for encoding in encodings)), None)
    if text is None:
        raise Refused(
            _("The encoding of the file can't be read. Save it as CSV in UTF-8, or as XLSX, and send it again.")
        )
    if CONTROL_CHARACTERS.search(text):
        raise Refused(_("This is not a table: the file holds binary data. Send a CSV or XLSX file."))
    if text.lstrip()[:1] == "<":
        raise Refused(_("This is a web page or XML, not a table. Send a CSV or XLSX file."))
    return text


def _decoded_as(encoding: str, content: bytes) -> str | None:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return None
    return text if encoding != "windows-1251" or _looks_like_russian(text) else None


def _looks_like_russian(text: str) -> bool:
    """Return whether text decoded as windows-1251 makes sense: any bytes give some text in it."""
    if CONTROL_CHARACTERS.search(text):
        # Binary data have a separate message.
        return True
    foreign = [character for character in text if not character.isascii()]
    letters = [character for character in foreign if "а" <= character.casefold() <= "я" or character in "ёЁ"]
    # In KOI8-R small and capital letters are exchanged: "оПЕРЕД".
    inverted = len(re.findall(r"\b[а-я][А-Я]{2,}", text))
    words = len(re.findall(r"\b[А-Яа-я][а-я]{2,}", text))
    return len(letters) >= 0.8 * len(foreign) and inverted <= words


def _text_lines(text: str) -> tuple[str, Iterator[Line]]:
    separator = re.match(r"sep=(.)\r?\n", text)
    delimiter = separator[1] if separator else _guessed_delimiter(text)
    start = separator.end() if separator else 0
    return delimiter, _csv_lines(text[start:], delimiter, 2 if separator else 1)


def _guessed_delimiter(text: str) -> str:
    """Return the delimiter that gives the first lines the most cells, as many as there are headings."""

    def cells_a_line(delimiter):
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        try:
            widths = [len(row) for row, _number in zip(rows, range(LINES_TO_GUESS_FROM), strict=False) if row]
        except csv.Error:
            return 0, 0
        alike = sum(width == widths[0] for width in widths) / len(widths) if widths else 0
        return (alike if widths and widths[0] > 1 else 0, widths[0] if widths else 0)

    return max(DELIMITERS, key=cells_a_line)


def _csv_lines(text: str, delimiter: str, number: int) -> Iterator[Line]:
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    before = 0
    try:
        for cells in rows:
            begins_at, before = number + before, rows.line_num
            yield Line(begins_at, cells)
    except csv.Error as error:
        message = _("Line %(line)d can't be read: a quotation mark is missing or in the wrong place.")
        raise Refused(message % {"line": number + before}) from error


# Workbooks -----------------------------------------------------------------------------------------------------------
