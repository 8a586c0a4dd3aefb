"""Files for the editor: rows that were left out, with the reason, and a sample."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from itertools import chain
from urllib.parse import quote

from django.conf import settings
from django.http import HttpResponse
from django.utils import translation
from django.utils.translation import gettext

from exports.formats.csv_file import BYTE_ORDER_MARK
from exports.headings import FIELDS, heading_key
from languages.formulas import guarded

from .models import Import, ImportRow, Outcome

# Columns for lists of the site or rare cases, which would confuse users of a sample.
NOT_IN_SAMPLE = {"name", "page", "country_code", "elsewhere", "further_addresses", "closed", "filmfreeway"}
_TELEPHONES = re.compile(r"\+[\d\s();,+/-]+")


def csv_text(rows: Iterable[list[str]], delimiter: str) -> str:
    """Return CSV that spreadsheet programs open correctly, without formulas."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter)
    for row in rows:
        writer.writerow([cell if _TELEPHONES.fullmatch(cell) else guarded(cell) for cell in row])
    return BYTE_ORDER_MARK + buffer.getvalue()


def workbook(rows: Iterable[list[str]], sheet_name: str) -> bytes:
    # Large, and most processes write no workbook.
    import xlsxwriter

    buffer = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        sheet = book.add_worksheet(sheet_name)
        as_text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        heading = book.add_format({"num_format": "@", "bold": True, "text_wrap": True, "valign": "top"})
        sheet.set_column(0, len(FIELDS), 24, as_text)
        for line, row in enumerate(rows):
            for number, cell in enumerate(row):
                sheet.write_string(line, number, cell, as_text if line else heading)
        sheet.freeze_panes(1, 0)
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    return buffer.getvalue()


def file_of(rows: Iterable[list[str]], file_format: str, delimiter: str, sheet_name: str) -> tuple[bytes, str]:
    """Return the file and its content type."""
    if file_format == "xlsx":
        return workbook(rows, sheet_name), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return csv_text(rows, delimiter or ",").encode(), "text/csv; charset=utf-8"


def download(content: bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response


# Rows that were left out ---------------------------------------------------------------------------------------------


def left_out_rows(spreadsheet: Import) -> Iterator[list[str]]:
    """Return the columns as sent, with the reason in an additional one; an earlier one is replaced."""
    reasons = {heading_key(text) for text in _in_every_language("reason")}
    kept = [number for number, heading in enumerate(spreadsheet.headings) if heading_key(heading) not in reasons]
    headings = [[*(spreadsheet.headings[number] for number in kept), gettext("reason")]]
    rows = spreadsheet.rows.left_out().iterator(chunk_size=500)
    return chain(headings, ([*_cells(row, kept), reason(spreadsheet, row)] for row in rows))


def _cells(row: ImportRow, kept: list[int]) -> list[str]:
    return [row.cells[number] for number in kept]


def reason(spreadsheet: Import, row: ImportRow) -> str:
    if row.outcome == Outcome.DUPLICATE:
        return gettext("The directory may have it already; nothing was chosen.")
    return " ".join(
        f"{spreadsheet.headings[int(column)]}: {message}" if column else message
        for column, message in row.errors.items()
    )


def _in_every_language(text: str) -> list[str]:
    texts = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            texts.append(gettext(text))
    return texts


# The sample ----------------------------------------------------------------------------------------------------------


def sample_rows() -> list[list[str]]:
    """Return headings in the active language that are recognised automatically, and an example row."""
    fields = [field for field in FIELDS if field.name not in NOT_IN_SAMPLE]
    return [[str(field.label) for field in fields], [field.example for field in fields]]
