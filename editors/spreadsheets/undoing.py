"""Undoing of an import: restores the state before, except later changes."""

from collections import defaultdict
from collections.abc import Iterable
from itertools import batched

from django.apps import apps
from django.db import models, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext

from editors.merging.models import Merge
from institutions.models import City, Institution
from people.models import Person, PersonSource
from records.models import Source
from search.rebuilding import note_once

from .journal import is_as_written
from .models import Import, ImportRow, ImportState
from .revisions import people_with_rows, remember, with_rows

ROWS_A_TIME = 500
# They stay if something else needs them; their institution is deleted nevertheless.
SHARED = (Person, City, Source)


def undo(spreadsheet: Import, user, codes) -> list[ImportRow]:
    """Undo the import, or the rest of an earlier attempt; return the rows whose record stays, with the reason."""
    with transaction.atomic():
        spreadsheet = Import.objects.select_for_update().get(pk=spreadsheet.pk)
        if not spreadsheet.may_be_undone:
            return []
        work = Work(spreadsheet, codes)
        left = []
        # The last first: a city that the first row created may be the city of the second.
        rows = spreadsheet.rows.exclude(journal=[]).order_by("-line")
        for some in batched(rows.iterator(chunk_size=ROWS_A_TIME), ROWS_A_TIME, strict=False):
            left += Undoing(work, some).run()
        work.delete_shared()
        work.put_into_history(user)
        spreadsheet.state = ImportState.UNDONE
        spreadsheet.undone_at = timezone.now()
        spreadsheet.save()
        note_once()
    return left[::-1]


class Work:
    """Shared state of all rows while an import is undone."""

    def __init__(self, spreadsheet: Import, codes):
        self.spreadsheet, self.codes = spreadsheet, codes
        self.is_first_attempt = spreadsheet.state == ImportState.IMPORTED
        # Records that were kept or merged in a later merge, by kind and id.
        self.merges = {}
        self.needed_by_merges = set()
        for merge in Merge.objects.in_force():
            self.needed_by_merges |= merge.references()
            if merge.merged_at >= spreadsheet.imported_at:
                for number in (merge.kept_id, merge.merged_id):
                    self.merges[merge.record_kind, number] = merge
        self.made_people = {
            entry["pk"]
            for journal in spreadsheet.rows.exclude(journal=[]).values_list("journal", flat=True).iterator()
            for entry in journal
            if entry["before"] is None and _model(entry) is Person
        }
        # Journal entries of undone rows, by object.
        self.shared: dict[tuple[type[models.Model], int], dict] = {}
        self.changed: dict[type[models.Model], set[int]] = {Institution: set(), Person: set()}

    def is_shared(self, entry) -> bool:
        """Return whether it is deleted only if nothing needs it: people, cities, sources, and rows of people."""
        if _model(entry) is PersonSource and entry["before"] is None:
            return entry["after"]["person_id"] in self.made_people
        return _model(entry) in SHARED and entry["before"] is None

    def delete_shared(self):
        """Delete unchanged and unused people, cities and sources that the import created."""
        for model in SHARED:
            keys = {pk for shared_model, pk in self.shared if shared_model is model}
            found = model._base_manager.in_bulk(keys)
            unchanged = {pk for pk, one in found.items() if is_as_written(one, self.shared[model, pk])}
            needed = {pk for label, pk in self.needed_by_merges if label == model._meta.label}
            model._base_manager.filter(pk__in=unchanged - needed - self._in_use(model, unchanged)).delete()

    def _in_use(self, model, keys) -> set[int]:
        found = set()
        for relation in relations_to(model):
            name = relation.field.attname
            others = relation.related_model._base_manager.filter(**{f"{name}__in": keys})
            if relation.related_model is PersonSource and model is Person:
                others = others.exclude(pk__in=self._own_rows_of_people())
            found |= set(others.values_list(name, flat=True))
        return found

    def _own_rows_of_people(self) -> list[int]:
        keys = {pk for model, pk in self.shared if model is PersonSource}
        rows = PersonSource._base_manager.in_bulk(keys)
        return [pk for pk, row in rows.items() if is_as_written(row, self.shared[PersonSource, pk])]

    def put_into_history(self, user):
        """Add revisions of the remaining records, with the user."""
        comment = gettext("Undone: import of %(file)s") % {"file": self.spreadsheet.file_name}
        for model, loaded in ((Institution, with_rows), (Person, people_with_rows)):
            for some in batched(sorted(self.changed[model]), ROWS_A_TIME, strict=False):
                model._base_manager.filter(pk__in=some).update(updated_at=Now())
                remember([[record] for record in loaded(some)], user=user, comment=comment)


class Undoing:
    """Undoing of some rows: each is restored, or left unchanged with the reason."""

    def __init__(self, work: Work, rows: Iterable[ImportRow]):
        self.work, self.rows = work, rows
        self.objects = _load(entry for row in rows for entry in row.journal)
        self.records = Institution.objects.without_search_columns().in_bulk(
            {row.institution_id for row in rows} - {None}
        )
        self.made = defaultdict(set)
        for row in rows:
            for entry in row.journal:
                if entry["before"] is None:
                    self.made[_model(entry)].add(entry["pk"])

    def run(self) -> list[ImportRow]:
        """Return the rows that were left unchanged."""
        in_use = self._in_use()
        left, back = [], []
        for row in self.rows:
            if self.work.is_first_attempt or row.undo_problem:
                row.undo_problem = self._problem(row, in_use)
            if row.undo_problem:
                left.append(row)
            # Objects that belong to no record any more are deleted all the same.
            if not row.undo_problem or self._is_gone(row):
                back.append(row)
        self._write_back(back)
        ImportRow.objects.store(self.rows, ["journal", "undo_problem"])
        return left

    def _is_gone(self, row) -> bool:
        return row.institution_id not in self.records and self._merge_since(row) is None

    def _problem(self, row, in_use) -> str:
        record = self.records.get(row.institution_id)
        own = [entry for entry in row.journal if not self.work.is_shared(entry) and _model(entry) not in SHARED]
        if merge := self._merge_since(row):
            words = gettext("It has been merged since: %(merge)s. Undo that merge first, then the rest of this import.")
            return words % {"merge": merge}
        if record is None:
            return gettext("The record has been deleted since.")
        if self.work.codes is not None and record.country_id not in self.work.codes:
            return gettext("You do not work on this country.")
        if not all(self._is_as_written(entry) for entry in own):
            return gettext("The record has been changed since.")
        if any((_model(entry), entry["pk"]) in in_use for entry in own):
            return gettext("Something has been added to the record since, or another record refers to it.")
        return ""

    def _merge_since(self, row) -> Merge | None:
        """Return a merge in force, later than the import, with the record or its head."""
        records = [("institution", row.institution_id)]
        for entry in row.journal:
            if _model(entry) is Person:
                records.append(("person", entry["pk"]))
            elif "person_id" in entry["after"]:
                records.append(("person", entry["after"]["person_id"]))
        return next((self.work.merges[one] for one in records if one in self.work.merges), None)

    def _is_as_written(self, entry) -> bool:
        one = self.objects[_model(entry)].get(entry["pk"])
        return one is not None and is_as_written(one, entry)

    def _in_use(self) -> set[tuple[type[models.Model], int]]:
        """Return created objects that other objects now use."""
        found = set()
        for model in self.made.keys() - set(SHARED):
            for relation in relations_to(model):
                if relation.on_delete is models.SET_NULL:
                    continue
                name = relation.field.attname
                others = relation.related_model._base_manager.filter(**{f"{name}__in": self.made[model]})
                others = others.exclude(pk__in=self.made.get(relation.related_model, ()))
                found |= {(model, key) for key in others.values_list(name, flat=True)}
        return found

    def _write_back(self, rows):
        """Keep in the journals only what is not undone: deleted rows, and objects that others may need."""
        new = defaultdict(set)
        for row in rows:
            remaining = []
            for entry in reversed(row.journal):
                if self.work.is_shared(entry):
                    self.work.shared[_model(entry), entry["pk"]] = entry
                    remaining.insert(0, entry)
                elif entry["pk"] not in self.objects[_model(entry)]:
                    remaining.insert(0, entry)
                elif self._is_as_written(entry):
                    self.work.changed[Institution].add(row.institution_id)
                    self._note_changed(entry)
                    if entry["before"] is None:
                        new[_model(entry)].add(entry["pk"])
                    else:
                        self._restore(entry)
            row.journal = remaining
        # Rows before the records that they belong to.
        for model in [*(new.keys() - {Institution}), Institution]:
            model._base_manager.filter(pk__in=new[model]).delete()

    def _note_changed(self, entry):
        one = self.objects[_model(entry)][entry["pk"]]
        person = one.pk if _model(entry) is Person else getattr(one, "person_id", None)
        if person:
            self.work.changed[Person].add(person)

    def _restore(self, entry):
        one = self.objects[_model(entry)][entry["pk"]]
        for name, value in entry["before"].items():
            setattr(one, name, value)
        values = dict(entry["before"])
        if hasattr(one, "make_sort_keys"):
            one.make_sort_keys()
            values |= {"sort_key_en": one.sort_key_en, "sort_key_ru": one.sort_key_ru}
        type(one)._base_manager.filter(pk=one.pk).update(**values)


def relations_to(model: type[models.Model]):
    """Return foreign keys of other models to this one that protect, cascade, or are set to null."""
    for relation in model._meta.get_fields(include_hidden=True):
        leads_here = relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one)
        if leads_here and relation.on_delete is not models.DO_NOTHING:
            yield relation


def _model(entry) -> type[models.Model]:
    return apps.get_model(entry["model"])


def _load(entries) -> dict[type[models.Model], dict[int, models.Model]]:
    keys = defaultdict(set)
    for entry in entries:
        keys[_model(entry)].add(entry["pk"])
    found = defaultdict(dict)
    for model, pks in keys.items():
        found[model] = model._base_manager.in_bulk(pks)
    return found
