"""The visitor's list as it goes back: every cell of theirs as it was, and columns of ours behind them."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _
from lxml import etree

from exports.formats.csv_file import BYTE_ORDER_MARK
from languages.formulas import guarded
from records.tables.reading import csv_lines
from records.tables.table import Line
from search.matches import Certainty

from .cards import updated_cards
from .findings import ADDED, Checked, Difference
from .uploads import Upload

# Validated, so that nothing can be calculated of them.
_TELEPHONES = re.compile(r"\+[\d\s();-]+")
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CONTENT_TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": WORKBOOK, "vcf": "text/vcard; charset=utf-8"}


def formats_of(upload: Upload) -> list[str]:
    """Return the formats in which the list can go back, its own first."""
    own = upload.table.file_format
    return [own, *(each for each in ("csv", "xlsx") if each != own)]


def list_as_file(upload: Upload, rows: Iterable[Checked], file_format: str) -> bytes:
    """Return the list in one of `formats_of`."""
    rows = list(rows)
    if file_format == "vcf":
        return "".join(updated_cards(upload.content, {row.number: _additions(row) for row in rows})).encode()
    added = {row.number: [row.added.get(name, "") for name in ADDED] for row in rows}
    if upload.has_headings:
        added[upload.table.heading_line] = [f"CISFilm: {label}" for label in ADDED.values()]
    if file_format == upload.table.file_format == "xlsx":
        return _workbook_with(upload.content, upload.table.sheet_path, added)
    lines = _own_lines(upload)
    width = max(len(line.cells) for line in lines)
    table = ((line.cells, [""] * (width - len(line.cells)), added.get(line.number, [])) for line in lines)
    return _csv(table, upload.table.delimiter) if file_format == "csv" else _workbook(table)


def _own_lines(upload: Upload) -> list[Line]:
    if upload.table.file_format == "csv":
        return list(csv_lines(upload.content)[1])
    return [Line(upload.table.heading_line, upload.table.headings), *upload.table.lines]


def _csv(table, delimiter: str) -> bytes:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter or ",")
    for own, gap, added in table:
        writer.writerow([*own, *gap, *(cell if _TELEPHONES.fullmatch(cell) else guarded(cell) for cell in added)])
    return (BYTE_ORDER_MARK + buffer.getvalue()).encode()


def _workbook(table) -> bytes:
    # Large, and most processes write no workbook.
    import xlsxwriter

    buffer = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        sheet = book.add_worksheet()
        as_text = book.add_format({"num_format": "@"})
        for number, (own, gap, added) in enumerate(table):
            for place, cell in enumerate([*own, *gap, *added]):
                if cell:
                    sheet.write_string(number, place, cell, as_text)
    return buffer.getvalue()


# Workbooks -----------------------------------------------------------------------------------------------------------


def _workbook_with(content: bytes, sheet_path: str, added: Mapping[int, list[str]]) -> bytes:
    """Return the workbook with further cells in the rows of one sheet; all other parts are copied as they are."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            part = old.read(entry)
            is_sheet = entry.filename == sheet_path.lstrip("/")
            new.writestr(entry.filename, _sheet_with(part, added) if is_sheet else part)
    return buffer.getvalue()


def _sheet_with(part: bytes, added: Mapping[int, list[str]]) -> bytes:
    tree = etree.fromstring(part, etree.XMLParser(resolve_entities=False, no_network=True))
    namespace = etree.QName(tree).namespace
    rows = list(_numbered(tree.iter(f"{{{namespace}}}row"), "r", int))
    first = 1 + max((_last_column(row) for _number, row in rows), default=0)
    for number, row in rows:
        row.attrib.pop("spans", None)
        for column, text in enumerate(added.get(number, ()), start=first):
            if text:
                cell = etree.SubElement(row, f"{{{namespace}}}c", r=f"{_letters(column)}{number}", t="inlineStr")
                words = etree.SubElement(etree.SubElement(cell, f"{{{namespace}}}is"), f"{{{namespace}}}t")
                words.text = text
    for dimension in tree.iter(f"{{{namespace}}}dimension"):
        # Optional, and no longer true.
        dimension.getparent().remove(dimension)
    return etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)


def _numbered(elements, name: str, number_of) -> Iterable[tuple[int, etree._Element]]:
    """Yield elements with their numbers: by the attribute where it is there, else the next one."""
    number = 0
    for element in elements:
        number = number_of(element.get(name)) if element.get(name) else number + 1
        yield number, element


def _last_column(row) -> int:
    return max((number for number, _cell in _numbered(row, "r", _column)), default=0)


def _column(reference: str) -> int:
    number = 0
    for letter in re.match("[A-Z]*", reference)[0]:
        number = number * 26 + ord(letter) - 64
    return number


def _letters(column: int) -> str:
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


# Contact cards -------------------------------------------------------------------------------------------------------


def _additions(row: Checked) -> dict[str, list[str]]:
    """Return the properties that a card gets, where it is known for sure what it is about."""
    if row.first.record is None or (row.first.certainty != Certainty.CERTAIN and not row.is_confirmed):
        return {}
    kinds = dict(row.differences)
    note = "; ".join(filter(None, [row.added["differences"], row.added.get("checked_on", "")]))
    added = {"NOTE": [f"CISFilm: {note}"] if note else [], "URL": [row.added["page"]] if row.added.get("page") else []}
    if Difference.RENAMED in kinds:
        added["ORG"] = [row.added["name"]]
    return added | {"TEL": row.lacking.get("phone", []), "EMAIL": row.lacking.get("email", [])}


def name_of_file(upload: Upload, file_format: str) -> str:
    """Return the name of the visitor's file with ours behind it."""
    own = re.sub(r"\.(csv|txt|tsv|xlsx|vcf|vcard)$", "", upload.name, flags=re.IGNORECASE)[:100] or _("list")
    return f"{own}-cisfilm.{file_format}"
