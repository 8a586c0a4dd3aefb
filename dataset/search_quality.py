"""Measurement of search quality: queries with the record that each should find."""

import csv
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from anyascii import anyascii
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import connection
from django.db.models import Q
from rapidfuzz import fuzz, process

from cooperation.models import Event, Film
from institutions.models import Country, Institution, Programme
from people.models import Person
from search.filters import SIMILAR_SHOWN
from search.queries import Query
from search.records import find
from search.similar_names import similar_names

# Kinds of records that are ranked together in one list.
KINDS = (Institution, Person, Programme, Event, Film)
COLUMNS = ("query", "expected_key", "kind", "difficulty")
# Stands before the code of a country whose page is the answer, for countries have no keys.
COUNTRY_KEY = "country:"
DEEPEST = 10
ALL = "all"


class QueryFileError(Exception):
    """Raised if the file of queries can't be read; the message gives the reason."""


@dataclass(frozen=True)
class Expectation:
    """Query and the keys of the right answers; without keys it must find nothing."""

    query: str
    keys: frozenset[str]
    kind: str
    difficulty: str


@dataclass(frozen=True)
class Outcome:
    expectation: Expectation
    # Keys as found, the best first.
    found: list[str]

    @property
    def rank(self) -> int | None:
        """Return the rank of the first right answer, from 1."""
        return next((place for place, key in enumerate(self.found, 1) if key in self.expectation.keys), None)


@dataclass(frozen=True)
class Quality:
    """Shares from 0 to 1 over queries that should find something, and over those that should not."""

    queries: int
    recall_at_1: float
    recall_at_3: float
    mrr: float
    nothing_queries: int
    nothing: float


def read_expectations(path: Path) -> list[Expectation]:
    """Return the rows of a tab-separated file. Raise QueryFileError."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
            if missing:
                raise QueryFileError(f"{path}: no column {', '.join(missing)}")
            return [
                Expectation(
                    row["query"],
                    frozenset(key for key in (row["expected_key"] or "").split("|") if key),
                    row["kind"] or "",
                    row["difficulty"] or "",
                )
                for row in reader
            ]
    except (OSError, UnicodeDecodeError) as error:
        raise QueryFileError(f"{path}: {error}") from error


def search_all_kinds(text: str) -> list[str]:
    """Return keys of what our search finds: the page of a country that the text names, then all kinds in one list."""
    query = Query(text)
    hits = [(hit.order, place, model, hit) for place, model in enumerate(KINDS) for hit in find(model, query).hits]
    best = sorted(hits, key=lambda item: (item[0][0], item[1], item[0]))[:DEEPEST]
    keys = {model: dict(model.objects.published().values_list("pk", "key")) for model in {item[2] for item in best}}
    countries = [f"{COUNTRY_KEY}{country.code.lower()}" for country in Country.objects.named(text)]
    return [*countries, *(keys[model][hit.record_id] for _, _, model, hit in best)]


def search_with_similar_names(text: str) -> list[str]:
    """Return keys of what our search finds or, where it finds nothing, of the similar names that its page offers."""
    return search_all_kinds(text) or _similar(text)


def _similar(text: str) -> list[str]:
    query = Query(text)
    found = [(-likeness, model, pk) for model in KINDS for pk, likeness in similar_names(model, query)]
    likest = sorted(found, key=lambda item: item[0])[:SIMILAR_SHOWN]
    return [model.objects.published().values_list("key", flat=True).get(pk=pk) for _likeness, model, pk in likest]


def contained_in_a_name(text: str) -> list[str]:
    """Return the keys of records with all words of the text in their names, as typed."""
    return [key for model in KINDS for key in model.objects.published().named_like(text).values_list("key", flat=True)]


def full_text_search(text: str) -> list[str]:
    """Return the keys that PostgreSQL's full-text search, configuration "simple", finds in the same names."""
    found = []
    for model in KINDS:
        vector = SearchVector(*model.NAME_LOOKUPS[:3], config="simple")
        other = SearchVector("text", config="simple")
        query = SearchQuery(text, config="simple", search_type="plain")
        names = model._meta.get_field("other_names").related_model
        in_other_names = names.objects.annotate(document=other).filter(document=query)
        records = model.objects.published().annotate(document=vector)
        foreign_key = model._meta.get_field("other_names").field.attname
        found += records.filter(Q(document=query) | Q(pk__in=in_other_names.values(foreign_key))).values_list(
            "key", flat=True
        )
    return found


class NamesInLatinLetters:
    """All published names in plain Latin letters, and two usual ways to compare a text with each of them."""

    # From 0 to 100, as pg_trgm's own threshold of 0.3 is of 1.
    LEAST_LIKENESS = 60

    def __init__(self):
        named = [
            (anyascii(name.text).lower(), record.key)
            for model in KINDS
            for record in model.objects.published().prefetch_related("other_names")
            for name in record.names_to_search()
            if name.text
        ]
        self.names, self.keys = [name for name, _key in named], [key for _name, key in named]

    def by_letters(self, text: str) -> list[str]:
        """Return the keys of the likest names by rapidfuzz."""
        plain = anyascii(text).lower()
        likest = process.extract(plain, self.names, scorer=fuzz.WRatio, limit=DEEPEST, score_cutoff=self.LEAST_LIKENESS)
        return list(dict.fromkeys(self.keys[place] for _name, _likeness, place in likest))

    def by_trigrams(self, text: str) -> list[str]:
        """Return the keys of the likest names by pg_trgm."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT key FROM unnest(%s::text[], %s::text[]) AS named (name, key)"
                " WHERE name %% %s ORDER BY similarity(name, %s) DESC LIMIT %s",
                [self.names, self.keys, *[anyascii(text).lower()] * 2, DEEPEST],
            )
            return list(dict.fromkeys(key for (key,) in cursor.fetchall()))


def ways() -> dict[str, Callable[[str], list[str]]]:
    """Return functions from a text to keys, the best first, by name; ours is the first."""
    names = NamesInLatinLetters()
    return {
        "our search": search_all_kinds,
        "with similar names": search_with_similar_names,
        "icontains": contained_in_a_name,
        "full-text 'simple'": full_text_search,
        "anyascii and rapidfuzz": names.by_letters,
        "anyascii and pg_trgm": names.by_trigrams,
    }


def try_all(expectations: Iterable[Expectation], way: Callable[[str], list[str]]) -> list[Outcome]:
    return [Outcome(expectation, way(expectation.query)) for expectation in expectations]


def quality(outcomes: Iterable[Outcome]) -> Quality:
    ranks, empties = [], []
    for outcome in outcomes:
        if outcome.expectation.keys:
            ranks.append(outcome.rank)
        else:
            empties.append(not outcome.found)
    return Quality(
        len(ranks),
        _share(rank == 1 for rank in ranks),
        _share(rank is not None and rank <= 3 for rank in ranks),
        sum(1 / rank for rank in ranks if rank) / len(ranks) if ranks else 0.0,
        len(empties),
        _share(empties),
    )


def by_kind(outcomes: Iterable[Outcome]) -> dict[str, list[Outcome]]:
    kinds = defaultdict(list)
    for outcome in outcomes:
        kinds[outcome.expectation.kind].append(outcome)
    return dict(sorted(kinds.items()))


def misses(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """Return outcomes whose first answer is wrong, or that should have had none."""
    return [outcome for outcome in outcomes if (outcome.rank != 1 if outcome.expectation.keys else bool(outcome.found))]


def _share(answers: Iterable[bool]) -> float:
    answers = list(answers)
    return sum(answers) / len(answers) if answers else 0.0
