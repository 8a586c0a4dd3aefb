"""Score of a record for a query, between 0 and 1, from the words that both have."""

from dataclasses import dataclass, replace
from functools import lru_cache

from .context_words import kind_words
from .models import NamedText
from .queries import JOINING_WORDS, QueryWord, Reading
from .record_words import foldings

# A word of the query counts fully in a name, and by these weights in the context.
CONTEXT_WEIGHTS = {
    "place": 0.85,
    "kind": 0.75,
    "body": 0.55,
    "post": 0.5,
    "date": 0.8,
    "people": 0.6,
    "description": 0.45,
}
# In the context only close matches count: there are too many words to accept misspellings.
LIKENESS_IN_CONTEXT = 0.85
LIKENESS_FOR_SURE = 0.6
WEIGHT_OF_A_TELLING_WORD = 0.1
WEIGHT_OF_A_RARE_WORD = 0.5
# Weight in the score of the share of the query that was found; the rest is the share of the name that was asked for.
FOUND_SHARE = 0.8
# Least share of the query, by weight, that a record must match to be found.
SHARE_NEEDED = 0.62
# The same if the query contains a whole name and no record matches more of it.
SHARE_NEEDED_BESIDE_WHOLE_NAME = 0.4
WHOLE_NAME = 0.95
SHORTEST_OWN_WORD = 4
# Penalty if a whole part of the query is not found.
MISSING_COSTS = 0.4
# Penalty for a word that was found in another name than the others.
OTHER_NAME = 0.9
INITIAL_LIKENESS = 0.8
# Weight of a name's words for kinds ("studio", "festival"), relative to identifying words.
KIND_IN_NAME = 0.3


@dataclass(frozen=True)
class Match:
    """Match of a record with a reading. `score` ranks; `share` (0 to 1) is the part of the query that was found."""

    score: float
    share: float
    is_sure: bool
    is_whole_name: bool = False
    # Whether an identifying word is in a name exactly as typed.
    has_exact_word: bool = False

    @property
    def is_found(self) -> bool:
        return self.is_sure and self.share >= SHARE_NEEDED

    @property
    def is_found_beside(self) -> bool:
        """Return whether at least a whole name was found in a longer query: "Lenfilm" with a postal address."""
        return self.is_sure and self.is_whole_name and self.share >= SHARE_NEEDED_BESIDE_WHOLE_NAME


NO_MATCH = Match(0.0, 0.0, False)


def match(reading: Reading, text: dict[str, list[str]]) -> Match:
    """Return how the record with this `search_text` matches the reading."""
    names = [_split(name) for name in text.get("names", ())]
    in_names = [[_best(word, words) for word in reading.words] for words in names]
    if not names:
        return NO_MATCH
    anywhere = [max(column) for column in zip(*in_names, strict=True)]
    around = [_best_around(word, text) for word in reading.words]
    best = NO_MATCH
    is_sure = _is_sure(reading, anywhere, around)
    has_exact_word = any(
        likeness == 1.0 and word.weight >= WEIGHT_OF_A_RARE_WORD
        for word, likeness in zip(reading.words, anywhere, strict=True)
    )
    for words, likenesses in zip(names, in_names, strict=True):
        parts = list(zip(_initials(reading, words, likenesses), anywhere, around, strict=True))
        share = _average(reading, [max(here, other, outside) for here, other, (outside, _) in parts])
        worth = [max(here, OTHER_NAME * other, weight * outside) for here, other, (outside, weight) in parts]
        fullness = _fullness(reading, words)
        is_whole_name = best.is_whole_name or (fullness >= WHOLE_NAME and _tells(words))
        score = _average(reading, worth) * (FOUND_SHARE + (1 - FOUND_SHARE) * fullness)
        score *= (1 - MISSING_COSTS * (1 - share)) * reading.trust
        found = Match(score, share, is_sure, is_whole_name, has_exact_word)
        best = found if score > best.score else replace(best, is_whole_name=is_whole_name)
    return best


def _average(reading: Reading, parts: list[float]) -> float:
    """Return the average of the parts, by the weight of their words."""
    return sum(word.weight * part for word, part in zip(reading.words, parts, strict=True)) / reading.weight


def _is_sure(reading: Reading, anywhere, around) -> bool:
    """Return whether something identifying was found: a name, or everything that was asked for in the context."""
    whole_words = [
        (word.weight, name, outside)
        for word, name, (outside, _) in zip(reading.words, anywhere, around, strict=True)
        if not word.is_initial
    ]
    telling = [(name, outside) for weight, name, outside in whole_words if weight > WEIGHT_OF_A_TELLING_WORD]
    # If the query has only words that nearly all records have ("film"), these are what was asked for.
    telling = telling or [(name, outside) for _, name, outside in whole_words]
    all_around = bool(telling) and all(outside for _, outside in telling)
    return all_around or any(name >= LIKENESS_FOR_SURE for name, _ in telling)


@lru_cache(maxsize=65536)
def _split(name: str) -> tuple[str, ...]:
    return tuple(name.split())


def _best(word: QueryWord, words: tuple[str, ...]) -> float:
    alternatives = word.alternatives
    return max((alternatives[other] for other in words if other in alternatives), default=0.0)


def _best_around(word: QueryWord, text: dict[str, list[str]]) -> tuple[float, float]:
    """Return the likeness in the tier where it counts most, and the weight of that tier."""
    best = (0.0, 0.0)
    for tier, weight in CONTEXT_WEIGHTS.items():
        for other in text.get(tier, ()):
            likeness = word.alternatives.get(other, 0.0)
            if likeness >= LIKENESS_IN_CONTEXT and likeness * weight > best[0] * best[1]:
                best = (likeness, weight)
    return best


def _initials(reading: Reading, words: tuple[str, ...], likenesses: list[float]) -> list[float]:
    """Match initials in the query with words of the name, and initials in the name with words of the query.

    Only beside a word that was found: a single letter is no name.
    """
    if not any(likeness >= 0.5 for likeness in likenesses):
        return likenesses
    result = list(likenesses)
    for place, word in enumerate(reading.words):
        if word.is_initial:
            if any(other.startswith(word.text) for other in words):
                result[place] = max(result[place], INITIAL_LIKENESS)
        elif likenesses[place] < 0.5 and any(
            len(other) == 1 and word.text.startswith(other) and other not in JOINING_WORDS for other in words
        ):
            result[place] = max(result[place], INITIAL_LIKENESS)
    return result


@lru_cache(maxsize=16384)
def _tells(words: tuple[str, ...]) -> bool:
    """Return whether the name has an identifying word: "Museum of Cinema" has none."""
    return any(
        len(word) >= SHORTEST_OWN_WORD and word not in kind_words() and word not in JOINING_WORDS for word in words
    )


def _fullness(reading: Reading, words: tuple[str, ...]) -> float:
    """Return the share of the name that was asked for."""
    kinds = kind_words()
    asked = whole = 0.0
    for other in words:
        weight = KIND_IN_NAME if other in kinds else 1.0
        whole += weight
        asked += weight * max((word.alternatives.get(other, 0.0) for word in reading.words), default=0.0)
    return asked / whole if whole else 0.0


# How much better another name than the first must match before it is shown.
CLEARLY_BETTER = 0.08


def best_name(readings: list[Reading], names: list[NamedText]) -> int | None:
    """Return the index of the name that matches best, the first of equals; None if no name matches a word."""
    best_score, best = 0.0, None
    for place, name in enumerate(names):
        score = max(
            (_likeness_of_name(reading, words) for reading in readings for words in map(_split, foldings(*name))),
            default=0.0,
        )
        if score > best_score + CLEARLY_BETTER:
            best_score, best = score, place
    return best


def _likeness_of_name(reading: Reading, words: tuple[str, ...]) -> float:
    return _average(reading, [_best(word, words) for word in reading.words]) * (0.9 + 0.1 * _fullness(reading, words))
