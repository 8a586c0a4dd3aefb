"""Contacts of the data set."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError

from dataset.common_facts import (
    supporting_sources,
)
from dataset.files import URL, DataFile, Layout, Problem, record_file
from dataset.shapes import Facts
from institutions.models import Institution
from records.checks import CheckMethod
from records.contact_types import PAGE_KINDS, TELEPHONE_KINDS, ContactKind
from records.models import E164_REGEX, EMAIL_REGEX, normal_contact_value, same_contact

INSTITUTIONS = record_file(
    "institutions",
    Institution,
    parts={
        "former_names": Layout("name:text from:date? until:date?"),
        "stages": Layout("name:text name_ru:text* area_m2:number? height_m:metres* note:text? note_ru:text*"),
    },
)
CONTACT_POINTS = DataFile(
    "contact_points",
    Layout(
        "institution:key kind:text value:text e164:text* department:text? department_ru:text* language:language? "
        "as_of:date? source:page? note:text?",
        words={"kind": ContactKind.values},
    ),
    key_field="institution",
)


CONTACT_FIELDS = ("kind", "value", "department", "department_ru", "language", "source", "note", "order")


# The page that a contact came from is its first check; editors make later ones.
CHECK_FIELDS = ("checked_on", "check_method")


def contact_rows(entry: Mapping[str, Any], contact_points: list[Mapping[str, Any]], plain_text) -> list[Facts]:
    """Return the rows of all contacts of the institution, each once, with the newest page that shows it."""
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
    """Add a second page with the same contact: the newer date counts, and other values are joined."""
    if (further["checked_on"] or "") > (values["checked_on"] or ""):
        values["checked_on"] = further["checked_on"]
        values["source"] = further["source"]
    if not values["department"]:
        values["department"], values["department_ru"] = further["department"], further["department_ru"]
    for name in ("source", "language", "note"):
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
            department_ru=point.get("department_ru") or "",
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
    """Return a key for a contact point, which has none of its own."""
    return f"{point['institution']}, {point['kind']} {point['value']}"


def _contact_values(
    kind, text, *, source, checked_on, department="", department_ru="", language="", note=""
) -> dict[str, Any]:
    return {
        "kind": kind,
        "value": normal_contact_value(kind, text),
        "department": department,
        "department_ru": department_ru,
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
    """Return the problems of contacts that don't fit their kind."""
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
    """Return why the text can't be a contact of this kind; "" if it can."""
    if kind not in ContactKind.values:
        return f"unknown kind of contact {kind!r}"
    try:
        value = normal_contact_value(kind, text)
    except ValidationError as error:
        return f"{text!r}: {' '.join(error.messages)}"
    patterns = {ContactKind.EMAIL: EMAIL_REGEX} | dict.fromkeys(TELEPHONE_KINDS, E164_REGEX)
    if not re.search(patterns.get(kind, ""), value):
        return f"{text!r} is no {ContactKind(kind).label}"
    if kind in PAGE_KINDS and not URL.fullmatch(value):
        return f"{text!r} is no web address"
    return ""
