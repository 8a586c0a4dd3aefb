"""Words of a query with those of the vocabulary that they may stand for, and the ways to read a query."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property

from .spelling import likeness
from .word_forms import joining_words

# Tolerance of misspellings of a remote alternative, for `likeness`.
REMOTE_TOLERANCE = 1.7


@dataclass
class QueryWord:
    """One folded word of a query, with its likeness (0 to 1) to words of the vocabulary."""

    text: str
    # The same word folded by the rules of Western languages.
    foreign: tuple[str, ...] = ()
    # The same word with letters in the place of others that a scanner takes for them.
    scanned: tuple[str, ...] = ()
    is_initial: bool = False
    # Whether it is the name of a country or a large city that the directory does not cover.
    is_abroad: bool = False
    alternatives: dict[str, float] = field(default_factory=dict)
    # Number of records that hold one of the closest alternatives, and any of them.
    record_count: int = 0
    candidate_count: int = 0
    is_known: bool = False
    # Whether more letters of it may be typed: the likeliest records are wanted, not all.
    is_unfinished: bool = False
    # Number of records that hold each of the alternatives.
    counts: dict[str, int] = field(default_factory=dict)
    # Alternatives with more misspellings; only if nothing is closer.
    remote: dict[str, float] = field(default_factory=dict)
    weight: float = 1.0


@dataclass
class Reading:
    """One way to read a query: as typed, on another keyboard layout, with words joined or split."""

    words: list[QueryWord]
    # How much better a reading must be that is not as typed.
    trust: float = 1.0

    @cached_property
    def is_single(self) -> bool:
        """Return whether one word alone says something."""
        return sum(word.text not in joining_words() for word in self.words) == 1

    @cached_property
    def weight(self) -> float:
        return sum(word.weight for word in self.words) or 1.0

    def loosened(self, names: Iterable[str] = ()) -> "Reading":
        """Return a copy that tolerates more misspellings in words without match, and in any word for these names."""
        words = []
        # A word that was found as typed needs no second meaning.
        others = set(names) - {word.text for word in self.words}
        for word in self.words:
            remote = {other: likeness(word.text, other, tolerance=REMOTE_TOLERANCE) for other in others}
            alternatives = {other: quality for other, quality in remote.items() if quality} | word.alternatives
            words.append(replace(word, alternatives=alternatives or word.remote))
        return Reading(words, self.trust)
