"""Table read from a file, its limits, and errors of cells."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

MAX_COLUMNS = 200


LONGEST_CELL = 10_000


# Far more than a table of institutions needs, and few enough to be read in seconds: cells, and their characters.
MAX_CELLS = 150_000


MAX_TEXT = 10_000_000


# In all parts of a workbook: openpyxl reads each sheet to its end to determine its size, at some 200,000 tags a second.
MAX_TAGS = 1_200_000


MAX_ENTRIES = 1_000


MAX_UNPACKED_BYTES = 60 * 1024 * 1024


# Text compresses to a tenth or so; only an attack compresses to less than this.
MAX_RATIO = 250


RATIO_COUNTS_FROM_BYTES = 1024 * 1024


# Mark of a cell that named a withheld person, as `editors.withholding.spreadsheets` leaves it.
WITHHELD = "withheld"


# Marks in `Line.faults`; the page shows their messages, see `FAULTS`.
FORMULA, SPREADSHEET_ERROR, TOO_MANY_CELLS, TOO_LONG = "formula", "spreadsheet-error", "too-many-cells", "too-long"


# Only an error in a column that holds no dates.
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
        "The spreadsheet program converted this cell to a date. Format the cell as text and enter the original text."
    ),
}


TOO_MUCH = _("The file is too large for a table of institutions. Split it and send the parts separately.")


class Refused(Exception):
    """Raised if the file is not accepted; the message gives the reason and the remedy."""

    def __init__(self, message, status=400):
        super().__init__(message)
        self.message = message
        self.status = status


@dataclass
class Line:
    """Line below the headings, with its number in the file; `faults` as in `ImportRow`."""

    number: int
    cells: list[str]
    faults: dict[str, str] = field(default_factory=dict)


@dataclass
class Table:
    headings: list[str]
    lines: list[Line]
    file_format: str
    delimiter: str = ""
    # Number of the last line of the headings in the file, and the part of a workbook that holds the sheet.
    heading_line: int = 0
    sheet_path: str = ""
    # Parts of the file that are ignored, or read although hidden, as text for the editor.
    remarks: list[str] = field(default_factory=list)


def is_empty(cells: Iterable[str]) -> bool:
    return not any(cell.strip() for cell in cells)
