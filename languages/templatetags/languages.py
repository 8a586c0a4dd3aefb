"""Names of languages in the reader's language, and tags for texts whose language nobody wrote down."""

from babel import Locale, UnknownLocaleError
from django import template

from languages.of_interface import active_language
from languages.romanisation import script_of

register = template.Library()


@register.filter
def language_name(tag):
    """The language of a BCP 47 tag in the reader's words, from CLDR: "kk" is "Kazakh", "uz-Cyrl" "Uzbek (Cyrillic)"."""
    try:
        name = Locale.parse(tag, sep="-").get_display_name(active_language().cldr)
    except (UnknownLocaleError, ValueError):
        return tag
    return name or tag


@register.filter
def language_tag(text, known=""):
    """A value for `lang`: the known language, else "undetermined" with the script that the text is written in.

    Screen readers and hyphenation then don't read a Cyrillic name with the voice and rules of an English page.
    """
    return known or f"und-{script_of(str(text)) or 'Zyyy'}"
