"""Eraser of withheld people from saved lists and their snapshots."""

from urllib.parse import parse_qsl, urlencode

from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils.translation import gettext_lazy as _

from exports.models import ContactList
from exports.my_list import SESSION_KEY
from people.withheld_names import WithheldNames
from records.models import MergedKey

from .eraser import Eraser


def _records(person):
    """Return how lists name the person: by the key, and by the keys of records merged into this one."""
    return [f"person/{key}" for key in (person.key, *MergedKey.objects.keys_of(person))]


def _find_lists(person):
    found = {found for record in _records(person) for found in ContactList.objects.remembering(record)}
    return sorted(map(str, found))


def _erase_from_lists(person):
    records = _records(person)
    for record in records:
        ContactList.objects.forget(record)
    _erase_from_queries(person)
    for session in Session.objects.iterator():
        kept = session.get_decoded()
        if set(records) & set(kept.get(SESSION_KEY, ())):
            kept[SESSION_KEY] = [record for record in kept[SESSION_KEY] if record not in records]
            session.session_data = SessionStore().encode(kept)
            session.save(update_fields=["session_data"])


def _erase_from_queries(person):
    """Remove the name from search texts in the filters of saved lists, and from what visitors call the lists."""
    names = WithheldNames([person])
    for number, name in ContactList.objects.exclude(name="").values_list("pk", "name").iterator():
        if names.are_named_in(name):
            ContactList.objects.filter(pk=number).update(name=names.take_out(name))
    for number, query in ContactList.objects.exclude(query="").values_list("pk", "query").iterator():
        filters = parse_qsl(query)
        kept = [(name, value) for name, value in filters if not names.are_named_in(value)]
        if kept != filters:
            ContactList.objects.filter(pk=number).update(query=urlencode(kept))


ERASERS = [
    Eraser(_("Saved lists of visitors"), _find_lists, _erase_from_lists),
]
