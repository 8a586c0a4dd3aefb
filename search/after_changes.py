"""Middleware that updates the words of records after each request that changed them."""

import logging

from django.db import Error

from .rebuilding import rebuild_changed

SAFE_METHODS = ("GET", "HEAD", "OPTIONS", "TRACE", "PROPFIND", "REPORT")
# Larger changes don't delay the response; `manage.py rebuild_search --changed` works them off later.
MOST_REBUILT = 200

logger = logging.getLogger(__name__)


def rebuilding_middleware(get_response):
    def middleware(request):
        response = get_response(request)
        if request.method not in SAFE_METHODS:
            try:
                rebuild_changed(MOST_REBUILT)
            except Error:
                # The notes stay in place, and the records are saved already.
                logger.exception("The words of changed records wait for the next time")
        return response

    return middleware
