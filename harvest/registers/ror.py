"""Research Organization Registry: schools, archives and museums of film, and the way from their ids to others'.

Records of schema 2; they have names, website, founding year and city, but no telephone, e-mail or street.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from harvest.origins import ROR
from institutions.models import Country, Institution
from institutions.models import InstitutionKind as Kind
from records.identifier_types import BY_NAME
from search.models import NamedText

from .client import RegisterClient
from .register import Body, Said
from .suggesting import website_said
from .wikidata_statements import LANGUAGES

URL = "https://api.ror.org/v2/organizations"
# What the API gives on a page, and the pages that a query may have.
PAGE_SIZE = 20
MOST_PAGES = 5
# Filters alone leave records out, so that words are asked for.
WORDS = ("film", "cinema", "cinematography", "кино", "audiovisual")
FILM_WORDS = re.compile(r"\b(film|films|cinema|cinematograph\w*|screen arts?|кино\w*|кіно\w*)\b", re.IGNORECASE)
# Kinds of our records that research registers know.
KINDS = {Kind.SCHOOL, Kind.ARCHIVE, Kind.MUSEUM, Kind.CENTRE, Kind.MINISTRY}
KIND_OF_TYPE = {"education": Kind.SCHOOL, "archive": Kind.ARCHIVE}
# Characters with a meaning in queries.
RESERVED = re.compile(r'[+\-=&|><!(){}\[\]^"~*?:\\/]')


class Ror:
    name = ROR.name
    countries = None

    def ask(self, client: RegisterClient, country: Country, ours: Iterable[Institution]) -> Iterator[Body]:
        seen = set()
        for query in _queries(ours):
            for record in _records(client, query, country.code):
                body = _body(record, country.code)
                if body is not None and body.own not in seen:
                    seen.add(body.own)
                    yield body


def _queries(ours: Iterable[Institution]) -> Iterator[str]:
    """Return the queries: ids of our records where known, else Wikidata ids, else English names; then words."""
    for one in ours:
        if ror := one.identifiers.get("ror"):
            yield f'"https://ror.org/{ror}"'
        elif one.kind in KINDS:
            yield f'"{one.identifiers.get("wikidata") or " ".join(RESERVED.sub(" ", one.name_en).split())}"'
    yield from WORDS


def _records(client, query: str, code: str) -> Iterator[dict[str, Any]]:
    parameters = {"query": query, "filter": f"locations.geonames_details.country_code:{code}", "all_status": ""}
    for page in range(1, MOST_PAGES + 1):
        data = client.json(URL, {**parameters, "page": str(page)}, is_busy=_no_items)
        items = data["items"]
        yield from (item for item in items if isinstance(item, dict))
        if len(items) < PAGE_SIZE:
            return


def _no_items(data) -> str:
    return "" if isinstance(data, dict) and isinstance(data.get("items"), list) else "no items in the answer"


def _body(record: dict[str, Any], code: str) -> Body | None:
    """Return the body of a record; None for records of another schema or country."""
    own = BY_NAME["ror"].parse(str(record.get("id", "")))
    places = [place for one in _maps(record, "locations") if isinstance(place := one.get("geonames_details"), dict)]
    seats = [place for place in places if place.get("country_code") == code]
    names = sorted(_maps(record, "names"), key=lambda name: "ror_display" not in _list(name, "types"))
    if own is None or not seats or not names:
        return None
    acronyms = [name for name in names if "acronym" in _list(name, "types")]
    full = [text for name in names if name not in acronyms and (text := _named(name))]
    links = [link.get("value") for link in _maps(record, "links") if link.get("type") == "website"]
    websites = [url for url in links if isinstance(url, str) and url]
    facts = [website_said(url, f"links: {url}") for url in websites]
    if isinstance(founded := record.get("established"), int):
        facts.append(Said("founded", {"founded": str(founded)}, f"established: {founded}"))
    kinds = [KIND_OF_TYPE[kind] for kind in map(str, _list(record, "types")) if kind in KIND_OF_TYPE]
    is_of_film = any(FILM_WORDS.search(name.text) for name in full)
    return Body(
        identifiers={"ror": own, **_identifiers(record)},
        url=f"https://ror.org/{own}",
        names=full,
        acronyms=[text for name in acronyms if (text := _named(name))],
        kind=kinds[0] if kinds and is_of_film else "",
        has_ended=record.get("status") != "active",
        websites=websites,
        city=[NamedText(str(seats[0]["name"]), "en")] if seats[0].get("name") else [],
        facts=facts,
    )


def _identifiers(record) -> dict[str, str]:
    """Return the other ids; of several of one register the preferred one."""
    found = {}
    for known in _maps(record, "external_ids"):
        several = _list(known, "all")
        chosen = known.get("preferred") or (several[0] if len(several) == 1 else "")
        if known.get("type") in ("wikidata", "isni") and (number := BY_NAME[known["type"]].parse(str(chosen))):
            found[known["type"]] = number
    return found


def _named(name) -> NamedText | None:
    text, tag = " ".join(str(name.get("value") or "").split()), LANGUAGES.get(str(name.get("lang") or "mul").lower())
    return NamedText(text, tag) if text and tag is not None else None


def _maps(record, name: str) -> list[dict]:
    return [one for one in _list(record, name) if isinstance(one, dict)]


def _list(record, name: str) -> list:
    found = record.get(name)
    return found if isinstance(found, list) else []
