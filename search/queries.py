"""What a typed text may mean: its folded words, and for each the words of the vocabulary that it may stand for."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from math import log

from django.db import connection

from languages.keyboards import other_layouts
from languages.romanisation import DOTTED_ACRONYM, fold_for_search

from .context_words import FOREIGN_SPELLINGS, kind_words, same_meaning
from .rebuilding import searchable_models
from .record_words import WORD_MAX_LENGTH
from .spelling import is_inflected, likeness, similarity_keys
from .unwritten import UnwrittenWords

# What is typed beyond these is not looked for, and the page says so.
QUERY_MAX_LENGTH = 200
QUERY_MAX_WORDS = 12
# Only so much is cleaned at all.
RAW_MAX_LENGTH = 4_000

# Candidates fetched for a word, and how many of them are kept.
EXTENSIONS_FETCHED = 60
LOOKALIKES_FETCHED = 4_000
ALTERNATIVES_KEPT = 30
REMOTE_TOLERANCE = 1.7
REMOTE_KEPT = 5
# A word that stands in so many records is no slip of another one.
COMMON_WORD = 200
SHORTEST_PART = 4
# Letters typed after a whole word of the vocabulary.
LONGEST_TAIL = 3

FOREIGN = 0.97
# A word that means the same in another language: "дни" for "days".
TRANSLATED = 0.86
INFLECTED = 0.9
# How much less a reading counts that is not as typed.
OTHER_KEYBOARD = 0.93
REGROUPED = 0.97
# Two letters at the beginning of a word are hardly a word.
TWO_LETTERS = 0.5

# Words that join names and say nothing; folded.
JOINING_WORDS = frozenset(
    fold_for_search(
        "a an and at by for from in of on or the to with und der die das des von für et de la le les du "
        "и в во на по при с со о об от для им имени г город и.о. named after "
        "və üçün мен және жана ва va bilan si și din ale lui pentru և"
    ).split()
)
KIND_WEIGHT = 0.45
JOINING_WEIGHT = 0.05
PATRONYMIC_WEIGHT = 0.15
INITIAL_WEIGHT = 0.3
GUESSED_WEIGHT = 0.8
LEAST_WEIGHT = 0.08
_PATRONYMIC = re.compile(".{3,}(ovich|evich|ich|ovna|evna|ichna|ogli|oglu|ugli|uli|kizi|gizi|givna|zade)$")


@dataclass
class QueryWord:
    """One folded word of a query, and with what likeness (0 to 1) it may stand for words of the vocabulary."""

    text: str
    # The same word folded by the rules of languages in which visitors write the region's names.
    foreign: tuple[str, ...] = ()
    is_initial: bool = False
    alternatives: dict[str, float] = field(default_factory=dict)
    # Number of records that hold one of the closest alternatives, and any of them.
    record_count: int = 0
    candidate_count: int = 0
    is_known: bool = False
    # What it may stand for with more slips than that; only where nothing is closer.
    remote: dict[str, float] = field(default_factory=dict)
    weight: float = 1.0


@dataclass
class Reading:
    """One way to read a query: as typed, on another keyboard, with words joined or parted."""

    words: list[QueryWord]
    # How much a reading that is not as typed has to be better.
    trust: float = 1.0

    @cached_property
    def weight(self) -> float:
        return sum(word.weight for word in self.words) or 1.0

    def loosened(self, names: Iterable[str] = ()) -> "Reading":
        """The same, with more slips allowed in words that stand for nothing, and for these words of names in any."""
        words = []
        # What was typed as it stands there is not meant a second time.
        others = set(names) - {word.text for word in self.words}
        for word in self.words:
            remote = {other: likeness(word.text, other, tolerance=REMOTE_TOLERANCE) for other in others}
            alternatives = {other: quality for other, quality in remote.items() if quality} | word.alternatives
            words.append(replace(word, alternatives=alternatives or word.remote))
        return Reading(words, self.trust)


def clean_text(text: str) -> str:
    """The text without control and format characters, spaces made one, cut at a length that no name has."""
    # A soft hyphen or a mark of direction stands within a word, a line break between two.
    text = "".join(character for character in text[:RAW_MAX_LENGTH] if unicodedata.category(character) != "Cf")
    visible = "".join(" " if unicodedata.category(character)[0] in "CZ" else character for character in text)
    return " ".join(visible.split())[:QUERY_MAX_LENGTH].strip()


class Query:
    """A typed text, understood: its readings in the order in which they are to be tried."""

    def __init__(self, text: str):
        self.text = clean_text(text)
        # By kind of record; `search.records.find` fills it.
        self.findings: dict = {}

    def __str__(self):
        return self.text

    @cached_property
    def unwritten(self) -> UnwrittenWords:
        return UnwrittenWords()

    @cached_property
    def as_typed(self) -> list[Reading]:
        return _readings(self.text, self.unwritten.vocabulary, trust=1.0)

    @cached_property
    def on_other_keyboards(self) -> list[Reading]:
        further = self.unwritten.vocabulary
        texts = other_layouts(self.text)
        readings = [reading for text in texts for reading in _readings(text, further, trust=OTHER_KEYBOARD)]
        # Two letters that another keyboard makes of a cat's walk are no name.
        return [reading for reading in readings if any(len(word.text) > 2 for word in reading.words)]


def _readings(text: str, further: Counter[str], *, trust: float) -> list[Reading]:
    """How the text may be read; `further` words with their counts are not in the vocabulary yet."""
    words = _query_words(text)
    if not words:
        return []
    _look_up(words, further)
    readings = [Reading(words, trust)]
    regrouped = _regrouped(words, further)
    if regrouped:
        _look_up(regrouped, further)
        readings.append(Reading(regrouped, trust * REGROUPED))
    total = _number_of_records()
    for reading in readings:
        for word in reading.words:
            word.weight = _weight(word, total)
    return readings


def _query_words(text: str) -> list[QueryWord]:
    text = DOTTED_ACRONYM.sub(lambda match: match[0].replace(".", ""), text)
    words = []
    for part in text.split():
        folded = fold_for_search(part).split()
        # "N. Mikhalkov", "Ш. Мамедова": the letter before folding decides, for some letters fold to two.
        is_initial = len(re.sub(r"[\W_]", "", part)) == 1 and not part.isdigit()
        if len(folded) == 1 and not is_initial:
            foreign = {fold_for_search(part, language)[:WORD_MAX_LENGTH] for language in FOREIGN_SPELLINGS}
            foreign = {spelling for spelling in foreign - {folded[0]} if len(spelling) >= SHORTEST_PART}
            words.append(QueryWord(folded[0][:WORD_MAX_LENGTH], tuple(sorted(foreign))))
        else:
            words += [QueryWord(word[:WORD_MAX_LENGTH], is_initial=len(word) == 1 or is_initial) for word in folded]
    return words[:QUERY_MAX_WORDS]


_LOOK_UP = """
SELECT word, record_count FROM search_vocabularyword WHERE word = ANY(%(exact)s::text[])
UNION (
  SELECT word, record_count FROM search_vocabularyword
  WHERE word >= %(word)s AND word < %(word)s || '~' AND length(%(word)s) >= 2
  ORDER BY record_count DESC LIMIT %(extensions)s
)
"""
_LOOK_UP_PARTS = """
SELECT word, record_count FROM search_vocabularyword WHERE word LIKE '%%' || %(word)s || '%%' LIMIT %(extensions)s
"""
_LOOK_UP_LOOKALIKES = """
SELECT word, record_count FROM search_vocabularyword WHERE keys && %(keys)s::text[] LIMIT %(lookalikes)s
"""


def _look_up(words: list[QueryWord], further: Counter[str]):
    """Find what each word may stand for."""
    with connection.cursor() as cursor:
        for word in words:
            _look_up_word(cursor, word, further)


def _look_up_word(cursor, word: QueryWord, further: Counter[str]):
    meanings = same_meaning(word.text)
    beginnings = [word.text[:place] for place in range(SHORTEST_PART, len(word.text))]
    parameters = {
        "word": word.text,
        "exact": [word.text, *beginnings, *word.foreign, *meanings],
        "keys": sorted({key for spelling in (word.text, *word.foreign) for key in similarity_keys(spelling)}),
        "extensions": EXTENSIONS_FETCHED,
        "lookalikes": LOOKALIKES_FETCHED,
    }
    cursor.execute(_LOOK_UP, parameters)
    found = further | Counter({text: count for text, count in cursor.fetchall() if count})
    word.is_known = word.text in found
    if not word.is_initial and found.get(word.text, 0) < COMMON_WORD:
        if len(word.text) >= SHORTEST_PART:
            cursor.execute(_LOOK_UP_PARTS, parameters)
            found |= {text: count for text, count in cursor.fetchall() if count}
        cursor.execute(_LOOK_UP_LOOKALIKES, parameters)
        found |= {text: count for text, count in cursor.fetchall() if count}
    judged = sorted(((_likeness_of_word(word, text, meanings), text) for text in found), reverse=True)
    word.alternatives = {text: quality for quality, text in judged[:ALTERNATIVES_KEPT] if quality > 0}
    if not word.alternatives and not word.is_initial:
        word.remote = _remote(word.text, found)
    best = max(word.alternatives.values(), default=0)
    word.candidate_count = sum(found[text] for text in word.alternatives)
    word.record_count = sum(found[text] for text, quality in word.alternatives.items() if quality >= best - 0.05)


def _remote(typed: str, found: Iterable[str]) -> dict[str, float]:
    judged = sorted(((likeness(typed, text, tolerance=REMOTE_TOLERANCE), text) for text in found), reverse=True)
    return {text: quality for quality, text in judged[:REMOTE_KEPT] if quality > 0}


def _likeness_of_word(word: QueryWord, text: str, meanings: frozenset[str]) -> float:
    """From 0 to 1: the same word, a beginning or part of it, a misspelling, a translation."""
    typed = word.text
    if typed == text:
        return 1.0
    if word.is_initial:
        return 0.0
    quality = max(likeness(typed, text), *(FOREIGN * likeness(foreign, text) for foreign in word.foreign), 0)
    if is_inflected(typed, text):
        quality = max(quality, INFLECTED)
    if text in meanings:
        quality = max(quality, TRANSLATED)
    if text.startswith(typed):
        quality = max(quality, 0.6 + 0.35 * len(typed) / len(text) if len(typed) > 2 else TWO_LETTERS)
    elif typed.startswith(text) and len(typed) - len(text) <= LONGEST_TAIL and len(text) >= SHORTEST_PART:
        quality = max(quality, 0.5 + 0.4 * len(text) / len(typed))
    elif len(typed) >= SHORTEST_PART and typed in text:
        quality = max(quality, 0.45 + 0.35 * len(typed) / len(text))
    return quality


def _weight(word: QueryWord, number_of_records: int) -> float:
    """How much the word tells: rare words much, words for kinds and joining words little."""
    if word.text in JOINING_WORDS and not word.is_initial:
        return JOINING_WEIGHT
    if word.is_initial:
        return INITIAL_WEIGHT
    if not word.alternatives:
        return PATRONYMIC_WEIGHT if _PATRONYMIC.match(word.text) else KIND_WEIGHT if word.text in kind_words() else 1.0
    weight = log(1 + number_of_records / (1 + word.record_count)) / log(1 + number_of_records / 2)
    if _is_guessed(word):
        # However common the word that it may be, it is not typed often.
        weight = max(weight, GUESSED_WEIGHT)
    if word.text in kind_words():
        weight *= KIND_WEIGHT
    return max(LEAST_WEIGHT, min(weight, 1.0))


def _is_guessed(word: QueryWord) -> bool:
    """Whether the word stands for others by slips alone."""
    return max(word.alternatives.values()) < INFLECTED and not any(
        text.startswith(word.text) or word.text in text or word.text.startswith(text) for text in word.alternatives
    )


def _number_of_records() -> int:
    """About how many records there are; the planner's estimate will do for weights."""
    tables = [model._meta.db_table for model in searchable_models()]
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(greatest(reltuples, 0)) FROM pg_class WHERE relname = ANY(%s)", [tables])
        return max(int(cursor.fetchone()[0] or 0), 500)


def _regrouped(words: list[QueryWord], further: Counter[str]) -> list[QueryWord]:
    """The query with words joined ("Tajik film") or parted ("fondkino") where the vocabulary has them so."""
    joins = {a.text + b.text for a, b in pairwise(words) if not (a.is_initial or b.is_initial)}
    splits = {
        (word.text[:place], word.text[place:])
        for word in words
        if not word.is_known and len(word.text) >= 6
        for place in range(3, len(word.text) - 2)
    }
    wanted = joins | {part for parts in splits for part in parts}
    known = _known(wanted) | (wanted & further.keys())
    regrouped, place, is_changed = [], 0, False
    while place < len(words):
        word = words[place]
        joined = word.text + words[place + 1].text if place + 1 < len(words) else ""
        parts = [pair for pair in splits if "".join(pair) == word.text and known.issuperset(pair)]
        if joined in joins & known:
            regrouped.append(QueryWord(joined))
            place, is_changed = place + 2, True
            continue
        if parts:
            # The evenest parting: its shorter part is the longest.
            regrouped += [QueryWord(part) for part in max(parts, key=lambda pair: min(map(len, pair)))]
            is_changed = True
        else:
            regrouped.append(QueryWord(word.text, word.foreign, word.is_initial))
        place += 1
    return regrouped[:QUERY_MAX_WORDS] if is_changed else []


def _known(words: set[str]) -> set[str]:
    if not words:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT word FROM search_vocabularyword WHERE word = ANY(%s) AND record_count > 0", [sorted(words)]
        )
        return {word for (word,) in cursor.fetchall()}
