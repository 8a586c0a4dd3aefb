"""Names of languages in the reader's language."""

from babel import Locale, UnknownLocaleError
from django import template
from django.utils.translation import get_language

register = template.Library()


@register.filter
def language_name(tag):
    """The language of a BCP 47 tag in the reader's words, from CLDR: "kk" is "Kazakh", "uz-Cyrl" "Uzbek (Cyrillic)"."""
    try:
        name = Locale.parse(tag, sep="-").get_display_name(get_language() or "en")
    except (UnknownLocaleError, ValueError):
        return tag
    return name or tag
