"""Candidates for the queries of a batch, all matched together."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from institutions.matching import Sought
from institutions.places import Places
from people.matched_rows import RowMatcher, SoughtRow
from records.identifier_types import BY_NAME, IDENTIFIER_TYPES, Identifier
from records.kinds import Kind, kinds, record_kind
from search.duplicates import likeness_of_names
from search.matches import Candidate, Certainty, Match, Proof, settled
from search.named_alike import candidates

from .batches import Query
from .entities import KIND_IN_TYPE, described, entity_id, types, types_of

# Properties by which a query says more than a name, besides the registers.
CONTACTS = ("website", "phone", "email")
PROPERTIES = ("country", "city", "kind", *CONTACTS, "institution", "other_name")
REGISTERS = tuple(each.name for each in IDENTIFIER_TYPES)
BY_KIND = ("institution", "person")
# Beside the likeness of names in percent.
POINTS = {"country": 4, "other-country": -40}


@dataclass
class Batch:
    """The queries of a batch with the candidates for each."""

    queries: Sequence[Query]

    def results(self) -> list[list[dict]]:
        """Return the candidates of each query as the service writes them, the best first."""
        asked = [(number, kind) for number, query in enumerate(self.queries) for kind in _kinds_asked(query)]
        found = defaultdict(list)
        for kind in dict.fromkeys(kind for _number, kind in asked):
            numbers = [number for number, other in asked if other == kind]
            for number, match in zip(numbers, self._matches(kind, numbers), strict=True):
                found[number].append(match)
        shown = self._shown(match for matches in found.values() for match in matches)
        return [_results(query, found[number], shown) for number, query in enumerate(self.queries)]

    def _matches(self, kind: str, numbers: list[int]) -> list[Match]:
        queries = [self.queries[number] for number in numbers]
        if kind == "institution":
            rows = [
                SoughtRow(_institution(query, (query.text, *query.values.get("other_name", ())))) for query in queries
            ]
            return [row.institution for row in self._rows.match(rows)]
        if kind == "person":
            return [row.person for row in self._rows.match(_row_of_person(query) for query in queries)]
        return NamedMatcher(kinds()[kind]).match(queries)

    @cached_property
    def _rows(self) -> RowMatcher:
        return RowMatcher()

    @staticmethod
    def _shown(matches) -> dict:
        ids = defaultdict(set)
        for match in matches:
            for one in match.candidates:
                ids[record_kind(one.record)].add(one.record.pk)
        return {
            (name, record.pk): record
            for name, its_ids in ids.items()
            for record in described(kinds()[name], pk__in=its_ids)
        }


def _kinds_asked(query: Query) -> list[str]:
    return list(dict.fromkeys(types()[one].kind for one in query.types)) or list(BY_KIND)


def _results(query: Query, matches: list[Match], shown: dict) -> list[dict]:
    ranked = sorted(
        (
            (one, match.certainty == Certainty.CERTAIN and place == 0)
            for match in matches
            for place, one in enumerate(match.candidates)
        ),
        key=lambda pair: (not pair[1], -pair[0].points),
    )
    is_only_one = sum(is_certain for _one, is_certain in ranked) == 1
    found = ((shown.get((record_kind(one.record), one.record.pk)), one, is_certain) for one, is_certain in ranked)
    return [_result(record, one, is_certain and is_only_one) for record, one, is_certain in found if record][
        : query.limit
    ]


def _result(record, candidate: Candidate, is_certain: bool) -> dict:
    return {
        "id": entity_id(record),
        "name": record.name,
        "description": ", ".join(map(str, record.facts_in_short)),
        "score": candidate.score,
        "match": is_certain,
        "type": types_of(record),
        "features": [{"id": reason, "value": True} for reason in candidate.reasons],
    }


def _first(query: Query, name: str) -> str:
    return next(iter(query.values.get(name, ())), "")


def _institution(query: Query, names: tuple[str, ...], key: str = "") -> Sought:
    numbers = ((name, BY_NAME[name].parse(value)) for name in REGISTERS for value in query.values.get(name, ()))
    narrow = (one.removeprefix(KIND_IN_TYPE) for one in query.types if one.startswith(KIND_IN_TYPE))
    return Sought(
        tuple(filter(None, names)),
        _first(query, "country"),
        _first(query, "city"),
        _first(query, "kind") or next(narrow, ""),
        tuple(value for name in CONTACTS for value in query.values.get(name, ())),
        key,
        tuple(Identifier(name, number) for name, number in numbers if number),
    )


def _row_of_person(query: Query) -> SoughtRow:
    # The institution may be one that was found before.
    given = _first(query, "institution")
    key = given.partition("/")[2] if given.startswith("institutions/") else ""
    return SoughtRow(_institution(query, () if key else (given,), key), (query.text,))


class NamedMatcher:
    """Matching of programmes, events and films, which have nothing but names and countries."""

    def __init__(self, kind: Kind):
        self.kind, self.places = kind, Places()

    def match(self, queries: Sequence[Query]) -> list[Match]:
        by_name = candidates(self.kind.published(), {query.text for query in queries if query.text})
        ids = {pk for found in by_name.values() for pk in found}
        records = {record.pk: record for record in described(self.kind, pk__in=ids)}
        return [
            settled(
                filter(None, (self._judged(query, records[pk]) for pk in by_name.get(query.text, ()) if pk in records))
            )
            for query in queries
        ]

    def _judged(self, query: Query, record) -> Candidate | None:
        names = [name for name in record.names_to_search() if name.text]
        alike = max(likeness_of_names(query.text, name.text, name.language) for name in names)
        asked = self.places.read(_first(query, "country"), "").countries
        country = self.kind.country_of(record)
        reasons = ["same-name" if alike >= 100 else "similar-name"]
        if asked and country:
            reasons.append("country" if country.code in asked else "other-country")
        is_same = alike >= 100 and "other-country" not in reasons
        points = alike + sum(POINTS.get(reason, 0) for reason in reasons)
        return Candidate(record, points, Proof.NAME if is_same else Proof.NONE, tuple(reasons)) if alike else None
