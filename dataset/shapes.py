"""Shapes of records and rows that the loader writes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from django.db import models

PERIODS = (("since", "until"), ("founded", "closed"), ("start", "end"), ("cis_since", "cis_until"))


# Fields that identify a record outside its database.
NATURAL_FIELDS = ("key", "url", "code")


@dataclass
class Facts:
    """Values of one record of the data set, or of one row below it.

    `values` are plain: references as natural keys, dates as text. `at_birth` is only written to new records.
    """

    values: dict[str, Any]
    rows: dict[str, list["Facts"]] = field(default_factory=dict)
    at_birth: dict[str, Any] = field(default_factory=dict)
    # For messages: the entry's file and key, the field, and the fields of single values.
    file: str = ""
    key: str = ""
    data_field: str = ""
    data_fields: Mapping[str, str] = field(default_factory=dict)


def same(*fields: str) -> Callable[[Mapping[str, Any]], tuple]:
    """Return the identity: rows with the same values in these fields are the same row."""
    pick = itemgetter(*fields)
    return pick if len(fields) > 1 else lambda values: (pick(values),)


@dataclass(frozen=True)
class Shape:
    """The place of a kind's facts in the database: a model and the rows below it."""

    model: type[models.Model]
    # Of rows, whose whole content tells whether an editor changed them.
    fields: tuple[str, ...] = ()
    rows: Mapping[str, "Shape"] = field(default_factory=dict)
    # For rows: the foreign key to the record above, and the fields that identify a row.
    parent: str = ""
    identify: Callable[[Mapping[str, Any]], tuple] | None = None
    # Fields of a row that are only written when it is new, and still show whether an editor changed it since.
    at_birth: tuple[str, ...] = ()
    # Relations that only editors fill; a row with related objects is never removed.
    editors_relations: tuple[str, ...] = ()


class References:
    """Natural keys and primary keys of the referenced records; one query for each model."""

    def __init__(self):
        self._primary_keys: dict[type[models.Model], dict[str, Any]] = {}
        self._natural_keys: dict[type[models.Model], dict[Any, str]] = {}

    def primary_key(self, model, natural_key):
        self._read(model)
        return self._primary_keys[model][natural_key]

    def natural_key(self, model, primary_key):
        self._read(model)
        return self._natural_keys[model][primary_key]

    def knows(self, model, natural_key) -> bool:
        self._read(model)
        return natural_key in self._primary_keys[model]

    def add(self, record: models.Model):
        model = type(record)
        if natural_field(model) is None:
            return
        self._read(model)
        natural_key = getattr(record, natural_field(model))
        self._primary_keys[model][natural_key] = record.pk
        self._natural_keys[model][record.pk] = natural_key

    def forget(self, model: type[models.Model]):
        """Discard the cached keys of the model."""
        self._primary_keys.pop(model, None)

    def _read(self, model):
        if model not in self._primary_keys:
            pairs = list(model._base_manager.values_list(natural_field(model), "pk"))
            self._primary_keys[model] = dict(pairs)
            self._natural_keys[model] = {primary_key: natural_key for natural_key, primary_key in pairs}


def natural_field(model: type[models.Model]) -> str | None:
    names = {model_field.name for model_field in model._meta.fields}
    return next((name for name in NATURAL_FIELDS if name in names), None)
