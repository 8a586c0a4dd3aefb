"""Rows to a printed directory: by country, with an index and page numbers, tagged for screen readers (PDF/UA-1)."""

import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import IO, NamedTuple

from cisfilm.romanisation import sort_key

from .contact_row import ContactRow

TYPESETTER = Path(__file__).parent / "typeset.py"
LINK_SCHEMES = {"phone": "tel:", "whatsapp": "tel:", "email": "mailto:"}
# Pictures that the font does not hold would be printed as boxes.
LAST_OF_BASIC_PLANE = "\uffff"


class Words(NamedTuple):
    """What the document says itself, in the reader's language."""

    index: str
    no_country: str


def _printable(text: str) -> str:
    return "".join(character for character in text if character <= LAST_OF_BASIC_PLANE)


def _line(text: str, link: str = "") -> dict[str, str]:
    return {"text": _printable(text), "link": link}


def _lines(row: ContactRow) -> list[dict[str, str]]:
    own = row.record.names.own
    lines = [_line(own)] if own and own != row.name else []
    lines += [_line(row.change)] if row.change else []
    lines += [_line(text) for text in (*row.what_changed, row.event_role) if text]
    if row.is_person:
        lines += [_line(text) for text in (row.title, row.institution_name, row.time_in_post) if text]
    house = row.institution
    if house is not None:
        if not row.is_person:
            facts = [house.kind_label, house.city, house.status, *house.services]
            lines.append(_line(" · ".join(fact for fact in facts if fact)))
        lines += [_line(address) for address in (house.address_latin, house.address_local) if address]
    for reach in row.reaches:
        scheme = LINK_SCHEMES.get(reach.kind)
        link = scheme + reach.value if scheme else reach.value if "://" in reach.value else ""
        department = f"{reach.department}: " if reach.department else ""
        lines.append(_line(department + reach.shown, link))
    if (check := row.last_check) is not None:
        lines.append(_line(f"{check.checked_on}, {check.check_method}"))
    if row.record.page:
        lines.append(_line(row.record.page.split("://", 1)[-1], row.record.page))
    return lines


def pdf_file(
    file: IO[bytes], rows: Iterable[ContactRow], about: list[tuple[str, str, str]], words: Words, language: str
):
    """Writes the directory into the file. `about` holds name, label and text of each statement about the list."""
    entries = defaultdict(list)
    index = []
    for number, row in enumerate(rows):
        name = _printable(row.name) or row.record.key
        territory = row.institution.territory if row.institution is not None else words.no_country
        entries[territory].append({"number": number, "name": name, "lines": _lines(row)})
        index.append({"number": number, "name": name})
    data = {
        "title": _printable(about[0][2]),
        "made_on": about[1][2],
        "language": language,
        "about": [[label, _printable(text)] for _name, label, text in about],
        "words": words._asdict(),
        "groups": [{"heading": place, "entries": entries[place]} for place in sorted(entries, key=sort_key)],
        "index": sorted(index, key=lambda item: sort_key(item["name"])),
    }
    # See typeset.py for why this is a process of its own.
    command = [sys.executable, str(TYPESETTER)]
    subprocess.run(command, input=json.dumps(data), stdout=file, text=True, check=True)  # noqa: S603 fixed command
