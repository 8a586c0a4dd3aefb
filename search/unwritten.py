"""Current words of records that changed since their words were stored, computed for one query.

A search only reads. The stored words of a record noted in `ChangedRecord` may be out of date, even those of something
hidden since, so they are not used: the current words are computed as `search.rebuilding` will write them.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable

from django.db.models import QuerySet

from .models import ChangedRecord, Searchable
from .rebuilding import searchable_models
from .record_words import RecordWords, words_of

# Most changed records whose words one query computes. Others are not found until their words are written.
MOST_READ = 200


class UnwrittenWords:
    """Changed records of each kind with their current words."""

    def __init__(self):
        noted = defaultdict(set)
        # The newest first: people look for what they have just saved.
        newest = ChangedRecord.objects.order_by("-pk").values_list("record_table", "record_id")
        for table, record_id in newest[:MOST_READ]:
            noted[table].add(record_id)
        self._are_there = bool(noted)
        self._known = {
            model: _words_now(model, noted[model._meta.db_table])
            for model in searchable_models()
            if model._meta.db_table in noted
        }
        # Number of these records that each word is in.
        self.vocabulary = Counter(
            word for records in self._known.values() for words in records.values() for word in words.words
        )

    def __bool__(self):
        return self._are_there

    def of(self, model: type[Searchable]) -> dict[int, RecordWords]:
        return self._known.get(model, {})

    def without_changed(self, records: QuerySet) -> QuerySet:
        """Return the records whose stored words are up to date."""
        return records.exclude(pk__in=_noted_ids(records.model)) if self else records

    def texts_of(self, records: QuerySet) -> list[tuple[int, dict[str, list[str]]]]:
        """Return id and text of each of these records that has changed and is public."""
        known = self.of(records.model)
        fitting = records.filter(pk__in=known).values_list("pk", flat=True) if known else ()
        return [(pk, known[pk].text) for pk in fitting if known[pk].words]

    @staticmethod
    def noted_ids(model: type[Searchable]) -> QuerySet:
        """Return the ids of all changed records of the kind."""
        return _noted_ids(model._meta.concrete_model).values_list("record_id", flat=True)

    def texts(self, candidates: QuerySet) -> list[tuple[int, dict[str, list[str]]]]:
        """Return id and text of each changed record, starting with those that the stored words found as candidates."""
        if not self:
            return []
        model = candidates.model
        known = self.of(model)
        brought_up = candidates.filter(pk__in=_noted_ids(model)).exclude(pk__in=known)
        found = _words_now(model, brought_up.values_list("pk", flat=True)[:MOST_READ]) | known
        return [(pk, words.text) for pk, words in found.items() if words.words]


def _noted_ids(model: type[Searchable]) -> QuerySet:
    return ChangedRecord.objects.filter(record_table=model._meta.db_table).values("record_id")


def _words_now(model: type[Searchable], record_ids: Iterable[int]) -> dict[int, RecordWords]:
    records = model.records_for_search().defer("search_words", "search_text").filter(pk__in=list(record_ids))
    return {record.pk: words_of(record) for record in records}
