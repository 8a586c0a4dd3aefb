"""Facts that the page of a record shows: label, value, and field in the editor's form.

A fact is named by a field of the record ("founded") or by a row, its id and a field ("contact/12/value"). Facts are
looked up only among what the page of the record shows, so that nothing hidden can be requested.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from records.facts import value_in_words
from records.kinds import CorrectableRow, kinds, record_key, record_kind, row_kinds


class UnknownFact(ValueError):
    """Raised for a fact that no page of the record shows."""


@dataclass(frozen=True)
class Fact:
    """Fact of a record."""

    reference: str
    label: Any
    # The row that it belongs to, such as a sound stage or a post.
    subject: str
    value: str

    @property
    def in_words(self) -> str:
        return " ".join(str(part) for part in (self.label, self.subject, self.value) if part)

    @property
    def field(self) -> str:
        """Return the field of the editor's form that holds the fact."""
        return self.reference.rpartition("/")[2]

    @property
    def row_number(self) -> int | None:
        return int(self.reference.split("/")[1]) if "/" in self.reference else None


def record_reference(record) -> str:
    """Return the reference of the record in URLs: "institution/tj-tajikfilm", "country/TJ"."""
    return f"{record_kind(record)}/{record_key(record)}"


def field_in_shown_language(record, field: str) -> str:
    """The column behind a text that the page shows in the reader's language, else in the next one of its chain."""
    if not hasattr(record, f"{field}_en"):
        return field
    shown = record.shown_names[0] if field == "name" and hasattr(record, "shown_names") else getattr(record, field)
    return column_of(record, field, shown) if shown else f"{field}_en"


def column_of(record, field: str, shown) -> str:
    """The column of one of the texts of the field, such as one of the names under the heading."""
    column = f"{field}_{shown.language}"
    return column if getattr(record, column, None) == shown.text else f"{field}_native"


def fact_of_field(record, field: str, value: str | None = None) -> Fact:
    """Return a fact of the record itself; `value` if the page has it already."""
    if value is None:
        shown_as = kinds()[record_kind(record)].shown_as.get(field)
        value = shown_as(record) if shown_as else value_in_words(record, field)
    return Fact(field, record._meta.get_field(field).verbose_name, "", value)


def fact_of_row(row, field: str, record) -> Fact:
    """Return the fact of a row below the record."""
    facts = _correctable(row)
    label = facts.labels(row).get(field) or row._meta.get_field(field).verbose_name
    value = facts.values(row).get(field) or value_in_words(row, field)
    subject = facts.subject(row, record)
    return Fact(f"{facts.name}/{row.pk}/{field}", label, "" if subject == value else subject, value)


def _correctable(row) -> CorrectableRow:
    return row_kinds()[row._meta.label_lower].corrections


def row_models(name: str) -> tuple[type[Model], ...]:
    """Return the models of rows whose facts begin with the name: "contact", "name"."""
    return tuple(row.model for row in row_kinds().values() if row.corrections and row.corrections.name == name)


def find_fact(record, reference: str) -> Fact:
    """Return the fact of a published record for the reference. Raise UnknownFact if its page does not show it."""
    kind = kinds()[record_kind(record)]
    if "/" not in reference:
        if reference not in kind.correctable:
            raise UnknownFact(reference)
        return fact_of_field(record, reference)
    for row in kind.correctable_rows(record):
        row_facts = _correctable(row)
        for field in row.row_fields:
            if field.is_correctable and reference == f"{row_facts.name}/{row.pk}/{field.name}":
                return fact_of_row(row, field.name, record)
    raise UnknownFact(reference)
