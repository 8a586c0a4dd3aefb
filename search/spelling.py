"""Distance between folded words: misspellings, and sounds that alphabets confuse."""

import re
from functools import lru_cache

from rapidfuzz.distance import OSA

from .word_forms import endings

# Consonants that foreign spellings exchange (Usbek, Chakhnazarov) are one class; vowels are dropped.
_SIBILANTS = re.compile("sh|ch|[szcj]")
_CLASSES = str.maketrans({**dict.fromkeys("kghqx", "k"), **dict.fromkeys("td", "t"), **dict.fromkeys("pbfvw", "p")})
_VOWELS = "aeiou"
_FIRST_VOWEL = str.maketrans(dict.fromkeys(_VOWELS, "a"))
_WITHOUT_VOWELS = str.maketrans("", "", _VOWELS)
_REPEATED = re.compile(r"(.)\1+")
# Shorter skeletons are too common to be keys.
SHORTEST_SKELETON = 2
# Least length with one consonant left out: shorter words are compared letter by letter.
SHORTEST_SKELETON_WITH_GAP = 5
SHORTEST_WORD_WITH_GAP = 3


@lru_cache(maxsize=65536)
def skeleton(word: str) -> str:
    """Return the classes of the word's consonants without repetition; an initial vowel counts as one."""
    classes = _SIBILANTS.sub("s", word).translate(_CLASSES)
    return _once_in_a_row(classes[:1].translate(_FIRST_VOWEL) + classes[1:].translate(_WITHOUT_VOWELS))


def similarity_keys(word: str) -> list[str]:
    """Return coarse forms of a word: a word with one misspelling shares at least one of them, mostly two.

    The skeleton survives every error in a vowel and every exchange of related consonants; the skeleton with one
    consonant left out ("-") survives an error in another consonant. Words too short for that are compared with one
    letter left out ("~"). Equal keys find candidates by an index; `likeness` judges them.
    """
    bones = skeleton(word)
    keys = {bones} if len(bones) >= SHORTEST_SKELETON else set()
    # Two shorter, because leaving out a consonant between two of one class removes one of these too.
    if len(bones) >= SHORTEST_SKELETON_WITH_GAP - 2:
        keys.add(f"-{bones}")
    if len(bones) >= SHORTEST_SKELETON_WITH_GAP:
        keys |= {f"-{_once_in_a_row(rest)}" for rest in _with_one_gap(bones)}
    elif len(word) >= SHORTEST_WORD_WITH_GAP:
        keys |= {f"~{word}"} | {f"~{rest}" for rest in _with_one_gap(word)}
    return sorted(keys)


def _with_one_gap(text: str) -> set[str]:
    return {text[:place] + text[place + 1 :] for place in range(len(text))}


def _once_in_a_row(bones: str) -> str:
    return _REPEATED.sub(r"\1", bones)


# Cost of an exchange; a full error costs 1.
_EXCHANGES = {
    "ei": 0.3, "ou": 0.3, "ae": 0.4, "ao": 0.4, "eo": 0.5, "iu": 0.5, "au": 0.6, "ai": 0.6, "eu": 0.6, "io": 0.6,
    "ij": 0.6, "sz": 0.3, "cs": 0.3, "ck": 0.6, "cj": 0.5, "jz": 0.4, "js": 0.5, "gk": 0.5, "gh": 0.3, "hk": 0.4,
    "bp": 0.6, "dt": 0.6, "fv": 0.5, "bv": 0.5, "uv": 0.4, "ct": 0.6, "cz": 0.4, "fp": 0.6, "gj": 0.5, "jh": 0.6,
}  # fmt: skip
_EXCHANGE_COST = {pair: cost for letters, cost in _EXCHANGES.items() for pair in (letters, letters[::-1])}
# A glide, an h after a consonant (sh for s, kh for k) and an unwritten vowel are half errors.
_GAP_COST = {"h": 0.4, "i": 0.5, "e": 0.6, "a": 0.7, "u": 0.7, "o": 0.7}
SWAP_COST = 0.8
ONE_SOUND = 0.3


def _gap(word: str, place: int) -> float:
    """Return the cost of leaving out or adding the letter."""
    letter = word[place]
    if letter == "d" and word[place + 1 : place + 2] in ("j", "z"):
        return 0.3
    if letter == "t" and word[place + 1 : place + 2] in ("s", "c"):
        return 0.3
    return _GAP_COST.get(letter, 1.0)


@lru_cache(maxsize=65536)
def distance(typed: str, written: str) -> float:
    """Return the number of errors: optimal string alignment in which related letters cost less than others.

    A wrong beginning costs more: people rarely miss the first letter, and different names differ there.
    """
    above2: list[float] = []
    above = [0.0]
    for place in range(len(written)):
        above.append(above[-1] + _gap(written, place))
    for row, letter in enumerate(typed):
        here = [above[0] + _gap(typed, row)]
        for column, other in enumerate(written):
            exchange = 0.0 if letter == other else _EXCHANGE_COST.get(letter + other, 1.0)
            if row == 0 and column == 0 and exchange == 1.0:
                exchange = 1.3
            cost = min(
                above[column] + exchange, above[column + 1] + _gap(typed, row), here[column] + _gap(written, column)
            )
            if row and column and letter == written[column - 1] and typed[row - 1] == other:
                cost = min(cost, above2[column - 1] + SWAP_COST)
            here.append(cost)
        above2, above = above, here
    return above[-1]


# Common endings of names say nothing about their likeness.
_SHARED_ENDINGS = re.compile(
    "(telefilm|multfilm|film|filmi|kino|studia|studio|media|fest|ov|ova|ev|eva|in|ina|ski|ian)$"
)
# Related letters are cheap, but many of them make another word: the most letters that may differ.
LETTERS_MORE = 1
KINDRED_SLIPS = 1.25
# Armenian names lose their first letter in Russian: Հայկ, "Айк".
WITHOUT_H = 0.88
# Words this short are different words if their first letters differ.
SHORT_WORD = 4


def slips_allowed(telling: int, length: int) -> float:
    """Return the number of errors allowed in a word of this length with so many identifying letters."""
    if telling <= 3:
        return 1.0 if length >= 6 else 0.6 if length >= 4 else 0.4
    if telling == 4:
        return 1.2
    return 1.5 if telling == 5 else 2.0 if telling <= 9 else 2.5


SHORTEST_STEM = 4


def stems(word: str) -> list[str]:
    """Return the word and its stems without an ending, which may share a letter with it: "Daşkənddəki"."""
    places = range(len(word), SHORTEST_STEM - 1, -1)
    return [word[:place] for place in places if not endings().isdisjoint((word[place:], word[place - 1 :]))] or [word]


def is_inflected(typed: str, written: str) -> bool:
    """Return whether the two are inflected forms of one word."""
    return min(len(typed), len(written)) >= SHORTEST_STEM and not set(stems(typed)).isdisjoint(stems(written))


def _telling_letters(typed: str, written: str) -> int:
    """Return how many letters of the written word before an ending the typed one has too."""
    ending = _SHARED_ENDINGS.search(written)
    is_shared = ending and typed.endswith(ending[0]) and len(ending[0]) < len(written) - 1
    return len(written) - len(ending[0]) if is_shared else len(written)


def _sound_alike(letter: str, other: str) -> bool:
    """Return whether the letters are spellings of one sound: German "Saur" for "Zaur"."""
    return _EXCHANGE_COST.get(letter + other, 1.0) <= ONE_SOUND


def likeness(typed: str, written: str, *, tolerance: float = 1.0) -> float:
    """Return how likely it is, from 0 to 1, that `written` is what `typed` meant; 0 for too many errors.

    A `tolerance` over 1 accepts more errors, for "did you mean".
    """
    if typed == written:
        return 1.0
    if typed.removeprefix("h") == written.removeprefix("h"):
        return WITHOUT_H
    telling = _telling_letters(typed, written)
    begins_alike = typed[0] == written[0] or typed[:2] == written[1::-1] or _sound_alike(typed[0], written[0])
    if telling <= SHORT_WORD and not begins_alike:
        return 0.0
    allowed = slips_allowed(telling, len(written)) * tolerance
    letters = int(allowed) + LETTERS_MORE - (telling > SHORT_WORD)
    differing_at_most = int(allowed) + 2 * LETTERS_MORE
    differing = OSA.distance(typed, written, score_cutoff=differing_at_most)
    if differing > differing_at_most:
        return 0.0
    slips = distance(typed, written)
    if slips > allowed or (differing > letters and slips > KINDRED_SLIPS):
        return 0.0
    return max(0.0, 1 - slips / (telling + 1))
