"""The numbers of the desk as they were last counted, and notes of what has changed since."""

from django.db import models
from django.utils import timezone


class TaskCountQuerySet(models.QuerySet):
    def of_today(self) -> dict[str, dict[str, int]]:
        """Numbers by task. Those of other days don't count: records grow old overnight without being changed."""
        return dict(self.filter(counted_on=timezone.localdate()).values_list("task", "numbers"))

    def keep(self, numbers: dict[str, dict[str, int]]):
        """Keeps numbers that were counted just now."""
        today = timezone.localdate()
        rows = [self.model(task=task, numbers=counted, counted_on=today) for task, counted in numbers.items()]
        self.bulk_create(rows, update_conflicts=True, unique_fields=["task"], update_fields=["numbers", "counted_on"])


class TaskCount(models.Model):
    """How many records wanted a task done when they were counted, by country."""

    task = models.TextField(primary_key=True)
    # Code of the country to number; under "" what has none.
    numbers = models.JSONField(default=dict)
    counted_on = models.DateField()

    objects = TaskCountQuerySet.as_manager()

    def __str__(self):
        return self.task


class ChangedTableQuerySet(models.QuerySet):
    def take_names(self) -> set[str]:
        """The tables with notes; the notes that were read go, others that are being written stay."""
        notes = dict(self.order_by("pk").select_for_update().values_list("pk", "table_name"))
        self.filter(pk__in=notes).delete()
        return set(notes.values())


class ChangedTable(models.Model):
    """Notes that rows of a table have changed in a way that may move a number of the desk.

    Triggers in the database write these rows, one a table and transaction, so that no way of changing a record gets
    round them and no two transactions wait for each other.
    """

    table_name = models.TextField()
    transaction_number = models.BigIntegerField()

    objects = ChangedTableQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["table_name", "transaction_number"], name="changedtable_once")]

    def __str__(self):
        return self.table_name
