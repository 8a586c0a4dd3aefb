"""Bringing back what a record was: an earlier version of it, or the record itself after it was deleted."""

from django.db.models import Prefetch, prefetch_related_objects
from django.utils.translation import gettext_lazy as _
from reversion.models import Version

from records.history.bringing_back import versions_of_record
from records.history.entries import fields_of
from records.models import MergedKey, PastSlug


def narrow_revision(version):
    """Keep the revision of a version to the record and its rows.

    It may hold more than that, such as the record of a row: that one has a history of its own.
    """
    own = Version.objects.filter(pk__in=[each.pk for each in versions_of_record(version)])
    prefetch_related_objects([version.revision], Prefetch("version_set", own))


def keep_past_slug(before):
    """Keep the address that the record had before an earlier version of it came back with another one."""
    slug = getattr(before, "slug", None)
    if slug and not type(before)._base_manager.filter(pk=before.pk, slug=slug).exists():
        PastSlug.objects.get_or_create(record_kind=before.record_kind(), slug=slug, defaults={"record_key": before.key})


def taken_meanwhile(model, version):
    """Return why the deleted record can't come back beside one that has its key or address now, or None."""
    fields = fields_of(version)
    kind = model._meta.concrete_model._meta.model_name
    if MergedKey.objects.filter(record_kind=kind, key=fields.get("key")).exists():
        return _("The key of this record belongs to another one now: the two were merged. Undo the merge instead.")
    for field in model._meta.concrete_fields:
        value = fields.get(field.name)
        if field.unique and value and model._base_manager.filter(**{field.name: value}).exists():
            words = {"record": version.object_repr, "field": field.verbose_name, "value": value}
            return _("“%(record)s” can't be restored: another record now has its %(field)s: %(value)s.") % words
    return None
