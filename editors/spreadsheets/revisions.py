"""Revisions of many records at once: the same as django-reversion writes, with few queries for all."""

from collections.abc import Iterable, Iterator

from django.contrib.contenttypes.models import ContentType
from django.core import serializers
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models
from django.utils import timezone
from reversion.models import Revision, Version

from institutions.models import Institution
from people.erasing import erase_records
from people.models import Person, Position
from records.history.entries import followed
from records.history.recording import note_public_changes_of_all

JSON = DjangoJSONEncoder(ensure_ascii=False)


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
    versions = [list(_versions(group, revision)) for revision, group in zip(revisions, groups, strict=True)]
    _store(version for group in versions for version in group)
    # As the receivers of `post_revision_commit` do for each: public changes are stored, and withheld people erased.
    note_public_changes_of_all(zip(revisions, versions, strict=True), load)
    erase_records(Person.objects.withheld(), Version.objects.filter(revision__in=revisions))
    return revisions


def _store(versions: Iterable[Version]):
    """Write the versions, without giving them their ids: an INSERT of so many takes several times as long."""
    columns = ["revision_id", "content_type_id", "object_id", "db", "format", "serialized_data", "object_repr"]
    statement = f"COPY {Version._meta.db_table} ({', '.join(columns)}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for version in versions:
            copy.write_row([getattr(version, column) for column in columns])


def _versions(records: list[models.Model], revision: Revision) -> Iterator[Version]:
    # As the serializer of JSON writes each, which takes longer to make a serializer than to use it.
    for record, data in zip(records, serializers.serialize("python", records), strict=True):
        yield Version(
            revision=revision,
            content_type=ContentType.objects.get_for_model(record),
            object_id=str(record.pk),
            db="default",
            format="json",
            serialized_data=f"[{JSON.encode(data)}]\n",
            object_repr=str(record),
        )
