"""Events of institutions of several countries, and their participants."""

from functools import partial

from django.db import models
from django.db.models import F, Prefetch, Q
from django.db.models.functions import Left, Length, Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cooperation.facts import EVENT_FACTS
from database.ordering import rank
from institutions.models import City, Country, Institution
from languages.control_characters import NO_CONTROL_CHARACTERS
from languages.partial_dates import PartialDate, PartialDateField, partial_date_constraint, period_constraint
from people.models import Person
from people.withheld_names import refuse_withheld_names
from records.base import (
    AlternativeName,
    DirectoryRecord,
    PublicationState,
    RecordQuerySet,
    one_of,
    text_in_active_language,
)
from records.facts import FactField, only_shown
from records.models import RecordSource
from search.context_words import choice_names, country_words, names_of_choices, names_of_countries
from search.descriptions import DescribedField
from search.models import NamedText, search_columns
from search.triggers import note_changes
from web.data_version import MOVES_DATA_VERSION


class EventKind(models.TextChoices):
    ROUND_TABLE = "round-table", _("round table")
    FORUM = "forum", _("forum")
    FESTIVAL = "festival", _("festival")
    FILM_DAYS = "film-days", _("film days")
    MARKET = "market", _("film market")
    SIGNING = "signing", _("signing")
    MEETING = "meeting", _("meeting")


class EventQuerySet(RecordQuerySet):
    def with_start_year(self):
        """Add `start_year`, as text."""
        return self.annotate(start_year=Left("start", 4, output_field=models.CharField()))

    def year_choices(self):
        years = self.published().with_start_year().exclude(start=None).values_list("start_year", flat=True)
        return [(year, year) for year in sorted(set(years), reverse=True)]

    def on_known_days(self):
        """Return the events of which the first day is known."""
        return self.alias(start_length=Length("start")).filter(start_length=10)

    def newest_first(self):
        return self.order_by(F("start").desc(nulls_last=True), "key")

    def for_search(self):
        """Load everything that the search finds an event by."""
        return self.select_related("city").prefetch_related("other_names")

    def for_search_results(self):
        """Load everything that a search result shows."""
        return self.select_related("country", "city").prefetch_related("other_names")

    def for_list(self):
        return self.select_related("country", "city__country")

    def for_detail(self):
        return self.for_list().prefetch_related(
            Prefetch("other_names", EventName.objects.select_related("source")),
            Prefetch("participations", Participation.objects.public().for_list(), to_attr="public_participations"),
            Prefetch("record_sources", EventSource.objects.select_related("source")),
        )


class Event(DirectoryRecord):
    """Meeting of film institutions: a round table, forum, festival edition, film days or signing."""

    kind = models.CharField(_("kind"), max_length=20, choices=EventKind)
    start = PartialDateField(_("first day"), null=True, blank=True)
    end = PartialDateField(_("last day"), null=True, blank=True)
    city = models.ForeignKey(
        City, verbose_name=_("city"), on_delete=models.PROTECT, null=True, blank=True, related_name="events"
    )
    country = models.ForeignKey(
        Country, verbose_name=_("country"), on_delete=models.PROTECT, null=True, blank=True, related_name="events"
    )
    summary_en = models.TextField(_("summary"), blank=True)
    summary_ru = models.TextField(_("summary in Russian"), blank=True)

    facts = EVENT_FACTS
    described_fields = (
        DescribedField("kind", "kind__in", partial(names_of_choices, EventKind, "kinds")),
        DescribedField("country", "country__in", names_of_countries, takes_several=True),
    )

    objects = EventQuerySet.as_manager()

    class Meta(DirectoryRecord.Meta):
        verbose_name = _("event")
        verbose_name_plural = _("events")
        constraints = [
            *DirectoryRecord.Meta.constraints,
            one_of("kind", EventKind.values, name="event_kind_known"),
            partial_date_constraint("start", name="event_start_shape"),
            partial_date_constraint("end", name="event_end_shape"),
            period_constraint("start", "end", name="event_period"),
            note_changes("event_search_notes_names", table="cooperation_eventname", column="event_id"),
            note_changes(
                "event_search_notes_cities",
                table="institutions_city",
                on="UPDATE",
                ids="SELECT id FROM cooperation_event WHERE city_id = ANY ($1)",
            ),
        ]
        indexes = [
            *DirectoryRecord.Meta.indexes,
            models.Index(F("start").desc(nulls_last=True), name="event_newest_first"),
        ]

    @classmethod
    def records_for_search(cls):
        return cls.objects.for_search()

    def context_to_search(self):
        return {
            "place": [
                *(self.city.names_to_search() if self.city else ()),
                *(country_words(self.country_id) if self.country_id else ()),
            ],
            "kind": choice_names(EventKind(self.kind), "kinds"),
            "date": [NamedText(self.start[:4])] if self.start else (),
            "description": [NamedText(self.summary_en, "en"), NamedText(self.summary_ru, "ru")],
        }

    def group_to_compare(self):
        # Editions of a yearly meeting have one name.
        return f"{self.kind}/{(self.start or '')[:4]}/{self.city_id}"

    @property
    def facts_in_short(self):
        """Return kind, date and place for one line."""
        day = [PartialDate(self.start).in_words()] if self.start else []
        return [self.get_kind_display(), *day, *([self.city.name] if self.city else [])]

    @property
    def is_day_known(self):
        return bool(self.start) and self.start.precision == "day"

    @property
    def participations_by_country(self):
        """Return participations grouped by country, in the order of the countries' names.

                The country is that of the institution, else of the person; those without one come last, under None.
        Needs a queryset with `for_detail()`.
        """
        groups = {}
        for participation in self.public_participations:
            groups.setdefault(participation.country, []).append(participation)
        return sorted(groups.items(), key=lambda group: (group[0] is None, group[0].name if group[0] else ""))

    @property
    def summary(self):
        return text_in_active_language(self, "summary")


class EventName(AlternativeName):
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="other_names")

    class Meta(AlternativeName.Meta):
        verbose_name = _("other name of an event")
        verbose_name_plural = _("other names of an event")
        constraints = [
            *AlternativeName.Meta.constraints,
            models.UniqueConstraint(fields=["event", "text", "kind"], name="eventname_once"),
        ]


class EventSource(RecordSource):
    facts = EVENT_FACTS

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="record_sources")

    class Meta(RecordSource.Meta):
        verbose_name = _("source of an event")
        verbose_name_plural = _("sources of an event")
        constraints = [
            *RecordSource.Meta.constraints,
            models.UniqueConstraint(fields=["event", "source"], name="eventsource_once"),
        ]


class ParticipantRole(models.TextChoices):
    MODERATOR = "moderator", _("moderator")
    SPEAKER = "speaker", _("speaker")
    SIGNATORY = "signatory", _("signatory")
    PARTICIPANT = "participant", _("participant")


class ParticipationQuerySet(models.QuerySet):
    def public(self):
        """Return participations that the public may see.

        Hidden people, hidden institutions without a named person, and participations under the name of a withheld
        person are left out.
        """
        published = PublicationState.PUBLISHED
        return (
            self.filter(event__publication_state=published)
            .filter(Q(person=None) | Q(person__in=Person.objects.published()))
            .filter(Q(person__isnull=False) | ~Q(name="") | Q(institution__publication_state=published))
            .annotate(name_in_lower_case=Lower("name"))
            .exclude(name_in_lower_case__in=Person.objects.withheld_names())
        )

    def kept_in_history(self):
        """Return the participations that the history may keep: none of withheld people."""
        return self.exclude(person__withheld=True)

    def newest_event_first(self):
        hidden = [column for path in ("event", "person", "institution") for column in search_columns(path)]
        records = self.select_related("event__city", "person", "institution").defer(*hidden)
        return records.order_by(F("event__start").desc(nulls_last=True), "event__key", "order", "pk")

    def for_list(self):
        related = ("event__city", "person__country", "institution__country")
        return self.select_related(*related).order_by(rank("role", ParticipantRole.values), "order", "pk")


class Participation(models.Model):
    """Person, institution, or both, taking part in an event."""

    event = models.ForeignKey(Event, verbose_name=_("event"), on_delete=models.CASCADE, related_name="participations")
    person = models.ForeignKey(
        Person,
        verbose_name=_("person"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="participations",
        limit_choices_to={"withheld": False},
    )
    institution = models.ForeignKey(
        Institution,
        verbose_name=_("institution"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="participations",
    )
    name = models.CharField(
        pgettext_lazy("person or body", "name"),
        max_length=200,
        blank=True,
        help_text=_("Only for a person or institution without a record."),
    )
    role = models.CharField(_("role"), max_length=12, choices=ParticipantRole, default=ParticipantRole.PARTICIPANT)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    row_fields = (*only_shown("person", "institution", "name"), FactField("role"))

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        ordering = ["order", "pk"]
        constraints = [
            NO_CONTROL_CHARACTERS,
            MOVES_DATA_VERSION,
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(institution__isnull=False) | ~Q(name=""),
                name="participation_names_somebody",
                violation_error_message=_("Give a person, an institution or a name."),
            ),
            models.CheckConstraint(
                condition=Q(person=None) | Q(name=""),
                name="participation_name_only_without_person",
                violation_error_message=_("A person with a record is named by the record."),
            ),
            one_of("role", ParticipantRole.values, name="participation_role_known"),
            models.UniqueConstraint(
                fields=["event", "person", "institution", "name", "role"],
                nulls_distinct=False,
                name="participation_once",
                violation_error_message=_("This participation is already entered."),
            ),
        ]

    def __str__(self):
        return str(self.person or self.name or self.institution)

    def clean(self):
        super().clean()
        refuse_withheld_names("name", [self.name])

    @property
    def public_institution(self):
        return self.institution if self.institution and self.institution.is_published else None

    @property
    def country(self):
        """Return the participant's country: the institution's, else the person's."""
        if self.public_institution and self.public_institution.country:
            return self.public_institution.country
        return self.person.country if self.person else None
