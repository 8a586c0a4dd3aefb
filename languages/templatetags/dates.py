"""Dates as the reader's language writes them."""

import datetime

from django import template
from django.utils import timezone

from languages.partial_dates import PartialDate

register = template.Library()


@register.filter
def partial_date(value: str | datetime.date | None) -> str:
    """`{{ position.since|partial_date }}`: "May 2019", or nothing where the date is not known."""
    if isinstance(value, datetime.datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    try:
        known = PartialDate.from_value(value)
    except ValueError:
        # A template does not fail over a value that nobody has validated yet.
        return str(value)
    return known.in_words() if known else ""


@register.filter
def from_until(start: PartialDate | None, end: PartialDate | None) -> str:
    """`{{ event.start|from_until:event.end }}`: "14–17 December 2025", or what is known of it."""
    return start.until_in_words(end) if start and end else partial_date(start)
