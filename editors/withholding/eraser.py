"""The shape of an entry in the list of erasers."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import models

from people.models import Person


@dataclass(frozen=True)
class Eraser:
    """Find somebody in a place that names people besides their own record, and take them out there.

    A name within the texts of other records needs no eraser: `erase_names` takes it out of all of them.
    """

    label: str
    find: Callable[[Person], list[str]]
    erase: Callable[[Person], None]
    # Rows that are deleted together with the name in them.
    rows: type[models.Model] | None = None
