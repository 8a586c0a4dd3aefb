"""What every page's frame needs: its own address, its twin in the other language, the languages."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.http import escape_leading_slashes
from django.utils.translation import get_language

from .themes import THEMES


def page_addresses(request: HttpRequest) -> dict:
    """Canonical address, hreflang pairs and themes; filters are states of a list and not pages of their own."""
    # A path that begins with two slashes would be taken for the name of a host.
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
        "themes": [(theme, label, theme == request.theme) for theme, label in THEMES.items()],
    }
