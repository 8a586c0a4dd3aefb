"""Alphabetical order of names in every script, whatever the database server's locale."""

import re
import unicodedata
from functools import lru_cache

from languages.scripts import without_apostrophes

# Sorts after every letter of every script in the directory, so that "к" + AFTER sorts after "кя" and before "л".
_AFTER = "～"
# Extra letters of the region's alphabets, each with the letter that it follows, in alphabetical order.
_LETTERS_AFTER = {
    "а": "ә", "г": "ґғҕ", "е": "є", "ж": "җ", "з": "ҙ", "и": "іїӣ", "к": "қҡҝ", "н": "ңҥ", "о": "ө", "с": "ҫ",
    "у": "ўұүӯ", "х": "һҳ", "ч": "ҷҹ",
    "a": "ăâäāą", "c": "çčć", "d": "đ", "e": "ə", "g": "ğ", "i": "ıî", "n": "ňñŋ", "o": "öō", "s": "şșš", "t": "țţ",
    "u": "üū", "y": "ý", "z": "žź",
}  # fmt: skip


_OWN_PLACES = {
    letter: f"{base}{_AFTER * rank}"
    for base, letters in _LETTERS_AFTER.items()
    for rank, letter in enumerate(letters, start=1)
}


_DIGITS_PADDED_TO = 6


@lru_cache(maxsize=16384)
def sort_key(text: str) -> str:
    """Return a key that sorts names alphabetically when compared byte by byte (collation "C").

    Case, quotation marks and punctuation are ignored; digits sort by value. ё sorts with е and decides only between
    names that are otherwise equal. The order of scripts is Latin, Cyrillic, Armenian, Georgian.
    """
    text = without_apostrophes(unicodedata.normalize("NFC", text).replace("İ", "i").casefold())
    text = unicodedata.normalize("NFC", text)
    places, accents = [], []
    for character in text:
        if character in _OWN_PLACES or character == "й":
            places.append(_OWN_PLACES.get(character, character))
        elif character.isalnum():
            base = "".join(part for part in unicodedata.normalize("NFKD", character) if part.isalnum())
            places.append(base)
            if base != character:
                accents.append(character)
        elif character.isspace() or unicodedata.category(character) == "Pd" or character in "/_.,;:&+":
            places.append(" ")
    words = re.sub("[0-9]+", lambda match: match[0].zfill(_DIGITS_PADDED_TO), "".join(places)).split()
    # A hyphen joins words and a space separates the accents: the space sorts first, so shorter names do too.
    return " ".join(["-".join(words), *accents])
