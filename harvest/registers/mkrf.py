"""Open data of the Ministry of Culture of the Russian Federation (opendata.mkrf.ru): the contacts of cultural bodies.

Needs a key, which the ministry gives to everybody who registers: OPENDATA_MKRF_KEY.
"""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote

from django.conf import settings

from harvest.origins import MKRF
from institutions.models import Country, Institution
from institutions.models import InstitutionKind as Kind
from records.contact_types import ContactKind
from search.models import NamedText

from .client import RegisterClient, RegisterError
from .register import Body, Said
from .suggesting import contact_said, website_said, without_repeated_contacts

URL = "https://opendata.mkrf.ru/v2"
# Sets that hold bodies of film, with the kind of new ones; cinemas and houses of culture are none of ours.
SETS = {"museums": Kind.MUSEUM, "education": Kind.SCHOOL, "culture_palaces_clubs": "", "cinema": ""}
ROWS_A_PAGE = 100
MOST_ROWS = 1_000
WORDS = ("кино", "киностудия", "кинематограф", "кинематографии", "киноискусства", "мультипликации", "фильмофонд")
FILM_WORDS = re.compile(r"кино(?!логи)|фильмофонд|мультипликац|анимац", re.IGNORECASE)
# Kinds of our records that the sets may hold.
KINDS = {Kind.SCHOOL, Kind.ARCHIVE, Kind.MUSEUM, Kind.CENTRE, Kind.UNION, Kind.STUDIO}


class Mkrf:
    name = MKRF.name
    countries = frozenset({"RU"})

    def ask(self, client: RegisterClient, country: Country, ours: Iterable[Institution]) -> Iterator[Body]:
        if not settings.OPENDATA_MKRF_KEY:
            raise RegisterError("Set OPENDATA_MKRF_KEY: the ministry gives a key at https://opendata.mkrf.ru")
        names = {_words(one.name_ru) for one in ours if one.name_ru and one.kind in KINDS}
        seen = set()
        for data_set, kind in SETS.items():
            for words in (*WORDS, *sorted(names)):
                for row in _rows(client, data_set, words):
                    body = _body(data_set, kind, row)
                    if body is not None and body.own not in seen:
                        seen.add(body.own)
                        yield body


def _words(name: str) -> str:
    """Return the name in quotation marks, by which people call a body, else the whole name."""
    quoted = re.search(r"[«\"„“]([^«»\"„“”]{3,})[»\"“”]", name)
    return " ".join((quoted[1] if quoted else name).split())


def _rows(client, data_set: str, words: str) -> Iterator[dict[str, Any]]:
    parameters = {"f": json.dumps({"data.general.name": {"$search": words}}, ensure_ascii=False)}
    for start in range(0, MOST_ROWS, ROWS_A_PAGE):
        page = parameters | {"s": str(start), "l": str(ROWS_A_PAGE)}
        headers = {"X-API-KEY": settings.OPENDATA_MKRF_KEY}
        rows = client.json(f"{URL}/{data_set}/$", page, headers=headers, is_busy=_no_rows)["data"]
        yield from (row for row in rows if isinstance(row, dict))
        if len(rows) < ROWS_A_PAGE:
            return


def _no_rows(data) -> str:
    return "" if isinstance(data, dict) and isinstance(data.get("data"), list) else "no data in the answer"


def _body(data_set: str, kind: str, row: dict[str, Any]) -> Body | None:
    general = _map(_map(row, "data"), "general")
    name, number = _text(general, "name"), str(row.get("nativeId") or general.get("id") or "")
    if not name or not number.isdecimal():
        return None
    contacts, address = _map(general, "contacts"), _map(general, "address")
    website = _text(contacts, "website")
    facts = [*_phones(contacts)]
    if mail := _text(contacts, "email"):
        facts.append(contact_said(ContactKind.EMAIL, mail, f"email: {mail}"))
    if website:
        facts.append(website_said(website, f"website: {website}"))
    if street := _text(address, "fullAddress") or _text(address, "street"):
        # The postal code stands first, where it is known.
        code, rest = re.fullmatch(r"(?:(\d{6}),\s*)?(.+)", street).groups()
        facts.append(Said("address", {"address_local": rest}, f"address: {street}"))
        facts += [Said("postal_code", {"postal_code": code}, f"address: {street}")] if code else []
    return Body(
        identifiers={"mkrf": f"{data_set}/{number}"},
        # The answer about this body alone, for whoever has a key.
        url=f"{URL}/{data_set}/$?f={quote(json.dumps({'nativeId': int(number)}))}",
        names=[NamedText(name, "ru")],
        kind=kind if FILM_WORDS.search(name) else "",
        websites=[website] if website else [],
        facts=without_repeated_contacts(facts),
    )


def _phones(contacts) -> Iterator[Said]:
    """Telephone numbers, mostly digits alone, with what the comment says as department."""
    phones = contacts.get("phones")
    for phone in phones if isinstance(phones, list) else ():
        number = _text(phone, "value") if isinstance(phone, dict) else ""
        # Eleven digits with the code of the country or the long-distance prefix.
        national = re.fullmatch(r"[78](\d{10})", re.sub(r"\D", "", number))
        comment = _text(phone, "comment") if number else ""
        if number:
            told = f"phones: {number} {comment}".rstrip()
            yield contact_said(ContactKind.PHONE, f"+7{national[1]}" if national else number, told, comment)


def _map(data, name: str) -> dict[str, Any]:
    found = data.get(name)
    return found if isinstance(found, dict) else {}


def _text(data, name: str) -> str:
    found = data.get(name)
    return " ".join(found.split()) if isinstance(found, str) else ""
