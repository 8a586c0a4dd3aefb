"""Registers that have an id for an institution, declared once: forms, pages, files, search and imports use this list.

A further register is an entry here and a migration, since the database checks the shapes of ids.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import BooleanField, CheckConstraint, F, Func, Q, Value
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Identifier(NamedTuple):
    """Name of a register, and the id of a record there."""

    register: str
    id: str


@dataclass(frozen=True)
class IdentifierType:
    """Register with ids. Pages keep the order of `IDENTIFIER_TYPES`."""

    name: str
    label: str | Promise
    # Regular expression of a whole id, of sets and repetitions only: PostgreSQL reads it too.
    shape: str
    # Beginnings of URLs by beginning of the id; the first one of a beginning makes the link, others are only read.
    urls: Mapping[str, tuple[str, ...]]
    # Headings of columns in spreadsheets besides name and label, divided by semicolons. None for no column.
    headings: str | None = ""
    # Whether an id alone tells the register, without its name or URL.
    is_telling: bool = True
    normal: Callable[[str], str] = str.strip

    @cached_property
    def in_url(self) -> re.Pattern:
        urls = {re.sub(r"^https?://(www\.)?", "", url) for several in self.urls.values() for url in several}
        beginnings = map(re.escape, sorted(urls, key=len, reverse=True))
        return re.compile(rf"(?:https?://)?(?:www\.)?(?:{'|'.join(beginnings)})([^/?#\s]+)(?:[/?#]\S*)?", re.IGNORECASE)

    def parse(self, text: str) -> str | None:
        """Return the stored form of an id or of the URL of its page; None for anything else."""
        text = text.strip()
        found = self.in_url.fullmatch(text) if self.urls else None
        number = self.normal(found[1] if found else text)
        return number if re.fullmatch(self.shape, number, re.ASCII) else None

    def link(self, number: str) -> str | None:
        """Return the URL of the page about the record."""
        return next((urls[0] + number for beginning, urls in self.urls.items() if number.startswith(beginning)), None)


def _without_spaces(text: str) -> str:
    return re.sub(r"[\s-]", "", text).upper()


def _upper(text: str) -> str:
    return text.strip().upper().removesuffix(".JSON")


def _lower(text: str) -> str:
    return text.strip().lower()


IDENTIFIER_TYPES = [
    IdentifierType(
        "wikidata",
        "Wikidata",
        "Q[1-9][0-9]{0,11}",
        urls={
            "": (
                "https://www.wikidata.org/wiki/",
                "https://m.wikidata.org/wiki/",
                "https://www.wikidata.org/entity/",
                "https://www.wikidata.org/wiki/Special:EntityData/",
            )
        },
        headings="wikidata id; q id; qid; викиданные",
        normal=_upper,
    ),
    IdentifierType(
        "ror",
        "ROR",
        "0[a-hj-km-np-tv-z0-9]{6}[0-9]{2}",
        urls={"": ("https://ror.org/",)},
        headings="ror id",
        normal=_lower,
    ),
    IdentifierType("isni", "ISNI", "[0-9]{15}[0-9X]", urls={"": ("https://isni.org/isni/",)}, normal=_without_spaces),
    IdentifierType("viaf", "VIAF", "[1-9][0-9]{1,21}", urls={"": ("https://viaf.org/viaf/",)}, is_telling=False),
    IdentifierType(
        "imdb",
        "IMDb",
        "(co|ev)[0-9]{7,10}",
        urls={"co": ("https://www.imdb.com/company/",), "ev": ("https://www.imdb.com/event/",)},
        headings="imdb id",
        normal=_lower,
    ),
    IdentifierType(
        "tmdb",
        "TMDB",
        "[1-9][0-9]{0,9}",
        urls={"": ("https://www.themoviedb.org/company/",)},
        headings="tmdb id",
        is_telling=False,
    ),
    IdentifierType(
        "filmfreeway",
        "FilmFreeway",
        "[A-Za-z0-9_-]{2,100}",
        urls={"": ("https://filmfreeway.com/",)},
        # A column of that name holds a page, which is a contact.
        headings=None,
        is_telling=False,
    ),
    IdentifierType("ehri", "EHRI", "[a-z]{2}-[0-9]{6}", urls={"": ("https://portal.ehri-project.eu/institutions/",)}),
    IdentifierType("mkrf", "opendata.mkrf.ru", "[a-z_]{2,40}/[0-9]{1,15}", urls={}, headings=None),
    IdentifierType("ogrn", pgettext_lazy("register", "OGRN"), "[0-9]{13}([0-9]{2})?", urls={}, headings="огрн"),
    IdentifierType("inn", pgettext_lazy("register", "INN"), "[0-9]{9,14}", urls={}, headings="инн"),
    IdentifierType("bin", pgettext_lazy("register", "BIN"), "[0-9]{12}", urls={}, headings="бин; жсн"),
    IdentifierType(
        "tin",
        _("tax number"),
        "[0-9]{8,14}",
        urls={},
        headings="unp; idno; vöen; voen; stir; унп; инн (другая страна); стир",
    ),
]
BY_NAME = {each.name: each for each in IDENTIFIER_TYPES}
# Registers that a column of a spreadsheet can state.
IN_COLUMNS = [each for each in IDENTIFIER_TYPES if each.headings is not None]

NO_IDENTIFIER = _("Write a register and an id, such as wikidata: Q1130457, or paste the URL of the page there.")
UNKNOWN_REGISTER = _("“%(register)s” is none of the registers: %(registers)s.")
WRONG_SHAPE = _("“%(id)s” is no id of %(register)s.")


def identifier(register: str, text: str) -> Identifier:
    """Return the id of a register as it is stored. Raise ValidationError."""
    known = BY_NAME.get(register.strip().lower())
    if known is None:
        raise ValidationError(UNKNOWN_REGISTER, params={"register": register, "registers": ", ".join(BY_NAME)})
    number = known.parse(text)
    if number is None:
        raise ValidationError(WRONG_SHAPE, params={"id": text.strip(), "register": known.label})
    return Identifier(known.name, number)


def identifier_in(text: str) -> Identifier:
    """Return the identifier in "wikidata: Q1130457", or in the URL of a page there. Raise ValidationError."""
    for known in IDENTIFIER_TYPES:
        if known.urls and known.in_url.fullmatch(text.strip()) and (number := known.parse(text)):
            return Identifier(known.name, number)
    register, colon, number = text.partition(":")
    if not colon or not register.strip() or not number.strip() or number.startswith("//"):
        raise ValidationError(NO_IDENTIFIER)
    return identifier(register, number)


def identifiers_in(text: str) -> dict[str, str]:
    """Return the ids by register in a text with one in each line, or between semicolons. Raise ValidationError."""
    return dict(identifier_in(part) for part in re.split(r"[;\n]", text) if part.strip())


def identifiers_asked(text: str) -> list[Identifier]:
    """Return what a text in the search field may be the id of; mostly none."""
    try:
        return [identifier_in(text)]
    except ValidationError:
        found = ((each.name, each.parse(text)) for each in IDENTIFIER_TYPES if each.is_telling)
        return [Identifier(name, number) for name, number in found if number]


def in_words(identifiers: Mapping[str, str]) -> str:
    return "; ".join(f"{register}: {number}" for register, number in identifiers.items())


@dataclass(frozen=True)
class ShownIdentifier:
    """Identifier as pages show it; `url` is None for a register without pages."""

    label: str | Promise
    id: str
    url: str | None


def shown_identifiers(identifiers: Mapping[str, str]) -> list[ShownIdentifier]:
    return [
        ShownIdentifier(each.label, identifiers[each.name], each.link(identifiers[each.name]))
        for each in IDENTIFIER_TYPES
        if each.name in identifiers
    ]


def validate_identifiers(value: object):
    """Raise ValidationError unless the value is ids by register, in the form in which they are stored."""
    if not isinstance(value, dict) or not all(isinstance(number, str) for number in value.values()):
        raise ValidationError(NO_IDENTIFIER)
    for register, number in value.items():
        if identifier(register, number) != (register, number):
            raise ValidationError(WRONG_SHAPE, params={"id": number, "register": register})


def _wrong_identifiers(field: str) -> Func:
    shapes = " || ".join(
        f'(@.key == "{each.name}" && @.value like_regex "^({each.shape})$")' for each in IDENTIFIER_TYPES
    )
    path = f'strict $ ? (@.type() != "object" || exists(@.keyvalue() ? (@.value.type() != "string" || !({shapes}))))'
    return Func(F(field), Value(path), function="jsonb_path_exists", output_field=BooleanField())


def identifiers_constraint(field: str, *, name: str) -> CheckConstraint:
    """Return the constraint that the field holds ids of known registers in their shapes."""
    return CheckConstraint(condition=~Q(_wrong_identifiers(field)), name=name, violation_error_message=NO_IDENTIFIER)
