"""Comparison of two records before a merge."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import ngettext

from exports.models import ContactList
from records.import_memory import fingerprint

from .facts import ChoiceForm
from .joining import join
from .relations import RELATIONS, Relation
from .snapshots import rows_around


@dataclass
class Moving:
    """Number of rows of a kind that are moved, and of those that exist already."""

    words: Any
    words_of_twins: str


class Comparison:
    """Comparison of two records, with the choices so far."""

    def __init__(self, kept, merged, data=None):
        self.kept, self.merged = kept, merged
        self.rows = rows_around(kept, merged)
        self.form = ChoiceForm(kept, merged, data)
        self.seen = data.get("seen") if data is not None else None

    @cached_property
    def fingerprint(self):
        """Return a hash, sent with the form, that detects changes meanwhile."""
        return fingerprint(sorted(self.rows.items()))

    @property
    def is_overtaken(self):
        return self.seen != self.fingerprint

    @cached_property
    def moving(self) -> list[Moving]:
        found = [self._moving(relation) for relation in RELATIONS[type(self.kept)]]
        return [one for one in found if one]

    def _moving(self, relation: Relation) -> Moving | None:
        going = self._identities(relation, self.merged)
        if not going:
            return None
        staying = set(self._identities(relation, self.kept))
        twins = sum(1 for identity in going if identity in staying) if relation.unique_fields else 0
        words = ngettext("%(count)d is there already", "%(count)d are there already", twins) % {"count": twins}
        return Moving(relation.in_words % {"count": len(going)}, words if twins else "")

    def _identities(self, relation, record) -> list[tuple]:
        label = relation.model._meta.label
        names = [relation.model._meta.get_field(name).name for name in self._unique_names(relation)]
        return [
            tuple(fields[name] for name in names)
            for (model, number), fields in self.rows.items()
            if model == label and fields[relation.field] == record.pk and (model, number) != self._kept_row
        ]

    @property
    def _kept_row(self):
        """Return the kept record's row if it is part or successor of the other one, which is not moved."""
        return type(self.kept)._meta.label, self.kept.pk

    @staticmethod
    def _unique_names(relation):
        by_column = {one.attname: one.name for one in relation.model._meta.concrete_fields}
        return [by_column[column] for column in relation.unique_fields]

    @cached_property
    def saved_list_count(self):
        record = f"{self.merged.record_kind()}/{self.merged.key}"
        return ContactList.objects.filter(picked__contains=[record]).count()

    @cached_property
    def old_address_count(self):
        slugs = [
            fields
            for (model, _number), fields in self.rows.items()
            if model == "sources.PastSlug" and fields["record_key"] == self.merged.key
        ]
        return len(slugs) + 1

    def join(self, by):
        return join(self.kept, self.merged, by=by)
