"""Readers of cells: functions from the `Wording` of a file to a function from the texts of facts to the cell."""

import json
from collections.abc import Callable
from typing import Any

from .contacts import last_check, last_sighting
from .facts import of_person_in_language, person_name
from .formats.contact_row import entered_or_parts_of
from .texts import BETWEEN_VALUES
from .wording import Wording


def words_for(labels: str) -> Callable[[Wording], Callable[[str], str]]:
    """A reader of codes, by the `Wording` of this name."""
    return lambda words: getattr(words, labels).__getitem__


def largest(words) -> Callable[[str], str]:
    """A reader of several numbers."""
    return lambda numbers: max(numbers.split(BETWEEN_VALUES), key=float) if numbers else ""


def first_given(words) -> Callable[..., str]:
    return lambda first, second, third="": first or second or third


def check_date(words) -> Callable[[str], str]:
    return lambda checks: last_check(checks)[0]


def freshness(words) -> Callable[..., str]:
    return lambda checks, sightings: words.freshness(max(last_check(checks)[0], last_sighting(sightings)))


def freshness_of_post(words) -> Callable[..., str]:
    return lambda seen, in_post: words.freshness(seen) if in_post == "yes" else words.ended if in_post else ""


def source(words) -> Callable[..., str]:
    return lambda of_post, checks, first: of_post or last_check(checks)[2] or first


def identifiers(words) -> Callable[[str], str]:
    """A reader of JSON."""

    def read(known: str) -> str:
        pairs = json.loads(known).items() if known else ()
        return BETWEEN_VALUES.join(f"{register}: {number}" for register, number in pairs)

    return read


def part_of_name(part: str) -> dict[str, Any]:
    entered = [of_person_in_language(f"{each}_name") for each in ("family", "given")]
    facts = (person_name(), *entered, of_person_in_language("patronymic"))

    def read(words):
        return lambda name, *entered: getattr(entered_or_parts_of(name, *entered), part) if name else ""

    return {"facts": facts, "read": read}


def identity(words):
    def identity(person, institution, is_in_post, body, title, since):
        if is_in_post:
            return "post/" + "/".join([person, institution or body, title, since])
        return f"person/{person}" if person else f"institution/{institution}"

    return identity
