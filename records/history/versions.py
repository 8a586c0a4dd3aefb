"""What the versions of a record say in words: which fields and rows one state has other than another."""

import contextlib
import json
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import reversion
from django.apps import apps
from django.contrib.admin.models import DELETION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.fields import ArrayField
from django.core import serializers
from django.core.exceptions import ObjectDoesNotExist
from django.core.paginator import Paginator
from django.db import IntegrityError, models, transaction
from django.db.models import F, Q, Window
from django.db.models.functions import Lag
from django.utils import formats
from django.utils.dateparse import parse_date
from django.utils.text import capfirst
from django.utils.translation import gettext
from reversion.models import Revision, Version

# Not documented: there is no public way to ask which fields and rows of a model are kept. tests/test_private_names.py
# names this place.
from reversion.revisions import _get_options

from languages.partial_dates import PartialDate, PartialDateField
from records.import_memory import fingerprint
from records.models import Checkable

# Not typed in any form, but what an editor did.
CHECK_FIELDS = {"checked_on", "check_method", "checked_by"}
REVISIONS_A_PAGE = 20


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
    lists = {name for name, value in fields.items() if isinstance(value, str) and value.startswith("[")}
    lists = {name for name in lists if isinstance(model._meta.get_field(name), ArrayField)}
    return fields | {name: json.loads(fields[name]) for name in lists}


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
    """Those entries that are the record itself or rows below it."""
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


# In words ------------------------------------------------------------------------------------------------------------


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


# Revisions of one record ---------------------------------------------------------------------------------------------


@dataclass
class RecordRevision:
    """One revision as far as it is about a record."""

    revision: Revision
    version: Version | None
    difference: Difference
    is_first: bool
    is_newest: bool = False

    @property
    def comment(self):
        """What the revision says of itself, unless that only lists the fields that are told anyway."""
        lists_fields = self.revision.comment.startswith("[")
        return "" if lists_fields and self.difference else self.revision.get_comment()


def revisions_page(record, page_number):
    """The page of a paginator with the newest revisions of the record, each with what it changed."""
    model = record._meta.concrete_model
    own = Q(content_type=ContentType.objects.get_for_model(model), object_id=str(record.pk))
    numbers = set(Version.objects.filter(own).values_list("revision", flat=True))
    row_keys = [key for key in present_entries(model, [record.pk]) if key[0] is not model]
    numbers |= _revisions_that_changed(row_keys)
    page = Paginator(sorted(numbers, reverse=True), REVISIONS_A_PAGE).get_page(page_number)
    page.object_list = _with_differences(record, list(page.object_list), row_keys)
    if page.object_list and page.number == 1:
        page.object_list[0].is_newest = True
    return page


def _revisions_that_changed(row_keys):
    """Revisions in which one of these rows is not as it was before: forms of other records may change a row too."""
    chosen = Q(pk=None)
    for model, primary_key in row_keys:
        chosen |= Q(content_type=ContentType.objects.get_for_model(model), object_id=primary_key)
    before = Window(
        Lag("serialized_data"), partition_by=[F("content_type"), F("object_id")], order_by=F("revision").asc()
    )
    # Found states come without an editor; what they say for the first time was there before.
    versions = Version.objects.filter(chosen).annotate(before=before)
    changed = versions.exclude(before=F("serialized_data")).exclude(before=None, revision__user=None)
    return set(changed.values_list("revision", flat=True))


def _with_differences(record, numbers, row_keys):
    if not numbers:
        return []
    model, key, names = record._meta.concrete_model, str(record.pk), RecordNames()
    by_revision = defaultdict(list)
    for version in Version.objects.filter(revision__in=numbers):
        by_revision[version.revision_id].append(version)
    revisions = Revision.objects.select_related("user").in_bulk(numbers)
    state = known_entries(model, key, row_keys, before=min(numbers))
    found = []
    for number in reversed(numbers):
        entries = entries_of(by_revision[number])
        own = next((v for v in by_revision[number] if (model_of(v), v.object_id) == (model, key)), None)
        after = belonging_to(entries, model, key) if own else state | {k: entries[k] for k in row_keys if k in entries}
        is_first = own is not None and (model, key) not in state
        changes = Difference() if is_first else difference(state, after, model, key, names)
        found.append(RecordRevision(revisions[number], own, changes, is_first))
        state = after
    return found[::-1]


def keep_found_state(record):
    """Puts the record into the history as it is, where an import or a program has left it other than it was there.

    What somebody does next stands apart from that then, and can be undone without it.
    """
    model = record._meta.concrete_model
    with reversion.create_revision():
        # One after another: the state of a form that is being saved right now is that form's own revision.
        locked = model._base_manager.select_for_update(no_key=True).filter(pk=record.pk).first()
        if locked is None:
            return
        present = present_entries(model, [record.pk])
        known = known_entries(model, record.pk, present)
        if (model, str(record.pk)) not in known:
            reversion.set_comment(gettext("State before the first edit."))
            reversion.add_to_revision(locked)
        elif difference(known, present, model, record.pk, RecordNames()):
            reversion.set_comment(gettext("Changed outside the editors' pages, by an import for example."))
            reversion.add_to_revision(locked)


# Bringing back -------------------------------------------------------------------------------------------------------


def versions_of_record(version):
    """The versions of the record and its rows among all that the revision holds."""
    versions = list(Version.objects.filter(revision=version.revision_id))
    own = belonging_to(entries_of(versions), model_of(version), version.object_id)
    return [each for each in versions if (model_of(each), each.object_id) in own]


def bring_back_needed(versions):
    """Bring back sources and the like to which restored records and rows refer, as after an import that was undone.

    Records with a page of their own come along only where the same revision made them and no editor deleted them.
    """
    restored = []
    for model, keys in _references(entries_of(versions)).items():
        gone = keys - {str(pk) for pk in model._base_manager.filter(pk__in=keys).values_list("pk", flat=True)}
        if hasattr(model, "publication_state"):
            beside = Version.objects.get_for_model(model).filter(revision__in={one.revision_id for one in versions})
            gone = gone.intersection(beside.values_list("object_id", flat=True)) - deletions(model, gone).keys()
        newest = latest_versions((model, key) for key in gone)
        restored += [version for version in newest if _is_brought_back(version)]
    for version in restored:
        rows = [own for own in versions_of_record(version) if own.pk != version.pk]
        if rows:
            bring_back_needed(rows)
        for row in rows:
            _is_brought_back(row)


def _references(entries) -> dict[type[models.Model], set[str]]:
    """Ids of the records of other models that have a history, to which these lead."""
    wanted = defaultdict(set)
    for (model, _key), entry in entries.items():
        for model_field in model._meta.concrete_fields:
            value = entry.fields.get(model_field.name)
            is_of_another = isinstance(model_field, models.ForeignKey) and model_field.related_model is not model
            if is_of_another and value is not None and reversion.is_registered(model_field.related_model):
                wanted[model_field.related_model].add(str(value))
    return wanted


def _is_brought_back(version) -> bool:
    with contextlib.suppress(IntegrityError, ObjectDoesNotExist), transaction.atomic():
        version.revert()
        return True
    return False


@dataclass
class RevertPreview:
    """What bringing a version back would change, and by which mark one knows that nothing changed since one looked."""

    version: Version
    difference: Difference
    fingerprint: str
    _then: Entries

    @classmethod
    def of(cls, record, version):
        now = present_entries(record, [record.pk])
        then = entries_of(versions_of_record(version))
        changes = difference(now, then, record, record.pk, RecordNames())
        for row in changes.rows:
            row.fields = [each for each in row.fields if each.model_field.name not in CHECK_FIELDS]
        changes.rows = [row for row in changes.rows if row.fields or row.what != "changed"]
        state = [[model._meta.label, *key, entry.fields] for (model, *key), entry in sorted_entries(now)]
        return cls(version, changes, fingerprint(state), then)

    def contacts(self):
        """The contacts that the version holds, as they are now."""
        keys = [key for key in self._then if issubclass(key[0], Checkable)]
        contacts = (model._base_manager.filter(pk=primary_key).first() for model, primary_key in keys)
        return [contact for contact in contacts if contact is not None]


def sorted_entries(entries: Entries):
    return sorted(entries.items(), key=lambda entry: (entry[0][0]._meta.label, entry[0][1]))


def deletions(model, object_ids):
    """The newest log entry of the deletion of each of these records, by primary key as text."""
    # The log tells proxies apart, the history doesn't.
    same = [each for each in apps.get_models() if each._meta.concrete_model is model._meta.concrete_model]
    types = ContentType.objects.get_for_models(*same, for_concrete_models=False).values()
    entries = LogEntry.objects.filter(action_flag=DELETION, content_type__in=types, object_id__in=object_ids)
    return {entry.object_id: entry for entry in entries.select_related("user").order_by("action_time")}


def name_deletions(model, versions):
    """Adds to each version of a deleted record the log entry of its deletion as `deletion`, or None."""
    by_key = deletions(model, [version.object_id for version in versions])
    for version in versions:
        version.deletion = by_key.get(version.object_id)
