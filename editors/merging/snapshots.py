"""Snapshots of the rows around two records, before and after a merge."""

import json

from django.core import serializers

from .models import models_by_key
from .relations import RELATIONS

# Row by model and id, with its fields as in JSON.
Rows = dict[tuple[str, int], dict]


def plain_rows(queryset) -> Rows:
    """Return the rows without derived fields; foreign keys as ids."""
    model = queryset.model
    fields = [field.name for field in model._meta.concrete_fields if field.serialize and not field.primary_key]
    written = serializers.serialize("python", queryset.only(*fields).order_by("pk"), fields=fields)
    return {(model._meta.label, row["pk"]): _as_json(row["fields"]) for row in written}


def _as_json(fields: dict) -> dict:
    # As text and not by Django's encoder, which drops microseconds.
    return json.loads(json.dumps(fields, default=str))


def rows_around(*records) -> Rows:
    """Return the records, all rows that refer to them, and those that name them by key; a fixed number of queries."""
    model = type(records[0])
    rows = plain_rows(model._base_manager.filter(pk__in=[record.pk for record in records]))
    for relation in RELATIONS[model]:
        referring = relation.rows_of(*records)
        rows |= plain_rows(referring)
        for below in relation.below:
            rows |= plain_rows(below.model._base_manager.filter(**{f"{below.field}__in": referring}))
    for by_key in models_by_key():
        named = {"record_kind": model.record_kind(), "record_key__in": [record.key for record in records]}
        rows |= plain_rows(by_key._base_manager.filter(**named))
    return rows


def differences(before: Rows, after: Rows) -> list[dict]:
    """Return the changes of each row: only changed fields, or all fields of an added or deleted row."""
    changes = []
    for label, number in sorted(before.keys() | after.keys()):
        old, new = before.get((label, number)), after.get((label, number))
        if old == new:
            continue
        if old is not None and new is not None:
            fields = [name for name in old if old[name] != new[name]]
            old, new = ({name: row[name] for name in fields} for row in (old, new))
        changes.append({"model": label, "number": number, "before": old, "after": new})
    return changes
