"""Pages of the records that a search in the admin finds."""

from functools import cached_property

from django.contrib.admin.views.main import PAGE_VAR, ChangeList
from django.core.paginator import Paginator
from django.db.models import Count, Q, Window
from django.db.models.constants import LOOKUP_SEP

# In digits.
LONGEST_PAGE_NUMBER = 6


class FoundPages(Paginator):
    """The pages of a search, of which one is looked at.

    A word that a third of all records have is looked for only once: its records are counted, and the keys of those on
    the page sorted out, in one query; the records themselves are loaded after that. Django's own paginator looks for
    the word once to count and once more to sort, with all columns of everything it finds.
    """

    def __init__(self, found, per_page, *args, records, number, **kwargs):
        super().__init__(found, per_page, *args, **kwargs)
        self.records = records
        self.number = number

    @cached_property
    def _keys_and_count(self):
        first = (self.number - 1) * self.per_page
        counted = self.object_list.annotate(found_count=Window(Count("*"))).values_list("pk", "found_count")
        rows = list(counted[first : first + self.per_page])
        if rows:
            return [key for key, _count in rows], rows[0][1]
        # Beyond the last page there is nothing to count by.
        return [], self.object_list.count() if first else 0

    @cached_property
    def count(self):
        return self._keys_and_count[1]

    def page(self, number):
        if number != self.number:
            return super().page(number)
        number = self.validate_number(number)
        keys, _count = self._keys_and_count
        loaded = self.records.in_bulk(keys)
        return self._get_page([loaded[key] for key in keys if key in loaded], number, self)


class FoundRecords(ChangeList):
    """A list whose only page is shown as its paginator found it, too."""

    def get_results(self, request):
        super().get_results(request)
        if isinstance(self.paginator, FoundPages) and not self.multi_page:
            self.result_list = self.paginator.page(1).object_list


def ids_with_word(model, search_fields, word):
    """Ids of the records with the word somewhere in these fields, as typed.

    Django's own search looks through all fields of all records in one condition; here each related table answers by
    itself, and by its index.
    """
    conditions = {}
    for field in search_fields:
        path, _sep, _name = field.removesuffix("__exact").rpartition(LOOKUP_SEP)
        lookup = field if field.endswith("__exact") else f"{field}__icontains"
        conditions[path] = conditions.get(path, Q()) | Q(**{lookup: word})
    first, *others = (
        model._base_manager.filter(condition).order_by().values("pk") for condition in conditions.values()
    )
    return first.union(*others) if others else first


def page_asked_for(request) -> int:
    """Return the number of the page; what is no page of any list must not reach the database as an offset."""
    number = request.GET.get(PAGE_VAR, "")
    return max(int(number), 1) if number.isdecimal() and len(number) <= LONGEST_PAGE_NUMBER else 1
