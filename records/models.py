"""Sources, and contacts of all kinds of records. Knows no other app."""

import re
from collections import defaultdict
from typing import ClassVar
from urllib.parse import urlsplit

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from phonenumber_field.phonenumber import to_python as phone_from_text

from database.ordering import rank
from languages.control_characters import NO_CONTROL_CHARACTERS
from languages.of_interface import active_language
from languages.partial_dates import PartialDateField, partial_date_constraint
from records.keys import MergedKey, PastSlug
from search.models import letters_index
from web.data_version import MOVES_DATA_VERSION

from . import contact_values
from .base import not_empty, one_of, validate_language_tag
from .check_guard import KEEP_CHECK, KEEPS_CHECK
from .checks import Checkable, CheckableQuerySet, Freshness
from .contact_types import PAGE_KINDS, TELEPHONE_KINDS, ContactKind
from .facts import FactField, FactRegistry, only_shown
from .import_memory import ImportedRecord
from .link_checks import LinkCheck
from .sightings import Sighted, SightedQuerySet

__all__ = [
    "ContactPoint",
    "ImportedRecord",
    "LinkCheck",
    "MergedKey",
    "PastSlug",
    "RecordSource",
    "Source",
]

URL_REGEX = r"^https?://[^\s/]+"


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
    # Of a register's data; "" for a page of which single facts are taken.
    licence = models.CharField(_("licence"), max_length=60, blank=True)
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


class ContactPointQuerySet(CheckableQuerySet, SightedQuerySet):
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

    def on_sites(self, hosts):
        """Return contacts whose value contains one of these hosts."""
        return (
            self.filter(models.Q(*(("value__icontains", host) for host in hosts), _connector=models.Q.OR))
            if hosts
            else self.none()
        )

    def in_reading_order(self):
        """Order contacts as on a business card."""
        return self.order_by(rank("kind", ContactKind.values), "order", "pk")


class ContactPoint(Checkable, Sighted):
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
            *Sighted.Meta.constraints,
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
    def known_on(self) -> str:
        """Return the later date of its last check and its last sighting on the official site, "" for neither."""
        return max(str(self.checked_on or ""), self.seen_on.isoformat() if self.seen_on else "")

    @property
    def freshness(self):
        return Freshness.of(self.known_on, timezone.localdate())

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
    def short_value(self):
        """Return the value for one line: of a website its host alone."""
        return self.shown_value.partition("/")[0] if self.kind == ContactKind.WEBSITE else self.shown_value

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
