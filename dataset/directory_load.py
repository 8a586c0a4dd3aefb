"""Loading of the data set: all kinds together, in one transaction."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from dataset.common_facts import SOURCE_SHAPE, source_facts
from dataset.contacts import CONTACT_POINTS, INSTITUTIONS, contact_point_key, contact_problems
from dataset.files import DataFile, DataSetError, Problem, Reading, read_data_set
from dataset.gazetteer import country_of_city, locate
from dataset.institutions import (
    COUNTRIES,
    COUNTRY_SHAPE,
    INSTITUTION_SHAPE,
    PROGRAMME_SHAPE,
    PROGRAMMES,
    circle_problems,
    city_key,
    country_facts,
    further_country_facts,
    in_order_of_reference,
    institution_facts,
    programme_facts,
    programme_problems,
    successor_key,
)
from dataset.merge import Merge, Tally, problems_of
from dataset.people import PEOPLE, PERSON_SHAPE, Withheld, person_facts, person_problems
from dataset.shapes import Facts, Shape
from institutions.models import City
from people.erasing import erase_names
from people.withheld_names import WithheldNames
from records.history.recording import note_load
from records.kinds import kinds
from search.rebuilding import rebuild_changed

from .cooperation import EVENT_SHAPE, EVENTS, FILM_SHAPE, FILMS, event_facts, film_facts, film_problems

DATA_FOLDER = settings.BASE_DIR / "data"
DATA_FILES = [COUNTRIES, INSTITUTIONS, CONTACT_POINTS, PEOPLE, PROGRAMMES, FILMS, EVENTS]
RECORD_FILES = [data_file for data_file in DATA_FILES if data_file is not CONTACT_POINTS]
# In the order of references: a record refers to kinds before its own.
SHAPES: dict[str, Shape] = {
    "source": SOURCE_SHAPE,
    "country": COUNTRY_SHAPE,
    "institution": INSTITUTION_SHAPE,
    "person": PERSON_SHAPE,
    "programme": PROGRAMME_SHAPE,
    "film": FILM_SHAPE,
    "event": EVENT_SHAPE,
}

DataSet = dict[str, list[dict[str, Any]]]


@dataclass
class LoadReport:
    """Result of a load or of a dry run."""

    tallies: dict[str, Tally] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def changed_nothing(self) -> bool:
        return not any(tally.new or tally.changed for tally in self.tallies.values())


def load_directory(folder: Path = DATA_FOLDER, *, overwrite: bool = False, dry_run: bool = False) -> LoadReport:
    """Load the data set in a folder. Raise DataSetError, naming every bad entry, and save nothing then."""
    reading = read_data_set(folder, DATA_FILES)
    problems = reading.problems + problems_between(reading)
    with transaction.atomic():
        report = _load(reading.entries, problems, overwrite=overwrite)
        if dry_run:
            transaction.set_rollback(True)
        else:
            erase_names(WithheldNames.read())
            rebuild_changed()
    return report


def _load(data_set: DataSet, problems: list[Problem], *, overwrite: bool) -> LoadReport:
    """Load the entries, unless there are problems already or the models find some."""
    withheld = Withheld.read()
    data_set = _without_bad_entries(data_set, problems)
    hidden = [entry["key"] for entry in data_set["people"] if withheld.hides(entry)]
    withheld = Withheld(withheld.keys | set(hidden), withheld.names)
    facts = all_facts(data_set, withheld)
    problems = problems + circle_problems(facts["institution"])
    for kind, shape in SHAPES.items():
        problems += [problem for one in facts[kind] for problem in problems_of(shape, one)]
    if problems:
        raise DataSetError(problems)

    # The first load creates the directory and is no change.
    is_first = not any(kind.published().exists() for kind in kinds().values())
    merge = Merge(overwrite=overwrite)
    report = LoadReport(merge.tallies, merge.kept)
    for kind in ("source", "country"):
        merge.records(kind, SHAPES[kind], facts[kind])
    report.tallies["city"], report.warnings = add_cities(data_set)
    merge.records("institution", INSTITUTION_SHAPE, in_order_of_reference(facts["institution"]))
    merge.records("person", PERSON_SHAPE, facts["person"], forget=hidden)
    for kind in ("programme", "film", "event"):
        merge.records(kind, SHAPES[kind], facts[kind])
    report.left_out = [f"{PEOPLE.name}: {key}: asked not to be listed" for key in hidden]
    report.warnings += _no_longer_there(facts, merge)
    if not is_first:
        note_load((one.kind, one.key, one.is_new, one.fields) for one in merge.noticed)
    return report


def _without_bad_entries(data_set: DataSet, problems: Iterable[Problem]) -> DataSet:
    """Return the entries without problems so far, for validation by the models."""
    bad = {(problem.file, problem.key) for problem in problems}
    return {
        data_file.kind: [
            entry for entry in data_set[data_file.kind] if (data_file.name, entry_key(data_file, entry)) not in bad
        ]
        for data_file in DATA_FILES
    }


def all_facts(data_set: DataSet, withheld: Withheld) -> dict[str, list[Facts]]:
    """Return the facts of the data set by kind, without withheld people."""
    plain_text = PlainText(data_set, withheld)
    institutions = {entry["key"]: entry for entry in data_set["institutions"]}
    points = defaultdict(list)
    for point in data_set["contact_points"]:
        points[point["institution"]].append(point)
    described = [entry["code"] for entry in data_set["countries"]]
    keys_by_name = {name: key for key, entry in institutions.items() for name in (key, entry["names"]["en"])}
    institution_list = []
    for entry in institutions.values():
        institution_list.append(
            institution_facts(
                entry,
                points[entry["key"]],
                city=city_of(entry),
                seat_country=country_of(entry),
                successor=successor_key(entry, keys_by_name),
                plain_text=plain_text,
            )
        )
    data_set = data_set | {"people": [entry for entry in data_set["people"] if not withheld.hides(entry)]}
    people = [person_facts(entry, institutions, plain_text) for entry in data_set["people"]]
    films = [film_facts(entry, withheld, plain_text) for entry in data_set["films"]]
    events = [
        event_facts(entry, institutions, withheld, city=city_of(entry), plain_text=plain_text)
        for entry in data_set["events"]
    ]
    return {
        "source": _page_facts(data_set, withheld),
        "country": [country_facts(entry, plain_text) for entry in data_set["countries"]]
        + further_country_facts(described, _mentioned_countries(data_set), plain_text),
        "institution": institution_list,
        "person": people,
        "programme": [programme_facts(entry, plain_text) for entry in data_set["programmes"]],
        "film": films,
        "event": events,
    }


def _page_facts(data_set: DataSet, withheld: Withheld) -> list[Facts]:
    """Return every page of the data set once, with the values of the first record that names it."""
    pages: dict[str, Facts] = {}
    # Contact points come last: they may give a page a shorter title than the records do.
    for data_file in [*RECORD_FILES, CONTACT_POINTS]:
        for entry in data_set[data_file.kind]:
            key = entry_key(data_file, entry)
            for page in pages_of(data_file, entry):
                if page["url"] not in pages:
                    page = {**page, "title": withheld.names.take_out(page["title"])}
                    pages[page["url"]] = source_facts(page, file=data_file.name, key=key)
    return list(pages.values())


def pages_of(data_file: DataFile, entry: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    if data_file is CONTACT_POINTS:
        return [entry["source"]] if entry["source"] else []
    return entry["sources"]


def entry_key(data_file: DataFile, entry: Mapping[str, Any]) -> str:
    return contact_point_key(entry) if data_file is CONTACT_POINTS else data_file.key_of(entry)


class PlainText:
    """Conversion of free texts: keys of records in notes are replaced by names."""

    def __init__(self, data_set: DataSet, withheld: Withheld):
        self._names = {
            entry["key"]: english_name(entry)
            for kind in ("institutions", "programmes", "films", "events", "people")
            for entry in data_set[kind]
        }
        self._names |= dict.fromkeys(withheld.keys, "another person")
        self._take_out = withheld.names.take_out

    def __call__(self, text: str | None) -> str:
        text = text or ""
        for key in set(re.findall(r"[a-z0-9]+(?:-[a-z0-9]+)+", text)) & self._names.keys():
            name = self._names[key]
            text = text.replace(f"{name} ({key})", name)
            text = re.sub(rf"(?<![\w-]){re.escape(key)}(?![\w-])", lambda _, name=name: name, text)
        return self._take_out(text)


def english_name(entry: Mapping[str, Any]) -> str:
    names = entry.get("names") or entry.get("titles")
    return names["en"] if names else entry["name_en"]


# Cities --------------------------------------------------------------------------------------------------------------


def country_of(entry: Mapping[str, Any]) -> str | None:
    """Return the country of an institution or event; for international ones the country of the city."""
    return entry["country"] or (country_of_city(entry["city"]) if entry["city"] else None)


def city_of(entry: Mapping[str, Any]) -> str | None:
    country = country_of(entry)
    return city_key(entry["city"], country) if entry["city"] and country else None


def add_cities(data_set: DataSet) -> tuple[Tally, list[str]]:
    """Add missing cities, and locate those without coordinates in the gazetteer."""
    wanted = {
        city_of(entry): City(key=city_of(entry), name_en=entry["city"], country_id=country_of(entry))
        for kind in ("institutions", "events")
        for entry in data_set[kind]
        if entry["city"]
    }
    stored = City.objects.in_bulk(list(wanted), field_name="key")
    new = [city for key, city in wanted.items() if key not in stored]
    for city in new:
        city.save()
    location = locate([*new, *(city for city in stored.values() if city.geonames_id is None)])
    changed = len([city for city in location.located if city.key in stored])
    return Tally(len(new), changed, len(stored) - changed), location.problems


def _mentioned_countries(data_set: DataSet) -> set[str]:
    codes = {code for entry in data_set["films"] for code in entry["countries"]}
    for kind in ("institutions", "people", "programmes", "events"):
        codes |= {entry["country"] for entry in data_set[kind]}
    codes |= {country_of(entry) for kind in ("institutions", "events") for entry in data_set[kind]}
    return codes - {None}


# Checks between entries ----------------------------------------------------------------------------------------------


def problems_between(reading: Reading) -> list[Problem]:
    """Return the problems of the data set beyond the shape of single entries."""
    data_set = reading.entries
    return [
        *_repeated_keys(reading),
        *_repeated_names(data_set),
        *_broken_references(reading),
        *_page_problems(data_set),
        *_place_and_time_problems(data_set),
        *contact_problems(data_set["institutions"], data_set["contact_points"]),
        *person_problems(data_set["people"]),
        *programme_problems(data_set["programmes"]),
        *film_problems(data_set["films"]),
    ]


def _repeated_keys(reading: Reading) -> list[Problem]:
    return [
        Problem(data_file.name, key, data_file.key_field, f"used {count} times")
        for data_file in RECORD_FILES
        for key, count in Counter(reading.keys.get(data_file.kind, [])).items()
        if count > 1
    ]


def _repeated_names(data_set: DataSet) -> list[Problem]:
    problems = []
    for data_file in RECORD_FILES:
        if data_file is COUNTRIES:
            continue
        known: dict[tuple, str] = {}
        for entry in data_set[data_file.kind]:
            label = (english_name(entry).casefold(), entry.get("country"), entry.get("start"))
            if known.setdefault(label, entry["key"]) != entry["key"]:
                message = f"the same English name as {known[label]}"
                problems.append(Problem(data_file.name, entry["key"], "names.en", message))
    return problems


def _references(data_file: DataFile, entry: Mapping[str, Any]) -> Iterable[tuple[str, str, str | None]]:
    """Return field, kind and key of all references of the entry."""
    for name in ("parent", "institution"):
        yield name, "institutions", entry.get(name)
    for name in ("institutions", "partner_institutions"):
        yield from ((f"{name}[{number}]", "institutions", key) for number, key in enumerate(entry.get(name, [])))
    for name in ("positions", "participants"):
        for number, part in enumerate(entry.get(name, [])):
            yield f"{name}[{number}].institution", "institutions", part["institution"]
            yield f"{name}[{number}].person", "people", part.get("person")


def _broken_references(reading: Reading) -> list[Problem]:
    """Return references to missing records; references to unreadable files are skipped."""
    keys = {kind: set(reading.keys[kind]) for kind in ("institutions", "people") if kind in reading.keys}
    return [
        Problem(data_file.name, entry_key(data_file, entry), name, f"no record {key} among the {kind}")
        for data_file in DATA_FILES
        for entry in reading.entries[data_file.kind]
        for name, kind, key in _references(data_file, entry)
        if key is not None and kind in keys and key not in keys[kind]
    ]


def _page_problems(data_set: DataSet) -> list[Problem]:
    problems = []
    known: dict[str, tuple] = {}
    for data_file in RECORD_FILES:
        for entry in data_set[data_file.kind]:
            place = (data_file.name, data_file.key_of(entry))
            if not entry["sources"]:
                problems.append(Problem(*place, "sources", "none given"))
            for url, count in Counter(page["url"] for page in entry["sources"]).items():
                if count > 1:
                    problems.append(Problem(*place, "sources", f"{url} is named {count} times"))
            for number, page in enumerate(entry["sources"]):
                name = f"sources[{number}]"
                if known.setdefault(page["url"], (page["title"], page["date"])) != (page["title"], page["date"]):
                    problems.append(Problem(*place, name, "title or date differ from another record's"))
                unknown = sorted(set(page["supports"]) - data_file.layout.types.keys())
                if unknown or not page["supports"]:
                    message = f"unknown fields {', '.join(unknown)}" if unknown else "names no field"
                    problems.append(Problem(*place, f"{name}.supports", message))
    return problems


def _place_and_time_problems(data_set: DataSet) -> list[Problem]:
    problems = []
    for data_file in (INSTITUTIONS, EVENTS):
        for entry in data_set[data_file.kind]:
            if entry["city"] and country_of(entry) is None:
                message = f"no country known for {entry['city']}; add it to city_spellings.yaml"
                problems.append(Problem(data_file.name, entry["key"], "city", message))
    for entry in data_set["events"]:
        if entry["end"] and not entry["start"]:
            problems.append(Problem(EVENTS.name, entry["key"], "end", "given without a start"))
    return problems


def _no_longer_there(facts: Mapping[str, list[Facts]], merge: Merge) -> list[str]:
    """Return records of an earlier load that the data set no longer has; they stay until an editor archives them."""
    return [
        f"{kind} {key}: no longer in the data set; the record stays"
        for kind, shape in SHAPES.items()
        if shape is not SOURCE_SHAPE
        for key in sorted(merge.remembered_keys(kind) - {one.key for one in facts[kind]})
    ]
