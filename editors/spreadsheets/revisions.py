"""Revisions of many records at once: the same as django-reversion writes, with few queries for all."""

from collections.abc import Iterable

from django.contrib.contenttypes.models import ContentType
from django.core import serializers
from django.db import models
from django.utils import timezone
from reversion.models import Revision, Version

from institutions.models import Institution
from people.erasing import erase_records
from people.models import Person, Position
from records.history.entries import followed
from records.history.recording import note_public_changes_of_all


def _positions():
    posts = Position.objects.select_related("person", "institution")
    return models.Prefetch("positions", posts.prefetch_related("contacts", "older_sources__source"))


def with_rows(ids: Iterable[int]) -> models.QuerySet:
    """Return institutions with all related rows of their history, to avoid single queries."""
    rows = [name for name in followed(Institution) if name != "positions"]
    return Institution.objects.filter(pk__in=list(ids)).prefetch_related(*rows, "record_sources__source", _positions())


def people_with_rows(ids: Iterable[int]) -> models.QuerySet:
    rows = [name for name in followed(Person) if name != "positions"]
    return Person.objects.filter(pk__in=list(ids)).prefetch_related(*rows, "record_sources__source", _positions())


def _followed(record: models.Model) -> Iterable[models.Model]:
    yield record
    for name in followed(type(record)):
        for row in getattr(record, name).all():
            yield from _followed(row)


def remember(records: Iterable[list[models.Model]], *, user=None, comment: str, at=None, load=None) -> list[Revision]:
    """Write a revision for each group of records, with the rows below them; `load` collects the public changes."""
    groups = [
        list({(type(one), one.pk): one for record in group for one in _followed(record)}.values()) for group in records
    ]
    moment = at or timezone.now()
    revisions = Revision.objects.bulk_create(
        [Revision(date_created=moment, user=user, comment=comment) for _group in groups], batch_size=500
    )
    versions = [[_version(one, revision) for one in group] for revision, group in zip(revisions, groups, strict=True)]
    Version.objects.bulk_create([version for group in versions for version in group], batch_size=2000)
    # As the receivers of `post_revision_commit` do for each: public changes are stored, and withheld people erased.
    note_public_changes_of_all(zip(revisions, versions, strict=True), load)
    erase_records(Person.objects.withheld(), Version.objects.filter(revision__in=revisions))
    return revisions


def _version(record: models.Model, revision: Revision) -> Version:
    return Version(
        revision=revision,
        content_type=ContentType.objects.get_for_model(record),
        object_id=str(record.pk),
        db="default",
        format="json",
        serialized_data=serializers.serialize("json", [record]),
        object_repr=str(record),
    )
