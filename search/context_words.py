"""Words that people type beside a name and that are in no record: for kinds, services, owners and countries."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import yaml
from babel import Locale
from babel.core import get_global
from babel.languages import get_official_languages
from django.conf import settings
from django.db import models
from django.utils import translation
from rapidfuzz import process
from rapidfuzz.distance import OSA

from languages.folding import fold_for_search
from languages.of_interface import LANGUAGES

from .models import NamedText
from .spelling import stems

CONTEXT_WORDS_FILE = Path(__file__).parent / "context_words.yaml"
# The languages in which countries are named, besides those of the interface: the region's own and some further ones.
COUNTRY_NAME_LANGUAGES = (
    *("az", "be", "hy", "ka", "kk", "ky", "ro", "tg", "tk", "uk", "uz", "uz-Cyrl"),
    *("de", "fr", "tr"),
)
# Further languages of the world in which visitors name them. Read once a process, at the first search.
WORLD_LANGUAGES = (
    *("es", "it", "pt", "nl", "pl", "cs", "sk", "hu", "fi", "sv", "nb", "et", "lv", "lt", "bg", "sr", "hr", "sl", "mk"),
    *("sq", "el", "he", "ar", "fa", "ur", "hi", "bn", "id", "vi", "th", "ja", "ko", "zh", "zh-Hant", "mn", "ug", "ca"),
    *("eu", "gl", "ga", "cy", "is", "af", "sw", "ms", "fil", "am", "ta", "te", "ml", "mr", "gu", "pa", "kn", "ne"),
    *("si", "my", "km", "lo"),
)
# In which people name places elsewhere, which then misspell nothing of the region.
LANGUAGES_OF_PLACES_ABROAD = ("en", "ru", "uk", "de", "fr", "es", "tr")
SHORTEST_PLACE = 4
# Rules of spelling tried beside the region's own: "Sojusmultfilm", "Chakhnazarov", "Mielnica", Turkish c.
FOREIGN_SPELLINGS = ("de", "fr", "pl", "tr")
# Names of countries this long may have one slip, and those of the second length two.
SHORTEST_MISSPELT_COUNTRY = 6
LONG_COUNTRY = 9
INTERNATIONAL = "INT"


@cache
def context_words(section: str, name: str) -> tuple[NamedText, ...]:
    """Return the further words for a kind, service, owner or country; none if the file has none."""
    return tuple(NamedText(words) for words in _file().get(section, {}).get(name, ()))


@cache
def choice_words(choice: models.TextChoices) -> tuple[NamedText, ...]:
    """Return the label of a field's choice in the languages of the site."""
    words = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            words.append(NamedText(str(choice.label), language))
    return tuple(words)


def choice_names(choice: models.TextChoices, section: str) -> tuple[NamedText, ...]:
    """Return the label of a choice and the further words of the section for it."""
    return (*choice_words(choice), *context_words(section, choice.value))


def names_of_choices(choices: type[models.TextChoices], section: str) -> list[tuple[str, NamedText]]:
    """Return pairs of a choice's value and one of its names."""
    return [(choice.value, name) for choice in choices for name in choice_names(choice, section)]


def names_of_numbers(section: str, numbers: Iterable[int]) -> list[tuple[str, NamedText]]:
    """Return pairs of a number and a text of the section with it: "over 20 percent"."""
    return [(str(number), NamedText(text.format(number))) for number in numbers for text in _file()[section]]


def names_of_countries() -> list[tuple[str, NamedText]]:
    """Return pairs of a country's code and one of its names and adjectives, in any language."""
    return [
        (code, name)
        for code in _country_codes()
        for name in (*country_words(code), *_names_from_cldr(code, WORLD_LANGUAGES))
    ]


@cache
def country_words(code: str | None) -> tuple[NamedText, ...]:
    """Return a country's names in the region's languages and its adjectives. None stands for several countries."""
    if code is None:
        return context_words("countries", INTERNATIONAL)
    return (*country_names(code), *context_words("countries", code))


@cache
def country_names(code: str) -> tuple[NamedText, ...]:
    """Return the names of the country in the languages of the interface and the region, old and informal ones too."""
    return (*_names_from_cldr(code, COUNTRY_NAME_LANGUAGES), *context_words("country_names", code))


def country_named(text: str) -> str | None:
    """Return the ISO 3166-1 code of the country of the region that the text names, in any language, or None."""
    names = _codes_by_name()
    typed = [name for language in ("", *FOREIGN_SPELLINGS) if (name := fold_for_search(text, language))]
    known = [names[name] for name in typed if name in names]
    if known:
        return known[0]
    misspelt = filter(None, (_misspelt_country(name) for name in typed))
    return next(misspelt, None)


def country_of_the_world(text: str) -> str | None:
    """Return the ISO 3166-1 code of any country that the text names, or is a code of two or three letters of."""
    letters = text.strip().upper()
    aliases = get_global("territory_aliases").get(letters, ()) if letters.isalpha() and len(letters) <= 3 else ()
    if letters in Locale("en").territories or len(aliases) == 1:
        return aliases[0] if aliases else letters
    return country_named(text) or _codes_in_the_world().get(fold_for_search(text))


@cache
def _codes_in_the_world() -> dict[str, str]:
    locales = [Locale.parse(tag) for tag in LANGUAGES_OF_PLACES_ABROAD]
    return {
        fold_for_search(name): code
        for locale in locales
        for code, name in locale.territories.items()
        if code.isalpha() and len(code) == 2
    }


def _misspelt_country(typed: str) -> str | None:
    """Return the code of the country whose folded name is meant. The first letter is right: "Prussia" is no Russia."""
    if len(typed) < SHORTEST_MISSPELT_COUNTRY:
        return None
    names = {name: code for name, code in _codes_by_name().items() if name[0] == typed[0]}
    slips = 2 if len(typed) >= LONG_COUNTRY else 1
    found = process.extractOne(typed, names.keys(), scorer=OSA.distance, score_cutoff=slips)
    return names[found[0]] if found else None


@cache
def _codes_by_name() -> dict[str, str]:
    """Return the code of each country by each of its folded names."""
    return {
        folded: code
        for code in _country_codes()
        for name in (*country_names(code), *_names_from_cldr(code, WORLD_LANGUAGES))
        for folded in (fold_for_search(*name), fold_for_search(name.text))
        if len(folded) > 1
    }


def _country_codes() -> list[str]:
    return [code for code in _file()["countries"] if code != INTERNATIONAL]


@cache
def kind_words() -> frozenset[str]:
    """Return folded words for kinds of records and their work: in a query they are hints, however rare."""
    texts = (
        text for section in ("kinds", "services", "ownership") for texts in _file()[section].values() for text in texts
    )
    return frozenset(word for text in texts for word in fold_for_search(text).split())


@cache
def meaning_words() -> frozenset[str]:
    """Return folded words that occur in names of bodies in several languages, such as "national" and "union"."""
    return frozenset(word for texts in _file()["meanings"] for text in texts for word in fold_for_search(text).split())


def same_meaning(folded: str) -> frozenset[str]:
    """Return the folded words of other languages with the same meaning as the word or its base form."""
    groups = (_meanings_by_stem().get(stem, frozenset()) for stem in stems(folded))
    return frozenset().union(*groups) - {folded}


@cache
def _meanings_by_stem() -> dict[str, frozenset[str]]:
    """Return each word with and without its ending, mapped to the words of the same meaning."""
    groups = defaultdict(set)
    countries = defaultdict(list)
    for code, name in names_of_countries():
        countries[code].append(name)
    meanings = [[NamedText(text) for text in texts] for texts in _file()["meanings"]]
    for texts in [*meanings, *countries.values()]:
        words = {folded for text in texts for folded in [fold_for_search(*text)] if folded and " " not in folded}
        for word in words:
            for stem in stems(word):
                groups[stem] |= words
    return {stem: frozenset(words) for stem, words in groups.items()}


def is_place_abroad(folded: str) -> bool:
    """Return whether the word names a country or large city outside the region, or the language of one."""
    return not places_abroad().isdisjoint(stems(folded))


@cache
def places_abroad() -> frozenset[str]:
    """Return stems of one-word names of countries, their languages and large cities outside the region, from CLDR."""
    own, zones = set(_country_codes()), get_global("zone_territories")
    own_languages = {tag for code in own for tag in get_official_languages(code, regional=True, de_facto=True)}
    languages = {language for code in set(zones.values()) - own for language in get_official_languages(code)}
    names = [zone.rpartition("/")[2] for zone, code in zones.items() if code not in own]
    for locale in map(Locale.parse, LANGUAGES_OF_PLACES_ABROAD):
        names += [name for code, name in locale.territories.items() if code.isalpha() and code not in own]
        names += [locale.languages.get(language, "") for language in languages - own_languages]
        names += [place.get("city", "") for zone, place in locale.time_zones.items() if zones.get(zone) not in own]
    folded = {fold_for_search(name) for name in names}
    known = {word for code, name in names_of_countries() for word in fold_for_search(*name).split()}
    return frozenset(
        stem for name in folded - known if " " not in name for stem in stems(name) if len(stem) >= SHORTEST_PLACE
    )


def _names_from_cldr(code: str, languages: Iterable[str]) -> tuple[NamedText, ...]:
    locales = {language.tag: language.cldr for language in LANGUAGES}
    locales |= {tag: Locale.parse(tag, sep="-") for tag in languages}
    names = ((tag, locale.territories.get(code)) for tag, locale in locales.items())
    return tuple(NamedText(name, tag) for tag, name in names if name)


@cache
def _file() -> dict:
    return yaml.safe_load(CONTEXT_WORDS_FILE.read_text("utf-8"))
