"""The editors' pages of events and films."""

import reversion
from django.contrib import admin
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cooperation.models import (
    Event,
    EventName,
    EventSource,
    Film,
    FilmCountry,
    FilmInstitution,
    FilmName,
    FilmSource,
    Participation,
)
from editors.forms.country_filter import CountryFilter
from editors.forms.duplicate_warning import DuplicateWarningForm
from editors.forms.record_admin import NAMES, PUBLICATION, REMARKS_FIELDS, RecordAdmin
from editors.forms.row_admin import RowAdmin
from editors.forms.rows import LISTS_ONE_PER_LINE, NameInline, RowInline, SourceInline
from records.history.bringing_back import versions_of_record
from records.history.entries import fields_of, model_of

for model in [EventName, EventSource, Participation, FilmName, FilmSource, FilmCountry, FilmInstitution]:
    reversion.register(model)
reversion.register(Event, follow=["other_names", "participations", "record_sources"])
reversion.register(Film, follow=["other_names", "film_countries", "film_institutions", "record_sources"])


class JointRecordForm(DuplicateWarningForm):
    """A form for what several countries make together."""

    country_in_key = False


class EventNameInline(NameInline):
    model = EventName


class EventSourceInline(SourceInline):
    model = EventSource


class ParticipationInline(RowInline):
    model = Participation
    verbose_name_plural = _("participants")
    fields = ["person", "institution", "name", "role", "order"]
    after = _("When and where")


@admin.register(Event)
class EventAdmin(RecordAdmin):
    # The host's country; an event of several countries that names none is for editors of the whole directory.
    country_path = "country"
    form = JointRecordForm
    list_display = ["name_en", "kind", "start", "city", "country", "publication_state"]
    list_filter = ["publication_state", "kind", CountryFilter]
    list_select_related = ["city", "country"]
    inlines = [EventNameInline, ParticipationInline, EventSourceInline]
    fieldsets = [
        NAMES,
        (
            _("When and where"),
            {
                "fields": ["kind", ("start", "end"), ("country", "city")],
                "description": _("Dates may be a year, a month or a day."),
            },
        ),
        (
            _("Description"),
            {
                "fields": ["summary_en", "summary_ru", *REMARKS_FIELDS],
                "description": _("What was agreed or shown, and what the sources leave unclear."),
            },
        ),
        PUBLICATION,
    ]


@admin.register(Participation)
class ParticipationAdmin(RowAdmin):
    record_field = "event"
    country_path = "event__country"
    list_display = ["participant", "institution", "role", "event"]
    list_filter = ["role"]
    list_select_related = ["event", "person", "institution"]
    search_fields = ["name", "person__name_en", "person__name_ru", "institution__name_en", "event__name_en"]
    ordering = ["event__sort_key_en", "order", "pk"]
    fieldsets = [
        (
            None,
            {
                "fields": ["event", ("person", "institution", "name"), "role", "order"],
                "description": _("Who took part: a person, an institution, or a person for an institution."),
            },
        )
    ]

    @admin.display(description=_("participant"))
    def participant(self, participation):
        return str(participation)


class FilmNameInline(NameInline):
    verbose_name_plural = _("other titles")
    model = FilmName


class FilmSourceInline(SourceInline):
    model = FilmSource


class FilmCountryInline(RowInline):
    model = FilmCountry
    fields = ["country", "order"]
    verbose_name_plural = _("countries, leading one first")
    after = _("Film")


class FilmInstitutionInline(RowInline):
    model = FilmInstitution
    fields = ["institution", "role_en", "role_ru", "order"]
    verbose_name_plural = _("partner institutions")
    after = _("Film")


@admin.register(Film)
class FilmAdmin(RecordAdmin):
    form = JointRecordForm
    country_path = "countries"
    formfield_overrides = LISTS_ONE_PER_LINE
    list_display = ["name_en", "name_ru", "year", "status", "publication_state"]
    list_filter = ["publication_state", "status", "year", CountryFilter]
    inlines = [FilmNameInline, FilmCountryInline, FilmInstitutionInline, FilmSourceInline]
    fieldsets = [
        NAMES,
        (
            _("Film"),
            {
                "fields": [("year", "status"), "directors", "other_partners"],
                "description": _("Partners, and the stage of production."),
            },
        ),
        (
            _("Description"),
            {
                "fields": ["summary_en", "summary_ru", *REMARKS_FIELDS],
                "description": _("What it is about, and what the sources leave unclear."),
            },
        ),
        PUBLICATION,
    ]

    def countries_of_version(self, version):
        return {fields_of(each)["country"] for each in versions_of_record(version) if model_of(each) is FilmCountry}

    def in_countries(self, codes):
        return Q(pk__in=FilmCountry.objects.filter(country__in=codes).values("film"))
