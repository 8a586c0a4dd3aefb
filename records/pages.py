"""Finding the record that a page's address means."""

from django.http import Http404

from .base import DirectoryRecord, RecordQuerySet


def find_record(queryset: RecordQuerySet, slug: str) -> DirectoryRecord:
    """The record that has this address, or had it before: then its `slug` differs and the page has moved.

    Raises Http404 where neither is in the queryset.
    """
    record = queryset.filter(slug=slug).first() or queryset.with_past_slug(slug).first()
    if record is None:
        raise Http404(f"No {queryset.model.record_kind()} has or had the address {slug}")
    return record
