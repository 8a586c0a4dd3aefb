"""Records that hold given words, read by the index alone and at most so many."""

from collections.abc import Collection, Iterable

from django.db import connection, models


def ids_with_words(model: type[models.Model], groups: Iterable[Collection[str]], limit: int) -> list[int]:
    """Return ids of at most `limit` records that hold a word of each group."""
    groups = list(groups)
    if not all(groups):
        return []
    # Folded words are letters and digits, so nothing needs escaping.
    text = " & ".join(f"({' | '.join(f"'{word}'" for word in sorted(group))})" for group in groups)
    with connection.cursor() as cursor:
        # One request and one transaction. The planner does not know how slow it is to read these words row by row.
        cursor.execute(
            "SET LOCAL enable_seqscan = off;"  # noqa: S608 the name of a model's own table
            f" SELECT id FROM {model._meta.db_table} WHERE search_words @@ %s::tsquery LIMIT %s;"
            " SET LOCAL enable_seqscan = on",
            [text, limit],
        )
        cursor.nextset()
        return [record_id for (record_id,) in cursor.fetchall()]
