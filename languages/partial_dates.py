"""Dates of which only the year, or the year and the month, may be known.

Pages say "since 2019" or "in May 2019" far more often than they name a day. Such a date is stored as text: '2019',
'2019-05' or '2019-05-31'. Nothing is invented, and text order is time order.
"""

import calendar
import contextlib
import datetime
import re
from typing import Any, Literal, Self

from babel.dates import format_date, format_skeleton
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat
from django.db.models.query_utils import DeferredAttribute
from django.utils.translation import gettext_lazy as _

from languages.of_interface import active_language

# The calendar of 1800-2099 as one regular expression for Python and PostgreSQL. Both refuse 30 February, so a row that
# was written without validation cannot break the page that reads it. 1800 and 1900 were not leap years.
_YEAR = "(18|19|20)[0-9]{2}"
_LEAP_YEAR = "((18|19|20)(0[48]|[2468][048]|[13579][26])|2000)"
_MONTH = "(0[1-9]|1[0-2])"
_DAY_UP_TO_28 = f"{_MONTH}-(0[1-9]|1[0-9]|2[0-8])"
_LAST_DAYS = "(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31"
PARTIAL_DATE_REGEX = f"^({_YEAR}(-({_MONTH}|{_DAY_UP_TO_28}|{_LAST_DAYS}))?|{_LEAP_YEAR}-02-29)$"
_COMPILED_REGEX = re.compile(PARTIAL_DATE_REGEX)

# In bytewise order '~' comes after every digit and after '-', so `text || '~'` is the latest text that begins with the
# partial date: '2019' < '2019-12-31' < '2019~' < '2020'. Hence "since 2019-05, asked about 2019" is one comparison:
# `since <= on + '~'`, and "until 2019, asked about 2019-05" is `until || '~' >= on`.
LATEST_SUFFIX = "~"

FORMAT_HINT = _("Write 2019, 2019-05 or 2019-05-31.")

# CLDR adds an abbreviated word for "year" in Russian and related languages ("2 мая 2019 г."); lists don't need it.
_YEAR_WORD_AT_END = re.compile(r"\s[гр]\.$")


class PartialDate(str):
    """Date known to the year, the month or the day; a `str` that sorts in time order."""

    __slots__ = ()

    def __new__(cls, text: str) -> Self:
        if not _COMPILED_REGEX.fullmatch(text):
            raise ValueError(f"Not a partial date (2019, 2019-05 or 2019-05-31, between 1800 and 2099): {text!r}")
        return super().__new__(cls, text)

    @classmethod
    def from_value(cls, value: str | int | datetime.date | None) -> Self | None:
        """Return the date that a value from a form, spreadsheet or YAML file states, or None.

        YAML reads an unquoted 2019 as a number and 2019-05-31 as a date.
        """
        if value is None or isinstance(value, cls):
            return value
        if isinstance(value, datetime.datetime):
            value = value.date()
        text = str(value).strip()
        return cls(text) if text else None

    @property
    def precision(self) -> Literal["year", "month", "day"]:
        return {4: "year", 7: "month", 10: "day"}[len(self)]

    @property
    def first_day(self) -> datetime.date:
        return datetime.date.fromisoformat(self + "-01-01"[len(self) - 4 :])

    @property
    def last_day(self) -> datetime.date:
        first = self.first_day
        if self.precision == "year":
            return first.replace(month=12, day=31)
        if self.precision == "month":
            return first.replace(day=calendar.monthrange(first.year, first.month)[1])
        return first

    @property
    def latest_text(self) -> str:
        """Return the upper bound for comparisons as text; see LATEST_SUFFIX."""
        return self + LATEST_SUFFIX

    def in_words(self) -> str:
        """As a reader of the active language writes it: "2019", "May 2019", "2 May 2019"; "май 2019", "2 мая 2019"."""
        locale = active_language().cldr
        if self.precision == "year":
            return self[:4]
        if self.precision == "month":
            words = format_skeleton("yMMMM", self.first_day, locale=locale)
        else:
            words = format_date(self.first_day, "long", locale=locale)
        return _YEAR_WORD_AT_END.sub("", words)

    def until_in_words(self, end: "PartialDate") -> str:
        """The days from this one to the end: "14–17 December 2025", "30 November 2025 – 2 December 2025"."""
        words = end.in_words()
        is_within_a_month = self.precision == end.precision == "day" and self[:7] == end[:7]
        # Not every language writes the day first.
        if is_within_a_month and words.startswith(f"{end.last_day.day} "):
            return f"{self.first_day.day}–{words}"
        return f"{self.in_words()} – {words}"


def covers(on: PartialDate, *, since: str = "since", until: str = "until") -> Q:
    """Return a condition: the period between the two fields overlaps the partial date.

    A missing start means "for as long as anybody knows", a missing end "to this day".
    """
    on = PartialDate(on)
    # The same as `until || '~' >= on`, without an expression over the column, so that a plain index serves it: an end
    # that is less exact than `on` is a prefix of `on`.
    beginnings = [on[:length] for length in (4, 7) if length < len(on)]
    has_begun = Q(**{f"{since}__isnull": True}) | Q(**{f"{since}__lte": on.latest_text})
    has_not_ended = Q(**{f"{until}__isnull": True}) | Q(**{f"{until}__gte": on}) | Q(**{f"{until}__in": beginnings})
    return has_begun & has_not_ended


def falls_within(field_name: str, first: datetime.date, last: datetime.date) -> Q:
    """Return a condition: the partial date in the field is, or may be, one of the days from first to last."""
    earliest, latest = first.isoformat(), last.isoformat() + LATEST_SUFFIX
    not_before = Q(**{f"{field_name}__gte": earliest}) | Q(**{f"{field_name}__in": [earliest[:4], earliest[:7]]})
    return Q(**{f"{field_name}__lte": latest}) & not_before


class PartialDateFormField(forms.CharField):
    """Text input for a partial date, with an error message that shows the accepted forms."""

    default_error_messages = {"invalid": FORMAT_HINT}

    def __init__(self, *, empty_value: None = None, **kwargs: Any) -> None:
        super().__init__(strip=True, empty_value=empty_value, **kwargs)

    def to_python(self, value: Any) -> PartialDate | None:
        try:
            return PartialDate.from_value(value)
        except ValueError as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        # No maxlength: it would silently cut a pasted "31 May 2019 г." that the error message can explain.
        return {**super().widget_attrs(widget), "size": 10, "autocomplete": "off", "spellcheck": "false"}


class _PartialDateAttribute(DeferredAttribute):
    """Attribute that converts assigned text to a PartialDate at once.

    An invalid value stays as it is, for full_clean() and the database to refuse.
    """

    def __set__(self, instance: models.Model, value: Any) -> None:
        if isinstance(value, str | int | datetime.date):
            with contextlib.suppress(ValueError):
                value = PartialDate.from_value(value)
        instance.__dict__[self.field.attname] = value


class PartialDateField(models.CharField):
    """Partial date in the database: text of up to ten characters. NULL means "not known"; '' is not allowed."""

    description = _("Date known to the year, the month or the day")
    default_error_messages = {"invalid": FORMAT_HINT}
    descriptor_class = _PartialDateAttribute

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 10)
        # Bytewise order whatever the server's locale. Most language collations compare punctuation last or not at all,
        # which breaks both the order '2019' < '2019-05' and the '~' of LATEST_SUFFIX.
        kwargs.setdefault("db_collation", "C")
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> PartialDate | None:
        return PartialDate.from_value(value)

    def to_python(self, value: Any) -> PartialDate | None:
        try:
            return PartialDate.from_value(value)
        except ValueError as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error

    def get_prep_value(self, value: Any) -> Any:
        # Not to_python: the right-hand side of a lookup may be the beginning of a date or end in LATEST_SUFFIX.
        if isinstance(value, datetime.datetime):
            value = value.date()
        value = super(models.CharField, self).get_prep_value(value)
        if value is None or hasattr(value, "resolve_expression"):
            return value
        return str(value) or None

    def value_to_string(self, obj: models.Model) -> str | None:
        # Plain text: the YAML serializer rejects subclasses of str.
        value = self.value_from_object(obj)
        return None if value is None else str(value)

    def formfield(self, **kwargs: Any) -> forms.Field:
        defaults = {"form_class": PartialDateFormField, "max_length": None, "empty_value": None}
        if not self.help_text:
            defaults["help_text"] = FORMAT_HINT
        return super().formfield(**{**defaults, **kwargs})


def partial_date_constraint(field_name: str, *, name: str) -> models.CheckConstraint:
    """Return a constraint: the field holds a valid partial date, or NULL."""
    return models.CheckConstraint(
        condition=Q(**{f"{field_name}__regex": PARTIAL_DATE_REGEX}),
        name=name,
        violation_error_message=FORMAT_HINT,
    )


def period_constraint(since: str, until: str, *, name: str) -> models.CheckConstraint:
    """Return a constraint: the period does not end before it begins.

    2019-05 to 2019 is possible, 2020 to 2019-12 is not. NULL on either side passes.
    """
    # Concat reads NULL as '', and every date sorts before '~', so a period without an end passes.
    latest_until = Concat(F(until), Value(LATEST_SUFFIX), output_field=models.CharField())
    return models.CheckConstraint(
        condition=Q(**{f"{since}__lte": latest_until}),
        name=name,
        violation_error_message=_("The end is before the start."),
    )
