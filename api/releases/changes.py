"""List of what changed between two releases."""

import json
from pathlib import Path

from records.keys import MergedKey

from .records import file_of, nameable, released

NAME = "changes.json"


def changes_between(older: Path, newer: Path) -> dict[str, dict]:
    """Return for each list what was added, changed, removed, merged and withheld, by ids.

    People who are withheld or were deleted are only counted, with their posts.
    """
    return {name: _changes_of_list(name, older, newer) for name in released() if file_of(older, name).exists()}


def _changes_of_list(name: str, older: Path, newer: Path) -> dict:
    before, now = _places(file_of(older, name)), _places(file_of(newer, name))
    gone = before.keys() - now.keys()
    kept = nameable(name, gone)
    kind = released()[name].model._meta.model_name
    merged = dict(MergedKey.objects.filter(record_kind=kind, key__in=kept).values_list("key", "record_key"))
    return {
        "added": sorted(now.keys() - before.keys()),
        "changed": _changed(file_of(older, name), before, file_of(newer, name), now),
        "removed": sorted(kept - merged.keys()),
        "merged": dict(sorted(merged.items())),
        "withheld": len(gone - kept),
    }


def _places(path: Path) -> dict:
    """Return by id where the line of a record begins, so that no more than one of each release is in memory."""
    places = {}
    with path.open("rb") as lines:
        place = 0
        for line in lines:
            places[json.loads(line)["id"]] = place
            place += len(line)
    return places


def _changed(older: Path, before: dict, newer: Path, now: dict) -> dict:
    """Return the names of the members that differ, by the id of the record."""
    changed = {}
    with older.open("rb") as old_lines, newer.open("rb") as new_lines:
        for key in sorted(before.keys() & now.keys()):
            old_lines.seek(before[key])
            new_lines.seek(now[key])
            old, new = json.loads(old_lines.readline()), json.loads(new_lines.readline())
            if old != new:
                changed[str(key)] = sorted(one for one in old | new if old.get(one) != new.get(one))
    return changed


def without_people_who_left(changes: dict[str, dict]) -> dict[str, dict]:
    """Return the changes that an older release lists without the ids of people who have been withheld since."""
    return {name: _without_ids(name, listed) for name, listed in changes.items()}


def _without_ids(name: str, listed: dict) -> dict:
    if name not in ("people", "positions"):
        return listed
    as_key = int if name == "positions" else str
    ids = {*listed["added"], *map(as_key, listed["changed"]), *listed["removed"], *listed["merged"]}
    kept = nameable(name, ids)
    removed = [key for key in listed["removed"] if key in kept]
    merged = {key: into for key, into in listed["merged"].items() if key in kept}
    unnamed = len(listed["removed"]) + len(listed["merged"]) - len(removed) - len(merged)
    return {
        "added": [key for key in listed["added"] if key in kept],
        "changed": {key: facts for key, facts in listed["changed"].items() if as_key(key) in kept},
        "removed": removed,
        "merged": merged,
        "withheld": listed["withheld"] + unnamed,
    }
