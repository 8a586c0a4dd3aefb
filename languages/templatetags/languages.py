"""Language names in the reader's language, and `lang` tags for texts of unknown language."""

from babel import Locale, UnknownLocaleError
from django import template

from languages.of_interface import active_language
from languages.scripts import script_of

register = template.Library()


@register.filter
def language_name(tag):
    """Return the name of a BCP 47 tag from CLDR: "kk" is "Kazakh", "uz-Cyrl" "Uzbek (Cyrillic)"."""
    try:
        name = Locale.parse(tag, sep="-").get_display_name(active_language().cldr)
    except (UnknownLocaleError, ValueError):
        return tag
    return name or tag


@register.filter
def language_tag(text, known=""):
    """Return a value for `lang`: the known language, else "und" with the script of the text.

    Screen readers and hyphenation then don't treat a Cyrillic name as English.
    """
    return known or f"und-{script_of(str(text)) or 'Zyyy'}"
