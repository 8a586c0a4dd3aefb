"""Compression of pages and feeds, independent of the server in front."""

from django.middleware.gzip import GZipMiddleware

from .page_store import COMPRESSED_LATER, PACKED, is_public


class PageGZipMiddleware(GZipMiddleware):
    """Compress pages and feeds only, except public ones that the page store compresses.

    Guessing a secret by the compressed size (BREACH) needs a secret in the page; Django's padding makes it harder too.
    """

    def process_response(self, request, response):
        if response.streaming or not response.get("Content-Type", "").startswith(PACKED):
            return response
        if COMPRESSED_LATER in request.META and is_public(response):
            return response
        return super().process_response(request, response)
