"""Tests of public pages that are answered from memory, asked as gunicorn asks: one page until something changes."""

import gzip
from contextlib import contextmanager
from datetime import timedelta
from itertools import pairwise

import psycopg
import pytest
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.test import RequestFactory
from django.utils import timezone

from tests.factories import create_institution, create_person, create_position
from tests.public_history import note
from web.meanwhile import Body
from web.page_store import LONGEST_QUERY_KEPT, PACKED, PAGE_OVERHEAD, Page, PageStore, with_page_store

GZIP = {"accept-encoding": "gzip, br"}


class Process:
    """A process of the server, with a store of its own; `built` has the paths of pages that Django made.

    `meanwhile` is called when Django has made a page, before it is kept.
    """

    def __init__(self, code="1"):
        self.built, self.store = [], PageStore(10_000_000)
        self.meanwhile = lambda: None
        self._django = get_wsgi_application()
        self._application = with_page_store(self._build, self.store, code)

    def _build(self, environ, start_response):
        self.built.append(environ["PATH_INFO"])
        response = self._django(environ, start_response)
        self.meanwhile()
        return response

    def ask(self, path, method="GET", **headers):
        """Return status, headers and body."""
        environ = RequestFactory().generic(method, path, headers=headers).environ
        started = []
        response = self._application(environ, lambda status, headers, exc_info=None: started.append((status, headers)))
        body = b"".join(response)
        if hasattr(response, "close"):
            response.close()
        [(status, told)] = started
        assert len({name.lower() for name, _value in told}) == len(told)
        return int(status[:3]), dict(told), body

    def etag(self, path, **headers):
        return self.ask(path, **headers)[1]["ETag"]


@contextmanager
def transaction():
    """Begin a transaction of somebody else, who waits for nobody longer than a second."""
    parameters = connection.get_connection_params() | {"cursor_factory": None}
    with psycopg.connect(**parameters, options="-c lock_timeout=1s") as other:
        yield other


def rename(other, institution, name):
    other.execute("UPDATE institutions_institution SET name_en = %s WHERE id = %s", [name, institution.pk])


@pytest.mark.django_db(transaction=True)
def test_page_is_made_once_while_nothing_changes():
    note(create_institution())
    paths = ["/institutions/", "/ru/institutions/tajikfilm/", "/changes.atom", "/sitemap.xml"]
    paths += ["/search/suggest/?q=tajik", "/institutions/tajikfilm/card.svg", "/robots.txt"]
    paths += ["/api/v1/institutions", "/api/v1/openapi.json"]
    here, there = Process(), Process()
    for path in paths:
        status, headers, body = here.ask(path)
        assert (status, headers["Cache-Control"]) == (200, "public, no-cache")
        assert (headers["Vary"], headers["Content-Length"]) == ("Accept-Encoding, Cookie", str(len(body)))
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Content-Security-Policy"]

        assert here.ask(path) == (200, headers, body)
        assert here.ask(path, "HEAD") == (200, headers, b"")
        # No process has to make a page to know that the reader's is still good.
        kept = ["ETag", "Cache-Control", "Vary", *(["Access-Control-Allow-Origin"] if "/api/" in path else [])]
        not_modified = (304, {name: headers[name] for name in kept}, b"")
        assert there.ask(path, **{"if-none-match": f'"other", W/{headers["ETag"]}'}) == not_modified

        _status, packed_headers, packed = here.ask(path, **GZIP)
        is_packed = packed_headers.get("Content-Encoding") == "gzip"
        assert (gzip.decompress(packed) if is_packed else packed) == body
        assert is_packed == headers["Content-Type"].startswith(PACKED)
        assert there.ask(path, **GZIP) == (200, packed_headers, packed), "one ETag stands for the same bytes everywhere"

    assert [len(here.built), len(there.built)] == [len(paths)] * 2


@pytest.mark.django_db(transaction=True)
def test_page_is_another_by_all_that_it_depends_on(monkeypatch):
    create_institution()
    process, other_code = Process(), Process(code="2")
    path = "/institutions/tajikfilm/"
    etags = [process.etag(path), process.etag(path, **GZIP), process.etag(f"/ru{path}"), process.etag(f"{path}?a=b")]
    etags += [process.etag(path, cookie="theme=dark"), process.etag(path, host="127.0.0.1"), other_code.etag(path)]
    assert b'data-theme="dark"' in process.ask(path, cookie="theme=dark")[2]
    # An unknown theme is none.
    assert process.etag(path, cookie="theme=pink; other=1") == etags[0]

    tomorrow = timezone.now() + timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: tomorrow)
    etags.append(process.etag(path))

    assert len(set(etags)) == len(etags)


@pytest.mark.django_db(transaction=True)
def test_withheld_person_is_gone_with_the_next_request():
    person = create_person(name_en="Anna Hidden")
    create_position(person=person, institution=create_institution(), seat="director", as_of="2020")
    note(person)
    paths = ["/people/anna-hidden/", "/people/", "/institutions/tajikfilm/", "/search/suggest/?q=hidden"]
    paths += ["/changes.atom", "/people/anna-hidden/card.vcf", "/"]
    processes = [Process(), Process()]
    etags = [{path: process.etag(path) for path in paths} for process in processes]
    assert etags[0] == etags[1]

    # By raw SQL, past everything that could tell the site.
    with transaction() as other:
        other.execute("UPDATE people_person SET publication_state = 'archived', withheld = true")

    for process in processes:
        for path in paths:
            for headers in ({}, {"if-none-match": etags[0][path]}, {}):
                status, _headers, body = process.ask(path, **headers)
                assert status == (404 if "anna" in path else 200)
                assert b"Anna Hidden" not in body


@pytest.mark.django_db(transaction=True)
def test_page_shows_each_commit_from_its_moment_on():
    first, second = create_institution(name_en="First A"), create_institution(name_en="Second A")
    process = Process()
    etags = [process.etag("/institutions/")]

    def shown():
        _status, headers, body = process.ask("/institutions/", **{"if-none-match": etags[-1]})
        if body:
            etags.append(headers["ETag"])
        page = process.ask("/institutions/")[2].decode()
        return [name for name in ("First A", "First B", "Second A", "Second B") if name in page]

    with transaction() as slow:
        rename(slow, first, "First B")
        assert shown() == ["First A", "Second A"]
        # Begun later and committed earlier; neither waits for the other.
        with transaction() as fast:
            rename(fast, second, "Second B")
            assert shown() == ["First A", "Second A"]
        assert shown() == ["First A", "Second B"]
        slow.execute("SAVEPOINT undone")
        rename(slow, first, "First C")
        slow.execute("ROLLBACK TO undone")
    assert shown() == ["First B", "Second B"]
    assert len(etags) == len(set(etags)) == 3

    with transaction() as given_up:
        rename(given_up, first, "First C")
        given_up.rollback()
    assert process.etag("/institutions/") == etags[-1]


@pytest.mark.django_db(transaction=True)
def test_page_that_was_made_before_a_commit_is_not_kept_for_after_it():
    institution = create_institution(name_en="Before")
    process = Process()

    def change():
        process.meanwhile = lambda: None
        with transaction() as other:
            rename(other, institution, "After")

    process.meanwhile = change
    _status, headers, body = process.ask("/institutions/")
    assert b"Before" in body

    status, _headers, body = process.ask("/institutions/", **{"if-none-match": headers["ETag"]})
    assert (status, b"After" in body, b"Before" in body) == (200, True, False)


@pytest.mark.django_db(transaction=True)
def test_what_is_not_for_everybody_is_not_kept():
    create_institution()
    process = Process()
    session = {"cookie": f"{settings.SESSION_COOKIE_NAME}=abc"}
    asked = [
        ("/institutions/", "GET", session, "private"),
        ("/institutions/", "GET", {"cookie": "messages=abc"}, "private"),
        ("/institutions/nothing/", "GET", {}, None),
        ("/my-list/", "GET", {}, "no-store"),
        ("/corrections/new/", "GET", GZIP, "no-store"),
        ("/account/login/", "GET", {}, "no-store"),
        ("/institutions/export/csv/", "GET", {}, "no-cache"),
        ("/institutions/?q=" + "x" * LONGEST_QUERY_KEPT, "GET", {}, "no-cache"),
        ("/about/", "HEAD", {}, "no-cache"),
        ("/theme/", "POST", {}, None),
    ]
    for path, method, headers, caching in asked:
        for _time in range(2):
            status, told, _body = process.ask(path, method, **headers)
            assert caching is None or caching in told["Cache-Control"]
            assert not told.get("ETag") or (status == 200 and path.startswith(("/institutions/?q=", "/about/")))
            assert "gzip" not in headers.get("accept-encoding", "") or told["Content-Encoding"] == "gzip"

    assert (len(process.built), len(process.store)) == (2 * len(asked), 0)


def page(name, size):
    body = Body([], b"")
    return Page(name, body, Body([], b"x" * (size - PAGE_OVERHEAD)))


def test_store_is_bounded_and_pages_asked_for_once_leave_first():
    store = PageStore(200_000)
    for name in "abc":
        store.put((name,), page(name, 15_000))
        assert store.find((name,), name)
    for number in range(100):
        store.put((number,), page(str(number), 15_000))
        assert store.size <= 200_000
    assert [bool(store.find((name,), name)) for name in "abc"] == [True] * 3
    assert [bool(store.find((number,), str(number))) for number in (0, 85, 99)] == [False, False, True]

    # A page that is outdated is not found, and a new one takes its place.
    size = store.size
    assert store.find(("a",), "a2") is None
    store.put(("a",), page("a2", 10_000))
    assert (store.find(("a",), "a2").etag, store.find(("a",), "a"), store.size) == ("a2", None, size - 5_000)

    store.put(("huge",), page("huge", 50_000))
    assert store.find(("huge",), "huge") is None

    # Pages asked for again make room for each other, too.
    for number in range(200, 240):
        store.put((number,), page("new", 15_000))
        assert store.find((number,), "new")
        assert store.size <= 200_000
    kept = [number for number in range(200, 240) if store.find((number,), "new")]
    assert all(later - earlier == 1 for earlier, later in pairwise(kept))
    assert kept[-1] == 239
