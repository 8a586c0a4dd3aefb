"""Writes the words of records as soon as a request has changed them, so that reading never has to."""

import logging

from django.db import Error

from .rebuilding import rebuild_changed

SAFE_METHODS = ("GET", "HEAD", "OPTIONS", "TRACE")
# Whoever changes more waits no longer; `manage.py rebuild_search --changed` sees to the rest.
MOST_REBUILT = 200

logger = logging.getLogger(__name__)


def rebuilding_middleware(get_response):
    def middleware(request):
        response = get_response(request)
        if request.method not in SAFE_METHODS:
            try:
                rebuild_changed(MOST_REBUILT)
            except Error:
                # The notes stay; what was saved is saved.
                logger.exception("The words of changed records wait for the next time")
        return response

    return middleware
