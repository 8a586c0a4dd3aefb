"""Rows of a spreadsheet in words, for the page on which an editor looks through them."""

from django.urls import reverse

from exports.headings import BY_NAME
from institutions.models import Institution
from records.models import Source, same_contact

from .matching import CONTACT_FIELDS
from .models import Import, ImportRow


def shown_rows(spreadsheet: Import, rows) -> list[dict]:
    """The rows of a page with everything in words: fields by their labels, errors by their headings."""
    rows = list(rows)
    candidates = (
        Institution.objects.select_related("country", "city")
        .prefetch_related("contacts")
        .in_bulk({pk for row in rows for pk in row.candidates})
    )
    sources = Source.objects.in_bulk({row.plan["source"]["pk"] for row in rows if "pk" in row.plan.get("source", ())})
    return [
        {
            "row": row,
            "name": _name_of(spreadsheet, row),
            "record_url": _change_page(row.institution_id) if row.institution else "",
            "source": _source_of(row, sources),
            "notes": [(BY_NAME[name].label, words) for name, words in row.notes],
            "changes": [(BY_NAME[name].label, old, new) for name, old, new in row.changes],
            "errors": [
                (
                    column,
                    spreadsheet.headings[int(column)] if column else "",
                    row.cells[int(column)] if column else "",
                    message,
                )
                for column, message in row.errors.items()
            ],
            "lines_alike": row.plan.get("lines", []),
            "candidates": [
                (candidates[pk], _change_page(pk), _shared_contact(row, candidates[pk]))
                for pk in row.candidates
                if pk in candidates
            ],
        }
        for row in rows
    ]


def _source_of(row: ImportRow, sources: dict[int, Source]) -> dict[str, str]:
    """Title and address of the page that backs what the row says."""
    source = row.plan.get("source", {})
    known = sources.get(source.get("pk"))
    return {"title": known.title, "url": known.url} if known else source


def _shared_contact(row: ImportRow, record: Institution) -> str:
    """A contact of the row that the record has, too, as the row writes it."""
    its_own = {same_contact(contact.kind, contact.value) for contact in record.contacts.all()}
    kinds = {kind for kind, _value in its_own}
    typed = [value for name, _old, value in row.changes if name in CONTACT_FIELDS]
    return next((value for value in typed if any(same_contact(kind, value) in its_own for kind in kinds)), "")


def _change_page(pk: int) -> str:
    return reverse("admin:institutions_institution_change", args=[pk])


def _name_of(spreadsheet: Import, row: ImportRow) -> str:
    """Return the name of the institution in the row."""
    columns = (spreadsheet.column_of(name) for name in ("name_en", "name", "name_ru", "name_native", "key", "page"))
    texts = (row.cells[column] for column in columns if column is not None)
    return next(filter(None, texts), "") or str(row.institution or "")
