"""Refusal of requests that are not in UTF-8."""

import codecs

from django.utils.http import parse_header_parameters

IN_USE = {"utf-8", "ascii"}
ANSWER = b"This site reads requests in UTF-8 only.\n"
HEADERS = [
    ("Content-Type", "text/plain; charset=utf-8"),
    ("Content-Length", str(len(ANSWER))),
    ("X-Content-Type-Options", "nosniff"),
]


def utf_8_only(application):
    """Answer 400 to requests in another charset, before Django sees them.

    Django decodes the path while it builds the request, before any middleware could answer; and some of Python's codecs
    produce no text.
    """

    def with_known_charset(environ, start_response):
        if _is_utf_8(environ.get("CONTENT_TYPE", "")):
            return application(environ, start_response)
        start_response("400 Bad Request", HEADERS)
        return [ANSWER]

    return with_known_charset


def _is_utf_8(content_type):
    try:
        _type, parameters = parse_header_parameters(content_type)
    except ValueError:
        return False
    try:
        return codecs.lookup(parameters.get("charset", "utf-8")).name in IN_USE
    except (LookupError, ValueError):
        # Django reads unknown charsets as UTF-8.
        return "\0" not in parameters["charset"]
