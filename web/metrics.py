"""Counts of requests for Prometheus, shared by all processes through files in PROMETHEUS_MULTIPROC_DIR.

Imported only where that is set, as the library reads it when it is imported.
"""

from time import perf_counter

from prometheus_client import Counter, Histogram

from .page_store import ANSWERED_BY

METHODS = {"GET", "HEAD", "POST", "OPTIONS"}
REQUESTS = Counter("cisfilm_requests", "Requests by method and status; 5xx are errors", ["method", "status"])
SECONDS = Histogram(
    "cisfilm_request_seconds",
    "Time until a response begins",
    buckets=(0.001, 0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
PAGES = Counter("cisfilm_page_store", "Public pages: kept, not-modified or made", ["answer"])


def with_metrics(application):
    """Count each request, however it is answered."""

    def answer(environ, start_response):
        began, statuses = perf_counter(), ["500"]

        def start(status, headers, exc_info=None):
            statuses.append(status[:3])
            return start_response(status, headers, exc_info)

        try:
            return application(environ, start)
        finally:
            method = environ["REQUEST_METHOD"]
            REQUESTS.labels(method if method in METHODS else "other", statuses[-1]).inc()
            SECONDS.observe(perf_counter() - began)
            if ANSWERED_BY in environ:
                PAGES.labels(environ[ANSWERED_BY]).inc()

    return answer
