"""What became of the rows of a saved list since it was last taken away."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import NamedTuple

from django.db import models
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from exports.lists import HandPickedList
from institutions.models import Institution
from people.models import Person
from records.checks import Freshness
from records.models import MergedKey

from .cards import CardReader
from .column_types import Column
from .columns import columns_for
from .formats.contact_row import ContactRow
from .reading import Reader, Ref, one_moment, rows_of
from .texts import BETWEEN_VALUES
from .wording import Wording

# A list with more rows is too long to be remembered row for row.
LONGEST_SAVED_LIST = 5_000
# When and how something was confirmed is no change of what the row says; that it is unconfirmed now is told apart.
NOT_COMPARED = {"row", "id", "page", "institution_id", "checked_on", "check_method", "seen_on", "freshness", "source"}
# They follow from the dates of the post, and from the day.
NOT_COMPARED |= {"last_seen", "post_freshness"}
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
    ref: Ref
    row: ContactRow
    fields: list[ChangedField] = field(default_factory=list)

    @property
    def label(self):
        return self.change.label

    @property
    def in_words(self) -> tuple[str, ...]:
        return tuple(f"{field.label}: {field.old or '–'} → {field.new or '–'}" for field in self.fields)


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


@dataclass
class ReadRow:
    """A row of the list as it is now: for people to read, and what it says in each column that is compared."""

    ref: Ref
    row: ContactRow
    texts: dict[str, str]


def _rows_by_record(source) -> dict[str, dict[str, ReadRow]]:
    """The rows of the list in the active language, by record and place."""
    columns = [column for column in _columns() if column.name not in NOT_COMPARED or column.name == FRESHNESS]
    found = defaultdict(dict)
    with one_moment():
        refs = list(chain.from_iterable(source.refs("both")))
        cells = rows_of([Reader(columns, Wording()).table(refs)])
        read = zip(refs, CardReader().of(refs), cells, strict=True)
        for ref, row, cells in read:
            rows_there, place = found[_record_of(row)], _place_of(row)
            number = 1
            while (name := f"{place}#{number}") in rows_there:
                number += 1
            texts = {column.name: column.text(cell) for column, cell in zip(columns, cells, strict=True)}
            rows_there[name] = ReadRow(ref, row, texts)
    return found


def snapshot_of(source) -> dict[str, dict[str, dict[str, str]]]:
    """Return the texts of the rows by record, row and column, for a later comparison."""
    return {
        record: {name: read.texts for name, read in rows_there.items()}
        for record, rows_there in _rows_by_record(source).items()
    }


def changes_since(snapshot: dict, language: str, source) -> Changes:
    """Return the differences between the rows of the source and the snapshot, which was taken in the language."""
    labels = {column.name: str(column.label) for column in _columns()}
    with translation.override(language):
        by_record = _rows_by_record(source)
    snapshot = _of_present_records(snapshot)
    changed = [
        change
        for record, rows_there in by_record.items()
        for name, read in rows_there.items()
        if (change := _change_of(read, snapshot.get(record, {}).get(name), labels))
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


def _change_of(read: ReadRow, old: dict | None, labels) -> ChangedRow | None:
    new = read.texts
    if old is None:
        return ChangedRow(Change.NEW, read.ref, read.row)
    differing = [name for name in new if name != FRESHNESS and name in old and old[name] != new[name]]
    if differing:
        fields = [ChangedField(labels[name], old[name], new[name]) for name in differing]
        return ChangedRow(Change.CHANGED, read.ref, read.row, fields)
    is_unconfirmed = Freshness.of(read.row.known_on, timezone.localdate()) is Freshness.UNCONFIRMED
    if old[FRESHNESS] != new[FRESHNESS] and is_unconfirmed:
        return ChangedRow(Change.UNCONFIRMED, read.ref, read.row)
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
    refs = list(chain.from_iterable(HandPickedList(picked).refs("both")))
    for ref, row in zip(refs, CardReader().of(refs), strict=True):
        if _record_of(row) not in seen:
            seen.add(_record_of(row))
            yield ChangedRow(Change.GONE, ref, row)


class ChangedRowsList:
    """Only the rows that changed, each saying how: what the link of a saved list exports."""

    default_rows = "both"

    def __init__(self, changes: Changes):
        self.changes = changes

    def count(self, rows: str) -> int:
        return len(self.changes.rows)

    def refs(self, rows: str) -> Iterator[list[Ref]]:
        yield [
            changed.ref._replace(
                told={"change": str(changed.label), "what_changed": BETWEEN_VALUES.join(changed.in_words)}
            )
            for changed in self.changes.rows
            if rows == "both" or changed.row.is_person == (rows == "representatives")
        ]
