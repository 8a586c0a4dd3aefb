"""Address books as WebDAV resources; see RFC 4918, 6352 and 6578."""

import math
from collections.abc import Callable, Iterable
from functools import wraps

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from exports.downloads import in_language
from exports.file_formats import CARD_TYPE
from search.facets import FacetChoice
from web.client_limits import client_hash
from web.pace import Pace

from .books import ALL, Account, Book, account_name, account_of, account_path, facets, listed_books
from .cards import REMEMBERED
from .documents import Properties, Refused, error, multistatus, name_of, read_body, response
from .properties import IN_ALL, of_account, of_book, of_card, of_root
from .reports import MAKERS, Report

# For each client and process. A program may take the cards of a book ten at a time.
PACE = Pace(per_second=10, at_once=1_000)
XML = "application/xml; charset=utf-8"
HEADERS = {"DAV": "1, 3, access-control, addressbook", "Cache-Control": "no-cache", "X-Robots-Tag": "noindex"}
READING = ("GET", "HEAD", "PROPFIND")


def dav(*methods: str):
    """Let a view answer these methods at a limited pace, and turn what it refuses into answers."""
    allowed = ", ".join(["OPTIONS", *methods])

    def decorator(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @csrf_exempt
        @wraps(view)
        def answer(request: HttpRequest, **names: str) -> HttpResponse:
            try:
                if request.method not in ("OPTIONS", *methods):
                    raise Refused(405, f"There are {allowed}: these address books can only be read.")
                if seconds := math.ceil(PACE.seconds_to_wait(client_hash(request))):
                    raise Refused(429, f"Too many requests; wait {seconds} s.", **{"Retry-After": str(seconds)})
                answered = HttpResponse() if request.method == "OPTIONS" else view(request, **names)
            except Http404:
                answered = _refused(Refused(404, "There is no such address book or card."))
            except Refused as refused:
                answered = _refused(refused)
            for name, value in {"Allow": allowed, **HEADERS}.items():
                answered.headers.setdefault(name, value)
            return answered

        return answer

    return decorator


def _refused(refused: Refused) -> HttpResponse:
    body, kind = (error(refused.condition), XML) if refused.condition else (f"{refused.detail}\n", "text/plain")
    return HttpResponse(body, status=refused.status, content_type=kind, headers=refused.headers)


def _is_minimal(request: HttpRequest) -> bool:
    return "return=minimal" in request.headers.get("Prefer", "").replace(" ", "") or request.headers.get("Brief") == "t"


def _multistatus(responses: Iterable) -> StreamingHttpResponse:
    pieces = in_language(translation.get_language(), multistatus(responses))
    return StreamingHttpResponse(pieces, status=207, content_type=XML)


def _propfind(request: HttpRequest, itself: Properties, inside: Callable[[], dict[str, Properties]]) -> HttpResponse:
    """Answer what the resource, and with depth 1 what those inside say of themselves; `inside` has them by path."""
    depth = request.headers.get("Depth", "infinity")
    if depth not in ("0", "1"):
        raise Refused(403, condition="D:propfind-finite-depth")
    wanted = _wanted(read_body(request))
    found = {request.path: itself} | (inside() if depth == "1" else {})
    minimal = _is_minimal(request)
    return _multistatus(
        response(path, properties, _of_all(properties) if wanted == IN_ALL else wanted, minimal=minimal)
        for path, properties in found.items()
    )


def _of_all(properties: Properties) -> list[str]:
    return [name for name in properties if name in IN_ALL]


def _wanted(root) -> set[str] | list[str] | None:
    """Return the names of properties, `IN_ALL`, or None for the names of all. Raise Refused."""
    if root is None:
        return IN_ALL
    if root.tag != name_of("D:propfind"):
        raise Refused(400, "Send a propfind.")
    if root.find(name_of("D:propname")) is not None:
        return None
    named = root.find(name_of("D:prop"))
    if named is None and root.find(name_of("D:allprop")) is None:
        raise Refused(400, "Name the properties that you want.")
    return IN_ALL if named is None else [each.tag for each in named if isinstance(each.tag, str)]


@csrf_exempt
def well_known(request: HttpRequest) -> HttpResponse:
    """Lead programs that know the host only to the address books (RFC 6764), in the language that they ask for."""
    with translation.override(translation.get_language_from_request(request)):
        answered = HttpResponseRedirect(reverse("address_books:root"), status=307)
    patch_vary_headers(answered, ["Accept-Language"])
    return answered


@dav(*READING)
def root(request):
    if request.method != "PROPFIND":
        return redirect("address_books_page")
    return _propfind(request, of_root(), lambda: {account_path(ALL): of_account(account_of(ALL))})


@dav(*READING)
def account(request, name):
    found = account_of(name)
    if request.method != "PROPFIND":
        return redirect("address_books_page")
    return _propfind(
        request, of_account(found), lambda: {book.path: of_book(found, book) for book in listed_books(found)}
    )


def _book_or_404(account_name: str, name: str) -> tuple[Account, Book]:
    found = account_of(account_name)
    if name not in found.books:
        raise Http404(f"No address book {name}")
    return found, found.books[name]


@dav(*READING, "REPORT")
def book(request, account_name, name):
    found, chosen = _book_or_404(account_name, name)
    if request.method == "REPORT":
        body = read_body(request)
        if body is None:
            raise Refused(400, "Send a report.")
        return _multistatus(Report(found, chosen, body, minimal=_is_minimal(request)).responses())
    if request.method != "PROPFIND":
        return redirect("address_books_page")
    return _propfind(
        request,
        of_book(found, chosen),
        lambda: {
            f"{chosen.path}{card.name}.vcf": of_card(found, card)
            for card in REMEMBERED.cards_of(chosen).by_name.values()
        },
    )


@dav(*READING)
def card(request, account_name, book_name, name):
    found, chosen = _book_or_404(account_name, book_name)
    cards = REMEMBERED.cards_of(chosen)
    known = cards.by_name.get(name)
    if known is None:
        raise Http404(f"No card {name}")
    if request.method == "PROPFIND":
        return _propfind(request, of_card(found, known), dict)
    ((_known, row),) = cards.with_rows([known])
    if row is None:
        raise Http404(f"No card {name}")
    version = "4.0" if "4.0" in request.headers.get("Accept", "") else "3.0"
    answered = HttpResponse(MAKERS[version](row), content_type=f"{CARD_TYPE}; version={version}")
    answered["ETag"] = f'"{known.etag}"'
    patch_vary_headers(answered, ["Accept"])
    return get_conditional_response(request, etag=answered["ETag"], response=answered)


@require_safe
def address_books_page(request):
    groups = [
        {"label": facet.label, "books": [_in_words(facet.name, choice) for choice in facet.choices]}
        for facet in facets()
    ]
    return render(request, "api/address_books.html", {"all": settings.SITE_URL + account_path(ALL), "groups": groups})


def _in_words(filter_name: str, choice: FacetChoice) -> dict:
    path = account_path(account_name(filter_name, choice.value))
    return {"label": choice.label, "count": choice.count, "address": settings.SITE_URL + path}
