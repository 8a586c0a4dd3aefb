"""Counts of the dashboard, by country and task."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlencode

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from editors.accounts.limits import country_codes
from institutions.models import INTERNATIONAL, Country, InstitutionContact
from records.checks import AGEING_MONTHS

from .counting import NO_COUNTRY, numbers_by_country
from .tasks import TASKS, Task

NEXT_UP = 5


@dataclass(frozen=True)
class Cell:
    """Number of records of one country for a task, and the list of exactly these."""

    task: Task
    number: int
    address: str


@dataclass(frozen=True)
class Column:
    """Task with the list of its records in all of the editor's countries."""

    task: Task
    address: str

    @property
    def id(self) -> str:
        """Return the HTML id that connects the heading with its explanation."""
        return f"desk-{slugify(self.task.key.replace('/', '-').replace('.', '-'))}"


@dataclass(frozen=True)
class Row:
    """Counts of one country, in the order of the columns."""

    name: str
    cells: list[Cell]


@dataclass(frozen=True)
class Work:
    """All open tasks of an editor. Tasks without records have no column."""

    tasks: list[Task]
    done: list[Task]
    rows: list[Row]

    @property
    def columns(self) -> list[Column]:
        return [Column(task, list_address(task)) for task in self.tasks]

    @property
    def groups(self) -> Iterator[tuple[str, list[Task]]]:
        """Return headings over the columns, each with the tasks below it."""
        for group, tasks in groupby(self.tasks, key=lambda task: task.group):
            yield group, list(tasks)


def list_address(task: Task, **choice: str) -> str:
    """Return the URL of the task's list, the oldest first if age matters."""
    if task.page:
        return f"{reverse(task.page)}?{urlencode(choice)}"
    parameters = {"task": task.name, **choice}
    if task.oldest_by:
        # The admin counts columns from one, because the first column is the check box.
        parameters["o"] = admin.site.get_model_admin(task.model).list_display.index(task.oldest_by) + 1
    return f"{_list_page(task)}?{urlencode(parameters)}"


def _list_page(task: Task) -> str:
    return reverse(f"admin:{task.model._meta.app_label}_{task.model._meta.model_name}_changelist")


def work_for(request: HttpRequest) -> Work:
    """Return the open tasks of this editor in their countries."""
    allowed = [task for task in TASKS if admin.site.get_model_admin(task.model).has_view_permission(request)]
    counted = numbers_by_country()
    numbers = {task: counted[task] for task in allowed}
    countries = _countries(request, numbers)
    tasks = [task for task in allowed if any(code in numbers[task] for code, _name in countries)]
    rows = [Row(name, [_cell(task, code, numbers) for task in tasks]) for code, name in countries]
    return Work(tasks, [task for task in allowed if task not in tasks], rows)


def _cell(task, code, numbers):
    return Cell(task, numbers[task].get(code, 0), list_address(task, country=code or INTERNATIONAL))


def next_contacts(request: HttpRequest) -> list[InstitutionContact]:
    """Return the out-of-date contacts of institutions that were unconfirmed for longest."""
    contacts = admin.site.get_model_admin(InstitutionContact)
    if not contacts.has_change_permission(request):
        return []
    out_of_date = contacts.get_queryset(request).shown().checked_before(AGEING_MONTHS)
    return list(out_of_date.longest_unchecked()[:NEXT_UP])


def _countries(request, numbers):
    """Return code and name of every row: all of the editor's countries, then records without one."""
    codes = country_codes(request.user)
    countries = Country.objects.all() if codes is None else Country.objects.filter(code__in=codes)
    waiting = {code for by_country in numbers.values() for code in by_country}
    shown = [country for country in countries if country.is_listed or country.code in waiting]
    rows = sorted(((country.code, country.name) for country in shown), key=lambda row: row[1])
    if codes is None and NO_COUNTRY in waiting:
        rows.append((NO_COUNTRY, _("international, or no country given")))
    return rows
