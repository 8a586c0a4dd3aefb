"""The facts that readers see on the page of a record: what each is called, what it says, where an editor changes it.

A fact is named by a field of the record ("founded") or by a row, its number and a field ("contact/12/value"). Facts are
looked up among what the page of the record shows and nowhere else, so that nothing hidden can be asked for.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cooperation.models import Event, Film, FilmInstitution, Participation
from institutions.models import Country, Institution, InstitutionContact, Programme, Stage, Treaty
from languages.partial_dates import PartialDate
from people.models import Person, Position
from records.base import AlternativeName, NameKind
from records.contact_types import ContactKind
from records.facts import value_in_words

NAMES = ["name_en", "name_ru", "name_native"]
TEXTS_IN_SEVERAL_LANGUAGES = ["description", "remarks", "summary", "film_law", "title", "name", "note", "role"]


class UnknownFact(ValueError):
    """No page of the record shows such a fact."""


@dataclass(frozen=True)
class Fact:
    """One statement of a record."""

    reference: str
    label: Any
    # Of which row it is one statement: a sound stage, a post.
    subject: str
    value: str

    @property
    def in_words(self) -> str:
        return " ".join(str(part) for part in (self.label, self.subject, self.value) if part)

    @property
    def field(self) -> str:
        """The field of the editor's form that holds it."""
        return self.reference.rpartition("/")[2]

    @property
    def row_number(self) -> int | None:
        return int(self.reference.split("/")[1]) if "/" in self.reference else None


@dataclass(frozen=True)
class RowFacts:
    """Rows of one kind below a record: what they are called, and how a row is told from the others."""

    name: str
    subject: Callable[[Any, Any], str] = lambda row, record: ""
    labels: Callable[[Any], dict] = lambda row: {}
    values: Callable[[Any], dict] = lambda row: {}


def _post_dates(post):
    dates = {
        _("since:"): post.since,
        _("until:"): post.until,
        _("as of:"): post.as_of,
    }
    known = [f"{label} {PartialDate(date).in_words()}" for label, date in dates.items() if date]
    return ", ".join(known) or str(_("page without date"))


def _of_whom(post, record):
    return post.body if isinstance(record, Person) else post.person.name


ROW_FACTS: dict[type[models.Model], RowFacts] = {
    InstitutionContact: RowFacts(
        "contact",
        labels=lambda contact: {"value": ContactKind(contact.kind).label},
        values=lambda contact: {"value": contact.shown_value},
    ),
    AlternativeName: RowFacts("name", labels=lambda name: {"text": NameKind(name.kind).label}),
    Stage: RowFacts("stage", subject=lambda stage, _record: stage.name),
    Position: RowFacts(
        "post",
        subject=_of_whom,
        labels=lambda post: {
            **dict.fromkeys(["title_en", "title_ru", "title_native"], _("post")),
            "until": _("dates of the post"),
        },
        values=lambda post: {"until": _post_dates(post)},
    ),
    Treaty: RowFacts("treaty"),
    Participation: RowFacts(
        "participation",
        subject=lambda row, _record: ", ".join(
            filter(None, [row.person.name if row.person else row.name, _name_of(row.public_institution)])
        ),
        labels=lambda row: {"role": _("participant")},
    ),
    FilmInstitution: RowFacts(
        "partner",
        subject=lambda row, _record: row.institution.name,
        labels=lambda row: dict.fromkeys(["role_en", "role_ru"], _("partner in a film")),
    ),
}

# Which rows of the editor's form hold the facts of a row.
FORM_ROWS = {facts.name: model for model, facts in ROW_FACTS.items()}


@dataclass(frozen=True)
class RecordFacts:
    """What is public of one kind of record."""

    model: type[models.Model]
    label: Any
    rows: Callable[[Any], Iterable]

    def published(self, key):
        """The record with the key, loaded as its page loads it, or None."""
        if self.model is Country:
            return Country.objects.listed().for_detail().filter(code=key).first()
        return self.model.objects.published().for_detail().filter(key=key).first()


def _rows_of_institution(institution):
    return [
        *institution.public_contacts,
        *institution.other_names.all(),
        *institution.stages.all(),
        *institution.positions.public().with_succession().for_list(),
    ]


RECORDS = {
    "institution": RecordFacts(Institution, _("institution"), _rows_of_institution),
    "person": RecordFacts(Person, _("person"), lambda person: [*person.public_positions, *person.other_names.all()]),
    "programme": RecordFacts(Programme, _("programme"), lambda programme: programme.other_names.all()),
    "event": RecordFacts(Event, _("event"), lambda event: [*event.public_participations, *event.other_names.all()]),
    "film": RecordFacts(
        Film,
        pgettext_lazy("kind of record", "film"),
        lambda film: [*film.public_partners, *film.other_names.all()],
    ),
    "country": RecordFacts(Country, _("country"), lambda country: country.treaties.all()),
}
# Fields whose shown form is not simply the field: hidden records stay hidden, amounts have a currency.
SHOWN_AS = {
    "parent": lambda record: _name_of(record.public_parent),
    "successor": lambda record: _name_of(record.public_successor),
    "institution": lambda record: _name_of(record.public_institution),
    "minimum_spend": lambda record: record.minimum_spend_in_words or "",
    "cap": lambda record: record.cap_in_words or "",
    "directors": lambda record: ", ".join(record.public_directors()),
    "countries": lambda record: ", ".join(record.country_names),
    "country": lambda record: _name_of(record.country),
    "city": lambda record: _name_of(record.city),
}


def _name_of(record):
    return record.name if record else ""


def record_kind(record) -> str:
    return "country" if isinstance(record, Country) else record.record_kind()


def record_key(record) -> str:
    return record.code if isinstance(record, Country) else record.key


def record_reference(record) -> str:
    """Names a record in addresses: "institution/tj-tajikfilm", "country/TJ"."""
    return f"{record_kind(record)}/{record_key(record)}"


def country_of(record):
    """The country whose editors answer for the record: that of a film is the one that leads."""
    if isinstance(record, Country):
        return record
    if isinstance(record, Film):
        return next((made_in.country for made_in in record.film_countries.all()), None)
    return record.country


def field_in_shown_language(record, field: str) -> str:
    """The column behind a text that the page shows in the reader's language, else in the next one of its chain."""
    if field not in TEXTS_IN_SEVERAL_LANGUAGES or not hasattr(record, f"{field}_en"):
        return field
    shown = record.shown_names[0] if field == "name" and hasattr(record, "shown_names") else getattr(record, field)
    return column_of(record, field, shown) if shown else f"{field}_en"


def column_of(record, field: str, shown) -> str:
    """The column of one of the texts of the field, such as one of the names under the heading."""
    column = f"{field}_{shown.language}"
    return column if getattr(record, column, None) == shown.text else f"{field}_native"


def fact_of_field(record, field: str, value: str | None = None) -> Fact:
    """A fact of the record itself; `value` where the page has it at hand already."""
    label = _("countries") if field == "countries" else record._meta.get_field(field).verbose_name
    return Fact(field, label, "", _shown(record, field) if value is None else value)


def fact_of_row(row, field: str, record) -> Fact:
    """A fact of a row below the record."""
    facts = _facts_of(row)
    label = facts.labels(row).get(field) or row._meta.get_field(field).verbose_name
    value = facts.values(row).get(field) or _shown(row, field)
    subject = facts.subject(row, record)
    return Fact(f"{facts.name}/{row.pk}/{field}", label, "" if subject == value else subject, value)


def _facts_of(row) -> RowFacts:
    return next(facts for model, facts in ROW_FACTS.items() if isinstance(row, model))


def _shown(record, field) -> str:
    return SHOWN_AS[field](record) if field in SHOWN_AS else value_in_words(record, field)


def find_fact(record, reference: str) -> Fact:
    """The fact of a published record that the reference names. Raises UnknownFact for what its page does not show."""
    facts = RECORDS[record_kind(record)]
    if "/" not in reference:
        if reference not in facts.model.facts.correctable_fields:
            raise UnknownFact(reference)
        return fact_of_field(record, reference)
    for row in facts.rows(record):
        row_facts = _facts_of(row)
        for field in row.row_fields:
            if field.is_correctable and reference == f"{row_facts.name}/{row.pk}/{field.name}":
                return fact_of_row(row, field.name, record)
    raise UnknownFact(reference)


def label_of_kind(kind: str) -> str:
    return capfirst(RECORDS[kind].label)
