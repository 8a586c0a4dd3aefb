"""States of a record with its rows: as the history holds them, and as they are now."""

import json
from collections import defaultdict
from functools import cache
from typing import Any, NamedTuple

import reversion
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.fields import ArrayField
from django.core import serializers
from django.db import models
from django.db.models import Q
from reversion.models import Version

# Not documented: there is no public way to ask which fields and rows of a model are kept. tests/test_private_names.py
# names this place.
from reversion.revisions import _get_options


class Entry(NamedTuple):
    """One record or row as it was: its fields as they are serialized, and its name."""

    fields: dict[str, Any]
    name: str


# A record with its rows, or all that one revision holds, by model and primary key as text.
Entries = dict[tuple[type[models.Model], str], Entry]


def model_of(version) -> type[models.Model]:
    """Return the model of the record or row; without a query, unlike the foreign key."""
    return ContentType.objects.get_for_id(version.content_type_id).model_class()


def followed(model) -> tuple[str, ...]:
    """Return the names of the relations by which a record leads to the rows that belong to it."""
    return _get_options(model).follow if reversion.is_registered(model) else ()


def rows_of(model):
    """The rows that belong to the model's records: their model, and the name of their foreign key to the record."""
    relations = [model._meta.get_field(name) for name in followed(model)]
    return [(relation.related_model, relation.field.name) for relation in relations]


def fields_of(version):
    """The record's own fields in that version, as they are serialized."""
    (data,) = json.loads(version.serialized_data)
    return data["fields"]


def entries_of(versions) -> Entries:
    entries = {}
    for version in versions:
        model = model_of(version)
        entries[model, version.object_id] = Entry(_plain(model, fields_of(version)), version.object_repr)
    return entries


def _plain(model, fields):
    """The fields with their lists as lists: the serializer writes them as text."""
    texts = {name: text for name in _array_fields(model) if isinstance(text := fields.get(name), str)}
    return fields | {name: json.loads(text) for name, text in texts.items() if text.startswith("[")}


@cache
def _array_fields(model) -> list[str]:
    return [field.name for field in model._meta.fields if isinstance(field, ArrayField)]


def present_entries(model, primary_keys) -> Entries:
    """The records as they are now, with their rows, at one query a kind of row."""
    model = model._meta.concrete_model
    # A row is named after the records that it ties together.
    related = [model_field.name for model_field in model._meta.fields if model_field.is_relation]
    records = model._base_manager.filter(pk__in=primary_keys)
    records = list(records.select_related(*related) if related else records)
    written = json.loads(serializers.serialize("json", records, fields=_get_options(model).fields))
    entries = {
        (model, str(record.pk)): Entry(_plain(model, data["fields"]), str(record))
        for record, data in zip(records, written, strict=True)
    }
    for row_model, foreign_key in rows_of(model):
        rows = row_model._default_manager.filter(**{f"{foreign_key}__in": primary_keys})
        if hasattr(rows, "kept_in_history"):
            rows = rows.kept_in_history()
        row_keys = list(rows.values_list("pk", flat=True))
        if row_keys:
            entries |= present_entries(row_model, row_keys)
    return entries


def belonging_to(entries: Entries, model, primary_key) -> Entries:
    """Return the entries of the record itself and of rows below it."""
    key = (model._meta.concrete_model, str(primary_key))
    own = {key: entries[key]} if key in entries else {}
    for row_model, foreign_key in rows_of(model):
        for row_key, row in entries.items():
            if row_key[0] is row_model and str(row.fields.get(foreign_key)) == str(primary_key):
                own |= belonging_to(entries, *row_key)
    return own


def latest_versions(keys, *, before=None):
    """The newest version of each of these records and rows, from revisions before the one with this number."""
    chosen = Q(pk=None)
    by_model = defaultdict(list)
    for model, primary_key in keys:
        by_model[model].append(primary_key)
    for model, primary_keys in by_model.items():
        chosen |= Q(content_type=ContentType.objects.get_for_model(model), object_id__in=primary_keys)
    versions = Version.objects.filter(chosen)
    if before is not None:
        versions = versions.filter(revision__lt=before)
    return versions.order_by("content_type_id", "object_id", "-revision_id").distinct("content_type_id", "object_id")


def known_entries(model, primary_key, keys=(), *, before=None) -> Entries:
    """The state of the record as the history knows it: its newest whole version, and later ones of its rows."""
    whole = latest_versions([(model._meta.concrete_model, str(primary_key))], before=before).first()
    entries = {}
    if whole is not None:
        versions = Version.objects.filter(revision=whole.revision_id)
        entries = belonging_to(entries_of(versions), model, primary_key)
    rows = latest_versions([*entries, *keys], before=before)
    if whole is not None:
        rows = rows.filter(revision__gte=whole.revision_id)
    return entries | entries_of(rows)
