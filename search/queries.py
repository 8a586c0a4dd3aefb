"""Typed text as folded words, each with the words of the vocabulary that it may stand for."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from itertools import filterfalse, pairwise
from math import log, log2

from django.db import connection

from languages.folding import DOTTED_ACRONYM, fold_for_search
from languages.keyboards import other_layouts

from .context_words import FOREIGN_SPELLINGS, is_place_abroad, kind_words, same_meaning
from .readings import REMOTE_TOLERANCE, QueryWord, Reading
from .rebuilding import searchable_models
from .record_words import WORD_MAX_LENGTH
from .scanned import scanned_spellings
from .spelling import is_inflected, likeness, similarity_keys
from .unwritten import UnwrittenWords
from .vocabulary_lookups import LOOK_UP, LOOK_UP_LOOKALIKES, LOOK_UP_PARTS
from .word_forms import joining_words

# Further words are ignored, and the page says so.
QUERY_MAX_LENGTH = 200
QUERY_MAX_WORDS = 12
# Longer texts are cut before cleaning.
RAW_MAX_LENGTH = 4_000

# Rows of lists kept with a query; about a kilobyte each.
MOST_ROWS_KEPT = 200

# Candidates fetched for a word, and how many of them are kept.
EXTENSIONS_FETCHED = 200
LOOKALIKES_FETCHED = 4_000
# Besides the words that begin as typed.
ALTERNATIVES_KEPT = 30
REMOTE_KEPT = 5
# A word that is in this many records is no misspelling of another one.
COMMON_WORD = 200
SHORTEST_PART = 4
# Letters typed after a whole word of the vocabulary.
LONGEST_TAIL = 3

# As in "XXX festival".
ROMAN_DIGITS = "ixm"
LONGEST_ROMAN = 3

FOREIGN = 0.97
# Likeness of a word with the same meaning in another language: "дни" for "days".
TRANSLATED = 0.86
INFLECTED = 0.9
# Factor for readings that are not as typed.
OTHER_KEYBOARD = 0.93
REGROUPED = 0.97
# A word as a scanner reads it: "F0rum", "Northem".
SCANNED = 0.93
# "d'Arménie", "l'Ouzbékistan"; not "L'viv".
_ELISION = re.compile(r"\b[dl]['’](?=[aeiouyhéèêâîôœ])", re.IGNORECASE)
# Words that may be one, dictated apart: a query with more of them is not tried.
WORDS_JOINED = 5
SHORTEST_JOINED = 6
LIKENESS_OF_JOINED = 0.75
# Likeness of a prefix of two letters.
TWO_LETTERS = 0.56
# Likeness of a word that may not be typed to its end, however long; rather meant if many records hold it.
BEGUN = 0.75
FAME = 0.012

KIND_WEIGHT = 0.45
JOINING_WEIGHT = 0.05
PATRONYMIC_WEIGHT = 0.15
INITIAL_WEIGHT = 0.3
GUESSED_WEIGHT = 0.8
LEAST_WEIGHT = 0.08
_PATRONYMIC = re.compile(".{3,}(ovich|evich|ich|ovna|evna|ichna|ogli|oglu|ugli|uli|kizi|gizi|givna|zade)$")


def is_repetition(word: str) -> bool:
    """Return whether the word repeats one letter: "aaaa" says nothing, "III" is a number."""
    letters = word.casefold()
    is_number = letters[:1] in ROMAN_DIGITS and len(letters) <= LONGEST_ROMAN
    return len(letters) > 2 and len(set(letters)) == 1 and letters.isalpha() and not is_number


def clean_text(text: str) -> str:
    """Return the text without control and format characters, with single spaces, cut at the longest sensible length."""
    # A soft hyphen or direction mark may stand within a word, a line break between two.
    text = "".join(character for character in text[:RAW_MAX_LENGTH] if unicodedata.category(character) != "Cf")
    visible = "".join(" " if unicodedata.category(character)[0] in "CZ" else character for character in text)
    return " ".join(visible.split())[:QUERY_MAX_LENGTH].strip()


class Query:
    """Parsed text: its readings in the order in which they are tried."""

    def __init__(self, text: str, *, is_unfinished: bool = False):
        self.text = clean_text(text)
        self.is_unfinished = is_unfinished
        # By kind of record; `search.records.find` fills it.
        self.findings: dict = {}
        # By model; `search.descriptions.description` fills it.
        self.descriptions: dict = {}
        # Groups of words of the vocabulary that look like the typed ones; `search.similar_names` fills it.
        self.similar_words: list[dict[str, int]] | None = None
        # By kind of record; filled there, too.
        self.similar_names: dict = {}
        # HTML of rows by id of the record, by what they depend on beside it.
        self._rows: dict[tuple, dict[int, str]] = {}

    def __str__(self):
        return self.text

    def rows_of(self, key: tuple) -> dict[int, str]:
        """Return the rows of a list that were made for this text, by id; the caller adds to them."""
        if sum(map(len, self._rows.values())) > MOST_ROWS_KEPT:
            self._rows = {}
        return self._rows.setdefault(key, {})

    @cached_property
    def unwritten(self) -> UnwrittenWords:
        return UnwrittenWords()

    @cached_property
    def folded_words(self) -> list[str]:
        return fold_for_search(_ELISION.sub("", self.text)).split()[:QUERY_MAX_WORDS]

    @cached_property
    def as_typed(self) -> list[Reading]:
        readings = _readings(self.text, self.unwritten.vocabulary, trust=1.0)
        for reading in readings if self.is_unfinished else ():
            _leave_unfinished(reading.words[-1])
        return readings

    @cached_property
    def joined(self) -> list[Reading]:
        """Readings in which neighbouring words are one word that is like a known one: "gos filmo fond"."""
        words = self.as_typed[0].words if self.as_typed else []
        if not 1 < len(words) <= WORDS_JOINED:
            return []
        return _joined_readings(words, self.unwritten.vocabulary)

    @cached_property
    def on_other_keyboards(self) -> list[Reading]:
        further = self.unwritten.vocabulary
        texts = other_layouts(self.text)
        readings = [reading for text in texts for reading in _readings(text, further, trust=OTHER_KEYBOARD)]
        # Few letters that another layout makes of random keys are no name.
        return [reading for reading in readings if any(map(_may_be_mistyped, reading.words))]


def _readings(text: str, further: Counter[str], *, trust: float) -> list[Reading]:
    """Return possible readings of the text; `further` holds words and counts that are not in the vocabulary yet."""
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


def _may_be_mistyped(word: QueryWord) -> bool:
    return len(word.text) >= SHORTEST_PART or (word.is_known and len(word.text) == SHORTEST_PART - 1)


def _leave_unfinished(word: QueryWord):
    """Let the word stand for those that it begins, if there are any, rather for those that many records hold."""
    begun = {text: BEGUN + FAME * log2(word.counts[text]) for text in word.alternatives if text.startswith(word.text)}
    word.alternatives, word.is_unfinished = begun or word.alternatives, True


def _joined_readings(words: list[QueryWord], further: Counter[str]) -> list[Reading]:
    readings, total = [], _number_of_records()
    for size in (2, 3):
        for place in range(len(words) - size + 1):
            parts = words[place : place + size]
            text = "".join(word.text for word in parts)[:WORD_MAX_LENGTH]
            # "Festival India" is no misspelt "festivalnaya".
            if len(text) < SHORTEST_JOINED or any(word.is_abroad for word in parts):
                continue
            joined = QueryWord(text)
            _look_up([joined], further)
            if max(joined.alternatives.values(), default=0) >= LIKENESS_OF_JOINED:
                joined.weight = _weight(joined, total)
                readings.append(Reading([*words[:place], joined, *words[place + size :]], REGROUPED))
    return readings


def _query_words(text: str) -> list[QueryWord]:
    text = _ELISION.sub("", text)
    text = DOTTED_ACRONYM.sub(lambda match: match[0].replace(".", ""), text)
    words = []
    for part in filterfalse(is_repetition, text.split()):
        folded = fold_for_search(part).split()
        # "N. Mikhalkov", "Ш. Мамедова": the letter before folding decides, as some letters fold to two.
        is_initial = len(re.sub(r"[\W_]", "", part)) == 1 and not part.isdigit()
        if len(folded) == 1 and not is_initial:
            foreign = {fold_for_search(part, language)[:WORD_MAX_LENGTH] for language in FOREIGN_SPELLINGS}
            foreign = {spelling for spelling in foreign - {folded[0]} if len(spelling) >= SHORTEST_PART}
            words.append(QueryWord(folded[0][:WORD_MAX_LENGTH], tuple(sorted(foreign)), scanned_spellings(part)))
        else:
            words += [QueryWord(word[:WORD_MAX_LENGTH], is_initial=len(word) == 1 or is_initial) for word in folded]
    return words[:QUERY_MAX_WORDS]


def _look_up(words: list[QueryWord], further: Counter[str]):
    """Find the words of the vocabulary that each word may stand for."""
    with connection.cursor() as cursor:
        for word in words:
            _look_up_word(cursor, word, further)


def _look_up_word(cursor, word: QueryWord, further: Counter[str]):
    meanings = same_meaning(word.text)
    beginnings = [word.text[:place] for place in range(SHORTEST_PART, len(word.text))]
    parameters = {
        "word": word.text,
        "exact": [word.text, *beginnings, *word.foreign, *word.scanned, *meanings],
        "keys": sorted({key for spelling in (word.text, *word.foreign) for key in similarity_keys(spelling)}),
        "extensions": EXTENSIONS_FETCHED,
        "lookalikes": LOOKALIKES_FETCHED,
    }
    cursor.execute(LOOK_UP, parameters)
    found = further | Counter({text: count for text, count in cursor.fetchall() if count})
    word.is_known = word.text in found
    word.is_abroad = is_place_abroad(word.text)
    if word.is_abroad:
        # "Tokyo" is no misspelling.
        found = Counter({text: found[text] for text in (word.text, *meanings) if text in found})
    elif not word.is_initial and found.get(word.text, 0) < COMMON_WORD:
        if len(word.text) >= SHORTEST_PART:
            cursor.execute(LOOK_UP_PARTS, parameters)
            found |= {text: count for text, count in cursor.fetchall() if count}
        cursor.execute(LOOK_UP_LOOKALIKES, parameters)
        found |= {text: count for text, count in cursor.fetchall() if count}
    judged = sorted(((_likeness_of_word(word, text, meanings), text) for text in found), reverse=True)
    judged = [(quality, text) for quality, text in judged if quality > 0]
    word.alternatives = {text: quality for quality, text in judged[:ALTERNATIVES_KEPT]}
    word.alternatives |= {text: quality for quality, text in judged if text.startswith(word.text)}
    if not word.alternatives and not word.is_initial:
        word.remote = _remote(word.text, found)
    best = max(word.alternatives.values(), default=0)
    word.counts = {text: found[text] for text in word.alternatives}
    word.candidate_count = sum(word.counts.values())
    word.record_count = sum(found[text] for text, quality in word.alternatives.items() if quality >= best - 0.05)


def _remote(typed: str, found: Iterable[str]) -> dict[str, float]:
    judged = sorted(((likeness(typed, text, tolerance=REMOTE_TOLERANCE), text) for text in found), reverse=True)
    return {text: quality for quality, text in judged[:REMOTE_KEPT] if quality > 0}


def _likeness_of_word(word: QueryWord, text: str, meanings: frozenset[str]) -> float:
    """Return the likeness from 0 to 1: the same word, a prefix or part of it, a misspelling, a translation."""
    typed = word.text
    if typed == text:
        return 1.0
    if word.is_initial:
        return 0.0
    quality = max(likeness(typed, text), *(FOREIGN * likeness(foreign, text) for foreign in word.foreign), 0)
    if is_inflected(typed, text):
        quality = max(quality, INFLECTED)
    if text in word.scanned:
        quality = max(quality, SCANNED)
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
    """Return the weight of the word: high for rare words, low for kinds and joining words."""
    if word.text in joining_words() and not word.is_initial:
        return JOINING_WEIGHT
    if word.is_initial:
        return INITIAL_WEIGHT
    if not word.alternatives:
        return PATRONYMIC_WEIGHT if _PATRONYMIC.match(word.text) else KIND_WEIGHT if word.text in kind_words() else 1.0
    weight = log(1 + number_of_records / (1 + word.record_count)) / log(1 + number_of_records / 2)
    if _is_guessed(word):
        # However common the word that it may stand for, the text as typed is rare.
        weight = max(weight, GUESSED_WEIGHT)
    if word.text in kind_words():
        weight *= KIND_WEIGHT
    return max(LEAST_WEIGHT, min(weight, 1.0))


def _is_guessed(word: QueryWord) -> bool:
    """Return whether the word matches others by misspelling alone."""
    return max(word.alternatives.values()) < INFLECTED and not any(
        text.startswith(word.text) or word.text in text or word.text.startswith(text) for text in word.alternatives
    )


def _number_of_records() -> int:
    """Return the planner's estimate of the number of records, exact enough for weights."""
    tables = [model._meta.db_table for model in searchable_models()]
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(greatest(reltuples, 0)) FROM pg_class WHERE relname = ANY(%s)", [tables])
        return max(int(cursor.fetchone()[0] or 0), 500)


def _regrouped(words: list[QueryWord], further: Counter[str]) -> list[QueryWord]:
    """Return the query with words joined ("Tajik film") or split ("fondkino") if the vocabulary has them so."""
    joins = {a.text + b.text for a, b in pairwise(words) if not (a.is_initial or b.is_initial)}
    splits = {
        (word.text[:place], word.text[place:])
        for word in words
        if not word.is_known and len(word.text) >= 6
        for place in range(3, len(word.text) - 2)
        # Parts that only join say nothing.
        if not joining_words().issuperset([word.text[:place], word.text[place:]])
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
            # Prefer the most even split: the one with the longest shorter part.
            regrouped += [QueryWord(part) for part in max(parts, key=lambda pair: min(map(len, pair)))]
            is_changed = True
        else:
            regrouped.append(QueryWord(word.text, word.foreign, word.scanned, word.is_initial))
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
