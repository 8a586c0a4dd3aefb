"""Two records that an editor made one, and what it takes to part them again."""

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
        """Those in which the record was kept, or became part of another one."""
        return self.filter(
            models.Q(kept_id=record.pk) | models.Q(merged_id=record.pk), record_kind=record.record_kind()
        )


class Merge(models.Model):
    """One record that became part of another one, which is kept.

    It names both by number and not by foreign key: one of them is gone.
    """

    record_kind = models.CharField(_("kind of record"), max_length=20, choices=MergedRecordKind)
    kept_id = models.BigIntegerField(_("id of the kept record"))
    kept_name = models.CharField(_("kept record"), max_length=300)
    merged_id = models.BigIntegerField(_("id of the record that became part of it"))
    merged_name = models.CharField(_("record that became part of it"), max_length=300)
    country_codes = ArrayField(
        models.CharField(max_length=2, blank=True),
        verbose_name=_("countries"),
        default=list,
        help_text=_("Those of the two records; empty text for none."),
    )
    # Rows that the merge changed: model, number, the changed fields before and after; None for a row that is not there.
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
        """The kept record, or None where it is gone since."""
        return self.record_model._base_manager.filter(pk=self.kept_id).first()

    def references(self):
        """The rows, by model and number, that undoing it needs: those to which what changed refers."""
        return {
            (model_field.related_model._meta.label, number)
            for change in self.changes
            for model_field, number in references(change)
        }

    @property
    def is_forgotten(self):
        """Whether all that it takes to undo it was erased, because somebody in it asked not to be listed."""
        return not self.changes


def references(change):
    """Foreign keys of a changed row before the merge, with the number of the row that each of them led to."""
    model = apps.get_model(change["model"])
    for name, number in (change["before"] or {}).items():
        model_field = model._meta.get_field(name)
        if isinstance(model_field, models.ForeignKey) and number is not None:
            yield model_field, number


def models_by_key():
    """The models whose rows name a record by its kind and key and not by a foreign key, of whatever room."""
    return [
        model
        for model in apps.get_models()
        if {"record_kind", "record_key"} <= {field.name for field in model._meta.concrete_fields}
    ]
