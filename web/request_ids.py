"""Ids of records in requests."""

from collections.abc import Iterable

# Python refuses to parse an integer of more than 4,300 digits; a bigint of PostgreSQL has 19.
MOST_DIGITS = 18


def ids_in(texts: Iterable[str]) -> set[int]:
    """Return the ids among the texts; invalid ones are left out."""
    return {int(text) for text in texts if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS}
