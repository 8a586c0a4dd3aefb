"""Reports on an address book: cards by their paths, cards that a filter finds, and what changed."""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from urllib.parse import unquote, urlsplit

from lxml import etree

from exports.formats.contact_row import ContactRow
from exports.formats.vcard import vcard_3, vcard_4

from .books import Account, Book
from .cards import REMEMBERED, Card, Cards, is_newest
from .documents import Refused, element, name_of, only_elements, response, status_only, text_of
from .filters import filter_from, properties_of, with_properties
from .properties import of_card

MAKERS = {"3.0": vcard_3, "4.0": vcard_4}
ADDRESS_DATA = name_of("C:address-data")
CARD_NAME = re.compile(r"([0-9a-f]{16})\.vcf")
TOO_MANY = "HTTP/1.1 507 Insufficient Storage"


class Report:
    """A report that was asked for, with the properties to give of each card."""

    def __init__(self, account: Account, book: Book, root: etree._Element, *, minimal: bool):
        self.account, self.book, self.root, self.minimal = account, book, root, minimal
        self.asked = only_elements(root.find(name_of("D:prop")))
        self.wanted = [each.tag for each in self.asked]
        if any(root.find(name_of(short)) is not None for short in ("D:allprop", "D:propname")):
            raise Refused(400, "Name the properties that you want.")
        data = next((each for each in self.asked if each.tag == ADDRESS_DATA), None)
        self.version, self.only = _form_of_cards(data)

    def responses(self) -> Iterable[etree._Element]:
        """Return a response for each card. Raise Refused."""
        makers = {
            name_of("C:addressbook-multiget"): self._multiget,
            name_of("C:addressbook-query"): self._query,
            name_of("D:sync-collection"): self._changes,
        }
        if self.root.tag not in makers:
            raise Refused(403, condition="D:supported-report")
        return makers[self.root.tag]()

    def _multiget(self) -> Iterator[etree._Element]:
        cards = REMEMBERED.cards_of(self.book)
        hrefs = [each.text or "" for each in self.root.findall(name_of("D:href"))]
        if not hrefs:
            raise Refused(400, "Name the cards that you want.")
        return self._said(cards, {href: cards.by_name.get(self._name_in(href)) for href in hrefs})

    def _name_in(self, href: str) -> str:
        try:
            path = unquote(urlsplit(href.strip()).path)
        except ValueError:
            return ""
        found = CARD_NAME.fullmatch(path.removeprefix(self.book.path)) if path.startswith(self.book.path) else None
        return found[1] if found else ""

    def _query(self) -> Iterator[etree._Element]:
        fits, most = filter_from(self.root), _limit(self.root)
        return self._found(REMEMBERED.cards_of(self.book), fits, most)

    def _found(self, cards: Cards, fits: Callable, most: int | None) -> Iterator[etree._Element]:
        # One more than asked for tells that there are more.
        found = (
            (card, row)
            for card, row in cards.with_rows(cards.by_name.values())
            if row is not None and fits(properties_of(MAKERS[self.version](row)))
        )
        for number, (card, row) in enumerate(found if most is None else islice(found, most + 1)):
            if number == most:
                beyond = element("D:error", element("D:number-of-matches-within-limits"))
                yield status_only(self.book.path, TOO_MANY, beyond)
            else:
                yield self._card(self.path_of(card.name), card, row)

    def _changes(self) -> Iterator[etree._Element]:
        if text_of(self.root, "D:sync-level") not in ("", "1"):
            raise Refused(403, condition="D:sync-traversal-supported")
        token, most = text_of(self.root, "D:sync-token"), _limit(self.root)
        if token and is_newest(token, self.book):
            return iter([element("D:sync-token", token)])
        cards = REMEMBERED.cards_of(self.book)
        changed, removed = cards.since(token)
        if most is not None and len(changed) + len(removed) > most:
            raise Refused(507, condition="D:number-of-matches-within-limits")
        return self._changed(cards, changed, removed)

    def _changed(self, cards: Cards, changed: list[Card], removed: list[str]) -> Iterator[etree._Element]:
        yield from self._said(cards, {self.path_of(card.name): card for card in changed})
        yield from (status_only(self.path_of(name)) for name in removed)
        yield element("D:sync-token", cards.token)

    def path_of(self, name: str) -> str:
        return f"{self.book.path}{name}.vcf"

    def _said(self, cards: Cards, named: dict[str, Card | None]) -> Iterator[etree._Element]:
        """Yield a response for each card by its path; None is a card that is not there."""
        there = [card for card in named.values() if card]
        rows = cards.with_rows(there) if ADDRESS_DATA in self.wanted else ((card, None) for card in there)
        for href, card in named.items():
            row = next(rows)[1] if card else None
            is_there = card and (row is not None or ADDRESS_DATA not in self.wanted)
            yield self._card(href, card, row) if is_there else status_only(href)

    def _card(self, href: str, card: Card, row: ContactRow | None) -> etree._Element:
        known = dict(of_card(self.account, card))
        if row is not None:
            known[ADDRESS_DATA] = lambda: self._address_data(row)
        return response(href, known, self.wanted, minimal=self.minimal)

    def _address_data(self, row: ContactRow) -> etree._Element:
        text = MAKERS[self.version](row)
        given = {"content-type": "text/vcard", "version": self.version}
        return element("C:address-data", with_properties(text, self.only) if self.only else text, **given)


def _form_of_cards(data: etree._Element | None) -> tuple[str, set[str]]:
    """Return version and properties that are wanted of cards; no properties for all of them. Raise Refused."""
    if data is None:
        return "3.0", set()
    version = data.get("version", "3.0")
    if data.get("content-type", "text/vcard") != "text/vcard" or version not in MAKERS:
        raise Refused(403, condition="C:supported-address-data")
    return version, {each.get("name", "").upper() for each in data.findall(name_of("C:prop"))}


def _limit(root: etree._Element) -> int | None:
    """Return the number of results that are wanted at most, None for any."""
    for prefix in ("C", "D"):
        limit = root.find(name_of(f"{prefix}:limit"))
        if limit is not None:
            text = text_of(limit, f"{prefix}:nresults")
            if not re.fullmatch("[0-9]{1,9}", text):
                raise Refused(400, "nresults is a whole number.")
            return int(text)
    return None
