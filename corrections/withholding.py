"""Whoever asks not to be listed leaves what readers wrote as well."""

from django.db.models import Q
from django.db.models.signals import post_save
from django.dispatch import receiver

from cooperation.models import Participation
from people.models import Person, PersonName, Position

from .models import Correction, RecordKind


@receiver(post_save, sender=Person)
def forget_corrections_about_withheld_person(instance, **kwargs):
    # A signal, since the room of people does not know that there are corrections.
    if not instance.withheld:
        return
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
    Correction.objects.filter(about).delete()
