"""Partial dates with the preposition that the language needs, as "since May 2019" and "с мая 2019"."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from languages.partial_dates import PartialDate


def since(date: PartialDate) -> str:
    return _("since %(date)s") % {"date": genitive(date)}


def until(date: PartialDate) -> str:
    return _("until %(date)s") % {"date": genitive(date)}


def as_of(date: PartialDate) -> str:
    return _("as of %(date)s") % {"date": PartialDate(date).in_words()}


def last_seen(date: PartialDate) -> str:
    return _("last seen %(date)s") % {"date": PartialDate(date).in_words()}


def genitive(date: PartialDate) -> str:
    """Return the date after a preposition. Only Russian months without a day differ: "мая 2019", not "май 2019"."""
    date = PartialDate(date)
    return date_format(date.first_day, "E Y") if date.precision == "month" else date.in_words()
