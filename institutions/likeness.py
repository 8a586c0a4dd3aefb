"""Likeness of an institution to names, in any language and script, that may be its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

from rapidfuzz import fuzz

from languages.folding import fold_for_search
from search.context_words import country_words
from search.duplicates import ALIKE, common_words, likeness_of_names, meaning_of_name, name_keys, place_words
from search.models import NamedText
from search.spelling import likeness

from .models import Institution
from .models import InstitutionKind as Kind

# Least likeness in percent of whole names, chosen with the names of the data set in two languages; see ADR 60.
SAME, NEAR, ONE_WITHOUT = 90, 70, 69
# Kinds that one body may be said to have.
LIKE_KINDS = (
    {Kind.STUDIO, Kind.AGENCY, Kind.FUND, Kind.CENTRE, Kind.UNION, Kind.COMMISSION, Kind.DISTRIBUTOR, Kind.BROADCASTER},
    {Kind.ARCHIVE, Kind.MUSEUM, Kind.CENTRE},
    {Kind.MINISTRY, Kind.AGENCY, Kind.FUND},
)


def are_like_kinds(kinds: set[str]) -> bool:
    """Return whether one body may be said to have these kinds; "" is a kind that nobody told."""
    return len(kinds) == 1 or "" in kinds or any(kinds <= like for like in LIKE_KINDS)


@dataclass(frozen=True)
class Likeness:
    """Likeness of names to a record in percent: of whole names, and of the words that tell bodies apart."""

    whole: float = 0.0
    telling: float = 0.0

    def is_near(self, *, of_one_kind: bool, of_like_kind: bool) -> bool:
        """Return whether to ask editors; the less alike the kinds are, the more the names must be."""
        if of_one_kind:
            return max(self.whole, self.telling) >= NEAR
        return self.whole >= SAME or (of_like_kind and self.telling >= ALIKE)

    @property
    def order(self):
        return max(self.whole, self.telling)


UNLIKE = Likeness()


class Names:
    """Names of a record as they are compared."""

    def __init__(self, institution: Institution):
        """Take an institution with its city and other names loaded."""
        self.institution = institution
        self.texts = [name for name in institution.names_to_search() if name.text]
        self.places = place_words(institution)
        self.country = country_meanings(institution.country_id)
        self.meanings = [meaning(text) for text in self.texts]

    @cached_property
    def keys(self) -> frozenset[str]:
        return frozenset(name_keys(self.texts, self.places))

    def likeness(self, texts: Sequence[NamedText]) -> Likeness:
        return Likeness(self._whole(texts), self._telling(texts))

    def _whole(self, texts) -> float:
        """Return the likeness of whole names; where no language is common to both bodies, that of a translation."""
        languages = {text.language for text in texts}
        is_translation = languages.isdisjoint(text.language for text in self.texts)
        best = 0.0
        for said in map(meaning, texts):
            for own in self.meanings:
                if score := fuzz.ratio(said, own, score_cutoff=NEAR):
                    alike = min(score, _likeness_of_telling_words(said, own, self.country))
                    best = max(best, alike, min(score, SAME - 1) if is_translation else 0.0)
        return best

    def _telling(self, texts) -> float:
        """Return the likeness of the words that tell bodies apart; 0 where there are none, or of different things."""
        return max((self._telling_of(one, own) for one in texts for own in self.texts), default=0.0)

    def _telling_of(self, one: NamedText, own: NamedText) -> float:
        telling = _likeness_of_telling_words(meaning(one), meaning(own), self.country, without=0)
        return telling and min(telling, likeness_of_names(one.text, own.text, own.language, self.places))


@lru_cache(maxsize=20_000)
def meaning(text: NamedText) -> str:
    """Return the whole name translated word by word."""
    return meaning_of_name(fold_for_search(*text))


@cache
def country_meanings(code: str | None) -> frozenset[str]:
    """Return the words for a country, which bodies there share."""
    return frozenset(word for text in country_words(code or "") for word in meaning(text).split())


@cache
def _common_meanings() -> frozenset[str]:
    return common_words() | {word for common in common_words() for word in meaning_of_name(common).split()}


@lru_cache(maxsize=65_536)
def _likeness_of_telling_words(one: str, other: str, country: frozenset[str], *, without: float | None = None) -> float:
    """Return the likeness of the words that are neither kind nor country; `without` where a name has none."""
    shared = _common_meanings()
    several = ([word for word in text.split() if word not in shared and word not in country] for text in (one, other))
    few, many = sorted(several, key=len)
    if not few:
        return without if without is not None else ONE_WITHOUT if many else 100.0
    return 100 * sum(max(likeness(word, found) for found in many) for word in few) / len(many)
