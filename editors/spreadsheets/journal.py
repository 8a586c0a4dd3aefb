"""Journal of an import: each written object with its state before and after, to undo exactly that."""

import datetime
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db import models

# They change whenever the record is saved, or without any editor. Columns that only the database writes are not
# serialized.
NOT_KEPT = {"updated_at", "created_at", "seen_on", "seen_url", "missed", "missed_since"}


def _fields(model: type[models.Model]) -> list[str]:
    kept = (field for field in model._meta.concrete_fields if field.serialize or field.primary_key)
    return [field.attname for field in kept if field.name not in NOT_KEPT]


def state_of(record: models.Model, names: Iterable[str]) -> dict[str, Any]:
    """Return the values of these fields as in JSON."""
    return {name: _plain(getattr(record, name)) for name in names}


def _plain(value):
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, str):
        return str.__str__(value)
    return value


def created(record: models.Model) -> dict[str, Any]:
    return {
        "model": record._meta.label_lower,
        "pk": record.pk,
        "before": None,
        "after": state_of(record, _fields(type(record))),
    }


def updated(record: models.Model, before: dict[str, Any]) -> dict[str, Any]:
    return {"model": record._meta.label_lower, "pk": record.pk, "before": before, "after": state_of(record, before)}


def is_as_written(record: models.Model, entry: dict[str, Any]) -> bool:
    """Return whether the object still has the values of the entry."""
    return state_of(record, entry["after"]) == entry["after"]
