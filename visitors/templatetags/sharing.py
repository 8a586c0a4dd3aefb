"""Open Graph tags for link previews."""

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.translation import get_language

register = template.Library()
LOCALES = {"en": "en_GB", "ru": "ru_RU"}


@register.inclusion_tag("_sharing.html", takes_context=True)
def sharing(context, kind="site", title="", description=""):
    """Return title, description and picture of the page."""
    language = get_language()
    return {
        "title": title,
        "description": description,
        "url": context.get("canonical_url"),
        "picture": settings.SITE_URL + static(f"share/{kind}-{language}.png"),
        "locale": LOCALES[language],
        "other_locales": [locale for code, locale in LOCALES.items() if code != language],
    }
