"""Actions of visitors without an account, counted for limits; and notes that public data have changed."""

from datetime import timedelta

from django.db import models
from django.utils import timezone

from languages.control_characters import NO_CONTROL_CHARACTERS, REFUSE_CONTROL_CHARACTERS

from .data_version import NOTE_DATA_CHANGE

HASH_REGEX = r"^[0-9a-f]{64}$"


class LimitedAction(models.TextChoices):
    """Action that visitors without an account may perform only so often; see `client_limits`."""

    CORRECTION = "correction", "sending a correction"
    SAVED_LIST = "saved-list", "saving a list"
    SESSION = "session", "beginning a list of one's own"
    LETTER = "letter", "asking for an e-mail to an institution"
    CHECK = "check", "checking a list"


class VisitorActionQuerySet(models.QuerySet):
    def outlived(self):
        """Return the actions that no limit counts any more."""
        return self.filter(done_at__lt=timezone.now() - timedelta(days=1))


class VisitorAction(models.Model):
    """Action of a visitor without an account; only hashes of the IP address are kept, for a day."""

    action = models.CharField("what", max_length=12, choices=LimitedAction)
    client_hash = models.CharField("hash of the client's address", max_length=64)
    network_hash = models.CharField("hash of the client's network", max_length=64)
    done_at = models.DateTimeField("when", default=timezone.now)

    objects = VisitorActionQuerySet.as_manager()

    class Meta:
        verbose_name = "action of a visitor"
        verbose_name_plural = "actions of visitors"
        indexes = [models.Index(fields=["action", "done_at"], name="visitoraction_by_time")]
        constraints = [
            models.CheckConstraint(condition=models.Q(action__in=LimitedAction.values), name="visitoraction_known"),
            models.CheckConstraint(
                condition=models.Q(client_hash__regex=HASH_REGEX, network_hash__regex=HASH_REGEX),
                name="visitoraction_hash_shape",
            ),
            REFUSE_CONTROL_CHARACTERS,
            NO_CONTROL_CHARACTERS,
        ]

    def __str__(self):
        return f"{self.action}, {self.done_at:%Y-%m-%d %H:%M}"


class DataChange(models.Model):
    """Note that public data have changed; see `data_version`."""

    token = models.BigIntegerField(primary_key=True)

    class Meta:
        constraints = [NOTE_DATA_CHANGE]

    def __str__(self):
        return str(self.token)
