"""Subject of a correction, from the query string of the form."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.http import Http404
from django.urls import Resolver404, resolve
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from institutions.models import Country, InstitutionKind
from records.kinds import kinds, record_key, record_kind

from .facts import Fact, UnknownFact, find_fact, record_reference
from .models import Correction

RECORD_SHAPE = re.compile(r"([a-z]+)/([A-Za-z0-9-]{1,120})")
FACT_SHAPE = re.compile(r"[a-z0-9_]{1,40}(/[0-9]{1,18}/[a-z0-9_]{1,40})?")
LONGEST_PAGE = 300


@dataclass
class Subject:
    """Subject: a fact, a record, a missing institution, a page, or the directory as a whole."""

    record: Any = None
    fact: Fact | None = None
    country: Country | None = None
    missing_kind: str = ""
    page: str = ""

    @property
    def is_missing(self) -> bool:
        return not self.record and bool(self.country or self.missing_kind)

    @property
    def kind_label(self) -> str:
        return capfirst(kinds()[record_kind(self.record)].label)

    @property
    def missing_kind_label(self) -> str:
        return InstitutionKind(self.missing_kind).label if self.missing_kind else _("institution")

    def address(self) -> str:
        """Return the query string of the form for it."""
        named = {
            "record": record_reference(self.record) if self.record else "",
            "fact": self.fact.reference if self.fact else "",
            "country": self.country.code if self.is_missing and self.country else "",
            "kind": self.missing_kind,
            "page": self.page,
        }
        return urlencode({name: value for name, value in named.items() if value}, safe="/")

    def correction(self, **fields) -> Correction:
        """Return an unsaved correction of it."""
        if self.record:
            country = kinds()[record_kind(self.record)].country_of(self.record)
            fields |= {
                "record_kind": record_kind(self.record),
                "record_key": record_key(self.record),
                "record_name": str(self.record),
                "fact": self.fact.reference if self.fact else "",
                "value_then": self.fact.value if self.fact else "",
            }
        else:
            country = self.country
        return Correction(country=country, missing_kind=self.missing_kind, page=self.page, **fields)


def subject_of(parameters) -> Subject:
    """Return the subject. Raise BadRequest for invalid parameters, Http404 for records that are not public."""
    if parameters.get("record"):
        record = _published_record(parameters["record"])
        return Subject(record=record, fact=_fact(record, parameters.get("fact", "")))
    if parameters.get("fact"):
        raise BadRequest("A fact without its record")
    kind = parameters.get("kind", "")
    if kind and kind not in InstitutionKind.values:
        raise BadRequest(f"No kind of institution {kind!r}")
    country = _country(parameters.get("country", ""))
    return Subject(country=country, missing_kind=kind, page=_public_page(parameters.get("page", "")))


def _published_record(reference):
    match = RECORD_SHAPE.fullmatch(reference)
    if match is None or match[1] not in kinds():
        raise BadRequest(f"No record is named {reference!r}")
    record = kinds()[match[1]].find_published(match[2])
    if record is None:
        raise Http404("No such record on the site")
    return record


def _fact(record, reference):
    if not reference:
        return None
    if FACT_SHAPE.fullmatch(reference) is None:
        raise BadRequest(f"No fact is named {reference!r}")
    try:
        return find_fact(record, reference)
    except UnknownFact:
        raise Http404("The record shows no such fact") from None


def _country(code):
    if not code:
        return None
    country = Country.objects.listed().filter(code=code).first() if re.fullmatch(r"[A-Z]{2}", code) else None
    if country is None:
        raise BadRequest(f"No country {code!r}")
    return country


def _public_page(path):
    """Return the path if it is a public page of this site; "" for editors' pages, secret URLs and invalid paths."""
    try:
        match = resolve(path)
    except Resolver404:
        return ""
    is_public = match.namespaces != ["admin"] and not {"secret", "owner_secret", "key"} & match.kwargs.keys()
    return path if is_public and len(path) <= LONGEST_PAGE else ""
