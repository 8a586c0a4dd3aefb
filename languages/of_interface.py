"""Languages of the interface, each declared once: paths, the switch, names, sorting and formats follow from here."""

from dataclasses import dataclass
from functools import cached_property

from babel import Locale
from django.utils.translation import get_language, trans_real


@dataclass(frozen=True)
class Language:
    """A language that pages are shown in.

    `tag` begins the path of its pages, names the folder of its catalog and is their `lang`. `locale` is a locale of
    CLDR with a territory, such as ru_RU: it gives dates, amounts, names of countries and languages. Where a text or
    an interface string is missing in the language, that of the first of `fallbacks` stands in that has it. Records
    have columns of their own (name_ru, sort_key_ru, summary_ru) in a language that `has_columns`.
    """

    tag: str
    own_name: str
    locale: str
    fallbacks: tuple[str, ...] = ()
    has_columns: bool = False

    @cached_property
    def chain(self) -> tuple[str, ...]:
        """Tags of the languages in which a text is looked for, the best first; all that have columns are among them."""
        return tuple(dict.fromkeys((self.tag, *self.fallbacks, *COLUMN_TAGS)))

    @cached_property
    def sort_key(self) -> str:
        """The column by which lists are sorted: that of the first language of the chain that has one."""
        return next(f"sort_key_{tag}" for tag in self.chain if tag in COLUMN_TAGS)

    @cached_property
    def cldr(self) -> Locale:
        return Locale.parse(self.locale)


# In the order of the language switch. The first one's pages have no prefix, and interface strings are written in it.
LANGUAGES = [
    # Plain "en" is American in CLDR ("May 2, 2019"); the directory writes the day first.
    Language("en", "English", "en_GB", has_columns=True),
    Language("ru", "Русский", "ru_RU", has_columns=True),
]
COLUMN_TAGS = tuple(language.tag for language in LANGUAGES if language.has_columns)
BY_TAG = {language.tag: language for language in LANGUAGES}


def language_of(tag: str | None) -> Language:
    """Return the language with the tag, or the default one where the interface has no such language."""
    return BY_TAG.get(tag, LANGUAGES[0])


def active_language() -> Language:
    """Return the language that the page is shown in; in commands, where none is active, the default one."""
    return language_of(get_language())


def chain_catalogs() -> None:
    """Let interface strings that a catalog lacks come from the next language of the chain.

    Django itself goes to the default language at once.
    """
    for language in LANGUAGES[1:]:
        if (following := language.chain[1]) != LANGUAGES[0].tag:
            trans_real.translation(language.tag)._fallback = trans_real.translation(following)
