"""Checks of facts by people, their dates and how fresh they are."""

import calendar
import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from languages.partial_dates import PartialDate, PartialDateField, partial_date_constraint

from .base import one_of
from .check_guard import confirming

FRESH_MONTHS = 12
AGEING_MONTHS = 24


def months_before(day, months):
    """Return the same day `months` months earlier; the last day of that month if it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return day.replace(year=year, month=month + 1, day=min(day.day, calendar.monthrange(year, month + 1)[1]))


def earliest_text_since(months):
    """Return the first partial date, in text order, that begins at most `months` months ago."""
    day = months_before(timezone.localdate(), months).isoformat()
    # "2024-05" begins with its first day, and sorts before "2024-05-01".
    return day.removesuffix("-01").removesuffix("-01")


class CheckMethod(models.TextChoices):
    OFFICIAL_PAGE = "official-page", _("official page")
    PUBLISHED_PAGE = "published-page", _("published page")
    TELEPHONE = "telephone", _("telephone")
    LETTER = "letter", _("letter")
    EMAIL = "e-mail", _("e-mail")
    REGISTER = "public-register", _("public register")
    INSTITUTION = "institution", _("confirmed by the institution")

    @classmethod
    def choices_of_editors(cls):
        """Return all methods but the institution's own confirmation, which its answer to the yearly e-mail sets."""
        return [(value, label) for value, label in cls.choices if value != cls.INSTITUTION]


class Freshness(models.TextChoices):
    FRESH = "fresh", _("fresh")
    AGEING = "ageing", _("ageing")
    UNCONFIRMED = "unconfirmed", _("unconfirmed")

    @classmethod
    def of(cls, checked_on: str | None, today: datetime.date):
        """Return how fresh a check of that day is; a partial date counts from its beginning."""
        first_day = PartialDate(checked_on).first_day if checked_on else datetime.date.min
        if first_day >= months_before(today, FRESH_MONTHS):
            return cls.FRESH
        return cls.AGEING if first_day >= months_before(today, AGEING_MONTHS) else cls.UNCONFIRMED


class CheckableQuerySet(models.QuerySet):
    def checked_within(self, months):
        """Return those confirmed in the last `months` months; a partial date counts from its beginning."""
        return self.filter(checked_on__gte=earliest_text_since(months))

    def checked_before(self, months):
        """Return those confirmed at some time, but not in the last `months` months."""
        return self.filter(checked_on__lt=earliest_text_since(months))

    def never_checked(self):
        return self.filter(checked_on=None)

    def longest_unchecked(self):
        return self.order_by("checked_on", "pk")

    def ageing(self):
        return self.checked_within(AGEING_MONTHS).checked_before(FRESH_MONTHS)

    def with_freshness(self, freshness):
        if freshness == Freshness.UNCONFIRMED:
            return self.never_checked() | self.checked_before(AGEING_MONTHS)
        return self.ageing() if freshness == Freshness.AGEING else self.checked_within(FRESH_MONTHS)


class Checkable(models.Model):
    """Fact with the date of its last check. Only `confirm` moves the date."""

    checked_on = PartialDateField(_("checked on"), null=True, blank=True, editable=False)
    check_method = models.CharField(_("checked by"), max_length=20, choices=CheckMethod, blank=True, editable=False)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("editor who checked"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )

    class Meta:
        abstract = True
        constraints = [
            partial_date_constraint("checked_on", name="%(class)s_checked_on_shape"),
            one_of("check_method", CheckMethod.values, name="%(class)s_check_method_known", empty=True),
            models.CheckConstraint(
                condition=models.Q(checked_on=None, check_method="")
                | (models.Q(checked_on__isnull=False) & ~models.Q(check_method="")),
                name="%(class)s_check_is_whole",
                violation_error_message=_("A check needs a date and a method."),
            ),
        ]

    def confirm(self, *, method, on=None, by=None, source=None):
        """Record that this was checked and is right: the only way to change `checked_on`."""
        self.checked_on = PartialDate((on or timezone.localdate()).isoformat())
        self.check_method = CheckMethod(method)
        self.checked_by = by
        fields = ["checked_on", "check_method", "checked_by"]
        if source is not None:
            self.source = source
            fields.append("source")
        with confirming():
            self.save(update_fields=fields)

    @property
    def check_freshness(self):
        return Freshness.of(self.checked_on, timezone.localdate())
