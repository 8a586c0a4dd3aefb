"""Texts of many records as PostgreSQL puts them together: one text a column, which takes far less than one a cell."""

from collections.abc import Collection

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, Expression, F, Func, TextField, Value
from django.db.models.functions import Cast

# No text of the directory holds a control character; see languages/control_characters.py.
BETWEEN_CELLS = "\x1e"
# Between several values of one cell.
BETWEEN_VALUES = "\x1f"
# Stands for the ids in a query that is compiled once for all of them.
SOME_IDS = "{some ids}"


def array_of(ids: Collection[int]) -> str:
    return f"{{{','.join(map(str, ids))}}}"


class IsOneOf(Func):
    """Condition that an id is one of some: one parameter, where `__in` has thousands, which takes far longer."""

    template = "%(expressions)s::bigint[])"
    arg_joiner = " = ANY("
    output_field = BooleanField()

    def __init__(self, path: str, ids: str):
        """`ids` is an `array_of` them, or stands for it."""
        super().__init__(F(path), Value(ids))


class TextQuery:
    """The query of some expressions over records with any ids, compiled once.

    `records` makes a queryset from the condition on ids. Where an id has `several` records, a text has a value of each
    whose expression is not NULL, in the order of the queryset, with `BETWEEN_VALUES` between them.
    """

    def __init__(self, records, key: str, expressions: list[Expression], *, several: bool = False):
        names = [f"text_{number}" for number in range(len(expressions))]
        texts = [Cast(expression, TextField()) for expression in expressions]
        chosen = records(IsOneOf(key, SOME_IDS)).annotate(**dict(zip(names, texts, strict=True)))
        if several:
            # So PostgreSQL takes the groups as they come, and sorts them no other way.
            chosen = chosen.order_by(key, *chosen.query.order_by)
        self.query, self.column_count = "", len(names) + 1
        try:
            query, self.parameters = chosen.values_list(key, *names).query.sql_with_params()
        except EmptyResultSet:
            # Of none; Django knows that without PostgreSQL.
            return
        columns = f"texts (id, {', '.join(names)})"
        if several:
            together = [f"string_agg({name}, '{BETWEEN_VALUES}')" for name in names]
            query = f"SELECT {', '.join(['id', *together])} FROM ({query}) {columns} GROUP BY id"  # noqa: S608
        joined = [
            f"string_agg({text}, '{BETWEEN_CELLS}')"
            for text in ["id::text", *(f"coalesce({name}, '')" for name in names)]
        ]
        self.query = f"SELECT {', '.join(joined)} FROM ({query}) {columns}"  # noqa: S608 made of names alone

    def texts(self, ids: Collection[int]) -> list[list[str]]:
        """Return the ids and the texts of each expression; of one record an id in the order of the queryset, if any."""
        if not self.query or not ids:
            return [[] for _number in range(self.column_count)]
        with connection.cursor() as cursor:
            parameters = [array_of(ids) if each == SOME_IDS else each for each in self.parameters]
            cursor.execute(self.query, parameters)
            return [[] if column is None else column.split(BETWEEN_CELLS) for column in cursor.fetchone()]
