"""Template filters for partial dates in the reader's language."""

import datetime

from django import template
from django.utils import timezone

from languages import date_phrases
from languages.partial_dates import PartialDate

register = template.Library()
register.filter("since", date_phrases.since)
register.filter("until", date_phrases.until)
register.filter("as_of", date_phrases.as_of)
register.filter("last_seen", date_phrases.last_seen)


@register.filter
def partial_date(value: str | datetime.date | None) -> str:
    """Return the date in words, "May 2019", or "" if it is not known: `{{ position.since|partial_date }}`."""
    if isinstance(value, datetime.datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    try:
        known = PartialDate.from_value(value)
    except ValueError:
        # The value may not have been validated yet, and a template must not fail over it.
        return str(value)
    return known.in_words() if known else ""


@register.filter
def year(value: str) -> str:
    """Return the year of a partial date: `{{ contact.checked_on|year }}`."""
    return str(value)[:4]


@register.filter
def from_until(start: PartialDate | None, end: PartialDate | None) -> str:
    """Return the period in words, "14–17 December 2025", or its known end: `{{ event.start|from_until:event.end }}`."""
    return start.until_in_words(end) if start and end else partial_date(start)
