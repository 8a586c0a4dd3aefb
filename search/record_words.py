"""Folded words of a record, and their place in it."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain

from languages.folding import fold_for_search, without_marks

from .context_words import kind_words
from .models import NamedText, Searchable

# Longer than any word of a name; longer words, such as garbage in a field, are cut.
WORD_MAX_LENGTH = 64
# Letters that lose more than a mark when typed on a keyboard without them.
_BARE_LETTERS = str.maketrans("əƏıİøł", "aAiIol")
# Names, and the texts around a record of one kind or place, whose words each process keeps.
KEPT = 16384


@dataclass(frozen=True)
class RecordWords:
    """Content of a record's two search columns. A record without words is never found."""

    words: list[str] = field(default_factory=list)
    text: dict[str, list[str]] = field(default_factory=dict)


def words_of(record: Searchable) -> RecordWords:
    """Return the words of one record; none if the public may not see it.

    `text` holds under "names" each name as one folded string, the displayed ones first, in every folding that its
    spelling allows; under the name of a tier the words of the context.
    """
    if not record.is_public():
        return RecordWords()
    names = _distinct(folding for name in record.names_to_search() for folding in foldings(*name))
    text = {"names": names}
    for tier, texts in record.context_to_search().items():
        if words := words_of_texts(tuple(texts)):
            text[tier] = list(words)
    return RecordWords(_distinct(chain.from_iterable(map(str.split, chain.from_iterable(text.values())))), text)


@lru_cache(maxsize=KEPT)
def foldings(text: str, language: str = "") -> tuple[str, ...]:
    """Return the name folded by the rules of its language, without a language, and without diacritics.

    Azerbaijani "Hoçazfilm" is also looked for as "Hocazfilm", where c is not read as ch.
    """
    bare = text
    if not text.isascii():
        bare = unicodedata.normalize("NFC", without_marks(unicodedata.normalize("NFKD", text))).translate(_BARE_LETTERS)
    # English names are read like those of no known language.
    readings = dict.fromkeys([(text, "" if language == "en" else language), (text, ""), (bare, "")])
    folded = [_cut(fold_for_search(*reading)) for reading in readings]
    return tuple(_distinct([*folded, *map(joined_words, folded)]))


def joined_words(folded: str) -> str:
    """Return "Moldova-film" as one word, as it is also looked for as "Moldawfilm"; "" for other names."""
    words = folded.split()
    return "".join(words) if len(words) == 2 and len(kind_words() & set(words)) == 1 else ""


@lru_cache(maxsize=KEPT)
def words_of_texts(texts: tuple[NamedText, ...]) -> tuple[str, ...]:
    """Return the distinct words of all these texts, in their order."""
    return tuple(_distinct(chain.from_iterable(map(_words, texts))))


@lru_cache(maxsize=KEPT)
def _words(text: NamedText) -> tuple[str, ...]:
    return tuple(_cut(fold_for_search(*text)).split())


def _cut(folded: str) -> str:
    if len(folded) <= WORD_MAX_LENGTH:
        return folded
    return " ".join(word[:WORD_MAX_LENGTH] for word in folded.split())


def _distinct(items: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(filter(None, items)))
