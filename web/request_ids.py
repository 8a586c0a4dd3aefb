"""Ids of records in requests, where anybody can send anything."""

from collections.abc import Iterable

# Python refuses to read a number of more than 4,300 digits; a bigint of PostgreSQL has 19.
MOST_DIGITS = 18


def ids_in(texts: Iterable[str]) -> set[int]:
    """Return the ids among the texts; anything else names no record and is left out."""
    return {int(text) for text in texts if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS}
