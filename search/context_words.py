"""Words that people type beside a name, which stand in no record: for kinds, services, owners and countries."""

from collections import defaultdict
from functools import cache
from pathlib import Path

import yaml
from babel import Locale
from django.conf import settings
from django.db import models
from django.utils import translation

from languages.of_interface import LANGUAGES
from languages.romanisation import fold_for_search

from .models import NamedText
from .spelling import stems

CONTEXT_WORDS_FILE = Path(__file__).parent / "context_words.yaml"
# The languages in which countries are named, besides those of the interface: the region's own and some further ones.
COUNTRY_NAME_LANGUAGES = (
    *("az", "be", "hy", "ka", "kk", "ky", "ro", "tg", "tk", "uk", "uz", "uz-Cyrl"),
    *("de", "fr", "tr"),
)
INTERNATIONAL = "INT"


@cache
def context_words(section: str, name: str) -> tuple[NamedText, ...]:
    """The further words for a kind, a service, an owner or a country; none where the file has none."""
    return tuple(NamedText(words) for words in _file().get(section, {}).get(name, ()))


@cache
def choice_words(choice: models.TextChoices) -> tuple[NamedText, ...]:
    """The label of a field's choice in the languages of the site."""
    words = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            words.append(NamedText(str(choice.label), language))
    return tuple(words)


@cache
def country_words(code: str | None) -> tuple[NamedText, ...]:
    """How the country is called: its names in the region's languages, and its adjectives. None is "several"."""
    if code is None:
        return context_words("countries", INTERNATIONAL)
    return (*_names_from_cldr(code), *context_words("countries", code))


@cache
def kind_words() -> frozenset[str]:
    """Folded words for kinds of records and what they do: in a query they are hints, however rare."""
    texts = (
        text for section in ("kinds", "services", "ownership") for texts in _file()[section].values() for text in texts
    )
    return frozenset(word for text in texts for word in fold_for_search(text).split())


@cache
def meaning_words() -> frozenset[str]:
    """Folded words that stand in names of bodies in several languages, such as "national" and "union"."""
    return frozenset(word for texts in _file()["meanings"] for text in texts for word in fold_for_search(text).split())


def same_meaning(folded: str) -> frozenset[str]:
    """The folded words of other languages that mean the same as the word, or as the one that it is a form of."""
    groups = (_meanings_by_stem().get(stem, frozenset()) for stem in stems(folded))
    return frozenset().union(*groups) - {folded}


@cache
def _meanings_by_stem() -> dict[str, frozenset[str]]:
    """The words of one meaning by each of them, with and without its ending."""
    groups = defaultdict(set)
    countries = [[*country_words(code)] for code in _file()["countries"] if code != INTERNATIONAL]
    meanings = [[NamedText(text) for text in texts] for texts in _file()["meanings"]]
    for texts in [*meanings, *countries]:
        words = {folded for text in texts for folded in [fold_for_search(*text)] if folded and " " not in folded}
        for word in words:
            for stem in stems(word):
                groups[stem] |= words
    return {stem: frozenset(words) for stem, words in groups.items()}


def _names_from_cldr(code: str) -> tuple[NamedText, ...]:
    locales = {language.tag: language.cldr for language in LANGUAGES}
    locales |= {tag: Locale.parse(tag, sep="-") for tag in COUNTRY_NAME_LANGUAGES}
    names = ((tag, locale.territories.get(code)) for tag, locale in locales.items())
    return tuple(NamedText(name, tag) for tag, name in names if name)


@cache
def _file() -> dict:
    return yaml.safe_load(CONTEXT_WORDS_FILE.read_text("utf-8"))
