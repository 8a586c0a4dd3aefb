"""Days of calls and editions that people ask for: open now, or within some months from today."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from languages.partial_dates import covers, falls_within
from records.checks import months_before

SEASON_MONTHS = 3


class CallOpen(models.TextChoices):
    NOW = "now", _("open now")
    SEASON = "season", _("open within 3 months")


class EditionWithin(models.TextChoices):
    THREE_MONTHS = "3", _("in the next 3 months")
    SIX_MONTHS = "6", _("in the next 6 months")
    TWELVE_MONTHS = "12", _("in the next 12 months")


def is_open(call: str, opens: str, closes: str) -> Q:
    """Return a condition on the fields with opening and deadline.

    A call is open now if both dates say so; within the season if one of them is in it, or both are around it. What is
    not known is not taken for open.
    """
    today = timezone.localdate()
    both_around = covers(today.isoformat(), since=opens, until=closes)
    both_around &= Q(**{f"{opens}__isnull": False, f"{closes}__isnull": False})
    if call == CallOpen.NOW:
        return both_around
    last = months_before(today, -SEASON_MONTHS)
    return both_around | falls_within(opens, today, last) | falls_within(closes, today, last)


def takes_place_within(months: int, start: str, end: str) -> Q:
    """Return a condition on the fields with the first and the last day."""
    today = timezone.localdate()
    last = months_before(today, -months)
    return falls_within(start, today, last) | falls_within(end, today, last)
