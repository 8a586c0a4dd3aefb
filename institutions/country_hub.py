"""Institutions on the page of a country: counts and the first of each kind, from the index of their list in memory."""

from dataclasses import dataclass
from functools import cached_property

from django.http import QueryDict

from search.bitmaps import places_in

from .filters import institution_filterset
from .models import ANSWERED_KINDS, KIND_HEADINGS, OTHERS_FROM, City
from .short_rows import short_rows

FIRST_SHOWN = 8
# Rows below the state bodies that stand open on a wide page, so that it stays within three screens.
ROWS_UNFOLDED = 8
CITIES_ON_MAP = 100


@dataclass(frozen=True)
class GroupOfInstitutions:
    """Institutions of a kind on the page: their number, and the first ones as rows in HTML."""

    kind: str
    heading: str
    count: int
    rows: list[str]
    is_unfolded: bool


class CountryHub:
    """Institutions of a country. What the page shows costs the same however many there are."""

    def __init__(self, code: str):
        self._list = institution_filterset(QueryDict(f"country={code}"))
        self._index = self._list.index

    @property
    def count(self) -> int:
        return self._list.places_listed.bit_count()

    @property
    def kinds(self) -> list[tuple[str, str, int]]:
        """Return kind, heading and number of institutions of each kind that the country has."""
        counts = self._list.counts("kind")
        return [(kind, heading, counts[kind]) for kind, heading in KIND_HEADINGS.items() if counts.get(kind)]

    @property
    def reached_count(self) -> int:
        """Return the number of institutions with a telephone or an e-mail address."""
        return (self._list.places_listed & self._index.union("has", ANSWERED_KINDS)).bit_count()

    @property
    def groups(self) -> list[GroupOfInstitutions]:
        """Return the kinds, each with the first institutions that are not among the state bodies shown, if any."""
        shown, groups, rows_so_far = self._index.set_of(self._state_ids), [], 0
        firsts = [
            (kind, heading, count, self._first(self._index.sets["kind"][kind] & ~shown))
            for kind, heading, count in self.kinds
        ]
        rows = self._rows([pk for *_kind, ids in firsts for pk in ids])
        for kind, heading, count, ids in firsts:
            group = [rows[pk] for pk in ids if pk in rows]
            rows_so_far += len(group)
            is_unfolded = 0 < len(group) <= rows_so_far <= ROWS_UNFOLDED
            groups.append(GroupOfInstitutions(kind, heading, count, group, is_unfolded))
        return groups

    @property
    def state_rows(self) -> list[str]:
        return list(self._rows(self._state_ids).values())

    def cities(self, cities: list[City]) -> list[tuple[City, int]]:
        """Return those of the cities that have institutions, international ones too, with their numbers."""
        sets = self._index.sets["city"]
        numbers = [(city, sets[city.key].bit_count()) for city in cities if city.key in sets]
        return sorted(numbers, key=lambda pair: -pair[1])[:CITIES_ON_MAP]

    @cached_property
    def _state_ids(self) -> list[int]:
        standings = self._index.sets["standing"]
        return self._first(self._index.union("standing", [value for value in standings if value < OTHERS_FROM]))

    def _first(self, places: int) -> list[int]:
        """Return the ids of the first of these places in the order of use."""
        ids = []
        for part in self._in_order:
            if len(ids) == FIRST_SHOWN:
                break
            if found := part & places:
                ids += [self._index.ids[place] for place in places_in(found, 0, FIRST_SHOWN - len(ids))]
        return ids

    @cached_property
    def _in_order(self) -> list[int]:
        return self._list.parts()

    def _rows(self, ids: list[int]) -> dict[int, str]:
        return short_rows(self._list, ids, "institutions/_country_row.html")
