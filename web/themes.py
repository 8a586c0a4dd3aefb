"""Light or dark: what the visitor's device prefers, unless the visitor chose on this site."""

from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy as _

COOKIE = "theme"
COOKIE_SECONDS = 365 * 24 * 3600
AS_THE_DEVICE = "system"
THEMES = {AS_THE_DEVICE: _("as the device"), "light": _("light"), "dark": _("dark")}


def theme_middleware(get_response):
    """Puts the visitor's choice into `request.theme`, and tells caches that pages differ by it."""

    def with_theme(request):
        chosen = request.COOKIES.get(COOKIE)
        request.theme = chosen if chosen in THEMES else AS_THE_DEVICE
        response = get_response(request)
        if response.get("Content-Type", "").startswith("text/html"):
            patch_vary_headers(response, ["Cookie"])
        return response

    return with_theme
