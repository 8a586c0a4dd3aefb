"""Contacts of rows: those of the post first, then those of the institution, each once."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import F, Func, TextField, Value

from records.contact_types import ELSEWHERE_KINDS

from .facts import IsOneOf, first_known
from .texts import BETWEEN_VALUES, texts_of

# The parts of `summary()` in its order.
PARTS = ["phones", "fax", "emails", "websites", "elsewhere", "addresses", "details"]
PARTS += ["checked_on", "check_method", "source"]
# The place among `PARTS` of what has the kind; of telephone numbers as people write them, of the rest as machines do.
OF_KIND = {"phone": 0, "fax": 1, "email": 2, "website": 3, "address": 5} | dict.fromkeys(ELSEWHERE_KINDS, 4)
AS_PEOPLE_WRITE = (0, 1)
DETAILS = 6
FIELDS = ["kind", "value", "checked_on", "check_method", "source__url"]
LANGUAGES = Func(F("languages"), Value(" "), function="array_to_string", output_field=TextField())
# Has the fields of `ContactMethod` in their order: of hundred thousands, plain tuples take half the time.
Contact = tuple[Any, ...]


@dataclass(frozen=True)
class ContactFact:
    """What the contacts of a row say: a part of `PARTS`, or each contact for contact cards."""

    part: str
    # No single record tells it; see `Fact`.
    expressions = {}


OWN_CONTACTS = ContactFact("own")
HOUSE_CONTACTS = ContactFact("house")


def contacts_by_owner(contacts, owner: str, ids: list[int], words) -> dict[int, list[Contact]]:
    """Return the public contacts of some institutions or posts in reading order, by the id of the owner."""
    found = defaultdict(list)
    if ids:
        ordered = contacts.public().filter(IsOneOf(owner, ids)).in_reading_order()
        departments = ["department_ru", "department"] if words.language_of_words == "ru" else ["department"]
        columns = texts_of(ordered, [F(owner), *map(F, FIELDS), first_known(*map(F, departments)), LANGUAGES])
        owners, kinds, values, checked_on, methods, sources, departments, languages = columns
        shown = map(words.shown_contact, kinds, values)
        methods = map(words.check_methods.__getitem__, methods)
        read = zip(kinds, values, shown, departments, map(_tags, languages), checked_on, methods, sources, strict=True)
        for owner_id, contact in zip(map(int, owners), read, strict=True):
            found[owner_id].append(contact)
    return found


@cache
def _tags(languages: str) -> tuple[str, ...]:
    return tuple(languages.split(" ")) if languages else ()


def summary(contacts: Iterable[Contact]) -> list[str]:
    """Return the texts of `PARTS`; values of one part have `BETWEEN_VALUES` between them."""
    texts = [""] * len(PARTS)
    latest = ""
    for kind, value, shown, department, languages, checked_on, method, source in contacts:
        if kind in OF_KIND:
            part = OF_KIND[kind]
            text = shown if part in AS_PEOPLE_WRITE else value
            texts[part] = f"{texts[part]}{BETWEEN_VALUES}{text}" if texts[part] else text
        if department or languages:
            detail = f"{', '.join(filter(None, (department, *languages)))}: {shown}"
            texts[DETAILS] = f"{texts[DETAILS]}{BETWEEN_VALUES}{detail}" if texts[DETAILS] else detail
        # Of several on one day the first counts.
        if checked_on > latest:
            latest = checked_on
            texts[DETAILS + 1 :] = checked_on, method, source
    return texts
