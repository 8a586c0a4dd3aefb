"""Words that people type beside a name, which stand in no record: for kinds, services, owners and countries."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import yaml
from babel import Locale
from django.conf import settings
from django.db import models
from django.utils import translation

from .models import NamedText

CONTEXT_WORDS_FILE = Path(__file__).parent / "context_words.yaml"
# The languages in which countries are named: the region's own and those of the site.
COUNTRY_NAME_LANGUAGES = ("en", "ru", "az", "be", "hy", "ka", "kk", "ky", "ro", "tg", "tk", "uk", "uz", "uz_Cyrl", "de", "fr", "tr")
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


def kind_hints() -> Iterator[NamedText]:
    """All words for kinds: in a query they are hints, however rare."""
    for section in ("kinds", "services", "ownership"):
        for words in _file()[section].values():
            yield from map(NamedText, words)


def _names_from_cldr(code: str) -> tuple[NamedText, ...]:
    names = ((tag.replace("_", "-"), Locale.parse(tag).territories.get(code)) for tag in COUNTRY_NAME_LANGUAGES)
    return tuple(NamedText(name, tag) for tag, name in names if name)


@cache
def _file() -> dict:
    return yaml.safe_load(CONTEXT_WORDS_FILE.read_text("utf-8"))
