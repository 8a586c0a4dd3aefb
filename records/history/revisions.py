"""The revisions of one record, each with what it changed; the state in which an editor finds a record."""

from collections import defaultdict
from dataclasses import dataclass

import reversion
from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Paginator
from django.db.models import F, Q, Window
from django.db.models.functions import Lag
from django.utils.translation import gettext
from reversion.models import Revision, Version

from .differences import Difference, RecordNames, difference
from .entries import belonging_to, entries_of, known_entries, model_of, present_entries

REVISIONS_A_PAGE = 20


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
        """Return the comment of the revision, or "" if it only lists fields that the differences name."""
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
