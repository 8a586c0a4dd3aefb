"""Compression of pages and feeds, independent of the server in front."""

from django.middleware.gzip import GZipMiddleware

PACKED = ("text/html", "application/atom+xml")


class PageGZipMiddleware(GZipMiddleware):
    """Compress pages and feeds only: downloads are streamed row by row, and static files are compressed beforehand.

    Guessing a secret by the compressed size (BREACH) needs a secret in the page; Django's padding makes it harder too.
    """

    def process_response(self, request, response):
        if response.streaming or not response.get("Content-Type", "").startswith(PACKED):
            return response
        return super().process_response(request, response)
