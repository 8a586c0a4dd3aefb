"""Taking somebody out of the directory who asked for it, out of its history too."""

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import JSONField, Q, TextField
from django.db.models.functions import Cast
from django.db.models.signals import pre_delete
from django.dispatch import receiver
from reversion.models import Revision, Version
from reversion.signals import post_revision_commit

from history.models import RecordChange
from sources.records import PublicationState

from .models import Person, PersonName, Position, PositionContact


def withhold(person):
    """Takes the person off the site and out of the history; the record stays so that no import brings them back."""
    person.withheld = True
    if person.publication_state == PublicationState.PUBLISHED:
        person.publication_state = PublicationState.ARCHIVED
    with transaction.atomic():
        person.save()
        RecordChange.objects.of_record(person).delete()
        erase_from_history(Person.objects.filter(pk=person.pk), Version.objects.all())


@receiver(post_revision_commit)
def keep_withheld_people_out(revision, **kwargs):
    """The forms of institutions and events put the posts and visits of everybody into their own history."""
    erase_from_history(Person.objects.withheld(), revision.version_set.all())


@receiver(pre_delete, sender=Person)
def forget_with_the_record(instance, **kwargs):
    """Somebody whom an import withheld may have versions from before: none of them brings them back."""
    if instance.withheld:
        erase_from_history(Person.objects.filter(pk=instance.pk), Version.objects.all())


def erase_from_history(people, versions):
    """Deletes the versions of these people and of every row that belongs to them, deleted rows included."""
    numbers = [str(number) for number in people.values_list("pk", flat=True)]
    if not numbers:
        return
    versions = versions.annotate(data=Cast("serialized_data", JSONField())).annotate(
        person_number=Cast("data__0__fields__person", TextField()),
        position_number=Cast("data__0__fields__position", TextField()),
    )
    posts = versions.filter(content_type=_content_type(Position), person_number__in=numbers)
    post_numbers = {*posts.values_list("object_id", flat=True)} | {
        str(number) for number in Position.objects.filter(person__in=people).values_list("pk", flat=True)
    }
    theirs = versions.filter(
        Q(content_type=_content_type(Person), object_id__in=numbers)
        | Q(person_number__in=numbers)
        | Q(position_number__in=post_numbers)
    )
    version_numbers = list(theirs.values_list("pk", flat=True))
    revisions = Revision.objects.filter(version__in=version_numbers)
    # A comment lists the rows that were changed, by name.
    Revision.objects.filter(pk__in=list(revisions.values_list("pk", flat=True))).update(comment="")
    Version.objects.filter(pk__in=version_numbers).delete()
    Revision.objects.filter(version=None).delete()
    if version_numbers:
        _erase_from_log(people)


def _erase_from_log(people):
    """Deletes what "recent actions" say about these people."""
    rows = {
        Person: people,
        PersonName: PersonName.objects.filter(person__in=people),
        Position: Position.objects.filter(person__in=people),
        PositionContact: PositionContact.objects.filter(position__person__in=people),
    }
    for model, records in rows.items():
        numbers = [str(number) for number in records.values_list("pk", flat=True)]
        LogEntry.objects.filter(content_type=_content_type(model), object_id__in=numbers).delete()


def _content_type(model):
    return ContentType.objects.get_for_model(model)
