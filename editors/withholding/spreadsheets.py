"""Eraser of withheld people from spreadsheets, stored and new."""

from collections.abc import Iterable

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from editors.spreadsheets.models import Import, ImportRow
from people.erasing import NAMING_FIELDS
from people.models import Position
from people.withheld_names import LEFT_OUT, WithheldNames
from records.tables.table import WITHHELD

from .eraser import Eraser

HEAD_PREFIX = "head_"
WORDS_OF_ROW = ("changes", "errors", "notes", "plan", "journal", "undo_problem")
MOST_CELLS_OF_A_NAME = 3


def leave_out_withheld(spreadsheet: Import, rows: Iterable[ImportRow]):
    """Remove the names of all withheld people from a new spreadsheet."""
    names = WithheldNames.read()
    spreadsheet.file_name = names.take_out(spreadsheet.file_name)
    spreadsheet.headings = [names.take_out(heading) for heading in spreadsheet.headings]
    for row in rows:
        _leave_out(row, names)


def _leave_out(row: ImportRow, names: WithheldNames) -> set[int]:
    """Return the indexes of cells with a name, which now hold a mark and an error that prevents the import."""
    found = {number for number, cell in enumerate(row.cells) if names.are_named_in(cell)}
    for number in found:
        row.cells[number] = names.take_out(row.cells[number])
    # Family name and given name in separate cells.
    for length in range(2, MOST_CELLS_OF_A_NAME + 1):
        for first in range(len(row.cells) - length + 1):
            cells = row.cells[first : first + length]
            if all(cells) and names.find_exactly(" ".join(cells)):
                found |= set(range(first, first + length))
                row.cells[first : first + length] = [LEFT_OUT] * length
    row.faults |= {str(number): WITHHELD for number in found}
    return found


def _rows_of(person):
    """Return rows that name the person or wrote something about them, each with the columns of the name."""
    names = WithheldNames([person])
    journal = Q(journal__contains=[{"model": "people.person", "pk": person.pk}])
    for post in Position.objects.filter(person=person).values_list("pk", flat=True):
        journal |= Q(journal__contains=[{"model": "people.position", "pk": post}])
    theirs = set(ImportRow.objects.filter(journal).values_list("pk", flat=True))
    for row in ImportRow.objects.select_related("spreadsheet").iterator():
        words = [getattr(row, name) for name in WORDS_OF_ROW]
        found = _leave_out(row, names)
        if found or row.pk in theirs or names.are_named_in(words):
            yield row, found, row.pk in theirs


def _find_rows(person):
    return [str(row) for row, _found, _is_theirs in _rows_of(person)]


def _erase_from_rows(person):
    names = WithheldNames([person])
    for row, found, is_theirs in _rows_of(person):
        columns = row.spreadsheet.columns
        if is_theirs or any(columns[number].startswith(HEAD_PREFIX) for number in found):
            _forget_head(row)
        for name in WORDS_OF_ROW:
            setattr(row, name, names.take_out_of(getattr(row, name), NAMING_FIELDS))
        if row.spreadsheet.is_open:
            # It is compared again, and then reports that it can't be imported.
            row.outcome, row.institution, row.candidates = "", None, []
            row.changes, row.errors, row.notes, row.plan = [], {}, [], {}
        row.save()


def _forget_head(row: ImportRow):
    """Keep only the parts of the row about the institution."""
    for number, name in enumerate(row.spreadsheet.columns):
        if name.startswith(HEAD_PREFIX):
            row.cells[number] = LEFT_OUT if str(number) in row.faults else ""
    row.changes = [change for change in row.changes if not change[0].startswith(HEAD_PREFIX)]
    row.notes = [note for note in row.notes if not note[0].startswith(HEAD_PREFIX)]
    row.plan.pop("head", None)
    row.journal = [entry for entry in row.journal if not entry["model"].startswith("people.")]


ERASERS = [
    Eraser(_("Rows of imported spreadsheets"), _find_rows, _erase_from_rows, ImportRow),
]
