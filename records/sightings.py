"""Sightings of contacts by machine on official websites, apart from checks by people."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .check_guard import reading
from .checks import Freshness, months_before

# Readings in a row that did not show a contact before an editor is asked.
MISSED_TOO_OFTEN = 2


class SightedQuerySet(models.QuerySet):
    def seen_within(self, months):
        """Return those seen on an official page in the last `months` months."""
        return self.filter(seen_on__gte=months_before(timezone.localdate(), months))


class Sighted(models.Model):
    """Fact that programs look for on official pages. Only a reading of the website moves these columns."""

    seen_on = models.DateField(_("seen on the official site on"), null=True, blank=True, editable=False)
    seen_url = models.URLField(_("official page"), max_length=1000, blank=True, editable=False)
    # Readings in a row that did not show it, and the day of the first of them.
    missed = models.PositiveSmallIntegerField(_("times missed"), default=0, editable=False)
    missed_since = models.DateField(_("missed since"), null=True, blank=True, editable=False)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=models.Q(seen_on=None, seen_url="")
                | (models.Q(seen_on__isnull=False) & ~models.Q(seen_url="")),
                name="%(class)s_sighting_is_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(missed=0, missed_since=None) | models.Q(missed__gt=0, missed_since__isnull=False),
                name="%(class)s_miss_is_whole",
            ),
        ]

    @property
    def sighting_freshness(self):
        return Freshness.of(self.seen_on and self.seen_on.isoformat(), timezone.localdate())

    @property
    def is_missing(self) -> bool:
        """Return whether the official site does not show it any more, as far as is known."""
        return self.missed >= MISSED_TOO_OFTEN

    def note_seen(self, url: str, on=None):
        self.seen_on, self.seen_url = on or timezone.localdate(), url
        self.missed, self.missed_since = 0, None
        self._keep_sighting()

    def note_missed(self, on=None):
        """Count one more reading of the website that did not show it."""
        self.missed, self.missed_since = self.missed + 1, self.missed_since or on or timezone.localdate()
        self._keep_sighting()

    def _keep_sighting(self):
        with reading():
            self.save(update_fields=["seen_on", "seen_url", "missed", "missed_since"])
