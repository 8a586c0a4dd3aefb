"""Groups of institution kinds with lists and admin pages of their own."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .choices import InstitutionKind
from .institutions import Institution, InstitutionQuerySet


class StudioManager(models.Manager.from_queryset(InstitutionQuerySet)):
    """Manager of institutions that make films."""

    def get_queryset(self):
        return super().get_queryset().filter(kind=InstitutionKind.STUDIO)


class Studio(Institution):
    """Institution that makes films."""

    objects = StudioManager()

    class Meta:
        proxy = True
        verbose_name = _("studio")
        verbose_name_plural = _("studios")

    def save(self, *args, **kwargs):
        self.kind = InstitutionKind.STUDIO
        super().save(*args, **kwargs)


class AgencyManager(models.Manager.from_queryset(InstitutionQuerySet)):
    def get_queryset(self):
        return super().get_queryset().filter(kind=InstitutionKind.AGENCY)


class Agency(Institution):
    """Public body that regulates or promotes a country's film industry."""

    objects = AgencyManager()

    class Meta:
        proxy = True
        verbose_name = _("agency")
        verbose_name_plural = _("agencies")

    def save(self, *args, **kwargs):
        self.kind = InstitutionKind.AGENCY
        super().save(*args, **kwargs)
