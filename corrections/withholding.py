"""Whoever asks not to be listed leaves what readers wrote as well."""

from django.db.models import Q
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _

from cooperation.models import Participation
from people.models import Person, PersonName, Position
from people.withholding import TRACES, Trace

from .models import Correction, RecordKind


@receiver(post_save, sender=Person)
def forget_corrections_about_withheld_person(instance, **kwargs):
    # A signal besides the trace, since an import withholds people by saving them.
    if instance.withheld:
        _about(instance).delete()


def add_traces():
    TRACES.append(Trace(_("Corrections from readers"), _find_corrections, _erase_corrections, Correction))


def _find_corrections(person):
    return [str(correction) for correction in _about(person)]


def _erase_corrections(person):
    _about(person).delete()
    return []


def _about(instance):
    """What readers wrote about the person or naming them."""
    rows = {
        "post": Position.objects.filter(person=instance),
        "participation": Participation.objects.filter(person=instance),
        "name": PersonName.objects.filter(person=instance),
    }
    about = Q(record_kind=RecordKind.PERSON, record_key=instance.key)
    for name, queryset in rows.items():
        for number in queryset.values_list("pk", flat=True):
            kinds = [RecordKind.PERSON] if name == "name" else RecordKind.values
            about |= Q(record_kind__in=kinds, fact__startswith=f"{name}/{number}/")
    # What readers wrote in their own words may name them too.
    for name in {instance.name_en, instance.name_ru, instance.name_native} - {""}:
        about |= Q(wrong__icontains=name) | Q(proposed__icontains=name) | Q(value_then__icontains=name)
    return Correction.objects.filter(about)
