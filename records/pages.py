"""Records by the slug in a URL."""

import re
from collections.abc import Collection

from django.http import Http404

from .base import DirectoryRecord, RecordQuerySet

_PAGE = re.compile(r"(?:https?://[^/\s]+)?(?:/[a-z]{2})?/([a-z]+)/([a-z0-9-]+)/?")


def slug_of_page(address: str, sections: Collection[str]) -> str | None:
    """Return the slug in the URL or path of a record's page below one of these sections of the site."""
    found = _PAGE.fullmatch(address.strip())
    return found[2] if found and found[1] in sections else None


def find_record(queryset: RecordQuerySet, slug: str) -> DirectoryRecord:
    """Return the record that has or had this slug; if its `slug` differs, the page has moved.

    Raise Http404 if there is none in the queryset.
    """
    record = queryset.filter(slug=slug).first() or queryset.with_past_slug(slug).first()
    if record is None:
        raise Http404(f"No {queryset.model.record_kind()} has or had the address {slug}")
    return record
