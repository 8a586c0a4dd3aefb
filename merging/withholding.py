"""Whoever asks not to be listed leaves what merges remember, too."""

from django.db.models import TextField
from django.db.models.functions import Cast
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _

from people.models import Person, Position
from people.withholding import TRACES, Trace

from .models import Merge

ERASED = "…"


@receiver(post_save, sender=Person)
def take_withheld_person_out_of_merges(instance, raw=False, **kwargs):
    # A signal besides the trace, since an import withholds people by saving them.
    if instance.withheld:
        _erase_from_merges(instance)


def add_traces():
    TRACES.append(Trace(_("Merges, which then can't be undone"), _find_merges, _erase_from_merges))


def _find_merges(person):
    return [str(merge) for merge in Merge.objects.about(person)]


def _erase_from_merges(person):
    Merge.objects.about(person).update(changes=[], kept_name=ERASED, merged_name=ERASED)
    for merge in Merge.objects.filter(record_kind="institution"):
        _erase_rows_of(person, merge)
    _forget_texts_with(person)
    return []


def _forget_texts_with(person):
    """A text that names the person, such as a description, makes a merge of others one that can't be undone."""
    as_text = Merge.objects.annotate(text=Cast("changes", TextField()))
    for name in {name.text for name in person.names_to_search()}:
        # A given name alone would mean many.
        if len(name.split()) > 1:
            as_text.filter(text__icontains=name).update(changes=[])


def _erase_rows_of(person, merge):
    """Takes the rows of the person out of what it takes to undo a merge of institutions."""
    posts = set(Position.objects.filter(person=person).values_list("pk", flat=True))
    posts |= {
        change["number"]
        for change in merge.changes
        if change["model"] == Position._meta.label and _mentions(change, "person", {person.pk})
    }
    remaining = [
        change
        for change in merge.changes
        if not (
            (change["model"] == Position._meta.label and change["number"] in posts)
            or _mentions(change, "person", {person.pk})
            or _mentions(change, "position", posts)
        )
    ]
    if remaining != merge.changes:
        merge.changes = remaining
        merge.save(update_fields=["changes"])


def _mentions(change, field, numbers):
    return any((state or {}).get(field) in numbers for state in (change["before"], change["after"]))
