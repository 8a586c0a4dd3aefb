"""Stand-ins of open registers on this machine: they answer as the real ones do, with the bodies that they are given.

The formats are those of real answers; bodies of film are fictitious. Each may be told to fail first (`faults`).
"""

import json
import re
from collections.abc import Callable
from urllib.parse import parse_qs, unquote, urlsplit

from tests.local_site import Site

PREFIX = "http://www.wikidata.org/entity/"
COUNTRY_ITEMS = {"KZ": "Q232", "RU": "Q159", "UZ": "Q265", "TJ": "Q863", "AM": "Q399"}
# Classes and their superclasses, of those that entities here have.
SUPERCLASSES = {"Q1107679": "Q375336", "Q900100": "Q220505"}
CLASSES_BY_LABEL = {"film school": "Q900101"}
ITEM, TIME, TEXT_IN_LANGUAGE, PLACE = "wikibase-entityid", "time", "monolingualtext", "globecoordinate"


class RegisterSite(Site):
    """Site that answers all requests by one function of path and parameters; `faults` answer the first ones."""

    def __init__(self, answer: Callable):
        super().__init__()
        self.faults: list[Callable] = []
        self.pages = self
        self._answer = answer

    def get(self, path, default=None):
        """Return the page, as the dictionary of pages of a site does."""
        parts = urlsplit(path)
        if self.faults:
            return self.faults.pop(0)
        parameters = {name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
        return lambda handler: self._answer(handler, unquote(parts.path), parameters)

    @property
    def base(self):
        """Return scheme and host for `--base`, which need the pin of `resolve`."""
        return f"http://register.example:{self.server_port}"

    @property
    def resolve(self):
        """Return the value for `--resolve`."""
        return f"register.example:{self.server_port}:127.0.0.1"


def say(handler, data, content_type="application/json; charset=utf-8", status=200, **headers):
    body = data if isinstance(data, bytes) else json.dumps(data, ensure_ascii=False).encode()
    handler.say(status, body, **{"Content-Type": content_type}, **headers)


# Faults -------------------------------------------------------------------------------------------------------------


def page_for_people(handler):
    """Throttled queries get a page with status 200."""
    say(handler, b"<!DOCTYPE html><title>Too many requests</title>", "text/html; charset=utf-8")


def broken_json(handler):
    say(handler, b'{"head":{"vars":["item"]},"results":{"bindings":[{"item"')


def busy(status=429, **headers):
    return lambda handler: say(handler, {}, status=status, **headers)


def lagging(handler):
    """Answer that the servers are behind, with status 200 as the API does."""
    info = {"code": "maxlag", "info": "Waiting for 10.64.48.35: 6.2 seconds lagged.", "lag": 6.2, "type": "db"}
    say(handler, {"error": info, "servedby": "mw1"}, **{"Retry-After": "5", "X-Database-Lag": "6"})


def sent_on(handler):
    handler.say(302, Location="http://127.0.0.1:1/elsewhere")


def huge(handler):
    say(handler, b"[" + b" " * 20_000_001 + b"]")


# Wikidata -----------------------------------------------------------------------------------------------------------


def snak(name, value):
    """Return a snak in the format of Wikibase; `value` is a text, or a pair of type and value; None is not known."""
    if value is None:
        return {"snaktype": "somevalue", "property": name}
    kind, value = value if isinstance(value, tuple) else ("string", value)
    return {"snaktype": "value", "property": name, "datavalue": {"value": value, "type": kind}}


def item(number):
    return ITEM, {"entity-type": "item", "numeric-id": int(number[1:]), "id": number}


def text_in(language, text):
    return TEXT_IN_LANGUAGE, {"text": text, "language": language}


def time(text, precision=11):
    parts = {"timezone": 0, "before": 0, "after": 0, "precision": precision}
    return TIME, {"time": text, "calendarmodel": f"{PREFIX}Q1985727", **parts}


def place(latitude, longitude):
    return PLACE, {
        "latitude": latitude,
        "longitude": longitude,
        "altitude": None,
        "precision": 1e-06,
        "globe": f"{PREFIX}Q2",
    }


def claim(name, value, rank="normal", **qualifiers):
    """Return a statement; qualifiers are values by property."""
    return {
        "mainsnak": snak(name, value),
        "type": "statement",
        "id": f"{name}$1",
        "rank": rank,
        **({"qualifiers": {other: [snak(other, one)] for other, one in qualifiers.items()}} if qualifiers else {}),
    }


def entity(number, labels, *claims, country="KZ", kind="Q375336", aliases=None):
    """Return an entity with these labels by language and these statements, beside class and country."""
    own = [claim("P31", item(kind))] if kind else []
    own += [claim("P17", item(COUNTRY_ITEMS[country]))] if country else []
    by_property = {}
    for one in (*own, *claims):
        by_property.setdefault(one["mainsnak"]["property"], []).append(one)
    named = {language: {"language": language, "value": text} for language, text in labels.items()}
    # Empty maps come as lists.
    further = {
        language: [{"language": language, "value": text} for text in texts]
        for language, texts in (aliases or {}).items()
    }
    return {"type": "item", "id": number, "labels": named or [], "aliases": further or [], "claims": by_property or []}


def wikidata_site(*entities) -> RegisterSite:
    """Return a stand-in of the query service and of the API with these entities."""
    known = {one["id"]: one for one in entities}

    def answer(handler, path, parameters):
        if path == "/sparql":
            rows = _found(known, parameters["query"])
            results = {"head": {"vars": ["item", "class"]}, "results": {"bindings": rows}}
            return say(handler, results, "application/sparql-results+json;charset=utf-8")
        assert (path, parameters["maxlag"]) == ("/w/api.php", "5")
        if parameters["action"] == "wbsearchentities":
            number = CLASSES_BY_LABEL.get(parameters["search"])
            hits = [{"id": number, "label": parameters["search"], "match": {"type": "label"}}] if number else []
            return say(handler, {"searchinfo": {"search": parameters["search"]}, "search": hits, "success": 1})
        asked = parameters["ids"].split("|")
        assert len(asked) <= 50
        found = {number: known.get(number, {"id": number, "missing": ""}) for number in asked}
        return say(handler, {"entities": found, "success": 1})

    return RegisterSite(answer)


def _found(known, query):
    """Return the rows of the three queries that are asked: by class, by website and by name."""
    country = re.search(r'wdt:P297 "(\w\w)"', query)
    items = {
        number: one for number, one in known.items() if not country or COUNTRY_ITEMS[country[1]] in _values(one, "P17")
    }
    if "?site" in query:
        wanted = set(re.findall(r"<([^>]*)>", query))
        return [_row(number) for number, one in items.items() if wanted & set(_values(one, "P856"))]
    if "rdfs:label" in query:
        wanted = set(re.findall(r'"((?:[^"\\]|\\.)*)"@([\w-]+)', query))
        return [
            _row(number)
            for number, one in items.items()
            if wanted & {(label["value"], label["language"]) for label in dict(one["labels"]).values()}
        ]
    classes = re.search(r"VALUES \?class \{([^}]*)\}", query)[1].replace("wd:", "").split()
    excluded = re.search(r"NOT EXISTS \{[^}]*wd:(Q\d+)", query)[1]
    rows = []
    for number, one in items.items():
        its = {parent for kind in _values(one, "P31") for parent in (kind, SUPERCLASSES.get(kind))}
        rows += [_row(number, kind) for kind in classes if kind in its and excluded not in its]
    limit, offset = map(int, re.search(r"LIMIT (\d+) OFFSET (\d+)", query).groups())
    return rows[offset : offset + limit]


def _row(number, kind=""):
    row = {"item": {"type": "uri", "value": PREFIX + number}}
    return row | ({"class": {"type": "uri", "value": PREFIX + kind}} if kind else {})


def _values(one, name):
    snaks = [each["mainsnak"] for each in dict(one["claims"]).get(name, [])]
    values = [each["datavalue"]["value"] for each in snaks if each["snaktype"] == "value"]
    return [value["id"] if isinstance(value, dict) else value for value in values]


# ROR ----------------------------------------------------------------------------------------------------------------


def organization(number, names, *, country="KZ", city="Almaty", types=("education",), **fields):
    """Return a record of schema 2.1; `names` are tuples of text, language and type."""
    geonames = {"country_code": country, "country_name": "", "name": city, "lat": 43.25, "lng": 76.91}
    return {
        "admin": {"created": {"date": "2018-11-14", "schema_version": "1.0"}},
        "domains": [],
        "established": None,
        "external_ids": [],
        "id": f"https://ror.org/{number}",
        "links": [],
        "locations": [{"geonames_details": geonames, "geonames_id": 1526384}],
        "names": [{"lang": language, "types": [kind], "value": text} for text, language, kind in names],
        "relationships": [],
        "status": "active",
        "types": list(types),
        **fields,
    }


def ror_site(*records) -> RegisterSite:
    """Return a stand-in of the API of ROR with these records, 20 on a page."""

    def answer(handler, path, parameters):
        assert path == "/v2/organizations"
        code = parameters["filter"].rpartition(":")[2]
        words = parameters["query"].strip('"').casefold().split()
        found = [
            record
            for record in records
            if any(
                place.get("geonames_details", {}).get("country_code") == code for place in record.get("locations", [])
            )
            and all(word in json.dumps(record, ensure_ascii=False).casefold() for word in words)
        ]
        start = 20 * (int(parameters["page"]) - 1)
        say(handler, {"number_of_results": len(found), "time_taken": 3, "items": found[start : start + 20], "meta": {}})

    return RegisterSite(answer)


# opendata.mkrf.ru ---------------------------------------------------------------------------------------------------


def cultural_body(number, name, *, phones=(), address="", **contacts):
    """Return a row of a set; `phones` are pairs of number and comment."""
    told = [{"value": value, "comment": comment} for value, comment in phones]
    general = {
        "id": number,
        "name": name,
        "description": "",
        "address": {"street": "", "comment": "", "fullAddress": address},
        "category": {"name": "", "sysName": ""},
        "contacts": {"website": "", "email": "", "phones": told, **contacts},
    }
    return {"nativeId": str(number), "data": {"general": general}}


def mkrf_site(key: str, **sets) -> RegisterSite:
    """Return a stand-in of the open data of the ministry with these rows by set, for whoever has the key."""

    def answer(handler, path, parameters):
        if handler.headers.get("X-API-KEY") != key:
            return say(handler, {"error": "Forbidden"}, status=403)
        words = json.loads(parameters["f"])["data.general.name"]["$search"].casefold().split()
        rows = [
            row
            for row in sets.get(path.split("/")[2], [])
            if any(word in row["data"]["general"]["name"].casefold() for word in words)
        ]
        start, size = int(parameters["s"]), int(parameters["l"])
        return say(handler, {"total": len(rows), "data": rows[start : start + size]})

    return RegisterSite(answer)
