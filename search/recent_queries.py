"""Parsed queries with their findings, kept in this process while public data are the same.

A visitor asks for the same text with each filter, page and order of a list, and for its file.
"""

from functools import lru_cache

from django.db import connection
from django.utils import timezone

from web.data_version import data_version_in_request

from .queries import Query, clean_text

# At most about a megabyte each, of a text that finds a thousand records of each kind.
MOST_KEPT = 32


def parsed(text: str, *, is_unfinished: bool = False) -> Query:
    """Return the parsed text, with all that was found for it since public data last changed, today.

    Within a transaction, whose changes nobody else sees and which may be rolled back, it is made for the caller alone.
    """
    cleaned = clean_text(text)
    if connection.in_atomic_block:
        return Query(cleaned, is_unfinished=is_unfinished)
    return _parsed(cleaned, is_unfinished, (data_version_in_request(), timezone.localdate()))


@lru_cache(maxsize=MOST_KEPT)
def _parsed(text: str, is_unfinished: bool, _state: tuple) -> Query:
    return Query(text, is_unfinished=is_unfinished)


forget_queries = _parsed.cache_clear
