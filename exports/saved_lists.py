"""Saving a list, finding its rows again, and remembering what was taken away."""

from typing import Any

from django.db import connection
from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from exports.lists import HandPickedList, InstitutionsList, PeopleList
from institutions.filters import SECTIONS, institution_filterset
from people.filters import person_filterset
from records.models import MergedKey

from .changes import LONGEST_SAVED_LIST, Changes, changes_since, snapshot_of
from .models import LONGEST_QUERY, ContactList, ListOrigin, hashed, new_secret


class ListTooLong(Exception):
    """The list has more rows than can be remembered."""


def filterset_of(origin: str, query: str):
    """The filter set of a list by filters, as on the list's own page; None for one chosen by hand."""
    if origin == ListOrigin.HAND:
        return None
    if origin == ListOrigin.PEOPLE:
        return person_filterset(QueryDict(query))
    return institution_filterset(QueryDict(query), origin)


def source_of(contact_list: ContactList) -> Any:
    """Return the source of the list's rows; see lists.py."""
    if contact_list.origin == ListOrigin.HAND:
        present = MergedKey.objects.present_records(contact_list.picked)
        return HandPickedList(tuple(record.split("/")) for record in dict.fromkeys(present.values()))
    filterset = filterset_of(contact_list.origin, contact_list.query)
    if contact_list.origin == ListOrigin.PEOPLE:
        return PeopleList(filterset.qs, filterset.posts(filterset.cleaned), filterset.cleaned.get("on"))
    return InstitutionsList(filterset.qs)


def title_of(contact_list: ContactList) -> str:
    """Return the name that the visitor gave, else what the list is of."""
    if contact_list.name:
        return contact_list.name
    if contact_list.origin == ListOrigin.HAND:
        return str(_("List made by hand"))
    return str(_("People") if contact_list.origin == ListOrigin.PEOPLE else SECTIONS[contact_list.origin].title)


def filters_of(contact_list: ContactList) -> dict[str, list[str]]:
    """The values of each filter that is set, by its label."""
    filterset = filterset_of(contact_list.origin, contact_list.query)
    values = {}
    for chip in filterset.chips if filterset is not None else ():
        values.setdefault(chip.label, []).append(chip.value_label)
    return values


def save_list(origin: str, *, name: str = "", query: str = "", picked: list[str] = ()) -> tuple[ContactList, str]:
    """The new list and the owner's secret, of which only a hash is kept.

    Raises ListTooLong.
    """
    if len(query) > LONGEST_QUERY:
        raise ListTooLong
    owner_secret = new_secret()
    contact_list = ContactList(
        origin=origin, name=name, query=query, picked=list(picked), owner_hash=hashed(owner_secret)
    )
    if source_of(contact_list).count("both") > LONGEST_SAVED_LIST:
        raise ListTooLong
    remember(contact_list)
    return contact_list, owner_secret


def may_write() -> bool:
    """Return whether the database takes changes: a standby serves pages and lists, and remembers nothing of that."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW transaction_read_only")
        return cursor.fetchone()[0] == "off"


def opened_list(secret: str) -> ContactList:
    """Return the list, and keep it for another while. Raise Http404."""
    contact_list = get_object_or_404(ContactList.objects.kept(), secret=secret)
    if not contact_list.was_opened_today and may_write():
        contact_list.mark_opened()
    return contact_list


def remember(contact_list: ContactList):
    """Notes the rows as they are now: later changes count from here."""
    contact_list.snapshot = snapshot_of(source_of(contact_list))
    contact_list.snapshot_language = get_language()
    contact_list.taken_at = timezone.now()
    contact_list.save()


def changes_of(contact_list: ContactList) -> Changes:
    return changes_since(contact_list.snapshot, contact_list.snapshot_language, source_of(contact_list))
