"""What changed on the site and when: names of public facts, and nothing of who changed them."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from .public_facts import FACT_LABELS, PUBLIC_RECORDS


class RecordChangeQuerySet(models.QuerySet):
    def of_record(self, record):
        return self.filter(record_kind=record_kind(record), record_key=record.natural_key()[0])

    def public(self):
        """The changes of records that are on the site now."""
        seen = models.Q(pk=None)
        for kind, public in PUBLIC_RECORDS.items():
            seen |= models.Q(record_kind=kind, record_key__in=public.queryset().order_by().values(public.key))
        return self.filter(seen)

    def newest_first(self):
        return self.order_by("-changed_at", "-pk")

    def move(self, kind, old_key, new_key):
        """Hands the changes of a record over to the one that it became part of."""
        return self.filter(record_kind=kind, record_key=old_key).update(record_key=new_key)


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
        help_text=_("Those of the record at that time."),
    )
    changed_at = models.DateTimeField(_("changed at"))
    is_publication = models.BooleanField(_("the record came onto the site"), default=False)
    facts = ArrayField(models.CharField(max_length=40), verbose_name=_("facts"), default=list, blank=True)

    objects = RecordChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of a record")
        verbose_name_plural = _("changes of records")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(record_kind__in=list(PUBLIC_RECORDS)), name="recordchange_kind_known"
            ),
            models.CheckConstraint(
                condition=models.Q(is_publication=True, facts__len=0)
                | models.Q(is_publication=False, facts__len__gt=0),
                name="recordchange_says_something",
            ),
        ]
        indexes = [
            models.Index(fields=["record_kind", "record_key", "-changed_at"], name="recordchange_of_record"),
            models.Index(fields=["-changed_at"], name="recordchange_newest"),
            GinIndex(fields=["country_codes"], name="recordchange_countries"),
        ]

    def __str__(self):
        return f"{self.record_kind}/{self.record_key}, {self.changed_at:%Y-%m-%d}"

    @property
    def fact_labels(self):
        return [FACT_LABELS[fact] for fact in self.facts if fact in FACT_LABELS]


def record_kind(record):
    return record._meta.concrete_model._meta.model_name
