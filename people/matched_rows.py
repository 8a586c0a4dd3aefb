"""Rows that name an institution, a person or both: each helps to recognise the other."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from institutions.matching import InstitutionMatcher, Sought
from search.matches import NO_MATCH, Match

from .matching import PersonMatcher, SoughtPerson


@dataclass(frozen=True)
class SoughtRow:
    """Statements of a row about an institution, and about a person there if it names one."""

    institution: Sought
    people: tuple[str, ...] = ()
    person_key: str = ""


@dataclass(frozen=True)
class MatchedRow:
    institution: Match = NO_MATCH
    person: Match = NO_MATCH
    # The row has the names of institution and person in each other's place.
    is_swapped: bool = False


class RowMatcher:
    """Matching of rows, some at a time; what was looked up is kept for further ones."""

    def __init__(self):
        self._institutions, self._people = InstitutionMatcher(), PersonMatcher()

    def match(self, rows: Iterable[SoughtRow]) -> list[MatchedRow]:
        rows = list(rows)
        institutions = self._institutions.match(row.institution for row in rows)
        swapped = self._swapped(rows, institutions)
        people = self._people.match(
            _person(row, swapped.get(number, match), number in swapped)
            for number, (row, match) in enumerate(zip(rows, institutions, strict=True))
        )
        return [
            MatchedRow(swapped.get(number, match), person, number in swapped)
            for number, (match, person) in enumerate(zip(institutions, people, strict=True))
        ]

    def _swapped(self, rows, institutions) -> dict[int, Match]:
        """Return better matches by the names of people, for rows whose names are of no institution."""
        unknown = [
            number
            for number, (row, match) in enumerate(zip(rows, institutions, strict=True))
            if any(row.people) and row.institution.names and not _is_named(match)
        ]
        others = self._institutions.match(
            replace(rows[number].institution, names=rows[number].people) for number in unknown
        )
        return {number: match for number, match in zip(unknown, others, strict=True) if _is_named(match)}


def _is_named(match: Match) -> bool:
    """Return whether the name speaks for a record, and not a contact alone."""
    named = {"same-name", "similar-name", "identifier"}
    return any(not named.isdisjoint(one.reasons) for one in match.candidates)


def _person(row: SoughtRow, institution: Match, is_swapped: bool) -> SoughtPerson:
    sought = row.institution
    ids = frozenset(one.record.pk for one in institution.candidates)
    says_institution = any(sought.names) or bool(sought.key)
    return SoughtPerson(
        sought.names if is_swapped else row.people,
        ids if says_institution else None,
        sought.country,
        sought.contacts,
        row.person_key,
    )
