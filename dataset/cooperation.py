"""Facts of films and events from the data set."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from cooperation.models import (
    EARLIEST_FILM_YEAR,
    LATEST_FILM_YEAR,
    Event,
    EventName,
    EventSource,
    Film,
    FilmCountry,
    FilmInstitution,
    FilmName,
    FilmSource,
    ParticipantRole,
    Participation,
)
from dataset.common_facts import (
    data_fields,
    name_columns,
    names_shape,
    other_name_rows,
    plain_values,
    record_source_rows,
    sources_shape,
)
from dataset.files import Layout, Problem, record_file
from dataset.people import Withheld
from dataset.shapes import Facts, Shape, same
from languages.folding import fold_for_search
from languages.of_countries import NATIVE_LANGUAGES
from records.base import PublicationState

FILMS = record_file("films", Film)
EVENTS = record_file(
    "events",
    Event,
    parts={
        "participants": Layout(
            "person:key? name:text institution:key? role:text", words={"role": ParticipantRole.values}
        )
    },
)

FILM_SHAPE = Shape(
    Film,
    rows={
        "other_names": names_shape(FilmName, "film"),
        "film_countries": Shape(FilmCountry, ("country", "order"), parent="film", identify=same("country")),
        "film_institutions": Shape(
            FilmInstitution, ("institution", "order"), parent="film", identify=same("institution")
        ),
        "record_sources": sources_shape(FilmSource, "film"),
    },
)
PARTICIPATION_FIELDS = ("person", "institution", "name", "role", "order")
EVENT_SHAPE = Shape(
    Event,
    rows={
        "other_names": names_shape(EventName, "event"),
        "participations": Shape(
            Participation,
            PARTICIPATION_FIELDS,
            parent="event",
            identify=same("person", "institution", "name", "role"),
        ),
        "record_sources": sources_shape(EventSource, "event"),
    },
)


def native_languages_of(countries: Iterable[str], names: Mapping[str, str]) -> list[str]:
    """Return the languages of the native name in order of preference: those of the countries in order.

    For countries of unknown languages, any language besides English and Russian is accepted.
    """
    own = [tag for country in countries for tag in NATIVE_LANGUAGES.get(country, ())]
    return own or list(names)


def film_facts(entry: Mapping[str, Any], withheld: Withheld, plain_text) -> Facts:
    place = {"file": FILMS.name, "key": entry["key"]}
    columns = name_columns(entry["titles"], native_languages_of(entry["countries"], entry["titles"]))
    values = {
        "key": entry["key"],
        **plain_values(Film, entry, plain_text),
        **columns,
        "directors": [name for name in entry["directors"] if not withheld.hides_name(name)],
        "other_partners": [name for name in entry["partners"] if not withheld.hides_partner(name)],
    }
    rows = {
        "other_names": other_name_rows(
            entry["titles"], columns, names_field="titles", variants=entry["variants"], **place
        ),
        "film_countries": [
            Facts({"country": code, "order": number}, **place, data_field=f"countries[{number}]")
            for number, code in enumerate(entry["countries"])
        ],
        "film_institutions": [
            Facts({"institution": key, "order": number}, **place, data_field=f"institutions[{number}]")
            for number, key in enumerate(entry["institutions"])
        ],
        "record_sources": record_source_rows(entry, **place),
    }
    at_birth = {"publication_state": PublicationState.PUBLISHED.value}
    return Facts(values, rows, at_birth, **place, data_fields=data_fields(Film))


def film_problems(entries: Iterable[Mapping[str, Any]]) -> list[Problem]:
    return [
        Problem(FILMS.name, entry["key"], "year", f"not between {EARLIEST_FILM_YEAR} and {LATEST_FILM_YEAR}")
        for entry in entries
        if entry["year"] is not None and not EARLIEST_FILM_YEAR <= entry["year"] <= LATEST_FILM_YEAR
    ]


def event_facts(
    entry: Mapping[str, Any],
    institutions: Mapping[str, Mapping[str, Any]],
    withheld: Withheld,
    *,
    city: str | None,
    plain_text,
) -> Facts:
    """Return the facts of an event; `institutions` are the entries of the institutions by key."""
    place = {"file": EVENTS.name, "key": entry["key"]}
    countries = [entry["country"]] if entry["country"] else []
    columns = name_columns(entry["names"], native_languages_of(countries, entry["names"]))
    values = {
        "key": entry["key"],
        **plain_values(Event, entry, plain_text),
        **columns,
        "city": city,
    }
    participations = [
        _participation_facts(participant, institutions, place, number)
        for number, participant in enumerate(entry["participants"])
        if participant["person"] not in withheld.keys and not withheld.hides_name(participant["name"])
    ]
    rows = {
        "other_names": other_name_rows(entry["names"], columns, variants=entry["variants"], **place),
        "participations": participations,
        "record_sources": record_source_rows(entry, **place),
    }
    at_birth = {"publication_state": PublicationState.PUBLISHED.value}
    return Facts(values, rows, at_birth, **place, data_fields=data_fields(Event))


def _participation_facts(participant, institutions, place, number) -> Facts:
    institution = institutions.get(participant["institution"])
    is_body = bool(institution) and not participant["person"] and is_name_of(participant["name"], institution)
    values = {
        "person": participant["person"],
        "institution": participant["institution"],
        "name": "" if participant["person"] or is_body else participant["name"],
        "role": participant["role"],
        "order": number,
    }
    return Facts(values, **place, data_field=f"participants[{number}]")


# Words that identify no body.
_IDLE_WORDS = {"the", "of", "and", "for", "under", "delegation"}


def is_name_of(name: str, institution: Mapping[str, Any]) -> bool:
    """Return whether the name is one of the institution's, or too close to one to be a person's.

    Pages write "Cinematography Agency of Uzbekistan" or "Belarusfilm delegation" where the record has the full official
    name: more than half of the words are the institution's.
    """
    known = [*institution["names"].values(), *institution["acronyms"], *institution["variants"]]
    if name.casefold() in {text.casefold() for text in known}:
        return True
    words = _telling_words(name)
    shared = words & {word for text in known for word in _telling_words(text)}
    return len(shared) * 2 > len(words)


def _telling_words(text: str) -> set[str]:
    words = set(re.findall(r"\w+", text.casefold())) - _IDLE_WORDS
    return {folded for word in words if (folded := fold_for_search(word))}
