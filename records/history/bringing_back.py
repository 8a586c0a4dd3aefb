"""Bringing back an earlier version of a record, or a deleted record, with all that it needs."""

import contextlib
from collections import defaultdict
from dataclasses import dataclass

import reversion
from django.apps import apps
from django.contrib.admin.models import DELETION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, models, transaction
from reversion.models import Version

from records.checks import Checkable
from records.import_memory import fingerprint

from .differences import CHECK_FIELDS, Difference, RecordNames, difference
from .entries import Entries, belonging_to, entries_of, latest_versions, model_of, present_entries


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
    """Changes that bringing back a version would make, with a fingerprint of the present state."""

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
