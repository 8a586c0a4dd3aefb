"""Spellings of words that a scanner has misread: "F0rum", "Northem"."""

import re

from languages.folding import fold_for_search
from languages.scripts import script_of

from .record_words import WORD_MAX_LENGTH

SHORTEST_SPELLING = 4
SPELLINGS_OF_A_SCAN = 8
_DIGITS_FOR_LETTERS = {
    "Latn": [str.maketrans("013568", "oiesbb"), str.maketrans("013568", "olesgb")],
    "Cyrl": [str.maketrans("0346", "озчб")],
}
_LETTERS_FOR_LETTERS = [("rn", "m"), ("m", "rn"), ("vv", "w"), ("cl", "d"), ("ii", "u")]


def scanned_spellings(word: str) -> tuple[str, ...]:
    """Return folded spellings of a word that a scanner may have misread."""
    word = word.casefold()
    digits = _DIGITS_FOR_LETTERS.get(script_of(word), ()) if not word.isdigit() else ()
    spellings = [word, *(word.translate(table) for table in digits)]
    for read, written in _LETTERS_FOR_LETTERS:
        spellings += [
            spelling[: found.start()] + written + spelling[found.end() :]
            for spelling in spellings[: 1 + len(digits)]
            for found in re.finditer(read, spelling)
        ]
    folded = dict.fromkeys(fold_for_search(spelling)[:WORD_MAX_LENGTH] for spelling in spellings if spelling != word)
    return tuple(text for text in folded if len(text) >= SHORTEST_SPELLING and " " not in text)[:SPELLINGS_OF_A_SCAN]
