"""Withholding of a person on request."""

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from reversion.models import Version

from people.erasing import erase_log_of_records, erase_names, erase_records
from people.models import Person, PositionContact
from people.withheld_names import WithheldNames
from records.base import PublicationState
from records.history.models import RecordChange
from records.models import ImportedRecord, LinkCheck, Source

from . import corrections, events_and_films, merges, proposals, saved_lists, spreadsheets
from .kept_outside import keep_outside

# Fields that stay: those that identify the person, the reserved slug, and the reason.
KEPT = {
    *("id", "key", "slug", "name_en", "name_ru", "name_native", "native_language", "sort_key_en", "sort_key_ru"),
    *("search_words", "search_text", "publication_state", "created_at", "updated_at"),
    *("withheld", "withheld_on", "withheld_reason", "withheld_note"),
}


ERASERS = [
    *events_and_films.ERASERS,
    *saved_lists.ERASERS,
    *corrections.ERASERS,
    *proposals.ERASERS,
    *merges.ERASERS,
    *spreadsheets.ERASERS,
]


def what_vanishes(person: Person) -> list[tuple[str, list[str]]]:
    """Return what withholding this person deletes, as text, by place."""
    posts = person.positions.select_related("institution").prefetch_related("contacts")
    own = [
        (_("Posts"), [f"{post.title_en}, {post.institution or post.body_name}" for post in posts]),
        (_("Contacts of posts"), [str(contact) for post in posts for contact in post.contacts.all()]),
        (_("Sources, unless other records use them"), [str(source) for source in _sources_of(person)]),
    ]
    found = [*own, *((eraser.label, eraser.find(person)) for eraser in ERASERS)]
    return [(label, lines) for label, lines in found if lines]


def full_names(person: Person) -> list[str]:
    """Return the names that mean only this person in texts: a given name alone is too common."""
    names = sorted({name.text for name in person.names_to_search() if name.text})
    return [name for name in names if len(name.split()) > 1] or names


def withhold(person: Person, *, reason: str, note: str = ""):
    """Remove the person from every page, file, list and history. Only what is needed to refuse them later stays."""
    with transaction.atomic():
        erase_records(Person.objects.filter(pk=person.pk), Version.objects.all())
        erase_log_of_records(Person.objects.filter(pk=person.pk))
        forget_names(person)
        links = PositionContact.objects.filter(position__person=person).values("value")
        LinkCheck.objects.filter(url__in=links).delete()
        sources = _sources_of(person)
        _erase_rows(person)
        _erase_fields(person)
        person.withheld = True
        person.withheld_on = timezone.localdate()
        person.withheld_reason = reason
        person.withheld_note = note
        person.publication_state = PublicationState.ARCHIVED
        person.save()
        ImportedRecord.objects.filter(kind=Person.record_kind(), key=person.key).delete()
        _erase_sources(sources)
        RecordChange.objects.of_record(person).delete()
        transaction.on_commit(keep_outside)


def forget_names(person: Person):
    """Remove the person from all other records; called again when another spelling becomes known."""
    with transaction.atomic():
        for eraser in ERASERS:
            eraser.erase(person)
        erase_names(WithheldNames([person]))


def _erase_rows(person):
    """Delete everything related to the record in all packages; other names stay, without their sources."""
    for relation in Person._meta.related_objects:
        if relation.name != "other_names":
            relation.related_model._base_manager.filter(**{relation.field.name: person}).delete()
    person.other_names.update(source=None, since=None, until=None)


def _sources_of(person):
    """Return the pages with statements about the person: most of their titles contain the name."""
    lookups = ["positions__source", "positions__older_sources__source", "positions__contacts__source"]
    lookups += ["record_sources__source", "other_names__source"]
    numbers = set()
    for lookup in lookups:
        numbers |= set(Person.objects.filter(pk=person.pk).values_list(lookup, flat=True))
    return list(Source.objects.filter(pk__in=numbers))


def _erase_sources(sources):
    """Delete sources that nothing else uses."""
    for source in sources:
        number, url = source.pk, source.url
        try:
            with transaction.atomic():
                source.delete()
        except models.ProtectedError:
            continue
        Version.objects.get_for_object_reference(Source, number).delete()
        ImportedRecord.objects.filter(kind="source", key=url).delete()
        LinkCheck.objects.filter(url=url).delete()


def _erase_fields(person):
    for field in Person._meta.concrete_fields:
        if field.name not in KEPT:
            setattr(person, field.attname, field.get_default())
