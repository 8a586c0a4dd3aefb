"""How much of a request the site reads: beyond that it is refused before anything is made of it."""

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext as _

# What gunicorn reads of a request's first line, whatever server stands in front.
LONGEST_URL = 4_000
# Every box of the longest form in an address ticked is well below.
MOST_PARAMETERS = 200
# A visitor's form at its fullest: the answer of an institution with a remark to every line.
LARGEST_FORM = 1024 * 1024


def request_limits_middleware(get_response):
    def middleware(request):
        query = request.META.get("QUERY_STRING", "")
        if len(request.path_info) + len(query) > LONGEST_URL:
            return _refused(_("This URL is too long."), 414)
        if query.count("&") >= MOST_PARAMETERS:
            return _refused(_("This URL has too many parameters."), 400)
        if _body_length(request) > LARGEST_FORM + settings.IMPORT_MAX_BYTES:
            return _refused(_("This is more than the site takes at a time."), 413)
        return get_response(request)

    return middleware


def is_larger_than_any_form(request) -> bool:
    return _body_length(request) > LARGEST_FORM


def _body_length(request) -> int:
    """In octets; 0 where nothing is said of it, for then Django reads none."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isascii() and length.isdigit() else 0


def _refused(text: str, status: int) -> HttpResponse:
    return HttpResponse(f"{text}\n", status=status, content_type="text/plain; charset=utf-8")
