"""Stored counts of the dashboard, and notes of changes since."""

from django.db import models
from django.utils import timezone

from database.triggers import Function


class TaskCountQuerySet(models.QuerySet):
    def of_today(self) -> dict[str, dict[str, int]]:
        """Return today's counts by task. Older ones are ignored: records become due overnight without a change."""
        return dict(self.filter(counted_on=timezone.localdate()).values_list("task", "numbers"))

    def keep(self, numbers: dict[str, dict[str, int]]):
        """Store new counts."""
        today = timezone.localdate()
        rows = [self.model(task=task, numbers=counted, counted_on=today) for task, counted in numbers.items()]
        self.bulk_create(rows, update_conflicts=True, unique_fields=["task"], update_fields=["numbers", "counted_on"])


class TaskCount(models.Model):
    """Number of records of a task by country."""

    task = models.TextField(primary_key=True)
    # Country code to number; "" for records without a country.
    numbers = models.JSONField(default=dict)
    counted_on = models.DateField()

    objects = TaskCountQuerySet.as_manager()

    def __str__(self):
        return self.task


class ChangedColumnQuerySet(models.QuerySet):
    def take(self) -> set[tuple[str, str]]:
        """Return tables with the noted columns, and delete these notes; notes that are being written stay."""
        notes = list(self.order_by("pk").select_for_update())
        self.filter(pk__in=[note.pk for note in notes]).delete()
        return {(note.table_name, note.column_name) for note in notes}


class ChangedColumn(models.Model):
    """Note of a change that may affect a count of the dashboard.

    Triggers in the database write these rows, one per column and transaction, so that no way of changing a record is
    missed and transactions don't wait for each other.
    """

    table_name = models.TextField()
    # "" for added or deleted rows.
    column_name = models.TextField()
    transaction_number = models.BigIntegerField()

    objects = ChangedColumnQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["table_name", "column_name", "transaction_number"], name="changedcolumn_once"
            ),
            # `dashboard.watching` sets the triggers that call it.
            Function(
                name="desk_note_change",
                body="""BEGIN
  INSERT INTO desk_changedcolumn (table_name, column_name, transaction_number)
    VALUES (TG_TABLE_NAME, coalesce(TG_ARGV[0], ''), pg_current_xact_id()::text::bigint) ON CONFLICT DO NOTHING;
  RETURN NULL;
END """,
            ),
        ]

    def __str__(self):
        return f"{self.table_name}.{self.column_name}"
