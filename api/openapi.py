"""Description of the interface in OpenAPI 3.1, made of the lists themselves, with records of the site as examples."""

from http import HTTPStatus

from django.conf import settings
from django.http import QueryDict

from exports.downloads import LICENCE_NAME, LICENCE_URL

from .answers import PROBLEM
from .members import CITY_MEMBERS, PATH, REFERENCE_MEMBERS, as_object, object_schema
from .parameters import Parameter, fields_parameter, parameters_with_choices
from .records import SOURCE_MEMBERS
from .resources import Resource, resources

SUMMARY = """Film institutions of the CIS countries and Georgia and those who represent them, with sources and dates.

Read only, without keys. Lists and records are those of the site, under the same filters. Each answer has an ETag: send
it as If-None-Match, and 304 says that nothing has changed. Dates may be partial: 2019, 2019-05 or 2019-05-31.
"""
STRING = {"type": "string"}
PROBLEM_SCHEMA = {
    "type": "object",
    "properties": {
        "title": STRING,
        "status": {"type": "integer"},
        "detail": STRING,
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"parameter": STRING, "detail": STRING},
                "required": ["parameter", "detail"],
            },
        },
    },
    "required": ["title", "status", "detail"],
}
LINK = {"description": "The next page, if any, and the licence of the data", "schema": STRING}
ETAG = {"description": "Version of the answer", "schema": STRING}
WAIT = {"description": "Seconds to wait", "schema": {"type": "integer"}}


def description() -> dict:
    """Return the whole document."""
    return {
        "openapi": "3.1.1",
        "info": {
            "title": "CISFilm",
            "version": "1",
            "description": SUMMARY,
            "license": {"name": LICENCE_NAME, "url": LICENCE_URL},
            "contact": {"email": settings.CONTACT_EMAIL},
        },
        "servers": [{"url": settings.SITE_URL + PATH.rstrip("/")}],
        "paths": {path: item for resource in resources().values() for path, item in _paths(resource).items()},
        "components": {
            "schemas": {
                **{resource.type_name: _record_schema(resource) for resource in resources().values()},
                "Source": object_schema(SOURCE_MEMBERS),
                "Reference": object_schema(REFERENCE_MEMBERS),
                "City": object_schema(CITY_MEMBERS),
                "Problem": PROBLEM_SCHEMA,
            },
            "responses": {name: _problem_response(status) for name, status in PROBLEMS.items()},
        },
    }


PROBLEMS = {"WrongParameter": 400, "NotFound": 404, "TooFast": 429, "Unavailable": 503}


def _problem_response(status: int) -> dict:
    headers = {"Retry-After": WAIT} if status in (429, 503) else {}
    content = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": HTTPStatus(status).phrase, "headers": headers, "content": content}


def _record_schema(resource: Resource) -> dict:
    # "fields" may leave out all others.
    return object_schema(resource.members) | {"required": ["id"], "additionalProperties": False}


def _paths(resource: Resource) -> dict:
    filterset = resource.filterset(QueryDict())
    parameters = parameters_with_choices(resource, filterset)
    record = {"$ref": f"#/components/schemas/{resource.type_name}"}
    page = {
        "type": "object",
        "properties": {
            "total": {"type": "integer", "description": "Number of records that fit"},
            "next": {"type": ["string", "null"], "format": "uri", "description": "URL of the next page"},
            "results": {"type": "array", "items": record},
        },
        "required": ["total", "next", "results"],
    }
    example = _example(resource)
    known = {"example": example["id"]} if example else {}
    key = {"name": "id", "in": "path", "required": True, "schema": resource.key_schema, **known}
    title = str(resource.title)
    return {
        f"/{resource.name}": {
            "get": {
                "operationId": f"list_{resource.name}",
                "summary": title,
                "parameters": [_parameter(one) for one in parameters],
                "responses": _responses(page, {"total": 1, "next": None, "results": [example]} if example else None),
            }
        },
        f"/{resource.name}/{{id}}": {
            "get": {
                "operationId": f"read_{resource.name}",
                "summary": f"{title}: one record",
                "parameters": [key, _parameter(fields_parameter(resource))],
                "responses": _responses(record, example)
                | {
                    "301": {"description": "The record was merged into another one", "headers": {"Location": LINK}},
                },
            }
        },
    }


def _example(resource: Resource) -> dict | None:
    """Return the first record of the site; it is public, as all others here."""
    first = resource.published().order_by(resource.key).values_list(resource.key, flat=True).first()
    record = resource.find(first, resource.members) if first is not None else None
    return as_object(record, resource.members) if record else None


def _parameter(parameter: Parameter) -> dict:
    several = {"type": "array", "items": parameter.schema, "minItems": 1}
    return {
        "name": parameter.name,
        "in": "query",
        "description": str(parameter.label),
        "schema": several if parameter.several else parameter.schema,
        **({"style": "form", "explode": not parameter.in_one} if parameter.several else {}),
    }


def _responses(schema: dict, example: dict | None) -> dict:
    content = {"schema": schema} | ({"example": example} if example else {})
    return {
        "200": {
            "description": "OK",
            "headers": {"Link": LINK, "ETag": ETAG},
            "content": {"application/json": content},
        },
        "304": {"description": "Nothing has changed"},
        "400": {"$ref": "#/components/responses/WrongParameter"},
        "404": {"$ref": "#/components/responses/NotFound"},
        "429": {"$ref": "#/components/responses/TooFast"},
        "503": {"$ref": "#/components/responses/Unavailable"},
    }
