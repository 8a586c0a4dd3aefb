"""Records by the slug in a URL."""

from django.http import Http404

from .base import DirectoryRecord, RecordQuerySet


def find_record(queryset: RecordQuerySet, slug: str) -> DirectoryRecord:
    """Return the record that has or had this slug; if its `slug` differs, the page has moved.

    Raise Http404 if there is none in the queryset.
    """
    record = queryset.filter(slug=slug).first() or queryset.with_past_slug(slug).first()
    if record is None:
        raise Http404(f"No {queryset.model.record_kind()} has or had the address {slug}")
    return record
