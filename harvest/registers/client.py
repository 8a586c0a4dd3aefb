"""Requests to registers: JSON, one at a time, with patience where a register asks for it, and never to another host."""

import email.utils
import json
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.conf import settings
from django.utils import timezone

from web.site_client import PAUSE_SECONDS, Answer, NoAnswer, SiteClient, SiteError

AGENT = "CISFilm-registers"
ATTEMPTS = 5
# Before the second attempt; doubled before each further one.
FIRST_WAIT_SECONDS = 5.0
# A register that asks for a longer wait is left alone until the next run.
LONGEST_WAIT_SECONDS = 300.0
# SPARQL queries may take 60 seconds.
REQUEST_SECONDS = 75.0
MOST_BYTES = 20_000_000
BUSY = {429, 500, 502, 503, 504}
JSON_TYPES = ("application/json", "application/sparql-results+json")


class RegisterError(Exception):
    """Raised if a register does not answer as it should; the text is for operators."""


class RegisterClient:
    """Client of one register.

    `base` stands in for the scheme and host of all its URLs, `pins` for looking up hosts (see `SiteClient`).
    """

    def __init__(
        self,
        *,
        base: str = "",
        pins: Mapping[tuple[str, int], list[str]] | None = None,
        pause: float = PAUSE_SECONDS,
        wait: Callable[[float], object] = time.sleep,
        request_seconds: float = REQUEST_SECONDS,
    ):
        # Wikimedia blocks clients that do not say how to reach whoever runs them.
        home = f"{settings.SITE_URL}/about/; {settings.CONTACT_EMAIL}"
        self._base, self._wait = base.rstrip("/"), wait
        self._site = SiteClient(
            AGENT,
            home=home,
            pins=pins,
            pause=pause,
            wait=wait,
            step_seconds=request_seconds,
            request_seconds=request_seconds,
        )

    def json(
        self,
        url: str,
        parameters: Mapping[str, str],
        *,
        headers: Mapping[str, str] | None = None,
        is_busy: Callable[[Any], str] = lambda data: "",
    ) -> Any:
        """Return the JSON at the URL. Raise RegisterError.

        `is_busy` returns why an answer is no answer yet, or "": some registers say so with status 200.
        """
        url = self._at_base(url) + "?" + urlencode(parameters)
        accepted = {"Accept": ", ".join(JSON_TYPES), **(headers or {})}
        problem, asked_wait = "", 0.0
        for attempt in range(ATTEMPTS):
            if attempt:
                self._wait(max(FIRST_WAIT_SECONDS * 2 ** (attempt - 1), asked_wait))
                asked_wait = 0.0
            try:
                answer = self._site.ask("GET", url, most_bytes=MOST_BYTES, headers=accepted)
            except NoAnswer as error:
                problem = f"no answer ({type(error).__name__})"
                continue
            except SiteError as error:
                raise RegisterError(f"{_host(url)}: {type(error).__name__} {error}") from error
            problem, data = self._read(url, answer, is_busy)
            if not problem:
                return data
            asked_wait = self._asked_wait(url, answer)
        raise RegisterError(f"{_host(url)}: {problem}, {ATTEMPTS} times")

    def _at_base(self, url: str) -> str:
        if not self._base:
            return url
        scheme, host, *_rest = urlsplit(self._base)
        return urlunsplit((scheme, host, *urlsplit(url)[2:]))

    def _read(self, url: str, answer: Answer, is_busy) -> tuple[str, Any]:
        """Return why to ask again, or "", and the data. Raise RegisterError for what asking again does not mend."""
        if answer.status in BUSY:
            return f"status {answer.status}", None
        if 300 <= answer.status < 400:
            raise RegisterError(f"{_host(url)} sends on to another place: {answer.headers.get('Location', '')[:200]}")
        if answer.status in (401, 403):
            raise RegisterError(f"{_host(url)} refuses the request (status {answer.status}): is the key right?")
        if answer.status != 200:
            raise RegisterError(f"{_host(url)}: status {answer.status}")
        if answer.is_cut:
            raise RegisterError(f"{_host(url)}: more than {MOST_BYTES:,} bytes")
        if not (answer.headers.get("Content-Type") or "").lower().startswith(JSON_TYPES):
            # Throttled queries get a page for people.
            return f"not JSON but {answer.headers.get('Content-Type') or 'of no type'}", None
        try:
            data = json.loads(answer.body)
        except (ValueError, RecursionError):
            return "broken JSON", None
        return is_busy(data), data

    def _asked_wait(self, url: str, answer: Answer) -> float:
        """Return the seconds of Retry-After, a number or a date. Raise RegisterError if they are too many."""
        text = answer.headers.get("Retry-After") or "0"
        try:
            seconds = float(text)
        except ValueError:
            try:
                seconds = (email.utils.parsedate_to_datetime(text) - timezone.now()).total_seconds()
            except (ValueError, TypeError):
                seconds = 0.0
        if seconds > LONGEST_WAIT_SECONDS:
            raise RegisterError(f"{_host(url)} asks to come back in {seconds / 60:.0f} minutes")
        return max(0.0, seconds)


def _host(url: str) -> str:
    return urlsplit(url).netloc
