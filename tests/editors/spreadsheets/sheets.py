"""Spreadsheets as editors send them, and the steps of an import."""

import io

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from editors.accounts.limits import country_codes
from editors.spreadsheets.fields import remember_columns
from editors.spreadsheets.forms import ColumnsForm
from editors.spreadsheets.models import Import, ImportState
from editors.spreadsheets.words import Vocabulary
from editors.spreadsheets.writing import look_at
from tests.admin_forms import open_form

SOURCE = {
    "source_url": "https://example.org/list",
    "source_title": "List of studios",
    "source_accessed_on": "2026-05-31",
}


def csv_bytes(*lines, encoding="utf-8"):
    return "\r\n".join(lines).encode(encoding)


def xlsx_bytes(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    return saved(book)


def saved(book):
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def send(desk, content, *, name="studios.csv", **fields):
    """Perform step 1: send the file."""
    data = SOURCE | fields | {"file": SimpleUploadedFile(name, content)}
    return desk.post(reverse("admin:intake_start"), data)


def match(desk, spreadsheet, **columns):
    """Perform step 2: accept the guessed columns, except for the given ones, named column_0 and so on."""
    data = {f"column-{number}": field for number, field in enumerate(spreadsheet.columns)}
    data |= {name.replace("_", "-"): field for name, field in columns.items()}
    return desk.post(reverse("admin:intake_columns", args=[spreadsheet.pk]), data)


def preview(desk, spreadsheet):
    """Open step 4; the response has the context of its page, but not the page itself."""
    return open_form(desk, reverse("admin:intake_preview", args=[spreadsheet.pk]))


def preview_page(desk, spreadsheet, **query):
    return desk.get(reverse("admin:intake_preview", args=[spreadsheet.pk]), query)


def confirm(desk, spreadsheet, publication_state="draft"):
    address = reverse("admin:intake_preview", args=[spreadsheet.pk])
    return desk.post(address, {"confirm": "1", "publication_state": publication_state})


def bring_to_preview(desk, content, **options):
    """Send a file whose columns and words are all known, and do what the pages of steps 2 to 4 do."""
    response = send(desk, content, **options)
    assert response.status_code == 302, response.context["form"].errors
    spreadsheet = Import.objects.first()
    guessed = {f"column-{number}": field for number, field in enumerate(spreadsheet.columns)}
    form = ColumnsForm(guessed, spreadsheet=spreadsheet, example=spreadsheet.rows.first().cells)
    assert form.is_valid(), form.errors
    remember_columns(spreadsheet.headings, form.columns)
    spreadsheet.columns, spreadsheet.state = form.columns, ImportState.PREVIEW
    spreadsheet.save()
    assert [word.word for word in Vocabulary().unknown_words(spreadsheet) if word.is_open] == []
    assert look_at(spreadsheet, country_codes(spreadsheet.made_by), lambda: False)
    return spreadsheet


def walk_to_preview(desk, content, **options):
    """Perform steps 1 to 4 on their pages for a file whose columns and words are all known."""
    response = send(desk, content, **options)
    assert response.status_code == 302, response.context["form"].errors
    spreadsheet = Import.objects.first()
    response = match(desk, spreadsheet)
    assert response.status_code == 302, response.context["form"].errors
    response = desk.get(reverse("admin:intake_words", args=[spreadsheet.pk]))
    assert response.status_code == 302, [word.word for word in response.context["form"].words]
    assert preview_page(desk, spreadsheet).status_code == 200
    spreadsheet.refresh_from_db()
    return spreadsheet


def outcomes(spreadsheet):
    return list(spreadsheet.rows.values_list("outcome", flat=True))


def errors(spreadsheet):
    """Return error messages by heading, of all rows in order."""
    return [
        {spreadsheet.headings[int(column)] if column else "": message for column, message in row.errors.items()}
        for row in spreadsheet.rows.all()
    ]


def changes(spreadsheet):
    return [[tuple(change) for change in row.changes] for row in spreadsheet.rows.all()]
