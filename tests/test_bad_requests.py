"""Tests of every URL with invalid parameters, bodies and headers: none answers 500."""

import re
from itertools import filterfalse

import pytest
from django.core.wsgi import get_wsgi_application
from django.db import connection, transaction
from django.test import Client, RequestFactory
from django.urls import URLPattern, get_resolver, reverse

from search.rebuilding import rebuild_changed
from tests.factories import create_contact
from tests.html_page import html_page
from tests.rich_records import create_rich_event, create_rich_institution, create_rich_person
from web.charsets import utf_8_only

pytestmark = pytest.mark.django_db

# What parts of addresses are called in the URLconf, with values that their converters take.
PARTS = {
    "slug": ["tajikfilm", "x" * 400],
    "code": ["tj", "zz"],
    "kind": ["studio", "x"],
    "format_name": ["csv", "x"],
    "section": ["institutions", "x"],
    "record_key": ["tajikfilm", "x" * 400],
    "secret": ["x" * 22, "x" * 400],
    "object_id": ["1", "9" * 400],
    "uidb36": ["1", "z" * 400],
    "url": ["x/", "\0"],
    "name": ["institutions", "x"],
    "path": ["x", "\0"],
}
NUMBERS = ["1", "9" * 400]
NUMERIC = ["page", "p", "o", "on", "year", "contacts", "offered", "institution", "position", "correction", "id__exact"]
NUMERIC += ["_selected_action", "step", "other", "contacts-TOTAL_FORMS", "contacts-INITIAL_FORMS", "contacts-0-id"]
PARAMETERS = [
    *NUMERIC,
    *("q", "e", "all", "sort", "country", "city", "kind", "has", "checked", "role", "term", "record", "add", "remove"),
    *("up", "down", "clear", "back", "next", "theme", "fact", "query", "origin", "changes", "rows", "names", "columns"),
    *("confirmed", "with_email", "value", "app_label", "model_name", "field_name", "state", "task", "_to_field"),
    *("_popup", "_changelist_filters", "action", "wrong", "proposed", "remark", "opened", "login", "password", "code"),
    *("email", "credential", "opened_state", "seen_state", "kept", "made_for"),
    *("with", "seen", "outcome", "although_changed", "another_one", "department", "name_en", "checked_on", "text"),
    *("source_title", "source_url", "source_accessed_on", "source_published_on", "column-0", "meaning-0", "nickname"),
    *("contacts-0-kind", "contacts-0-value", "to", "address", "words", "rest", "more"),
    *("record-name_ru", "record-founded", "record-city", "record-services", "contact-1-value", "contact-1-right"),
    *("new-phone-0-value", "new-post-0-since", "new-stage-0-area_m2", "lines-phone", "initial-contact-1-value"),
]
ZERO_BYTES = dict.fromkeys(PARAMETERS, "\0")
SLIPS = dict.fromkeys(PARAMETERS, "http://[") | dict.fromkeys(NUMERIC, "9" * 60)
# Python refuses to read numbers of so many digits; a URL can't be so long.
LONG_SLIPS = SLIPS | dict.fromkeys([*NUMERIC, "with"], "9" * 5000)
HEADERS = {
    "Origin": "http://[",
    "Referer": "http://[",
    "Accept-Language": "\xff;q=x,*-" + "x" * 500,
    "Accept-Encoding": ";q=,gzip;q=x",
    "If-None-Match": '"\xff',
    "If-Modified-Since": "Thu, 99 Foo 99999 99:99:99 GMT",
    "Range": "bytes=9-1",
    "X-Forwarded-For": "x",
    "User-Agent": "\xff" * 600,
}
REQUESTS = {
    "get": [{"data": ZERO_BYTES}, {"data": SLIPS, "headers": HEADERS}],
    "post": [
        {"data": ZERO_BYTES},
        {"data": LONG_SLIPS},
        {"headers": HEADERS, "data": b"--x\r\nbroken", "content_type": "multipart/form-data; boundary=y"},
    ],
}


def routes(patterns, begin=""):
    """Return every route of the URLconf with its parts."""
    for pattern in patterns:
        route = begin + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route
        else:
            yield from routes(pattern.url_patterns, route)


def is_like_another(route):
    """Return whether the view is that of another route: of the history package, or of studios, which agencies share."""
    return "/agency/" in route or (
        re.search(r"recover/|/history/\(", route) and "institutions/institution/" not in route
    )


def filled(route, which):
    """Return the route with the values of that index in place of its parts."""

    def value(match):
        values = PARTS.get(match[2], NUMBERS)
        return values[min(which, len(values) - 1)]

    # Routes of the package with the history are regular expressions without names.
    route = re.sub(r"\(\?P(<\w+>)[^)]*\)", r"\1", route).replace("([^/]+)", "<object_id>").replace(r"(\d+)", "<int:pk>")
    route = re.sub(r"<(?:(\w+):)?(\w+)>", value, route)
    return "/" + route.replace("\\Z", "").replace("^", "").replace("$", "").replace("\\", "")


@pytest.fixture
def records():
    """Records of every kind with the ids that are in the paths, and no pending work after a request."""
    for sequence in connection.introspection.sequence_list():
        with connection.cursor() as cursor:
            cursor.execute(f'ALTER SEQUENCE "{sequence["name"]}" RESTART')
    create_rich_institution()
    create_rich_person()
    create_rich_event()
    rebuild_changed()


def status_of(client, method, path, arguments):
    """Return the status of a response without side effects."""
    with transaction.atomic():
        response = getattr(client, method)(path, **arguments)
        # A file is made while it is read.
        if response.streaming:
            b"".join(response)
        transaction.set_rollback(True)
    return response.status_code


@pytest.fixture
def editor(admin_user):
    """Return responses for a superuser, with a status where the test client would raise."""
    client = Client(raise_request_exception=False)
    client.force_login(admin_user)
    logged_in = client.cookies.copy()

    def status(method, path, arguments):
        client.cookies = logged_in.copy()
        return status_of(client, method, path, arguments)

    return status


@pytest.mark.parametrize("method", REQUESTS)
def test_no_url_answers_with_an_error_of_the_server(records, editor, method):
    failures = []
    for route in filterfalse(is_like_another, routes(get_resolver().url_patterns)):
        usual, broken = filled(route, 0), filled(route, 1)
        sent = [(usual, arguments) for arguments in REQUESTS[method]] + [(broken, {})] * (broken != usual)
        failures += [(path, arguments) for path, arguments in sent if editor(method, path, arguments) >= 500]

    assert [f"{path[:80]} {str(arguments)[:40]}" for path, arguments in failures] == []


@pytest.fixture(scope="module")
def application():
    """Return the application as cisfilm.wsgi makes it; importing that module would limit the waiting of the tests."""
    return utf_8_only(get_wsgi_application())


def answer_of(application, method, path, content_type):
    """Return the status line that the WSGI application sends: Django's test client builds requests differently."""
    environ = RequestFactory().generic(method, path, b"q=film").environ | {"CONTENT_TYPE": content_type}
    lines = []
    b"".join(application(environ, lambda status, headers: lines.append(status)))
    return lines


@pytest.mark.parametrize("charset", ["rot13", "base64", "zlib", "idna", "undefined", "utf-16", "cp1251", "x" * 70_000])
def test_other_charset_than_utf_8_is_refused(application, charset):
    content_type = f"application/x-www-form-urlencoded; charset={charset}"
    for path in ["/", "/search/?q=film", "/account/login/", "/admin/", "/no-such-page/"]:
        for method in ["GET", "POST"]:
            assert answer_of(application, method, path, content_type) == ["400 Bad Request"]


@pytest.mark.parametrize("charset", ["utf-8", "UTF8", '"utf-8"', "us-ascii", "no-such"])
def test_utf_8_by_any_name_is_taken(application, charset):
    assert answer_of(application, "GET", "/robots.txt", f"text/plain; charset={charset}") == ["200 OK"]
    assert answer_of(application, "GET", "/robots.txt", "") == ["200 OK"]


@pytest.mark.parametrize("path", ["/theme/", "/my-list/add/", "/my-list/change/", "/lists/", "/corrections/new/"])
def test_zero_byte_in_a_form_of_visitors_is_refused(client, path):
    sent = {"theme": "dark", "origin": "institutions", "query": "q=\0", "wrong": "\0", "record": "institution/a\0"}

    assert client.post(path, sent).status_code == 400


# Ways back ------------------------------------------------------------------------------------------------------------

FOREIGN = ["https://example.org/", "//example.org/", "/\\example.org", "javascript:alert(1)", "http://[", "foo", "x:/"]


def test_only_paths_of_this_site_are_ways_back(client, admin_client):
    contact = create_contact()
    confirm_page = reverse("admin:institutions_institutioncontact_confirm")
    for address in FOREIGN:
        mine = html_page(client.get("/my-list/", {"back": address}))
        put = client.post("/my-list/add/", {"record": f"institution/{contact.institution.key}", "next": address})
        themed = client.post("/theme/", {"theme": "dark", "next": address})
        login = client.get("/account/login/", {"next": address})
        confirm = admin_client.get(confirm_page, {"contacts": contact.pk, "next": address})

        assert [link for link in mine.all("a") if link.attributes["href"] == address] == []
        assert (put["Location"], themed["Location"]) == ("/my-list/", "/")
        assert admin_client.get("/admin/login/", {"next": address})["Location"] == "/admin/"
        for response in (login, confirm):
            assert response.status_code == 200
            hrefs = [link.attributes["href"] for link in html_page(response).all("a")]
            assert address not in hrefs


def test_own_path_is_a_way_back(client):
    mine = html_page(client.get("/my-list/", {"back": "/institutions/?q=film"}))

    assert mine.one("main").one("a", href="/institutions/?q=film")
    assert client.post("/theme/", {"theme": "dark", "next": "/people/?on=2020"})["Location"] == "/people/?on=2020"


def test_page_with_two_slashes_in_its_address_leads_to_no_other_host(client):
    page = html_page(client.get("//example.org/"))

    assert [link.attributes["href"] for link in page.all("a") if link.attributes["href"].startswith("//")] == []
