"""Counts of tasks, stored and updated after changes: see ADR 0031."""

import re
from functools import cache

from django.db import transaction
from django.db.models import Count, QuerySet

from .models import ChangedColumn, TaskCount
from .tasks import TASKS, Task

# Key of the stored count for records without a country.
NO_COUNTRY = ""


def numbers_by_country() -> dict[Task, dict[str, int]]:
    """Return the number of records for each task, by country code."""
    changed = ChangedColumn.objects.exists()
    numbers = _kept_numbers()
    if changed or len(numbers) < len(TASKS):
        with transaction.atomic():
            numbers = _count_changed()
    return numbers


def _count_changed() -> dict[Task, dict[str, int]]:
    # In this order: a change during counting leaves a note for the next time.
    changes = ChangedColumn.objects.take()
    numbers = _kept_numbers()
    moved = [task for task in TASKS if task not in numbers or _may_move(task, changes)]
    counted = {task: _count(task) for task in moved}
    TaskCount.objects.keep({task.key: by_country for task, by_country in counted.items()})
    return numbers | counted


def _kept_numbers() -> dict[Task, dict[str, int]]:
    kept = TaskCount.objects.of_today()
    return {task: kept[task.key] for task in TASKS if task.key in kept}


def _count(task: Task) -> dict[str, int]:
    return {code or NO_COUNTRY: number for code, number in _counted(task)}


def _counted(task: Task) -> QuerySet:
    records = task.choose(task.model._default_manager.all()).order_by()
    return records.values_list(task.country).annotate(number=Count("pk"))


def _may_move(task: Task, changes: set[tuple[str, str]]) -> bool:
    names = names_read(task)
    return any(table in names and (not column or column in names) for table, column in changes)


@cache
def names_read(task: Task) -> set[str]:
    """The tables and columns that stand in the query."""
    sql, _parameters = _counted(task).query.sql_with_params()
    return set(re.findall(r'"(\w+)"', sql))
