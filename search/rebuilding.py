"""Updates of the words of records and the vocabulary.

`rebuild` is the only function that writes words. Triggers note every change of a record and of anything its words
depend on (`ChangedRecord`); `rebuild_changed` works the notes off after each request that may have written, at the end
of imports and by command. Until then `search.unwritten` supplies the words of these records.
"""

import json
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from itertools import batched, chain
from multiprocessing import get_context

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models, transaction
from django.db.models import Func

from .duplicates import find_pairs, forget_names, note_names
from .models import ChangedRecord, Searchable, VocabularyWord
from .record_words import RecordWords, words_of
from .spelling import similarity_keys

RECORDS_A_BATCH = 500
WORDS_A_BATCH = 5_000
# Advisory lock: one process at a time works off the notes. No other user of this database may take the key.
REBUILDING_LOCK = 7_345_001


def searchable_models() -> list[type[Searchable]]:
    """Return the searchable models; proxies share the rows of their model."""
    return [model for model in apps.get_models() if issubclass(model, Searchable) and not model._meta.proxy]


def rebuild_changed(limit: int | None = None) -> int:
    """Update the words of changed records, all or at most `limit`; return their number.

    Records locked by another transaction wait for the next run, and so does everything while another process is at
    work.
    """
    # An index scan, which is cheap if there is nothing to do.
    if ChangedRecord.objects.order_by("pk").values_list("pk").first() is None:
        return 0
    done = 0
    while limit is None or done < limit:
        with transaction.atomic():
            worked_off = _rebuild_noted(RECORDS_A_BATCH if limit is None else min(RECORDS_A_BATCH, limit - done))
        done += worked_off
        if not worked_off:
            break
    return done


def note_once():
    """Keep only the newest of several notes on one record, after changes to many records in several ways."""
    table = ChangedRecord._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {table} AS older USING {table} AS newer"  # noqa: S608 the name of a model's own table
            " WHERE older.record_table = newer.record_table AND older.record_id = newer.record_id"
            " AND older.id < newer.id"
        )


def _rebuild_noted(number: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [REBUILDING_LOCK])
        if not cursor.fetchone()[0]:
            return 0
    notes = list(ChangedRecord.objects.order_by("pk")[:number])
    return sum(_rebuild_noted_of(model, notes) for model in searchable_models())


def _rebuild_noted_of(model: type[Searchable], notes: list[ChangedRecord]) -> int:
    """Work off the notes on records of one kind, deleted ones too, except records that another transaction locks."""
    noted = {note.record_id for note in notes if note.record_table == model._meta.db_table}
    if not noted:
        return 0
    records = model._base_manager.filter(pk__in=noted)
    present = set(records.values_list("pk", flat=True))
    free = set(records.select_for_update(skip_locked=True, no_key=True).values_list("pk", flat=True))
    rebuild(model, free)
    settled = (noted - present) | free
    if noted - present:
        forget_names(model, list(noted - present))
    read = [note.pk for note in notes if note.record_table == model._meta.db_table and note.record_id in settled]
    return ChangedRecord.objects.filter(pk__in=read).delete()[0]


def rebuild(model: type[Searchable], record_ids: Iterable[int], *, count_words: bool = True):
    """Write the words of these records.

    `count_words` keeps the vocabulary in step; without it `recount_words` must follow.
    """
    records = model.records_for_search().defer("search_words", "search_text").filter(pk__in=list(record_ids))
    found = {record.pk: words_of(record) for record in records}
    if not found:
        return
    note_names(model, records)
    if count_words:
        find_pairs(model, list(found))
        _count_difference(_stored_words(model, found), found.values())
    rows = [{"id": pk, "words": " ".join(words.words), "text": words.text} for pk, words in found.items()]
    with _not_noted(), connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {model._meta.db_table} AS record"  # noqa: S608 the name of a model's own table
            " SET search_words = array_to_tsvector(string_to_array(new.words, ' ')), search_text = new.text"
            " FROM jsonb_to_recordset(%s::jsonb) AS new (id bigint, words text, text jsonb) WHERE record.id = new.id"
            " AND (record.search_words, record.search_text)"
            " IS DISTINCT FROM (array_to_tsvector(string_to_array(new.words, ' ')), new.text)",
            [json.dumps(rows)],
        )


@contextmanager
def _not_noted():
    """Turn off notes within the block: the search's own writing is no change. The setting ends with the block."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('cisfilm.rebuilding_search', 'on', true)")
        yield
        cursor.execute("SELECT set_config('cisfilm.rebuilding_search', 'off', true)")


def _stored_words(model: type[Searchable], record_ids: Iterable[int]) -> Iterator[list[str]]:
    words = Func("search_words", function="tsvector_to_array", output_field=ArrayField(models.TextField()))
    return model._base_manager.filter(pk__in=list(record_ids)).values_list(words, flat=True).iterator()


def _count_difference(before: Iterable[list[str]], after: Iterable[RecordWords]):
    """Add to the vocabulary the words that records gained, and subtract those that they lost."""
    difference = Counter(word for words in after for word in words.words)
    difference.subtract(word for words in before for word in words)
    changed = sorted((word, number) for word, number in difference.items() if number)
    if not changed:
        return
    gained = [(word, number) for word, number in changed if number > 0]
    lost = [(word, -number) for word, number in changed if number < 0]
    # In alphabetical order, so that two transactions cannot deadlock.
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO search_vocabularyword AS known (word, record_count, keys)"
            " SELECT word, number, string_to_array(keys, ' ')"
            " FROM unnest(%s::text[], %s::int[], %s::text[]) AS new (word, number, keys)"
            " ON CONFLICT (word) DO UPDATE SET record_count = known.record_count + EXCLUDED.record_count",
            [
                [word for word, _number in gained],
                [number for _word, number in gained],
                [" ".join(similarity_keys(word)) for word, _number in gained],
            ],
        )
        cursor.execute(
            "UPDATE search_vocabularyword AS known SET record_count = greatest(record_count - number, 0)"
            " FROM unnest(%s::text[], %s::int[]) AS lost (word, number) WHERE known.word = lost.word",
            [[word for word, _number in lost], [number for _word, number in lost]],
        )
    VocabularyWord.objects.filter(word__in=[word for word, _number in lost], record_count=0).delete()


def rebuild_all(processes: int = 1) -> Iterator[tuple[type[Searchable], int]]:
    """Rebuild all words in batches; yield the kind and the number of records done.

    Readers find the old words of a record until its batch is written. Memory does not grow with the number of records.
    """
    ChangedRecord.objects.all().delete()
    batches = list(chain.from_iterable(map(_batches, searchable_models())))
    done = Counter()
    with _map_in(processes) as map_all:
        for (model, *_ids), number in zip(batches, map_all(_rebuild_batch, batches), strict=True):
            done[model] += number
            yield model, done[model]
        pairs = map_all(find_pairs, searchable_models())
        recount_words()
        deque(pairs, maxlen=0)


@contextmanager
def _map_in(processes: int):
    """Return a `map` that calls functions in so many processes.

    Within a transaction, whose changes others don't see, it is Python's own.
    """
    if processes == 1 or connection.in_atomic_block:
        yield map
        return
    # Each process opens a connection of its own. They begin with the first call, so none may be open until then.
    connection.close()
    with ProcessPoolExecutor(processes, mp_context=get_context("fork")) as pool:
        yield pool.map


def _batches(model: type[Searchable]) -> list[tuple[type[Searchable], int, int]]:
    """Return the model with the first and the last id of each batch."""
    ids = model._base_manager.order_by("pk").values_list("pk", flat=True)
    return [(model, batch[0], batch[-1]) for batch in batched(ids.iterator(), RECORDS_A_BATCH, strict=False)]


@transaction.atomic
def _rebuild_batch(batch: tuple[type[Searchable], int, int]) -> int:
    model, *first_and_last = batch
    locked = model._base_manager.filter(pk__range=first_and_last).select_for_update(no_key=True)
    record_ids = list(locked.values_list("pk", flat=True))
    rebuild(model, record_ids, count_words=False)
    return len(record_ids)


@transaction.atomic
def recount_words():
    """Rebuild the vocabulary from the words of the records."""
    all_words = " UNION ALL ".join(
        f"SELECT unnest(tsvector_to_array(search_words)) FROM {model._meta.db_table}"  # noqa: S608 the names of the models' own tables
        for model in searchable_models()
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [REBUILDING_LOCK])
        cursor.execute(
            "CREATE TEMPORARY TABLE counted ON COMMIT DROP AS SELECT word, count(*) AS number"  # noqa: S608 see above
            f" FROM ({all_words}) AS words (word) GROUP BY word"
        )
        cursor.execute(
            "DELETE FROM search_vocabularyword AS known"
            " WHERE NOT EXISTS (SELECT FROM counted WHERE counted.word = known.word)"
        )
    _write_counted_words()
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE counted")


def _write_counted_words():
    """Write the words whose number or keys are not as they are known; the rules for keys may have changed."""
    with connection.chunked_cursor() as reader, connection.cursor() as writer:
        reader.execute(
            "SELECT word, number, record_count, array_to_string(known.keys, ' ')"
            " FROM counted LEFT JOIN search_vocabularyword AS known USING (word)"
        )
        while rows := reader.fetchmany(WORDS_A_BATCH):
            counted = [(word, number, " ".join(similarity_keys(word))) for word, number, *_known in rows]
            new = [now for now, known in zip(counted, rows, strict=True) if now[1:] != known[2:]]
            writer.execute(
                "INSERT INTO search_vocabularyword (word, record_count, keys)"
                " SELECT word, number, string_to_array(keys, ' ')"
                " FROM unnest(%s::text[], %s::int[], %s::text[]) AS new (word, number, keys)"
                " ON CONFLICT (word) DO UPDATE SET record_count = EXCLUDED.record_count, keys = EXCLUDED.keys",
                [[now[column] for now in new] for column in range(3)],
            )
