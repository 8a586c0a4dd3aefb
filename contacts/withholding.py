"""Whoever asks not to be listed leaves every saved list at once, and all that lists remember."""

from django.db.models.signals import post_save
from django.dispatch import receiver

from people.models import Person
from sources.models import MergedKey

from .models import ContactList


@receiver(post_save, sender=Person)
def take_withheld_person_out_of_lists(instance, **kwargs):
    # A signal, since the room of people does not know that there are lists.
    if instance.withheld:
        for key in [instance.key, *MergedKey.objects.keys_of(instance)]:
            ContactList.objects.forget(f"person/{key}")
