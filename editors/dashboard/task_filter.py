"""Filter of a list by task: the same records that the dashboard counts."""

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.utils.translation import gettext_lazy as _

from .tasks import tasks_of


class TaskFilter(admin.SimpleListFilter):
    """Admin list filter by task."""

    title = _("task")
    parameter_name = "task"

    def __init__(self, request, params, model, model_admin):
        self.tasks = {task.name: task for task in tasks_of(model)}
        super().__init__(request, params, model, model_admin)

    def lookups(self, request, model_admin):
        return [(name, str(task)) for name, task in self.tasks.items()]

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        if self.value() not in self.tasks:
            raise IncorrectLookupParameters
        return self.tasks[self.value()].choose(queryset)
