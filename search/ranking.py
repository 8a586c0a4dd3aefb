"""Score of a record for a query, between 0 and 1, from the words that both have."""

from dataclasses import dataclass, replace
from functools import lru_cache

from .context_words import kind_words
from .models import NamedText
from .readings import QueryWord, Reading
from .record_words import foldings
from .word_forms import joining_words

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
# A match of words that are only like the typed ones needs this score, unless nearly all of the query was found. Chosen
# between the lowest right answers and the highest wrong ones of the query files.
SCORE_OF_A_GUESS = 0.68
SHARE_OF_A_CLOSE_MATCH = 0.88
# The same for a text of few letters, which is soon like another one: "gone", "Gani".
SCORE_OF_A_SHORT_GUESS = 0.8
SHORT_TEXT = 7
CLOSE = 0.9
# Least score of a person whose post and institution the query says: "director of Mosfilm" asks for the person.
SCORE_BY_POST = 0.9
SHARE_BY_POST = 0.9
SHORTEST_OWN_WORD = 4
# Penalty if a whole part of the query is not found.
MISSING_COSTS = 0.4
# Penalty for a word that was found in another name than the others.
OTHER_NAME = 0.9
INITIAL_LIKENESS = 0.8
BEGINS_A_PLACE = 0.15
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
    # Number of identifying words found nearly as typed, anywhere.
    close_words: int = 0
    # Whether a word of the query begins one of a name.
    begins_a_word: bool = False
    # Whether all words are in names.
    is_named: bool = False
    # Whether the text is like a whole name, not word by word.
    is_the_same_name: bool = False
    # Whether the query has so few letters that nearly as typed says little.
    is_short: bool = False

    @property
    def is_found(self) -> bool:
        return self.is_sure and self.share >= SHARE_NEEDED and not self.is_a_guess

    @property
    def is_a_guess(self) -> bool:
        """Return whether misspellings alone make the match: "Poland" is no "Polad"."""
        if self.has_exact_word or self.begins_a_word:
            return False
        if self.is_short:
            return self.score < SCORE_OF_A_SHORT_GUESS
        is_close = self.close_words > 1 or self.share >= SHARE_OF_A_CLOSE_MATCH
        return self.score < SCORE_OF_A_GUESS and not is_close

    @property
    def is_found_beside(self) -> bool:
        """Return whether at least a whole name was found in a longer query: "Lenfilm" with a postal address."""
        return self.is_sure and self.is_whole_name and self.share >= SHARE_NEEDED_BESIDE_WHOLE_NAME


NO_MATCH = Match(0.0, 0.0, False)


def match(reading: Reading, text: dict[str, list[str]]) -> Match:
    """Return how the record with this `search_text` matches the reading."""
    names = [_split(name) for name in text.get("names", ())]
    place = frozenset(text.get("place", ()))
    in_names = [[_best_in_name(word, words, place) for word in reading.words] for words in names]
    if not names:
        return NO_MATCH
    anywhere = [max(column) for column in zip(*in_names, strict=True)]
    around = [_best_around(word, text, reading.is_single) for word in reading.words]
    best = NO_MATCH
    # "Film" is short, but a word that records hold.
    is_short = sum(len(word.text) for word in reading.words) < SHORT_TEXT and not any(
        word.is_known for word in reading.words
    )
    is_sure = _is_sure(reading, anywhere, around)
    has_exact_word = any(
        likeness == 1.0 and word.weight >= WEIGHT_OF_A_RARE_WORD
        for word, likeness in zip(reading.words, anywhere, strict=True)
    )
    begins_a_word = any(
        likeness and _begins(word, names) for word, likeness in zip(reading.words, anywhere, strict=True)
    )
    close_words = _close_words(reading, anywhere, around)
    is_named = _average(reading, anywhere) >= SHARE_OF_A_CLOSE_MATCH
    is_asked_by_post = _average(reading, [outside for outside, _ in around]) >= SHARE_BY_POST and _names_post(
        reading, text
    )
    for words, likenesses in zip(names, in_names, strict=True):
        parts = list(zip(_initials(reading, words, likenesses), anywhere, around, strict=True))
        share = _average(reading, [max(here, other, outside) for here, other, (outside, _) in parts])
        worth = [max(here, OTHER_NAME * other, weight * outside) for here, other, (outside, weight) in parts]
        fullness = _fullness(reading, words)
        is_whole_name = best.is_whole_name or (fullness >= WHOLE_NAME and _tells(words))
        score = _average(reading, worth) * (FOUND_SHARE + (1 - FOUND_SHARE) * fullness)
        score *= (1 - MISSING_COSTS * (1 - share)) * reading.trust
        if is_asked_by_post:
            score = (SCORE_BY_POST + (1 - SCORE_BY_POST) * score) * reading.trust
        found = Match(
            *(score, share, is_sure, is_whole_name, has_exact_word, close_words, begins_a_word, is_named),
            is_short=is_short,
        )
        best = found if score > best.score else replace(best, is_whole_name=is_whole_name)
    return best


def _begins(word: QueryWord, names: list[tuple[str, ...]]) -> bool:
    tells = word.is_unfinished or (word.text not in joining_words() and word.text not in kind_words())
    return tells and any(other.startswith(word.text) for words in names for other in words)


def _close_words(reading: Reading, anywhere, around) -> int:
    return sum(
        word.weight >= WEIGHT_OF_A_RARE_WORD and max(name, outside) >= CLOSE
        for word, name, (outside, _) in zip(reading.words, anywhere, around, strict=True)
    )


def _names_post(reading: Reading, text: dict[str, list[str]]) -> bool:
    """Return whether one word of the query names the post and not the institution, and another the institution."""
    words = [word for word in reading.words if word.text not in joining_words()]
    of_body = [_best(word, text.get("body", ())) >= LIKENESS_IN_CONTEXT for word in words]
    of_post = [_best(word, text.get("post", ())) >= LIKENESS_IN_CONTEXT for word in words]
    return any(of_body) and any(post and not body for post, body in zip(of_post, of_body, strict=True))


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


def _best_in_name(word: QueryWord, words: tuple[str, ...], place: frozenset[str]) -> float:
    """Return the likeness in a name; "kirg" rather begins the name of a studio than that of its country."""
    if not word.is_unfinished:
        return _best(word, words)
    return max((word.alternatives.get(other, 0.0) - BEGINS_A_PLACE * (other in place) for other in words), default=0.0)


def _best_around(word: QueryWord, text: dict[str, list[str]], is_single: bool) -> tuple[float, float]:
    """Return the likeness in the tier where it counts most, and the weight of that tier.

    A word alone, or a place abroad, is not asked for where a description mentions it.
    """
    best = (0.0, 0.0)
    if word.is_unfinished and len(word.text) < SHORTEST_OWN_WORD:
        return best
    least = 1.0 if word.is_unfinished else LIKENESS_IN_CONTEXT
    for tier, weight in CONTEXT_WEIGHTS.items():
        if tier == "description" and (is_single or word.is_abroad):
            continue
        for other in text.get(tier, ()):
            likeness = word.alternatives.get(other, 0.0)
            if likeness >= least and likeness * weight > best[0] * best[1]:
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
            len(other) == 1 and word.text.startswith(other) and other not in joining_words() for other in words
        ):
            result[place] = max(result[place], INITIAL_LIKENESS)
    return result


@lru_cache(maxsize=16384)
def _tells(words: tuple[str, ...]) -> bool:
    """Return whether the name has an identifying word: "Museum of Cinema" has none."""
    return any(
        len(word) >= SHORTEST_OWN_WORD and word not in kind_words() and word not in joining_words() for word in words
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
