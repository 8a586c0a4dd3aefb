"""The admin of programmes."""

import reversion
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from editors.forms.country_filter import CountryFilter
from editors.forms.record_admin import NAMES, PUBLICATION, REMARKS_FIELDS, RecordAdmin
from editors.forms.rows import LISTS_ONE_PER_LINE, NameInline, SourceInline
from institutions.models import (
    Programme,
    ProgrammeName,
    ProgrammeSource,
)

for model in [ProgrammeName, ProgrammeSource]:
    reversion.register(model)
reversion.register(Programme, follow=["other_names", "record_sources"])


class ProgrammeNameInline(NameInline):
    model = ProgrammeName


class ProgrammeSourceInline(SourceInline):
    model = ProgrammeSource


@admin.register(Programme)
class ProgrammeAdmin(RecordAdmin):
    formfield_overrides = LISTS_ONE_PER_LINE
    list_display = ["name_en", "kind", "country", "institution", "rate_percent", "since", "publication_state"]
    list_filter = ["publication_state", "kind", CountryFilter, "currency"]
    list_select_related = ["country", "institution"]
    inlines = [ProgrammeNameInline, ProgrammeSourceInline]
    fieldsets = [
        NAMES,
        (
            _("What and where"),
            {
                "fields": [
                    "kind",
                    ("country", "institution"),
                    "partner_institutions",
                    "partners",
                    ("since", "until"),
                    ("call_opens", "call_closes"),
                ],
                "description": _("Who offers it and since when."),
            },
        ),
        (
            _("Money"),
            {
                "fields": ["rate_percent", ("minimum_spend", "cap", "currency")],
                "description": _("Whole amounts; amounts need their currency."),
            },
        ),
        (
            _("Description"),
            {
                "fields": ["summary_en", "summary_ru", *REMARKS_FIELDS],
                "description": _("Who can apply and what they get, and what the sources leave unclear."),
            },
        ),
        PUBLICATION,
    ]
