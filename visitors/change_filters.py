"""Request parameters of the list of changes."""

import django_filters
from django.utils.translation import gettext_lazy as _

from institutions.models import Country
from records.history.models import RecordChange
from records.kinds import kind_choices
from search.facets import ColumnCount, FacetedFilterSet


def country_choices():
    return sorted(((country.code, country.name) for country in Country.objects.listed()), key=lambda choice: choice[1])


class ChangeFilterSet(FacetedFilterSet):
    """Filters of /changes/."""

    FACETS = {"country": ColumnCount("country_codes", is_array=True), "kind": ColumnCount("record_kind")}

    country = django_filters.MultipleChoiceFilter(label=_("Country"), choices=country_choices, method="filter_country")
    kind = django_filters.MultipleChoiceFilter(
        label=_("Kind"), field_name="record_kind", choices=kind_choices, distinct=False
    )

    class Meta:
        model = RecordChange
        fields = []

    def filter_country(self, queryset, name, value):
        return queryset.in_countries(value) if value else queryset
