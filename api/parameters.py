"""Parameters of requests: those of the pages' filters, size and place of a page, and the members wanted."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import django_filters
from django.http import QueryDict

from languages.partial_dates import PARTIAL_DATE_REGEX
from people.filters import InstitutionFilter, PartialDateFilter
from search.facets import FacetedFilterSet, NumberFilter
from search.filters import SearchFilter
from search.queries import QUERY_MAX_LENGTH

from .answers import Problem, WrongParameter
from .members import Member
from .resources import KEY, Resource

LIMIT, MOST = 25, 200


@dataclass(frozen=True)
class Parameter:
    """A parameter with the JSON Schema of a value; `several` values are either repeated or `in_one` with commas."""

    name: str
    schema: dict
    label: Any = ""
    several: bool = False
    in_one: bool = False

    def texts(self, query: QueryDict) -> list[str]:
        texts = query.getlist(self.name)
        return [part for text in texts for part in text.split(",")] if self.in_one else texts

    def wrong(self, query: QueryDict) -> str:
        """Return what is wrong with its values in the query, "" if nothing is."""
        texts = self.texts(query)
        if len(texts) > 1 and not self.several:
            return "Give it once."
        return next(filter(None, (wrong_value(text, self.schema) for text in texts)), "")


def wrong_value(text: str, schema: dict) -> str:
    """Return what is wrong with a value by its schema, "" if nothing is."""
    if schema["type"] == "integer":
        least, most = schema["minimum"], schema["maximum"]
        is_right = re.fullmatch("[0-9]{1,19}", text) and least <= int(text) <= most
        return "" if is_right else f"Give a whole number from {least} to {most}."
    if schema["type"] == "boolean":
        return "" if text in ("true", "false") else "Give true or false."
    if "enum" in schema and text not in schema["enum"]:
        return f"There is no {text!r}; there are {', '.join(schema['enum'])}."
    if "pattern" in schema and not re.fullmatch(schema["pattern"], text):
        return f"The value must match {schema['pattern']}"
    if len(text) > schema.get("maxLength", len(text)):
        return f"Give {schema['maxLength']} characters at most."
    if schema.get("format") == "date" and not _is_day(text):
        return "Give a day such as 2026-05-31."
    return "" if len(text) >= schema.get("minLength", 0) else "Give a value, or leave the parameter out."


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


# Lists ---------------------------------------------------------------------------------------------------------------


def _of_filter(name: str, filter_: django_filters.Filter) -> Parameter:
    several = isinstance(filter_, django_filters.MultipleChoiceFilter)
    return Parameter(name, _schema_of_filter(filter_), filter_.label, several)


def _schema_of_filter(filter_: django_filters.Filter) -> dict:
    match filter_:
        case SearchFilter():
            return {"type": "string", "maxLength": QUERY_MAX_LENGTH}
        case NumberFilter():
            return {"type": "integer", "minimum": filter_.extra["min_value"], "maximum": filter_.extra["max_value"]}
        case django_filters.BooleanFilter():
            return {"type": "boolean"}
        case PartialDateFilter():
            return {"type": "string", "pattern": PARTIAL_DATE_REGEX}
        case django_filters.DateFilter():
            return {"type": "string", "format": "date"}
        case InstitutionFilter():
            return KEY
    # The filter itself knows its choices.
    return {"type": "string", "minLength": 1}


def fields_parameter(resource: Resource) -> Parameter:
    names = [member.name for member in resource.members]
    label = "Members wanted of each record, with commas; the id is always among them."
    return Parameter("fields", {"type": "string", "enum": names}, label, several=True, in_one=True)


def filter_parameters(filterset: FacetedFilterSet) -> list[Parameter]:
    """Return the parameters that narrow the list of a page."""
    filters = [(name, one) for name, one in filterset.filters.items() if name not in filterset.ORDERING]
    return [_of_filter(name, filter_) for name, filter_ in filters]


def list_parameters(resource: Resource, filterset: FacetedFilterSet) -> list[Parameter]:
    """Return the parameters of a list: its filters, and those of every list."""
    limit = {"type": "integer", "minimum": 1, "maximum": MOST, "default": LIMIT}
    return [
        *filter_parameters(filterset),
        Parameter("after", resource.key_schema, "Continue after the record with this id; “next” of an answer has it."),
        Parameter("limit", limit, "Records in one answer."),
        fields_parameter(resource),
    ]


def parameters_with_choices(resource: Resource, filterset: FacetedFilterSet) -> Iterator[Parameter]:
    """Return the parameters of a list with the choices of its filters; a filter that has none now is left out."""
    for parameter in list_parameters(resource, filterset):
        if not hasattr(filterset.form.fields.get(parameter.name), "choices"):
            yield parameter
        elif values := [value for value, _label in filterset.choices(parameter.name)]:
            yield replace(parameter, schema={"type": "string", "enum": values})


@dataclass
class WantedList:
    """Checked request for a list. Raises Problem with all of its faults."""

    resource: Resource
    query: QueryDict
    filterset: FacetedFilterSet = field(init=False)

    def __post_init__(self):
        self.filterset = self.resource.filterset(self.query)
        check(self.query, list_parameters(self.resource, self.filterset))
        if errors := self.filterset.errors:
            # The shape of an id says nothing of whether there is such a record.
            is_only_missing = all(isinstance(self.filterset.filters[name], InstitutionFilter) for name in errors)
            wrong = [WrongParameter(name, " ".join(found)) for name, found in errors.items()]
            raise refused(wrong, status=404 if is_only_missing else 400)

    @property
    def members(self) -> list[Member]:
        return wanted_members(self.resource, self.query)

    @property
    def limit(self) -> int:
        return int(self.query.get("limit", LIMIT))

    @property
    def after(self) -> str | None:
        return self.query.get("after")


def check(query: QueryDict, parameters: Iterable[Parameter]):
    """Raise Problem for unknown parameters, and for values that the schemas don't allow."""
    known = {parameter.name: parameter for parameter in parameters}
    found = [
        WrongParameter(
            name, known[name].wrong(query) if name in known else f"Unknown; there are {', '.join(known) or 'none'}."
        )
        for name in query
    ]
    if wrong := [one for one in found if one.detail]:
        raise refused(wrong)


def wanted_members(resource: Resource, query: QueryDict) -> list[Member]:
    """Return the members that the query wants, in the order of the resource; all without "fields"."""
    names = fields_parameter(resource).texts(query)
    return [member for member in resource.members if not names or member.name in ("id", *names)]


def refused(wrong: Iterable[WrongParameter], status: int = 400) -> Problem:
    return Problem(status, "Some parameters are wrong; “errors” names them.", wrong)
