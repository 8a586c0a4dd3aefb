"""Withholding of everybody on a list that `kept_outside` wrote, before all data or after a backup came back."""

import datetime
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.db import transaction

from people.models import Person, PersonName, WithholdingReason
from people.withheld_names import WithheldNames
from records.base import PublicationState
from records.models import MergedKey

from .kept_outside import OTHER_NAME, RECORD
from .withhold import withhold


class ListError(Exception):
    """Raised if the file is no such list; the message gives the reason."""


def withhold_listed(entries: Iterable[dict[str, Any]]) -> list[Person]:
    """Withhold everybody on the list, with or without a record; return the newly withheld people."""
    found = []
    with transaction.atomic():
        for entry in entries:
            key = MergedKey.objects.present_records([f"person/{entry['key']}"])[f"person/{entry['key']}"].split("/")[1]
            person = Person.objects.filter(key=key).first() or Person(**{name: entry.get(name, "") for name in RECORD})
            is_new = not person.withheld
            person.publication_state = PublicationState.ARCHIVED
            person.save()
            known = {name.text for name in person.names_to_search()}
            stated = [{"text": entry[name]} for name in RECORD[2:5] if entry.get(name)] + entry["other_names"]
            for name in stated:
                if name["text"] not in known:
                    PersonName.objects.create(person=person, **name)
            person = Person.objects.get(pk=person.pk)
            if is_new:
                withhold(person, reason=entry["reason"], note=entry["note"])
                Person.objects.filter(pk=person.pk).update(withheld_on=entry["withheld_on"])
                found.append(person)
    return found


def withhold_namesakes() -> list[Person]:
    """Withhold everybody with a name on the list: nobody has declared namesakes among these records."""
    names, found = WithheldNames.read(), []
    for person in Person.objects.filter(withheld=False).prefetch_related("other_names") if names else ():
        same = next((one for name in person.names_to_search() if name.text and (one := names.find(name.text))), None)
        if same:
            withhold(person, reason=same.withheld_reason, note=same.withheld_note)
            found.append(person)
    return found


def read_list(file: Path) -> list[dict[str, Any]]:
    """Return the entries of a file. Raise ListError, also if it can't be read."""
    try:
        return checked(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise ListError(str(error)) from error


def checked(entries: Any) -> list[dict[str, Any]]:
    """Return the entries of a file. Raise ListError if `kept_outside` can't have written them."""
    try:
        for entry in entries:
            if not {"key", "slug", "name_en", "other_names", "note"} <= entry.keys():
                raise ListError(f"an entry lacks its {', '.join({'key', 'slug', 'name_en'} - entry.keys()) or 'names'}")
            if entry["reason"] not in {"", *WithholdingReason.values}:
                raise ListError(f"{entry['key']}: unknown reason {entry['reason']!r}")
            if entry["withheld_on"]:
                datetime.date.fromisoformat(entry["withheld_on"])
            if not all({"text"} <= name.keys() <= {*OTHER_NAME} for name in entry["other_names"]):
                raise ListError(f"{entry['key']}: another name without a text")
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ListError("this is no list of people who asked not to be listed") from error
    return entries
