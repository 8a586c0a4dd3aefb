"""Meanings of words in a spreadsheet: kinds, countries, cities, services. Unknown ones are asked once."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext as _

from exports.headings import BY_NAME, HEAD_NAME_FIELDS, STATED
from institutions.models import (
    INTERNATIONAL,
    City,
    Country,
    country_name,
)
from languages.folding import fold_for_search
from languages.romanisation import to_latin
from languages.scripts import script_of
from people.posts import english_title, is_english_title
from records.tables.cells import is_nothing, tidy, tidy_lines, words_of_list
from search.context_words import context_words, country_words

from .head_cells import Head, heads_of
from .models import Import, RememberedWord
from .readings import CHOICE_FIELDS, CHOICE_LIST_FIELDS

# Value and label of each choice, by field.
CHOICES: dict[str, list[tuple[str, Any]]] = {
    **{name: STATED[name].flatchoices for name in CHOICE_FIELDS},
    **{name: STATED[name].base_field.flatchoices for name in CHOICE_LIST_FIELDS},
}
SECTIONS = {"kind": "kinds", "services": "services", "ownership": "ownership"}
COUNTRY_FIELDS = ("country", "country_code")
# Fields whose meaning may be English text typed by the editor, with its prefix.
TYPED_FIELDS = ("city", "head_title", *HEAD_NAME_FIELDS)
TYPED = "new:"
# Besides the names in CLDR and in search/context_words.yaml.
INTERNATIONAL_WORDS = ("international", "международная", "международный", "международное", "несколько стран")


def word_key(text: str) -> str:
    """Return a key equal for several spellings of a word; scripts are kept apart."""
    return tidy(text).casefold().replace("ё", "е")


@cache
def _known_words(field: str) -> dict[str, str]:
    """Return values by word: labels of the field in both languages first, then common names."""
    words = {}
    for value, label in CHOICES[field]:
        words.setdefault(word_key(value), value)
        for language, _name in settings.LANGUAGES:
            with translation.override(language):
                words.setdefault(word_key(str(label)), value)
    for value, _label in CHOICES[field]:
        for name in context_words(SECTIONS.get(field, ""), value):
            words.setdefault(word_key(name.text), value)
    return words


def countries_by_word(codes: Iterable[str]) -> dict[str, str]:
    words = {word_key(text): INTERNATIONAL for text in (INTERNATIONAL, *INTERNATIONAL_WORDS)}
    for code in codes:
        for text in [code, *(name.text for name in country_words(code))]:
            words.setdefault(word_key(text), code)
    return words


@dataclass(frozen=True)
class OpenWord:
    """Unknown word of the spreadsheet, and its last meaning."""

    field: str
    word: str
    country_code: str
    count: int
    meaning: str | None

    @property
    def is_open(self):
        return self.meaning is None

    @property
    def key(self):
        return word_key(self.word)

    @property
    def question(self):
        """Return the field of the word, and its place."""
        label = BY_NAME[self.field].label
        if self.field in HEAD_NAME_FIELDS:
            return _("column heading: which post do people have if their row names none?")
        return f"{label}, {country_name(self.country_code)}" if self.country_code else label

    @property
    def suggested_english(self):
        """Return a suggestion for a city to create; a post has to be translated."""
        if self.field != "city":
            return self.word if self.field == "head_title" and self.word.isascii() else ""
        return self.word if script_of(self.word) == "Latn" else to_latin(self.word)


class Vocabulary:
    """Known words, and those with a meaning from editors."""

    def __init__(self):
        self.countries = {country.code: country for country in Country.objects.all()}
        self._country_words = countries_by_word(self.countries)
        self._remembered = {
            (word.field, word.country_code, word.word): word.meaning for word in RememberedWord.objects.all()
        }
        self.cities = {city.pk: city for city in City.objects.all()}
        self._cities_by_key = {city.key: city for city in self.cities.values()}
        self._cities = defaultdict(dict)
        for city in self.cities.values():
            for text in [city.name_en, city.name_ru, city.name_native, *city.other_spellings]:
                self._cities[city.country_id].setdefault(fold_for_search(text), city)

    def meaning(self, field: str, text: str, country_code: str = "") -> Any:
        """Return the value of the word, "" if editors ignored it, None if it is unknown.

        A country is a code or `INTERNATIONAL`, a city a record, or the English name of a city to create, a post its
        English title.
        """
        known = self._known(field, text, country_code)
        if known is not None:
            return known
        meaning = self.remembered(field, text, country_code)
        if field == "city" and meaning and not meaning.startswith(TYPED):
            return self._cities_by_key.get(meaning)
        return meaning.removeprefix(TYPED) if meaning and field in TYPED_FIELDS else meaning

    def remembered(self, field: str, text: str, country_code: str = "") -> str | None:
        meaning = self._remembered.get((field, country_code if field == "city" else "", word_key(text)))
        if field == "city" and meaning and not meaning.startswith(TYPED) and meaning not in self._cities_by_key:
            # The city was deleted: a new meaning is needed.
            return None
        return meaning

    def _known(self, field, text, country_code):
        if field == "city":
            return self._city(fold_for_search(text), country_code)
        if field in COUNTRY_FIELDS:
            return self._country_words.get(word_key(text))
        if field == "head_title":
            return english_title(text) or (text if is_english_title(text) else None)
        if field in HEAD_NAME_FIELDS:
            return None
        return _known_words(field).get(word_key(text))

    def country_of(self, texts: dict[str, str]) -> str | None:
        """Return the country of a row by its cells, None if it has none or an unknown one."""
        meanings = [self.meaning("country", texts[name]) for name in COUNTRY_FIELDS if texts.get(name)]
        return next(filter(None, meanings), None)

    def _city(self, folded: str, country_code: str) -> City | None:
        if country_code != INTERNATIONAL:
            return self._cities[country_code].get(folded)
        # The seat of an international body: any city, if there is only one of that name.
        found = [cities[folded] for cities in self._cities.values() if folded in cities]
        return found[0] if len(found) == 1 else None

    def post_of(self, head: Head, spreadsheet: Import, field: str) -> tuple[str, str, str]:
        """Return the text of the post in the row: a field, the text, and the English for it if known.

        If the row has none, the heading above the name may be one: "Director". If it is not, or if a column of posts is
        empty, editors are asked.
        """
        if head.post:
            return "head_title", head.post, self.meaning("head_title", head.post)
        heading = spreadsheet.headings[spreadsheet.column_of(field)]
        post = tidy(re.sub(r"\([^()]*\)", "", heading))
        known = "" if "head_title" in spreadsheet.columns else english_title(post)
        if known:
            return "head_title", post, known
        return field, heading, self.meaning(field, heading)

    def unknown_words(self, spreadsheet: Import) -> list[OpenWord]:
        """Return every word of the spreadsheet that only editors can map, including those mapped before, each once."""
        counts: dict[tuple[str, str, str], list] = {}
        for row in spreadsheet.rows.only("cells", "faults").iterator():
            # Two heads of a row may have the same post.
            in_row = {}
            for field, country, word in self._words_of(row, spreadsheet):
                if self._known(field, word, country) is None:
                    # The country may be in two columns; its words are asked for together.
                    name = "country" if field in COUNTRY_FIELDS else field
                    in_row.setdefault((name, country, word_key(word)), word)
            for asked, word in in_row.items():
                counts.setdefault(asked, [word, 0])[1] += 1
        return [
            OpenWord(field, word, country, count, self.remembered(field, word, country))
            for (field, country, _key), (word, count) in sorted(counts.items(), key=lambda item: item[0])
        ]

    def _words_of(self, row, spreadsheet: Import) -> Iterator[tuple[str, str, str]]:
        """Return the words of a row that need a meaning: a field, the country for cities, and the word."""
        texts = {}
        for number, name in enumerate(spreadsheet.columns):
            if name and str(number) not in row.faults:
                is_head = name in HEAD_NAME_FIELDS or name == "head_title"
                texts[name] = (tidy_lines if is_head else tidy)(row.cells[number])
        for name in [*CHOICES, *COUNTRY_FIELDS]:
            text = texts.get(name, "")
            for word in words_of_list(text) if name in CHOICE_LIST_FIELDS else [text]:
                if not is_nothing(word):
                    yield name, "", word
        city, country = texts.get("city", ""), self.country_of(texts) or ""
        if not is_nothing(city) and country not in ("", INTERNATIONAL):
            yield "city", country, city
        yield from self._posts_of(texts, spreadsheet)

    def _posts_of(self, texts: dict[str, str], spreadsheet: Import) -> Iterator[tuple[str, str, str]]:
        try:
            heads = heads_of(texts)
        except ValidationError:
            # Reported beside the cell.
            return
        for head in heads:
            field, words, _meaning = self.post_of(head, spreadsheet, first_head_field(texts))
            yield field, "", words


def first_head_field(texts: dict[str, str]) -> str:
    return next(name for name in HEAD_NAME_FIELDS if texts.get(name) and not is_nothing(tidy(texts[name])))


def remember(word: OpenWord, meaning: str):
    RememberedWord.objects.update_or_create(
        field=word.field, country_code=word.country_code, word=word.key, defaults={"meaning": meaning}
    )
