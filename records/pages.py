"""Records by the slug in a URL, and beginnings of lists."""

from django.http import Http404
from django.utils.functional import cached_property

from .base import DirectoryRecord, RecordQuerySet


def find_record(queryset: RecordQuerySet, slug: str) -> DirectoryRecord:
    """Return the record that has or had this slug; if its `slug` differs, the page has moved.

    Raise Http404 if there is none in the queryset.
    """
    record = queryset.filter(slug=slug).first() or queryset.with_past_slug(slug).first()
    if record is None:
        raise Http404(f"No {queryset.model.record_kind()} has or had the address {slug}")
    return record


class Beginning:
    """The first records of a list, and the number of all; two queries, one for a short list."""

    LENGTH = 8

    def __init__(self, records: RecordQuerySet):
        self._records = records

    @cached_property
    def _first(self) -> list:
        return list(self._records[: self.LENGTH + 1])

    def __iter__(self):
        return iter(self._first[: self.LENGTH])

    def __bool__(self):
        return bool(self._first)

    @cached_property
    def count(self) -> int:
        return self._records.count() if self.is_cut else len(self._first)

    @property
    def is_cut(self) -> bool:
        """Return whether the list goes on."""
        return len(self._first) > self.LENGTH
