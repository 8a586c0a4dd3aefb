"""Records of a release: read from the site, and kept in a file of JSON Lines for each list."""

import json
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from api.members import as_object, loaded
from api.resources import Resource, resources
from people.models import Person, Position
from people.withheld_names import WithheldNames
from records.keys import MergedKey

# What is true on one day only.
OF_TODAY = {"freshness", "is_over", "certainty"}
AT_A_TIME = 500
# Ids, and names of records that have one themselves: a namesake of somebody withheld keeps hers.
NAMES_OF_RECORDS = frozenset({"id", "href", "url", "names", "person"})


@cache
def released() -> dict[str, Resource]:
    """Return the lists of a release by name: all but changes, of which each release has a list of its own."""
    return {name: resource for name, resource in resources().items() if name != "changes"}


def file_of(folder: Path, name: str) -> Path:
    return folder / f"{name}.jsonl"


def read(folder: Path, name: str) -> Iterator[dict]:
    """Yield the records of a list of a release; none if the release is older than the list."""
    if file_of(folder, name).exists():
        with file_of(folder, name).open(encoding="utf-8") as lines:
            yield from map(json.loads, lines)


def write(folder: Path, name: str, records: Iterable[dict]):
    with file_of(folder, name).open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{json.dumps(record, ensure_ascii=False)}\n" for record in records)


def public_records(resource: Resource) -> Iterator[dict]:
    """Yield all public records of a list in the order of their ids, some hundred in memory."""
    everything = loaded(resource.published().prefetch_related(None), resource.members).order_by(resource.key)
    records = list(everything[:AT_A_TIME])
    while records:
        for record in records:
            yield _without_today(as_object(record, resource.members))
        last = getattr(records[-1], resource.key)
        records = list(everything.filter(**{f"{resource.key}__gt": last})[:AT_A_TIME])


def _without_today(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_today(one) for name, one in value.items() if name not in OF_TODAY}
    return [_without_today(one) for one in value] if isinstance(value, list) else value


# People who leave ----------------------------------------------------------------------------------------------------


def nameable(name: str, ids: Iterable) -> set:
    """Return those of the ids of a list that may still be named: not of people who are withheld or were deleted."""
    ids = list(ids)
    if name == "positions":
        return set(Position.objects.kept_in_history().filter(pk__in=ids).values_list("pk", flat=True))
    if name == "people":
        listed = Person.objects.filter(withheld=False)
        merged = MergedKey.objects.filter(record_kind="person", key__in=ids, record_key__in=listed.values("key"))
        return {*listed.filter(key__in=ids).values_list("key", flat=True), *merged.values_list("key", flat=True)}
    return set(ids)


class Leaving:
    """Takes the people of a release who are withheld or deleted by now, and the names of all withheld, out of it."""

    def __init__(self, folder: Path):
        ids = {person["id"] for person in read(folder, "people")}
        self.people = ids - nameable("people", ids)
        self.names = WithheldNames.read()

    def remaining(self, name: str, records: Iterable[dict]) -> Iterator[dict]:
        for record in records:
            if not (name == "people" and record["id"] in self.people) and not self._is_about(record):
                yield self.names.take_out_of(self._without(record), NAMES_OF_RECORDS)

    def _is_about(self, row: Any) -> bool:
        """Return whether a record or one of its rows belongs to one of these people."""
        return isinstance(row, dict) and (row.get("person") or {}).get("id") in self.people

    def _without(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {name: self._without(one) for name, one in value.items()}
        if isinstance(value, list):
            return [self._without(one) for one in value if not self._is_about(one)]
        return value
