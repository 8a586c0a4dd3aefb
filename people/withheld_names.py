"""Recognition of withheld people's names, in lists and within texts."""

import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from languages.folding import fold_for_search

from .models import Person

# Replaces a name in a text.
LEFT_OUT = "…"

_LETTER = "[^\\W_][\u0300-\u036f]*"
_WORD = re.compile(f"(?:{_LETTER})+(?:['’‘ʻʼ`´](?:{_LETTER})+)*")
# Folded.
_PATRONYMIC = re.compile(r"\w{2,}(?:ich|[oei]vna|ichna)|ogl[iu]|oglu|k[iy]zi|ulu|uli")
# Separators between the words of one name: a space, a comma, a full stop, a hyphen.
_BETWEEN = re.compile(r"[^\w\n]{0,3}|_")


class Word(NamedTuple):
    """Word of a text: folded, with its place."""

    folded: str
    start: int
    end: int
    # "A." or "Дж.": the first letters of a name.
    is_initial: bool
    is_lower: bool


class Known(NamedTuple):
    """One name of a person: its words, and the word that initials never replace."""

    words: frozenset[str]
    family: str
    person: Person


class WithheldNames:
    """Names of people, mostly of all withheld ones, recognised in any script, order and spelling.

    Names with initials, and with or without a patronymic, are recognised too.
    """

    def __init__(self, people: Iterable[Person]):
        self._known: dict[str, list[Known]] = defaultdict(list)
        self._languages, self._folded, self._longest = [""], {}, 0
        for person in people:
            names = [name for name in person.names_to_search() if name.text]
            # A given name alone is too common, unless the person has no other.
            several = [name for name in names if len(_WORD.findall(name.text)) > 1]
            for name in several or names:
                # The language of a later query is rarely known.
                for language in dict.fromkeys(("", name.language)):
                    self._add(fold_for_search(name.text, language).split(), person)
                if name.language and name.language not in self._languages:
                    self._languages.append(name.language)

    @classmethod
    def read(cls) -> "WithheldNames":
        return cls(Person.objects.withheld().prefetch_related("other_names"))

    def __bool__(self):
        return bool(self._known)

    def _add(self, words, person):
        family = next((word for word in reversed(words) if not _PATRONYMIC.fullmatch(word)), words[-1] if words else "")
        known = Known(frozenset(words), family, person)
        for word in known.words:
            self._known[word].append(known)
        self._longest = max(self._longest, len(words))

    # Whole names -----------------------------------------------------------------------------------------------------

    def find(self, name: str) -> Person | None:
        """Return the withheld person this name belongs to: equal words, or one extra word on either side."""
        return self._find(name, further_words=1)

    def find_exactly(self, name: str) -> Person | None:
        """Return the same for lists with names of bodies, such as "Anna Berg Studio": equal words only."""
        return self._find(name, further_words=0)

    def find_all(self, name: str) -> dict[Person, bool]:
        """Return all people this name belongs to, and whether it is more than initials for each."""
        words = self._words_of_name(name)
        is_full = not any(word.is_initial for word in words)
        return {known.person: is_full for known in self._all_same(words, further_words=1)}

    def _find(self, name, further_words):
        known = self._same(self._words_of_name(name), further_words)
        return known and known.person

    def _words_of_name(self, name) -> list[Word]:
        words = self._words(name)
        # The letters of one word may show the language of another.
        together = fold_for_search(name).split()
        if len(together) == len(words):
            words = [
                word if word.folded in self._known else word._replace(folded=folded)
                for word, folded in zip(words, together, strict=True)
            ]
        return words

    def _words(self, text) -> list[Word]:
        return [
            Word(
                self._fold(match[0]),
                *match.span(),
                is_initial=(len(match[0]) <= 2 and text[match.end() : match.end() + 1] == ".")
                or (len(match[0]) == 1 and match[0].isupper()),
                is_lower=match[0].islower(),
            )
            for match in _WORD.finditer(text)
        ]

    def _fold(self, word: str) -> str:
        if word not in self._folded:
            ways = [fold_for_search(word, language).replace(" ", "") for language in self._languages]
            self._folded[word] = next((way for way in ways if way in self._known), ways[0])
        return self._folded[word]

    def _same(self, words: list[Word], further_words: int) -> Known | None:
        return next(self._all_same(words, further_words), None)

    def _all_same(self, words: list[Word], further_words: int) -> Iterator[Known]:
        full = frozenset(word.folded for word in words if word.folded and not word.is_initial)
        initials = [word.folded for word in words if word.is_initial]
        for word in full:
            for known in self._known.get(word, ()):
                if _is_same(known, full, initials, further_words):
                    yield known

    # Names within texts ----------------------------------------------------------------------------------------------

    def take_out(self, text: str) -> str:
        """Return the text with a mark in place of each of these names."""
        parts, at = [], 0
        for start, end in self._spans(text):
            parts += [text[at:start], LEFT_OUT]
            at = end
        return "".join([*parts, text[at:]]) if parts else text

    def take_out_of(self, value: Any, kept=frozenset()) -> Any:
        """Return a JSON value with all names replaced, except under the keys in `kept`."""
        if isinstance(value, str):
            return self.take_out(value)
        if isinstance(value, list | tuple):
            return [self.take_out_of(one, kept) for one in value]
        if isinstance(value, dict):
            return {name: one if name in kept else self.take_out_of(one, kept) for name, one in value.items()}
        return value

    def are_named_in(self, value: Any) -> bool:
        return self.take_out_of(value) != value

    def _spans(self, text) -> list[tuple[int, int]]:
        if not any(self._fold(word) in self._known for word in set(_WORD.findall(text))):
            return []
        words, spans, at = self._words(text), [], 0
        while at < len(words):
            length = next((n for n in range(self._longest + 2, 0, -1) if self._is_name(text, words[at : at + n], n)), 0)
            if length:
                last = words[at + length - 1]
                spans.append((words[at].start, last.end + (last.is_initial and text[last.end :].startswith("."))))
            at += length or 1
        return spans

    def _is_name(self, text, words, length):
        if len(words) < length or not any(word.folded in self._known for word in words):
            return False
        gaps = (text[one.end : other.start] for one, other in itertools.pairwise(words))
        known = self._same(words, 1) if all(map(_BETWEEN.fullmatch, gaps)) else None
        if known is None or (length == 1 and len(known.words) > 1):
            return False
        last = len(words) - 1
        return all(_may_stand(word, known, place in (0, last), place == 0) for place, word in enumerate(words))


def _may_stand(word, known, is_at_edge, is_first):
    """Return whether the word is part of the name and not merely beside it."""
    if word.folded in known.words and not word.is_initial:
        return True
    if word.is_initial:
        return not is_first or any(one.startswith(word.folded) for one in known.words)
    return (bool(_PATRONYMIC.fullmatch(word.folded)) and not is_first) or not (is_at_edge or word.is_lower)


def _is_same(known: Known, full: frozenset[str], initials: list[str], further_words: int) -> bool:
    if not initials:
        if full == known.words:
            return True
        is_part = full <= known.words or known.words <= full
        return is_part and len(full & known.words) >= 2 and _are_enough(known, known.words ^ full, further_words)
    if known.family not in full or not full <= known.words or len(known.words) == 1:
        return False
    rest, unknown = set(known.words - full), 0
    for initial in initials:
        meant = next((word for word in sorted(rest, key=_is_patronymic) if word.startswith(initial)), None)
        rest.discard(meant)
        unknown += meant is None
    if unknown == len(initials) and rest:
        return False
    return unknown + len(rest) <= further_words and _are_enough(known, rest, further_words)


def _are_enough(known: Known, missing, further_words) -> bool:
    """Return whether the words found identify the person: given name and patronymic alone do not."""
    has_patronymic = any(map(_is_patronymic, known.words))
    lacking = missing & known.words
    return len(missing) <= further_words and (not lacking or not has_patronymic or all(map(_is_patronymic, lacking)))


def _is_patronymic(word: str) -> bool:
    return bool(_PATRONYMIC.fullmatch(word))


def is_withheld(names: Iterable[str]) -> Person | None:
    """Return the withheld person who has one of these names, or None."""
    withheld = WithheldNames.read()
    return next((person for name in names if name and (person := withheld.find(name))), None)


def refuse_withheld_names(field: str, names: Iterable[str]):
    """Raise ValidationError for the field if it names a withheld person."""
    names = [name for name in names if name]
    withheld = WithheldNames.read() if names else None
    for name in names:
        if withheld.find_exactly(name):
            raise ValidationError({field: _("%(name)s asked not to be listed.") % {"name": name}})


def namesakes(people, person: Person) -> list[Person]:
    """Return others of these people with a name that sounds the same: perhaps duplicates of the person."""
    names = WithheldNames([person])
    candidates = people.exclude(pk=person.pk).filter(withheld=False)
    columns = candidates.values_list("pk", "name_en", "name_ru", "name_native", "other_names__text")
    found = {number for number, *texts in columns if any(text and names.find(text) for text in texts)}
    return list(people.filter(pk__in=found).order_by("sort_key_en"))
