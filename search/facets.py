"""Filters of a list page: choices with counts, and chips that remove one filter.

A filter set built on `FacetedFilterSet` reads the query string (several values of one filter are OR, different filters
AND), reports values that it did not understand, and counts for each choice how many records it would give under the
other filters.
"""

from collections.abc import Callable, Container, Iterable
from copy import copy
from dataclasses import dataclass
from itertools import compress
from typing import Any, ClassVar

import django_filters
from django import forms
from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Case, Count, F, Func, Q, QuerySet, When
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst

CHOICE = '<label><input type="{}" name="{}" value="{}"{}> <span>{}</span> <span class="count">{}</span></label>'
CHECKED = mark_safe(" checked")


@dataclass(frozen=True)
class FacetChoice:
    value: str
    label: str
    # Number of records that the choice would give; None if not counted.
    count: int | None
    is_selected: bool


@dataclass(frozen=True)
class Facet:
    """Filter with its choices. `takes_several` tells check boxes from radio buttons."""

    name: str
    label: str
    choices: list[FacetChoice]
    takes_several: bool
    may_fold: bool = False

    @property
    def input_type(self) -> str:
        return "checkbox" if self.takes_several else "radio"

    @property
    def choices_in_html(self) -> SafeString:
        """Return the boxes of the choices without a template: a page has a hundred of them."""
        boxes = (
            (
                self.input_type,
                self.name,
                choice.value,
                CHECKED if choice.is_selected else "",
                choice.label,
                choice.count,
            )
            for choice in self.choices
        )
        return format_html_join("\n", CHOICE, boxes)

    @property
    def is_in_use(self) -> bool:
        return any(choice.is_selected for choice in self.choices)

    @property
    def is_folded(self) -> bool:
        return self.may_fold and not self.is_in_use


class NumberFilter(django_filters.Filter):
    """Filter by a whole number that a visitor types, not outside two bounds."""

    field_class = forms.IntegerField

    def __init__(self, *, smallest: int, largest: int, **options):
        super().__init__(min_value=smallest, max_value=largest, **options)


@dataclass(frozen=True)
class TypedNumber:
    """Number filter as the page shows it; `value` is what was typed."""

    name: str
    label: str
    value: str
    smallest: int
    largest: int


@dataclass(frozen=True)
class Chip:
    """Filter in use; following `query` removes it."""

    label: str
    value_label: str
    query: str


# Pairs of a value and the ids of its records.
Groups = Iterable[tuple[Any, Iterable[int]]]


@dataclass(frozen=True)
class ColumnCount:
    """Count records by the values of a column; `null_value` stands for records without one."""

    # What does not say so is read anew each day.
    same_every_day: ClassVar[bool] = True

    column: str
    null_value: str | None = None
    # An array may hold a value twice, and the record still counts once.
    is_array: bool = False

    def count(self, filterset: "FacetedFilterSet", name: str) -> dict[str, int]:
        number = Count("pk", distinct=True) if self.is_array else Count("*")
        return dict(self._grouped(filterset.queryset_without(name), number))

    def groups(self, filterset: "FacetedFilterSet", name: str, ids: set[int] | None = None) -> Groups:
        """Return each value with the ids of its records, of all or of some of them."""
        return self._grouped(of_some(filterset.queryset, ids), ArrayAgg("pk"))

    def _grouped(self, records, aggregate) -> list[tuple[str, Any]]:
        value = Func(F(self.column), function="unnest") if self.is_array else F(self.column)
        grouped = records.order_by().values_list(value).annotate(aggregate=aggregate)
        return [(self.null_value if found is None else found, result) for found, result in grouped]


@dataclass(frozen=True)
class ChoiceCount:
    """Count records choice by choice, for filters that are conditions and not a column."""

    def groups(self, filterset: "FacetedFilterSet", name: str, ids: set[int] | None = None) -> Groups:
        """Return each choice with the ids of its records, of all or of some of them."""
        takes_several = isinstance(filterset.filters[name], django_filters.MultipleChoiceFilter)
        for value, _label in filterset.filters[name].extra["choices"]:
            records = filterset.narrowed({name: [value] if takes_several else value})
            yield value, of_some(records, ids).order_by().values_list("pk", flat=True)


@dataclass(frozen=True)
class Conditions:
    """Sets of an index that are no filter: by name, a function that leaves some of the records."""

    conditions: dict[str, Callable[[QuerySet], QuerySet]]

    def groups(self, filterset: "FacetedFilterSet", name: str, ids: set[int] | None = None) -> Groups:
        """Return each name with the ids of its records, of all or of some of them."""
        for value, leaves in self.conditions.items():
            yield value, leaves(of_some(filterset.queryset, ids)).order_by().values_list("pk", flat=True)


@dataclass(frozen=True)
class ConditionCount:
    """Count records choice by choice, for conditions on their own columns, of which each choice has one."""

    condition: Callable[[str], Q]

    def count(self, filterset: "FacetedFilterSet", name: str) -> dict[str, int]:
        records = self._flagged(filterset, name, filterset.queryset_without(name))
        return {value: len(ids) for value, ids in records.items()}

    def groups(self, filterset: "FacetedFilterSet", name: str, ids: set[int] | None = None) -> Groups:
        """Return each choice with the ids of its records, of all or of some of them."""
        return self._flagged(filterset, name, of_some(filterset.queryset, ids)).items()

    def _flagged(self, filterset, name, records) -> dict[str, list[int]]:
        values = [value for value, _label in filterset.filters[name].extra["choices"]]
        conditions = [self.condition(value) for value in values]
        flags = [Case(When(condition, then=True), default=False) for condition in conditions]
        fitting = records.order_by().filter(Q(*conditions, _connector=Q.OR)).values_list("pk", *flags)
        found = {value: [] for value in values}
        for record_id, *fits in fitting:
            for value in compress(values, fits):
                found[value].append(record_id)
        return found


@dataclass(frozen=True)
class AtLeastCount:
    """Count records whose number in a column is at least that of the choice."""

    column: str

    def count(self, filterset: "FacetedFilterSet", name: str) -> dict[str, int]:
        counted = filterset.queryset_without(name).order_by().values_list(self.column).annotate(number=Count("*"))
        known = [(number, records) for number, records in counted if number is not None]
        return {
            value: sum(records for number, records in known if number >= int(value))
            for value, _label in filterset.choices(name)
        }


def of_some(records: QuerySet, ids: set[int] | None) -> QuerySet:
    """Return the records with these ids; all without ids."""
    return records if ids is None else records.filter(pk__in=ids)


def without(query: QueryDict, name: str, value: str | None = None) -> str:
    """Return the query string without one value of a parameter (or all of them), back on the first page."""
    rest = query.copy()
    rest.pop("page", None)
    kept = [] if value is None else [other for other in rest.getlist(name) if other != value]
    rest.setlist(name, kept)
    if not kept:
        del rest[name]
    return "?" + rest.urlencode()


def _of_filters(query: QueryDict, names: Container[str]) -> QueryDict:
    """Return the values of these filters in the query, each once, since every chip repeats them all in its own URL."""
    kept = QueryDict(mutable=True)
    for name, values in query.lists():
        if name in names:
            kept.setlist(name, dict.fromkeys(values))
    return kept


class _Filters(dict):
    """Filters of a class by name. Each filter set has copies of its own, made without all that they refer to."""

    def __deepcopy__(self, memo):
        return {name: self._copied(filter_) for name, filter_ in self.items()}

    @staticmethod
    def _copied(filter_):
        copied = copy(filter_)
        copied.extra = filter_.extra.copy()
        # Binds a method to the copy.
        copied.method = filter_.method
        return copied


class FacetedFilterSet(django_filters.FilterSet):
    """Filters of one list. Subclasses name in `FACETS` those that show choices, and how each is counted."""

    FACETS: dict[str, ColumnCount | ChoiceCount | ConditionCount | AtLeastCount] = {}
    # Long or rarely used filters, collapsed until they are in use.
    FOLDED: tuple[str, ...] = ()
    # Over the numbers that visitors type, which are collapsed until they are in use.
    NUMBERS_HEADING = ""
    # Parameters that order the list and do not narrow it: they get no chip.
    ORDERING = ("sort",)

    def __init__(self, data: QueryDict | None = None, *arguments, **options):
        super().__init__(None if data is None else _of_filters(data, self.base_filters), *arguments, **options)

    @classmethod
    def get_filters(cls):
        return _Filters(super().get_filters())

    @property
    def address(self) -> str:
        """Return the filters as a query string."""
        return self.data.urlencode()

    def narrowed(self, cleaned_data: dict):
        """Return the records that fit all these values."""
        queryset = self.queryset.all()
        for name, value in cleaned_data.items():
            queryset = self.filters[name].filter(queryset, value)
        return queryset

    def filter_queryset(self, queryset):
        return self.narrowed(self.form.cleaned_data)

    @property
    def total(self) -> int:
        """Return the number of records that fit."""
        return self.qs.count()

    def cleaned_without(self, name: str) -> dict:
        return {other: value for other, value in self.cleaned.items() if other != name and other not in self.ORDERING}

    def queryset_without(self, name: str):
        """Return the records under all filters but one: the basis for the counts of that one."""
        return self.narrowed(self.cleaned_without(name))

    @cached_property
    def cleaned(self) -> dict:
        """Return the valid values; errors are in `problems`."""
        return self.form.cleaned_data if self.is_bound and self.form.errors is not None else {}

    @cached_property
    def problems(self) -> list[tuple[str, str]]:
        """Return pairs of a filter's label and what is wrong with its value."""
        return [(self.form.fields[name].label, message) for name, found in self.errors.items() for message in found]

    @cached_property
    def facets(self) -> list[Facet]:
        return [self._facet(name) for name in self.FACETS if name in self.filters and self.asks_for(name)]

    @cached_property
    def numbers(self) -> list[TypedNumber]:
        """Return the filters whose values are typed as numbers."""
        found = [name for name, one in self.filters.items() if isinstance(one, NumberFilter) and self.asks_for(name)]
        return [self._number(name, self.form.fields[name]) for name in found]

    def _number(self, name: str, field: forms.IntegerField) -> TypedNumber:
        return TypedNumber(name, field.label, self.data.get(name, ""), field.min_value, field.max_value)

    @property
    def has_typed_number(self) -> bool:
        return any(number.value for number in self.numbers)

    def asks_for(self, name: str) -> bool:
        """Return whether the page offers this filter; always true for one in use."""
        return True

    def choices(self, name: str) -> list[tuple[str, str]]:
        """Return value and label of each choice of a filter; none for typed values. Queries the database once."""
        if name not in self._choices:
            choices = getattr(self.form.fields[name], "choices", ())
            self._choices[name] = [(value, label) for value, label in choices if value]
        return self._choices[name]

    @cached_property
    def _choices(self) -> dict:
        return {}

    def counts(self, name: str) -> dict[str, int]:
        """Return the number of records that each choice of a filter would give under the other filters."""
        return self.FACETS[name].count(self, name)

    def _facet(self, name) -> Facet:
        counts = self.counts(name)
        takes_several = isinstance(self.filters[name], django_filters.MultipleChoiceFilter)
        chosen = self._chosen(name)
        choices = [
            # Text and not a lazy one, which would be translated anew for each step of writing it.
            FacetChoice(value, capfirst(str(label)), counts.get(value, 0), value in chosen)
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
            if name in self.ORDERING or not self._chosen(name):
                continue
            field = self.form.fields[name]
            labels = dict(self.choices(name))
            found += [
                Chip(field.label, labels.get(value, self.value_in_words(name, value)), without(self.data, name, value))
                for value in self._chosen(name)
            ]
        return found

    def value_in_words(self, name: str, value: str) -> str:
        """Return a typed value as a chip shows it."""
        return value

    @property
    def is_in_use(self) -> bool:
        return bool(self.chips)
