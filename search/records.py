"""Records that match a query, best first: few are ranked one by one, very many are found by conditions alone."""

from dataclasses import dataclass, field
from functools import reduce
from operator import and_

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q, Value

from .queries import JOINING_WORDS, Query, Reading
from .ranking import Match, match
from .unwritten import UnwrittenWords

# Most records that are read and ranked one by one. With more candidates, all words must be in a record.
MOST_RANKED = 1_000
# A record that scores this much less than the best one is dropped.
SHARE_OF_BEST = 0.72
# If the text as typed scores this much, other keyboard layouts are not tried.
GOOD_SCORE = 0.75
# Least likeness of a word in a condition.
LIKENESS_IN_CONDITION = 0.6


@dataclass(frozen=True)
class Hit:
    record_id: int
    match: Match
    # Breaks ties: shorter names are meant more often.
    name_length: int

    @property
    def order(self):
        return (-round(self.match.score, 3), self.name_length, self.record_id)


@dataclass(frozen=True)
class Finding:
    """Result of a query for one kind of records: ranked hits, or a condition if there are too many to rank."""

    hits: list[Hit] = field(default_factory=list)
    condition: Q | None = None
    # Its part on stored words, and the changed records that fit by their current words.
    stored: Q | None = None
    changed: list[int] = field(default_factory=list)
    # The parsed query, needed to tell which name matched.
    readings: list[Reading] = field(default_factory=list)

    @property
    def best_score(self) -> float:
        return self.hits[0].match.score if self.hits else 0.0


def search(queryset: models.QuerySet, text: str | Query) -> models.QuerySet:
    """Return the records of the queryset that the text finds, the best first; none for text without letter or digit."""
    finding = find(queryset.model, text if isinstance(text, Query) else Query(text))
    if finding.condition is not None:
        return queryset.filter(finding.condition)
    ids = [hit.record_id for hit in finding.hits]
    if not ids:
        return queryset.none()
    place = Func(
        Value(ids, ArrayField(models.BigIntegerField())),
        F("pk"),
        function="array_position",
        output_field=models.IntegerField(),
    )
    return queryset.filter(pk__in=ids).order_by(place)


def find(model: type[models.Model], query: Query) -> Finding:
    """Return the query's result for the kind of records; computed once per query for all lists and counts."""
    model = model._meta.concrete_model
    if model not in query.findings:
        query.findings[model] = _find(model, query)
    return query.findings[model]


def _find(model, query: Query) -> Finding:
    as_typed = _finding(model, query.as_typed, query.unwritten)
    if as_typed.condition is not None or as_typed.best_score >= GOOD_SCORE:
        return as_typed
    others = [_finding(model, readings, query.unwritten) for readings in (query.joined, query.on_other_keyboards)]
    return max([as_typed, *others], key=lambda finding: finding.best_score)


def _finding(model, readings: list[Reading], unwritten: UnwrittenWords) -> Finding:
    candidates = _candidates(model, readings, unwritten)
    if candidates is None:
        return _finding_by_condition(model, readings, unwritten)
    judged = _judged(readings, candidates)
    found = (
        [hit for hit in judged if hit.match.is_found]
        or _found_beside_an_exact_word(readings, candidates)
        or [hit for hit in judged if hit.match.is_found_beside]
    )
    if not found:
        return Finding(readings=readings)
    worst = found[0].match.score * SHARE_OF_BEST
    return Finding([hit for hit in found if hit.match.score >= worst], readings=readings)


def _found_beside_an_exact_word(readings: list[Reading], candidates) -> list[Hit]:
    """Return readings that accept more misspellings beside an exact word: "Elvira Drnoi" for "Elvira Drangoi"."""
    of_several_words = [reading for reading in readings if len(reading.words) > 1]
    hits = []
    for record_id, text in candidates if of_several_words else ():
        names = {word for name in text.get("names", ()) for word in name.split()}
        loosened = [reading.loosened(names) for reading in of_several_words if match(reading, text).has_exact_word]
        if loosened:
            hits.append(Hit(record_id, _best_match(loosened, text), _length(text)))
    return sorted((hit for hit in hits if hit.match.is_found), key=lambda hit: hit.order)


def _judged(readings: list[Reading], candidates: list[tuple[int, dict[str, list[str]]]]) -> list[Hit]:
    hits = [Hit(record_id, _best_match(readings, text), _length(text)) for record_id, text in candidates]
    return sorted(hits, key=lambda hit: hit.order)


def _best_match(readings: list[Reading], text: dict[str, list[str]]) -> Match:
    return max((match(reading, text) for reading in readings), key=lambda found: found.score)


def _length(text: dict[str, list[str]]) -> int:
    return len(text["names"][0]) if text.get("names") else 0


def _candidates(model, readings: list[Reading], unwritten: UnwrittenWords):
    """Return the ids and texts of all records worth ranking, or None if there are too many."""
    words = [word for reading in readings for word in reading.words if word.alternatives]
    words.sort(key=lambda word: word.candidate_count)
    wanted, candidate_count = set(), 0
    for word in words:
        if candidate_count + word.candidate_count <= MOST_RANKED:
            wanted |= word.alternatives.keys()
            candidate_count += word.candidate_count
    if not words:
        return []
    records = model._base_manager.order_by()
    if not wanted:
        fitting = records.filter(_condition(readings[0]))
        if len(unwritten.without_changed(fitting).values_list("pk")[: MOST_RANKED + 1]) > MOST_RANKED:
            return None
    else:
        fitting = records.filter(search_words__has_any=sorted(wanted))
    found = list(unwritten.without_changed(fitting).values_list("pk", "search_text")[: MOST_RANKED + 1])
    return [*found, *unwritten.texts(fitting)] if len(found) <= MOST_RANKED else None


def _condition(reading: Reading) -> Q:
    """Return a condition: each identifying word, or one like it, is in the record."""
    return reduce(and_, (Q(search_words__has_any=sorted(group)) for group in _groups(reading)), Q())


def _finding_by_condition(model, readings: list[Reading], unwritten: UnwrittenWords) -> Finding:
    stored = _condition(readings[0])
    if not unwritten:
        return Finding(condition=stored, stored=stored, readings=readings)
    settled = unwritten.without_changed(model._base_manager.order_by()).values("pk")
    groups = _groups(readings[0])
    changed = [
        pk for pk, words in unwritten.of(model).items() if all(not group.isdisjoint(words.words) for group in groups)
    ]
    condition = stored & Q(pk__in=settled) | Q(pk__in=changed)
    return Finding(condition=condition, stored=stored, changed=changed, readings=readings)


def _groups(reading: Reading) -> list[set[str]]:
    """Return for each identifying word the words that it may stand for."""
    telling = [word for word in reading.words if word.text not in JOINING_WORDS and not word.is_initial]
    return [
        {text for text, likeness in word.alternatives.items() if likeness >= LIKENESS_IN_CONDITION}
        for word in telling or reading.words
    ]
