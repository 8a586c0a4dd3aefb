"""Keys and slugs of records: how they are given, and those that are never given again."""

import itertools
from collections.abc import Iterable, Iterator

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from languages.control_characters import NO_CONTROL_CHARACTERS
from languages.romanisation import slug_from_name
from web.data_version import MOVES_DATA_VERSION

from .given_up import REFUSE_GIVEN_UP
from .import_memory import ImportedRecord

# Lower-case Latin words joined by single hyphens: keys of data, and slugs.
KEY_REGEX = r"^[a-z0-9]+(-[a-z0-9]+)*$"
SLUG_MAX_LENGTH = 100
# For keys made from names; those of the data set may be longer.
KEY_MAX_LENGTH = 80
# Takes the place of the country at the start of a key.
INTERNATIONAL_KEY = "int"
# Room for a counter after a name.
NUMBER_LENGTH = 8
# Number of keys or slugs of one name that are checked at once.
NAMESAKES = 8

validate_key = RegexValidator(KEY_REGEX, _("Use lower-case Latin letters, digits and single hyphens."))


class PastSlug(models.Model):
    """Former slug of a record. It redirects to the record for ever and is never given to another one.

    It names the record by its key and not by a foreign key: the slug stays taken after the record is deleted.
    """

    record_kind = models.CharField(_("kind of record"), max_length=40)
    slug = models.CharField(_("old address"), max_length=SLUG_MAX_LENGTH, validators=[validate_key])
    record_key = models.CharField(_("key of the record"), max_length=120, validators=[validate_key])

    class Meta:
        verbose_name = _("past address")
        verbose_name_plural = _("past addresses")
        constraints = [
            models.UniqueConstraint(
                fields=["record_kind", "slug"],
                name="pastslug_once",
                violation_error_message=_("This address was already used by a record and can't be given again."),
            ),
            models.CheckConstraint(condition=models.Q(slug__regex=KEY_REGEX), name="pastslug_shape"),
            NO_CONTROL_CHARACTERS,
            MOVES_DATA_VERSION,
        ]

    def __str__(self):
        return f"{self.record_kind}/{self.slug}"


class MergedKeyQuerySet(models.QuerySet):
    def keys_of(self, record):
        """Return the keys of all records that were merged into this one."""
        return list(self.filter(record_kind=record.record_kind(), record_key=record.key).values_list("key", flat=True))

    def present_records(self, records):
        """Map each reference such as "person/tj-anna" to its present record: itself, or the one it was merged into."""
        records = list(records)
        keys = {record.partition("/")[2] for record in records}
        merged = {
            f"{kind}/{key}": f"{kind}/{record_key}"
            for kind, key, record_key in self.filter(key__in=keys).values_list("record_kind", "key", "record_key")
        }
        return {record: merged.get(record, record) for record in records}


class MergedKey(models.Model):
    """Key of a record that was merged into another one: it leads there, and is never given to another record.

    References by key, in the data set or in visitors' lists, still find the record.
    """

    record_kind = models.CharField(_("kind of record"), max_length=40)
    key = models.CharField(_("key of the merged record"), max_length=120)
    record_key = models.CharField(_("key of the record"), max_length=120, validators=[validate_key])

    objects = MergedKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("merged key")
        verbose_name_plural = _("merged keys")
        constraints = [
            models.UniqueConstraint(fields=["record_kind", "key"], name="mergedkey_once"),
            models.CheckConstraint(condition=models.Q(key__regex=KEY_REGEX), name="mergedkey_shape"),
            models.CheckConstraint(condition=~models.Q(key=models.F("record_key")), name="mergedkey_means_another"),
            NO_CONTROL_CHARACTERS,
            MOVES_DATA_VERSION,
            REFUSE_GIVEN_UP,
        ]
        indexes = [models.Index(fields=["record_kind", "record_key"], name="mergedkey_by_record")]

    def __str__(self):
        return f"{self.record_kind}/{self.key}"


def give_keys(records: Iterable[models.Model], *, with_country: bool):
    """Set keys of new records of one kind, from the country, if requested, and the English name."""
    records = list(records)
    wanted = []
    for record in records:
        name = slug_from_name(record.name_en)
        if with_country:
            name = f"{(record.country_id or INTERNATIONAL_KEY).lower()}-{name}"
        wanted.append(name[: KEY_MAX_LENGTH - NUMBER_LENGTH].strip("-"))
    for record, key in zip(records, _free("key", records, wanted), strict=True):
        record.key = key


def give_slugs(records: Iterable[models.Model]):
    """Set slugs of records of one kind that have keys, from their English names."""
    records = list(records)
    wanted = [slug_from_name(record.name_en)[: SLUG_MAX_LENGTH - NUMBER_LENGTH].strip("-") for record in records]
    for record, slug in zip(records, _free("slug", records, wanted), strict=True):
        record.slug = slug


def _free(field: str, records: list[models.Model], wanted: list[str]) -> Iterator[str]:
    """Return the wanted value for each record, with a counter if another one has or ever had it."""
    holders: dict[str, str] = {}
    known: set[str] = set()

    def learn(texts):
        unknown = set(texts) - known
        if unknown:
            holders.update(_holders(field, type(records[0])._meta.concrete_model, unknown))
            known.update(unknown)

    if records:
        learn(text for base in set(wanted) for text in _numbered(base, 1))
    for record, base in zip(records, wanted, strict=True):
        for first in itertools.count(1, NAMESAKES):
            learn(_numbered(base, first))
            # A record may get back its own former slug.
            own = record.key if field == "slug" else None
            chosen = next((text for text in _numbered(base, first) if holders.get(text, own) == own), None)
            if chosen:
                break
        holders[chosen] = ""
        yield chosen


def _numbered(base: str, first: int) -> list[str]:
    return [base if number == 1 else f"{base}-{number}" for number in range(first, first + NAMESAKES)]


def _holders(field: str, model: type[models.Model], texts: set[str]) -> dict[str, str]:
    """Return the key of the owner of each of these keys or slugs that is taken.

    A key stays taken for ever if something refers to the record by it.
    """
    kind = model._meta.model_name
    held = {}
    if field == "slug":
        held |= PastSlug.objects.filter(record_kind=kind, slug__in=texts).values_list("slug", "record_key")
    else:
        past = [
            PastSlug.objects.filter(record_kind=kind, record_key__in=texts).values_list("record_key", flat=True),
            MergedKey.objects.filter(record_kind=kind, record_key__in=texts).values_list("record_key", flat=True),
            MergedKey.objects.filter(record_kind=kind, key__in=texts).values_list("key", flat=True),
            ImportedRecord.objects.filter(kind=kind, key__in=texts).values_list("key", flat=True),
        ]
        held |= {key: key for keys in past for key in keys}
    return held | dict(model._base_manager.filter(**{f"{field}__in": texts}).values_list(field, "key"))
