"""Whoever asks not to be listed leaves every saved list at once, and all that lists remember."""

from django.utils.translation import gettext_lazy as _

from people.withholding import TRACES, Trace

from .models import ContactList


def _record(person):
    return f"person/{person.key}"


def _find_lists(person):
    return [str(contact_list) for contact_list in ContactList.objects.remembering(_record(person))]


def _erase_from_lists(person):
    ContactList.objects.forget(_record(person))
    return []


def add_traces():
    TRACES.append(Trace(_("Saved lists of visitors"), _find_lists, _erase_from_lists))
