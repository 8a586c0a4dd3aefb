"""Eraser of withheld people from corrections."""

from urllib.parse import unquote

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cooperation.models import Participation
from people.models import Person, PersonName, Position
from people.withheld_names import WithheldNames
from records.kinds import kinds
from visitors.corrections.models import Correction

from .eraser import Eraser

# Fields of a correction written by readers and editors.
WORDS = ("page", "value_then", "wrong", "proposed", "proof_url", "email", "reason")


def _find_corrections(person):
    return [str(correction) for correction in _about(person)]


def _erase_corrections(person):
    _about(person).delete()


def _about(instance):
    """Return corrections about the person or naming them."""
    rows = {
        "post": Position.objects.filter(person=instance),
        "participation": Participation.objects.filter(person=instance),
        "name": PersonName.objects.filter(person=instance),
    }
    about = Q(record_kind=Person.record_kind(), record_key=instance.key)
    for name, queryset in rows.items():
        for number in queryset.values_list("pk", flat=True):
            shown_on = [Person.record_kind()] if name == "name" else list(kinds())
            about |= Q(record_kind__in=shown_on, fact__startswith=f"{name}/{number}/")
    return Correction.objects.filter(about | Q(pk__in=_naming(instance)))


def _naming(person):
    """Return corrections that name the person in the reader's own words, in any spelling, or by a link."""
    names = WithheldNames([person])
    rows = Correction.objects.values_list("pk", *WORDS).iterator()
    return [number for number, *texts in rows if any(names.are_named_in(unquote(text)) for text in texts)]


ERASERS = [
    Eraser(_("Corrections from readers"), _find_corrections, _erase_corrections, Correction),
]
