"""Taking people out of what the site remembers: the history of records, and what "recent actions" say."""

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
    """The forms of institutions and events put the posts and visits of everybody into their own history."""
    erase_records(Person.objects.withheld(), revision.version_set.all())


@receiver(pre_delete, sender=Person)
def forget_with_the_record(instance, **kwargs):
    """Somebody whom an import withheld may have versions from before: none of them brings them back."""
    if instance.withheld:
        erase_records(Person.objects.filter(pk=instance.pk), Version.objects.all())


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


# Names in what is said elsewhere --------------------------------------------------------------------------------------

# A record may be named after somebody, and an address is that of a page on which other facts rest: an editor decides.
NAMING_FIELDS = frozenset(
    {
        *("key", "slug", "name_en", "name_ru", "name_native", "sort_key_en", "sort_key_ru", "search_text"),
        *("body_name", "other_spellings", "url", "final_url", "snapshot_url", "record_key", "record_name"),
    }
)
# Lists of bodies, some of which are people: only a whole name is a person's.
LISTS_OF_BODIES = frozenset({"other_partners", "partners"})
# Where a name stays besides: the list of those who asked not to be listed, and people of the same name; whole names of
# bodies and works; editors' own accounts; what only the machine writes, which holds single words and keys.
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
# Rows that are nothing without the name in them; the reader's or editor's words in them can't be told apart from it.
VANISHING = {"admin.logentry", "intake.rememberedheading", "intake.rememberedword"}


def erase_names(names: WithheldNames):
    """Take the names out of all texts of the database, the history and the log of changes among them."""
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
    """The columns of texts, lists and JSON in which somebody may be named who is not to be."""
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
            # Without the name it says what another row says already.
            vanishing.append(primary_key)
    model._base_manager.filter(pk__in=vanishing).delete()


def _is_nothing_without(model, fields, values, without):
    """Whether it is a way to reach somebody whose address itself names the person."""
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
            # A row that is about the name alone, such as somebody at an event, is nothing without it.
            version.delete()
            continue
        # The name of a record that is another one's is its own.
        is_own = "name_en" in fields or stored["model"] in STAYS_IN
        title = version.object_repr if is_own else names.take_out(version.object_repr)
        if without != fields or title != version.object_repr:
            version.serialized_data = json.dumps([stored | {"fields": without}], ensure_ascii=False)
            version.object_repr = title
            version.save(update_fields=["serialized_data", "object_repr"])


def _without(field, value, names):
    # The history keeps a list as the text of one.
    if isinstance(value, str) and value.startswith("["):
        with contextlib.suppress(ValueError):
            items = json.loads(value)
            without = _without(field, items, names)
            return value if without == items else json.dumps([one for one in without if one != LEFT_OUT])
    if field in LISTS_OF_BODIES and isinstance(value, list):
        return [body for body in value if not names.find_exactly(body)]
    return names.take_out_of(value, NAMING_FIELDS)


def _erase_from_sessions(names):
    """What visitors and editors typed or were told: messages wait in the session until they are shown."""
    for session in Session.objects.iterator():
        kept = session.get_decoded()
        without = names.take_out_of(kept, frozenset({"my_list"}))
        if without != kept:
            session.session_data = Session.get_session_store_class()().encode(without)
            session.save(update_fields=["session_data"])
