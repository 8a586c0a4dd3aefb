"""Request parameters of the lists of institutions and programmes."""

from dataclasses import dataclass
from typing import Any

import django_filters
from django.contrib.postgres.aggregates import ArrayAgg
from django.db import models
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from search.facets import AtLeastCount, ChoiceCount, ColumnCount
from search.filters import SearchedFilterSet
from search.indexed_lists import IndexedFilterSet, Parts

from .models import (
    INTERNATIONAL,
    KIND_HEADINGS,
    RATES_AT_LEAST,
    Agency,
    City,
    Country,
    Institution,
    InstitutionKind,
    InstitutionStatus,
    Ownership,
    Programme,
    ProgrammeKind,
    Service,
    Studio,
)


class HasContact(models.TextChoices):
    PHONE = "phone", _("telephone")
    EMAIL = "email", _("e-mail")
    WEBSITE = "website", _("website")
    ADDRESS = "address", _("postal address")


class CheckedWithin(models.TextChoices):
    SIX_MONTHS = "6", _("within 6 months")
    TWELVE_MONTHS = "12", _("within 12 months")
    TWENTY_FOUR_MONTHS = "24", _("within 24 months")


def rate_choices():
    return [(str(rate), _("%(rate)d %% or more") % {"rate": rate}) for rate in RATES_AT_LEAST]


class InstitutionSort(models.TextChoices):
    RELEVANCE = "relevance", _("relevance")
    USE = "use", _("useful first")
    NAME = "name", _("A–Z")
    COUNTRY = "country", _("country")
    CHECKED = "checked", _("last checked")


def country_choices():
    """Return the countries of the directory in the order of their names, and "several countries"."""
    countries = sorted(Country.objects.listed(), key=lambda country: country.name)
    return [(country.code, country.name) for country in countries] + [(INTERNATIONAL, _("International bodies"))]


def city_choices():
    cities = City.objects.with_published_institutions().in_name_order()
    return [(city.key, city.name) for city in cities]


class InstitutionFilterSet(IndexedFilterSet):
    """Filters of /institutions/, /studios/ and /agencies/."""

    FACETS = {
        "country": ColumnCount("country", null_value=INTERNATIONAL),
        "kind": ColumnCount("kind"),
        "service": ColumnCount("services", is_array=True),
        "has": ChoiceCount(),
        "checked": ChoiceCount(),
        "seen": ChoiceCount(),
        "city": ColumnCount("city__key"),
        "ownership": ColumnCount("ownership"),
        "status": ColumnCount("status"),
    }
    ROW_TEMPLATE = "institutions/_institution_row.html"
    FOLDED = ("seen", "city", "ownership", "status")
    ALSO_INDEXED = {"standing": ColumnCount("standing")}
    AFFECTED_BY = {"institutions_city": "city", "institutions_country": "", "people_person": "positions__person"}

    country = django_filters.MultipleChoiceFilter(
        label=_("Country"), choices=country_choices, null_value=INTERNATIONAL, distinct=False
    )
    kind = django_filters.MultipleChoiceFilter(label=_("Kind"), choices=InstitutionKind.choices, distinct=False)
    service = django_filters.MultipleChoiceFilter(label=_("Services"), choices=Service.choices, method="filter_service")
    city = django_filters.MultipleChoiceFilter(
        label=_("City"), field_name="city__key", choices=city_choices, distinct=False
    )
    ownership = django_filters.MultipleChoiceFilter(label=_("Ownership"), choices=Ownership.choices, distinct=False)
    status = django_filters.MultipleChoiceFilter(label=_("Status"), choices=InstitutionStatus.choices, distinct=False)
    has = django_filters.MultipleChoiceFilter(
        label=_("Can be reached by"), choices=HasContact.choices, method="filter_contact"
    )
    checked = django_filters.ChoiceFilter(
        label=_("Contact checked"), choices=CheckedWithin.choices, method="filter_checked"
    )
    seen = django_filters.ChoiceFilter(
        label=_("Contact seen on the official site"), choices=CheckedWithin.choices, method="filter_seen"
    )
    sort = django_filters.ChoiceFilter(label=_("Sort by"), choices=InstitutionSort.choices, method="filter_sort")

    class Meta:
        model = Institution
        fields = []

    def filter_service(self, queryset, name, value):
        return queryset.filter(services__overlap=value) if value else queryset

    def filter_contact(self, queryset, name, value):
        return queryset.reachable_by(value) if value else queryset

    def filter_checked(self, queryset, name, value):
        return queryset.checked_within(int(value)) if value else queryset

    def filter_seen(self, queryset, name, value):
        return queryset.seen_within(int(value)) if value else queryset

    def filter_sort(self, queryset, name, value):
        if value == InstitutionSort.COUNTRY:
            return queryset.in_country_order()
        if value == InstitutionSort.CHECKED:
            return queryset.last_checked_first()
        return queryset.in_order_of_use() if value == InstitutionSort.USE else queryset.in_name_order()

    def filter_queryset(self, queryset):
        records = super().filter_queryset(queryset)
        return records.in_order_of_use() if self.order == InstitutionSort.USE else records

    @property
    def order(self) -> str:
        """Return the order in use: without a choice, search results come best first, everything else by use."""
        usual = InstitutionSort.RELEVANCE if self.search_text else InstitutionSort.USE
        return self.cleaned.get("sort") or usual

    @property
    def is_in_order_of_use(self) -> bool:
        return self.order == InstitutionSort.USE

    def parts(self) -> Parts:
        sort = self.order
        if sort == InstitutionSort.USE:
            # Every record has one value of it.
            standings = self.index.sets["standing"]
            return [part for value in sorted(standings) if (part := self.places_listed & standings[value])]
        if sort == InstitutionSort.COUNTRY:
            return self._by(self.index.sets["country"], [code for code, _name in self.choices("country")])
        if sort == InstitutionSort.CHECKED:
            checked = self.index.made("latest check", self._places_by_latest_check)
            return self._by(checked, sorted(filter(None, checked), reverse=True))
        return [self.places_listed] if sort == InstitutionSort.NAME else super().parts()

    def _by(self, sets: dict[str, int], values: list[str]) -> Parts:
        """Return the records of the list by value, those with none of the values last."""
        parts, rest = [], self.places_listed
        for value in values:
            parts.append(rest & sets.get(value, 0))
            rest &= ~parts[-1]
        return [*parts, rest]

    def _places_by_latest_check(self) -> dict[str, int]:
        records = self.queryset.with_latest_check()
        return self.index.sets_of(records.order_by().values_list("latest_check").annotate(ids=ArrayAgg("pk")))

    @property
    def sortings(self):
        """Return value, label and whether it is in use of each way to sort this list."""
        return [
            (sort.value, sort.label, sort == self.order)
            for sort in InstitutionSort
            if sort != InstitutionSort.RELEVANCE or self.search_text
        ]


class InstitutionOfKindFilterSet(InstitutionFilterSet):
    """Filters of a list that holds one kind only."""

    kind = None


@dataclass(frozen=True)
class Section:
    """A list of institutions with an address of its own."""

    model: type[Institution]
    filterset_class: type[InstitutionFilterSet]
    title: Any
    lead: Any
    total: Any
    # Where all of them are of one kind.
    kind: InstitutionKind | None = None

    @property
    def kind_heading(self):
        return KIND_HEADINGS.get(self.kind)


SECTIONS = {
    "institutions": Section(
        Institution,
        InstitutionFilterSet,
        _("Film institutions"),
        _("Studios, agencies, funds, archives, schools, unions, festivals and other film institutions."),
        ngettext_lazy("%(count)d institution", "%(count)d institutions", "count"),
    ),
    "studios": Section(
        Studio,
        InstitutionOfKindFilterSet,
        _("Studios"),
        _("Production companies and studio facilities."),
        ngettext_lazy("%(count)d studio", "%(count)d studios", "count"),
        InstitutionKind.STUDIO,
    ),
    "agencies": Section(
        Agency,
        InstitutionOfKindFilterSet,
        _("Agencies"),
        _("Public bodies that regulate or promote their country's film industry."),
        ngettext_lazy("%(count)d agency", "%(count)d agencies", "count"),
        InstitutionKind.AGENCY,
    ),
}


def institution_filterset(query: QueryDict, section: str = "institutions") -> InstitutionFilterSet:
    """Return the published institutions of a section that fit the query string, for the page and for its files."""
    chosen = SECTIONS[section]
    return chosen.filterset_class(query, queryset=chosen.model.objects.published().in_name_order())


class ProgrammeFilterSet(SearchedFilterSet):
    """Filters of /programmes/."""

    FACETS = {
        "country": ColumnCount("country", null_value=INTERNATIONAL),
        "kind": ColumnCount("kind"),
        "rate": AtLeastCount("rate_percent"),
    }

    country = django_filters.MultipleChoiceFilter(
        label=_("Country"), choices=country_choices, null_value=INTERNATIONAL, distinct=False
    )
    kind = django_filters.MultipleChoiceFilter(label=_("Kind"), choices=ProgrammeKind.choices, distinct=False)
    rate = django_filters.ChoiceFilter(
        label=_("Rate"), field_name="rate_percent", lookup_expr="gte", choices=rate_choices
    )

    class Meta:
        model = Programme
        fields = []
