"""Public pages, answered from memory or by "not modified" while nothing has changed; see docs/performance.md.

It wraps Django's WSGI application: a repeated page costs one query and neither session nor URL resolver.
"""

import gzip
import platform
from collections import OrderedDict
from functools import cache
from hashlib import blake2b
from threading import Lock
from typing import NamedTuple

from django.conf import settings
from django.http import HttpResponse
from django.http.cookie import parse_cookie
from django.middleware.gzip import re_accepts_gzip
from django.utils import timezone

from .data_version import data_version
from .meanwhile import REPLACED, Body, LastAnswer, with_note
from .own_paths import FOR_ALL_ORIGINS, is_for_all_origins
from .themes import theme_of

# Types that are sent compressed: downloads are streamed row by row, and static files are compressed beforehand.
PACKED = ("text/html", "application/atom+xml", "application/json")
# In the environment of a request whose public response is compressed here, the same way each time.
COMPRESSED_LATER = "cisfilm.compressed_later"
# In the environment after a request for a public page: "kept", "not-modified" or "made".
ANSWERED_BY = "cisfilm.answered_by"
# Browsers and proxies may keep a page, and ask each time whether it is still good.
# The first header is for nginx, which obeys the first one and does not pass it on: keep the page as one that ended in
# 1970, so that each request asks by its ETag.
CACHING = [("X-Accel-Expires", "@1"), ("Cache-Control", "public, no-cache"), ("Vary", "Accept-Encoding, Cookie")]
# Longer ones are invented more often than repeated, in characters.
LONGEST_QUERY_KEPT = 300
# Shares of the store: of one page, and of pages that were asked for again.
LARGEST_PAGE, MOST_ASKED_AGAIN = 0.1, 0.8
# What headers and keys of a page take beside its bodies, roughly, in bytes.
PAGE_OVERHEAD = 3_000
CODE_LEFT_OUT = {"tests", "docs", "data", "fixtures", "collected-static"}


class Page(NamedTuple):
    """A page in both encodings; `etag` is the one without an encoding."""

    etag: str
    plain: Body
    packed: Body

    @property
    def size(self) -> int:
        return len(self.plain.content) + len(self.packed.content) + PAGE_OVERHEAD


class PageStore:
    """Pages by what they depend on, up to a number of bytes; pages asked for only once leave first.

    A page enters `_once`. Asked for again, it moves to `_again`, from where the longest unused ones move back. A page
    that is outdated keeps its place until a new one replaces it.
    """

    def __init__(self, most_bytes: int):
        self.most_bytes = most_bytes
        self.size = 0
        self._size_again = 0
        self._once: OrderedDict[tuple, Page] = OrderedDict()
        self._again: OrderedDict[tuple, Page] = OrderedDict()
        self._lock = Lock()

    def __len__(self):
        return len(self._once) + len(self._again)

    def find(self, key: tuple, etag: str) -> Page | None:
        with self._lock:
            page = self._again.get(key)
            if page:
                self._again.move_to_end(key)
            elif page := self._once.pop(key, None):
                self._promote(key, page)
        return page if page and page.etag == etag else None

    def put(self, key: tuple, page: Page):
        if page.size > self.most_bytes * LARGEST_PAGE:
            return
        with self._lock:
            segment = self._again if key in self._again else self._once
            growth = page.size - (segment[key].size if key in segment else 0)
            segment[key] = page
            self.size += growth
            self._size_again += growth if segment is self._again else 0
            while self.size > self.most_bytes:
                self._drop_one()

    def _promote(self, key, page):
        self._again[key] = page
        self._size_again += page.size
        while self._size_again > self.most_bytes * MOST_ASKED_AGAIN:
            key, page = self._again.popitem(last=False)
            self._size_again -= page.size
            self._once[key] = page

    def _drop_one(self):
        segment = self._once or self._again
        _key, page = segment.popitem(last=False)
        self.size -= page.size
        self._size_again -= page.size if segment is self._again else 0


def with_page_store(application, store: PageStore, code: str):
    """Answer requests for public pages from the store where nothing has changed, and all others by the application.

    `code` is the version of the code that makes the pages.
    """
    scheme_header = (settings.SECURE_PROXY_SSL_HEADER or ["wsgi.url_scheme"])[0]
    passed_by = settings.STATIC_URL
    personal_cookies = {settings.SESSION_COOKIE_NAME, "messages"}
    last_answer = LastAnswer()

    def answer(environ, start_response):
        path = environ["PATH_INFO"]
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or path.startswith(passed_by):
            return application(environ, start_response)
        cookies = parse_cookie(environ["HTTP_COOKIE"]) if "HTTP_COOKIE" in environ else {}
        if not personal_cookies.isdisjoint(cookies):
            return application(environ, _for_one_visitor(start_response))
        # Read before the page is built: what a commit changes meanwhile belongs to a later version.
        version = data_version()
        if version:
            last_answer.note(version)
        site = (environ.get(scheme_header), environ.get("HTTP_HOST"), environ.get("SCRIPT_NAME"))
        key = (*site, path, environ["QUERY_STRING"], theme_of(cookies))
        etag = _etag(code, version or last_answer.version, key)
        if not version:
            page = store.find(key, etag) if last_answer.is_recent else None
            if noted := page and with_note(path, *page.plain, last_answer.told_at):
                start_response("200 OK", noted.headers)
                return [noted.content] if environ["REQUEST_METHOD"] == "GET" else []
            return application(environ, start_response)
        packs = re_accepts_gzip.search(environ.get("HTTP_ACCEPT_ENCODING", ""))
        known = _etag_header(etag, packs)
        if known in environ.get("HTTP_IF_NONE_MATCH", ""):
            environ[ANSWERED_BY] = "not-modified"
            origins = FOR_ALL_ORIGINS if is_for_all_origins(path) else []
            start_response("304 Not Modified", [("ETag", known), *CACHING[1:], *origins])
            return []
        page = store.find(key, etag)
        environ[ANSWERED_BY] = "kept" if page else "made"
        if not page:
            held = []
            response = application(environ | {COMPRESSED_LATER: True}, lambda *given: held.append(given))
            if not is_public(response):
                start_response(*held[0])
                return response
            page = _page(etag, held[0][1], response)
            if environ["REQUEST_METHOD"] == "GET" and len(environ["QUERY_STRING"]) <= LONGEST_QUERY_KEPT:
                store.put(key, page)
        body = page.packed if packs else page.plain
        start_response("200 OK", body.headers.copy())
        return [body.content] if environ["REQUEST_METHOD"] == "GET" else []

    return answer


def _for_one_visitor(start_response):
    """Keep proxies from storing what belongs to a session, unless the response says how to."""

    def start(status, headers, exc_info=None):
        if not any(name.lower() == "cache-control" for name, _value in headers):
            headers = [*headers, ("Cache-Control", "private")]
        return start_response(status, headers, exc_info)

    return start


def is_public(response) -> bool:
    """Return whether every visitor without a session may get the same response, to a GET or HEAD."""
    return (
        isinstance(response, HttpResponse)
        and response.status_code == 200
        and not response.cookies
        # Personal pages, forms and downloads all say themselves how they may be kept.
        and not response.has_header("Cache-Control")
        and "'nonce-" not in response.get("Content-Security-Policy", "")
    )


def _page(etag: str, headers: list[tuple[str, str]], response: HttpResponse) -> Page:
    content = response.content
    # Ends Django's request.
    response.close()
    common = [*((name, value) for name, value in headers if name.lower() not in REPLACED), *CACHING]
    packed, encoding = content, []
    if response.get("Content-Type", "").startswith(PACKED):
        # Without a date or padding, which would make two bodies of one ETag.
        packed, encoding = gzip.compress(content, 6, mtime=0), [("Content-Encoding", "gzip")]
    return Page(
        etag,
        Body([*common, ("ETag", _etag_header(etag, False)), ("Content-Length", str(len(content)))], content),
        Body([*common, *encoding, ("ETag", _etag_header(etag, True)), ("Content-Length", str(len(packed)))], packed),
    )


def _etag(code: str, version: str, key: tuple) -> str:
    """Return a hash of all that a page depends on; pages say "today"."""
    parts = repr((code, version, timezone.localdate(), key))
    return blake2b(parts.encode(), digest_size=12).hexdigest()


def _etag_header(etag: str, packs) -> str:
    return f'"{etag}-gzip"' if packs else f'"{etag}"'


@cache
def code_version() -> str:
    """Return a hash of code, templates, translations and versions of packages: the same in all processes."""
    folders = [path for path in settings.BASE_DIR.iterdir() if path.is_dir() and path.name not in CODE_LEFT_OUT]
    files = [path for folder in folders if folder.name[0] != "." for path in folder.rglob("*") if path.is_file()]
    licence = (settings.DATA_LICENCE_NAME, settings.DATA_LICENCE_URL)
    digest = blake2b(repr((platform.python_version(), settings.SITE_URL, settings.CONTACT_EMAIL, licence)).encode())
    for path in [settings.BASE_DIR / "pyproject.toml", *sorted(files)]:
        if path.suffix != ".pyc":
            digest.update(str(path.relative_to(settings.BASE_DIR)).encode() + path.read_bytes())
    return digest.hexdigest()
