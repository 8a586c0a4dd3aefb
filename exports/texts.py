"""Texts of many records as PostgreSQL puts them together: one text a column, which takes far less than one a cell."""

from django.db.models import Expression, StringAgg, TextField, Value
from django.db.models.functions import Cast, Coalesce

# No text of the directory holds a control character; see languages/control_characters.py.
BETWEEN_CELLS = "\x1e"
# Between several values of one cell.
BETWEEN_VALUES = "\x1f"
# More than there are: with a limit the order of a queryset counts.
ALL_RECORDS = 2**31


def texts_of(records, expressions: list[Expression]) -> list[list[str]]:
    """Return the texts of each expression over the records, all in the order of the queryset, if any; "" for NULL."""
    names = [f"text_{number}" for number in range(len(expressions))]
    text = TextField()
    texts = [Coalesce(Cast(expression, text), Value(""), output_field=text) for expression in expressions]
    records = records.annotate(**dict(zip(names, texts, strict=True)))
    if records.query.order_by:
        records = records[:ALL_RECORDS]
    columns = records.aggregate(**{f"all_{name}": StringAgg(name, Value(BETWEEN_CELLS)) for name in names})
    return [[] if column is None else column.split(BETWEEN_CELLS) for column in columns.values()]
