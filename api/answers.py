"""Answers to programs: JSON for any origin, and errors as problem details (RFC 9457) that name the parameter."""

import math
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from threading import BoundedSemaphore

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from web.client_limits import client_hash
from web.own_paths import FOR_ALL_ORIGINS, is_for_all_origins
from web.pace import Pace

PROBLEM = "application/problem+json"
# For each client and process; what the page store answers is not counted.
PACES = {"lists": Pace(per_second=10, at_once=300), "batches": Pace(per_second=2, at_once=60, patience=1.0)}
# Requests that wait, of all clients together: they keep a thread each.
WAITING = BoundedSemaphore(2)
PREFLIGHT = {"Access-Control-Allow-Headers": "If-None-Match", "Access-Control-Max-Age": "86400"}
READ_BY_SCRIPTS = {"Access-Control-Expose-Headers": "ETag, Link, Retry-After"}


@dataclass(frozen=True)
class WrongParameter:
    """A parameter of a request, and what is wrong with it."""

    parameter: str
    detail: str


class Problem(Exception):
    """Reason why there is no answer, with its status."""

    def __init__(self, status: int, detail: str, wrong: Iterable[WrongParameter] = (), **headers: str):
        super().__init__(detail)
        self.status, self.detail, self.wrong, self.headers = status, detail, list(wrong), headers

    @property
    def response(self) -> HttpResponse:
        found = {"title": HTTPStatus(self.status).phrase, "status": self.status, "detail": self.detail}
        if self.wrong:
            found["errors"] = [vars(wrong) for wrong in self.wrong]
        return as_json(found, status=self.status, content_type=PROBLEM, headers=self.headers)


def as_json(content: dict, **options) -> JsonResponse:
    return JsonResponse(content, json_dumps_params={"ensure_ascii": False}, **options)


def for_programs(pace: str = "lists", methods: tuple[str, ...] = ("GET", "HEAD")):
    """Let a view answer these methods at a limited pace, and turn its problems into answers."""
    allowed = ", ".join([*methods, "OPTIONS"])
    preflight = {"Allow": allowed, "Access-Control-Allow-Methods": allowed} | PREFLIGHT

    def decorator(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @csrf_exempt
        @wraps(view)
        def answer(request: HttpRequest, *arguments, **options) -> HttpResponse:
            if request.method == "OPTIONS":
                return HttpResponse(status=204, headers=preflight)
            try:
                if request.method not in methods:
                    raise Problem(405, f"There are {allowed}.", Allow=allowed)
                _wait(PACES[pace], client_hash(request))
                return view(request, *arguments, **options)
            except Problem as problem:
                return problem.response

        return answer

    return decorator


def _wait(pace: Pace, client: str):
    """Wait as long as the client has to. Raise Problem if that is too long, or if too many wait."""
    wait = pace.seconds_to_wait(client)
    if not wait:
        return
    if wait > pace.patience or not WAITING.acquire(blocking=False):
        seconds = str(math.ceil(wait))
        raise Problem(429, f"Too many requests; wait {seconds} s.", **{"Retry-After": seconds})
    try:
        time.sleep(wait)
    finally:
        WAITING.release()


def open_to_programs_middleware(get_response):
    """Open the interface to scripts of all origins, and make problem details of errors that other parts answer."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not is_for_all_origins(request.path_info):
            return get_response(request)
        response = get_response(request)
        if response.status_code >= 400 and response.get("Content-Type") != PROBLEM:
            kept = {name: response[name] for name in ("Retry-After",) if name in response}
            response = Problem(response.status_code, _reason(response), **kept).response
        for name, value in {**READ_BY_SCRIPTS, **dict(FOR_ALL_ORIGINS)}.items():
            response[name] = value
        return response

    return middleware


def _reason(response: HttpResponse) -> str:
    """Return the reason that the answer gives in plain text, else what its status means."""
    is_plain = response.get("Content-Type", "").startswith("text/plain")
    return response.text.strip() if is_plain else HTTPStatus(response.status_code).description
