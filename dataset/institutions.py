"""What the data set says about countries, cities, institutions and programmes, as facts for the models."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from graphlib import CycleError, TopologicalSorter
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError

from dataset.files import URL, DataFile, Layout, Problem, record_file
from dataset.merge import (
    RECORD_FIELDS,
    Facts,
    Shape,
    name_columns,
    name_values,
    names_shape,
    other_name_rows,
    record_source_rows,
    same,
    sources_shape,
    supporting_sources,
)
from institutions.models import (
    CisStatus,
    Country,
    CountrySource,
    Institution,
    InstitutionContact,
    InstitutionKind,
    InstitutionName,
    InstitutionSource,
    InstitutionStatus,
    Ownership,
    Programme,
    ProgrammeKind,
    ProgrammeName,
    ProgrammeSource,
    Service,
    Stage,
    Treaty,
)
from languages.of_countries import NATIVE_LANGUAGES
from languages.romanisation import script_of, slug_from_name
from records.base import NameKind, PublicationState
from records.models import (
    E164_REGEX,
    EMAIL_REGEX,
    PAGE_KINDS,
    TELEPHONE_KINDS,
    CheckMethod,
    ContactKind,
    normal_contact_value,
    same_contact,
)

# They left the CIS; the directory lists them, though the data set has no institution of theirs yet.
FORMER_MEMBERS = ("GE", "UA")

COUNTRIES = record_file(
    "countries",
    "code:country cis_status:text cis_since:date? film_law:text? coproduction:list",
    words={"cis_status": CisStatus.values},
    parts={"coproduction": Layout("name:text date:date? note:text?")},
    key_field="code",
)
INSTITUTIONS = record_file(
    "institutions",
    "key:key kind:text country:country? names:names acronyms:texts variants:texts former_names:list ownership:text? "
    "status:text founded:date? parent:key? city:text? address:text? postal_code:text? coordinates:degrees? "
    "website:url? emails:emails phones:phones social:map services:texts stages:list description:text identifiers:map",
    words={
        "kind": InstitutionKind.values,
        "ownership": Ownership.values,
        "status": InstitutionStatus.values,
        "services": Service.values,
    },
    parts={
        "former_names": Layout("name:text from:date? until:date?"),
        "stages": Layout("name:text area_m2:number? note:text?"),
    },
)
CONTACT_POINTS = DataFile(
    "contact_points",
    Layout(
        "institution:key kind:text value:text e164:text* department:text? language:language? as_of:date? source:page? "
        "note:text?",
        words={"kind": ContactKind.values},
    ),
    key_field="institution",
)
PROGRAMMES = record_file(
    "programmes",
    "key:key kind:text institution:key? partner_institutions:keys partners:texts country:country? name_en:text "
    "rate_percent:number? minimum_spend:number? cap:number? currency:currency? in_force_since:date? summary:text",
    words={"kind": ProgrammeKind.values},
)

COUNTRY_SHAPE = Shape(
    Country,
    ("code", "cis_status", "cis_since", "film_law_en", "remarks_en"),
    rows={
        "treaties": Shape(Treaty, ("name_en", "date", "note_en", "order"), parent="country", identify=same("name_en")),
        "record_sources": sources_shape(CountrySource, "country"),
    },
)
CONTACT_FIELDS = ("kind", "value", "department", "language", "source", "note", "order")
# The page that a contact came from is its first check; later ones are the editors' own.
CHECK_FIELDS = ("checked_on", "check_method")
INSTITUTION_SHAPE = Shape(
    Institution,
    (
        *RECORD_FIELDS,
        *("kind", "is_international", "country", "city", "parent", "successor", "ownership", "status", "founded"),
        *("services", "address_local", "address_latin", "postal_code", "latitude", "longitude", "description_en"),
        "registers",
    ),
    rows={
        "other_names": names_shape(InstitutionName, "institution"),
        "contacts": Shape(
            InstitutionContact,
            CONTACT_FIELDS,
            parent="institution",
            identify=same("kind", "value"),
            at_birth=CHECK_FIELDS,
        ),
        "stages": Shape(Stage, ("name", "area_m2", "note", "order"), parent="institution", identify=same("name")),
        "record_sources": sources_shape(InstitutionSource, "institution"),
    },
)
PROGRAMME_SHAPE = Shape(
    Programme,
    (
        *RECORD_FIELDS,
        *("kind", "country", "institution", "partners", "rate_percent", "minimum_spend", "cap", "currency", "since"),
        "summary_en",
    ),
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
    values = {
        "code": entry["code"],
        "cis_status": entry["cis_status"],
        "cis_since": entry["cis_since"],
        "film_law_en": plain_text(entry["film_law"]),
        "remarks_en": plain_text(entry["notes"]),
    }
    treaties = [
        Facts(
            {
                "name_en": treaty["name"],
                "date": treaty["date"],
                "note_en": plain_text(treaty["note"]),
                "order": number,
            },
            **place,
            data_field=f"coproduction[{number}]",
            data_fields={"name_en": "name", "note_en": "note"},
        )
        for number, treaty in enumerate(entry["coproduction"])
    ]
    rows = {"treaties": treaties, "record_sources": record_source_rows(entry, **place)}
    return Facts(values, rows, **place, data_fields={"film_law_en": "film_law", "remarks_en": "notes"})


def further_country_facts(described: Iterable[str], mentioned: Iterable[str]) -> list[Facts]:
    """Countries without an entry: former members of the CIS, and others that films, cities or events name."""
    codes = sorted({*FORMER_MEMBERS, *mentioned} - set(described))
    return [
        Facts(
            {
                "code": code,
                "cis_status": (CisStatus.FORMER if code in FORMER_MEMBERS else CisStatus.NONE).value,
                "cis_since": None,
                "film_law_en": "",
                "remarks_en": "",
            },
            file=COUNTRIES.name,
            key=code,
        )
        for code in codes
    ]


def city_key(name: str, country_code: str) -> str:
    return f"{country_code.lower()}-{slug_from_name(name)}"


# Institutions --------------------------------------------------------------------------------------------------------

# "Merged into az-union-of-cinematographers", "Reorganised into am-cinema-foundation in May 2024"
_SUCCESSOR = re.compile(r"\binto (?:the )?([a-z0-9]+(?:-[a-z0-9]+)+)\b")


def successor_key(entry: Mapping[str, Any], keys: Iterable[str]) -> str | None:
    """The institution that took over: the key after "into" in the notes of a merged or renamed one."""
    if entry["status"] not in (InstitutionStatus.MERGED, InstitutionStatus.RENAMED):
        return None
    found = _SUCCESSOR.search(entry["notes"] or "")
    return found[1] if found and found[1] in keys else None


def native_languages(entry: Mapping[str, Any], seat_country: str | None) -> list[str]:
    """In which order to look for the native name.

    An international body's is in the language of its seat, else in the first language besides English and Russian.
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
        **columns,
        "kind": entry["kind"],
        "is_international": entry["country"] is None,
        "country": entry["country"],
        "city": city,
        "parent": entry["parent"],
        "successor": successor,
        "ownership": entry["ownership"] or "",
        "status": entry["status"],
        "founded": entry["founded"],
        "services": entry["services"],
        "address_local": "" if is_latin else entry["address"] or "",
        "address_latin": entry["address"] if is_latin else "",
        "postal_code": entry["postal_code"] or "",
        "latitude": latitude,
        "longitude": longitude,
        "description_en": plain_text(entry["description"]),
        "remarks_en": plain_text(entry["notes"]),
        "registers": entry["identifiers"],
    }
    names = other_name_rows(entry["names"], columns, acronyms=entry["acronyms"], variants=entry["variants"], **place)
    rows = {
        "other_names": names + _former_name_rows(entry, place),
        "contacts": contact_rows(entry, contact_points, plain_text),
        "stages": _stage_rows(entry, place),
        "record_sources": record_source_rows(entry, **place),
    }
    at_birth = {"publication_state": PublicationState.PUBLISHED.value}
    return Facts(values, rows, at_birth, **place, data_fields=INSTITUTION_DATA_FIELDS)


INSTITUTION_DATA_FIELDS = {
    "name_en": "names.en",
    "name_ru": "names.ru",
    "name_native": "names",
    "native_language": "names",
    "address_local": "address",
    "address_latin": "address",
    "latitude": "coordinates",
    "longitude": "coordinates",
    "description_en": "description",
    "remarks_en": "notes",
    "registers": "identifiers",
    "is_international": "country",
}


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
            {"name": stage["name"], "area_m2": stage["area_m2"], "note": stage["note"] or "", "order": number},
            **place,
            data_field=f"stages[{number}]",
        )
        for number, stage in enumerate(entry["stages"])
    ]


def in_order_of_reference(facts: list[Facts]) -> list[Facts]:
    """Institutions after those that they are part of or gave their work to. Raises CycleError for a circle."""
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

_HANDLE = re.compile(r"@[\w.]+")


def contact_value(kind: str, text: str) -> str:
    """The stored form of a contact; a bare @handle of Instagram becomes its page."""
    if kind == ContactKind.INSTAGRAM and _HANDLE.fullmatch(text):
        text = f"https://www.instagram.com/{text[1:]}"
    return normal_contact_value(kind, text)


def contact_rows(entry: Mapping[str, Any], contact_points: list[Mapping[str, Any]], plain_text) -> list[Facts]:
    """All ways to reach the institution, each once, with the newest page that shows it."""
    stated = [*_contacts_of_record(entry), *_contacts_of_points(contact_points, plain_text)]
    by_contact: dict[tuple[str, str], Facts] = {}
    for facts in stated:
        identity = same_contact(facts.values["kind"], facts.values["value"])
        earlier = by_contact.setdefault(identity, facts)
        if earlier is not facts:
            _add_statement(earlier.values, facts.values)
    own_hosts = [_host(facts.values["value"]) for facts in stated if facts.values["kind"] == ContactKind.WEBSITE]
    for number, facts in enumerate(by_contact.values()):
        values = facts.values
        source_host = _host(values["source"] or "")
        is_own_page = any(f".{source_host}".endswith(f".{own_host}") for own_host in own_hosts)
        method = CheckMethod.OFFICIAL_PAGE if is_own_page else CheckMethod.PUBLISHED_PAGE
        values["check_method"] = method.value if values["checked_on"] else ""
        values["order"] = number
        facts.at_birth = {name: values.pop(name) for name in CHECK_FIELDS}
    return list(by_contact.values())


def _add_statement(values: dict, further: Mapping[str, Any]):
    """A second page with the same contact: the newer date holds, and what only one of them says stays."""
    if (further["checked_on"] or "") > (values["checked_on"] or ""):
        values["checked_on"] = further["checked_on"]
        values["source"] = further["source"]
    for name in ("source", "department", "language", "note"):
        values[name] = values[name] or further[name]


def _contacts_of_record(entry) -> list[Facts]:
    website = [(ContactKind.WEBSITE, entry["website"], "website", "website")] if entry["website"] else []
    stated = [
        *((ContactKind.PHONE, text, "phones", f"phones[{number}]") for number, text in enumerate(entry["phones"])),
        *((ContactKind.EMAIL, text, "emails", f"emails[{number}]") for number, text in enumerate(entry["emails"])),
        *website,
        *((kind, text, "social", f"social.{kind}") for kind, text in entry["social"].items()),
    ]
    rows = []
    for kind, text, fact, data_field in stated:
        page = next(iter(supporting_sources(entry, fact)), {"url": None, "date": None})
        values = _contact_values(str(kind), text, source=page["url"], checked_on=page["date"])
        rows.append(Facts(values, file=INSTITUTIONS.name, key=entry["key"], data_field=data_field))
    return rows


def _contacts_of_points(points, plain_text) -> list[Facts]:
    rows = []
    for point in points:
        values = _contact_values(
            point["kind"],
            point.get("e164") or point["value"],
            source=point["source"]["url"] if point["source"] else None,
            checked_on=point["as_of"],
            department=point["department"] or "",
            language=point["language"] or "",
            note=plain_text(point["note"]),
        )
        rows.append(
            Facts(
                values,
                file=CONTACT_POINTS.name,
                key=contact_point_key(point),
                data_fields={"checked_on": "as_of"},
            )
        )
    return rows


def contact_point_key(point: Mapping[str, Any]) -> str:
    """Contact points have no key of their own."""
    return f"{point['institution']}, {point['kind']} {point['value']}"


def _contact_values(kind, text, *, source, checked_on, department="", language="", note="") -> dict[str, Any]:
    return {
        "kind": kind,
        "value": contact_value(kind, text),
        "department": department,
        "language": language,
        "source": source,
        "checked_on": checked_on,
        "check_method": "",
        "note": note,
        "order": 0,
    }


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def contact_problems(institutions: list[Mapping[str, Any]], points: list[Mapping[str, Any]]) -> list[Problem]:
    """Contacts that can't be what they are said to be."""
    stated = []
    for entry in institutions:
        place = (INSTITUTIONS.name, entry["key"])
        stated += [(*place, f"phones[{number}]", "phone", text) for number, text in enumerate(entry["phones"])]
        stated += [(*place, f"social.{kind}", kind, text) for kind, text in entry["social"].items()]
    for point in points:
        place = (CONTACT_POINTS.name, contact_point_key(point))
        number = point.get("e164")
        stated.append((*place, "e164" if number else "value", point["kind"], number or point["value"]))
    faults = [(file, key, data_field, _contact_fault(kind, text)) for file, key, data_field, kind, text in stated]
    return [Problem(*fault) for fault in faults if fault[-1]]


def _contact_fault(kind: str, text: str) -> str:
    """Why the text can't be a contact of this kind; "" if it can."""
    if kind not in ContactKind.values:
        return f"unknown kind of contact {kind!r}"
    try:
        value = contact_value(kind, text)
    except ValidationError as error:
        return f"{text!r}: {' '.join(error.messages)}"
    patterns = {ContactKind.EMAIL: EMAIL_REGEX} | dict.fromkeys(TELEPHONE_KINDS, E164_REGEX)
    if not re.search(patterns.get(kind, ""), value):
        return f"{text!r} is no {ContactKind(kind).label}"
    if kind in PAGE_KINDS and not URL.fullmatch(value):
        return f"{text!r} is no web address"
    return ""


# Programmes ----------------------------------------------------------------------------------------------------------


def programme_facts(entry: Mapping[str, Any], plain_text) -> Facts:
    place = {"file": PROGRAMMES.name, "key": entry["key"]}
    values = {
        "key": entry["key"],
        **name_columns({"en": entry["name_en"]}, ()),
        "kind": entry["kind"],
        "country": entry["country"],
        "institution": entry["institution"],
        "partners": entry["partners"],
        "rate_percent": entry["rate_percent"],
        "minimum_spend": entry["minimum_spend"],
        "cap": entry["cap"],
        "currency": entry["currency"] or "",
        "since": entry["in_force_since"],
        "summary_en": plain_text(entry["summary"]),
        "remarks_en": plain_text(entry["notes"]),
    }
    partners = [
        Facts({"institution": key}, **place, data_field=f"partner_institutions[{number}]")
        for number, key in enumerate(entry["partner_institutions"])
    ]
    rows = {"partner_institutions": partners, "record_sources": record_source_rows(entry, **place)}
    data_fields = {"since": "in_force_since", "summary_en": "summary", "remarks_en": "notes"}
    return Facts(
        values, rows, {"publication_state": PublicationState.PUBLISHED.value}, **place, data_fields=data_fields
    )


def programme_problems(entries: list[Mapping[str, Any]]) -> list[Problem]:
    return [
        Problem(PROGRAMMES.name, entry["key"], "currency", "missing, though an amount is given")
        for entry in entries
        if entry["currency"] is None and (entry["minimum_spend"] is not None or entry["cap"] is not None)
    ]
