"""Texts that describe records by kind, service and place: "film schools in Minsk", "анимационные студии Узбекистана".

A text is a description if each of its words belongs to the name of a value, joins others, or says "film". It asks for
the records that have all these values, whatever their names. Known words that say more ("debut") rank them.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, partial, reduce
from operator import and_

from django.db.models import Q
from rapidfuzz import process
from rapidfuzz.distance import OSA

from .context_words import is_place_abroad, same_meaning
from .models import NamedText
from .queries import Query
from .record_words import foldings
from .spelling import likeness, stems
from .word_forms import joining_words

# "Film schools" are schools: in this directory the word tells nothing apart.
SAYS_FILM = "film"
SHORTEST_MISSPELT = 6
LIKENESS_OF_A_VALUE = 0.8
LETTERS_OF_A_VALUE = 2


@dataclass(frozen=True)
class DescribedField:
    """Field by which people describe records, with the filter of the list that asks for it."""

    filter: str
    lookup: str
    # Pairs of a value and one of its names.
    names: Callable[[], Iterable[tuple[str, NamedText]]]
    # Names that the code holds; others are read from the database.
    is_fixed: bool = True
    # A record has one kind: a text that names two of them says something else.
    takes_several: bool = False
    # Records rarely tell all their services: without one they may still be meant.
    may_be_untold: bool = False
    # Lookup from the place around: a record whose own place is not known may be in any of them.
    around: str = ""

    def condition(self, values: list[str]) -> Q:
        takes_list = self.lookup.endswith(("__in", "__overlap"))
        return Q(**{self.lookup: values if takes_list else values[0]})

    def possibly(self, values: list[str]) -> Q:
        """Return the condition that the values are not excluded."""
        unknown = {self.lookup.split("__")[0]: None}
        return Q(**unknown, **{self.around: values}) if self.around else self.condition(values)


@dataclass(frozen=True)
class Description:
    """Values by the name of their filter, and the folded words that say something else.

    `conditions` are in the order in which they are tried: all values; those that exclude no record whose place is not
    known; those without what records rarely tell.
    """

    values: dict[str, list[str]]
    conditions: list[Q]
    rest: list[str]


type Phrases = dict[str, list[tuple[tuple[str, ...], str]]]


def description(model, query: Query) -> Description | None:
    """Return the description that the text gives of records of the model; None if it names no value."""
    if model not in query.descriptions:
        known = {word.text for reading in query.as_typed[:1] for word in reading.words if word.is_known}
        query.descriptions[model] = _description(model.described_fields, query.folded_words, known)
    return query.descriptions[model]


def _description(fields: tuple[DescribedField, ...], words: list[str], known: set[str]) -> Description | None:
    values, rest, place = defaultdict(list), [], 0
    phrases = {field: _fixed_phrases(field) if field.is_fixed else _phrases(field) for field in fields if words}
    # "Germany" is no misspelt Armenia.
    words = [word if word in known or is_place_abroad(word) else _spelt_right(word, phrases) for word in words]
    while phrases and place < len(words):
        found = max((_longest(*item, words[place:]) for item in phrases.items()), key=lambda item: _rank(item, values))
        field, value, length = found
        if length and (field.takes_several or values[field.filter] in ([], [value])):
            values[field.filter] = [*dict.fromkeys([*values[field.filter], value])]
        elif not _joins(words[place]):
            rest.append(words[place])
        place += length or 1
    named = [(field, values[field.filter]) for field in fields if values.get(field.filter)]
    if not named:
        return None
    conditions = [
        reduce(and_, (field.condition(chosen) for field, chosen in named)),
        reduce(and_, (field.possibly(chosen) for field, chosen in named)),
    ]
    told = [field.condition(chosen) for field, chosen in named if not field.may_be_untold]
    if 1 < len(told) < len(named):
        conditions.append(reduce(and_, told))
    return Description({field.filter: chosen for field, chosen in named}, conditions, rest)


def _spelt_right(word: str, phrases: dict[DescribedField, Phrases]) -> str:
    """Return the first word of a name that an unknown word misspells; else the word itself."""
    is_named = any(key in names for names in phrases.values() for key in _keys(word))
    if len(word) < SHORTEST_MISSPELT or is_named or _joins(word):
        return word
    near = [
        name
        for names in phrases.values()
        for name, *_ in process.extract(word, names.keys(), scorer=OSA.distance, score_cutoff=LETTERS_OF_A_VALUE)
    ]
    nearest = max(near, key=partial(likeness, word), default=word)
    return nearest if likeness(word, nearest) >= LIKENESS_OF_A_VALUE else word


def _rank(found, values) -> tuple[int, bool]:
    field, _value, length = found
    return length, not values.get(field.filter)


def _joins(word: str) -> bool:
    return word in joining_words() or _says_film(word)


def _says_film(word: str) -> bool:
    return SAYS_FILM in same_meaning(word) | {word}


def _longest(field: DescribedField, phrases: Phrases, words: list[str]) -> tuple[DescribedField, str, int]:
    """Return the field, and the value whose name the words begin with, with the number of these words; 0 for none."""
    fitting = [
        (len(phrase), phrase[0] == words[0], value)
        for key in _keys(words[0])
        for phrase, value in phrases.get(key, ())
        if len(phrase) <= len(words) and all(map(_is_form_of, words[1:], phrase[1:]))
        # "For" is a code of Fortaleza, too.
        if len(phrase) > 1 or words[0] not in joining_words()
    ]
    length, _is_exact, value = max(fitting, default=(0, False, ""))
    return field, value, length


@cache
def _fixed_phrases(field: DescribedField) -> Phrases:
    return _phrases(field)


def _phrases(field: DescribedField) -> Phrases:
    """Return names as folded words, each with its value, by the stems of their first word."""
    phrases = defaultdict(list)
    for value, name in field.names():
        for phrase in {tuple(folded.split()) for folded in foldings(*name)}:
            for key in stems(phrase[0]) if phrase else ():
                phrases[key].append((phrase, value))
    return dict(phrases)


def _keys(word: str) -> set[str]:
    # "Cinema" is no cinemas.
    meanings = () if _says_film(word) else same_meaning(word)
    return {stem for text in (word, *meanings) for stem in stems(text)}


def _is_form_of(typed: str, written: str) -> bool:
    return not _keys(typed).isdisjoint(stems(written))
