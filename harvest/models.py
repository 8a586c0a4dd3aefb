"""Proposals: facts that somebody or something outside suggests for an institution; readings of official websites."""

import hashlib
import json

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from institutions.models import ENDED, Country, Institution
from languages.control_characters import NO_CONTROL_CHARACTERS
from records.base import one_of
from records.contact_types import ContactKind
from records.models import URL_REGEX

from .facts import proposed_fact
from .official_pages.results import SiteState, StateReason
from .origins import ORIGINS, origin_choices
from .reasons import in_words

WORD_REGEX = r"^[a-z]+([-_][a-z0-9]+)*$"
LONGEST_QUOTATION = 500
# Bytes of a value as JSON.
LARGEST_VALUE = 20_000


class ProposalState(models.TextChoices):
    OPEN = "open", _("open")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")
    # The fact was entered otherwise, or its origin does not say it any more.
    SUPERSEDED = "superseded", _("superseded")


class ProposalQuerySet(models.QuerySet):
    def open(self):
        return self.filter(state=ProposalState.OPEN)

    def inbox_order(self):
        """Order by country and institution, the surest first, so that one's facts stand together."""
        return self.order_by("country", "institution__sort_key_en", "institution", "name", "-confidence", "fact", "pk")

    def because(self, reason: str):
        return self.filter(reasons__contains=[reason])

    def of_rule(self, rule: str):
        """Return the proposals that this rule made, see `Proposal.rule`; none for a text that is no rule."""
        parts = rule.split(":")
        if len(parts) != 4:
            return self.none()
        origin, fact, kind, reasons = parts
        named = sorted(filter(None, reasons.split("+")))
        found = self.filter(origin=origin, fact=fact, reasons__contains=named, reasons__contained_by=named)
        return found.filter(value__kind=kind) if kind else found

    def for_inbox(self):
        """Load everything that a row of the inbox shows."""
        institutions = Institution.objects.without_search_columns().with_public_contacts()
        institutions = institutions.select_related("city", "country").prefetch_related("stages", "other_names")
        return self.select_related("country").prefetch_related(
            models.Prefetch("institution", institutions), "corrections"
        )


def digest_of(fact: str, row: int | None, value: dict) -> str:
    """Return a key of what is proposed, equal for equal values."""
    identity = proposed_fact(fact).identity(value) if value else {}
    text = json.dumps([fact, row, identity], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


class Proposal(models.Model):
    """One fact proposed for an institution, or a new institution, with its evidence and the decision.

    `fact` names a fact of `INSTITUTION_FACTS`, one of its rows, or "new"; `harvest.facts` says what `value` holds. A
    row without a value is to be taken off the page.
    """

    institution = models.ForeignKey(
        Institution,
        verbose_name=_("institution"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="proposals",
    )
    # Of a body that is not listed.
    name = models.CharField(_("name"), max_length=300, blank=True)
    country = models.ForeignKey(
        Country, verbose_name=_("country"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    fact = models.CharField(_("fact"), max_length=40)
    row = models.PositiveBigIntegerField(_("row"), null=True, blank=True)
    value = models.JSONField(_("value"), default=dict, blank=True)
    # What the value replaces, as it was when this was proposed.
    value_then = models.TextField(_("value at that time"), blank=True)
    digest = models.CharField(max_length=64, editable=False)
    origin = models.CharField(pgettext_lazy("somebody", "from"), max_length=20, choices=origin_choices)
    licence = models.CharField(_("licence"), max_length=60, blank=True)
    url = models.URLField(_("page"), max_length=1000, blank=True)
    title = models.CharField(_("title of the page"), max_length=300, blank=True)
    quotation = models.CharField(_("quotation"), max_length=LONGEST_QUOTATION, blank=True)
    found_on = models.DateField(_("found on"), default=timezone.localdate)
    reasons = ArrayField(models.CharField(max_length=40), verbose_name=_("reasons"), default=list, blank=True)
    confidence = models.PositiveSmallIntegerField(_("confidence in percent"), default=50)
    state = models.CharField(
        pgettext_lazy("how far it is", "state"), max_length=10, choices=ProposalState, default=ProposalState.OPEN
    )
    proposed_at = models.DateTimeField(_("proposed"), default=timezone.now)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    # By name, so that the decision stays when the editor's account is deleted.
    decided_by = models.CharField(_("decided by"), max_length=150, blank=True)
    # Each object that accepting wrote, before and after, to undo exactly that.
    journal = models.JSONField(default=list, blank=True, editable=False)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        constraints = [
            models.UniqueConstraint(fields=["institution", "digest"], nulls_distinct=False, name="proposal_once"),
            models.CheckConstraint(condition=Q(institution=None) ^ Q(name=""), name="proposal_has_subject"),
            models.CheckConstraint(condition=Q(fact__regex=WORD_REGEX), name="proposal_fact_shape"),
            models.CheckConstraint(condition=~Q(value={}) | Q(row__isnull=False), name="proposal_says_something"),
            models.CheckConstraint(condition=Q(origin__regex=WORD_REGEX), name="proposal_origin_shape"),
            models.CheckConstraint(condition=Q(url="") | Q(url__regex=URL_REGEX), name="proposal_url_shape"),
            models.CheckConstraint(condition=Q(confidence__lte=100), name="proposal_confidence_percent"),
            one_of("state", ProposalState.values, name="proposal_state_known"),
            models.CheckConstraint(
                condition=Q(state=ProposalState.OPEN, decided_at=None, decided_by="")
                | (~Q(state=ProposalState.OPEN) & Q(decided_at__isnull=False)),
                name="proposal_decision_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(state=ProposalState.ACCEPTED) | Q(journal=[]), name="proposal_journal_of_accepted"
            ),
            NO_CONTROL_CHARACTERS,
        ]
        indexes = [
            models.Index(fields=["country", "institution"], name="proposal_inbox", condition=Q(state="open")),
            models.Index(fields=["decided_at"], name="proposal_by_decision"),
        ]

    def __str__(self):
        return f"{self.subject}: {self.fact}"

    def save(self, *args, **kwargs):
        self.digest = digest_of(self.fact, self.row, self.value)
        super().save(*args, **kwargs)

    @property
    def subject(self) -> str:
        return self.institution.name if self.institution else self.name

    @property
    def is_open(self):
        return self.state == ProposalState.OPEN

    @property
    def label(self) -> str:
        """Return the name of the fact, such as "Telephone"."""
        return proposed_fact(self.fact).label(self.value)

    @property
    def value_in_words(self) -> str:
        return proposed_fact(self.fact).in_words(self.value) if self.value else ""

    @property
    def present_value(self) -> str:
        """Return what the record says now in place of the value, or beside it."""
        if self.institution is None:
            return ""
        fact = proposed_fact(self.fact)
        if self.row is None:
            return fact.present(self.institution, self.value)
        row = fact.row(self.institution, self.row)
        return str(row) if row is not None else ""

    @property
    def origin_label(self):
        return ORIGINS[self.origin].label if self.origin in ORIGINS else self.origin

    @property
    def reasons_in_words(self):
        return in_words(self.reasons)

    @property
    def rule(self) -> str:
        """Return the name of the rule that made it: origin, fact, kind of contact and reasons."""
        return ":".join([self.origin, self.fact, self.value.get("kind", ""), "+".join(sorted(self.reasons))])


class ReadingRunQuerySet(models.QuerySet):
    def current(self, country: str) -> "ReadingRun":
        """Return the unfinished run over the websites of the country ("" for all), or begin a new one."""
        return self.get_or_create(country=country, finished_at=None)[0]


class ReadingRun(models.Model):
    """Run over official websites: one that was stopped is resumed, and a finished one followed by the next."""

    country = models.CharField(_("country"), max_length=2, blank=True)
    started_at = models.DateTimeField(_("started"), default=timezone.now)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    objects = ReadingRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("run over official websites")
        verbose_name_plural = _("runs over official websites")
        constraints = [
            models.UniqueConstraint(
                fields=["country"], condition=Q(finished_at=None), name="readingrun_one_unfinished"
            ),
            models.CheckConstraint(condition=Q(country="") | Q(country__regex="^[A-Z]{2}$"), name="readingrun_country"),
        ]

    def __str__(self):
        return f"{self.started_at:%Y-%m-%d %H:%M} {self.country}"

    def institutions(self):
        """Return published, active institutions with a website that this run has not read; the longest unread first."""
        found = Institution.objects.published().exclude(status__in=ENDED).with_public_contact([ContactKind.WEBSITE])
        if self.country:
            found = found.filter(country=self.country)
        unread = found.exclude(site_visit__read_at__gte=self.started_at)
        return unread.order_by(models.F("site_visit__read_at").asc(nulls_first=True), "pk")

    def finish(self):
        self.finished_at = timezone.now()
        self.save(update_fields=["finished_at"])


class SiteVisit(models.Model):
    """Last reading of an institution's website."""

    institution = models.OneToOneField(
        Institution, verbose_name=_("institution"), on_delete=models.CASCADE, related_name="site_visit"
    )
    url = models.URLField(_("website"), max_length=1000)
    read_at = models.DateTimeField(_("read"), default=timezone.now)
    # See harvest.official_pages.results.
    state = models.CharField(pgettext_lazy("how far it is", "state"), max_length=20, choices=SiteState)
    reason = models.CharField(_("reason"), max_length=20, choices=StateReason)
    moved_to = models.URLField(_("moved to"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("reading of a website")
        verbose_name_plural = _("readings of websites")
        constraints = [
            one_of("state", SiteState.values, name="sitevisit_state_known"),
            NO_CONTROL_CHARACTERS,
        ]

    def __str__(self):
        return f"{self.institution}: {self.state}"
