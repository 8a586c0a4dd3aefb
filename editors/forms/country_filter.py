"""The choice of a country beside lists of the editors' site."""

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.utils.translation import gettext_lazy as _

from editors.accounts.limits import country_codes
from institutions.models import INTERNATIONAL, Country


class CountryFilter(admin.SimpleListFilter):
    """Records of one country, or of none. The choices are all countries that the editor may work on.

    Django's own filter over a relation would read the whole list to offer only the countries that occur in it.
    """

    title = _("country")
    parameter_name = "country"

    def __init__(self, request, params, model, model_admin):
        self.path = model_admin.country_path
        super().__init__(request, params, model, model_admin)

    def lookups(self, request, model_admin):
        codes = country_codes(request.user)
        countries = Country.objects.all() if codes is None else Country.objects.filter(code__in=codes)
        choices = sorted(((country.code, country.name) for country in countries), key=lambda choice: choice[1])
        return choices if codes is not None else [*choices, (INTERNATIONAL, _("international, or no country given"))]

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        if self.value() not in dict(self.lookup_choices):
            raise IncorrectLookupParameters
        return queryset.filter(**{self.path: None if self.value() == INTERNATIONAL else self.value()})
