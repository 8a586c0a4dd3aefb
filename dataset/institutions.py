"""Facts of countries, cities, institutions and programmes from the data set."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from graphlib import CycleError, TopologicalSorter
from typing import Any

from dataset.common_facts import (
    data_fields,
    name_columns,
    name_values,
    names_shape,
    other_name_rows,
    plain_values,
    record_source_rows,
    sources_shape,
)
from dataset.contacts import CHECK_FIELDS, CONTACT_FIELDS, INSTITUTIONS, contact_rows
from dataset.files import Layout, Problem, record_file
from dataset.shapes import Facts, Shape, same
from institutions.models import (
    Country,
    CountrySource,
    Institution,
    InstitutionContact,
    InstitutionName,
    InstitutionSource,
    InstitutionStatus,
    Programme,
    ProgrammeName,
    ProgrammeSource,
    Stage,
    Treaty,
)
from languages.of_countries import NATIVE_LANGUAGES
from languages.romanisation import slug_from_name
from languages.scripts import script_of
from records.base import NameKind, PublicationState
from records.identifier_types import identifier

# Former members of the CIS; listed even where the data set says nothing of them.
FORMER_MEMBERS = ("GE", "UA")

COUNTRIES = record_file(
    "countries",
    Country,
    parts={"coproduction": Layout("name:text name_ru:text* date:date? note:text? note_ru:text*")},
    key_field="code",
    key_type="country",
)
PROGRAMMES = record_file("programmes", Programme)

COUNTRY_SHAPE = Shape(
    Country,
    rows={
        "treaties": Shape(
            Treaty,
            ("name_en", "name_ru", "date", "note_en", "note_ru", "order"),
            parent="country",
            identify=same("name_en"),
        ),
        "record_sources": sources_shape(CountrySource, "country"),
    },
)
INSTITUTION_SHAPE = Shape(
    Institution,
    rows={
        "other_names": names_shape(InstitutionName, "institution"),
        "contacts": Shape(
            InstitutionContact,
            CONTACT_FIELDS,
            parent="institution",
            identify=same("kind", "value"),
            at_birth=CHECK_FIELDS,
        ),
        "stages": Shape(
            Stage,
            ("name_en", "name_ru", "area_m2", "height_m", "note_en", "note_ru", "order"),
            parent="institution",
            identify=same("name_en"),
        ),
        "record_sources": sources_shape(InstitutionSource, "institution"),
    },
)
PROGRAMME_SHAPE = Shape(
    Programme,
    rows={
        "other_names": names_shape(ProgrammeName, "programme"),
        "partner_institutions": Shape(
            Programme.partner_institutions.through,
            ("institution",),
            parent="programme",
            identify=same("institution"),
        ),
        "record_sources": sources_shape(ProgrammeSource, "programme"),
    },
)

# Countries and cities ------------------------------------------------------------------------------------------------


def country_facts(entry: Mapping[str, Any], plain_text) -> Facts:
    place = {"file": COUNTRIES.name, "key": entry["code"]}
    values = {"code": entry["code"], **plain_values(Country, entry, plain_text)}
    treaties = [
        Facts(
            {
                "name_en": treaty["name"],
                "name_ru": treaty.get("name_ru") or "",
                "date": treaty["date"],
                "note_en": plain_text(treaty["note"]),
                "note_ru": plain_text(treaty.get("note_ru")),
                "order": number,
            },
            **place,
            data_field=f"coproduction[{number}]",
            data_fields={"name_en": "name", "note_en": "note"},
        )
        for number, treaty in enumerate(entry["coproduction"])
    ]
    rows = {"treaties": treaties, "record_sources": record_source_rows(entry, **place)}
    return Facts(values, rows, **place, data_fields=data_fields(Country))


def further_country_facts(described: Iterable[str], mentioned: Iterable[str], plain_text) -> list[Facts]:
    """Return countries without an entry: former members of the CIS, and others that films, cities or events name."""
    codes = sorted({*FORMER_MEMBERS, *mentioned} - set(described))
    return [
        Facts(
            {
                "code": code,
                **plain_values(Country, {"cis_status": "former" if code in FORMER_MEMBERS else "none"}, plain_text),
            },
            file=COUNTRIES.name,
            key=code,
        )
        for code in codes
    ]


def city_key(name: str, country_code: str) -> str:
    return f"{country_code.lower()}-{slug_from_name(name)}"


# Institutions --------------------------------------------------------------------------------------------------------

# "Merged into az-union-of-cinematographers", "Reorganised into the Cinema Foundation of Armenia in May 2024"
_SUCCESSOR = re.compile(r"\binto (?:the )?(.+)", re.DOTALL)


def successor_key(entry: Mapping[str, Any], keys_by_name: Mapping[str, str]) -> str | None:
    """Return the successor: the key or the name after "into" in the notes of a merged or renamed institution."""
    if entry["status"] not in (InstitutionStatus.MERGED, InstitutionStatus.RENAMED):
        return None
    found = _SUCCESSOR.search(entry["notes"] or "")
    text = found[1] if found else ""
    names = [name for name in keys_by_name if re.match(rf"{re.escape(name)}(?![\w-])", text)]
    return keys_by_name[max(names, key=len)] if names else None


def native_languages(entry: Mapping[str, Any], seat_country: str | None) -> list[str]:
    """Return the languages of the native name in order of preference.

    The name of an international body is in the language of its seat, else in the first language besides English and
    Russian.
    """
    if entry["country"] in NATIVE_LANGUAGES:
        return list(NATIVE_LANGUAGES[entry["country"]])
    return [*NATIVE_LANGUAGES.get(seat_country, ()), *entry["names"]]


def institution_facts(
    entry: Mapping[str, Any],
    contact_points: list[Mapping[str, Any]],
    *,
    city: str | None,
    seat_country: str | None,
    successor: str | None,
    plain_text,
) -> Facts:
    place = {"file": INSTITUTIONS.name, "key": entry["key"]}
    columns = name_columns(entry["names"], native_languages(entry, seat_country))
    is_latin = script_of(entry["address"] or "") == "Latn"
    latitude, longitude = [Decimal(str(degrees)) for degrees in entry["coordinates"] or []] or (None, None)
    values = {
        "key": entry["key"],
        **plain_values(Institution, entry, plain_text),
        **columns,
        "is_international": entry["country"] is None,
        # Pages write "INN" and "inn", and ids as URLs.
        "identifiers": dict(identifier(*known) for known in entry["identifiers"].items()),
        "city": city,
        "successor": successor,
        "address_local": "" if is_latin else entry["address"] or "",
        "address_latin": entry["address"] if is_latin else "",
        "latitude": latitude,
        "longitude": longitude,
    }
    names = other_name_rows(entry["names"], columns, acronyms=entry["acronyms"], variants=entry["variants"], **place)
    rows = {
        "other_names": names + _former_name_rows(entry, place),
        "contacts": contact_rows(entry, contact_points, plain_text),
        "stages": _stage_rows(entry, place),
        "record_sources": record_source_rows(entry, **place),
    }
    at_birth = {"publication_state": PublicationState.PUBLISHED.value}
    return Facts(values, rows, at_birth, **place, data_fields=data_fields(Institution))


def _former_name_rows(entry, place) -> list[Facts]:
    source = next((page["url"] for page in entry["sources"] if "former_names" in page["supports"]), None)
    return [
        Facts(
            name_values(former["name"], NameKind.FORMER, since=former["from"], until=former["until"], source=source),
            **place,
            data_field=f"former_names[{number}]",
            data_fields={"text": "name", "since": "from"},
        )
        for number, former in enumerate(entry["former_names"])
    ]


def _stage_rows(entry, place) -> list[Facts]:
    return [
        Facts(
            {
                "name_en": stage["name"],
                "name_ru": stage.get("name_ru") or "",
                "area_m2": stage["area_m2"],
                "height_m": None if stage.get("height_m") is None else Decimal(str(stage["height_m"])),
                "note_en": stage["note"] or "",
                "note_ru": stage.get("note_ru") or "",
                "order": number,
            },
            **place,
            data_field=f"stages[{number}]",
            data_fields={"name_en": "name", "note_en": "note"},
        )
        for number, stage in enumerate(entry["stages"])
    ]


def in_order_of_reference(facts: list[Facts]) -> list[Facts]:
    """Order institutions after their parents and predecessors. Raise CycleError for a circle."""
    by_key = {one.key: one for one in facts}
    graph = {
        key: [one.values[name] for name in ("parent", "successor") if one.values[name] in by_key]
        for key, one in by_key.items()
    }
    return [by_key[key] for key in TopologicalSorter(graph).static_order()]


def circle_problems(facts: list[Facts]) -> list[Problem]:
    try:
        in_order_of_reference(facts)
    except CycleError as error:
        circle = " > ".join(error.args[1])
        return [Problem(INSTITUTIONS.name, error.args[1][0], "parent", f"parents or successors in a circle: {circle}")]
    return []


# Contacts ------------------------------------------------------------------------------------------------------------


# Programmes ----------------------------------------------------------------------------------------------------------


def programme_facts(entry: Mapping[str, Any], plain_text) -> Facts:
    place = {"file": PROGRAMMES.name, "key": entry["key"]}
    values = {
        "key": entry["key"],
        **name_columns({"en": entry["name_en"], "ru": entry.get("name_ru") or ""}, ()),
        **plain_values(Programme, entry, plain_text),
    }
    partners = [
        Facts({"institution": key}, **place, data_field=f"partner_institutions[{number}]")
        for number, key in enumerate(entry["partner_institutions"])
    ]
    rows = {"partner_institutions": partners, "record_sources": record_source_rows(entry, **place)}
    at_birth = {"publication_state": PublicationState.PUBLISHED.value}
    return Facts(values, rows, at_birth, **place, data_fields=data_fields(Programme))


def programme_problems(entries: list[Mapping[str, Any]]) -> list[Problem]:
    return [
        Problem(PROGRAMMES.name, entry["key"], "currency", "missing, though an amount is given")
        for entry in entries
        if entry["currency"] is None and (entry["minimum_spend"] is not None or entry["cap"] is not None)
    ]
