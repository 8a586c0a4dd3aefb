"""What the service says of itself, and its suggestions for what is being typed."""

from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse

from api.members import address
from languages.folding import fold_for_search
from records.identifier_types import BY_NAME
from search.queries import Query
from visitors.search import suggested_records

from .columns import columns_of, named
from .entities import entity_id, types, types_of
from .matching import PROPERTIES, REGISTERS

PREVIEW = {"width": 380, "height": 150}


def _url(name: str) -> str:
    return settings.SITE_URL + reverse(f"reconciliation:{name}")


def manifest() -> dict:
    start = _url("service")
    suggest = {"service_url": start}
    return {
        "versions": ["0.2"],
        "name": "CISFilm",
        "identifierSpace": address(),
        "schemaSpace": address("openapi.json"),
        "documentation": settings.SITE_URL + reverse("for_programs"),
        "view": {"url": f"{_url('view')}?id={{{{id}}}}"},
        "preview": {"url": f"{_url('preview')}?id={{{{id}}}}", **PREVIEW},
        "defaultTypes": [one.named for one in types().values() if not one.broader],
        "suggest": {name: suggest | {"service_path": f"/suggest/{name}"} for name in ("entity", "property", "type")},
        "extend": {
            "propose_properties": {"service_url": start, "service_path": "/properties"},
            "property_settings": [],
        },
    }


def suggested_entities(prefix: str) -> list[dict]:
    records = suggested_records(Query(prefix, is_unfinished=True)) if prefix.strip() else []
    return [
        {
            "id": entity_id(record),
            "name": record.name,
            "description": ", ".join(map(str, record.facts_in_short)),
            "notable": types_of(record),
        }
        for record in records
    ]


def suggested_types(prefix: str) -> list[dict]:
    return _beginning(prefix, (one.in_full for one in types().values()))


def suggested_properties(prefix: str) -> list[dict]:
    """Return properties of queries, then columns of records."""
    queried = [{"id": name, "name": name.replace("_", " ")} for name in PROPERTIES]
    queried += [{"id": name, "name": str(BY_NAME[name].label)} for name in REGISTERS]
    columns = (named(column) for kind in types() for column in columns_of(kind).values())
    return _beginning(prefix, {one["id"]: one for one in [*columns, *queried]}.values())


def proposed_properties(kind: str) -> list[dict]:
    return [named(column) for column in columns_of(types()[kind].kind).values()]


def _beginning(prefix: str, things: Iterable[dict]) -> list[dict]:
    """Return those of which a word begins like this, by id or name."""
    begin = fold_for_search(prefix)
    return [one for one in things if f" {begin}" in f" {fold_for_search(one['id'])} {fold_for_search(one['name'])}"]
