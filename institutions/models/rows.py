"""Rows below an institution: names, sources, contacts, stages."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from institutions.facts import INSTITUTION_FACTS
from languages.control_characters import NO_CONTROL_CHARACTERS
from records.base import (
    AlternativeName,
    PublicationState,
    not_empty,
    text_in_active_language,
)
from records.contact_types import ContactKind
from records.facts import FactField
from records.models import ContactPoint, ContactPointQuerySet, RecordSource
from web.data_version import MOVES_DATA_VERSION

# Contacts by which a question can be answered.
ANSWERED_KINDS = [ContactKind.PHONE, ContactKind.WHATSAPP, ContactKind.EMAIL]


class InstitutionContactQuerySet(ContactPointQuerySet):
    def shown(self):
        """Return the contacts that readers see."""
        return self.public().filter(institution__publication_state=PublicationState.PUBLISHED)

    def languages(self):
        """Return the tags of all languages that the contacts are said to answer in."""
        return set(self.order_by().values_list(models.Func("languages", function="unnest"), flat=True).distinct())

    def known_beside(self, institutions):
        """Return all contacts of these institutions, and the public ones of any others."""
        shown = InstitutionContact.objects.shown()
        return self.filter(Q(institution__in=institutions.values("pk")) | Q(pk__in=shown.values("pk")))


class InstitutionContact(ContactPoint):
    institution = models.ForeignKey(
        "institutions.Institution", verbose_name=_("institution"), on_delete=models.CASCADE, related_name="contacts"
    )

    objects = InstitutionContactQuerySet.as_manager()

    class Meta(ContactPoint.Meta):
        verbose_name = _("contact of an institution")
        verbose_name_plural = _("contacts of institutions")
        constraints = [
            *ContactPoint.Meta.constraints,
            models.UniqueConstraint(
                fields=["institution", "kind", "value"],
                name="institutioncontact_once",
                violation_error_message=_("The institution already has this contact."),
            ),
        ]
        indexes = [
            *ContactPoint.Meta.indexes,
            models.Index(
                fields=["checked_on", "institution"], condition=Q(is_public=True), name="institutioncontact_to_check"
            ),
        ]


class Stage(models.Model):
    """Sound stage or shooting pavilion of a studio."""

    institution = models.ForeignKey(
        "institutions.Institution", verbose_name=_("institution"), on_delete=models.CASCADE, related_name="stages"
    )
    name_en = models.CharField(_("name"), max_length=200)
    name_ru = models.CharField(_("name in Russian"), max_length=200, blank=True)
    area_m2 = models.PositiveIntegerField(_("area, m²"), null=True, blank=True)
    height_m = models.DecimalField(_("height, m"), max_digits=4, decimal_places=1, null=True, blank=True)
    note_en = models.CharField(
        _("details"), max_length=300, blank=True, help_text=_("Shown on the institution's page.")
    )
    note_ru = models.CharField(_("details in Russian"), max_length=300, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    row_fields = tuple(FactField(name) for name in ("name_en", "name_ru", "area_m2", "height_m", "note_en", "note_ru"))

    class Meta:
        verbose_name = _("sound stage")
        verbose_name_plural = _("sound stages")
        ordering = ["order", "pk"]
        constraints = [
            not_empty("name_en", name="stage_name_given", message=_("Give the name.")),
            models.UniqueConstraint(fields=["institution", "name_en"], name="stage_once"),
            NO_CONTROL_CHARACTERS,
            MOVES_DATA_VERSION,
            models.CheckConstraint(
                condition=Q(area_m2=None) | Q(area_m2__gt=0),
                name="stage_area_positive",
                violation_error_message=_("The area must be more than zero."),
            ),
            models.CheckConstraint(
                condition=Q(height_m=None) | Q(height_m__gt=0),
                name="stage_height_positive",
                violation_error_message=_("The height must be more than zero."),
            ),
        ]

    def __str__(self):
        return self.name_en

    @property
    def name(self):
        return text_in_active_language(self, "name")

    @property
    def note(self):
        return text_in_active_language(self, "note")


class InstitutionName(AlternativeName):
    institution = models.ForeignKey(
        "institutions.Institution", verbose_name=_("institution"), on_delete=models.CASCADE, related_name="other_names"
    )

    class Meta(AlternativeName.Meta):
        verbose_name = _("other name of an institution")
        verbose_name_plural = _("other names of an institution")
        constraints = [
            *AlternativeName.Meta.constraints,
            models.UniqueConstraint(
                # A studio may bear a name twice, with another one in between.
                fields=["institution", "text", "kind", "since"],
                nulls_distinct=False,
                name="institutionname_once",
                violation_error_message=_("The institution already has this name."),
            ),
        ]


class InstitutionSource(RecordSource):
    facts = INSTITUTION_FACTS

    institution = models.ForeignKey("institutions.Institution", on_delete=models.CASCADE, related_name="record_sources")

    class Meta(RecordSource.Meta):
        verbose_name = _("source of an institution")
        verbose_name_plural = _("sources of an institution")
        constraints = [
            *RecordSource.Meta.constraints,
            models.UniqueConstraint(fields=["institution", "source"], name="institutionsource_once"),
        ]
