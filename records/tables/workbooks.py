"""Reading of untrusted workbooks."""

import datetime
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

from defusedxml import DefusedXmlException
from django.utils.translation import gettext_lazy as _

from .headings import LINES_TO_SEARCH
from .table import (
    DATE,
    FORMULA,
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_ENTRIES,
    MAX_RATIO,
    MAX_TAGS,
    MAX_UNPACKED_BYTES,
    RATIO_COUNTS_FROM_BYTES,
    SPREADSHEET_ERROR,
    TOO_MUCH,
    Line,
    Refused,
    Table,
    is_empty,
)


def workbook_lines(content: bytes, table: Table) -> Iterator[Line]:
    """Yield the lines of the first sheet with content; note in the table which one it is, and what is left out."""
    found = _refuse_dangerous(content)
    try:
        yield from _lines_of_workbook(content, found, table)
    except Refused:
        raise
    except Exception as error:
        if isinstance(error, DefusedXmlException) or isinstance(error.__cause__, DefusedXmlException):
            raise Refused(DANGEROUS) from error
        # A damaged workbook causes many kinds of errors in the library, which don't concern the editor.
        raise Refused(_("The workbook is damaged. Save it again in a spreadsheet program.")) from error


DANGEROUS = _("The unpacked workbook is too large. It was not opened.")


MACROS = _("The workbook holds macros. Save it as .xlsx without macros and send it again.")


@dataclass
class Found:
    """Findings in the parts of a workbook before it is opened."""

    has_formulas: bool = False
    # Parts with rows or columns that the spreadsheet program hides.
    hidden: set[str] = field(default_factory=set)


def _refuse_dangerous(content: bytes) -> Found:
    """Refuse files that must not be unpacked or executed."""
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
    """Check the sizes that the file itself states."""
    entries = archive.infolist()
    names = {entry.filename for entry in entries}
    if any(name.casefold().endswith("vbaproject.bin") for name in names):
        raise Refused(MACROS)
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
        raise Refused(DANGEROUS, status=413)
    if "[Content_Types].xml" not in names or not any(name.endswith("workbook.xml") for name in names):
        raise Refused(_("This is not an Excel workbook. Save the table as XLSX or CSV and send it again."))
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refused(_("The workbook is protected by a password. Save it without one and send it again."))


HIDDEN = re.compile(rb"""<(?:\w+:)?(?:row|col)\s[^<>]*\bhidden=["'](?:1|true)["']""")


# Length of the beginning of a row or column that a block may cut.
TAIL = 500


def _refuse_by_content(archive: zipfile.ZipFile) -> Found:
    """Check the real unpacked content, block by block: stated sizes may be wrong."""
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
                # Spreadsheet programs write no document type; attacks use it for nested entities.
                if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
                    raise Refused(DANGEROUS)
                if entry.filename == "[Content_Types].xml" and b"macroEnabled" in text:
                    raise Refused(MACROS)
                found.has_formulas = found.has_formulas or (b"<f>" in text or b"<f " in text)
                if HIDDEN.search(text):
                    found.hidden.add(entry.filename)
                tail = piece[-TAIL:]
    return found


def _lines_of_workbook(content: bytes, found: Found, table: Table) -> Iterator[Line]:
    # Large, and most processes read no workbook.
    from openpyxl.cell.read_only import EMPTY_CELL

    values, place = _sheet(content, table.remarks)
    table.sheet_path = values._worksheet_path
    if values._worksheet_path in found.hidden:
        table.remarks.append(str(_("The sheet has hidden rows or columns. They are read like the others.")))
    rows = values.iter_rows(max_col=MAX_COLUMNS + 1)
    beside = _opened(content, data_only=False)[place].iter_rows(max_col=MAX_COLUMNS + 1) if found.has_formulas else ()
    beside = iter(beside)
    seen_empty, cells = None, 0
    for number, row in enumerate(rows, start=1):
        formula_row = next(beside, ())
        # Before a cell in the last line of the sheet openpyxl yields a million empty rows.
        if row is seen_empty:
            continue
        given = [cell for cell in row if cell is not EMPTY_CELL]
        # Also cells without text and rows without cells, which are no line but cost time.
        cells += len(given) + 1
        if cells > MAX_CELLS:
            raise Refused(TOO_MUCH, status=413)
        line = _line(number, given, formula_row)
        if is_empty(line.cells):
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
    """Return the sheets of the workbook, with measured sizes."""
    from openpyxl import load_workbook

    sheets = load_workbook(io.BytesIO(content), read_only=True, data_only=data_only, keep_links=False).worksheets
    for sheet in sheets:
        sheet.reset_dimensions()
    return sheets


def _sheet(content: bytes, remarks: list[str]):
    """Return the first visible sheet with content, and its index; the others are reported."""
    sheets = _opened(content, data_only=True)
    if not sheets:
        raise Refused(_("The workbook has no sheet."))
    full = [number for number, sheet in enumerate(sheets) if _has_text(sheet)]
    visible = [number for number in full if sheets[number].sheet_state == "visible"]
    place = next(iter(visible or full), 0)
    others = [sheets[number].title for number in full if number != place]
    if others:
        message = _("Only the sheet “%(sheet)s” is read. Ignored: %(others)s.")
        remarks.append(message % {"sheet": sheets[place].title, "others": ", ".join(others)})
    return sheets[place], place


def _has_text(sheet) -> bool:
    rows = sheet.iter_rows(max_row=LINES_TO_SEARCH, max_col=MAX_COLUMNS, values_only=True)
    return any(value is not None for row in rows for value in row)


TIMES = (datetime.datetime, datetime.date, datetime.time, datetime.timedelta)


_LITERALS = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')


def _cell_text(cell) -> str:
    """Return the text of a cell; numbers without the ".0" that telephone numbers and years get in spreadsheets."""
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
        # Workbooks write invalid XML characters and single surrogates as _x000D_ and _xD83D_.
        value = re.sub("_x([0-9A-Fa-f]{4})_", lambda code: chr(int(code[1], 16)), value)
        value = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return value


def _shown_date(value: datetime.date, number_format: str | None) -> str:
    """Return the date as the cell shows it: a cell may hold 1 May 2019 and show only the year or the month."""
    shown = _LITERALS.sub("", number_format or "").partition(";")[0].casefold()
    if "y" not in shown and ("d" in shown or "m" in shown):
        # The year was not typed.
        return f"{value:%d.%m}"
    length = 10 if "d" in shown or "y" not in shown else 7 if "m" in shown else 4
    return f"{value:%Y-%m-%d}"[:length]
