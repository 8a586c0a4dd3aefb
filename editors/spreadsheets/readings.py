"""Parsed rows of a spreadsheet, and their outcome."""

from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from exports.headings import NAME_FIELDS, STATED
from institutions.models import INTERNATIONAL
from languages.of_countries import LANGUAGE_OF_SCRIPT, NATIVE_LANGUAGES
from languages.partial_dates import PartialDateField
from languages.scripts import script_of
from records.identifier_types import IN_COLUMNS

from .head_cells import Head
from .models import ImportRow

# Fields by what their values are; those of no sort, names among them, are read one by one.
TEXT_FIELDS = tuple(
    name
    for name, field in STATED.items()
    if type(field) is models.CharField and not field.choices and name not in (*NAME_FIELDS, "native_language")
)
LONG_TEXT_FIELDS = tuple(name for name, field in STATED.items() if isinstance(field, models.TextField))
INSTITUTION_DATES = tuple(name for name, field in STATED.items() if isinstance(field, PartialDateField))
DATE_FIELDS = (*INSTITUTION_DATES, "head_since", "source_date")
CHOICE_FIELDS = tuple(name for name, field in STATED.items() if field.choices)
# Several choices in one cell.
CHOICE_LIST_FIELDS = tuple(name for name, field in STATED.items() if isinstance(field, ArrayField))
IDENTIFIER_FIELDS = tuple(each.name for each in IN_COLUMNS)
SOURCE_FIELDS = ("source_url", "source_title", "source_date")
# Spreadsheet programs convert such texts to dates, "1 May" or "12/4".
NEVER_DATES = (*NAME_FIELDS, "name", "other_names", *TEXT_FIELDS, "head_title")


@dataclass
class Reading:
    """Content of a row: its texts by field, their values, and errors by field."""

    row: ImportRow
    texts: dict[str, str]
    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    # A code, `INTERNATIONAL`, or None if the row has none.
    country: str | None = None
    heads: list[Head] = field(default_factory=list)
    # Text about the row's source besides the URL.
    source_words: str = ""
    # What the editor must know before confirming: a field and the text.
    notes: list[list[str]] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        return [self.texts[name] for name in ("name", *NAME_FIELDS) if self.texts.get(name)]

    def record_country(self, record) -> str | None:
        """Return the code of the country in which the institution is, or will be."""
        if self.country is None:
            return record.country_id if record else None
        return None if self.country == INTERNATIONAL else self.country

    def native_language_of(self, text: str, record) -> str | None:
        """Return the language of a native name: from the row, from the record, or the only possible one."""
        if self.values.get("native_language"):
            return self.values["native_language"]
        script = script_of(text)
        if script in LANGUAGE_OF_SCRIPT:
            return LANGUAGE_OF_SCRIPT[script]
        if record and record.native_language:
            return record.native_language
        tags = NATIVE_LANGUAGES.get(self.record_country(record), ())
        if set(tags) == {"uz", "uz-Cyrl"}:
            return "uz-Cyrl" if script == "Cyrl" else "uz"
        return tags[0] if len(tags) == 1 else None


@dataclass
class Assessment:
    """Outcome of a row, with the fields of `ImportRow`."""

    row: ImportRow
    outcome: str
    institution_id: int | None = None
    candidates: list[int] = field(default_factory=list)
    changes: list[list[str]] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)
    plan: dict[str, Any] = field(default_factory=dict)
    notes: list[list[str]] = field(default_factory=list)

    def differs_from_row(self) -> bool:
        """Return whether the editor saw something else. Texts of changes depend on the language, the plan does not."""
        row = self.row
        return (row.outcome, row.institution_id, row.plan) != (self.outcome, self.institution_id, self.plan)

    def store(self):
        row = self.row
        row.outcome, row.institution_id = self.outcome, self.institution_id
        row.candidates, row.changes, row.errors, row.plan = self.candidates, self.changes, self.errors, self.plan
        row.notes = self.notes
        return row


STORED_FIELDS = ["outcome", "institution_id", "candidates", "changes", "errors", "plan", "notes"]
