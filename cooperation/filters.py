"""Request parameters of the lists of events and films."""

import django_filters
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from institutions.models import Country
from search.facets import ColumnCount
from search.filters import SearchedFilterSet

from .models import Event, EventKind, Film, FilmStatus


def event_country_choices():
    """Return the countries with an event of the directory, members of the CIS or not."""
    return _by_name(Country.objects.filter(events__in=Event.objects.published()).distinct())


def film_country_choices():
    """Return the countries with a film of the directory, members of the CIS or not."""
    return _by_name(Country.objects.filter(films__in=Film.objects.published()).distinct())


def _by_name(countries):
    return sorted(((country.code, country.name) for country in countries), key=lambda choice: choice[1])


class EventFilterSet(SearchedFilterSet):
    """Filters of the list of events."""

    FACETS = {"country": ColumnCount("country"), "kind": ColumnCount("kind"), "year": ColumnCount("start_year")}

    country = django_filters.MultipleChoiceFilter(label=_("Country"), choices=event_country_choices, distinct=False)
    kind = django_filters.MultipleChoiceFilter(label=_("Kind"), choices=EventKind.choices, distinct=False)
    year = django_filters.MultipleChoiceFilter(
        label=_("Year"), field_name="start_year", choices=Event.objects.year_choices, distinct=False
    )

    class Meta:
        model = Event
        fields = []


class FilmFilterSet(SearchedFilterSet):
    """Filters of the list of films."""

    FACETS = {
        "country": ColumnCount("film_countries__country"),
        "partner": ColumnCount("film_countries__country"),
        "status": ColumnCount("status"),
    }

    country = django_filters.MultipleChoiceFilter(
        label=_("Country"), choices=film_country_choices, method="filter_country"
    )
    partner = django_filters.MultipleChoiceFilter(
        label=_("Together with"), choices=film_country_choices, method="filter_country"
    )
    status = django_filters.MultipleChoiceFilter(label=_("Status"), choices=FilmStatus.choices, distinct=False)

    class Meta:
        model = Film
        fields = []

    def filter_country(self, queryset, name, value):
        return queryset.made_by(value) if value else queryset

    def asks_for(self, name):
        # Partner countries are only offered once a country was chosen.
        return name != "partner" or bool(self.cleaned.get("country") or self.cleaned.get("partner"))


def event_filterset(query: QueryDict) -> EventFilterSet:
    """Return the published events that fit the query string, for the page and for its files."""
    return EventFilterSet(query, queryset=Event.objects.published().with_start_year().newest_first())


def film_filterset(query: QueryDict) -> FilmFilterSet:
    """Return the published films that fit the query string, for the page and for its files."""
    return FilmFilterSet(query, queryset=Film.objects.published().newest_first())
