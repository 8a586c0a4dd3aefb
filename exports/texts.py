"""Texts of many records as PostgreSQL puts them together: one text a column, which takes far less than one a cell."""

from collections.abc import Collection

from django.db import connection
from django.db.models import BooleanField, Expression, F, Func, TextField, Value
from django.db.models.functions import Cast, Coalesce

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

    `records` makes a queryset from the condition on ids. Records with grouped values take aggregates.
    """

    def __init__(self, records, key: str, expressions: list[Expression]):
        text = TextField()
        texts = [Coalesce(Cast(expression, text), Value(""), output_field=text) for expression in expressions]
        names = [f"text_{number}" for number in range(len(texts))]
        chosen = records(IsOneOf(key, SOME_IDS)).annotate(**dict(zip(names, texts, strict=True)))
        query, self.parameters = chosen.values_list(key, *names).query.sql_with_params()
        joined = [f"string_agg({name}, '{BETWEEN_CELLS}')" for name in ["id::text", *names]]
        # Of two columns of one name, only the names of the outer query are known.
        self.query = f"SELECT {', '.join(joined)} FROM ({query}) texts (id, {', '.join(names)})"  # noqa: S608

    def texts(self, ids: Collection[int]) -> list[list[str]]:
        """Return the ids and the texts of each expression, all in the order of the queryset, if any; "" for NULL."""
        with connection.cursor() as cursor:
            parameters = [array_of(ids) if each == SOME_IDS else each for each in self.parameters]
            cursor.execute(self.query, parameters)
            return [[] if column is None else column.split(BETWEEN_CELLS) for column in cursor.fetchone()]
