"""Institutions to the lines of a CSV table by PostgreSQL itself, several times faster than row by row in Python.

What a column is in SQL stands beside what it is in Python, in the one registry of columns; a table with a column that
has no SQL, or with people, is made in Python. Both ways give the same bytes, which a test holds. See ADR 0021.
"""

from collections.abc import Iterator
from contextlib import suppress
from itertools import batched
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F
from django.db.models.expressions import OrderBy

from exports.lists import one_moment
from institutions.models import Institution, InstitutionContact, InstitutionSource
from records.contact_types import PAGE_KINDS, TELEPHONE_KINDS, ContactKind
from records.models import Source

from .formats.csv_file import BYTE_ORDER_MARK, FORMULA_STARTS, LINES_A_TIME, csv_lines
from .rows import RowMaker, shown_telephone

# Marks what Python puts into words: telephone numbers, since it knows how they are written, and codes of services.
# No text holds it; see languages/control_characters.py.
_MARK = "\x01"
# What the SQL of the columns calls i, besides c for the city, p for the parent and k for the contacts.
INSTITUTION_COLUMNS = [
    *("id", "key", "slug", "name_en", "name_ru", "name_native", "native_language", "kind", "country_id", "city_id"),
    *("parent_id", "ownership", "status", "founded", "closed", "services"),
    *("address_local", "address_latin", "postal_code", "identifiers"),
]


def literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def one_of(kinds) -> str:
    return f"({', '.join(map(literal, kinds))})"


def in_words(expression: str, labels: dict[str, str], otherwise: str = "NULL") -> str:
    """A word for each code; codes without one, NULL among them, are `otherwise`."""
    cases = " ".join(f"WHEN {literal(code)} THEN {literal(word)}" for code, word in labels.items() if code)
    if not cases:
        return otherwise
    return f"CASE {expression} {cases} ELSE {otherwise} END"


def name_in(alias: str, choice: str) -> str:
    """See also `Names.in_language`."""
    versions = {"ru": ["name_ru", "name_en"], "native": ["name_native", "name_ru", "name_en"]}.get(choice, ["name_en"])
    return f"coalesce({', '.join(f"nullif({alias}.{column}, '')" for column in versions)})"


_RANK = " ".join(f"WHEN {literal(kind)} THEN {number}" for number, kind in enumerate(ContactKind.values))
_SHOWN = (
    f"CASE WHEN kind IN {one_of(TELEPHONE_KINDS)} THEN '{_MARK}' || value || '{_MARK}' "
    f"WHEN kind IN {one_of(PAGE_KINDS)} "
    r"THEN rtrim(regexp_replace(regexp_replace(value, '^.*?://', ''), '^www\.', ''), '/') ELSE value END"
)
_DETAILS = "concat_ws(', ', nullif(department, ''), nullif(array_to_string(languages, ', '), '')) || ': ' || " + _SHOWN
_DETAILS_IN_RUSSIAN = _DETAILS.replace(
    "nullif(department, '')", "coalesce(nullif(department_ru, ''), nullif(department, ''))"
)


# A text that is greatest for the latest check, of several on one day for the first in reading order; then its method
# and its source. So PostgreSQL need not sort the contacts once more.
_CHECK = (
    # Numbers that all have the same number of digits, so that they sort as text.
    'rpad(checked_on, 10) || chr(122 - rank) || (99999 - "order") || (1000000000000000 - id) '
    f"|| '{_MARK}' || check_method || '{_MARK}' || coalesce(source_id::text, '')"
)
SERVICES = f"'{_MARK}' || nullif(array_to_string(i.services, ';'), '') || '{_MARK}'"
LAST_CHECK_METHOD = f"split_part(k.last_check, '{_MARK}', 2)"
LAST_CHECK_SOURCE = (
    f"(SELECT url FROM {Source._meta.db_table} WHERE id = nullif(split_part(k.last_check, '{_MARK}', 3), '')::bigint)"  # noqa: S608
)


def _joined(expression: str, condition: str) -> str:
    return f"string_agg({expression}, '; ') FILTER (WHERE {condition})"


# What is made of an institution's contacts, which come in reading order; only what the columns name is.
CONTACT_FACTS = {
    "phones": _joined(_SHOWN, "kind = 'phone'"),
    "fax": _joined(_SHOWN, "kind = 'fax'"),
    "emails": _joined("value", "kind = 'email'"),
    "website": _joined("value", "kind = 'website'"),
    "elsewhere": _joined("value", "kind NOT IN ('phone', 'fax', 'email', 'website', 'address')"),
    "addresses": _joined("value", "kind = 'address'"),
    "details": _joined(_DETAILS, "department <> '' OR languages <> '{}'"),
    "russian_details": _joined(_DETAILS_IN_RUSSIAN, "department <> '' OR department_ru <> '' OR languages <> '{}'"),
    "checked_on": "max(checked_on)",
    "last_check": f"max({_CHECK}) FILTER (WHERE checked_on IS NOT NULL)",
}


def _cell(column: Any, maker: RowMaker) -> str:
    expression = column.sql(maker) if callable(column.sql) else column.sql
    if column.is_free_text:
        starts = ", ".join(f"E'{start.encode('unicode_escape').decode()}'" for start in FORMULA_STARTS)
        expression = f"CASE WHEN left({expression}, 1) IN ({starts}) THEN '''' || {expression} ELSE {expression} END"
    # COPY writes NULL as nothing at all, and an empty text in quotes.
    return f"nullif({expression}, '')"


FIRST_SOURCE = (
    f"(SELECT source.url FROM {InstitutionSource._meta.db_table} s JOIN {Source._meta.db_table} source "  # noqa: S608
    'ON source.id = s.source_id WHERE s.institution_id = i.id ORDER BY s."order", s.id LIMIT 1)'
)


def _in_order(institutions):
    """The institutions' own columns, and as further ones what their order is made of.

    PostgreSQL then sees that the rows come in the order asked for, and sends the first before it has made the last.
    """
    order = [
        item
        if isinstance(item, OrderBy)
        else OrderBy(F(item.removeprefix("-")), descending=item.startswith("-"))
        if isinstance(item, str)
        else OrderBy(item)
        for item in institutions.query.order_by
    ]
    places = {f"place_{number}": item.expression for number, item in enumerate(order)}
    directions = [
        f"i.place_{number}{' DESC' if item.descending else ''}{' NULLS LAST' if item.nulls_last else ''}"
        for number, item in enumerate(order)
    ]
    return institutions.annotate(**places).values(*INSTITUTION_COLUMNS, *places), ", ".join(directions)


def _statement(cursor, institutions, columns: list[Any], maker: RowMaker, condition: str) -> str:
    ordered, order = _in_order(institutions)
    cells = [_cell(column, maker) for column in columns]
    facts = [
        f"{expression} AS {name}"
        for name, expression in CONTACT_FACTS.items()
        if any(f"k.{name}" in text for text in [*cells, condition])
    ]
    # Without parameters of its own, so that what the labels hold needs no escaping for those of the queryset.
    chosen = cursor.mogrify(*ordered.query.sql_with_params())
    return f"""COPY (
      SELECT {", ".join(cells)} FROM ({chosen}) i
      LEFT JOIN institutions_city c ON c.id = i.city_id
      LEFT JOIN {Institution._meta.db_table} p ON p.id = i.parent_id AND p.publication_state = 'published'
      LEFT JOIN LATERAL (
        SELECT {", ".join(["count(*)", *facts])} FROM (
          SELECT contact.*, CASE contact.kind {_RANK} END AS rank
          FROM {InstitutionContact._meta.db_table} contact
          WHERE contact.is_public AND contact.institution_id = i.id ORDER BY rank, contact."order", contact.id
        ) contact
      ) k ON true
      WHERE {condition} ORDER BY {order}
    ) TO STDOUT (FORMAT csv)"""  # noqa: S608 made of column names and quoted literals alone


def can_be_written(columns: list[Any]) -> bool:
    return all(column.sql is not None for column in columns)


def table_lines(institutions, columns: list[Any], names: str, *, checked_since: str, with_email: bool) -> Iterator[str]:
    """The table some lines at a time, in the order of the queryset; the header together with the first of them.

    A header alone says that there are no lines, which nothing but the database knows.
    """
    maker = RowMaker(names)
    conditions = ["k.emails IS NOT NULL"] if with_email else []
    conditions += [f"k.checked_on >= {literal(checked_since)}"] if checked_since else []
    (head,) = csv_lines([str(column.label) for column in columns], [], [], first=BYTE_ORDER_MARK)
    # A search that finds nothing may say so without asking the database.
    with suppress(EmptyResultSet), one_moment(), connection.cursor() as cursor:
        # Workers would first sort all institutions; without them an index gives the first at once.
        cursor.execute("SET LOCAL max_parallel_workers_per_gather = 0")
        statement = _statement(cursor, institutions, columns, maker, " AND ".join(conditions) or "true")
        with cursor.copy(statement) as copy:
            for some in batched(copy, LINES_A_TIME, strict=False):
                yield head + _in_words(b"\r\n".join([*(line[:-1] for line in some), b""]).decode(), maker)
                head = ""
    if head:
        yield head


def _in_words(text: str, maker: RowMaker) -> str:
    """The text with all that was marked put into words."""
    pieces = text.split(_MARK)
    pieces[1::2] = [_words_for(piece, maker) for piece in pieces[1::2]]
    return "".join(pieces)


def _words_for(text: str, maker: RowMaker) -> str:
    if text[0] == "+":
        return shown_telephone(text)
    if text not in maker.services:
        maker.services[text] = "; ".join(maker.services[code] for code in text.split(";"))
    return maker.services[text]
