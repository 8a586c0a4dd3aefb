"""What became of the rows of a saved list since it was last taken away."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db import models
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from exports.lists import HandPickedList
from institutions.models import Institution
from people.models import Person
from records.models import Freshness, MergedKey

from .columns import Column, columns_for
from .formats.contact_row import ContactRow

# A list with more rows is too long to be remembered row for row.
LONGEST_SAVED_LIST = 5_000
# When and how something was checked is no change of what the row says; that it is unconfirmed now is told apart.
NOT_COMPARED = {"row", "id", "page", "institution_id", "checked_on", "check_method", "freshness", "source"}
FRESHNESS = "freshness"


class Change(models.TextChoices):
    NEW = "new", _("new")
    CHANGED = "changed", _("changed")
    UNCONFIRMED = "unconfirmed", _("now unconfirmed")
    GONE = "gone", _("no longer listed")


class ChangedField(NamedTuple):
    label: str
    old: str
    new: str


@dataclass
class ChangedRow:
    """A row of the list that is not as it was. A row that is gone has only what is known of its record now."""

    change: Change
    row: ContactRow
    fields: list[ChangedField] = field(default_factory=list)

    @property
    def label(self):
        return self.change.label


@dataclass
class Changes:
    rows: list[ChangedRow]
    # Rows whose record left the directory: there is nothing to say of them any more but that.
    left_count: int

    def __bool__(self):
        return bool(self.rows or self.left_count)


def _columns() -> list[Column]:
    return columns_for("both", "all")


def _record_of(row: ContactRow) -> str:
    return f"{'person' if row.is_person else 'institution'}/{row.record.key}"


def _place_of(row: ContactRow) -> str:
    """Which of a record's rows it is: a person's posts are told apart by where they are held, not by their titles."""
    if not row.is_person:
        return ""
    return row.institution.key if row.institution is not None else row.institution_name


def _rows_by_record(rows: Iterable[ContactRow]) -> dict[str, dict[str, ContactRow]]:
    found = defaultdict(dict)
    for row in rows:
        rows_there, place = found[_record_of(row)], _place_of(row)
        number = 1
        while (name := f"{place}#{number}") in rows_there:
            number += 1
        rows_there[name] = row
    return found


def snapshot_of(rows: Iterable[ContactRow]) -> dict[str, dict[str, dict[str, str]]]:
    """Return the texts of the rows by record, row and column, for a later comparison."""
    columns = [column for column in _columns() if column.name not in NOT_COMPARED or column.name == FRESHNESS]
    return {
        record: {name: {column.name: column.text(row) for column in columns} for name, row in rows_there.items()}
        for record, rows_there in _rows_by_record(rows).items()
    }


def changes_since(snapshot: dict, language: str, source) -> Changes:
    """Return the differences between the rows of the source and the snapshot, which was taken in the language."""
    labels = {column.name: str(column.label) for column in _columns()}
    with translation.override(language):
        rows = list(source.rows("both", "all"))
        current = snapshot_of(rows)
    by_record = _rows_by_record(rows)
    snapshot = _of_present_records(snapshot)
    changed = [
        change
        for record, rows_there in by_record.items()
        for name, row in rows_there.items()
        if (change := _change_of(row, snapshot.get(record, {}).get(name), current[record][name], labels))
    ]
    gone = [record for record, old in snapshot.items() if old.keys() - by_record.get(record, {}).keys()]
    still_there = _still_published(gone)
    return Changes(changed + list(_gone_rows(still_there)), len(gone) - len(still_there))


def _of_present_records(snapshot: dict) -> dict:
    """The snapshot with the rows of records that were merged since among those of the records that they became."""
    places = {name.rpartition("#")[0] for rows in snapshot.values() for name in rows}
    present = MergedKey.objects.present_records([*snapshot, *(f"institution/{place}" for place in places)])
    found = defaultdict(dict)
    # What a record itself looked like counts, not what became part of it.
    for record in sorted(snapshot, key=lambda record: present[record] != record):
        for name in sorted(snapshot[record], key=lambda name: _present_name(name, present) != name):
            found[present[record]].setdefault(_present_name(name, present), snapshot[record][name])
    return dict(found)


def _present_name(name: str, present: dict[str, str]) -> str:
    """The name of a row, in which a person's post is told apart by its institution."""
    place, mark, number = name.rpartition("#")
    return f"{present[f'institution/{place}'].removeprefix('institution/')}{mark}{number}"


def _change_of(row, old: dict | None, new: dict, labels) -> ChangedRow | None:
    if old is None:
        return ChangedRow(Change.NEW, row)
    differing = [name for name in new if name != FRESHNESS and name in old and old[name] != new[name]]
    if differing:
        return ChangedRow(Change.CHANGED, row, [ChangedField(labels[name], old[name], new[name]) for name in differing])
    check = row.last_check.checked_on if row.last_check is not None else ""
    is_unconfirmed = Freshness.of(check, timezone.localdate()) is Freshness.UNCONFIRMED
    if old[FRESHNESS] != new[FRESHNESS] and is_unconfirmed:
        return ChangedRow(Change.UNCONFIRMED, row)
    return None


def _still_published(records: list[str]) -> list[str]:
    """Return the records that are still public: only they may be named when their rows left the list."""
    published = set()
    for kind, model in (("institution", Institution), ("person", Person)):
        keys = [record.split("/")[1] for record in records if record.startswith(f"{kind}/")]
        published |= {
            f"{kind}/{key}" for key in model.objects.published().filter(key__in=keys).values_list("key", flat=True)
        }
    return [record for record in records if record in published]


def _gone_rows(records: list[str]) -> Iterator[ChangedRow]:
    picked = [tuple(record.split("/")) for record in records]
    seen = set()
    for row in HandPickedList(picked).rows("both", "all"):
        if _record_of(row) not in seen:
            seen.add(_record_of(row))
            yield ChangedRow(Change.GONE, row)


class ChangedRowsList:
    """Only the rows that changed, each saying how: what the link of a saved list exports."""

    default_rows = "both"

    def __init__(self, changes: Changes):
        self.changes = changes

    def count(self, rows: str) -> int:
        return len(self.changes.rows)

    def rows(self, rows: str, names: str) -> Iterator[ContactRow]:
        for changed in self.changes.rows:
            row = changed.row
            if rows == "both" or row.is_person == (rows == "representatives"):
                row.change = str(changed.label)
                row.what_changed = tuple(f"{one.label}: {one.old or '–'} → {one.new or '–'}" for one in changed.fields)
                yield row
