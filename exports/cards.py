"""Rows as contact cards, address books and pages read them: the same facts, put together by what they are about."""

import datetime
from collections.abc import Iterator
from dataclasses import replace

from .column_types import Column
from .columns import COLUMNS, UID
from .contacts import OF_INSTITUTION as CONTACTS_OF_INSTITUTION
from .contacts import OF_POST as CONTACTS_OF_POST
from .contacts import contact_methods
from .facts import FIRST_SOURCE, IS_IN_POST, IS_PERSON, of_institution, of_person, of_post, of_record
from .formats.contact_row import ContactRow, InstitutionFacts, Names, PersonFacts, PostFacts
from .reading import Narrowing, Reader, Ref, rows_of
from .texts import BETWEEN_VALUES
from .wording import Wording

NAME_FIELDS = ("name_en", "name_ru", "name_native", "native_language")
TITLE_FIELDS = ("title_en", "title_ru", "title_native", "native_language")
CITY_FIELDS = tuple(f"city__{field}" for field in NAME_FIELDS)
PARTS_OF_NAMES = ("given_name", "family_name", "patronymic")
# Facts of the institution that are columns as they are.
OF_INSTITUTION = ("country_code", "city", "ownership", "status", "founded", "closed", "part_of")
OF_INSTITUTION += ("address_local", "address_latin", "postal_code")


def _moment(words):
    return lambda text: datetime.datetime.fromisoformat(text) if text else ""


FACTS = [
    *(UID, Column("is_person", "", (IS_PERSON,)), Column("is_in_post", "", (IS_IN_POST,))),
    *(Column(f"record_{name}", "", (of_record(name),)) for name in ("key", *NAME_FIELDS)),
    Column("changed_at", "", (of_record("updated_at"),), _moment),
    *(
        Column(f"{part}_{language}", "", (of_person(f"{part}_{language}"),))
        for part in PARTS_OF_NAMES
        for language in ("en", "ru")
    ),
    *(
        Column(f"institution_{name}", "", (of_institution(name),))
        for name in ("key", "kind", *NAME_FIELDS, *CITY_FIELDS)
    ),
    Column("country_name", "", (of_institution("country_id"),), lambda words: words.country),
    *(Column(f"post_{name}", "", (of_post(name),)) for name in ("role", "body_name", "source__url", *TITLE_FIELDS)),
    Column("own_contacts", "", (CONTACTS_OF_POST,), contact_methods),
    Column("house_contacts", "", (CONTACTS_OF_INSTITUTION,), contact_methods),
    Column("first_source", "", (FIRST_SOURCE,)),
    Column("certainty_on_date", ""),
    *(
        column
        for column in COLUMNS
        if column.name in {"row", "kind", "country", "page", "role", "since", "until", "as_of", *OF_INSTITUTION}
        or column.name in {"services", "event_role", "change", "what_changed"}
    ),
]


class CardReader:
    """Reads rows in the active language as `ContactRow`."""

    def __init__(self, names: str = "all", narrowing: Narrowing | None = None):
        self.words = Wording(names)
        self.reader = Reader(FACTS, self.words, narrowing)

    def rows(self, source, row_choice: str) -> Iterator[ContactRow]:
        return self._rows(self.reader.tables(source, row_choice))

    def of(self, refs: list[Ref]) -> Iterator[ContactRow]:
        """The rows behind the references, but for those that are left out."""
        return self._rows([self.reader.table(refs)])

    def _rows(self, tables) -> Iterator[ContactRow]:
        names = [column.name for column in FACTS]
        return (_row(dict(zip(names, cells, strict=True)), self.words) for cells in rows_of(tables))


def as_one_card(rows: list[ContactRow]) -> ContactRow:
    """Return the row of an institution, or one row of a person for all rows of their posts, the first of them first."""
    first, *further = rows
    return replace(first, further=tuple(further)) if first.is_person else first


def _row(facts: dict, words: Wording) -> ContactRow:
    return ContactRow(
        _institution(facts) if facts["institution_key"] else None,
        _person(facts) if facts["is_person"] else None,
        _post(facts) if facts["is_in_post"] else None,
        words.name_choice,
        facts["row"],
        facts["event_role"],
        facts["change"],
        _values(facts["what_changed"]),
        words.labels,
    )


def _values(cell: str) -> tuple[str, ...]:
    return tuple(cell.split(BETWEEN_VALUES)) if cell else ()


def _names(facts: dict, path: str, fields=NAME_FIELDS) -> Names:
    return Names(*[facts[path + field] for field in fields])


def _institution(facts: dict) -> InstitutionFacts:
    return InstitutionFacts(
        key=facts["institution_key"],
        page=facts["page"],
        names=_names(facts, "institution_"),
        changed_at=facts["changed_at"],
        kind=facts["institution_kind"],
        kind_label=facts["kind"],
        country=facts["country_name"],
        territory=facts["country"],
        city_names=_names(facts, "institution_", CITY_FIELDS) if facts["institution_city__name_en"] else None,
        contact_methods=facts["house_contacts"],
        services=_values(facts["services"]),
        source=facts["first_source"],
        **{name: facts[name] for name in OF_INSTITUTION},
    )


def _person(facts: dict) -> PersonFacts:
    given, family, patronymic = (Names(facts[f"{part}_en"], facts[f"{part}_ru"]) for part in PARTS_OF_NAMES)
    return PersonFacts(
        key=facts["record_key"],
        page=facts["page"],
        names=_names(facts, "record_"),
        changed_at=facts["changed_at"],
        given_names=given,
        family_names=family,
        patronymics=patronymic,
    )


def _post(facts: dict) -> PostFacts:
    return PostFacts(
        identity=facts["uid"].removeprefix("post/"),
        titles=_names(facts, "post_", TITLE_FIELDS),
        role=facts["post_role"],
        role_label=facts["role"],
        body=facts["post_body_name"],
        since=facts["since"],
        until=facts["until"],
        as_of=facts["as_of"],
        source=facts["post_source__url"],
        contact_methods=facts["own_contacts"],
        certainty_on_date=facts["certainty_on_date"],
    )
