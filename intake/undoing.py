"""Brings everything that an import wrote back to the state before, except what somebody changed since."""

from collections import defaultdict
from itertools import batched

from django.apps import apps
from django.db import models, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext

from institutions.models import City, Institution
from people.models import Person
from search.rebuilding import note_once

from .journal import state_of
from .models import Import, ImportRow, ImportState
from .revisions import remember, with_rows

ROWS_A_TIME = 500
# They stay when something else needs them; the institution that they came with goes nevertheless.
SHARED = (Person, City)


def undo(spreadsheet: Import, user, codes) -> list[ImportRow]:
    """Undoes the import; the rows whose record stays as it is, with the reason as `undo_problem`."""
    with transaction.atomic():
        spreadsheet = Import.objects.select_for_update().get(pk=spreadsheet.pk)
        if spreadsheet.state != ImportState.IMPORTED:
            return []
        left = []
        # The last first: a city that the first row made may be the city of the second.
        rows = spreadsheet.rows.exclude(journal=[]).select_related("institution").order_by("-line")
        for some in batched(rows.iterator(chunk_size=ROWS_A_TIME), ROWS_A_TIME, strict=False):
            left += Undoing(spreadsheet, user, codes, some).run()
        ImportRow.objects.bulk_update(left, ["undo_problem"], batch_size=ROWS_A_TIME)
        spreadsheet.state = ImportState.UNDONE
        spreadsheet.undone_at = timezone.now()
        spreadsheet.save()
        note_once()
    return left[::-1]


class Undoing:
    """Some rows: each back to the state before, or left alone with the reason."""

    def __init__(self, spreadsheet, user, codes, rows):
        self.spreadsheet, self.user, self.codes, self.rows = spreadsheet, user, codes, rows
        self.objects = _load(entry for row in rows for entry in row.journal)
        self.made = defaultdict(set)
        for row in rows:
            for entry in row.journal:
                if entry["before"] is None:
                    self.made[_model(entry)].add(entry["pk"])

    def run(self) -> list[ImportRow]:
        """The rows that were left alone."""
        in_use = self._in_use()
        left = []
        for row in self.rows:
            row.undo_problem = self._problem(row, in_use)
            if row.undo_problem:
                left.append(row)
        self._write_back([row for row in self.rows if not row.undo_problem])
        return left

    def _problem(self, row, in_use) -> str:
        record = row.institution
        if record is None:
            return gettext("The record was deleted since.")
        if self.codes is not None and record.country_id not in self.codes:
            return gettext("You do not work on this country.")
        if not all(self._is_as_written(entry) for entry in row.journal if _model(entry) not in SHARED):
            return gettext("Somebody changed the record since.")
        if any((_model(entry), entry["pk"]) in in_use for entry in row.journal if _model(entry) not in SHARED):
            return gettext("Something was added to the record since, or another record refers to it.")
        return ""

    def _is_as_written(self, entry) -> bool:
        one = self.objects[_model(entry)].get(entry["pk"])
        return one is not None and state_of(one, entry["after"]) == entry["after"]

    def _in_use(self, only=None) -> set[tuple[type[models.Model], int]]:
        """What the import made and other objects now belong or refer to."""
        found = set()
        for model, keys in self.made.items():
            if only and model not in only:
                continue
            for relation in _relations_to(model):
                name = relation.field.attname
                others = relation.related_model._base_manager.filter(**{f"{name}__in": keys})
                others = others.exclude(pk__in=self.made.get(relation.related_model, ()))
                found |= {(model, key) for key in others.values_list(name, flat=True)}
        return found

    def _write_back(self, rows):
        new, changed = defaultdict(set), set()
        for row in rows:
            for entry in reversed(row.journal):
                if entry["before"] is None:
                    new[_model(entry)].add(entry["pk"])
                elif self._is_as_written(entry):
                    self._restore(entry)
            if row.institution_id not in self.made[Institution]:
                changed.add(row.institution_id)
        self._delete(new)
        # Their rows changed, and pages say when a record was last changed.
        Institution.objects.filter(pk__in=changed).update(updated_at=Now())
        comment = gettext("Undone: import of %(file)s") % {"file": self.spreadsheet.file_name}
        remember([[record] for record in with_rows(changed)], user=self.user, comment=comment)

    def _restore(self, entry):
        one = self.objects[_model(entry)][entry["pk"]]
        for name, value in entry["before"].items():
            setattr(one, name, value)
        values = dict(entry["before"])
        if hasattr(one, "make_sort_keys"):
            one.make_sort_keys()
            values |= {"sort_key_en": one.sort_key_en, "sort_key_ru": one.sort_key_ru, "updated_at": Now()}
        type(one)._base_manager.filter(pk=one.pk).update(**values)

    def _delete(self, new):
        """Rows before the records that they belong to; people and cities only if nothing needs them any more."""
        last = [Institution, *SHARED]
        for model in [*(model for model in new if model not in last), Institution]:
            model._base_manager.filter(pk__in=new[model]).delete()
        for model in SHARED:
            entries = [entry for row in self.rows for entry in row.journal if _model(entry) is model]
            made = [entry for entry in entries if entry["before"] is None and entry["pk"] in new[model]]
            untouched = {entry["pk"] for entry in made if self._is_as_written(entry)}
            in_use = {key for _model_in_use, key in self._in_use(only=[model])}
            model._base_manager.filter(pk__in=untouched - in_use).delete()


def _relations_to(model: type[models.Model]):
    """Foreign keys of other models that lead to this one and keep it, or go with it."""
    for relation in model._meta.get_fields(include_hidden=True):
        leads_here = relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one)
        if leads_here and relation.on_delete is not models.SET_NULL:
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
