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
from itertools import chain, islice

from defusedxml import DefusedXmlException
from django.utils.translation import gettext_lazy as _
from openpyxl import load_workbook
from openpyxl.cell.read_only import EMPTY_CELL

from languages.control_characters import CONTROL_CHARACTER

from .headings import LINES_TO_SEARCH, Count, find_headings, repeats

MAX_COLUMNS = 200
LONGEST_CELL = 10_000
# Far more than a table of institutions holds, and few enough to be read in seconds: cells, and letters in all of them.
MAX_CELLS = 150_000
MAX_TEXT = 10_000_000
# In all parts of a workbook: openpyxl reads each sheet to its end to learn its size, at some 200,000 tags a second.
MAX_TAGS = 1_200_000
MAX_ENTRIES = 1_000
MAX_UNPACKED_BYTES = 60 * 1024 * 1024
# A workbook of text packs to a tenth or so; only a trap packs to less than this.
MAX_RATIO = 250
RATIO_COUNTS_FROM_BYTES = 1024 * 1024
LINES_TO_GUESS_FROM = 20
DELIMITERS = ";,\t"

# A mark of a cell that named somebody, as `withheld_rows` leaves it.
WITHHELD = "withheld"
# Marks in `Line.faults`; the page says them in words, see `FAULTS`.
FORMULA, SPREADSHEET_ERROR, TOO_MANY_CELLS, TOO_LONG = "formula", "spreadsheet-error", "too-many-cells", "too-long"
# Only a fault in a column that holds no dates.
DATE = "date"
FAULTS = {
    WITHHELD: _("This person asked not to be listed and can't be imported."),
    FORMULA: _(
        "The cell holds a formula without a result. Open the file in a spreadsheet program and save it there once."
    ),
    SPREADSHEET_ERROR: _("The cell holds an error of the spreadsheet program."),
    TOO_MANY_CELLS: _("The line has more cells than there are headings."),
    TOO_LONG: _("The cell is too long."),
    DATE: _(
        "The spreadsheet program has made a date of this cell. Format the cell as text and type what belongs there."
    ),
}

TOO_MUCH = _("The file holds far more than a table of institutions. Divide it and send the parts one by one.")
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
    # What of the file is not read, or read though it was hidden, in words for the editor.
    remarks: list[str] = field(default_factory=list)


def _count_none(_cells) -> int:
    return 0


def read_table(content: bytes, *, max_rows: int, count_known: Count = _count_none) -> Table:
    """The table in the file. Raises Refused.

    `count_known` tells headings from titles above them: how many of some cells are headings of known facts.
    """
    if not content.strip():
        raise Refused(_("The file is empty."))
    if content.startswith(OLD_OFFICE):
        if ENCRYPTED in content:
            raise Refused(_("The workbook is protected by a password. Save it without one and send it again."))
        raise Refused(_("This is a workbook in the old format (.xls). Save it as .xlsx and send it again."))
    if content.startswith(b"PK"):
        table = Table([], [], "xlsx")
        _fill(table, _workbook_lines(content, table.remarks), max_rows, count_known)
    else:
        delimiter, lines = _text_lines(_decoded(content))
        table = Table([], [], "csv", delimiter)
        _fill(table, lines, max_rows, count_known)
    return table


def _fill(table: Table, lines: Iterator[Line], max_rows: int, count_known: Count):
    lines = _bounded(lines)
    first = list(islice(lines, LINES_TO_SEARCH))
    if not first:
        raise Refused(_("The file is empty."))
    headings = find_headings([line.cells for line in first], count_known)
    if len(headings.texts) > MAX_COLUMNS:
        raise Refused(_("The file has more than %(count)d columns.") % {"count": MAX_COLUMNS})
    table.headings = headings.texts
    table.remarks += _remarks_on_titles(first[: headings.first])
    repeated = []
    for line in chain(first[headings.last + 1 :], lines):
        if repeats(line.cells, headings):
            repeated.append(str(line.number))
            continue
        if len(table.lines) == max_rows:
            message = _("The file has more than %(count)d rows. Divide it and send the parts one by one.")
            raise Refused(message % {"count": max_rows}, status=413)
        table.lines.append(_fitted(line, len(table.headings)))
    if repeated:
        message = _("Lines that repeat the headings are not read: %(lines)s.")
        table.remarks.append(message % {"lines": ", ".join(repeated)})
    if not table.lines:
        raise Refused(_("The file holds headings but no row below them."))


def _visible(cell: str) -> str:
    """The cell without control characters; some of them end lines in files of old programs."""
    return CONTROL_CHARACTER.sub("", cell.translate(OTHER_ENDS_OF_LINES))


def _remarks_on_titles(lines: list[Line]) -> list[str]:
    message = _("Line %(line)d above the headings is not read: “%(text)s”.")
    return [
        message % {"line": line.number, "text": " ".join(" ".join(filter(None, line.cells)).split())[:200]}
        for line in lines
    ]


def _bounded(lines: Iterator[Line]) -> Iterator[Line]:
    """The lines, for as long as they add up to a table and not to a trap; cells that are too long are cut."""
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
    """The line with as many cells as there are headings; more of them are kept and said to be too many."""
    if len(line.cells) > width:
        line.faults[""] = TOO_MANY_CELLS
    line.cells += [""] * (width - len(line.cells))
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


def _workbook_lines(content: bytes, remarks: list[str]) -> Iterator[Line]:
    found = _refuse_dangerous(content)
    try:
        yield from _lines_of_workbook(content, found, remarks)
    except Refused:
        raise
    except Exception as error:
        if isinstance(error, DefusedXmlException) or isinstance(error.__cause__, DefusedXmlException):
            raise Refused(DANGEROUS) from error
        # A damaged workbook makes the library stumble in many ways, none of which is the editor's concern.
        raise Refused(_("The workbook is damaged. Save it again in a spreadsheet program.")) from error


DANGEROUS = _("The workbook unpacks to far more than a table of institutions. It was not opened.")
MACROS = _("The workbook holds macros. Save it as .xlsx without macros and send it again.")


@dataclass
class Found:
    """What shows in the parts of a workbook before it is opened."""

    has_formulas: bool = False
    # Parts with rows or columns that the spreadsheet program hides.
    hidden: set[str] = field(default_factory=set)


def _refuse_dangerous(content: bytes) -> Found:
    """Refuses what must not be unpacked or run."""
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


HIDDEN = re.compile(rb"""<(?:\w+:)?(?:row|col)\s[^<>]*\bhidden=["'](?:1|true)["']""")
# As long as the beginning of a row or column that a piece may cut.
TAIL = 500


def _refuse_by_content(archive: zipfile.ZipFile) -> Found:
    """By what really comes out, piece by piece: the sizes that a file states may be lies."""
    total, tags, found = 0, 0, Found()
    for entry in archive.infolist():
        size, tail = 0, b""
        with archive.open(entry) as packed:
            while piece := packed.read(64 * 1024):
                size += len(piece)
                total += len(piece)
                is_trap = size > RATIO_COUNTS_FROM_BYTES and size > MAX_RATIO * max(entry.compress_size, 1)
                if total > MAX_UNPACKED_BYTES or is_trap:
                    raise Refused(DANGEROUS, status=413)
                tags += piece.count(b"<") if entry.filename.endswith(".xml") else 0
                if tags > MAX_TAGS:
                    raise Refused(TOO_MUCH, status=413)
                text = tail + piece
                # No spreadsheet program writes a document type; it is there to make entities of entities.
                if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
                    raise Refused(DANGEROUS)
                if entry.filename == "[Content_Types].xml" and b"macroEnabled" in text:
                    raise Refused(MACROS)
                found.has_formulas = found.has_formulas or (b"<f>" in text or b"<f " in text)
                if HIDDEN.search(text):
                    found.hidden.add(entry.filename)
                tail = piece[-TAIL:]
    return found


def _lines_of_workbook(content: bytes, found: Found, remarks: list[str]) -> Iterator[Line]:
    values, place = _sheet(content, remarks)
    if values._worksheet_path in found.hidden:
        remarks.append(str(_("The sheet has hidden rows or columns. They are read like the others.")))
    rows = values.iter_rows(max_col=MAX_COLUMNS + 1)
    beside = _opened(content, data_only=False)[place].iter_rows(max_col=MAX_COLUMNS + 1) if found.has_formulas else ()
    beside = iter(beside)
    seen_empty, cells = None, 0
    for number, row in enumerate(rows, start=1):
        formula_row = next(beside, ())
        # Before a cell in the last line of the sheet come a million times the same row of nothing.
        if row is seen_empty:
            continue
        given = [cell for cell in row if cell is not EMPTY_CELL]
        # Also cells without text and rows without cells, which are no line but take their time.
        cells += len(given) + 1
        if cells > MAX_CELLS:
            raise Refused(TOO_MUCH, status=413)
        line = _line(number, given, formula_row)
        if _is_empty(line.cells):
            seen_empty = row
        else:
            yield line


def _line(number: int, given: list, formula_row) -> Line:
    line = Line(number, [""] * (given[-1].column if given else 0))
    for cell in given:
        place = cell.column - 1
        line.cells[place] = _cell_text(cell)
        if cell.data_type == "e":
            line.faults[str(place)] = SPREADSHEET_ERROR
        elif isinstance(cell.value, TIMES):
            line.faults[str(place)] = DATE
        elif cell.value is None and formula_row and formula_row[place].data_type == "f":
            line.cells[place] = str(formula_row[place].value)
            line.faults[str(place)] = FORMULA
    return line


def _opened(content: bytes, *, data_only: bool) -> list:
    """The sheets of the workbook, each with a size that is found out and not believed."""
    sheets = load_workbook(io.BytesIO(content), read_only=True, data_only=data_only, keep_links=False).worksheets
    for sheet in sheets:
        sheet.reset_dimensions()
    return sheets


def _sheet(content: bytes, remarks: list[str]):
    """The first sheet with anything in it that is not hidden, and its place; the others are told of."""
    sheets = _opened(content, data_only=True)
    if not sheets:
        raise Refused(_("The workbook has no sheet."))
    full = [number for number, sheet in enumerate(sheets) if _has_text(sheet)]
    visible = [number for number in full if sheets[number].sheet_state == "visible"]
    place = next(iter(visible or full), 0)
    others = [sheets[number].title for number in full if number != place]
    if others:
        message = _("Only the sheet “%(sheet)s” is read. Not read: %(others)s.")
        remarks.append(message % {"sheet": sheets[place].title, "others": ", ".join(others)})
    return sheets[place], place


def _has_text(sheet) -> bool:
    rows = sheet.iter_rows(max_row=LINES_TO_SEARCH, max_col=MAX_COLUMNS, values_only=True)
    return any(value is not None for row in rows for value in row)


TIMES = (datetime.datetime, datetime.date, datetime.time, datetime.timedelta)
_LITERALS = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')


def _cell_text(cell) -> str:
    """The text of a cell; numbers without the ".0" that telephone numbers and years get in spreadsheets."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, datetime.datetime | datetime.date):
        return _shown_date(value, cell.number_format)
    if isinstance(value, float):
        value = int(value) if value.is_integer() else repr(value)
    if isinstance(value, int) and re.fullmatch("0{2,}", cell.number_format or ""):
        # "050000" is a number with a format that shows its zeros.
        return str(value).zfill(len(cell.number_format))
    if not isinstance(value, str):
        return str(value)
    if "_x" in value:
        # Workbooks write what XML can't say, and halves of characters, as _x000D_ and _xD83D_.
        value = re.sub("_x([0-9A-Fa-f]{4})_", lambda code: chr(int(code[1], 16)), value)
        value = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return value


def _shown_date(value: datetime.date, number_format: str | None) -> str:
    """The date as exactly as the cell shows it: a cell may hold 1 May 2019 and show only the year or the month."""
    shown = _LITERALS.sub("", number_format or "").partition(";")[0].casefold()
    if "y" not in shown and ("d" in shown or "m" in shown):
        # Which year it is nobody typed.
        return f"{value:%d.%m}"
    length = 10 if "d" in shown or "y" not in shown else 7 if "m" in shown else 4
    return f"{value:%Y-%m-%d}"[:length]
