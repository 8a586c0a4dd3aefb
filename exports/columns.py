"""The one registry of columns: headings, the page's choice of columns and the cells of every format come from here."""

import datetime
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import lru_cache
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from languages.romanisation import to_latin
from records.contact_types import ELSEWHERE_KINDS
from records.models import AGEING_MONTHS, FRESH_MONTHS, Freshness, months_before

from .formats.contact_row import ContactRow
from .rows import country_in_words
from .table_query import FIRST_SOURCE, LAST_CHECK_METHOD, LAST_CHECK_SOURCE, SERVICES, in_words, literal, name_in

# Between several values in one cell; no published number, address or name holds it.
SEPARATOR = "; "


class Cell(Enum):
    """Type of a cell, for formats that know more than text."""

    TEXT = "text"
    TELEPHONE = "telephone"
    LINK = "link"
    DATE = "date"
    # Several lines.
    BLOCK = "block"


class RowChoice(models.TextChoices):
    INSTITUTIONS = "institutions", _("institutions")
    REPRESENTATIVES = "representatives", _("representatives")
    BOTH = "both", _("institutions and representatives")


class NameChoice(models.TextChoices):
    ALL = "all", _("all, in separate columns")
    ENGLISH = "en", _("English")
    RUSSIAN = "ru", _("Russian")
    NATIVE = "native", _("native")
    LATIN_AND_NATIVE = "latin-native", _("Latin and native names")


EVERY_ROW = frozenset(RowChoice.values)
OF_INSTITUTIONS = frozenset([RowChoice.INSTITUTIONS.value, RowChoice.BOTH.value])
OF_PEOPLE = frozenset([RowChoice.REPRESENTATIVES.value, RowChoice.BOTH.value])
EVERY_NAME = frozenset(NameChoice.values)
ONE_NAME = frozenset(["en", "ru", "native"])


@dataclass(frozen=True)
class Column:
    """One fact of a row.

    `value` gives text, or a tuple of texts where `is_list`. Formats guard `is_free_text` cells, which a spreadsheet
    might take for a formula. `rows` and `names` say for which choices of the visitor the column is there. Columns that
    are `always` there let anybody check a row and find its record again; one with `only_in` tells
    something only in lists of that kind: of those who take part in an "event", of the "changes" of a saved list, or of
    those in post on a "date".
    """

    name: str
    label: Any
    value: Callable[[ContactRow], Any]
    is_free_text: bool = True
    cell: Cell = Cell.TEXT
    is_list: bool = False
    rows: frozenset[str] = EVERY_ROW
    names: frozenset[str] = EVERY_NAME
    always: bool = False
    only_in: str = ""
    # Other words for the heading over other rows: an institution's name and a person's are two words in Russian.
    labels: dict[str, Any] = field(default_factory=dict)
    # The same of an institution in SQL, or a function from the row maker to it; see table_query.py for the names.
    sql: Any = None
    # The value in JSON, where it is neither text nor list.
    in_json: Callable[[ContactRow], Any] | None = None

    def text(self, row: ContactRow) -> str:
        value = self.value(row)
        return SEPARATOR.join(value) if self.is_list else value


def _of_institution(attribute: str) -> Callable[[ContactRow], str]:
    def value(row):
        return getattr(row.institution, attribute) if row.institution is not None else ""

    return value


def _of_post(attribute: str) -> Callable[[ContactRow], str]:
    def value(row):
        return getattr(row.post, attribute) if row.post is not None else ""

    return value


def _shown(*kinds: str) -> Callable[[ContactRow], tuple[str, ...]]:
    def value(row):
        return tuple([method.shown for method in row.contact_methods if method.kind in kinds])

    return value


def _links(*kinds: str) -> Callable[[ContactRow], tuple[str, ...]]:
    def value(row):
        return tuple([method.value for method in row.contact_methods if method.kind in kinds])

    return value


def _services(row):
    return row.institution.services if row.institution is not None else ()


def _identifiers(row) -> tuple[str, ...]:
    known = row.institution.identifiers if row.institution is not None else ()
    return tuple(f"{register}: {number}" for register, number in known)


def _institution_native(row):
    return row.institution.names.own if row.institution is not None else ""


def _details(row) -> tuple[str, ...]:
    """Which department a number or address belongs to, and the languages they speak there."""
    return tuple(
        f"{', '.join(filter(None, (method.department, *method.languages)))}: {method.shown}"
        for method in row.contact_methods
        if method.department or method.languages
    )


def _check_date(row):
    check = row.last_check
    return check.checked_on if check is not None else ""


def _check_method(row):
    check = row.last_check
    return check.check_method if check is not None else ""


@lru_cache(maxsize=5_000)
def _freshness_in_words(checked_on: str, today: datetime.date, language: str) -> str:
    return str(Freshness.of(checked_on, today).label)


def _freshness(row):
    return _freshness_in_words(_check_date(row), timezone.localdate(), get_language())


def _part_of_name(part: str) -> Callable[[ContactRow], str]:
    def value(row):
        return getattr(row.personal_name, part) if row.is_person else ""

    return value


def _local_block(row):
    institution = row.institution
    if institution is None:
        return ""
    city = institution.city_names.own or institution.city_names.en if institution.city_names else ""
    return row.postal_block(row.name_choice, institution.address_local, city, institution.country)


def _latin_block(row):
    institution = row.institution
    if institution is None:
        return ""
    city = institution.city_names.en if institution.city_names else ""
    block = row.postal_block("en", institution.address_latin, city, country_in_words(institution.country_code, "en"))
    return block if _is_latin(block) else to_latin(block)


def _is_latin(text: str) -> bool:
    names = (unicodedata.name(character, "") for character in text if character.isalpha())
    # The Uzbek ʻ is a letter by itself.
    return all(name.startswith(("LATIN", "MODIFIER")) for name in names)


def _country_sql(maker) -> str:
    names = {code: country_in_words(code, maker.language_of_words) for code in maker.country_codes()}
    return in_words("i.country_id", names, literal(maker.word_for_international))


def _freshness_sql(maker) -> str:
    today = timezone.localdate()
    # The first day of a partial date; see also `PartialDate.first_day`.
    day = "k.checked_on || substr('-01-01', length(k.checked_on) - 3)"
    fresh, ageing = (literal(months_before(today, months).isoformat()) for months in (FRESH_MONTHS, AGEING_MONTHS))
    words = [literal(str(state.label)) for state in (Freshness.FRESH, Freshness.AGEING, Freshness.UNCONFIRMED)]
    return f"CASE WHEN {day} >= {fresh} THEN {words[0]} WHEN {day} >= {ageing} THEN {words[1]} ELSE {words[2]} END"


PLAIN = {"is_free_text": False}
COLUMNS = [
    Column("row", _("row"), lambda row: row.row_kind, rows=frozenset(["both"]), always=True, **PLAIN),
    Column("change", _("change"), lambda row: row.change, only_in="changes", always=True, **PLAIN),
    Column(
        "what_changed", _("what changed"), lambda row: row.what_changed, is_list=True, only_in="changes", always=True
    ),
    Column("id", _("id"), lambda row: row.record.key, always=True, sql="i.key", **PLAIN),
    Column(
        "name",
        pgettext_lazy("institution", "name"),
        lambda row: row.name,
        names=ONE_NAME,
        labels={"representatives": pgettext_lazy("person", "name"), "both": pgettext_lazy("record", "name")},
        sql=lambda maker: name_in("i", maker.name_choice),
    ),
    Column(
        "name_en",
        pgettext_lazy("institution", "English name"),
        lambda row: row.record.names.en,
        names=frozenset(["all", "latin-native"]),
        labels={
            "representatives": pgettext_lazy("person", "English name"),
            "both": pgettext_lazy("record", "English name"),
        },
        sql="i.name_en",
    ),
    Column(
        "name_ru",
        pgettext_lazy("institution", "Russian name"),
        lambda row: row.record.names.ru,
        names=frozenset(["all"]),
        labels={
            "representatives": pgettext_lazy("person", "Russian name"),
            "both": pgettext_lazy("record", "Russian name"),
        },
        sql="i.name_ru",
    ),
    Column(
        "name_native",
        pgettext_lazy("institution", "native name"),
        lambda row: row.record.names.native,
        names=frozenset(["all"]),
        labels={
            "representatives": pgettext_lazy("person", "native name"),
            "both": pgettext_lazy("record", "native name"),
        },
        sql="i.name_native",
    ),
    Column(
        "native_language",
        pgettext_lazy("institution", "language of the native name"),
        lambda row: row.record.names.native_language,
        names=frozenset(["all"]),
        labels={
            "representatives": pgettext_lazy("person", "language of the native name"),
            "both": pgettext_lazy("record", "language of the native name"),
        },
        sql="i.native_language",
        **PLAIN,
    ),
    Column(
        "name_own",
        _("name in native script"),
        lambda row: row.record.names.own,
        names=frozenset(["latin-native"]),
        sql="coalesce(nullif(i.name_native, ''), i.name_ru)",
    ),
    Column(
        "own_language",
        _("language of that name"),
        lambda row: row.record.names.own_language,
        names=frozenset(["latin-native"]),
        sql="CASE WHEN i.name_native <> '' THEN i.native_language WHEN i.name_ru <> '' THEN 'ru' END",
        **PLAIN,
    ),
    Column("form_of_address", _("form of address"), lambda row: row.form_of_address),
    Column("given_name", _("given name"), _part_of_name("given"), rows=OF_PEOPLE),
    Column("patronymic", _("patronymic"), _part_of_name("patronymic"), rows=OF_PEOPLE),
    Column("family_name", _("family name"), _part_of_name("family"), rows=OF_PEOPLE),
    Column("post", _("post"), lambda row: row.title, rows=OF_PEOPLE),
    Column("role", _("role"), _of_post("role_label"), rows=OF_PEOPLE, **PLAIN),
    Column(
        "certainty",
        _("in post on the date"),
        _of_post("certainty"),
        rows=OF_PEOPLE,
        only_in="date",
        always=True,
        **PLAIN,
    ),
    Column("event_role", _("role at the event"), lambda row: row.event_role, only_in="event", **PLAIN),
    Column("institution", _("institution"), lambda row: row.institution_name, rows=OF_PEOPLE),
    Column(
        "institution_own",
        _("institution in native script"),
        _institution_native,
        rows=OF_PEOPLE,
        names=frozenset(["latin-native"]),
    ),
    Column("institution_id", _("id of the institution"), _of_institution("key"), rows=OF_PEOPLE, **PLAIN),
    Column(
        "kind", _("kind"), _of_institution("kind_label"), sql=lambda maker: in_words("i.kind", maker.kinds), **PLAIN
    ),
    Column("country", _("country"), _of_institution("territory"), sql=_country_sql, **PLAIN),
    Column("country_code", _("country code"), _of_institution("country_code"), sql="i.country_id", **PLAIN),
    Column("city", _("city"), _of_institution("city"), sql=lambda maker: name_in("c", maker.name_choice)),
    Column(
        "ownership",
        _("ownership"),
        _of_institution("ownership"),
        rows=OF_INSTITUTIONS,
        sql=lambda maker: in_words("i.ownership", maker.ownerships),
        **PLAIN,
    ),
    Column(
        "status",
        _("status"),
        _of_institution("status"),
        rows=OF_INSTITUTIONS,
        sql=lambda maker: in_words("i.status", maker.statuses),
        **PLAIN,
    ),
    Column(
        "founded",
        _("founded"),
        _of_institution("founded"),
        rows=OF_INSTITUTIONS,
        cell=Cell.DATE,
        sql="i.founded",
        **PLAIN,
    ),
    Column(
        "closed", _("closed"), _of_institution("closed"), rows=OF_INSTITUTIONS, cell=Cell.DATE, sql="i.closed", **PLAIN
    ),
    Column(
        "part_of",
        _("part of"),
        _of_institution("part_of"),
        rows=OF_INSTITUTIONS,
        sql=lambda maker: name_in("p", maker.name_choice),
    ),
    Column("services", _("services"), _services, rows=OF_INSTITUTIONS, is_list=True, sql=SERVICES, **PLAIN),
    Column("phones", _("telephone"), _shown("phone"), is_list=True, cell=Cell.TELEPHONE, sql="k.phones", **PLAIN),
    Column("fax", _("fax"), _shown("fax"), is_list=True, cell=Cell.TELEPHONE, sql="k.fax", **PLAIN),
    Column("emails", _("e-mail"), _shown("email"), is_list=True, sql="k.emails", **PLAIN),
    Column("website", _("website"), _links("website"), is_list=True, cell=Cell.LINK, sql="k.website", **PLAIN),
    Column(
        "elsewhere",
        _("other web pages"),
        _links(*ELSEWHERE_KINDS),
        is_list=True,
        cell=Cell.LINK,
        sql="k.elsewhere",
        **PLAIN,
    ),
    Column(
        "contact_details",
        _("departments and languages"),
        _details,
        is_list=True,
        sql=lambda maker: "k.russian_details" if maker.language_of_words == "ru" else "k.details",
    ),
    Column("address_local", _("postal address in local form"), _of_institution("address_local"), sql="i.address_local"),
    Column(
        "address_latin", _("postal address in Latin letters"), _of_institution("address_latin"), sql="i.address_latin"
    ),
    Column("postal_code", _("postal code"), _of_institution("postal_code"), sql="i.postal_code"),
    Column(
        "identifiers",
        _("ids in registers"),
        _identifiers,
        is_list=True,
        in_json=lambda row: dict(row.institution.identifiers) if row.institution is not None else {},
        rows=OF_INSTITUTIONS,
        sql="(SELECT string_agg(key || ': ' || value, '; ') FROM jsonb_each_text(i.identifiers))",
        **PLAIN,
    ),
    Column("further_addresses", _("further addresses"), _shown("address"), is_list=True, sql="k.addresses"),
    Column("envelope_local", _("envelope in local form"), _local_block, cell=Cell.BLOCK),
    Column("envelope_latin", _("envelope in Latin letters"), _latin_block, cell=Cell.BLOCK),
    Column("since", _("since"), _of_post("since"), rows=OF_PEOPLE, cell=Cell.DATE, **PLAIN),
    Column("until", _("until"), _of_post("until"), rows=OF_PEOPLE, cell=Cell.DATE, **PLAIN),
    Column("as_of", _("as of"), _of_post("as_of"), rows=OF_PEOPLE, cell=Cell.DATE, **PLAIN),
    Column("in_post", _("in post today"), _of_post("in_post"), rows=OF_PEOPLE, **PLAIN),
    Column("checked_on", _("checked on"), _check_date, cell=Cell.DATE, always=True, sql="k.checked_on", **PLAIN),
    Column(
        "check_method",
        _("checked by"),
        _check_method,
        always=True,
        sql=lambda maker: in_words(LAST_CHECK_METHOD, maker.check_methods),
        **PLAIN,
    ),
    Column("freshness", _("freshness"), _freshness, sql=_freshness_sql, **PLAIN),
    Column(
        "source",
        _("source"),
        lambda row: row.source,
        cell=Cell.LINK,
        always=True,
        sql=f"coalesce({LAST_CHECK_SOURCE}, {FIRST_SOURCE})",
        **PLAIN,
    ),
    Column(
        "page",
        _("page in the directory"),
        lambda row: row.record.page,
        cell=Cell.LINK,
        always=True,
        sql=lambda maker: " || ".join(
            [literal(maker.institution_address[0]), "i.slug", literal(maker.institution_address[1])]
        ),
        **PLAIN,
    ),
]
# Long to read and easily made from other columns, so that only those who want them have them.
ON_REQUEST = {"given_name", "patronymic", "family_name", "form_of_address", "envelope_local", "envelope_latin"}
# What a word processor needs for a letter and its envelope.
FOR_LETTERS = [
    *("id", "form_of_address", "family_name", "given_name", "patronymic", "name", "name_en", "name_own", "post"),
    *("institution", "envelope_local", "envelope_latin", "postal_code", "city", "country", "status", "emails"),
    *("until", "as_of", "in_post", "checked_on", "check_method", "freshness", "source", "page"),
]


NAME_COLUMNS = {"name", "name_en", "name_ru", "name_native", "native_language", "name_own", "own_language"}


def columns_for(rows: str, names: str, chosen: list[str] | None = None, *list_kinds: str) -> list[Column]:
    """The columns of a file in the order of the registry: those chosen, or all that are not only `ON_REQUEST`."""
    there = [
        replace(column, label=column.labels.get(rows, column.label))
        for column in COLUMNS
        if rows in column.rows and names in column.names and column.only_in in ("", *list_kinds)
    ]
    if not chosen:
        return [column for column in there if column.name not in ON_REQUEST]
    # Whoever wants the name gets it in whichever columns the choice of names puts it.
    wanted = {*chosen} | (NAME_COLUMNS if "name" in chosen else set())
    return [column for column in there if column.always or column.name in wanted]


def columns_to_choose(*list_kinds: str) -> list[Column]:
    """Return the columns that the page offers: one box for the name, none for columns that are always there."""
    return [
        column
        for column in COLUMNS
        if not column.always
        and (column.name == "name" or column.name not in NAME_COLUMNS)
        and column.only_in in ("", *list_kinds)
    ]
