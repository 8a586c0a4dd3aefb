"""Cards of an address book: which there are now, what they say, and what changed since a sync token.

A token holds all that is needed to tell what changed, so that it outlives restarts, is understood by every process, and
nothing is stored for it: the moment of the data, and a fingerprint of each card that the program got. A card that has
another fingerprint now was changed, and one that is not in the book any more (withheld, unpublished, merged, or of
another country now) was removed, whatever became of its record. The log of changes of `records.history` could not tell
the latter: it knows public records only. While the moment is the same, nothing is read at all.

A token of a book with more than `MOST_IN_TOKEN` cards would be too long, and has a digest of all fingerprints instead.
Once anything changed it is refused by the precondition `valid-sync-token`; programs then compare all ETags.
"""

import base64
import re
from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from itertools import batched, chain, islice
from threading import Lock
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import get_language

from exports.cards import CardReader, as_one_card
from exports.formats.contact_row import ContactRow
from exports.formats.vcard import identifier, vcard_4
from exports.reading import Ref, one_moment
from web.data_version import data_version_in_request
from web.page_store import code_version

from .books import Book
from .documents import Refused

# Of one address book, and of all that a process remembers.
MOST_CARDS, MOST_REMEMBERED = 10_000, 60_000
CARDS_A_TIME = 500
TOKEN = "urn:x-cisfilm:sync:"  # noqa: S105 a token of WebDAV, which tells no secret
TOKEN_SHAPE = re.compile(rf"{TOKEN}([0-9a-f]{{24}}):([AD])([A-Za-z0-9_-]*)")
MOST_IN_TOKEN = 300
NAME_OCTETS, STATE_OCTETS = 8, 4


class Card(NamedTuple):
    """Card of an institution or a person: its name in paths and its ETag, as hexadecimal digits, and its rows."""

    name: str
    etag: str
    refs: list[Ref]

    @property
    def fingerprint(self) -> bytes:
        return bytes.fromhex(self.name) + bytes.fromhex(self.etag)[:STATE_OCTETS]


@dataclass(frozen=True)
class Cards:
    """All cards of an address book by name, as they were at one moment."""

    moment: str
    by_name: dict[str, Card]
    # Kept, since it takes longer to make than to read some cards. It reads the records as they are when it is asked.
    reader: CardReader

    @cached_property
    def token(self) -> str:
        fingerprints = b"".join(card.fingerprint for card in self.by_name.values())
        if len(self.by_name) > MOST_IN_TOKEN:
            return f"{TOKEN}{self.moment}:D{_in_letters(_digest(fingerprints))}"
        return f"{TOKEN}{self.moment}:A{_in_letters(fingerprints)}"

    def with_rows(self, cards: Iterable[Card]) -> Iterator[tuple[Card, ContactRow | None]]:
        """Yield each card with its row as it is now; None if its record is not public any more."""
        cards = list(cards)
        for card, (_refs, row) in zip(cards, _rows(self.reader, [card.refs for card in cards]), strict=True):
            yield card, row if card_name(row) == card.name else None

    def since(self, token: str) -> tuple[list[Card], list[str]]:
        """Return the cards that changed since the token, and the names of those removed. Raise Refused."""
        if not token:
            return list(self.by_name.values()), []
        moment, form, known = _parts(token)
        if form == "D":
            if moment == self.moment or token.partition(":D")[2] == self.token.partition(":D")[2]:
                return [], []
            raise Refused(403, condition="D:valid-sync-token")
        size = NAME_OCTETS + STATE_OCTETS
        states = {known[at : at + NAME_OCTETS].hex(): known[at : at + size] for at in range(0, len(known), size)}
        changed = [card for card in self.by_name.values() if states.get(card.name) != card.fingerprint]
        return changed, [name for name in states if name not in self.by_name]


def _in_letters(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).decode().rstrip("=")


def _digest(octets: bytes) -> bytes:
    return blake2b(octets, digest_size=16).digest()


def _parts(token: str) -> tuple[str, str, bytes]:
    """Return moment, form and content of a token. Raise Refused for what is none."""
    found = TOKEN_SHAPE.fullmatch(token)
    known = base64.urlsafe_b64decode(found[3] + "=" * (-len(found[3]) % 4)) if found and len(found[3]) % 4 != 1 else b""
    if not found or (found[3] and not known) or (found[2] == "A" and len(known) % (NAME_OCTETS + STATE_OCTETS)):
        raise Refused(403, condition="D:valid-sync-token")
    return found[1], found[2], known


def moment_of(book: Book) -> str:
    """Return a hash that is another one whenever the cards of the book may be others."""
    parts = (code_version(), data_version_in_request(), timezone.localdate(), get_language(), book.path)
    return blake2b(repr(parts).encode(), digest_size=12).hexdigest()


def is_newest(token: str, book: Book) -> bool:
    """Return whether nothing can have changed since the token, without reading the book."""
    found = TOKEN_SHAPE.fullmatch(token)
    return found is not None and found[1] == moment_of(book)


def card_name(row: ContactRow) -> str:
    """Return the name of the card, which stays the same; "" if its record is not public any more."""
    return identifier(row.identity).replace("-", "").rpartition(":")[2][: 2 * NAME_OCTETS] if row.record else ""


class Remembered:
    """Cards of books that were asked for last, in this process."""

    def __init__(self):
        self._books: OrderedDict[tuple, Cards] = OrderedDict()
        self._lock = Lock()

    def cards_of(self, book: Book) -> Cards:
        """Return the cards as they are now. Raise Refused if there are too many."""
        # Before anything is read: what a commit changes meanwhile belongs to a later moment.
        moment, key = moment_of(book), (book.path, get_language())
        with self._lock:
            cards = self._books.pop(key, None)
            if cards is None or cards.moment != moment:
                reader = CardReader()
                cards = Cards(moment, {card.name: card for card in _read(book, reader)}, reader)
            self._books[key] = cards
            while sum(len(each.by_name) for each in self._books.values()) > MOST_REMEMBERED:
                self._books.popitem(last=False)
        return cards


REMEMBERED = Remembered()


def _read(book: Book, reader: CardReader) -> Iterator[Card]:
    groups = defaultdict(list)
    with one_moment():
        for ref in chain.from_iterable(book.source().refs("both")):
            groups[ref.is_person, ref.person or ref.institution].append(ref)
            if len(groups) > MOST_CARDS:
                raise Refused(507, condition="D:number-of-matches-within-limits")
        for refs, row in _rows(reader, groups.values()):
            if name := card_name(row):
                # Version 4.0 says all that version 3.0 says.
                yield Card(name, blake2b(vcard_4(row).encode(), digest_size=8).hexdigest(), refs)


def _rows(reader: CardReader, groups: Iterable[list[Ref]]) -> Iterator[tuple[list[Ref], ContactRow]]:
    """Yield the rows of each card as one."""
    for some in batched(groups, CARDS_A_TIME, strict=False):
        rows = reader.of(list(chain.from_iterable(some)))
        for refs in some:
            yield refs, as_one_card(list(islice(rows, len(refs))))
