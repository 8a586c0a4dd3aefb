"""Words of records and the vocabulary as the database holds them, compared with what the records say."""

from collections import Counter

from django.db import connection

from search.models import VocabularyWord
from search.rebuilding import searchable_models
from search.record_words import words_of


def stored_words(model):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, tsvector_to_array(search_words), search_text FROM {model._meta.db_table}")  # noqa: S608
        return {record_id: (sorted(words), text) for record_id, words, text in cursor.fetchall()}


def assert_words_are_true():
    """Check that the stored words are current, record by record and in the count of every word."""
    counted = Counter()
    for model in searchable_models():
        said = {record.pk: words_of(record) for record in model.records_for_search()}
        stored = {pk: (words, text) for pk, (words, text) in stored_words(model).items()}
        assert {pk: words for pk, (words, _text) in stored.items()} == {
            pk: sorted(words.words) for pk, words in said.items()
        }
        counted.update(word for words in said.values() for word in words.words)
    in_use = VocabularyWord.objects.filter(record_count__gt=0)
    assert dict(in_use.values_list("word", "record_count")) == dict(counted)
