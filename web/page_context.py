"""Template context of the frame of every page: its URL in each language, the licence of the data, and the themes."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.http import escape_leading_slashes
from django.utils.translation import get_language

from .themes import THEMES


def page_addresses(request: HttpRequest) -> dict:
    """Return canonical URL, hreflang pairs, licence and themes; filters are left out of the canonical URL."""
    # Browsers take a path that begins with two slashes for a host name.
    path = escape_leading_slashes(request.path)
    page = request.GET.get("page", "")
    page_query = f"?page={page}" if page.isdigit() and page != "1" else ""
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    twins = [
        {
            "language": code,
            "name": name,
            "url": settings.SITE_URL + translate_url(path, code) + page_query,
            "path_here": translate_url(path, code) + query,
            "is_current": code == get_language(),
        }
        for code, name in settings.LANGUAGES
    ]
    return {
        "canonical_url": settings.SITE_URL + path + page_query,
        "language_twins": twins,
        "contact_email": settings.CONTACT_EMAIL,
        "licence_name": settings.DATA_LICENCE_NAME,
        "licence_url": settings.DATA_LICENCE_URL,
        "themes": [(theme, label, theme == request.theme) for theme, label in THEMES.items()],
    }
