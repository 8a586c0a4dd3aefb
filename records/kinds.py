"""Kinds of records, and what the site derives from an entry of each.

An entry stands in `kinds.py` of the kind's room, and `settings.RECORD_KINDS` names all of them. From it follow the
navigation, groups of the search, sitemaps, pictures of shared links, the public history, corrections by readers, drafts
on the dashboard and the rights of editors.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from operator import attrgetter
from typing import Any

from django.conf import settings
from django.db.models import Model, QuerySet
from django.utils.module_loading import import_string
from django.utils.text import capfirst

from .base import NameKind

# The database knows the shape of a kind's name and not the list of kinds: a further kind changes no other table.
KIND_REGEX = r"^[a-z]+$"


@dataclass(frozen=True)
class ListPage:
    """A list of records that the navigation leads to."""

    # Names the list in templates and its records in sitemaps.
    section: str
    url_name: str
    # By default the plural of the kind.
    title: Any = None


@dataclass(frozen=True)
class SearchedList:
    """The list of all records of a kind, as the search over all kinds asks it."""

    filterset_class: type
    records: Callable[[], QuerySet]
    # Words of the link to all records that were found.
    all_found: Any
    # The list of contacts that can be taken away, if any.
    downloaded_as: str = ""


@dataclass(frozen=True)
class CorrectableRow:
    """The words by which readers who correct a row tell it from others; its `row_fields` say which they correct."""

    # First part of the names of its facts: "contact/12/value".
    name: str
    subject: Callable[[Any, Any], str] = lambda row, record: ""
    labels: Callable[[Any], dict] = lambda row: {}
    values: Callable[[Any], dict] = lambda row: {}


@dataclass(frozen=True)
class RowKind:
    """A kind of row that pages of records show."""

    model: type[Model]
    # Path of foreign keys from the row to a record, and the fact that the row is there.
    facts: dict[str, str]
    # Paths to records without which the row is not shown.
    shown_with: tuple[str, ...] = ()
    corrections: CorrectableRow | None = None


def names_row(model: type[Model], record_field: str, fact: str = "names") -> RowKind:
    """Return the entry of a kind's alternative names."""
    corrections = CorrectableRow("name", labels=lambda name: {"text": NameKind(name.kind).label})
    return RowKind(model, {record_field: fact}, corrections=corrections)


def sources_row(model: type[Model], record_field: str) -> RowKind:
    """Return the entry of a kind's sources."""
    return RowKind(model, {record_field: "sources"})


@dataclass(frozen=True)
class Kind:
    """A kind of record with a page of its own."""

    model: type[Model]
    # The records on the site.
    published: Callable[[], QuerySet]
    # The last one holds all of them.
    lists: tuple[ListPage, ...]
    rows: tuple[RowKind, ...]
    # Rows of the page that hold facts, and values not shown as they are stored.
    correctable_rows: Callable[[Any], Iterable]
    shown_as: dict[str, Callable[[Any], str]] = field(default_factory=dict)
    searched: SearchedList | None = None
    key: str = "key"
    # Lookup of the countries of a record, and the one whose editors answer for it.
    countries: str = "country"
    country_of: Callable[[Any], Model | None] = attrgetter("country")
    # On the picture of a shared link, where it is not the plural of the kind.
    share_title: Any = None

    @property
    def facts(self) -> dict[str, str]:
        """Public fields with the names of their facts; no other field makes a line in the history."""
        return self.model.facts.fact_of_public_field

    @property
    def fact_labels(self) -> dict[str, Any]:
        """Words for the facts, in the order in which changes name them."""
        return self.model.facts.labels

    @property
    def correctable(self) -> list[str]:
        """The fields that readers correct."""
        return self.model.facts.correctable_fields

    @property
    def name(self) -> str:
        return self.model._meta.model_name

    @property
    def label(self):
        return self.model._meta.verbose_name

    @property
    def plural_label(self):
        return self.model._meta.verbose_name_plural

    @property
    def title(self) -> str:
        """The plural as a heading."""
        return capfirst(self.plural_label)

    @property
    def list_of_all(self) -> ListPage:
        return self.lists[-1]

    def find_published(self, key: str) -> Model | None:
        """The record with the key, loaded as its page loads it."""
        return self.published().for_detail().filter(**{self.key: key}).first()


@cache
def kinds() -> dict[str, Kind]:
    """Return all kinds by name, in the order of the navigation."""
    entries = map(import_string, settings.RECORD_KINDS)
    return {entry.name: entry for entry in entries}


@cache
def row_kinds() -> dict[str, RowKind]:
    """Return the rows of all kinds by the label of their model."""
    return {row.model._meta.label_lower: row for kind in kinds().values() for row in kind.rows}


def kind_choices() -> list[tuple[str, Any]]:
    return [(kind.name, kind.label) for kind in kinds().values()]


def record_kind(record: Model | type[Model]) -> str:
    """Return the name of the kind of a record or model; proxies share that of their model."""
    return record._meta.concrete_model._meta.model_name


def record_key(record: Model) -> str:
    """Return the key by which the history and corrections name a record: "tj-tajikfilm", "TJ"."""
    return record.natural_key()[0]
