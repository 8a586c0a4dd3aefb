"""Limits on the size of requests."""

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext as _

# The limit of gunicorn for the request line, kept whatever server stands in front.
LONGEST_URL = 4_000
# The longest form with every box ticked stays well below.
MOST_PARAMETERS = 200
# The largest form of visitors: the answer of an institution with a remark on every line.
LARGEST_FORM = 1024 * 1024


def request_limits_middleware(get_response):
    def middleware(request):
        query = request.META.get("QUERY_STRING", "")
        if len(request.path_info) + len(query) > LONGEST_URL:
            return _refused(_("This URL is too long."), 414)
        if query.count("&") >= MOST_PARAMETERS:
            return _refused(_("This URL has too many parameters."), 400)
        if _body_length(request) > LARGEST_FORM + settings.IMPORT_MAX_BYTES:
            return _refused(_("The request is too large."), 413)
        return get_response(request)

    return middleware


def is_larger_than(request, octets: int) -> bool:
    return _body_length(request) > octets


def _body_length(request) -> int:
    """Return the length of the body in octets, or 0 if the request does not state it: Django then reads none."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isascii() and length.isdigit() else 0


def _refused(text: str, status: int) -> HttpResponse:
    return HttpResponse(f"{text}\n", status=status, content_type="text/plain; charset=utf-8")
