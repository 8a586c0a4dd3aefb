"""Records with a name that looks like the typed text, where its words alone find nothing.

The last layer of the search, for names of any language: one measure of likeness over whole folded names, no rule of a
language. Its answers are shown apart, as similar names.
"""

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from itertools import combinations, pairwise

from django.db import connection, models
from rapidfuzz import fuzz

from languages.folding import fold_for_search

from .candidates import ids_with_words
from .context_words import kind_words
from .models import NamedText
from .queries import COMMON_WORD, LOOKALIKES_FETCHED, Query
from .record_words import WORD_MAX_LENGTH, foldings
from .spelling import similarity_keys, stems
from .word_forms import joining_words

# Bounds of the work for one query.
WORDS_COMPARED = 4
PAIRS_COMPARED = 3
WORDS_FETCHED = 200
WORDS_KEPT = 20
CANDIDATES_COMPARED = 400
# Shorter words share their three-letter pieces with too many others.
SHORTEST_WORD = 3
# From 0 to 100, of a word and of a whole name; chosen with names in two scripts (tests/bench/outside_names.py).
LEAST_WORD_LIKENESS = 45
LEAST_NAME_LIKENESS = 58
# The same for a text that says a kind: it is rather the name of a body elsewhere.
LEAST_LIKENESS_OF_A_BODY = 70
# A single word says less, the shorter the less: so much more for each letter under this number.
LONG_WORD = 8
MORE_FOR_A_SHORT_WORD = 5
# A text so like a whole name is the name, however its words are divided: an answer, not only a similar name.
THE_SAME_NAME = 88
SHORTEST_WHOLE_NAME = 8
# The same for a long part of a name, which is worth so much less.
SHORTEST_PART_OF_A_NAME = 12
PART_OF_A_NAME = 2
# At least so much the words that tell are like a part of the name: only the kind is common to unions of two countries.
SURE_PART = 88
# How far below the best a name may be and still be shown.
MARGIN = 12
# A likeness of words in any order is worth a little less than one of the whole name.
WORD_BY_WORD = 0.92
# So much is one word worth that is nearly the same as one of the name, among words that are not.
ONE_WORD = 0.65

_SIMILAR_WORDS = """
(SELECT word, record_count FROM search_vocabularyword
  WHERE word %% %(word)s ORDER BY similarity(word, %(word)s) DESC LIMIT %(fetched)s)
UNION
(SELECT word, record_count FROM search_vocabularyword WHERE keys && %(keys)s::text[] LIMIT %(lookalikes)s)
"""


def similar_names(model: type[models.Model], query: Query) -> list[tuple[int, float]]:
    """Return ids of public records and the likeness (0 to 100) of their names to the text, the likest first."""
    if model not in query.similar_names:
        query.similar_names[model] = _similar_names(model, query)
    return query.similar_names[model]


def same_names(model: type[models.Model], query: Query) -> list[tuple[int, float]]:
    """Return those of the similar names that are the same but for the division into words and few letters."""
    if len(fold_for_search(query.text).replace(" ", "")) < SHORTEST_WHOLE_NAME:
        return []
    return [found for found in similar_names(model, query) if found[1] >= THE_SAME_NAME]


def _similar_names(model, query: Query) -> list[tuple[int, float]]:
    typed = fold_for_search(query.text)
    if query.similar_words is None:
        # Once a query, however many kinds of records it is asked of.
        query.similar_words = _groups(query) if query.as_typed else []
    best: dict[int, float] = {}
    for record_id, text in _candidates(model, query.similar_words, query):
        likeness = max((name_likeness(typed, name) for name in text.get("names", ())), default=0.0)
        best[record_id] = max(likeness, best.get(record_id, 0.0))
    least = max(_least_likeness(typed), max(best.values(), default=0.0) - MARGIN)
    return sorted(((pk, found) for pk, found in best.items() if found >= least), key=lambda item: (-item[1], item[0]))


def _least_likeness(typed: str) -> float:
    words = _telling(typed)
    says_kind = any(word not in words and word not in joining_words() for word in typed.split())
    missing = LONG_WORD - len(words[0]) if len(words) == 1 else 0
    return (LEAST_LIKENESS_OF_A_BODY if says_kind else LEAST_NAME_LIKENESS) + MORE_FOR_A_SHORT_WORD * max(missing, 0)


def likest_name(query: Query, names: list[NamedText]) -> int | None:
    """Return the place of the name that looks most like the text, the first of several."""
    typed = fold_for_search(query.text)
    likeness = [max((name_likeness(typed, folded) for folded in foldings(*name)), default=0.0) for name in names]
    return likeness.index(max(likeness)) if likeness else None


@lru_cache(maxsize=65536)
def name_likeness(typed: str, name: str) -> float:
    """Return the likeness of two folded texts, 0 to 100: as they stand, without spaces, and word by word.

    Words for kinds count only where the whole texts are nearly the same: "film school in Prague" is like no other one.
    """
    whole = max(fuzz.ratio(typed, name), fuzz.ratio(typed.replace(" ", ""), name.replace(" ", "")))
    own, others = _telling(typed), _telling(name)
    letters, letters_of_name = "".join(own), name.replace(" ", "")
    part = fuzz.partial_ratio(letters, letters_of_name) if len(letters) <= len(letters_of_name) else 0.0
    if len(letters) >= SHORTEST_PART_OF_A_NAME:
        whole = max(whole, part - PART_OF_A_NAME)
    if own and part >= SURE_PART and whole >= THE_SAME_NAME:
        return whole
    if not (own and others):
        return 0.0
    likeness = {word: max(fuzz.ratio(word, other) for other in others) for word in own}
    each = sum(len(word) * likeness[word] for word in own) / sum(map(len, own))
    likest = max(fuzz.ratio(letters, "".join(others)), WORD_BY_WORD * each, ONE_WORD * max(likeness.values()))
    return min(likest, THE_SAME_NAME - 1)


@lru_cache(maxsize=65536)
def _telling(text: str) -> tuple[str, ...]:
    """Return the words of a folded text that are neither for kinds nor joining."""
    return tuple(word for word in text.split() if word not in joining_words() and kind_words().isdisjoint(stems(word)))


def _groups(query: Query) -> list[dict[str, int]]:
    """Return for each word that tells, and for two neighbours as one, the words like it with their records' numbers."""
    typed = fold_for_search(query.text)
    words = sorted(_telling(typed), key=len, reverse=True)[:WORDS_COMPARED]
    pairs = [first + second for first, second in pairwise(typed.split()) if {first, second} & set(words)]
    common = {text: count for word in query.as_typed[0].words for text, count in word.counts.items()}
    groups = []
    for word in dict.fromkeys([*words, *sorted(pairs, key=len, reverse=True)[:PAIRS_COMPARED]]):
        if common.get(word, 0) >= COMMON_WORD:
            groups.append({word: common[word]})
        elif len(word) >= SHORTEST_WORD:
            groups.append(_similar_words(word[:WORD_MAX_LENGTH], query.unwritten.vocabulary))
    return [group for group in groups if group]


def _similar_words(word: str, further: Counter[str]) -> dict[str, int]:
    """Return words that look like the word with the number of records that hold each; `further` are not written yet."""
    with connection.cursor() as cursor:
        cursor.execute(
            _SIMILAR_WORDS,
            {
                "word": word,
                "keys": similarity_keys(word),
                "fetched": WORDS_FETCHED,
                "lookalikes": LOOKALIKES_FETCHED,
            },
        )
        found = further | Counter(dict(cursor.fetchall()))
    likeness = {other: fuzz.ratio(word, other) for other in found}
    likest = sorted((other for other in found if likeness[other] >= LEAST_WORD_LIKENESS), key=lambda o: -likeness[o])
    return {other: found[other] for other in likest[:WORDS_KEPT]}


def _candidates(model, groups: list[dict[str, int]], query: Query) -> Iterable[tuple[int, dict[str, list[str]]]]:
    """Return ids and texts of at most `CANDIDATES_COMPARED` records, first those in which two words have a like one."""
    records = model._meta.concrete_model._base_manager.order_by()
    rare, total = [], 0
    for word, count in sorted(((w, n) for group in groups for w, n in group.items()), key=lambda item: item[1]):
        total += count
        if total > CANDIDATES_COMPARED:
            break
        rare.append(word)
    ids: dict[int, None] = {}
    for asked in [*combinations(groups, 2), *([[rare]] if rare else [])]:
        ids |= dict.fromkeys(ids_with_words(records.model, asked, CANDIDATES_COMPARED - len(ids)))
        if len(ids) >= CANDIDATES_COMPARED:
            break
    fitting = records.filter(pk__in=list(ids))
    settled = query.unwritten.without_changed(fitting).values_list("pk", "search_text")
    return [*settled, *query.unwritten.texts(fitting)]
