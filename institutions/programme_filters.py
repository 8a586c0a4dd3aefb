"""Request parameters of the list of programmes."""

from typing import NamedTuple

import django_filters
from babel.numbers import get_currency_name
from django.db import models
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from languages.of_interface import active_language
from search.facets import AtLeastCount, ColumnCount, ConditionCount, FacetedFilterSet, NumberFilter
from search.filters import SearchedFilterSet

from .filters import country_choices
from .models import INTERNATIONAL, RATES_AT_LEAST, CallOpen, Programme, ProgrammeKind, RebateSort, is_open

MOST_MONEY = 10**12


class StatedFact(models.TextChoices):
    """Facts that a programme may say or leave open."""

    RATE = "rate", _("rate")
    MINIMUM_SPEND = "minimum-spend", _("minimum spend")
    CAP = "cap", _("cap")
    DEADLINE = "deadline", _("deadline")


STATED = {
    StatedFact.RATE: Q(rate_percent__isnull=False),
    StatedFact.MINIMUM_SPEND: Q(minimum_spend__isnull=False),
    StatedFact.CAP: Q(cap__isnull=False),
    StatedFact.DEADLINE: Q(call_closes__isnull=False),
}


def rate_choices():
    return [(str(rate), _("%(rate)d %% or more") % {"rate": rate}) for rate in RATES_AT_LEAST]


def currency_choices():
    """Return the currencies in which programmes give amounts."""
    codes = Programme.objects.published().exclude(currency="").order_by("currency")
    locale = active_language().cldr
    found = codes.values_list("currency", flat=True).distinct()
    return [(code, f"{code}, {get_currency_name(code, locale=locale)}") for code in found]


def with_call(call: str) -> Q:
    """Return the condition that the call is open now or within the season: a value of `CallOpen`."""
    return is_open(call, "call_opens", "call_closes")


class ProgrammeFilterSet(SearchedFilterSet):
    """Filters of /programmes/."""

    FACETS = {
        "country": ColumnCount("country", null_value=INTERNATIONAL),
        "kind": ColumnCount("kind"),
        "rate": AtLeastCount("rate_percent"),
        "call": ConditionCount(with_call),
        "states": ConditionCount(STATED.__getitem__),
        "currency": ColumnCount("currency"),
    }
    FOLDED = ("states", "currency")
    NUMBERS_HEADING = _("Amounts in the currency of the programme")

    country = django_filters.MultipleChoiceFilter(
        label=_("Country"), choices=country_choices, null_value=INTERNATIONAL, distinct=False
    )
    kind = django_filters.MultipleChoiceFilter(label=_("Kind"), choices=ProgrammeKind.choices, distinct=False)
    rate = django_filters.ChoiceFilter(
        label=_("Rate"), field_name="rate_percent", lookup_expr="gte", choices=rate_choices
    )
    minimum_spend = NumberFilter(
        label=_("Minimum spend at most"),
        field_name="minimum_spend",
        lookup_expr="lte",
        smallest=1,
        largest=MOST_MONEY,
    )
    cap = NumberFilter(label=_("Cap at least"), field_name="cap", lookup_expr="gte", smallest=1, largest=MOST_MONEY)
    call = django_filters.ChoiceFilter(label=_("Call"), choices=CallOpen.choices, method="filter_call")
    states = django_filters.MultipleChoiceFilter(label=_("States"), choices=StatedFact.choices, method="filter_stated")
    currency = django_filters.MultipleChoiceFilter(label=_("Currency"), choices=currency_choices, distinct=False)

    class Meta:
        model = Programme
        fields = []

    def filter_call(self, queryset, name, value):
        return queryset.filter(with_call(value)) if value else queryset

    def filter_stated(self, queryset, name, value):
        return queryset.filter(Q(*(STATED[fact] for fact in value), _connector=Q.OR)) if value else queryset


class SortedColumn(NamedTuple):
    """Heading of a table; `sort` is the value of the parameter that sorts by it, "" where none does."""

    label: str
    sort: str
    direction: str
    is_sorted: bool


class RebateFilterSet(FacetedFilterSet):
    """Parameters of /rebates/: the order, and a country to point out; none of them narrows the list."""

    ORDERING = ("sort", "country")

    sort = django_filters.ChoiceFilter(label=_("Sort by"), choices=RebateSort.choices, method="filter_sort")
    country = django_filters.ChoiceFilter(label=_("Country"), choices=country_choices, method="point_out")

    class Meta:
        model = Programme
        fields = []

    def filter_sort(self, queryset, name, value):
        return queryset.in_order_of(value) if value else queryset

    def point_out(self, queryset, name, value):
        return queryset

    @property
    def columns(self) -> list[SortedColumn]:
        """Return the columns of the table in their order."""
        sort = self.cleaned.get("sort") or RebateSort.RATE
        return [
            SortedColumn(label, order, direction, bool(order) and order == sort)
            for label, order, direction in [
                (_("Country and programme"), RebateSort.COUNTRY, "ascending"),
                (_("Rate"), RebateSort.RATE, "descending"),
                (_("Minimum spend"), RebateSort.MINIMUM_SPEND, "ascending"),
                (_("Cap"), RebateSort.CAP, "descending"),
                (_("Who decides"), "", ""),
                (_("In force since"), RebateSort.SINCE, "descending"),
            ]
        ]


def programme_filterset(query: QueryDict) -> ProgrammeFilterSet:
    """Return the published programmes that fit the query string, for the page and for its files."""
    return ProgrammeFilterSet(query, queryset=Programme.objects.published().highest_rate_first())
