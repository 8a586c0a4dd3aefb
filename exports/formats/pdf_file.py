"""Printed directory: by country, with an index and page numbers, tagged for screen readers (PDF/UA-1)."""

import json
import subprocess
import sys
import threading
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any, NamedTuple

from languages.sorting import sort_key

from .contact_row import ContactRow

# Directories that a worker of the server sets at the same time; a long one takes about 150 MB for seconds.
PLACES = threading.BoundedSemaphore(1)
SECONDS_TO_WAIT_FOR_A_PLACE = 3
SECONDS_TO_SET = 30
TYPESETTER = Path(__file__).parent / "typeset.py"
LINK_SCHEMES = {"phone": "tel:", "whatsapp": "tel:", "email": "mailto:"}


class TypesetterBusy(Exception):
    """Raised if other directories are being set, or this one takes too long."""


class Words(NamedTuple):
    """Labels of the document in the reader's language."""

    index: str
    no_country: str


def _line(text: str, link: str = "") -> dict[str, str]:
    return {"text": text, "link": link}


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
    for method in row.contact_methods:
        scheme = LINK_SCHEMES.get(method.kind)
        link = scheme + method.value if scheme else method.value if "://" in method.value else ""
        department = f"{method.department}: " if method.department else ""
        lines.append(_line(department + method.shown, link))
    lines += map(_line, row.confirmations)
    if row.record.page:
        lines.append(_line(row.record.page.split("://", 1)[-1], row.record.page))
    return lines


def pdf_file(
    file: IO[bytes], rows: Iterable[ContactRow], about: list[tuple[str, str, str]], words: Words, language: str
):
    """Write the directory into the file. Raise TypesetterBusy, before any row is read, if no slot is free.

    `about` holds name, label and text of each statement about the list.
    """
    if not PLACES.acquire(timeout=SECONDS_TO_WAIT_FOR_A_PLACE):
        raise TypesetterBusy
    try:
        _typeset(file, _document(rows, about, words, language))
    finally:
        PLACES.release()


def _document(rows: Iterable[ContactRow], about, words: Words, language: str) -> dict[str, Any]:
    entries = defaultdict(list)
    index = []
    for number, row in enumerate(rows):
        territory = row.institution.territory if row.institution is not None else words.no_country
        entries[territory].append({"number": number, "name": row.name, "lines": _lines(row)})
        index.append({"number": number, "name": row.name})
    return {
        "title": about[0][2],
        "made_on": about[1][2],
        "language": language,
        "about": [[label, text] for _name, label, text in about],
        "words": words._asdict(),
        "groups": [
            # "international" is in lower case, as within lines.
            {"heading": place[:1].upper() + place[1:], "entries": entries[place]}
            for place in sorted(entries, key=sort_key)
        ],
        "index": sorted(index, key=lambda item: sort_key(item["name"])),
    }


def _typeset(file: IO[bytes], document: dict[str, Any]):
    # See typeset.py for why this is a separate process.
    command = [sys.executable, str(TYPESETTER)]
    text = json.dumps(document)
    try:
        subprocess.run(command, input=text, stdout=file, text=True, check=True, timeout=SECONDS_TO_SET)  # noqa: S603 fixed command
    except subprocess.TimeoutExpired as error:
        raise TypesetterBusy from error
