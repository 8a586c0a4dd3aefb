"""Differences between two states of a record in words: fields and rows."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import reversion
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import formats
from django.utils.dateparse import parse_date
from django.utils.text import capfirst
from django.utils.translation import gettext

from languages.partial_dates import PartialDate, PartialDateField

from .entries import Entries, rows_of

# Not typed in any form, but what an editor did.
CHECK_FIELDS = {"checked_on", "check_method", "checked_by"}


class RecordNames:
    """Names of the records that fields lead to, read together for a whole page."""

    def __init__(self):
        self._wanted = defaultdict(set)
        self._names = {}

    def want(self, model_field, value):
        if model_field.is_relation and value not in (None, ""):
            self._wanted[model_field.related_model].update(value if isinstance(value, list) else [value])

    def name(self, model, primary_key):
        wanted = self._wanted.pop(model, set()) | {primary_key}
        if (model, str(primary_key)) not in self._names:
            records = model._base_manager.filter(pk__in=wanted)
            self._names |= {(model, str(record.pk)): str(record) for record in records}
        return self._names.get((model, str(primary_key)), gettext("deleted record"))


def in_words(model_field, value, names):
    """A stored value as the form shows it, in the reader's language; empty text where there is none."""
    if value in (None, "", [], {}):
        return ""
    if model_field.many_to_many:
        return "; ".join(names.name(model_field.related_model, each) for each in value)
    if model_field.is_relation:
        return names.name(model_field.related_model, value)
    if isinstance(model_field, models.BooleanField):
        return gettext("yes") if value else gettext("no")
    if isinstance(model_field, ArrayField):
        return "; ".join(in_words(model_field.base_field, each, names) for each in value)
    if model_field.choices:
        return str(dict(model_field.flatchoices).get(value, value))
    if isinstance(model_field, PartialDateField):
        return PartialDate(value).in_words()
    if isinstance(model_field, models.DateField):
        return formats.date_format(parse_date(str(value)[:10]))
    if isinstance(value, dict):
        return "; ".join(f"{name}: {each}" for name, each in value.items())
    return str(value)


@dataclass
class FieldChange:
    """A field that two states of a record or row have different."""

    model_field: models.Field
    old: Any
    new: Any
    names: RecordNames

    def __post_init__(self):
        self.names.want(self.model_field, self.old)
        self.names.want(self.model_field, self.new)

    @property
    def label(self):
        return capfirst(self.model_field.verbose_name)

    @property
    def old_in_words(self):
        return in_words(self.model_field, self.old, self.names)

    @property
    def new_in_words(self):
        return in_words(self.model_field, self.new, self.names)


@dataclass
class RowChange:
    """A row that was added, changed or removed."""

    model: type[models.Model]
    name: str
    what: str
    fields: list[FieldChange]

    @property
    def kind(self):
        return capfirst(self.model._meta.verbose_name)


@dataclass
class Difference:
    """All that two states of a record have different."""

    fields: list[FieldChange] = field(default_factory=list)
    rows: list[RowChange] = field(default_factory=list)

    def __bool__(self):
        return bool(self.fields or self.rows)


def told_fields(model):
    """The fields that editors fill in, and the checks that they make."""
    owners = {foreign_key for row_model, foreign_key in _owners() if row_model is model}
    fields = [*model._meta.fields, *model._meta.many_to_many]
    return [
        model_field
        for model_field in fields
        if not model_field.primary_key
        and (model_field.editable or model_field.name in CHECK_FIELDS)
        and not (model_field.name in owners and model_field.remote_field.on_delete is models.CASCADE)
    ]


def _owners():
    return {row for model in reversion.get_registered_models() for row in rows_of(model)}


def changed_fields(model, old, new, names):
    # A field that the model got later is not in older versions: nobody changed it.
    return [
        FieldChange(model_field, old[model_field.name], new[model_field.name], names)
        for model_field in told_fields(model)
        if model_field.name in old and model_field.name in new and old[model_field.name] != new[model_field.name]
    ]


def filled_fields(model, values, names, *, added):
    """All that a row held, for one that came or went: what is empty or as in every new row is not told."""
    told = []
    for model_field in told_fields(model):
        value = values.get(model_field.name)
        if value not in (None, "", [], {}) and value != model_field.get_default():
            told.append(FieldChange(model_field, *((None, value) if added else (value, None)), names))
    return told


def difference(before: Entries, after: Entries, model, primary_key, names) -> Difference:
    record_key = (model._meta.concrete_model, str(primary_key))
    found = Difference()
    for key in [*after, *(key for key in before if key not in after)]:
        old, new = before.get(key), after.get(key)
        if old and new:
            fields = changed_fields(key[0], old.fields, new.fields, names)
        else:
            fields = filled_fields(key[0], (new or old).fields, names, added=new is not None)
        if key == record_key:
            found.fields = fields
        elif not (old and new):
            found.rows.append(RowChange(key[0], (new or old).name, "added" if new else "removed", fields))
        elif fields:
            found.rows.append(RowChange(key[0], new.name, "changed", fields))
    return found
