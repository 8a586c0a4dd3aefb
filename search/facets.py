"""Filters of a list page as a reader sees them: choices with counts, and chips that take one filter back.

A filter set built on `FacetedFilterSet` reads the address (several values of one filter are OR, filters among
themselves AND), says what it did not understand, and counts for each choice how many records it would give under the
other filters.
"""

from collections.abc import Container
from dataclasses import dataclass

import django_filters
from django.db.models import Count, F, Func
from django.http import QueryDict
from django.utils.functional import cached_property


@dataclass(frozen=True)
class FacetChoice:
    value: str
    label: str
    # How many records the choice would give; None where that is not counted.
    count: int | None
    is_selected: bool


@dataclass(frozen=True)
class Facet:
    """One filter with its choices. `takes_several` tells check boxes from radio buttons."""

    name: str
    label: str
    choices: list[FacetChoice]
    takes_several: bool
    may_fold: bool = False

    @property
    def is_in_use(self) -> bool:
        return any(choice.is_selected for choice in self.choices)

    @property
    def is_folded(self) -> bool:
        return self.may_fold and not self.is_in_use


@dataclass(frozen=True)
class Chip:
    """A filter in use; following `query` takes it back."""

    label: str
    value_label: str
    query: str


@dataclass(frozen=True)
class ColumnCount:
    """Counts records by the values of a column; `null_value` stands for records without one."""

    column: str
    null_value: str | None = None
    # A record's array may hold a value twice, and still the record counts once.
    is_array: bool = False

    def count(self, filterset: "FacetedFilterSet", name: str) -> dict[str, int]:
        value = Func(F(self.column), function="unnest") if self.is_array else F(self.column)
        number = Count("pk", distinct=True) if self.is_array else Count("*")
        counted = filterset.queryset_without(name).order_by().values_list(value).annotate(number=number)
        return {self.null_value if found is None else found: number for found, number in counted}


@dataclass(frozen=True)
class ChoiceCount:
    """Counts records choice by choice, for filters that are conditions and not a column."""

    def count(self, filterset: "FacetedFilterSet", name: str) -> dict[str, int]:
        others = filterset.cleaned_without(name)
        takes_several = isinstance(filterset.filters[name], django_filters.MultipleChoiceFilter)
        return {
            value: filterset.narrowed(others | {name: [value] if takes_several else value}).count()
            for value, _label in filterset.choices(name)
        }


def without(query: QueryDict, name: str, value: str | None = None) -> str:
    """The address's query without one value of a parameter (or all of them), back on the first page."""
    rest = query.copy()
    rest.pop("page", None)
    kept = [] if value is None else [other for other in rest.getlist(name) if other != value]
    rest.setlist(name, kept)
    if not kept:
        del rest[name]
    return "?" + rest.urlencode()


def _of_filters(query: QueryDict, names: Container[str]) -> QueryDict:
    """What the query says to these filters, each value once: every chip repeats all of it in its own address."""
    kept = QueryDict(mutable=True)
    for name, values in query.lists():
        if name in names:
            kept.setlist(name, dict.fromkeys(values))
    return kept


class FacetedFilterSet(django_filters.FilterSet):
    """Filters of one list. Subclasses name in `FACETS` those that show choices, and how each is counted."""

    FACETS: dict[str, ColumnCount | ChoiceCount] = {}
    # Long or rarely used filters, folded until they are in use.
    FOLDED: tuple[str, ...] = ()
    # Parameters that order the list and do not narrow it: no chip.
    ORDERING = ("sort",)

    def __init__(self, data: QueryDict | None = None, *arguments, **options):
        super().__init__(None if data is None else _of_filters(data, self.base_filters), *arguments, **options)

    @property
    def address(self) -> str:
        """The filters as the query of an address."""
        return self.data.urlencode()

    def narrowed(self, cleaned_data: dict):
        """The records that fit all these values."""
        queryset = self.queryset.all()
        for name, value in cleaned_data.items():
            queryset = self.filters[name].filter(queryset, value)
        return queryset

    def filter_queryset(self, queryset):
        return self.narrowed(self.form.cleaned_data)

    def cleaned_without(self, name: str) -> dict:
        return {other: value for other, value in self.cleaned.items() if other != name and other not in self.ORDERING}

    def queryset_without(self, name: str):
        """The records under all filters but one: what the choices of that one can give."""
        return self.narrowed(self.cleaned_without(name))

    @property
    def cleaned(self) -> dict:
        """What was understood of the address; what was not is in `problems`."""
        return self.form.cleaned_data if self.is_bound and self.form.errors is not None else {}

    @cached_property
    def problems(self) -> list[tuple[str, str]]:
        """Label of the filter and what is wrong with its value."""
        return [(self.form.fields[name].label, message) for name, found in self.errors.items() for message in found]

    @cached_property
    def facets(self) -> list[Facet]:
        return [
            self._facet(name, counting)
            for name, counting in self.FACETS.items()
            if name in self.filters and self.asks_for(name)
        ]

    def asks_for(self, name: str) -> bool:
        """Whether the page offers this filter; one that is in use it always offers."""
        return True

    def choices(self, name: str) -> list[tuple[str, str]]:
        """Value and label of each choice of a filter; none where values are typed. Asked of the database once."""
        if name not in self._choices:
            choices = getattr(self.form.fields[name], "choices", ())
            self._choices[name] = [(value, label) for value, label in choices if value]
        return self._choices[name]

    @cached_property
    def _choices(self) -> dict:
        return {}

    def _facet(self, name, counting) -> Facet:
        counts = counting.count(self, name)
        takes_several = isinstance(self.filters[name], django_filters.MultipleChoiceFilter)
        chosen = self._chosen(name)
        choices = [
            FacetChoice(value, label, counts.get(value, 0), value in chosen)
            for value, label in self.choices(name)
            if counts.get(value) or value in chosen
        ]
        return Facet(name, self.form.fields[name].label, choices, takes_several, may_fold=name in self.FOLDED)

    def _chosen(self, name) -> list[str]:
        value = self.cleaned.get(name)
        if value in (None, "", False):
            return []
        return [str(item) for item in value] if isinstance(value, list) else [str(value)]

    @cached_property
    def chips(self) -> list[Chip]:
        found = []
        for name in self.filters:
            if name in self.ORDERING:
                continue
            field = self.form.fields[name]
            labels = dict(self.choices(name))
            found += [
                Chip(field.label, labels.get(value, self.value_in_words(name, value)), without(self.data, name, value))
                for value in self._chosen(name)
            ]
        return found

    def value_in_words(self, name: str, value: str) -> str:
        """A typed value as a chip shows it."""
        return value

    @property
    def is_in_use(self) -> bool:
        return bool(self.chips)
