"""Light or dark theme: the device's preference, unless the visitor chose one on this site."""

from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy as _

COOKIE = "theme"
COOKIE_SECONDS = 365 * 24 * 3600
AS_THE_DEVICE = "system"
THEMES = {AS_THE_DEVICE: _("as on this device"), "light": _("light"), "dark": _("dark")}


def theme_of(cookies: dict[str, str]) -> str:
    """Return the visitor's choice."""
    chosen = cookies.get(COOKIE)
    return chosen if chosen in THEMES else AS_THE_DEVICE


def theme_middleware(get_response):
    """Set `request.theme` to the visitor's choice, and tell caches that pages vary by it."""

    def with_theme(request):
        request.theme = theme_of(request.COOKIES)
        response = get_response(request)
        if response.get("Content-Type", "").startswith("text/html"):
            patch_vary_headers(response, ["Cookie"])
        return response

    return with_theme
