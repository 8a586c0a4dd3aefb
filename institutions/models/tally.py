"""Numbers of institutions, from which pages take several counts at once."""

from collections import Counter
from collections.abc import Iterable

from django.db import models
from django.db.models import Q

from records.base import PublicationState

from .choices import KIND_HEADINGS

PUBLISHED = Q(publication_state=PublicationState.PUBLISHED)
# For `Tally`: all that is needed, without reading the rows.
COUNTING = [
    models.Index(fields=["country", "is_international", "kind", "city"], condition=PUBLISHED, name="institution_tally"),
]


class Tally:
    """Numbers of institutions by country, international or not, kind and city. `rows` are these values and a number."""

    COLUMNS = ("country", "is_international", "kind", "city")

    def __init__(self, rows: Iterable[tuple]):
        self._rows = list(rows)

    def by(self, column: str) -> Counter:
        """Return the number for each value of the column."""
        place, counts = self.COLUMNS.index(column), Counter()
        for row in self._rows:
            counts[row[place]] += row[-1]
        return counts

    @property
    def total(self) -> int:
        return sum(row[-1] for row in self._rows)

    @property
    def kinds(self) -> list[dict]:
        """Return kind, heading and number of institutions, the most numerous first."""
        counted = sorted(self.by("kind").items(), key=lambda item: (-item[1], item[0]))
        return [{"kind": kind, "heading": KIND_HEADINGS[kind], "count": number} for kind, number in counted]
