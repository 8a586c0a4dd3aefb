"""Matching of spreadsheet rows with records."""

import contextlib
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from editors.records.institutions import MOST_SHARING
from exports.headings import CONTACT_KIND_OF_FIELD
from institutions.matching import PAGES
from institutions.models import INTERNATIONAL, Institution, InstitutionContact, InstitutionName
from languages.sorting import sort_key
from records.models import same_contact
from records.pages import slug_of_page
from records.tables import cells
from search.duplicates import records_by_whole_name, whole_name_keys
from search.rebuilding import rebuild_changed

CONTACT_FIELDS = (*CONTACT_KIND_OF_FIELD, "elsewhere")
_NUMBER = re.compile(r"\d+")


@dataclass
class Match:
    """The record that a row names, or possible ones; `error` is a field and its message.

    `marks` are keys that another row with the same institution would share, if no record matches.
    """

    record_id: int | None = None
    candidates: list[int] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    error: tuple[str, str] | None = None


def in_countries(codes: frozenset[str] | None) -> Q:
    """Return the records that an editor with these countries may change; None is every country."""
    return Q() if codes is None else Q(country__in=codes)


def contact_marks(contacts: Iterable[tuple[str, str]]) -> list[str]:
    return [":".join(same_contact(kind, value)) for kind, value in contacts]


class Matching:
    """Matching of many rows with few queries."""

    def __init__(self, codes: frozenset[str] | None):
        self.codes = codes
        # By country: whole names of all its records, in any script.
        self._ids_by_name: dict[str | None, dict[str, list[int]]] = {}

    def matches(self, readings) -> list[Match]:
        own = Institution.objects.filter(in_countries(self.codes))
        self._by_key = own.ids_by_key(reading.texts.get("key") for reading in readings)
        self._by_slug = own.ids_by_slug(slug_of_page(reading.texts.get("page", ""), PAGES) for reading in readings)
        self._by_name = self._records_by_name(readings)
        matches = [self._match(reading) for reading in readings]
        unknown = [pair for pair in zip(readings, matches, strict=True) if not pair[1].record_id and not pair[1].error]
        self._add_those_sharing_a_contact(unknown)
        return matches

    def _records_by_name(self, readings) -> dict[tuple[str | None, str], list[int]]:
        """Return records by country and name; case, quotation marks and spaces are ignored."""
        names = {name for reading in readings for name in reading.names}
        keys = {sort_key(name) for name in names}
        columns = ["country_id", "pk", "name_en", "name_ru", "name_native"]
        same = Q(sort_key_en__in=keys) | Q(sort_key_ru__in=keys) | Q(name_native__in=names)
        found = defaultdict(set)
        for country, pk, *its_names in Institution.objects.filter(same).values_list(*columns):
            for name in filter(None, its_names):
                found[country, sort_key(name)].add(pk)
        others = InstitutionName.objects.filter(text__in=names)
        for country, pk, name in others.values_list("institution__country", "institution", "text"):
            found[country, sort_key(name)].add(pk)
        return found

    def _match(self, reading) -> Match:
        by_key = self._by_address("key", reading.texts.get("key"), self._by_key)
        by_page = self._by_address("page", reading.texts.get("page"), self._by_slug)
        for match in (by_key, by_page):
            if match and match.error:
                return match
        if by_key and by_page and by_key.record_id != by_page.record_id:
            return Match(error=("page", _("The key and the page URL belong to different records.")))
        return by_key or by_page or self._by_names(reading)

    def _by_address(self, field_name, text, known) -> Match | None:
        if not text:
            return None
        value = slug_of_page(text, PAGES) if field_name == "page" else text
        if value in known:
            return Match(known[value])
        return Match(error=(field_name, _("No record that you may change has this key or page URL.")))

    def _by_names(self, reading) -> Match:
        if reading.country is None or not reading.names:
            return Match()
        country = None if reading.country == INTERNATIONAL else reading.country
        exact = set().union(*(self._by_name.get((country, sort_key(name)), ()) for name in reading.names))
        if len(exact) == 1:
            return Match(exact.pop())
        candidates = sorted(exact) or self._alike(country, reading.names)
        return Match(candidates=candidates)

    def _alike(self, country, names) -> list[int]:
        if country not in self._ids_by_name:
            rebuild_changed()
            self._ids_by_name[country] = records_by_whole_name(Institution.objects.filter(country=country))
        known = self._ids_by_name[country]
        return list(dict.fromkeys(pk for key in whole_name_keys(names) for pk in known.get(key, ())))

    def _add_those_sharing_a_contact(self, unknown):
        """Add records that share a contact, as in the form of a new institution, and the marks."""
        contacts = {id(match): _contacts(reading) for reading, match in unknown}
        every = {contact for found in contacts.values() for contact in found}
        own = Institution.objects.filter(in_countries(self.codes))
        records = defaultdict(list)
        rows = InstitutionContact.objects.any_of(every).known_beside(own).order_by("institution", "pk") if every else ()
        for contact in rows:
            records[same_contact(contact.kind, contact.value)].append(contact.institution_id)
        for reading, match in unknown:
            its_own = contacts[id(match)]
            sharing = (pk for kind, value in its_own for pk in records[same_contact(kind, value)][:MOST_SHARING])
            match.candidates = list(dict.fromkeys([*match.candidates, *sharing]))
            match.marks = list(dict.fromkeys([*_name_marks(reading), *contact_marks(its_own)]))


def _name_marks(reading) -> list[str]:
    """Return keys of the names in any spelling, with their numbers: Studio 1 and Studio 11 of one list are two."""
    return [
        " ".join([reading.country or "", *_NUMBER.findall(name), key])
        for name in reading.names
        for key in whole_name_keys([name])
    ]


def _contacts(reading) -> list[tuple[str, str]]:
    """Return the contacts of a new record as stored; errors are reported elsewhere."""
    country = reading.record_country(None) or ""
    found = []
    for name in CONTACT_FIELDS:
        if reading.texts.get(name) and name not in reading.errors:
            with contextlib.suppress(ValidationError):
                contacts = cells.contacts(CONTACT_KIND_OF_FIELD.get(name, name), reading.texts[name], country)
                found += [(kind, value) for kind, value, _department in contacts]
    return found
