"""Rows to a workbook: typed cells, frozen header, filter on, and a second sheet that says what the list is."""

import datetime
import re
from collections.abc import Iterable
from itertools import chain, islice
from typing import IO, Any

# A sheet's own limit is 65,530 links; what is beyond stays text.
LINKS_A_SHEET = 65_000
LONGEST_LINK = 2_000
ROWS_MEASURED_FOR_WIDTH = 100
NARROWEST, WIDEST = 8, 48
WHOLE_DATE = re.compile(r"\d{4}-\d\d-\d\d")
# Among pages stand telephone numbers of services, which are none.
IS_LINK = re.compile("https?:")


def _width(texts: Iterable[str]) -> int:
    longest = max((len(line) for text in texts for line in text.split("\n")), default=0)
    return min(max(longest + 2, NARROWEST), WIDEST)


def xlsx_file(
    file: IO[bytes],
    columns: Iterable[Any],
    rows: Iterable[tuple[Any, ...]],
    about: list[tuple[str, str, str]],
    sheet_names: tuple[str, str],
):
    """Writes the workbook into the file.

    Every text is written as text: nothing that somebody typed is calculated, and no telephone number loses its plus.
    `about` holds name, label and text of each statement about the list.
    """
    # Large, and most processes write no workbook.
    import xlsxwriter

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as workbook:
        _list_sheet(workbook, workbook.add_worksheet(sheet_names[0]), list(columns), iter(rows))
        _about_sheet(workbook, workbook.add_worksheet(sheet_names[1]), about)


def _list_sheet(workbook, sheet, columns, rows):
    bold = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    styles = {
        "text": workbook.add_format({"num_format": "@", "valign": "top"}),
        "date": workbook.add_format({"num_format": "yyyy-mm-dd", "valign": "top", "align": "left"}),
        "number": workbook.add_format({"num_format": "General", "valign": "top"}),
        "link": workbook.add_format({"font_color": "#0F5660", "underline": 1, "valign": "top"}),
        "block": workbook.add_format({"num_format": "@", "text_wrap": True, "valign": "top"}),
    }
    first = list(islice(rows, ROWS_MEASURED_FOR_WIDTH))
    for number, column in enumerate(columns):
        sheet.set_column(number, number, _width([str(column.label), *(column.text(row[number]) for row in first)]))
        sheet.write_string(0, number, str(column.label), bold)
    line, links_left = 0, LINKS_A_SHEET
    for line, row in enumerate(chain(first, rows), start=1):
        for number, (column, cell) in enumerate(zip(columns, row, strict=True)):
            text = column.text(cell)
            if text:
                links_left -= _write(sheet, line, number, column.cell.value, text, styles, links_left > 0)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(line, 1), len(columns) - 1)
    # A postal code or a year is text on purpose; no green corner asks about it.
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})


def _write(sheet, line, number, kind, text, styles, links_allowed) -> int:
    """Writes one cell; how many links it used."""
    if kind == "date" and WHOLE_DATE.fullmatch(text):
        sheet.write_datetime(line, number, datetime.datetime.fromisoformat(text), styles["date"])
    elif kind == "number":
        sheet.write_number(line, number, float(text), styles["number"])
    elif kind == "link" and links_allowed and IS_LINK.match(text) and "; " not in text and len(text) < LONGEST_LINK:
        sheet.write_url(line, number, text, styles["link"], string=text)
        return 1
    else:
        sheet.write_string(line, number, text, styles["block" if kind == "block" else "text"])
    return 0


def _about_sheet(workbook, sheet, about):
    bold = workbook.add_format({"bold": True, "valign": "top"})
    wrapped = workbook.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, _width(label for _name, label, _text in about))
    sheet.set_column(1, 1, 90)
    for line, (_name, label, text) in enumerate(about):
        sheet.write_string(line, 0, label, bold)
        sheet.write_string(line, 1, text, wrapped)
