"""People, institutions and posts in the form of Popolo (popoloproject.com), in which a post is a membership."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from api.records import NAME_MAIN

from .records import read

NAME = "popolo.json"


def write_popolo(folder: Path, about: dict):
    """Write one object with three lists, a record a line."""
    lists = {
        "persons": map(_person, read(folder, "people")),
        "organizations": map(_organization, read(folder, "institutions")),
        "memberships": map(_membership, read(folder, "positions")),
    }
    with (folder / NAME).open("w", encoding="utf-8", newline="\n") as file:
        file.write(f'{{"meta": {json.dumps(about, ensure_ascii=False)}')
        for name, records in lists.items():
            file.write(f',\n"{name}": [\n')
            file.writelines(_separated(records))
            file.write("\n]")
        file.write("}\n")


def _separated(records: Iterable[dict]) -> Iterator[str]:
    for number, record in enumerate(records):
        yield f"{',\n' if number else ''}{json.dumps(_known(record), ensure_ascii=False)}"


def _known(record: dict[str, Any]) -> dict:
    return {name: value for name, value in record.items() if value not in (None, "", [])}


def _person(person: dict) -> dict:
    return _named(person) | {
        "given_name": _in_english(person["given_name"]),
        "family_name": _in_english(person["family_name"]),
        "patronymic_name": _in_english(person["patronymic"]),
    }


def _organization(institution: dict) -> dict:
    identifiers = sorted((institution["identifiers"] or {}).items())
    return _named(institution) | {
        "classification": institution["kind"],
        "parent_id": institution["parent"] and institution["parent"]["id"],
        "founding_date": institution["founded"],
        "dissolution_date": institution["closed"],
        "identifiers": [{"scheme": scheme, "identifier": value} for scheme, value in identifiers],
        "contact_details": _contacts(institution),
    }


def _membership(post: dict) -> dict:
    title = _in_english(post["title"]) or post["role"]
    return {
        "id": str(post["id"]),
        "label": title,
        "role": title,
        "person_id": post["person"]["id"],
        "organization_id": post["institution"] and post["institution"]["id"],
        # A body without a record of its own.
        "organization": None if post["institution"] or not post["body_name"] else {"name": post["body_name"]},
        "start_date": post["since"],
        "end_date": post["until"],
        "contact_details": _contacts(post),
        "sources": _sources(post),
    }


def _named(record: dict) -> dict:
    main, *others = record["names"]
    return {
        "id": record["id"],
        "name": main["text"],
        "other_names": list(map(_other_name, others)),
        "links": [{"url": record["url"], "note": "CISFilm"}],
        "sources": _sources(record),
    }


def _other_name(name: dict) -> dict:
    kind = None if name["kind"] == NAME_MAIN else name["kind"]
    note = ", ".join(filter(None, [kind, name["language"]]))
    return _known({"name": name["text"], "start_date": name.get("since"), "end_date": name.get("until"), "note": note})


def _contacts(record: dict) -> list[dict]:
    return [
        _known({"type": one["kind"], "value": one["value"], "label": _in_english(one.get("department") or {})})
        for one in record["contacts"]
    ]


def _sources(record: dict) -> list[dict]:
    return [{"url": source["url"], "note": source["title"]} for source in record["sources"]]


def _in_english(texts: dict[str, str]) -> str | None:
    """Return the text in English, else in the language that is there."""
    return texts.get("en") or next(iter(texts.values()), None)
