"""Facts of people and their posts from the data set."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst

from dataset.common_facts import (
    data_fields,
    language_in_title,
    name_columns,
    names_shape,
    other_name_rows,
    plain_values,
    record_source_rows,
    sources_shape,
)
from dataset.files import Layout, Problem, record_file
from dataset.shapes import Facts, Shape, same
from languages.of_countries import NATIVE_LANGUAGES
from languages.partial_dates import LATEST_SUFFIX
from people.models import Person, PersonName, PersonSource, Position, PositionSource
from people.posts import (
    end_of_former_post,
    is_former,
    is_general,
    is_russian_title,
    is_same_post,
    post_of,
    reports_event,
    role_of,
    russian_title,
    seat_of,
    title_language,
)
from people.withheld_names import WithheldNames
from records.base import PublicationState
from records.keys import MergedKey

PEOPLE = record_file(
    "people",
    Person,
    parts={
        "positions": Layout(
            "institution:key? body:text? title_en:text title_ru:text* title_original:text? from:date? until:date? "
            "as_of:date? source:url"
        )
    },
)

POSITION_FIELDS = (
    *("institution", "body_name", "title_en", "title_ru", "title_native", "native_language", "role", "seat"),
    *("since", "until", "as_of", "source"),
)
PERSON_SHAPE = Shape(
    Person,
    rows={
        "other_names": names_shape(PersonName, "person"),
        "positions": Shape(
            Position,
            POSITION_FIELDS,
            rows={
                "older_sources": Shape(PositionSource, ("source", "as_of"), parent="position", identify=same("source"))
            },
            parent="person",
            identify=lambda values: (values["institution"], values["body_name"], post_of(values["title_en"])),
            editors_relations=("contacts",),
        ),
        "record_sources": sources_shape(PersonSource, "person"),
    },
)

# Seats at the top of an institution, which a page may mean by "head".
TOP_SEATS = {"director", "executive-director", "chair", "president", "rector", "minister", "secretary-general"}


@dataclass(frozen=True)
class Withheld:
    """Withheld people: the keys of their records, and their names in any spelling."""

    keys: frozenset[str]
    names: WithheldNames

    @classmethod
    def read(cls) -> "Withheld":
        keys = set(Person.objects.withheld().values_list("key", flat=True))
        merged = MergedKey.objects.filter(record_kind=Person.record_kind(), record_key__in=keys)
        keys |= set(merged.values_list("key", flat=True))
        return cls(frozenset(keys), WithheldNames.read())

    def hides_name(self, name: str) -> bool:
        return self.names.find(name) is not None

    def hides_partner(self, name: str) -> bool:
        """Return whether a partner of an event is withheld; partners are more often bodies than people."""
        return self.names.find_exactly(name) is not None

    def hides(self, entry: Mapping[str, Any]) -> bool:
        """Return whether the entry is about a withheld person, under any key."""
        return entry["key"] in self.keys or any(
            self.hides_name(name) for name in [*entry["names"].values(), *entry["variants"]]
        )


def person_problems(entries: Iterable[Mapping[str, Any]]) -> list[Problem]:
    problems = []
    for entry in entries:
        pages = {page["url"] for page in entry["sources"]}
        for number, statement in enumerate(entry["positions"]):
            place = (PEOPLE.name, entry["key"], f"positions[{number}]")
            if (statement["institution"] is None) == (statement["body"] is None):
                problems.append(Problem(*place, "needs an institution or the name of a body, and not both"))
            if statement["source"] not in pages:
                problems.append(
                    Problem(f"{place[0]}", place[1], f"{place[2]}.source", "not among the person's sources")
                )
    return problems


def person_facts(entry: Mapping[str, Any], institutions: Mapping[str, Mapping[str, Any]], plain_text) -> Facts:
    """Return the facts of a person; `institutions` are the entries of the institutions by key."""
    place = {"file": PEOPLE.name, "key": entry["key"]}
    columns = name_columns(entry["names"], NATIVE_LANGUAGES.get(entry["country"], entry["names"]))
    values = {
        "key": entry["key"],
        **plain_values(Person, entry, plain_text),
        **columns,
    }
    rows = {
        "other_names": other_name_rows(entry["names"], columns, variants=entry["variants"], **place),
        "positions": position_rows(entry, institutions),
        "record_sources": record_source_rows(entry, **place),
    }
    at_birth = {"publication_state": PublicationState.PUBLISHED.value}
    return Facts(values, rows, at_birth, **place, data_fields=data_fields(Person))


# Posts ---------------------------------------------------------------------------------------------------------------


def position_rows(entry: Mapping[str, Any], institutions: Mapping[str, Mapping[str, Any]]) -> list[Facts]:
    """Return the person's posts, each once: pages that name the same post at different times are one post."""
    rows = [_position_facts(entry, statements, institutions) for statements in grouped_statements(entry["positions"])]
    for row in rows:
        if is_general(row.values["title_en"]):
            row.values["seat"] = _seat_meant(row, rows)
        if is_former(row.values["title_en"]) and not row.values["until"]:
            row.values["until"] = _end_of_former(row, rows)
    return rows


def grouped_statements(statements: list[Mapping[str, Any]]) -> list[list[Mapping[str, Any]]]:
    """Group statements about the same post at the same body and time, each group with the newest page first."""
    groups: list[list[Mapping[str, Any]]] = []
    for statement in sorted(statements, key=lambda one: one["as_of"] or "", reverse=True):
        group = next((group for group in groups if all(_speak_of_same_post(statement, other) for other in group)), None)
        if group is None:
            groups.append([statement])
        else:
            group.append(statement)
    return groups


def _speak_of_same_post(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    if any(one[field] != other[field] for field in ("institution", "body")):
        return False
    if not is_same_post(one["title_en"], other["title_en"]):
        return False
    if not all(_may_be_same_date(one[field], other[field]) for field in ("from", "until")):
        return False
    return not (_is_later_term(one, other) or _is_later_term(other, one))


def _may_be_same_date(one: str | None, other: str | None) -> bool:
    """Return whether two dates don't contradict: one not known, or one more exact than the other."""
    return one is None or other is None or one.startswith(other) or other.startswith(one)


def _is_later_term(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Return whether the statement is about a later term in the post, after leaving it once."""
    if other["until"] is None:
        return False
    seen = one["from"] or (one["as_of"] if one["until"] is None else None)
    return seen is not None and seen > other["until"] + LATEST_SUFFIX


def _position_facts(entry, statements, institutions) -> Facts:
    newest = statements[0]
    number = entry["positions"].index(newest)
    institution = institutions.get(newest["institution"], {})
    institution_name = institution.get("names", {}).get("en", "")
    country = institution.get("country") or entry["country"]
    values = {
        "institution": newest["institution"],
        "body_name": newest["body"] or "",
        "title_en": newest["title_en"],
        **titles(statements, entry["sources"], NATIVE_LANGUAGES.get(country, ())),
        "role": role_of(newest["title_en"], institution_name),
        "seat": seat_of(newest["title_en"], institution_name),
        "since": _most_exact(statement["from"] for statement in statements),
        "until": _most_exact(statement["until"] for statement in statements),
        "as_of": newest["as_of"],
        "source": newest["source"],
    }
    place = {"file": PEOPLE.name, "key": entry["key"], "data_field": f"positions[{number}]"}
    older = {
        statement["source"]: Facts({"source": statement["source"], "as_of": statement["as_of"]}, **place)
        for statement in reversed(statements[1:])
        if statement["source"] != newest["source"]
    }
    data_fields = {"since": "from", "body_name": "body", "title_native": "title_original"}
    return Facts(values, {"older_sources": list(older.values())[::-1]}, **place, data_fields=data_fields)


def _most_exact(dates: Iterable[str | None]) -> str | None:
    return max((date for date in dates if date), key=len, default=None)


def titles(
    statements: list[Mapping[str, Any]], pages: list[Mapping[str, Any]], native_languages: tuple[str, ...]
) -> dict[str, str]:
    """Return the title in Russian and in the language of the country, from the newest page that has them.

    A native title in another language is taken if there is no better. Russian is the translation in the data set, else
    a title in the nominative on a page, else a word of the vocabulary.
    """
    page_titles = {page["url"]: page["title"] for page in pages}
    russian = capfirst(next((one["title_ru"] for one in statements if one.get("title_ru")), ""))
    native: list[tuple[str, str]] = []
    for statement in statements:
        text = statement["title_original"]
        if not text or reports_event(text):
            continue
        source_language = language_in_title(page_titles[statement["source"]])
        language = title_language(text, native_languages=native_languages, source_language=source_language)
        if language != "ru":
            native.append((text, language))
        elif not russian and is_russian_title(text):
            russian = capfirst(text)
    own = [form for form in native if form[1] in native_languages]
    title_native, native_language = next(iter(own or native), ("", ""))
    return {
        "title_ru": russian or russian_title(statements[0]["title_en"]),
        "title_native": title_native,
        "native_language": native_language,
    }


def _seat_meant(general: Facts, rows: list[Facts]) -> str:
    """Return the seat that a page means by "head": that of the person's other top post at the same institution."""
    for row in rows:
        is_same_house = all(row.values[name] == general.values[name] for name in ("institution", "body_name"))
        if is_same_house and row.values["seat"] in TOP_SEATS and not is_general(row.values["title_en"]):
            return row.values["seat"]
    return general.values["seat"]


def _end_of_former(former: Facts, rows: list[Facts]) -> str | None:
    """Return the latest year in which a post "before 2023", or before the person's other posts, can have ended."""
    later = [row.values[name] for row in rows if row is not former for name in ("since", "as_of") if row.values[name]]
    return end_of_former_post(former.values["title_en"]) or min((date[:4] for date in later), default=None)
