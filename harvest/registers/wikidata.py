"""Wikidata: bodies by class, website and name through its query service, then what their entities say."""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import batched
from typing import Any

from harvest.origins import WIKIDATA
from institutions.models import Country, Institution
from institutions.models import InstitutionKind as Kind
from languages.of_countries import NATIVE_LANGUAGES
from languages.scripts import script_of
from records.contact_types import PROFILE_URLS, ContactKind
from records.contact_values import spellings_of_page
from records.identifier_types import BY_NAME
from web.site_client import host_of

from . import wikidata_statements as read
from .client import RegisterClient
from .register import Body, Said
from .suggesting import contact_said, website_said, without_repeated_contacts

QUERY_URL = "https://query.wikidata.org/sparql"
API_URL = "https://www.wikidata.org/w/api.php"
PAGE_URL = "https://www.wikidata.org/wiki/"
# What `wbgetentities` gives at once.
ENTITIES_A_TIME = 50
BODIES_A_PAGE = 500
# Servers refuse much longer URLs; a letter of Cyrillic takes six characters of one.
LONGEST_QUERY = 6_000
# In the order in which a body of several classes gets its kind.
CLASSES = {
    "Q220505": Kind.FESTIVAL,
    "Q375336": Kind.STUDIO,
    "Q1762059": Kind.STUDIO,
    "Q1107679": Kind.STUDIO,
    "Q10689397": Kind.STUDIO,
}
# Classes whose ids are looked up by their English label.
LABELLED_CLASSES = {
    "film archive": Kind.ARCHIVE,
    "cinematheque": Kind.ARCHIVE,
    "film school": Kind.SCHOOL,
    "film commission": Kind.COMMISSION,
    "film museum": Kind.MUSEUM,
    "film distributor": Kind.DISTRIBUTOR,
    "film institute": Kind.CENTRE,
    "ministry of culture": Kind.MINISTRY,
}
FESTIVAL_EDITION = "Q27787439"
BY_WEBSITE = "SELECT DISTINCT ?item WHERE { VALUES ?site { VALUES_ASKED } ?item wdt:P856 ?site . }"
BY_NAME_IN = (
    "SELECT DISTINCT ?item WHERE { VALUES ?name { VALUES_ASKED } ?item rdfs:label|skos:altLabel ?name ; "
    'wdt:P17/wdt:P297 "%s" . }'
)
# Hosts of archived copies, which Wikidata has as websites of bodies that have ended.
COPIES = {"web.archive.org", "archive.org", "archive.today", "archive.is"}
# Without characters that end an IRI in a query.
IRI = re.compile(r"[^\s<>\"{}|\\^`]+")
HEADQUARTERS, UNIT, PARENT, DISSOLVED, DEATH = "P159", "P131", "P749", "P576", "P570"
WEBSITE, ADDRESS, POSTAL_CODE, POINT, FOUNDED = "P856", "P6375", "P281", "P625", "P571"
OFFICIAL_NAME, SHORT_NAME, NATIVE_LABEL = "P1448", "P1813", "P1705"
CONTACTS = {"P968": ContactKind.EMAIL, "P1329": ContactKind.PHONE, "P2900": ContactKind.FAX}
ACCOUNTS = {
    "P2013": (ContactKind.FACEBOOK, PROFILE_URLS["facebook"]),
    "P2003": (ContactKind.INSTAGRAM, PROFILE_URLS["instagram"]),
    "P2397": (ContactKind.YOUTUBE, "https://www.youtube.com/channel/"),
    "P3789": (ContactKind.TELEGRAM, PROFILE_URLS["telegram"]),
    "P3185": (ContactKind.VK, PROFILE_URLS["vk"]),
}
IDENTIFIERS = {
    **{"P6782": "ror", "P213": "isni", "P214": "viaf", "P345": "imdb", "P6762": "filmfreeway", "P11806": "tmdb"},
}
HEADS = {
    "P169": ("Chief Executive Officer", "Генеральный директор"),
    "P1037": ("Director", "Директор"),
    "P488": ("Chairperson", "Председатель"),
}
LABELS = {
    **{"P968": "e-mail address", "P1329": "phone number", "P2900": "fax number", "P856": "official website"},
    **{"P6375": "street address", "P281": "postal code", "P625": "coordinate location", "P571": "inception"},
    **{"P169": "chief executive officer", "P1037": "director / manager", "P488": "chairperson"},
    **{"P2013": "Facebook", "P2003": "Instagram", "P2397": "YouTube channel", "P3789": "Telegram", "P3185": "VK"},
}
type Entity = dict[str, Any]


class Wikidata:
    name = WIKIDATA.name
    countries = None

    def __init__(self):
        # Kinds by class; asked once a run.
        self._classes: dict[str, Kind] | None = None

    def ask(self, client: RegisterClient, country: Country, ours: Iterable[Institution]) -> Iterator[Body]:
        kinds = dict(self._by_class(client, country))
        for number in [*self._by_record(client, country, list(ours))]:
            kinds.setdefault(number, "")
        for some in batched(kinds, ENTITIES_A_TIME, strict=False):
            found = self._entities(client, some, "labels|aliases|claims")
            named = self._entities(client, sorted(set().union(*map(_items_to_name, found.values()))), "labels|claims")
            for number, entity in found.items():
                yield _body(number, entity, kinds.get(number, ""), named, NATIVE_LANGUAGES.get(country.code, ()))

    # Asking ----------------------------------------------------------------------------------------------------------

    def _by_class(self, client, country) -> Iterator[tuple[str, str]]:
        """Return the ids of items in the country by class, with the kind of each."""
        classes, kinds = self._kinds_by_class(client), {}
        for rows in self._pages(client, _items_of_classes(classes, country.code)):
            for row in rows:
                kinds.setdefault(_id(row.get("item")), set()).add(classes.get(_id(row.get("class")), ""))
        order = list(dict.fromkeys([*classes.values(), ""]))
        yield from ((number, min(several, key=order.index)) for number, several in kinds.items() if number)

    def _kinds_by_class(self, client) -> dict[str, Kind]:
        if self._classes is None:
            found = dict(CLASSES)
            for label, kind in LABELLED_CLASSES.items():
                parameters = {"action": "wbsearchentities", "search": label, "language": "en", "type": "item"}
                data = _api(client, parameters | {"limit": "10"})
                hits = data.get("search") if isinstance(data.get("search"), list) else []
                same = (hit for hit in hits if str(hit.get("label", "")).casefold() == label)
                found |= {hit["id"]: kind for hit in same if read.item_id(hit)}
            self._classes = found
        return self._classes

    def _by_record(self, client, country, ours) -> Iterator[str]:
        """Return the ids of items with the id, website or name of one of our records."""
        yield from (one.identifiers["wikidata"] for one in ours if "wikidata" in one.identifiers)
        unknown = [one for one in ours if "wikidata" not in one.identifiers]
        contacts = [contact for one in unknown for contact in one.contacts.all()]
        urls = {url for one in contacts if one.kind == ContactKind.WEBSITE for url in spellings_of_page(one.value)}
        yield from self._found(client, BY_WEBSITE, {f"<{url}>" for url in urls if IRI.fullmatch(url)})
        names = {name for one in unknown for name in one.names_to_search() if name.text}
        literals = {
            f"{_literal(name.text)}@{name.language.lower()}"
            for name in names
            if name.language.lower() in read.LANGUAGES
        }
        yield from self._found(client, BY_NAME_IN % country.code, literals)

    def _found(self, client, query: str, values: Iterable[str]) -> Iterator[str]:
        for some in _in_query_size(sorted(values)):
            for row in self._rows(client, query.replace("VALUES_ASKED", " ".join(some))):
                if number := _id(row.get("item")):
                    yield number

    def _pages(self, client, query: str) -> Iterator[list[dict]]:
        """Return the rows of a query page by page; a page that is not full is the last one."""
        offset = 0
        while True:
            rows = self._rows(client, f"{query} LIMIT {BODIES_A_PAGE} OFFSET {offset}")
            yield rows
            if len(rows) < BODIES_A_PAGE:
                return
            offset += BODIES_A_PAGE

    @staticmethod
    def _rows(client, query: str) -> list[dict]:
        data = client.json(QUERY_URL, {"query": query, "format": "json"}, is_busy=_no_results)
        return [row for row in data["results"]["bindings"] if isinstance(row, dict)]

    @staticmethod
    def _entities(client, numbers: Iterable[str], props: str) -> dict[str, Entity]:
        """Return entities by the ids asked for, without missing ones."""
        found = {}
        for some in batched(dict.fromkeys(numbers), ENTITIES_A_TIME, strict=False):
            parameters = {"action": "wbgetentities", "ids": "|".join(some), "props": props}
            parameters["languages"] = "|".join(read.LANGUAGES)
            entities = read.entity_map(_api(client, parameters), "entities")
            found |= {
                number: entity
                for number, entity in entities.items()
                if isinstance(entity, dict) and "missing" not in entity
            }
        return found


def _body(number: str, entity: Entity, kind: str, named: dict[str, Entity], native: tuple[str, ...]) -> Body:
    """Return the body of an entity; `native` are the languages of its country, `named` entities with their labels."""
    websites = _websites(entity)
    seats = [one for name in (HEADQUARTERS, UNIT) for one in read.best(entity, name) if one.item in named]
    parents = read.items(entity, PARENT)
    websites_said = [website_said(url, _told(WEBSITE, url)) for url in websites]
    contacts = [*websites_said, *_contacts(entity, named)]
    own = str(entity.get("id") or number)
    # Where two items were merged, the answer is the other one.
    merged = {number, str(read.entity_map(entity, "redirects").get("from") or own)} - {own}
    return Body(
        identifiers={"wikidata": own, **_identifiers(entity)},
        former_ids=tuple(merged),
        url=PAGE_URL + own,
        names=read.labels(entity),
        official_names=_texts(entity, OFFICIAL_NAME, NATIVE_LABEL),
        acronyms=_texts(entity, SHORT_NAME),
        aliases=read.aliases(entity),
        kind=kind,
        has_ended=bool(read.statements(entity, DISSOLVED)),
        websites=websites,
        city=read.labels(named[seats[0].item]) if seats else [],
        parent={"wikidata": parents[0]} if len(parents) == 1 else {},
        facts=without_repeated_contacts([*contacts, *_place(entity, seats), *_heads(entity, named, native)]),
    )


def _api(client, parameters) -> dict:
    data = client.json(API_URL, {**parameters, "format": "json", "maxlag": "5"}, is_busy=_error_of_api)
    return data if isinstance(data, dict) else {}


def _error_of_api(data) -> str:
    """Return the error of an answer: a lag of the database servers comes with status 200, as all errors do."""
    if not isinstance(data, dict):
        return "not a map"
    error = data.get("error")
    return f"{error.get('code')}: {error.get('info', '')}"[:200] if isinstance(error, dict) else ""


def _no_results(data) -> str:
    is_right = isinstance(data, dict) and isinstance(read.entity_map(data, "results").get("bindings"), list)
    return "" if is_right else "no results in the answer"


def _items_of_classes(classes, code: str) -> str:
    wanted = " ".join(f"wd:{number}" for number in classes)
    return (
        f"SELECT DISTINCT ?item ?class WHERE {{ VALUES ?class {{ {wanted} }} ?item wdt:P31/wdt:P279* ?class ; "
        f'wdt:P17/wdt:P297 "{code}" . '
        f"FILTER NOT EXISTS {{ ?item wdt:P31/wdt:P279* wd:{FESTIVAL_EDITION} }} }} ORDER BY ?item ?class"
    )


def _id(cell) -> str:
    """Return the id of the item in a cell of a result: "http://www.wikidata.org/entity/Q…"."""
    return (BY_NAME["wikidata"].parse(str(cell.get("value", ""))) or "") if isinstance(cell, dict) else ""


def _literal(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + " ".join(escaped.split()) + '"'


def _in_query_size(values: list[str]) -> Iterator[list[str]]:
    """Divide the values so that each query fits into a URL."""
    some, length = [], 0
    for value in values:
        own = sum(1 if letter.isascii() and letter.isalnum() else 3 * len(letter.encode()) for letter in value) + 1
        if some and length + own > LONGEST_QUERY:
            yield some
            some, length = [], 0
        some.append(value)
        length += own
    if some:
        yield some


def _items_to_name(entity: Entity) -> set[str]:
    """Return the items whose labels the facts need: cities, heads, and parts that a contact is for."""
    cities = {one.item for name in (HEADQUARTERS, UNIT) for one in read.best(entity, name)}
    heads = {one.item for name in HEADS for one in read.statements(entity, name)}
    parts = {one.part for name in CONTACTS for one in read.best(entity, name)}
    return (cities | heads | parts) - {""}


def _told(name: str, text: str) -> str:
    return f"{LABELS[name]} ({name}): {text}"


def _websites(entity: Entity) -> list[str]:
    """Return the websites; of several pages of one host the shortest, which is not the page of one language."""
    by_host: dict[str, str] = {}
    for url in sorted(read.texts(entity, WEBSITE), key=len):
        by_host.setdefault(host_of(url).removeprefix("www."), url)
    return [url for host, url in by_host.items() if host and host not in COPIES]


def _identifiers(entity: Entity) -> dict[str, str]:
    found = {known: BY_NAME[known].parse(read.only_text(entity, name)) for name, known in IDENTIFIERS.items()}
    return {known: number for known, number in found.items() if number}


def _texts(entity: Entity, *names: str) -> list:
    return [text for name in names for one in read.best(entity, name) if (text := read.named_text(one.value))]


def _contacts(entity: Entity, named) -> Iterator[Said]:
    for name, kind in CONTACTS.items():
        for one in read.best(entity, name):
            if isinstance(one.value, str):
                part = read.labels(named[one.part])[:1] if one.part in named else []
                text = one.value.removeprefix("mailto:").removeprefix("tel:")
                yield contact_said(kind, text, _told(name, one.value), part[0].text if part else "")
    for name, (kind, prefix) in ACCOUNTS.items():
        for account in read.texts(entity, name):
            if re.fullmatch(r"[\w.%-]{2,100}", account):
                yield contact_said(kind, prefix + account, _told(name, account))


def _place(entity: Entity, seats) -> Iterator[Said]:
    """Address, postal code, point and founding date; the first three also beside the headquarters."""
    for name in (ADDRESS, POSTAL_CODE, POINT):
        values = [one.value for one in read.best(entity, name) if not one.part]
        values = values or [value for seat in seats for value in seat.qualifiers.get(name, ())]
        if name == ADDRESS:
            yield from _addresses(values)
        elif name == POSTAL_CODE and len(values) == 1 and isinstance(values[0], str):
            yield Said("postal_code", {"postal_code": values[0]}, _told(name, values[0]))
        elif name == POINT and len(values) == 1 and (point := _degrees(values[0])):
            yield Said("coordinates", point, _told(name, ", ".join(point.values())))
    founded = [read.partial_date(one.value) for one in read.best(entity, FOUNDED)]
    if len(set(filter(None, founded))) == 1:
        yield Said("founded", {"founded": max(founded)}, _told(FOUNDED, max(founded)))


def _addresses(values) -> Iterator[Said]:
    seen = set()
    for text in filter(None, map(read.named_text, values)):
        column = "address_latin" if script_of(text.text) == "Latn" else "address_local"
        if column not in seen:
            seen.add(column)
            yield Said("address", {column: text.text}, _told(ADDRESS, text.text))


def _degrees(value) -> dict[str, str]:
    """Return latitude and longitude with six decimal places; {} for points that are not on Earth."""
    if not isinstance(value, dict) or not str(value.get("globe", "")).endswith("/Q2"):
        return {}
    try:
        degrees = {name: Decimal(str(value[name])).quantize(Decimal("0.000001")) for name in ("latitude", "longitude")}
    except (KeyError, ArithmeticError):
        return {}
    return {name: str(number) for name, number in degrees.items()}


def _heads(entity: Entity, named, native_languages) -> Iterator[Said]:
    for name, (title_en, title_ru) in HEADS.items():
        for one in read.statements(entity, name):
            person = named.get(one.item)
            if person is None or (one.has_ended and not (one.since or one.until)):
                continue
            # A post of somebody who has died ended, whatever is missing here.
            if not one.has_ended and read.statements(person, DEATH):
                continue
            names = {label.language: label.text for label in read.labels(person)}
            native = next((tag for tag in native_languages if tag in names), "")
            value = {
                **{f"name_{tag}": names[tag] for tag in ("en", "ru") if tag in names},
                **({"name_native": names[native], "native_language": native} if native else {}),
                **{"title_en": title_en, "title_ru": title_ru, "since": one.since, "until": one.until},
            }
            dates = "–".join([one.since, one.until]).strip("–")
            told = _told(name, ", ".join(filter(None, [names.get("en") or next(iter(names.values()), ""), dates])))
            if names:
                yield Said("head", {key: text for key, text in value.items() if text}, told)
