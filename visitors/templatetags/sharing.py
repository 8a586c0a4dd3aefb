"""Open Graph tags for link previews."""

from django import template
from django.conf import settings
from django.templatetags.static import static

from languages.of_interface import LANGUAGES, active_language
from visitors.share_pictures import drawn_picture

register = template.Library()


@register.inclusion_tag("_sharing.html", takes_context=True)
def sharing(context, kind="site", title="", description=""):
    """Return title, description and picture of the page."""
    language = active_language()
    return {
        "title": title,
        "description": description,
        "url": context.get("canonical_url"),
        "picture": settings.SITE_URL + static(drawn_picture(kind, language)),
        "locale": language.locale,
        "other_locales": [other.locale for other in LANGUAGES if other is not language],
    }
