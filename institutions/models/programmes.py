"""Programmes: schemes of support that a country or an institution runs."""

from functools import partial

from babel.numbers import format_currency
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Case, F, Prefetch, Q, When
from django.utils.translation import gettext_lazy as _

from database.ordering import rank
from institutions.facts import PROGRAMME_FACTS
from languages.of_interface import active_language
from languages.partial_dates import PartialDateField, partial_date_constraint, period_constraint
from records.base import (
    AlternativeName,
    DirectoryRecord,
    RecordQuerySet,
    one_of,
    text_in_active_language,
)
from records.models import RecordSource
from search.context_words import choice_names, country_words, names_of_choices, names_of_countries, names_of_numbers
from search.descriptions import DescribedField
from search.models import search_columns
from search.triggers import note_changes
from web.data_version import moves_data_version

from .countries import Country


class ProgrammeKind(models.TextChoices):
    CASH_REBATE = "cash-rebate", _("cash rebate")
    TAX_RELIEF = "tax-relief", _("tax relief")
    GRANT = "grant", _("grant")
    STATE_COMMISSION = "state-commission", _("state commission")
    CO_PRODUCTION_FUND = "co-production-fund", _("co-production fund")
    SCRIPT_LAB = "script-lab", _("script laboratory")
    EXCHANGE = "exchange", _("exchange")
    FORUM = "forum", _("forum")
    TREATY = "treaty", _("treaty")
    LOCATION_SERVICE = "location-service", _("location service")


# Kinds that give back a part of what a production spends; grants are given beforehand, by a decision about the project.
REBATES = (ProgrammeKind.CASH_REBATE, ProgrammeKind.TAX_RELIEF)


class RebateSort(models.TextChoices):
    RATE = "rate", _("rate")
    COUNTRY = "country", _("country")
    MINIMUM_SPEND = "minimum-spend", _("minimum spend")
    CAP = "cap", _("cap")
    SINCE = "since", _("in force since")


class ProgrammeQuerySet(RecordQuerySet):
    def with_rate(self):
        """Return the programmes that refund a part of the costs."""
        return self.filter(rate_percent__isnull=False)

    def rebates(self):
        """Return the programmes that give back a part of what a production spends, by cash or by tax."""
        return self.filter(kind__in=REBATES)

    def in_order_of(self, sort):
        """Order by a value of `RebateSort`; amounts within their currency, and what is not known last."""
        amounts = {RebateSort.CAP: F("cap").desc(), RebateSort.MINIMUM_SPEND: F("minimum_spend").asc()}
        names = self.in_name_order().query.order_by
        if sort in amounts:
            is_unknown = Case(When(**{f"{amounts[sort].expression.name}__isnull": True}, then=1), default=0)
            return self.order_by(is_unknown, "currency", amounts[sort], *names)
        if sort == RebateSort.SINCE:
            return self.order_by(F("since").desc(nulls_last=True), *names)
        if sort == RebateSort.COUNTRY:
            return self.order_by(Country.objects.rank_by_name("country"), *names)
        return self.highest_rate_first()

    def for_comparison(self):
        """Load everything that the comparison of rebates shows."""
        sources = ProgrammeSource.objects.select_related("source").order_by("order", "pk")
        return self.for_list().prefetch_related(Prefetch("record_sources", sources))

    def highest_rate_first(self):
        """Order programmes with a rate first, highest on top; the others by kind and name."""
        return self.order_by(F("rate_percent").desc(nulls_last=True), "kind", *self.in_name_order().query.order_by)

    def rebates_first(self):
        """Order cash rebates first, the highest on top, then the others by kind and rate."""
        by_rate = self.highest_rate_first().query.order_by
        return self.order_by(rank("kind", ProgrammeKind.values), *by_rate)

    def for_search(self):
        """Load everything that the search finds a programme by."""
        return self.select_related("institution").prefetch_related("other_names", "institution__other_names")

    def for_search_results(self):
        """Load everything that a search result shows."""
        return self.select_related("country").prefetch_related("other_names")

    def for_list(self):
        return self.select_related("country", "institution").defer(*search_columns("institution"))

    def for_detail(self):
        institutions = self.model._meta.get_field("partner_institutions").related_model.objects
        return self.select_related("country", "institution__country").prefetch_related(
            Prefetch("other_names", ProgrammeName.objects.select_related("source")),
            Prefetch("partner_institutions", institutions.published().in_name_order()),
            Prefetch("record_sources", ProgrammeSource.objects.select_related("source")),
        )


# Rates that lists of programmes ask for, in percent.
RATES_AT_LEAST = (10, 20, 25, 30, 40, 50)


class Programme(DirectoryRecord):
    """Funding scheme, rebate, script laboratory, exchange, forum or treaty for film professionals."""

    kind = models.CharField(_("kind"), max_length=20, choices=ProgrammeKind)
    country = models.ForeignKey(
        Country, verbose_name=_("country"), on_delete=models.PROTECT, null=True, blank=True, related_name="programmes"
    )
    institution = models.ForeignKey(
        "institutions.Institution",
        verbose_name=_("run by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="programmes",
    )
    partner_institutions = models.ManyToManyField(
        "institutions.Institution",
        verbose_name=_("partner institutions"),
        blank=True,
        related_name="partner_programmes",
    )
    partners = ArrayField(
        models.CharField(max_length=300),
        verbose_name=_("other partners"),
        default=list,
        blank=True,
        help_text=_("Names of bodies that have no record of their own, one per line."),
    )
    rate_percent = models.PositiveSmallIntegerField(
        _("rate, %"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    minimum_spend = models.PositiveBigIntegerField(_("minimum spend"), null=True, blank=True)
    cap = models.PositiveBigIntegerField(_("cap"), null=True, blank=True)
    currency = models.CharField(
        _("currency"), max_length=3, blank=True, validators=[RegexValidator(r"^[A-Z]{3}$", _("Three capital letters."))]
    )
    since = PartialDateField(_("in force since"), null=True, blank=True)
    until = PartialDateField(_("until"), null=True, blank=True)
    call_opens = PartialDateField(_("opening of the call"), null=True, blank=True)
    call_closes = PartialDateField(_("deadline"), null=True, blank=True)
    summary_en = models.TextField(_("summary"), blank=True)
    summary_ru = models.TextField(_("summary in Russian"), blank=True)

    facts = PROGRAMME_FACTS
    described_fields = (
        DescribedField("kind", "kind__in", partial(names_of_choices, ProgrammeKind, "kinds")),
        DescribedField("rate", "rate_percent__gte", partial(names_of_numbers, "rates", RATES_AT_LEAST)),
        DescribedField("country", "country__in", names_of_countries, takes_several=True),
    )

    objects = ProgrammeQuerySet.as_manager()

    class Meta(DirectoryRecord.Meta):
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        constraints = [
            *DirectoryRecord.Meta.constraints,
            moves_data_version(
                "programme_partner_institutions_data_version", "institutions_programme_partner_institutions"
            ),
            one_of("kind", ProgrammeKind.values, name="programme_kind_known"),
            models.CheckConstraint(
                condition=Q(rate_percent=None) | Q(rate_percent__gte=1, rate_percent__lte=100),
                name="programme_rate_is_a_percentage",
                violation_error_message=_("The rate must be 1 to 100 per cent."),
            ),
            models.CheckConstraint(
                condition=Q(currency="", minimum_spend=None, cap=None) | Q(currency__regex=r"^[A-Z]{3}$"),
                name="programme_amounts_have_currency",
                violation_error_message=_("Amounts need a currency of three letters, such as USD."),
            ),
            partial_date_constraint("since", name="programme_since_shape"),
            partial_date_constraint("until", name="programme_until_shape"),
            period_constraint("since", "until", name="programme_period"),
            partial_date_constraint("call_opens", name="programme_call_opens_shape"),
            partial_date_constraint("call_closes", name="programme_call_closes_shape"),
            period_constraint("call_opens", "call_closes", name="programme_call_period"),
            note_changes("programme_search_notes_names", table="institutions_programmename", column="programme_id"),
            note_changes(
                "programme_search_notes_institutions",
                table="institutions_institution",
                on="UPDATE",
                ids="SELECT id FROM institutions_programme WHERE institution_id = ANY ($1)",
            ),
            note_changes(
                "programme_search_notes_institution_names",
                table="institutions_institutionname",
                column="institution_id",
                ids="SELECT id FROM institutions_programme WHERE institution_id = ANY ($1)",
            ),
        ]

    @classmethod
    def records_for_search(cls):
        return cls.objects.for_search()

    def context_to_search(self):
        return {
            "place": country_words(self.country_id),
            "kind": choice_names(ProgrammeKind(self.kind), "kinds"),
            "body": self.public_institution.names_to_search() if self.public_institution else (),
        }

    def group_to_compare(self):
        return f"{self.country_id}/{self.kind}"

    @property
    def is_rebate(self) -> bool:
        return self.kind in REBATES

    @property
    def facts_in_short(self):
        """Return kind and place for one line."""
        return [self.get_kind_display(), self.country.name if self.country else _("international")]

    @property
    def summary(self):
        return text_in_active_language(self, "summary")

    @property
    def minimum_spend_in_words(self):
        return self._amount_in_words(self.minimum_spend)

    @property
    def cap_in_words(self):
        return self._amount_in_words(self.cap)

    def _amount_in_words(self, amount):
        """Return the amount with its currency as the reader's language writes it, or None if it is not known."""
        if amount is None:
            return None
        locale = active_language().cldr
        return format_currency(amount, self.currency, "#,##0 ¤¤", locale=locale, currency_digits=False)

    @property
    def public_institution(self):
        return self.institution if self.institution and self.institution.is_published else None


class ProgrammeName(AlternativeName):
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="other_names")

    class Meta(AlternativeName.Meta):
        verbose_name = _("other name of a programme")
        verbose_name_plural = _("other names of a programme")
        constraints = [
            *AlternativeName.Meta.constraints,
            models.UniqueConstraint(fields=["programme", "text", "kind"], name="programmename_once"),
        ]


class ProgrammeSource(RecordSource):
    facts = PROGRAMME_FACTS

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="record_sources")

    class Meta(RecordSource.Meta):
        verbose_name = _("source of a programme")
        verbose_name_plural = _("sources of a programme")
        constraints = [
            *RecordSource.Meta.constraints,
            models.UniqueConstraint(fields=["programme", "source"], name="programmesource_once"),
        ]
