"""The admin of countries and cities."""

import reversion
from django.conf import settings
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from editors.forms.country_filter import CountryFilter
from editors.forms.fields import KeyedForm
from editors.forms.history_admin import HistoryAdmin
from editors.forms.record_admin import REMARKS_FIELDS
from editors.forms.rows import RowInline, SourceInline
from institutions.models import (
    City,
    Country,
    CountrySource,
    Treaty,
    country_name,
)

for model in [CountrySource, Treaty, City]:
    reversion.register(model)
reversion.register(Country, follow=["treaties", "record_sources"])


class TreatyInline(RowInline):
    model = Treaty
    fields = ["name_en", "name_ru", "date", "note_en", "note_ru", "order"]
    after = _("Law and treaties")


class CountrySourceInline(SourceInline):
    model = CountrySource
    after = _("Remarks")


@admin.register(Country)
class CountryAdmin(HistoryAdmin):
    country_path = "pk"
    readonly_once_stored = ["code"]
    list_display = ["code", "name", "cis_status", "cis_since", "institution_count"]
    list_display_links = ["code", "name"]
    list_filter = ["cis_status"]
    search_fields = ["code", "film_law_en", "film_law_ru"]
    ordering = ["code"]
    inlines = [TreatyInline, CountrySourceInline]
    fieldsets = [
        (
            _("Country"),
            {
                "fields": ["code", "cis_status", ("cis_since", "cis_until")],
                "description": _("The names in all languages come from the code."),
            },
        ),
        (
            _("Law and treaties"),
            {
                "fields": ["film_law_en", "film_law_ru"],
                "description": _("The law in force, and what binds the country."),
            },
        ),
        (
            _("Remarks"),
            {
                "fields": [*REMARKS_FIELDS, "editors_note"],
                "description": _("Where the sources contradict each other or are unclear."),
            },
        ),
    ]

    def countries_of_version(self, version):
        return {version.object_id}

    def get_queryset(self, request):
        return super().get_queryset(request).with_institution_count()

    def get_search_results(self, request, queryset, search_term):
        """Countries by code, or by name in any of the site's languages."""
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        codes = [
            code
            for code in queryset.values_list("code", flat=True)
            if any(
                search_term.casefold() in country_name(code, language).casefold()
                for language in dict(settings.LANGUAGES)
            )
        ]
        return found | queryset.filter(code__in=codes), may_repeat

    @admin.display(description=_("published institutions"))
    def institution_count(self, country):
        return country.institution_count

    @admin.display(description=_("name"))
    def name(self, country):
        return country.name


@admin.register(City)
class CityAdmin(HistoryAdmin):
    form = KeyedForm
    readonly_once_stored = ["key"]
    list_display = ["name_en", "name_ru", "name_native", "country", "latitude", "longitude"]
    list_filter = [CountryFilter, ("latitude", admin.EmptyFieldListFilter)]
    list_select_related = ["country"]
    search_fields = ["name_en", "name_ru", "name_native", "key__exact"]
    ordering = ["sort_key_en"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("name_en", "name_ru"),
                    ("name_native", "native_language"),
                    "country",
                    ("latitude", "longitude"),
                    "geonames_id",
                    "key",
                ],
                "description": _("Each city once, with the coordinates of its centre."),
            },
        )
    ]
