"""Saved lists, with the snapshot of their rows at the last download."""

import hashlib
import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from languages.control_characters import NO_CONTROL_CHARACTERS
from records.base import one_of
from records.checks import months_before

MONTHS_KEPT_UNOPENED = 24
LONGEST_NAME = 100
# Longer than any address of a list page.
LONGEST_QUERY = 4_000
# Records on a list that is put together one by one.
LONGEST_PICKED = 500
SECRET_REGEX = r"^[A-Za-z0-9_-]{22}$"  # noqa: S105 the shape of secrets, not one of them
RECORD_REGEX = r"^(institution|person)/[a-z0-9-]+$"


class ListOrigin(models.TextChoices):
    """Origin of the rows of a saved list."""

    HAND = "hand", _("made by hand")
    INSTITUTIONS = "institutions", _("all institutions")
    STUDIOS = "studios", _("studios")
    AGENCIES = "agencies", _("agencies")
    PEOPLE = "people", _("people")


def new_secret() -> str:
    """Return sixteen random octets in URL-safe letters."""
    return secrets.token_urlsafe(16)


def hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


class ContactListQuerySet(models.QuerySet):
    def unopened(self):
        """Return lists to delete, because nobody opened them for so long."""
        return self.filter(opened_on__lt=self._kept_since())

    def kept(self):
        """Return the other lists: expired ones are hidden from visitors at once."""
        return self.filter(opened_on__gte=self._kept_since())

    def _kept_since(self):
        return months_before(timezone.localdate(), MONTHS_KEPT_UNOPENED)

    def remembering(self, record: str):
        """Return lists with a record such as "person/tj-anna", selected by hand or in the snapshot of a filter."""
        return self.filter(Q(snapshot__has_key=record) | Q(picked__contains=[record]))

    def forget(self, record: str):
        """Remove the record from every list and every snapshot."""
        for contact_list in self.remembering(record):
            contact_list.snapshot.pop(record, None)
            contact_list.picked = [picked for picked in contact_list.picked if picked != record]
            contact_list.save(update_fields=["snapshot", "picked"])


class ContactList(models.Model):
    """Saved list with a secret URL. Nothing about its owner is stored."""

    secret = models.CharField(_("secret"), max_length=22, unique=True, default=new_secret)
    owner_hash = models.CharField(_("hash of the owner's secret"), max_length=64)
    origin = models.CharField(_("where the rows come from"), max_length=20, choices=ListOrigin)
    # Given by the visitor; whoever has the link sees it.
    name = models.CharField(_("name"), max_length=LONGEST_NAME, blank=True)
    query = models.TextField(_("filters"), blank=True)
    picked = models.JSONField(_("records selected by hand"), default=list, blank=True)
    # Record to its rows, row to column to text: as of the last time that the list was taken away.
    snapshot = models.JSONField(_("rows at the last download"), default=dict, blank=True)
    snapshot_language = models.CharField(_("language of these rows"), max_length=10, default=settings.LANGUAGE_CODE)
    taken_at = models.DateTimeField(_("last downloaded"), default=timezone.now)
    created_at = models.DateTimeField(_("saved"), auto_now_add=True)
    opened_on = models.DateField(_("last opened"), default=timezone.localdate)

    objects = ContactListQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved list")
        verbose_name_plural = _("saved lists")
        constraints = [
            models.CheckConstraint(condition=Q(secret__regex=SECRET_REGEX), name="contactlist_secret_shape"),
            NO_CONTROL_CHARACTERS,
            models.CheckConstraint(
                condition=Q(owner_hash__regex=r"^[0-9a-f]{64}$"), name="contactlist_owner_hash_shape"
            ),
            one_of("origin", ListOrigin.values, name="contactlist_origin_known"),
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("query"), LONGEST_QUERY), name="contactlist_query_length"
            ),
            models.CheckConstraint(
                condition=LessThanOrEqual(
                    models.Func("picked", function="jsonb_array_length", output_field=models.IntegerField()),
                    LONGEST_PICKED,
                ),
                name="contactlist_picked_length",
            ),
            models.CheckConstraint(
                condition=Q(origin=ListOrigin.HAND, query="") | (~Q(origin=ListOrigin.HAND) & Q(picked=[])),
                name="contactlist_by_hand_or_by_filter",
                violation_error_message=_("A list is made by hand or by filters, not both."),
            ),
        ]
        indexes = [models.Index(fields=["opened_on"], name="contactlist_by_opening")]

    def __str__(self):
        return f"{self.get_origin_display()}, {self.created_at:%Y-%m-%d}"

    def get_absolute_url(self):
        return reverse("contacts:contact_list", args=[self.secret])

    def is_owned_with(self, secret: str) -> bool:
        return secrets.compare_digest(self.owner_hash, hashed(secret))

    @property
    def was_opened_today(self) -> bool:
        return self.opened_on == timezone.localdate()

    def mark_opened(self):
        self.opened_on = timezone.localdate()
        self.save(update_fields=["opened_on"])
