"""Countries and cities that the rows of somebody's list name, in whatever column and language."""

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import process
from rapidfuzz.distance import OSA

from languages.folding import fold_for_search
from search.context_words import country_of_the_world, is_place_abroad

from .models import City

_BETWEEN = re.compile(r"[,;/()\n]+")
# "г. Душанбе", "Toshkent shahri".
_WORDS_FOR_CITY = {"g", "gor", "gorod", "goroda", "city", "shahri", "sheheri", "kalasi", "or"}
ABROAD = "abroad"
SHORTEST_MISSPELT = 5


@dataclass(frozen=True)
class Place:
    """ISO codes of countries, `ABROAD` for one outside the region, and ids of cities; `is_unclear` if none is known."""

    countries: frozenset[str] = frozenset()
    cities: frozenset[int] = frozenset()
    is_unclear: bool = False


class Places:
    """Cities of the directory by their names."""

    def __init__(self):
        self._read: dict[tuple[str, str], Place] = {}

    @cached_property
    def _cities(self) -> dict[str, set[tuple[int, str]]]:
        found = defaultdict(set)
        for city in City.objects.all():
            for name in city.names_to_search():
                for folded in (fold_for_search(*name), fold_for_search(name.text)):
                    found[folded].add((city.pk, city.country_id))
        found.pop("", None)
        return found

    def read(self, country: str, city: str) -> Place:
        """Return the place that the two texts name together, even in the wrong order."""
        if (country, city) not in self._read:
            self._read[country, city] = self._place(country, city)
        return self._read[country, city]

    def _place(self, country, city) -> Place:
        codes, cities, is_abroad = set(), set(), False
        for text in _BETWEEN.split(f"{country};{city}"):
            if code := country_of_the_world(text) if text.strip() else None:
                codes.add(code)
            elif folded := " ".join(word for word in fold_for_search(text).split() if word not in _WORDS_FOR_CITY):
                cities |= self._cities_named(folded)
                is_abroad = is_abroad or is_place_abroad(folded)
        if not codes:
            codes = {code for _city, code in cities} or ({ABROAD} if is_abroad else set())
        is_unclear = not codes and bool(country.strip())
        return Place(frozenset(codes), frozenset(number for number, _code in cities), is_unclear)

    def _cities_named(self, folded: str) -> set[tuple[int, str]]:
        if folded in self._cities or len(folded) < SHORTEST_MISSPELT:
            return self._cities.get(folded, set())
        known = process.extractOne(folded, self._cities.keys(), scorer=OSA.distance, score_cutoff=1)
        return self._cities[known[0]] if known else set()
