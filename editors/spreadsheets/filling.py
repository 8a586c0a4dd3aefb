"""Table of institutions without telephone and e-mail, filled on the page or as a workbook.

What is typed goes the way of an imported spreadsheet: read by the same rules, with the same history and the same undo.
"""

from dataclasses import dataclass, field
from itertools import chain

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from editors.withholding.spreadsheets import leave_out_withheld
from exports.headings import BY_NAME
from institutions.models import Institution
from records.contact_types import PAGE_KINDS
from records.models import Source
from records.tables import cells

from .models import Import, ImportRow, ImportState, Outcome
from .writing import look_at, write

# Fields of the boxes, and of the workbook's columns beside those that say which record a row is about.
BOXES = ("phone", "email", "address_local", "source_url")
IDENTIFYING = ("key", "name", "website")
LONGEST = 1000
ROWS_A_PAGE = 25
MOST_ROWS_OF_WORKBOOK = 2_000


@dataclass
class Row:
    """Institution in the table, with what an editor typed and the errors beside it."""

    institution: Institution
    typed: dict[str, str] = field(default_factory=dict)
    # By field; "" stands for the whole row.
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def is_filled(self) -> bool:
        return any(self.typed.get(name) for name in BOXES)

    @property
    def boxes(self):
        """Return field, name, text, error and kind of contact of each box."""
        return [
            (BY_NAME[name], f"{name}-{self.institution.pk}", self.typed.get(name, ""), self.errors.get(name, ""))
            for name in BOXES
        ]

    @property
    def error(self) -> str:
        """Return the error of the whole row, or of a field without a box."""
        return " ".join(message for name, message in self.errors.items() if name not in BOXES)

    @property
    def pages(self):
        """Return pairs of words and URL: where a telephone number may be found."""
        websites = [(one.shown_value, one.value) for one in self.institution.public_contacts if one.kind in PAGE_KINDS]
        sources = [(row.source.title, row.source.url) for row in self.institution.record_sources.all()]
        return list({url: (words, url) for words, url in chain(sources, websites)}.values())[::-1]


def rows_to_fill(institutions, data=None) -> list[Row]:
    """Return the rows of these institutions, with the boxes of a sent form."""
    loaded = institutions.select_related("country", "city").with_public_contacts()
    rows = [Row(one) for one in loaded.prefetch_related("record_sources__source")]
    for row in rows if data is not None else []:
        row.typed = {name: data.get(f"{name}-{row.institution.pk}", "").strip()[:LONGEST] for name in BOXES}
    return rows


class _NothingToWrite(Exception):
    """Raised to take back an import of which no row is left."""


def save(rows: list[Row], user, codes) -> Import | None:
    """Write the filled rows without errors as one import; the errors of others stand in them. Return the import."""
    filled = [row for row in rows if row.is_filled]
    for row in filled:
        url, _words = cells.source(row.typed["source_url"])
        if not url:
            row.errors["source_url"] = _("Give the page that says so.")
    wanted = [row for row in filled if not row.errors]
    try:
        return _write(wanted, user, codes) if wanted else None
    except _NothingToWrite:
        return None


@transaction.atomic
def _write(wanted: list[Row], user, codes) -> Import:
    columns = ["key", *BOXES]
    spreadsheet = Import(
        file_name=_("Filled table"),
        file_format="xlsx",
        headings=[str(BY_NAME[name].label) for name in columns],
        columns=columns,
        source=_source(wanted[0]),
        state=ImportState.PREVIEW,
        made_by=user,
    )
    lines = [
        ImportRow(
            spreadsheet=spreadsheet,
            line=number,
            cells=[row.institution.key, *(row.typed[name] for name in BOXES)],
        )
        for number, row in enumerate(wanted, start=1)
    ]
    leave_out_withheld(spreadsheet, lines)
    spreadsheet.save()
    ImportRow.objects.bulk_create(lines)
    look_at(spreadsheet, codes, until=lambda: False)
    _tell_errors(spreadsheet, wanted, columns)
    if not spreadsheet.rows.exists():
        raise _NothingToWrite
    write(spreadsheet, user, codes, publication_state=spreadsheet.publication_state)
    return spreadsheet


def _source(row: Row) -> Source:
    url, words = cells.source(row.typed["source_url"])
    title = words or url.partition("://")[2]
    return Source.objects.get_or_create(url=url, defaults={"title": title[:300], "accessed_on": timezone.localdate()})[
        0
    ]


def _tell_errors(spreadsheet: Import, rows: list[Row], columns: list[str]):
    """Put the errors of lines beside their boxes, and take these lines out of the import."""
    for line in spreadsheet.rows.exclude(outcome=Outcome.UPDATE):
        row = rows[line.line - 1]
        row.errors = {columns[int(column)] if column else "": text for column, text in line.errors.items()}
        if not row.errors:
            row.errors[""] = _("The record has all of this already.")
        line.delete()


def workbook_rows(institutions) -> list[list[str]]:
    """Return headings that the import recognises, and the institutions with empty cells to fill."""
    fields = [*IDENTIFYING, *BOXES]
    rows = [[str(BY_NAME[name].label) for name in fields]]
    for one in institutions.with_public_contacts()[:MOST_ROWS_OF_WORKBOOK]:
        websites = [contact.value for contact in one.public_contacts if contact.kind == "website"]
        rows.append([one.key, one.name, "; ".join(websites), *("" for _name in BOXES)])
    return rows
