"""Records that match a query, best first: few are ranked one by one, very many are found by conditions alone."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import partial, reduce
from operator import and_

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q, Value, prefetch_related_objects

from .candidates import ids_with_words
from .descriptions import description
from .queries import REGROUPED, Query
from .ranking import SCORE_OF_A_GUESS, Match, best_name, match
from .readings import Reading
from .similar_names import likest_name, same_names
from .unwritten import UnwrittenWords
from .word_forms import joining_words

# Most records that are read and ranked one by one. With more candidates, all words must be in a record.
MOST_RANKED = 1_000
# A record that scores this much less than the best one is dropped.
SHARE_OF_BEST = 0.72
# If the text as typed scores this much, other keyboard layouts are not tried.
GOOD_SCORE = 0.75
# Least score of a record that has all values that the text describes.
DESCRIBED_SCORE = 0.85
# The same if all words of the description are in its names.
NAMED_SCORE = 0.92
# The same if the text says more than the values, with so many words at most that records hold.
PARTLY_DESCRIBED_SCORE = 0.7
MOST_WORDS_UNDESCRIBED = 3
KNOWN = 0.86
# Least likeness of a word in a condition.
LIKENESS_IN_CONDITION = 0.6
# Of a record whose id in a register is the whole text.
IDENTIFIED = Match(1.0, 1.0, True, is_whole_name=True)


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
    def is_answer(self) -> bool:
        """Return whether there may be records in it."""
        return bool(self.hits) or self.condition is not None

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


def tell_names_found(records: Iterable[models.Model], finding: Finding, query: Query) -> list[models.Model]:
    """Return the records, each with `found_by`: the name that matched, if the page does not show that one."""
    records = list(records)
    prefetch_related_objects(records, "other_names")
    like_whole = {hit.record_id for hit in finding.hits if hit.match.is_the_same_name}
    for record in records:
        by_words = partial(best_name, finding.readings)
        by_letters = partial(likest_name, query)
        record.found_by = record.name_found_by(by_letters if record.pk in like_whole else by_words)
    return records


def _find(model, query: Query) -> Finding:
    if identified := model.ids_identified_by(query.text):
        return Finding([Hit(record_id, IDENTIFIED, place) for place, record_id in enumerate(identified)])
    found = _found_by_words(model, query)
    described = description(model, query)
    # One value alone, such as a city, is more often a part of names.
    if found.condition is not None or described is None or len(described.values) == 1:
        return found
    certain, *possible = described.conditions
    if described.rest:
        is_asked = found.best_score < GOOD_SCORE and _are_known(described.rest, query)
        tried = [(certain, PARTLY_DESCRIBED_SCORE)] if is_asked else []
    else:
        tried = [(certain, DESCRIBED_SCORE), *((condition, PARTLY_DESCRIBED_SCORE) for condition in possible)]
    may_be_name = "kind" in described.values
    findings = (_with_described(model, query, condition, found, least, may_be_name) for condition, least in tried)
    return next(filter(None, findings), found)


def _are_known(rest: list[str], query: Query) -> bool:
    """Return whether records hold these few words: a name that none holds has no answer."""
    known = {word.text for word in query.as_typed[0].words if max(word.alternatives.values(), default=0) >= KNOWN}
    return len(rest) <= MOST_WORDS_UNDESCRIBED and known.issuperset(rest)


def _with_described(
    model, query: Query, condition: Q, found: Finding, least: float, may_be_name: bool
) -> Finding | None:
    """Return the records of the condition with at least this score, and the others found; None if none fits.

    Unless it `may_be_name`, what only has the words in its name is not asked for.
    """
    fitting = model._base_manager.order_by().filter(condition)
    settled = query.unwritten.without_changed(fitting.exclude(search_words=""))
    settled = list(settled.values_list("pk", "search_text")[: MOST_RANKED + 1])
    changed = query.unwritten.texts_of(fitting)
    if len(settled) > MOST_RANKED:
        return Finding(
            condition=condition, stored=condition, changed=[pk for pk, _text in changed], readings=found.readings
        )
    described = _judged(query.as_typed, [*settled, *changed])
    if not described:
        return None
    hits = {hit.record_id: hit for hit in found.hits} | {hit.record_id: _raised(hit, least) for hit in described}
    # Words for a kind are also those of names, of services rarely: "animation studios of Uzbekistan".
    named = [*found.hits, *described] if may_be_name else described
    hits |= {hit.record_id: _raised(hit, NAMED_SCORE) for hit in named if hit.match.is_named}
    return replace(found, hits=_without_noise(hits.values()))


def _raised(hit: Hit, least: float) -> Hit:
    return replace(hit, match=replace(hit.match, score=least + (1 - least) * hit.match.score))


def _found_by_words(model, query: Query) -> Finding:
    as_typed = _finding(model, query.as_typed, query.unwritten)
    is_good = as_typed.best_score >= GOOD_SCORE or (query.is_unfinished and as_typed.hits)
    if as_typed.condition is not None or is_good:
        return as_typed
    others = [_finding(model, readings, query.unwritten) for readings in (query.joined, query.on_other_keyboards)]
    best = max([as_typed, *others], key=lambda finding: finding.best_score)
    return best if best.best_score >= GOOD_SCORE or query.is_unfinished else _with_same_names(model, query, best)


def _with_same_names(model, query: Query, found: Finding) -> Finding:
    """Return also the records whose whole name the text is, however its words are divided and misspelt."""
    same = [
        Hit(pk, Match(REGROUPED * likeness / 100, 1.0, True, is_the_same_name=True), 0)
        for pk, likeness in same_names(model, query)
    ]
    hits = {hit.record_id: hit for hit in sorted([*found.hits, *same], key=lambda hit: hit.match.score)}
    return replace(found, hits=_without_noise(hits.values()))


def _without_noise(hits: Iterable[Hit]) -> list[Hit]:
    ranked = sorted(hits, key=lambda hit: hit.order)
    return [hit for hit in ranked if hit.match.score >= ranked[0].match.score * SHARE_OF_BEST]


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
    return Finding(_without_noise(found), readings=readings)


def _found_beside_an_exact_word(readings: list[Reading], candidates) -> list[Hit]:
    """Return readings that accept more misspellings beside an exact word: "Elvira Drnoi" for "Elvira Drangoi"."""
    of_several_words = [reading for reading in readings if len(reading.words) > 1]
    hits = []
    for record_id, text in candidates if of_several_words else ():
        names = {word for name in text.get("names", ()) for word in name.split()}
        loosened = [reading.loosened(names) for reading in of_several_words if match(reading, text).has_exact_word]
        if loosened:
            hits.append(Hit(record_id, _best_match(loosened, text), _length(text)))
    found = (hit for hit in hits if hit.match.is_found and hit.match.score >= SCORE_OF_A_GUESS)
    return sorted(found, key=lambda hit: hit.order)


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
        elif word.is_unfinished:
            for other in sorted(word.alternatives, key=word.alternatives.get, reverse=True):
                if candidate_count + word.counts[other] <= MOST_RANKED:
                    wanted.add(other)
                    candidate_count += word.counts[other]
    if not words:
        return []
    records = model._base_manager.order_by()
    ids = ids_with_words(model, [wanted] if wanted else _groups(readings[0]), MOST_RANKED + 1)
    if len(ids) > MOST_RANKED:
        return None
    fitting = records.filter(pk__in=ids)
    return [*unwritten.without_changed(fitting).values_list("pk", "search_text"), *unwritten.texts(fitting)]


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
    telling = [word for word in reading.words if word.text not in joining_words() and not word.is_initial]
    return [
        {text for text, likeness in word.alternatives.items() if likeness >= LIKENESS_IN_CONDITION}
        for word in telling or reading.words
    ]
