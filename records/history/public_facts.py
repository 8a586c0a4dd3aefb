"""The kinds of records and rows that the public sees: only what they show makes a line in the public history.

Models are named by text, because this room lies below theirs; which fields are public stands there.
Rows that are not named here stay unsaid.
"""

from dataclasses import dataclass, field

from django.apps import apps
from django.utils.functional import Promise


@dataclass(frozen=True)
class PublicRecord:
    """A kind of record with a page of its own."""

    model: str
    key: str = "key"
    published: str = "published"
    countries: str = "country"

    @property
    def facts(self) -> dict[str, str]:
        """Fields that pages show, each with the name of its fact."""
        return apps.get_model(self.model).facts.fact_of_public_field

    @property
    def fact_labels(self) -> dict[str, str | Promise]:
        """Words for the facts, in the order in which changes name them."""
        return apps.get_model(self.model).facts.labels

    @property
    def label(self):
        return apps.get_model(self.model)._meta.verbose_name

    @property
    def plural_label(self):
        return apps.get_model(self.model)._meta.verbose_name_plural

    def queryset(self):
        """The records that are on the site."""
        return getattr(apps.get_model(self.model).objects, self.published)()


@dataclass(frozen=True)
class PublicRow:
    """A kind of row that pages of records show."""

    # Path of foreign keys from the row to a record, and the fact that the row is there.
    facts: dict[str, str]
    # Paths to records without which the row is not shown.
    shown_with: tuple[str, ...] = field(default=())


PUBLIC_RECORDS = {
    "institution": PublicRecord("institutions.Institution"),
    "programme": PublicRecord("institutions.Programme"),
    "country": PublicRecord("institutions.Country", key="code", published="listed", countries="code"),
    "person": PublicRecord("people.Person"),
    "event": PublicRecord("cooperation.Event"),
    "film": PublicRecord("cooperation.Film", countries="film_countries__country"),
}

# By the label of the model.
PUBLIC_ROWS = {
    "institutions.institutionname": PublicRow({"institution": "names"}),
    "institutions.institutioncontact": PublicRow({"institution": "contacts"}),
    "institutions.institutionsource": PublicRow({"institution": "sources"}),
    "institutions.stage": PublicRow({"institution": "stages"}),
    "institutions.programmename": PublicRow({"programme": "names"}),
    "institutions.programmesource": PublicRow({"programme": "sources"}),
    "institutions.treaty": PublicRow({"country": "coproduction"}),
    "institutions.countrysource": PublicRow({"country": "sources"}),
    "people.personname": PublicRow({"person": "names"}),
    "people.personsource": PublicRow({"person": "sources"}),
    "people.position": PublicRow(
        {"person": "positions", "institution": "positions"}, shown_with=("person", "institution")
    ),
    "people.positionsource": PublicRow(
        {"position__person": "positions", "position__institution": "positions"},
        shown_with=("position__person", "position__institution"),
    ),
    "people.positioncontact": PublicRow(
        {"position__person": "contacts", "position__institution": "contacts"},
        shown_with=("position__person", "position__institution"),
    ),
    "cooperation.eventname": PublicRow({"event": "names"}),
    "cooperation.eventsource": PublicRow({"event": "sources"}),
    "cooperation.participation": PublicRow({"event": "participants"}, shown_with=("person", "institution")),
    "cooperation.filmname": PublicRow({"film": "titles"}),
    "cooperation.filmsource": PublicRow({"film": "sources"}),
    "cooperation.filmcountry": PublicRow({"film": "countries"}),
    "cooperation.filminstitution": PublicRow({"film": "institutions"}, shown_with=("institution",)),
}


def names_of_fields(row_model) -> list[str]:
    """Return the fields of a row that pages show."""
    return [field.name for field in row_model.row_fields]


def public_facts_of(kind, fields):
    """The facts that readers see of these fields, each by the label of its model and its name; None for a whole row."""
    record, facts = PUBLIC_RECORDS[kind], set()
    for label, name in fields:
        row = PUBLIC_ROWS.get(label)
        if label == record.model.lower() and name in record.facts:
            facts.add(record.facts[name])
        elif row and (name is None or name in names_of_fields(apps.get_model(label))):
            facts.add(next(iter(row.facts.values())))
    return facts
