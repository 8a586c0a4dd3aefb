"""Pages and feeds over a slow line: packed on the way, whatever stands in front of the application server."""

from django.middleware.gzip import GZipMiddleware

PACKED = ("text/html", "application/atom+xml")


class PageGZipMiddleware(GZipMiddleware):
    """Packs these alone: files of lists stream row by row, and static files are packed beforehand.

    Guessing a secret by the packed size (BREACH) needs a secret in the page; Django's padding stands against it too.
    """

    def process_response(self, request, response):
        if response.streaming or not response.get("Content-Type", "").startswith(PACKED):
            return response
        return super().process_response(request, response)
