"""Removal of withheld people from the history of records and from "recent actions"."""

import contextlib
import json

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.fields import ArrayField
from django.contrib.sessions.models import Session
from django.db import IntegrityError, models, transaction
from django.db.models import JSONField, Q, TextField
from django.db.models.functions import Cast
from django.db.models.signals import pre_delete
from django.dispatch import receiver
from reversion.models import Revision, Version
from reversion.signals import post_revision_commit

from records.models import ContactPoint

from .models import Person, PersonName, Position, PositionContact
from .withheld_names import LEFT_OUT, WithheldNames


@receiver(post_revision_commit)
def keep_withheld_people_out(revision, **kwargs):
    """Drop versions of withheld people's posts and visits; forms of institutions and events add them to the history."""
    erase_records(Person.objects.withheld(), revision.version_set.all())


@receiver(pre_delete, sender=Person)
def forget_with_the_record(instance, **kwargs):
    """Delete the versions of a deleted person whom an import withheld, so that none of them can be restored."""
    if instance.withheld:
        erase_records(Person.objects.filter(pk=instance.pk), Version.objects.all())


def erase_records(people, versions):
    """Delete the versions of these people and of every row that belongs to them, deleted rows included."""
    ids = [str(pk) for pk in people.values_list("pk", flat=True)]
    if not ids:
        return
    versions = versions.annotate(data=Cast("serialized_data", JSONField())).annotate(
        person_id=Cast("data__0__fields__person", TextField()),
        position_id=Cast("data__0__fields__position", TextField()),
    )
    posts = versions.filter(content_type=_content_type(Position), person_id__in=ids)
    post_ids = {*posts.values_list("object_id", flat=True)} | {
        str(pk) for pk in Position.objects.filter(person__in=people).values_list("pk", flat=True)
    }
    theirs = versions.filter(
        Q(content_type=_content_type(Person), object_id__in=ids) | Q(person_id__in=ids) | Q(position_id__in=post_ids)
    )
    version_ids = list(theirs.values_list("pk", flat=True))
    revisions = Revision.objects.filter(version__in=version_ids)
    # A comment lists the changed rows by name.
    Revision.objects.filter(pk__in=list(revisions.values_list("pk", flat=True))).update(comment="")
    Version.objects.filter(pk__in=version_ids).delete()
    Revision.objects.filter(version=None).delete()
    if version_ids:
        erase_log_of_records(people)


def erase_log_of_records(people):
    """Delete the entries of "recent actions" about these people."""
    rows = {
        Person: people,
        PersonName: PersonName.objects.filter(person__in=people),
        Position: Position.objects.filter(person__in=people),
        PositionContact: PositionContact.objects.filter(position__person__in=people),
    }
    for model, records in rows.items():
        ids = [str(pk) for pk in records.values_list("pk", flat=True)]
        LogEntry.objects.filter(content_type=_content_type(model), object_id__in=ids).delete()


def _content_type(model):
    return ContentType.objects.get_for_model(model)


# Names in what is said elsewhere --------------------------------------------------------------------------------------

# A record may be named after somebody, and a URL belongs to a page that other facts rely on: an editor decides.
NAMING_FIELDS = frozenset(
    {
        *("key", "slug", "name_en", "name_ru", "name_native", "sort_key_en", "sort_key_ru", "search_text"),
        *("body_name", "other_spellings", "url", "final_url", "snapshot_url", "record_key", "record_name"),
    }
)
# Lists of bodies, some of which are people: only a whole name is a person's.
LISTS_OF_BODIES = frozenset({"other_partners", "partners"})
# Where names stay: the list of withheld people, and people of the same name; whole names of bodies and works; editors'
# own accounts; tables written by programs only, which hold single words and keys.
STAYS_IN = {
    "people.personname": "text",
    **dict.fromkeys(
        ("institutions.institutionname", "institutions.programmename", "cooperation.eventname", "cooperation.filmname"),
        "text",
    ),
    "contacts.contactlist": "secret picked",
    "merging.merge": "kept_name merged_name",
    "sources.importedrecord": "kind key written",
    "corrections.correctionsender": "address_hash",
    "corrections.confirmationrequest": "secret_hash",
}
APPS_OF_THE_MACHINE = {"auth", "account", "accounts", "mfa", "contenttypes", "sessions", "search", "desk", "history"}
APPS_OF_THE_MACHINE.add("cisfilm")
# Rows that are deleted with the name in them, as their texts cannot be separated from it.
VANISHING = {"admin.logentry", "intake.rememberedheading", "intake.rememberedword"}


def erase_names(names: WithheldNames):
    """Remove the names from all texts of the database, including the history and the log of changes."""
    if not names:
        return
    for model in apps.get_models(include_auto_created=True):
        options = model._meta
        if options.proxy or not options.managed or options.app_label in APPS_OF_THE_MACHINE:
            continue
        if model is Version:
            _erase_from_history(names)
        elif fields := fields_that_may_name(model):
            _erase_from(model, fields, names)
    _erase_from_sessions(names)


def fields_that_may_name(model) -> list[str]:
    """Return the text, list and JSON columns that may name a withheld person."""
    kept = {*NAMING_FIELDS, *STAYS_IN.get(model._meta.label_lower, "").split()}
    texts = models.CharField | models.TextField | models.JSONField | ArrayField
    return [
        field.attname
        for field in model._meta.concrete_fields
        if isinstance(field, texts) and not field.choices and field.name not in kept
    ]


def _erase_from(model, fields, names):
    changed, vanishing = [], []
    for primary_key, *values in model._base_manager.values_list("pk", *fields).iterator():
        without = [_without(name, value, names) for name, value in zip(fields, values, strict=True)]
        if without == values:
            continue
        if model._meta.label_lower in VANISHING or _is_nothing_without(model, fields, values, without):
            vanishing.append(primary_key)
        else:
            changed.append((primary_key, dict(zip(fields, without, strict=True))))
    for primary_key, values in changed:
        try:
            with transaction.atomic():
                model._base_manager.filter(pk=primary_key).update(**values)
        except IntegrityError:
            # Without the name it repeats another row.
            vanishing.append(primary_key)
    model._base_manager.filter(pk__in=vanishing).delete()


def _is_nothing_without(model, fields, values, without):
    """Return whether the row is a contact that itself contains the person's name."""
    if not issubclass(model, ContactPoint):
        return False
    place = fields.index("value")
    return values[place] != without[place] and " " not in values[place]


def _erase_from_history(names):
    for version in Version.objects.iterator():
        (stored,) = json.loads(version.serialized_data)
        fields = stored["fields"]
        kept = {*NAMING_FIELDS, *STAYS_IN.get(stored["model"], "").split()}
        without = {name: value if name in kept else _without(name, value, names) for name, value in fields.items()}
        if any(value != fields[name] and value == LEFT_OUT for name, value in without.items()):
            # A row that only holds the name, such as a participant of an event, is deleted.
            version.delete()
            continue
        # The name of a record that belongs to another one stays.
        is_own = "name_en" in fields or stored["model"] in STAYS_IN
        title = version.object_repr if is_own else names.take_out(version.object_repr)
        if without != fields or title != version.object_repr:
            version.serialized_data = json.dumps([stored | {"fields": without}], ensure_ascii=False)
            version.object_repr = title
            version.save(update_fields=["serialized_data", "object_repr"])


def _without(field, value, names):
    # The history stores a list as text.
    if isinstance(value, str) and value.startswith("["):
        with contextlib.suppress(ValueError):
            items = json.loads(value)
            without = _without(field, items, names)
            return value if without == items else json.dumps([one for one in without if one != LEFT_OUT])
    if field in LISTS_OF_BODIES and isinstance(value, list):
        return [body for body in value if not names.find_exactly(body)]
    return names.take_out_of(value, NAMING_FIELDS)


def _erase_from_sessions(names):
    """Remove the names from sessions, which store form data and messages until they are shown."""
    for session in Session.objects.iterator():
        kept = session.get_decoded()
        without = names.take_out_of(kept, frozenset({"my_list"}))
        if without != kept:
            session.session_data = Session.get_session_store_class()().encode(without)
            session.save(update_fields=["session_data"])
