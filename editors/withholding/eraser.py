"""Entry in the list of erasers."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import models

from people.models import Person


@dataclass(frozen=True)
class Eraser:
    """Finder and eraser of a person in one place besides their own record.

    A name within the texts of other records needs no eraser: `erase_names` removes it from all of them.
    """

    label: str
    find: Callable[[Person], list[str]]
    erase: Callable[[Person], None]
    # Rows that are deleted together with the name in them.
    rows: type[models.Model] | None = None
