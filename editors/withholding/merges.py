"""Eraser of withheld people from the data of merges."""

from django.utils.translation import gettext_lazy as _

from editors.merging.models import Merge
from people.models import Position
from people.withheld_names import WithheldNames

from .eraser import Eraser

ERASED = "…"


def _find_merges(person):
    return [str(merge) for merge in Merge.objects.about(person)]


def _erase_from_merges(person):
    Merge.objects.about(person).update(changes=[], kept_name=ERASED, merged_name=ERASED)
    for merge in Merge.objects.filter(record_kind="institution"):
        _erase_rows_of(person, merge)
    _forget_texts_with(person)


def _forget_texts_with(person):
    """Make merges of others with a text that names the person, such as a description, permanent."""
    names = WithheldNames([person])
    numbers = [merge.pk for merge in Merge.objects.exclude(changes=[]) if names.are_named_in(merge.changes)]
    Merge.objects.filter(pk__in=numbers).update(changes=[])


def _erase_rows_of(person, merge):
    """Remove the rows of the person from the undo data of a merge of institutions."""
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


ERASERS = [
    Eraser(_("Merges, which then can't be undone"), _find_merges, _erase_from_merges),
]
