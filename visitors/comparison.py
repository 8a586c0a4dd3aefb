"""Comparison of two to four institutions."""

import re
from dataclasses import dataclass, field

from institutions.models import Institution, Service
from records.keys import KEY_REGEX

PREFIX = "institution/"

MOST = 4
CANDIDATES_SHOWN = 8


@dataclass
class Comparison:
    """The institutions in the query string, in its order, and the values that are not listed."""

    institutions: list[Institution]
    unknown: int = 0
    too_many: bool = False
    wanted: str = ""
    candidates: list[Institution] = field(default_factory=list)

    @property
    def is_full(self):
        return len(self.institutions) == MOST

    @property
    def services(self):
        """Return each service that one of them offers: its name, and for each institution whether it offers it."""
        return [
            (service.label, [service in institution.services for institution in self.institutions])
            for service in Service
            if any(service in institution.services for institution in self.institutions)
        ]

    @property
    def records(self):
        return [PREFIX + institution.key for institution in self.institutions]

    @property
    def columns(self):
        """Return each institution with the query values that remove it."""
        return [
            (institution, [record for record in self.records if record != PREFIX + institution.key])
            for institution in self.institutions
        ]

    @property
    def candidate_rows(self):
        """Return each institution that was found, with the query values that add it."""
        return [(candidate, [*self.records, PREFIX + candidate.key]) for candidate in self.candidates]


def comparison(records: list[str], wanted: str = "") -> Comparison:
    """Return the comparison for the query string; `wanted` is a search text for one more institution."""
    asked = dict.fromkeys(records)
    keys = [record.removeprefix(PREFIX) for record in asked]
    keys = [key for key in keys if re.fullmatch(KEY_REGEX, key)]
    found = Institution.objects.published().for_comparison().filter(key__in=keys)
    by_key = {institution.key: institution for institution in found}
    chosen = [by_key[key] for key in keys if key in by_key]
    result = Comparison(chosen[:MOST], len(asked) - len(chosen), len(chosen) > MOST, wanted)
    if wanted and not result.is_full:
        others = Institution.objects.published().search(wanted).exclude(pk__in=[one.pk for one in chosen])
        result.candidates = list(others.select_related("country", "city")[:CANDIDATES_SHOWN])
    return result
