"""Records whose names may be any of many texts, found by a few queries; which one it is, their room judges."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from django.db.models import QuerySet

from languages.folding import fold_for_search

from .duplicates import common_words, folded_keys, name_keys, place_words
from .models import ChangedRecord, RecordNames, VocabularyWord
from .spelling import likeness, similarity_keys

# Records of one name that are looked at: the key of a whole name weighs as much as so many words.
MOST_OF_ONE, WHOLE_NAME = 30, 4
# Names and words read by one query.
MOST_READ = 20_000
# Known words that a misspelt one may stand for.
MEANT_BY_ONE = 3
SHORTEST_MISSPELT = 4


def candidates(records: QuerySet, names: Iterable[str]) -> dict[str, list[int]]:
    """Return ids of those of the records that share words with each name, also misspelt ones, the likest first."""
    folded = {name: fold_for_search(name) for name in names}
    meant = _words_meant(folded.values())
    keys = {name: set(name_keys([(name, "")])) | _keys_of_mended(text, meant) for name, text in folded.items()}
    known = _ids_by_key(records, set().union(*keys.values())) if keys else {}
    return {name: _likest(its_keys, known) for name, its_keys in keys.items()}


def _likest(keys: set[str], known: Mapping[str, set[int]]) -> list[int]:
    found = Counter()
    for key in keys:
        weight = WHOLE_NAME if key.startswith("=") else 1
        found.update(dict.fromkeys(known.get(key, ()), weight))
    return [record_id for record_id, _weight in found.most_common(MOST_OF_ONE)]


def _keys_of_mended(folded: str, meant: Mapping[str, list[str]]) -> set[str]:
    words = folded.split()
    if meant.keys().isdisjoint(words):
        return set()
    choices = [meant.get(word, [word]) for word in words]
    ways = (" ".join(choice[min(way, len(choice) - 1)] for choice in choices) for way in range(MEANT_BY_ONE))
    return {key for way in ways for key in folded_keys(way)}


def _words_meant(texts: Iterable[str]) -> dict[str, list[str]]:
    """Return known words by each word that is none, the likest first."""
    words = {word for text in texts for word in text.split() if len(word) >= SHORTEST_MISSPELT} - common_words()
    words -= set(VocabularyWord.objects.filter(word__in=words).values_list("word", flat=True))
    keys = {word: similarity_keys(word) for word in words}
    every = {key for its_keys in keys.values() for key in its_keys}
    known = defaultdict(set)
    alike = VocabularyWord.objects.filter(keys__overlap=list(every)) if every else VocabularyWord.objects.none()
    for word, its_keys in alike.values_list("word", "keys")[:MOST_READ]:
        for key in its_keys:
            known[key].add(word)
    return {word: best for word in words if (best := _likest_words(word, set().union(*(known[k] for k in keys[word]))))}


def _likest_words(word: str, others: set[str]) -> list[str]:
    scored = sorted(((likeness(word, other), other) for other in others), reverse=True)
    return [other for score, other in scored[:MEANT_BY_ONE] if score]


def _ids_by_key(records: QuerySet, keys: set[str]) -> dict[str, set[int]]:
    model, found = records.model._meta.concrete_model, defaultdict(set)
    table, ids = model._meta.db_table, records.order_by().values("pk")
    changed = ChangedRecord.objects.filter(record_table=table).values("record_id")
    noted = RecordNames.objects.filter(record_table=table, record_id__in=ids).exclude(record_id__in=changed)
    # Whole names are few, so that words in many names don't crowd them out.
    for sort in ("=", "~"):
        wanted = [key for key in keys if key.startswith(sort)]
        for record_id, its_keys in noted.filter(keys__overlap=wanted).values_list("record_id", "keys")[:MOST_READ]:
            for key in keys.intersection(its_keys):
                found[key].add(record_id)
    # Their keys are out of date.
    for record in records.filter(pk__in=changed)[:MOST_READ]:
        for key in keys.intersection(name_keys(record.names_to_search(), place_words(record))):
            found[key].add(record.pk)
    return found
