"""From the bytes of a file to headings and rows of text, or a refusal that says what is wrong with the file.

What a file is shows in its content; its name is never trusted. Everything is measured before it is unpacked or parsed.
"""

import csv
import datetime
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from defusedxml import DefusedXmlException
from django.utils.translation import gettext_lazy as _
from openpyxl import load_workbook

from cisfilm.text_guard import CONTROL_CHARACTER

MAX_COLUMNS = 200
LONGEST_CELL = 10_000
MAX_ENTRIES = 1_000
MAX_UNPACKED_BYTES = 60 * 1024 * 1024
# A workbook of text packs to a tenth or so; only a trap packs to less than this.
MAX_RATIO = 250
RATIO_COUNTS_FROM_BYTES = 1024 * 1024
LINES_TO_GUESS_FROM = 20
DELIMITERS = ";,\t"

# Marks in `Line.faults`; the page says them in words, see `FAULTS`.
FORMULA, SPREADSHEET_ERROR, TOO_MANY_CELLS, TOO_LONG = "formula", "spreadsheet-error", "too-many-cells", "too-long"
FAULTS = {
    FORMULA: _(
        "The cell holds a formula without a result. Open the file in a spreadsheet program and save it there once."
    ),
    SPREADSHEET_ERROR: _("The cell holds an error of the spreadsheet program."),
    TOO_MANY_CELLS: _("The line has more cells than there are headings."),
    TOO_LONG: _("The cell is too long."),
}

OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# How the name of the stream in which an encrypted workbook lies stands in the file.
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
OTHER_ENDS_OF_LINES = dict.fromkeys(map(ord, "\x0b\x0c\x85"), "\n")
CONTROL_CHARACTERS = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
SPREADSHEET_ERRORS = {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA", "#SPILL!"}


class Refused(Exception):
    """The file is not taken; the message says why and what to do."""

    def __init__(self, message, status=400):
        super().__init__(message)
        self.message = message
        self.status = status


@dataclass
class Line:
    """A line below the headings, by its number in the file; `faults` as in `ImportRow`."""

    number: int
    cells: list[str]
    faults: dict[str, str] = field(default_factory=dict)


@dataclass
class Table:
    headings: list[str]
    lines: list[Line]
    file_format: str
    delimiter: str = ""


def read_table(content: bytes, *, max_rows: int) -> Table:
    """The table in the file. Raises Refused."""
    if not content.strip():
        raise Refused(_("The file is empty."))
    if content.startswith(OLD_OFFICE):
        if ENCRYPTED in content:
            raise Refused(_("The workbook is protected by a password. Save it without one and send it again."))
        raise Refused(_("This is a workbook in the old format (.xls). Save it as .xlsx and send it again."))
    if content.startswith(b"PK"):
        return _checked(_workbook_lines(content), "xlsx", max_rows)
    text = _decoded(content)
    delimiter, lines = _text_lines(text)
    return _checked(lines, "csv", max_rows, delimiter)


def _checked(lines: Iterator[Line], file_format: str, max_rows: int, delimiter: str = "") -> Table:
    first = next(lines, None)
    if first is None:
        raise Refused(_("The file is empty."))
    headings = _without_empty_end([" ".join(_visible(cell).split()) for cell in first.cells])
    if len(headings) > MAX_COLUMNS:
        raise Refused(_("The file has more than %(count)d columns.") % {"count": MAX_COLUMNS})
    _refuse_twice(headings)
    table = Table(headings, [], file_format, delimiter)
    for line in lines:
        if len(table.lines) == max_rows:
            message = _("The file has more than %(count)d rows. Divide it and send the parts one by one.")
            raise Refused(message % {"count": max_rows}, status=413)
        line.cells = [_visible(cell) for cell in line.cells]
        table.lines.append(_fitted(line, len(headings)))
    if not table.lines:
        raise Refused(_("The file holds headings but no row below them."))
    return table


def _visible(cell: str) -> str:
    """The cell without control characters; some of them end lines in files of old programs."""
    return CONTROL_CHARACTER.sub("", cell.translate(OTHER_ENDS_OF_LINES))


def _without_empty_end(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells = cells[:-1]
    return cells


def _refuse_twice(headings: list[str]):
    seen = set()
    for heading in headings:
        if heading and heading.casefold() in seen:
            message = _("Two columns have the same heading: “%(heading)s”. Give each column a heading of its own.")
            raise Refused(message % {"heading": heading})
        seen.add(heading.casefold())


def _fitted(line: Line, width: int) -> Line:
    """The line with as many cells as there are headings; more of them are kept and said to be too many."""
    cells = _without_empty_end(line.cells)
    if len(cells) > width:
        line.faults[""] = TOO_MANY_CELLS
    for number, cell in enumerate(cells):
        if len(cell) > LONGEST_CELL:
            line.faults[str(number)] = TOO_LONG
            cells[number] = cell[:LONGEST_CELL]
    line.cells = cells + [""] * (width - len(cells))
    return line


def _is_empty(cells: Iterable[str]) -> bool:
    return not any(cell.strip() for cell in cells)


# Text ----------------------------------------------------------------------------------------------------------------


def _decoded(content: bytes) -> str:
    """The text of a CSV file: UTF-8, UTF-16 with a mark (Excel's "Unicode text"), else windows-1251."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        if b"\x00" in content:
            raise Refused(_("This is no table: the file holds binary data. Send a CSV or XLSX file."))
        encodings = ["utf-8-sig", "windows-1251"]
    text = next(filter(None, (_decoded_as(encoding, content) for encoding in encodings)), None)
    if text is None:
        raise Refused(
            _("The letters of the file can't be read. Save it as CSV in UTF-8, or as XLSX, and send it again.")
        )
    if CONTROL_CHARACTERS.search(text):
        raise Refused(_("This is no table: the file holds binary data. Send a CSV or XLSX file."))
    if text.lstrip()[:1] == "<":
        raise Refused(_("This is a web page or XML and no table. Send a CSV or XLSX file."))
    return text


def _decoded_as(encoding: str, content: bytes) -> str | None:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return None
    return text if encoding != "windows-1251" or _looks_like_russian(text) else None


def _looks_like_russian(text: str) -> bool:
    """Whether text that was read as windows-1251 was written so: any bytes at all make some text in it."""
    if CONTROL_CHARACTERS.search(text):
        # Binary data get their own message.
        return True
    foreign = [character for character in text if not character.isascii()]
    letters = [character for character in foreign if "а" <= character.casefold() <= "я" or character in "ёЁ"]
    # In KOI8-R small and capital letters change places: "оПЕРЕД".
    inverted = len(re.findall(r"\b[а-я][А-Я]{2,}", text))
    words = len(re.findall(r"\b[А-Яа-я][а-я]{2,}", text))
    return len(letters) >= 0.8 * len(foreign) and inverted <= words


def _text_lines(text: str) -> tuple[str, Iterator[Line]]:
    separator = re.match(r"sep=(.)\r?\n", text)
    delimiter = separator[1] if separator else _guessed_delimiter(text)
    start = separator.end() if separator else 0
    return delimiter, _csv_lines(text[start:], delimiter, 2 if separator else 1)


def _guessed_delimiter(text: str) -> str:
    """The delimiter that gives the first lines the most cells, all of them as many as there are headings."""

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
            if not _is_empty(cells):
                yield Line(begins_at, cells)
    except csv.Error as error:
        message = _("Line %(line)d can't be read: a quotation mark is missing or stands in the wrong place.")
        raise Refused(message % {"line": number + before}) from error


# Workbooks -----------------------------------------------------------------------------------------------------------


def _workbook_lines(content: bytes) -> Iterator[Line]:
    has_formulas = _refuse_dangerous(content)
    try:
        yield from _lines_of_workbook(content, has_formulas)
    except Refused:
        raise
    except Exception as error:
        if isinstance(error, DefusedXmlException) or isinstance(error.__cause__, DefusedXmlException):
            raise Refused(DANGEROUS) from error
        # A damaged workbook makes the library stumble in many ways, none of which is the editor's concern.
        raise Refused(_("The workbook is damaged. Save it again in a spreadsheet program.")) from error


DANGEROUS = _("The workbook unpacks to far more than a table of institutions. It was not opened.")
MACROS = _("The workbook holds macros. Save it as .xlsx without macros and send it again.")


def _refuse_dangerous(content: bytes) -> bool:
    """Refuses what must not be unpacked or run; whether the workbook calculates anything."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _refuse_by_list(archive)
            return _refuse_by_content(archive)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        raise Refused(_("The workbook is damaged. Save it again in a spreadsheet program.")) from error
    except Exception as error:
        if type(error).__module__ in ("zlib", "_lzma", "_bz2"):
            raise Refused(_("The workbook is damaged. Save it again in a spreadsheet program.")) from error
        raise


def _refuse_by_list(archive: zipfile.ZipFile):
    """By what the file says of itself."""
    entries = archive.infolist()
    names = {entry.filename for entry in entries}
    if any(name.casefold().endswith("vbaproject.bin") for name in names):
        raise Refused(MACROS)
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
        raise Refused(DANGEROUS, status=413)
    if "[Content_Types].xml" not in names or not any(name.endswith("workbook.xml") for name in names):
        raise Refused(_("This is no Excel workbook. Save the table as XLSX or CSV and send it again."))
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refused(_("The workbook is protected by a password. Save it without one and send it again."))


def _refuse_by_content(archive: zipfile.ZipFile) -> bool:
    """By what really comes out, piece by piece: the sizes that a file states may be lies."""
    total, has_formulas = 0, False
    for entry in archive.infolist():
        size, tail = 0, b""
        with archive.open(entry) as packed:
            while piece := packed.read(64 * 1024):
                size += len(piece)
                total += len(piece)
                is_trap = size > RATIO_COUNTS_FROM_BYTES and size > MAX_RATIO * max(entry.compress_size, 1)
                if total > MAX_UNPACKED_BYTES or is_trap:
                    raise Refused(DANGEROUS, status=413)
                text = tail + piece
                # No spreadsheet program writes a document type; it is there to make entities of entities.
                if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
                    raise Refused(DANGEROUS)
                if entry.filename == "[Content_Types].xml" and b"macroEnabled" in text:
                    raise Refused(MACROS)
                has_formulas = has_formulas or (b"<f>" in text or b"<f " in text)
                tail = piece[-16:]
    return has_formulas


def _lines_of_workbook(content: bytes, has_formulas: bool) -> Iterator[Line]:
    values = _sheet(content, data_only=True)
    formulas = _sheet(content, data_only=False) if has_formulas else None
    rows = values.iter_rows(max_col=MAX_COLUMNS + 1)
    beside = formulas.iter_rows(max_col=MAX_COLUMNS + 1) if formulas else iter(())
    seen_empty = None
    for number, row in enumerate(rows, start=1):
        formula_row = next(beside, ())
        # Before a cell in the last line of the sheet come a million times the same row of nothing.
        if row is seen_empty:
            continue
        line = Line(number, [_cell_text(cell) for cell in row])
        for place, cell in enumerate(formula_row):
            if cell.data_type == "f" and row[place].value is None:
                line.cells[place] = str(cell.value)
                line.faults[str(place)] = FORMULA
        for place, cell in enumerate(row):
            if cell.data_type == "e":
                line.faults[str(place)] = SPREADSHEET_ERROR
        if _is_empty(line.cells):
            seen_empty = row
        else:
            yield line


def _sheet(content: bytes, *, data_only: bool):
    workbook = load_workbook(io.BytesIO(content), read_only=True, data_only=data_only, keep_links=False)
    if not workbook.worksheets:
        raise Refused(_("The workbook has no sheet."))
    sheet = workbook.worksheets[0]
    # What the file says of its own size is not to be relied on.
    sheet.reset_dimensions()
    return sheet


def _cell_text(cell) -> str:
    """The text of a cell; numbers without the ".0" that telephone numbers and years get in spreadsheets."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime.date | datetime.time | int):
        return str(value)
    # Workbooks write what XML can't say, and halves of characters, as _x000D_ and _xD83D_.
    text = re.sub("_x([0-9A-Fa-f]{4})_", lambda code: chr(int(code[1], 16)), str(value))
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
