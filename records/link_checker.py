"""Checks of whether web pages still exist. Uses no records, and reads no pages."""

import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue

from web.site_client import (
    Answer,
    BrokenOff,
    ForbiddenByRobots,
    InvalidURL,
    NoAnswer,
    NoSuchHost,
    NotPublic,
    OwnNetworkDown,
    SiteClient,
    SiteError,
    TooManyRedirects,
    UntrustedCertificate,
    host_of,
)

from .link_checks import LinkOutcome

AGENT = "CISFilm-link-check"
MOST_BYTES = 4_096
HOSTS_AT_ONCE = 8
REFUSALS = {401, 403, 407, 429, 451, 999}
GONE = {404, 410}
OUTCOMES = {
    NotPublic: LinkOutcome.NOT_PUBLIC,
    InvalidURL: LinkOutcome.UNREADABLE,
    NoSuchHost: LinkOutcome.NO_HOST,
    UntrustedCertificate: LinkOutcome.CERTIFICATE,
    NoAnswer: LinkOutcome.NO_ANSWER,
    BrokenOff: LinkOutcome.NO_ANSWER,
}


@dataclass(frozen=True)
class Finding:
    """Result for a URL."""

    outcome: LinkOutcome
    status_code: int | None = None
    final_url: str = ""


class LinkChecker:
    """Checker of links, which asks through the client."""

    def __init__(self, client: SiteClient):
        self._client = client

    def check(self, url: str) -> Finding:
        """Request the URL and return the result. Raise OwnNetworkDown."""
        try:
            return _finding(url, self._client.follow(url, self._look))
        except ForbiddenByRobots as error:
            return Finding(LinkOutcome.ROBOTS, final_url=error.url if error.url != url else "")
        except TooManyRedirects as error:
            return Finding(LinkOutcome.REDIRECTS, error.status)
        except OwnNetworkDown:
            raise
        except SiteError as error:
            return Finding(OUTCOMES[type(error)])

    def _look(self, url):
        """Return the response to HEAD, or to GET if the site refuses HEAD."""
        with suppress(BrokenOff):
            answer = self._client.ask("HEAD", url, most_bytes=MOST_BYTES)
            if answer.status < 400:
                return answer
        return self._client.ask("GET", url, most_bytes=MOST_BYTES)


def _finding(url: str, answer: Answer) -> Finding:
    final_url = answer.url if answer.url != url else ""
    if answer.status < 400:
        moved = _site_name(url) != _site_name(answer.url)
        return Finding(LinkOutcome.MOVED if moved else LinkOutcome.WORKS, answer.status, final_url)
    if answer.status in GONE:
        return Finding(LinkOutcome.GONE, answer.status, final_url)
    return Finding(LinkOutcome.REFUSED if answer.status in REFUSALS else LinkOutcome.ERROR, answer.status, final_url)


def _site_name(url):
    return host_of(url).removeprefix("www.")


def check_all(urls: Iterable[str], checker: LinkChecker) -> Iterator[tuple[str, Finding | None]]:
    """Check the links, several hosts at once; yield None for a link that this machine could not request.

    Closing the iterator ends the work after the requests that are under way.
    """
    by_host = defaultdict(list)
    for url in urls:
        by_host[host_of(url)].append(url)
    found = SimpleQueue()
    stopped = threading.Event()

    def check_host(its_urls):
        for url in its_urls:
            if stopped.is_set():
                return
            try:
                finding = checker.check(url)
            except OwnNetworkDown:
                finding = None
            found.put((url, finding))

    with ThreadPoolExecutor(HOSTS_AT_ONCE) as pool:
        workers = [pool.submit(check_host, its_urls) for its_urls in by_host.values()]
        try:
            for _number in range(sum(map(len, by_host.values()))):
                yield _next_of(found, workers)
        finally:
            stopped.set()
            pool.shutdown(wait=False, cancel_futures=True)


def _next_of(found, workers):
    """Return the next result; re-raise the exception of a failed worker, so that nothing waits for it."""
    while True:
        with suppress(Empty):
            return found.get(timeout=1)
        for worker in workers:
            if worker.done() and not worker.cancelled() and worker.exception():
                raise worker.exception()
