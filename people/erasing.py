"""Taking people out of what the site remembers: the history of records, and what "recent actions" say."""

import contextlib
import functools
import json
import operator
import re

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import JSONField, Q, TextField
from django.db.models.functions import Cast
from django.dispatch import receiver
from reversion.models import Revision, Version
from reversion.signals import post_revision_commit

from .models import Person, PersonName, Position, PositionContact

# Stands in an old text where a name stood.
LEFT_OUT = "…"


@receiver(post_revision_commit)
def keep_withheld_people_out(revision, **kwargs):
    """The forms of institutions and events put the posts and visits of everybody into their own history."""
    erase_records(Person.objects.withheld(), revision.version_set.all())


def erase_records(people, versions):
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
        erase_log_of_records(people)


def erase_log_of_records(people):
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


# Names in what is remembered of other records -------------------------------------------------------------------------


def erase_names(names, is_theirs):
    """Takes the names out of the history of all other records and out of the log of changes.

    `is_theirs` knows further spellings, in lists of names.
    """
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(names, key=len, reverse=True)))})(?!\w)", re.I)
    for version in _perhaps_naming(Version, ["serialized_data", "object_repr"], names):
        _erase_from_version(version, pattern, is_theirs)
    for revision in _perhaps_naming(Revision, ["comment"], names):
        revision.comment = pattern.sub(LEFT_OUT, revision.comment)
        revision.save(update_fields=["comment"])
    for entry in _perhaps_naming(LogEntry, ["object_repr", "change_message"], names):
        if pattern.search(f"{entry.object_repr} {_unescaped(entry.change_message)}"):
            entry.delete()


def _perhaps_naming(model, fields, names):
    """Rows with all words of a name in one of the fields, and those with escaped letters, of which nobody can tell."""
    conditions = Q()
    for field in fields:
        conditions |= Q(**{f"{field}__contains": "\\u"})
        for name in names:
            words = [Q(**{f"{field}__icontains": json.dumps(word, ensure_ascii=False)[1:-1]}) for word in name.split()]
            conditions |= functools.reduce(operator.and_, words)
    return model.objects.filter(conditions).iterator()


def _unescaped(message):
    """What the log says, which keeps lists of changes as JSON."""
    try:
        return json.dumps(json.loads(message), ensure_ascii=False)
    except ValueError:
        return message


def _erase_from_version(version, pattern, is_theirs):
    (stored,) = json.loads(version.serialized_data)
    texts = {field: value for field, value in stored["fields"].items() if isinstance(value, str)}
    if any(pattern.fullmatch(text) for text in texts.values()):
        # A row that is about the name alone, such as somebody at an event, is nothing without it.
        version.delete()
        return
    stored["fields"] |= {field: _without_names(text, pattern, is_theirs) for field, text in texts.items()}
    version.serialized_data = json.dumps([stored], ensure_ascii=False)
    version.object_repr = pattern.sub(LEFT_OUT, version.object_repr)
    version.save(update_fields=["serialized_data", "object_repr"])


def _without_names(text, pattern, is_theirs):
    # The history keeps a list as the text of one.
    if text.startswith("["):
        with contextlib.suppress(ValueError):
            items = json.loads(text)
            return json.dumps(
                [item for item in items if not (isinstance(item, str) and (pattern.fullmatch(item) or is_theirs(item)))]
            )
    return pattern.sub(LEFT_OUT, text)
