"""Sources, and checks of facts. Knows no other app."""

import calendar
import datetime
import re
from collections import defaultdict
from typing import ClassVar
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from phonenumber_field.phonenumber import to_python as phone_from_text

from database.ordering import rank
from languages.control_characters import NO_CONTROL_CHARACTERS
from languages.of_interface import active_language
from languages.partial_dates import PartialDate, PartialDateField, partial_date_constraint
from records.keys import MergedKey, PastSlug
from search.models import letters_index
from web.data_version import MOVES_DATA_VERSION

from . import contact_values
from .base import not_empty, one_of, validate_language_tag
from .check_guard import KEEP_CHECK, KEEPS_CHECK, confirming
from .contact_types import PAGE_KINDS, TELEPHONE_KINDS, ContactKind
from .facts import FactField, FactRegistry, only_shown
from .import_memory import ImportedRecord
from .link_checks import LinkCheck

__all__ = [
    "Checkable",
    "ContactPoint",
    "ImportedRecord",
    "LinkCheck",
    "MergedKey",
    "PastSlug",
    "RecordSource",
    "Source",
]

FRESH_MONTHS = 12
AGEING_MONTHS = 24
URL_REGEX = r"^https?://[^\s/]+"


def months_before(day, months):
    """Return the same day `months` months earlier; the last day of that month if it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return day.replace(year=year, month=month + 1, day=min(day.day, calendar.monthrange(year, month + 1)[1]))


def earliest_text_since(months):
    """Return the first partial date, in text order, that begins at most `months` months ago."""
    day = months_before(timezone.localdate(), months).isoformat()
    # "2024-05" begins with its first day, and sorts before "2024-05-01".
    return day.removesuffix("-01").removesuffix("-01")


class SourceQuerySet(models.QuerySet):
    def get_by_natural_key(self, url):
        return self.get(url=url)

    def with_dead_since(self):
        """Add `dead_since`: the day since which the page is dead."""
        return self.annotate(dead_since=LinkCheck.objects.of("url"))

    def with_dead_links(self):
        return self.filter(url__in=LinkCheck.objects.dead().values("url"))


class Source(models.Model):
    """Published page or letter that states facts."""

    url = models.URLField(_("address"), max_length=1000, unique=True)
    title = models.CharField(_("title"), max_length=300)
    publisher = models.CharField(_("publisher"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=8, blank=True, validators=[validate_language_tag])
    published_on = PartialDateField(_("published on"), null=True, blank=True)
    accessed_on = models.DateField(_("read on"), null=True, blank=True)
    snapshot_url = models.URLField(_("archived copy"), max_length=1000, blank=True)
    note = models.TextField(_("note"), blank=True, help_text=_("Not shown on the site."))

    objects = SourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["title", "url"]
        indexes = [
            models.Index(fields=["title", "url"], name="source_by_title"),
            letters_index("title", "publisher", "url", name="source_letters"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(url__regex=URL_REGEX),
                name="source_url_shape",
                violation_error_message=_("Give the full address, with https://."),
            ),
            not_empty("title", name="source_title_given", message=_("Give the title of the page.")),
            partial_date_constraint("published_on", name="source_published_on_shape"),
            NO_CONTROL_CHARACTERS,
            MOVES_DATA_VERSION,
            KEEP_CHECK,
        ]

    def __str__(self):
        return self.title

    def natural_key(self):
        return (self.url,)

    @property
    def host(self):
        """Return the host of the page, to show who publishes it."""
        return (urlsplit(self.url).hostname or "").removeprefix("www.")


class RecordSource(models.Model):
    """Source of a record, with the facts that it supports."""

    # Those of the record.
    facts: ClassVar[FactRegistry]
    row_fields = only_shown("source", "supports")

    source = models.ForeignKey(Source, verbose_name=_("source"), on_delete=models.PROTECT, related_name="+")
    supports = ArrayField(
        models.CharField(max_length=40),
        verbose_name=_("supports"),
        help_text=_("Names of the facts that the page supports, such as names, founded, address."),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        abstract = True
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(supports__len__gt=0),
                name="%(class)s_supports_something",
                violation_error_message=_("Select at least one fact that the source supports."),
            ),
            NO_CONTROL_CHARACTERS,
            MOVES_DATA_VERSION,
        ]

    def __str__(self):
        return str(self.source)

    @property
    def supported_labels(self):
        return [self.facts.labels.get(fact, fact) for fact in self.supports]


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
    def freshness(self):
        return Freshness.of(self.checked_on, timezone.localdate())


CONTACT_MAX_LENGTH = 500
E164_REGEX = r"^\+[1-9][0-9]{6,14}$"
# Deliberately narrower than RFC 5322: what institutions publish, in lower case.
EMAIL_REGEX = r"^[a-z0-9._%+-]+@[a-z0-9-]+(\.[a-z0-9-]+)+$"


def same_contact(kind: str, value: str) -> tuple[str, str]:
    """Return a key equal for two spellings of one contact, such as a page with or without www and final slash."""
    if kind in TELEPHONE_KINDS or kind in (ContactKind.EMAIL, ContactKind.ADDRESS):
        return kind, value
    return kind, re.sub(r"^https?://(www\.)?", "", value).rstrip("/")


def normal_contact_value(kind: str, text: str) -> str:
    """Return the stored form of a contact beside which nothing else stands; raises ValidationError for the value."""
    try:
        found = contact_values.typed(kind, text)
    except ValidationError as error:
        raise ValidationError({"value": error.messages}) from error
    if found.words:
        # Whoever keeps words beside a contact asks `contact_values.typed` itself.
        is_email = kind == ContactKind.EMAIL
        reason = _("This is not an e-mail address.") if is_email else contact_values.NO_NUMBER
        raise ValidationError({"value": reason})
    return found.value


class ContactPointQuerySet(CheckableQuerySet):
    def public(self):
        return self.filter(is_public=True)

    def with_dead_since(self):
        """Add `dead_since`: the day since which the page of the contact is dead."""
        return self.annotate(dead_since=LinkCheck.objects.of("value"))

    def with_dead_links(self):
        return self.filter(kind__in=PAGE_KINDS, value__in=LinkCheck.objects.dead().values("url"))

    def any_of(self, contacts):
        """Return contacts equal to one of these pairs of kind and stored value; for pages also with or without www."""
        values = defaultdict(set)
        for kind, value in contacts:
            values[kind] |= contact_values.spellings_of_page(value) if kind in PAGE_KINDS else {value}
        same = (models.Q(kind=kind, value__in=its_values) for kind, its_values in values.items())
        return self.filter(models.Q(*same, _connector=models.Q.OR)) if values else self.none()

    def in_reading_order(self):
        """Order contacts as on a business card."""
        return self.order_by(rank("kind", ContactKind.values), "order", "pk")


class ContactPoint(Checkable):
    """Published contact of an institution or of somebody in a post."""

    kind = models.CharField(_("kind"), max_length=20, choices=ContactKind)
    value = models.CharField(_("number, address or link"), max_length=CONTACT_MAX_LENGTH)
    department = models.CharField(_("department"), max_length=200, blank=True)
    department_ru = models.CharField(_("department in Russian"), max_length=200, blank=True)
    language = models.CharField(
        _("language of the address"), max_length=8, blank=True, validators=[validate_language_tag]
    )
    languages = ArrayField(
        models.CharField(max_length=8, validators=[validate_language_tag]),
        verbose_name=_("languages spoken"),
        default=list,
        blank=True,
        help_text=_("Language tags with commas: ru, az, en."),
    )
    is_public = models.BooleanField(_("public"), default=True, help_text=_("Only public contacts are on the site."))
    source = models.ForeignKey(
        Source, verbose_name=_("source"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    note = models.TextField(_("note"), blank=True, help_text=_("Not shown on the site."))
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    row_fields = (FactField("value"), *only_shown("kind", "department", "department_ru", "language", "languages"))

    objects = ContactPointQuerySet.as_manager()

    class Meta:
        abstract = True
        indexes = [
            letters_index("value", "department", name="%(class)s_letters"),
            models.Index(fields=["kind", "value"], name="%(class)s_by_value"),
        ]
        constraints = [
            *Checkable.Meta.constraints,
            NO_CONTROL_CHARACTERS,
            MOVES_DATA_VERSION,
            KEEPS_CHECK,
            not_empty("value", name="%(class)s_value_given", message=_("Give the number, address or link.")),
            one_of("kind", ContactKind.values, name="%(class)s_kind_known"),
            models.CheckConstraint(
                condition=~models.Q(kind__in=TELEPHONE_KINDS) | models.Q(value__regex=E164_REGEX),
                name="%(class)s_telephone_shape",
                violation_error_message=_("Write the number with + and the country code."),
            ),
            models.CheckConstraint(
                condition=~models.Q(kind=ContactKind.EMAIL) | models.Q(value__regex=EMAIL_REGEX),
                name="%(class)s_email_shape",
                violation_error_message=_("This is not an e-mail address."),
            ),
            models.CheckConstraint(
                condition=~models.Q(kind__in=PAGE_KINDS) | models.Q(value__regex=URL_REGEX),
                name="%(class)s_page_shape",
                violation_error_message=_("Give the full address, with https://."),
            ),
        ]

    def __str__(self):
        return self.shown_value

    def clean(self):
        super().clean()
        if self.kind and self.value:
            self.value = normal_contact_value(self.kind, self.value)

    @property
    def department_in_words(self):
        """Return the department, in the reader's language where it is known in that."""
        translated = (getattr(self, f"department_{tag}", self.department) for tag in active_language().chain)
        return next(filter(None, translated), "")

    @property
    def shown_value(self):
        """Return the value as people write it: a spaced telephone number, a page without its scheme."""
        if self.kind in TELEPHONE_KINDS:
            return phone_from_text(self.value).as_international
        if self.kind in PAGE_KINDS:
            return self.value.split("://", 1)[-1].removeprefix("www.").rstrip("/")
        return self.value

    @property
    def is_page(self):
        return self.kind in PAGE_KINDS

    @property
    def link(self):
        """Return the target of a link, or None for a postal address."""
        if self.kind in (ContactKind.PHONE, ContactKind.WHATSAPP):
            return f"tel:{self.value}"
        if self.kind == ContactKind.EMAIL:
            return f"mailto:{self.value}"
        return self.value if self.kind in PAGE_KINDS else None
