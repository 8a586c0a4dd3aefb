"""Whoever asks not to be listed leaves every saved list at once, and all that lists remember."""

from django.utils.translation import gettext_lazy as _

from people.withholding import TRACES, Trace
from sources.models import MergedKey

from .models import ContactList


def _records(person):
    """How lists name the person: by the key, and by those of records that were merged into this one."""
    return [f"person/{key}" for key in (person.key, *MergedKey.objects.keys_of(person))]


def _find_lists(person):
    found = {found for record in _records(person) for found in ContactList.objects.remembering(record)}
    return sorted(map(str, found))


def _erase_from_lists(person):
    for record in _records(person):
        ContactList.objects.forget(record)
    return []


def add_traces():
    TRACES.append(Trace(_("Saved lists of visitors"), _find_lists, _erase_from_lists))
