"""What the columns of a visitor's list hold: guessed by their headings, then by their cells."""

from collections.abc import Callable, Iterable, Sequence

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from exports.headings import field_of_heading, heading_key, own_headings
from institutions.matching import InstitutionMatcher, Sought, kind_named
from institutions.places import Places
from people.matching import PersonMatcher, SoughtPerson
from records.contact_types import ContactKind
from records.tables.cells import contacts_anywhere
from records.tables.table import Line
from search.context_words import country_of_the_world
from search.matches import Certainty


class Role(models.TextChoices):
    """Meaning of a column."""

    NONE = "", pgettext_lazy("column", "not needed")
    NAME = "name", _("institution")
    PERSON = "person", _("person")
    GIVEN_NAME = "given_name", _("given name")
    PATRONYMIC = "patronymic", _("patronymic")
    FAMILY_NAME = "family_name", _("family name")
    POST = "post", _("post")
    COUNTRY = "country", _("country")
    CITY = "city", _("city")
    KIND = "kind", _("kind")
    CONTACT = "contact", _("telephone, e-mail or web page")
    KEY = "key", _("id or page of this directory")
    IDENTIFIER = "identifiers", _("ids in registers")


ROLE_OF_FIELD = {
    **dict.fromkeys(("name", "name_en", "name_ru", "name_native", "other_names"), Role.NAME),
    **dict.fromkeys(("head_name_en", "head_name_ru", "head_name_native"), Role.PERSON),
    **dict.fromkeys(("country", "country_code"), Role.COUNTRY),
    **dict.fromkeys((*ContactKind.values, "elsewhere"), Role.CONTACT),
    "address": Role.NONE,
    "head_title": Role.POST,
    "city": Role.CITY,
    "kind": Role.KIND,
    "key": Role.KEY,
    "page": Role.KEY,
    "identifiers": Role.IDENTIFIER,
}
# Columns of the site's own lists of people, and what people write above lists of theirs.
ROLE_OF_COLUMN = {
    "institution": Role.NAME,
    "given_name": Role.GIVEN_NAME,
    "patronymic": Role.PATRONYMIC,
    "family_name": Role.FAMILY_NAME,
    "post": Role.POST,
}
FURTHER_HEADINGS = {
    Role.PERSON: "person;full name;contact;contact name;fn;представитель;контакт;имя и фамилия;фамилия и имя",
    Role.GIVEN_NAME: "first name;given name",
    Role.FAMILY_NAME: "last name;surname;family name;фамилия",
    Role.PATRONYMIC: "middle name;отчество",
    Role.NAME: "organisation name;organization name;company name;org;employer;место работы;работодатель",
    Role.CONTACT: "contacts;контакты;work phone;home phone;рабочий телефон",
}
_BY_HEADING = {heading_key(text): role for role, texts in FURTHER_HEADINGS.items() for text in texts.split(";")}
# Above names of people, where another column has those of bodies.
NAME_OF_WHOM = {"name", "имя", "title", "название"}
ROWS_LOOKED_AT, LETTERS_LOOKED_AT = 40, 200
# Of telephone numbers without the code of a country, only to tell that they are such.
SOME_REGION = "RU"
# Share of the cells that must be of a sort, and of rows that must be found by names.
MOST, SOME = 0.6, 0.25


def role_of_heading(heading: str) -> Role:
    key = heading_key(heading)
    own = ROLE_OF_COLUMN.get(own_headings().get(key, ""))
    return _BY_HEADING.get(key) or own or ROLE_OF_FIELD.get(field_of_heading(key), Role.NONE)


def count_known(cells: Sequence[str]) -> int:
    """Return the number of cells that are known headings."""
    return sum(bool(role_of_heading(cell) or field_of_heading(heading_key(cell))) for cell in cells)


def guessed_roles(headings: Sequence[str], lines: Sequence[Line]) -> list[Role]:
    """Return the role of each column of a table."""
    some = [[cell[:LETTERS_LOOKED_AT] for cell in line.cells] for line in lines[:ROWS_LOOKED_AT]]
    columns = [[cells[place] for cells in some] for place in range(len(headings))]
    roles = [_role_of(*pair) for pair in zip(headings, columns, strict=True)]
    keys = [heading_key(heading) for heading in headings]
    if any(role is Role.NAME and key not in NAME_OF_WHOM for role, key in zip(roles, keys, strict=True)):
        names = {place for place, role in enumerate(roles) if role is Role.NAME and keys[place] in NAME_OF_WHOM}
        for place in names if Role.PERSON not in roles else ():
            roles[place] = Role.PERSON if _people_found(columns[place]) >= SOME else Role.NAME
    unknown = [place for place, role in enumerate(roles) if not role]
    if Role.NAME not in roles:
        _take_best(roles, unknown, columns, Role.NAME, _institutions_found)
    if Role.PERSON not in roles and Role.FAMILY_NAME not in roles:
        _take_best(roles, unknown, columns, Role.PERSON, _people_found)
    return roles if any(roles) or len(roles) > 1 else [Role.NAME]


def _role_of(heading: str, cells: Sequence[str]) -> Role:
    """Return the role by the heading, or by the cells where these contradict it or it says nothing."""
    by_heading, shares = role_of_heading(heading), _shares(cells)
    by_cells = next((role for role, share in shares.items() if share >= MOST), Role.NONE)
    if by_heading is Role.NONE and field_of_heading(heading_key(heading)):
        # Another fact, which nothing is matched by.
        return Role.NONE
    if by_cells in CONTRADICTING.get(by_heading, ()):
        return by_cells
    is_wrong = by_heading in shares and any(cells) and not shares[by_heading] and by_heading is not Role.KIND
    return Role.NONE if is_wrong else by_heading


# What the cells of a column may turn out to be although its heading says something else.
_OTHERS = (Role.CONTACT, Role.COUNTRY, Role.CITY, Role.KIND)
CONTRADICTING = {
    Role.NONE: _OTHERS,
    Role.PERSON: _OTHERS,
    Role.NAME: (Role.CONTACT, Role.COUNTRY),
    Role.COUNTRY: (Role.CONTACT, Role.CITY, Role.KIND),
    Role.CITY: (Role.CONTACT, Role.COUNTRY, Role.KIND),
    Role.KIND: (Role.CONTACT, Role.COUNTRY, Role.CITY),
    Role.CONTACT: (Role.COUNTRY, Role.CITY, Role.KIND),
    Role.POST: (Role.CONTACT, Role.COUNTRY, Role.CITY),
}


def _shares(cells: Iterable[str]) -> dict[Role, float]:
    """Return the share of the cells that are of each sort."""
    cells, places = [cell for cell in cells if cell.strip()], Places()
    tests: dict[Role, Callable] = {
        Role.CONTACT: lambda cell: bool(contacts_anywhere(cell, SOME_REGION)),
        Role.COUNTRY: lambda cell: bool(country_of_the_world(cell)),
        Role.CITY: lambda cell: bool(places.read("", cell).cities),
        Role.KIND: lambda cell: bool(kind_named(cell)),
    }
    return {role: _share(map(test, cells)) for role, test in tests.items()}


def _share(found: Iterable[bool]) -> float:
    found = list(found)
    return sum(found) / len(found) if found else 0.0


def _take_best(roles: list[Role], places: Sequence[int], columns, role: Role, found: Callable):
    shares = {place: found(columns[place]) for place in places if not roles[place]}
    if shares and (best := max(shares, key=shares.get)) is not None and shares[best] >= SOME:
        roles[best] = role


def _institutions_found(cells: Sequence[str]) -> float:
    matches = InstitutionMatcher().match(Sought((cell,)) for cell in cells if cell.strip())
    return _share(match.certainty is not Certainty.NONE for match in matches)


def _people_found(cells: Sequence[str]) -> float:
    matches = PersonMatcher().match(SoughtPerson((cell,)) for cell in cells if cell.strip())
    return _share(match.certainty is not Certainty.NONE for match in matches)
