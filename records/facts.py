"""Facts of records, each declared once, beside its model.

Sources, the notes of pages, the public history, corrections, forms of editors, the import of spreadsheets and the data
set follow these entries. docs/extending.md shows what else a further fact needs.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from languages.partial_dates import PartialDate


@dataclass(frozen=True)
class FactField:
    """A field of the model that says a fact, or a part of it."""

    name: str
    # Readers correct public facts.
    is_correctable: bool = True
    # Headings of columns in spreadsheets, besides the name and the label of the field; divided by semicolons. None for
    # a field that no column states.
    headings: str | None = None
    # For the sample spreadsheet.
    example: str = ""


def only_shown(*names: str) -> tuple[FactField, ...]:
    """Return fields that pages show and readers do not correct."""
    return tuple(FactField(name, is_correctable=False) for name in names)


@dataclass(frozen=True)
class Fact:
    """One fact of a record, by the name that sources, the history and the data set have for it."""

    name: str
    label: str | Promise
    # The fields that say it, where it is not the one field of its name; `IN_ROWS` where rows below the record do.
    parts: tuple[FactField, ...] | None = None
    # Those of the one field; see `FactField`.
    headings: str | None = None
    example: str = ""
    # Pages show it: a change makes a line in the public history, and readers may correct it.
    is_public: bool = True
    # Editors may tick it as supported by a source.
    is_sourced: bool = True
    # The type of its value in the data set, a word of `VALUE_TYPES` in dataset/files.py; "" where the data set does not
    # have it. The value goes into the first field as it is, unless the room knows better.
    data_type: str = ""
    # Shown by label and value in the head of the record's page, and asked for in the first part of the editors' form.
    is_plain: bool = False
    # Kinds of institutions that alone say it, as the next edition is of festivals; forms of others don't ask for it.
    kinds: tuple[str, ...] = ()

    @property
    def fields(self) -> tuple[FactField, ...]:
        if self.parts is not None:
            return self.parts
        return (FactField(self.name, headings=self.headings, example=self.example),)

    @property
    def by_language(self) -> list["Fact"]:
        """The fact as the data set has it: a text and its translations are several, such as "notes" and "notes_ru"."""
        by_tag = {field.name.rpartition("_")[2]: field for field in self.fields}
        if not self.data_type.startswith("text") or "en" not in by_tag:
            return [self]
        english = replace(self, parts=(by_tag.pop("en"),))
        others = [
            replace(self, name=f"{self.name}_{tag}", parts=(field,), data_type="text*") for tag, field in by_tag.items()
        ]
        return [english, *others]


IN_ROWS: tuple[FactField, ...] = ()


class FactRegistry:
    """The facts of one kind of record, in the order in which editors choose from them."""

    def __init__(self, *facts: Fact):
        self._facts = facts

    def __iter__(self) -> Iterator[Fact]:
        return iter(self._facts)

    @cached_property
    def by_name(self) -> dict[str, Fact]:
        return {fact.name: fact for fact in self}

    @cached_property
    def labels(self) -> dict[str, str | Promise]:
        return {fact.name: fact.label for fact in self}

    @cached_property
    def sourced(self) -> list[str]:
        """Names of the facts that a source may support."""
        return [fact.name for fact in self if fact.is_sourced]

    @cached_property
    def fact_of_field(self) -> dict[str, str]:
        return {field.name: fact.name for fact in self for field in fact.fields}

    @cached_property
    def fact_of_public_field(self) -> dict[str, str]:
        return {field.name: fact.name for fact in self if fact.is_public for field in fact.fields}

    @cached_property
    def correctable_fields(self) -> list[str]:
        return [field.name for fact in self if fact.is_public for field in fact.fields if field.is_correctable]

    @cached_property
    def spreadsheet_fields(self) -> list[FactField]:
        """Fields that a column of a spreadsheet can state."""
        return [field for fact in self for field in fact.fields if field.headings is not None]

    @cached_property
    def plain_fields(self) -> list[str]:
        return [field.name for fact in self if fact.is_plain for field in fact.fields]

    def plain_fields_of(self, *kinds: str) -> list[str]:
        """Return the plain fields of records of all kinds, and those that only the given kinds have."""
        names = self.fact_of_field
        return [
            name for name in self.plain_fields if not (of := self.by_name[names[name]].kinds) or set(of) & set(kinds)
        ]

    @cached_property
    def plain_fields_of_some(self) -> list[str]:
        """The plain fields that only some kinds have."""
        every = self.plain_fields_of()
        return [name for name in self.plain_fields if name not in every]

    @cached_property
    def in_data_set(self) -> list[Fact]:
        return [part for fact in self if fact.data_type for part in fact.by_language]


NAME_FIELDS = (
    FactField("name_en"),
    FactField("name_ru"),
    FactField("name_native"),
    *only_shown("native_language"),
)
NAMES = Fact("names", _("names"), NAME_FIELDS, data_type="names")
VARIANTS = Fact("variants", _("other spellings"), IN_ROWS, data_type="texts")
REMARKS = Fact("notes", _("remarks"), (FactField("remarks_en"), FactField("remarks_ru")), data_type="text?")
EDITORS_NOTE = Fact("editors_note", _("editors' note"), is_public=False, is_sourced=False, data_type="text*")
CONTACTS = Fact("contacts", _("contacts"), IN_ROWS, is_sourced=False)
SOURCES = Fact("sources", _("sources"), IN_ROWS, is_sourced=False, data_type="sources")

# Fields that only make sense together: who chooses between two values of one chooses for all.
TOGETHER = (
    ("name_native", "native_language"),
    ("title_native", "native_language"),
    ("latitude", "longitude"),
    ("is_international", "country"),
    ("currency", "minimum_spend", "cap"),
    ("source", "as_of"),
)

BLANK = (None, "", [], {}, False)


def value_in_words(record: models.Model, name: str) -> str:
    """Return the value of a field as editors and readers see it; "" where it is not known."""
    field = record._meta.get_field(name)
    value = getattr(record, name)
    if value in BLANK:
        return ""
    if value is True:
        return str(field.verbose_name)
    if isinstance(field, ArrayField):
        labels = dict(field.base_field.flatchoices)
        return ", ".join(str(labels.get(item, item)) for item in value)
    if isinstance(value, dict):
        return "\n".join(f"{key}: {number}" for key, number in value.items())
    if isinstance(value, PartialDate):
        return value.in_words()
    return str(dict(field.flatchoices).get(value, value))


@dataclass(frozen=True)
class PlainFact:
    """A plain fact of a record with what is known of it."""

    # Of the registry, and of the model.
    name: str
    field: models.Field
    value: str

    @property
    def label(self) -> str:
        return self.field.verbose_name

    @property
    def is_free_text(self) -> bool:
        """Return whether the text may be in another language than the page."""
        return type(self.field) is models.CharField and not self.field.choices


def plain_facts(record: models.Model) -> list[PlainFact]:
    """Return the plain facts of every kind that the record says; a field that has its default says nothing."""
    names = record.facts.fact_of_field
    fields = [record._meta.get_field(name) for name in record.facts.plain_fields_of()]
    return [
        PlainFact(names[field.name], field, value_in_words(record, field.name))
        for field in fields
        if getattr(record, field.name) != field.get_default()
    ]
