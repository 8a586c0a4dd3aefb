"""Names of the institution in the texts of pages, in any script."""

import re
from collections.abc import Iterable

from rapidfuzz import fuzz, process

from languages.folding import fold_for_search
from search.context_words import same_meaning
from search.duplicates import form_words, readings, telling_words

# A word is on the page if one there is so much like it, in percent.
ALIKE = 86
# The part of the letters of a name's words that a page must have.
MOST_LETTERS = 0.7
# A shorter word is looked for as a whole word only.
SHORTEST_PART = 5
LETTERS_OF_STEM = 7
# A name without a word of its own needs so many words.
LEAST_COMMON_WORDS = 2
MOST_LETTERS_READ = 60_000


class Names:
    """Names of an institution."""

    def __init__(self, names: Iterable[str]):
        self._names, self._telling, self._common = [], [], []
        for name in names:
            for folded in readings(name):
                words = folded.split()
                self._names.append(folded)
                if telling := telling_words(folded):
                    self._telling.append(telling)
                elif common := [word for word in words if word not in form_words()]:
                    self._common.append(common)
        self._known: dict[str, bool] = {}

    def __bool__(self):
        return bool(self._telling or self._common)

    def are_in(self, text: str) -> bool:
        """Return whether the text has one of the names, in any script and form of its words."""
        if text not in self._known:
            self._known[text] = self._look(fold_for_search(text[:MOST_LETTERS_READ]))
        return self._known[text]

    def _look(self, folded):
        words = set(folded.split())
        joined = folded.replace(" ", "")
        if any(_share(telling, words, joined) >= MOST_LETTERS for telling in self._telling):
            return True
        return any(
            len(common) >= LEAST_COMMON_WORDS and _share(common, words, joined, in_any_language=True) >= 0.99
            for common in self._common
        )

    def have_word(self, word: str) -> bool:
        """Return whether one of the names has the word, in another form perhaps."""
        beginning = fold_for_search(word)[:LETTERS_OF_STEM]
        return any(own.startswith(beginning) for name in self._names for own in name.split())

    def speak(self, text: str) -> bool:
        """Return whether a short text is, or begins with, one of the names and says little more."""
        folded = fold_for_search(text)
        count = len(folded.split())
        return any(
            count <= len(words) + 3 and _share(words, set(folded.split()), folded.replace(" ", "")) >= MOST_LETTERS
            for words in (*self._telling, *self._common)
        )


def _share(wanted, words, joined, *, in_any_language=False):
    """Return the part of the letters of the wanted words that the page has."""
    total = sum(map(len, wanted))
    return sum(len(word) for word in wanted if _is_there(word, words, joined, in_any_language)) / total


def _is_there(word, words, joined, in_any_language):
    if word in words or (len(word) >= SHORTEST_PART and word in joined):
        return True
    if in_any_language and not words.isdisjoint(same_meaning(word)):
        return True
    if len(word) < SHORTEST_PART - 1:
        return False
    stem = word[: max(SHORTEST_PART, len(word) - 3)]
    likest = process.extractOne(word, words, scorer=fuzz.ratio, score_cutoff=ALIKE)
    return bool(likest) or (
        len(word) >= SHORTEST_PART and any(other.startswith(stem) for other in words if len(other) <= len(word) + 4)
    )


def is_organisation(text: str) -> bool:
    """Return whether the text has a name in quotation marks."""
    return bool(re.search(r"[«“„\"][^»”\"]{2,60}[»”\"]", text))
