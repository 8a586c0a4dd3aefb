"""Numbers of institutions, counted in the index of their list."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import get_language

from search.facet_index import FacetIndex

from .filters import institution_filterset
from .models import KIND_HEADINGS


@dataclass(frozen=True)
class Tally:
    """Numbers of published institutions, of all or of those in a set of places."""

    index: FacetIndex
    places: int

    def within(self, name: str, *values: str) -> "Tally":
        """Return the numbers of those that have one of the values of a filter."""
        return Tally(self.index, self.places & self.index.union(name, values))

    def by(self, name: str) -> dict[str, int]:
        """Return the number for each value of a filter that has any."""
        counts = {value: (bits & self.places).bit_count() for value, bits in self.index.sets[name].items()}
        return {value: count for value, count in counts.items() if count}

    @property
    def total(self) -> int:
        return self.places.bit_count()

    @property
    def kinds(self) -> list[dict]:
        """Return kind, heading and number of institutions, the most numerous first."""
        counted = sorted(self.by("kind").items(), key=lambda item: (-item[1], item[0]))
        return [{"kind": kind, "heading": KIND_HEADINGS[kind], "count": number} for kind, number in counted]

    def kept(self, name: str, make: Callable[["Tally"], Any]) -> Any:
        """Return the result of `make` for these numbers, kept until an institution, city or country changes.

        Each language has its own. For the numbers of all institutions only: the name says nothing of places.
        """
        return self.index.kept((name, get_language()), lambda: make(self))


def tally() -> Tally:
    """Return the numbers of all published institutions."""
    index = institution_filterset(QueryDict()).index
    return Tally(index, index.everything)
