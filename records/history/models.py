"""Public changes of the site: names of facts and dates, without the editors who made them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from languages.control_characters import NO_CONTROL_CHARACTERS
from records.kinds import KIND_REGEX, kinds, record_key, record_kind
from records.models import Source
from web.data_version import MOVES_DATA_VERSION


class Load(models.Model):
    """Many changes that one piece of work made: a load of the data set, or an import with the source of its facts."""

    happened_at = models.DateTimeField(_("happened at"))
    source = models.ForeignKey(
        Source, verbose_name=_("source"), on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("bulk load")
        verbose_name_plural = _("bulk loads")
        constraints = [NO_CONTROL_CHARACTERS, MOVES_DATA_VERSION]

    # What readers may know of it, by `RecordChangeQuerySet.told()`: kinds of records with their numbers.
    counts = ()

    def __str__(self):
        return gettext("From “%(source)s”") % {"source": self.source} if self.source else gettext("From the data set")

    def get_absolute_url(self):
        return reverse("load_changes", args=[self.pk])

    @property
    def in_words(self):
        """Return number and kind of the records, for one line."""
        return "; ".join(str(count) for count in self.counts)


@dataclass(frozen=True)
class LoadCount:
    """Number of records of one kind that a load published or changed."""

    kind: str
    is_publication: bool
    number: int

    def __str__(self):
        label = kinds()[self.kind].plural_label
        if self.is_publication:
            return gettext("%(kind)s: %(count)d new") % {"kind": capfirst(label), "count": self.number}
        return gettext("%(kind)s: %(count)d changed") % {"kind": capfirst(label), "count": self.number}

    @property
    def address(self):
        return f"?kind={self.kind}"


class RecordChangeQuerySet(models.QuerySet):
    def gathered(self):
        """The same with one change in the place of all that a load made."""
        loads = self.exclude(load=None).order_by("load", "-changed_at", "-pk").distinct("load")
        found = self.filter(models.Q(load=None) | models.Q(pk__in=loads.values("pk")))
        return found.select_related("load__source")

    def told(self, gathered):
        """Return these gathered changes with their records; a change that stands for a load has its counts.

        Only what is among the changes of this queryset is counted.
        """
        changes = with_records(gathered)
        numbers = {change.load_id for change in changes} - {None}
        counts = defaultdict(list)
        if numbers:
            of_loads = self.filter(load__in=numbers).order_by()
            counted = of_loads.values_list("load", "record_kind", "is_publication")
            counted = counted.annotate(models.Count("record_key", distinct=True))
            order = list(kinds())
            for load, *values in sorted(counted, key=lambda row: (order.index(row[1]), not row[2])):
                counts[load].append(LoadCount(*values))
        for change in changes:
            if change.load:
                change.load.counts = counts[change.load_id]
        return changes

    def of_record(self, record):
        return self.filter(record_kind=record_kind(record), record_key=record_key(record))

    def of_records(self, records):
        """The changes of all records of a queryset."""
        return self.filter(_among(records))

    def in_countries(self, codes):
        """The changes in at least one of these countries."""
        return self.filter(country_codes__overlap=codes)

    def single_in(self, code):
        """The changes in a country that no load made, the newest first."""
        return self.in_countries([code]).filter(load=None).newest_first()

    def public(self):
        """The changes of records that are on the site now."""
        seen = (_among(kind.published()) for kind in kinds().values())
        return self.filter(models.Q(*seen, _connector=models.Q.OR))

    def newest_of_each_record(self):
        later = RecordChange.objects.filter(
            record_kind=models.OuterRef("record_kind"),
            record_key=models.OuterRef("record_key"),
            changed_at__gt=models.OuterRef("changed_at"),
        )
        return self.filter(~models.Exists(later))

    def newest_first(self):
        return self.order_by("-changed_at", "-pk")

    def with_records(self):
        return with_records(self)

    def move(self, kind, old_key, new_key):
        """Hands the changes of a record over to the one that it became part of."""
        return self.filter(record_kind=kind, record_key=old_key).update(record_key=new_key)


def with_records(changes: Iterable["RecordChange"]) -> list["RecordChange"]:
    """Return the changes of public records, each with its `record`, by one query a kind of record."""
    changes, keys = list(changes), defaultdict(set)
    for change in changes:
        keys[change.record_kind].add(change.record_key)
    records = {
        (name, record_key(record)): record
        for name, wanted in keys.items()
        for record in kinds()[name].published().filter(**{f"{kinds()[name].key}__in": wanted})
    }
    for change in changes:
        change.record = records.get((change.record_kind, change.record_key))
    return [change for change in changes if change.record]


class RecordChange(models.Model):
    """A change of a published record that a visitor could notice.

    It names the record by its kind and key and not by a foreign key: any kind of record has changes, and a deleted
    record that is recovered has its own again.
    """

    record_kind = models.CharField(_("kind of record"), max_length=40)
    record_key = models.CharField(_("key of the record"), max_length=120)
    country_codes = ArrayField(
        models.CharField(max_length=2),
        verbose_name=_("countries"),
        default=list,
        blank=True,
        help_text=_("The record's countries at that time."),
    )
    changed_at = models.DateTimeField(_("changed at"))
    is_publication = models.BooleanField(_("the record was published"), default=False)
    facts = ArrayField(models.CharField(max_length=40), verbose_name=_("facts"), default=list, blank=True)
    load = models.ForeignKey(
        Load, verbose_name=_("bulk load"), on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )

    objects = RecordChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of a record")
        verbose_name_plural = _("changes of records")
        constraints = [
            models.CheckConstraint(condition=models.Q(record_kind__regex=KIND_REGEX), name="recordchange_kind_shape"),
            models.CheckConstraint(
                condition=models.Q(is_publication=True, facts__len=0)
                | models.Q(is_publication=False, facts__len__gt=0),
                name="recordchange_says_something",
            ),
            NO_CONTROL_CHARACTERS,
            MOVES_DATA_VERSION,
        ]
        indexes = [
            models.Index(fields=["record_kind", "record_key", "-changed_at"], name="recordchange_of_record"),
            models.Index(fields=["-changed_at"], name="recordchange_newest"),
            GinIndex(fields=["country_codes"], name="recordchange_countries"),
            GinIndex(fields=["country_codes"], condition=models.Q(load=None), name="recordchange_singly"),
        ]

    # The record itself, by `with_records()`.
    record = None

    def __str__(self):
        return f"{self.record_kind}/{self.record_key}, {self.changed_at:%Y-%m-%d}"

    @property
    def fact_labels(self):
        labels = kinds()[self.record_kind].fact_labels
        return [labels[fact] for fact in self.facts if fact in labels]

    @property
    def in_words(self):
        """Return the change in words, without its date."""
        return gettext("new on the site") if self.is_publication else ", ".join(map(str, self.fact_labels))

    @property
    def kind_label(self):
        return kinds()[self.record_kind].label


def _among(records):
    kind = record_kind(records.model)
    return models.Q(record_kind=kind, record_key__in=records.order_by().values(kinds()[kind].key))
