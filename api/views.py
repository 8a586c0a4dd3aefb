"""Lists and records as JSON, their description, and the page about them."""

from django.conf import settings
from django.http import HttpResponsePermanentRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse

from exports.downloads import LICENCE_NAME, LICENCE_URL

from .answers import PACES, Problem, as_json, for_programs
from .members import address, as_object
from .openapi import description
from .parameters import (
    LIMIT,
    MOST,
    WantedList,
    check,
    fields_parameter,
    filter_parameters,
    wanted_members,
    wrong_value,
)
from .resources import Resource, resources

LICENCE_LINK = f'<{LICENCE_URL}>; rel="license"'


def _resource(name: str) -> Resource:
    if name not in resources():
        raise Problem(404, f"There is no list {name}; there are {', '.join(resources())}.")
    return resources()[name]


def _with_query(url: str, query: QueryDict) -> str:
    return f"{url}?{query.urlencode(safe=',')}" if query else url


@for_programs()
def start(request):
    """Name all lists with their URLs."""
    check(request.GET, [])
    return as_json({name: address(name) for name in resources()})


@for_programs()
def record_list(request, name):
    resource = _resource(name)
    wanted = WantedList(resource, request.GET)
    page = resource.page(wanted.filterset, wanted.after, wanted.limit, wanted.members)
    links = {"Link": LICENCE_LINK}
    following = None
    if page.next:
        query = request.GET.copy()
        query["after"] = page.next
        following = request.build_absolute_uri(_with_query(request.path, query))
        links = {"Link": f'<{following}>; rel="next", {LICENCE_LINK}'}
    content = {
        "total": resource.total(wanted.filterset),
        "next": following,
        "results": [as_object(record, wanted.members) for record in page.records],
    }
    return as_json(content, headers=links)


@for_programs()
def record_detail(request, name, key):
    resource = _resource(name)
    check(request.GET, [fields_parameter(resource)])
    members = wanted_members(resource, request.GET)
    is_id = not wrong_value(key, resource.key_schema)
    if is_id and (record := resource.find(key, members)):
        return as_json(as_object(record, members), headers={"Link": LICENCE_LINK})
    if is_id and (kept := resource.key_of_kept(key)):
        return HttpResponsePermanentRedirect(_with_query(reverse("api:record_detail", args=[name, kept]), request.GET))
    raise Problem(404, f"There is no {key} among {name}.")


@for_programs()
def openapi(request):
    check(request.GET, [])
    return as_json(description())


@for_programs()
def nowhere(request, path):
    raise Problem(404, f"There is nothing here. {address('openapi.json')} describes this interface.")


def for_programs_page(request):
    context = {
        "address": address(),
        "embedded": settings.SITE_URL + reverse("embedding:list", args=["studios"]),
        "reconciliation": settings.SITE_URL + reverse("reconciliation:service"),
        "lists": [_in_words(resource) for resource in resources().values()],
        "licence_name": LICENCE_NAME,
        "licence_url": LICENCE_URL,
        "limit": LIMIT,
        "most": MOST,
        "per_second": PACES["lists"].per_second,
        "at_once": PACES["lists"].at_once,
    }
    return render(request, "api/for_programs.html", context)


def _in_words(resource: Resource) -> dict:
    return {
        "name": resource.name,
        "title": resource.title,
        "path": reverse("api:record_list", args=[resource.name]),
        "filters": filter_parameters(resource.filterset(QueryDict())),
        "members": resource.members,
    }
