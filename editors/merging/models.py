"""Merges of two records, with the data to undo them."""

from django.apps import apps
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from institutions.models import Institution
from languages.control_characters import NO_CONTROL_CHARACTERS
from people.models import Person
from records.base import one_of

RECORD_MODELS = {"institution": Institution, "person": Person}


class MergedRecordKind(models.TextChoices):
    INSTITUTION = "institution", _("institution")
    PERSON = "person", _("person")


class MergeQuerySet(models.QuerySet):
    def in_force(self):
        return self.filter(undone_at=None)

    def about(self, record):
        """Return merges in which the record was kept or merged."""
        return self.filter(
            models.Q(kept_id=record.pk) | models.Q(merged_id=record.pk), record_kind=record.record_kind()
        )


class Merge(models.Model):
    """Merge of one record into another one, which is kept.

    It stores both by id and not by foreign key, since one of them no longer exists.
    """

    record_kind = models.CharField(_("kind of record"), max_length=20, choices=MergedRecordKind)
    kept_id = models.BigIntegerField(_("id of the kept record"))
    kept_name = models.CharField(_("kept record"), max_length=300)
    merged_id = models.BigIntegerField(_("id of the merged record"))
    merged_name = models.CharField(_("merged record"), max_length=300)
    country_codes = ArrayField(
        models.CharField(max_length=2, blank=True),
        verbose_name=_("countries"),
        default=list,
        help_text=_("Countries of the two records; an empty string for none."),
    )
    # Rows that the merge changed: model, id, the changed fields before and after; None for a row that does not exist.
    changes = models.JSONField(_("changed rows"), default=list, encoder=DjangoJSONEncoder)
    merged_at = models.DateTimeField(_("merged at"), auto_now_add=True)
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("merged by"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("undone by"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )

    objects = MergeQuerySet.as_manager()

    class Meta:
        verbose_name = _("merge of two records")
        verbose_name_plural = _("merges of records")
        ordering = ["-merged_at", "-pk"]
        constraints = [
            one_of("record_kind", MergedRecordKind.values, name="merge_record_kind_known"),
            models.CheckConstraint(condition=~models.Q(kept_id=models.F("merged_id")), name="merge_of_two_records"),
            models.CheckConstraint(
                condition=models.Q(undone_at__isnull=False) | models.Q(undone_by=None), name="merge_undone_at_some_time"
            ),
            NO_CONTROL_CHARACTERS,
        ]
        indexes = [models.Index(fields=["record_kind", "merged_id"], name="merge_by_merged_record")]

    def __str__(self):
        return f"{self.merged_name} → {self.kept_name}"

    @property
    def record_model(self):
        return RECORD_MODELS[self.record_kind]

    @property
    def kept(self):
        """Return the kept record, or None if it was deleted."""
        return self.record_model._base_manager.filter(pk=self.kept_id).first()

    def references(self):
        """Return the rows, by model and id, that undoing needs: those that changed rows refer to."""
        return {
            (model_field.related_model._meta.label, number)
            for change in self.changes
            for model_field, number in references(change)
        }

    @property
    def is_forgotten(self):
        """Return whether the data to undo it was erased for a withheld person."""
        return not self.changes


def references(change):
    """Return foreign keys of a changed row before the merge, with the id of each target."""
    model = apps.get_model(change["model"])
    for name, number in (change["before"] or {}).items():
        model_field = model._meta.get_field(name)
        if isinstance(model_field, models.ForeignKey) and number is not None:
            yield model_field, number


def models_by_key():
    """Return the models of all packages that name a record by kind and key and not by a foreign key."""
    return [
        model
        for model in apps.get_models()
        if {"record_kind", "record_key"} <= {field.name for field in model._meta.concrete_fields}
    ]
