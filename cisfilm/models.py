"""Last runs of the commands that timers start."""

from django.db import models
from django.utils import timezone


class CommandRun(models.Model):
    """The last runs of one command of `schedule.SCHEDULE`: the last that succeeded, and the last that failed."""

    command = models.CharField("command", max_length=40, primary_key=True)
    succeeded_at = models.DateTimeField("last success", null=True)
    failed_at = models.DateTimeField("last failure", null=True)
    seconds = models.FloatField("how long the last run took", default=0)

    class Meta:
        verbose_name = "run of a command"
        verbose_name_plural = "runs of commands"

    def __str__(self):
        return self.command

    @property
    def has_failed(self) -> bool:
        return self.failed_at is not None and (self.succeeded_at is None or self.failed_at > self.succeeded_at)

    @classmethod
    def note(cls, command: str, *, succeeded: bool, seconds: float):
        column = "succeeded_at" if succeeded else "failed_at"
        cls.objects.update_or_create(command=command, defaults={column: timezone.now(), "seconds": seconds})
