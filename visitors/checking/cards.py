"""Contact cards (vCard 2.1 to 4.0) that a visitor sends: read as rows of a table, given back with additions."""

import quopri
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from exports.formats.vcard import escaped, folded
from records.tables.table import LONGEST_CELL, MAX_TEXT, TOO_MUCH, Line, Refused, Table

BEGIN = re.compile(rb"\s*BEGIN:VCARD\s*$", re.IGNORECASE | re.MULTILINE)
# Properties that a row has, with the headings under which `columns` knows them.
HEADING_OF = {
    "FN": "Person",
    "ORG": "Organisation",
    "TITLE": "Post",
    "TEL": "Phone",
    "EMAIL": "Email",
    "URL": "Website",
}
HEADINGS = [*HEADING_OF.values(), "City", "Country"]
_UNESCAPED = re.compile(r"\\([\\,;nN:])")


@dataclass
class Card:
    """Lines of a card as sent, and the values of its properties by name, in upper case."""

    lines: list[str] = field(default_factory=list)
    values: dict[str, list[str]] = field(default_factory=dict)

    @property
    def version(self) -> str:
        return next(iter(self.values.get("VERSION", ())), "3.0").strip()


def is_of_cards(content: bytes) -> bool:
    return bool(BEGIN.match(content.removeprefix(b"\xef\xbb\xbf")))


def cards_in(content: bytes) -> list[Card]:
    """Return the cards of a file. Raise Refused."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("windows-1251", "replace")
    if "\0" in text or len(text) > MAX_TEXT:
        raise Refused(TOO_MUCH, status=413 if len(text) > MAX_TEXT else 400)
    cards, card = [], None
    for line in _unfolded(text):
        name = line.strip().upper()
        if name == "BEGIN:VCARD":
            card = Card()
        if card is None:
            continue
        card.lines.append(line)
        _read(card, line)
        if name == "END:VCARD":
            cards.append(card)
            card = None
    if not cards:
        raise Refused(_("The file holds no whole contact card."))
    return cards


def _unfolded(text: str) -> Iterable[str]:
    """Yield lines of properties, each with the lines that continue it, as sent."""
    gathered: list[str] = []
    for line in re.split(r"\r\n|\r|\n", text):
        is_soft = bool(gathered) and gathered[-1].endswith("=") and "QUOTED-PRINTABLE" in gathered[0].upper()
        if gathered and (line[:1] in (" ", "\t") or is_soft):
            gathered.append(line)
            continue
        if gathered:
            yield "\r\n".join(gathered)
        gathered = [line] if line else []
    if gathered:
        yield "\r\n".join(gathered)


def _read(card: Card, line: str):
    whole = re.sub(r"=\r\n", "", line) if "QUOTED-PRINTABLE" in line.upper() else re.sub(r"\r\n[ \t]", "", line)
    head, _colon, value = whole.partition(":")
    name, *parameters = head.split(";")
    if any("QUOTED-PRINTABLE" in parameter.upper() for parameter in parameters):
        value = quopri.decodestring(value.encode()).decode("utf-8", "replace")
    card.values.setdefault(name.rpartition(".")[2].strip().upper(), []).append(value)


def text_of(value: str) -> str:
    """Return the text of a value without escapes, in one line."""
    return " ".join(_UNESCAPED.sub(lambda found: " " if found[1] in "nN" else found[1], value).split())[:LONGEST_CELL]


def table_of_cards(content: bytes, max_rows: int) -> Table:
    """Return a table with a row for each card, numbered from 1. Raise Refused."""
    cards = cards_in(content)
    if len(cards) > max_rows:
        message = _("The file has more than %(count)d rows. Split it and send the parts separately.")
        raise Refused(message % {"count": max_rows}, status=413)
    return Table(HEADINGS, [Line(number, _cells(card)) for number, card in enumerate(cards, start=1)], "vcf")


def _cells(card: Card) -> list[str]:
    cells = {heading: "; ".join(map(text_of, card.values.get(name, ()))) for name, heading in HEADING_OF.items()}
    organisation = next(iter(card.values.get("ORG", ())), "")
    cells["Organisation"] = text_of(re.split(r"(?<!\\);", organisation)[0])
    address = re.split(r"(?<!\\);", next(iter(card.values.get("ADR", ())), ""))
    if len(address) == 7:
        cells["City"], cells["Country"] = text_of(address[3]), text_of(address[6])
    is_of_body = cells["Person"] == cells["Organisation"] or (not cells["Organisation"] and "N" not in card.values)
    if is_of_body or card.values.get("KIND", [""])[0].casefold() == "org":
        cells["Organisation"], cells["Person"] = cells["Organisation"] or cells["Person"], ""
    return [cells.get(heading, "") for heading in HEADINGS]


def updated_cards(content: bytes, additions: Mapping[int, Mapping[str, list[str]]]) -> Iterable[str]:
    """Yield the cards as sent, each with further lines before its end: values by the name of their property."""
    for number, card in enumerate(cards_in(content), start=1):
        lines, further = card.lines, additions.get(number, {})
        replaced = {name for name in ("ORG", "TITLE") if name in further}
        for line in lines[:-1]:
            if line.partition(":")[0].partition(";")[0].rpartition(".")[2].upper() not in replaced:
                yield line + "\r\n"
        for name, values in further.items():
            for value in values:
                text = value if name in ("URL", "TEL", "EMAIL") else escaped(value)
                charset = ";CHARSET=UTF-8" if card.version == "2.1" and not value.isascii() else ""
                yield folded(f"{name}{charset}:{text}")
        yield lines[-1] + "\r\n"
