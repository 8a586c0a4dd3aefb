"""Orders that no column has."""

from collections.abc import Iterable

from django.contrib.postgres.fields import ArrayField
from django.db.models import F, Func, IntegerField, TextField, Value
from django.db.models.functions import Cast


def rank(field: str, values: Iterable[str]) -> Func:
    """Return the place of the field's value among these values, from 1, for `order_by`; NULL for others.

    One expression, which Django compiles far faster than a `Case` with a `When` for each value.
    """
    places = Value(list(values), ArrayField(TextField()))
    return Func(places, Cast(F(field), TextField()), function="array_position", output_field=IntegerField())
