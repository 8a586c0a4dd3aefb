"""Search over all kinds of records: page and suggestions."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import JsonResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.decorators.http import require_safe

from institutions.models import Country
from institutions.tally import tally
from records.kinds import Kind, kinds
from search.descriptions import description
from search.filters import SIMILAR_SHOWN, search_notices
from search.queries import Query
from search.recent_queries import parsed
from search.records import find, tell_names_found

ROWS_A_GROUP = 5
SUGGESTIONS = 8
SHORTEST_SUGGESTED = 2
# Suggestions whose scores differ less stand in the order of their kinds.
HARDLY_WORSE = 0.15


class Group:
    """Result of a query for one kind of records: the same as its list shows for the text."""

    def __init__(self, kind: Kind, query: Query):
        self.kind, self.query = kind, query
        self.finding = find(kind.model, query)

    @cached_property
    def records(self) -> QuerySet:
        return self.kind.searched.records().search(self.query)

    @cached_property
    def filterset(self):
        """Filters of the kind's list with the text alone."""
        return _filterset(self.kind, {"q": [self.query.text]}, understood=self.query)

    @cached_property
    def count(self) -> int:
        if self.finding.condition is not None:
            return self.filterset.total
        return self.records.count() if self.finding.hits else 0

    @property
    def address(self) -> str:
        return f"{reverse(self.kind.list_of_all.url_name)}?{urlencode({'q': self.query.text})}"

    @property
    def best_score(self) -> float:
        return self.finding.best_score

    @cached_property
    def described(self) -> "DescribedList | None":
        """The list whose filters say the same as the text, if it holds anything."""
        found = description(self.kind.model, self.query)
        if found is None or found.rest or found.values.keys() == {"country"}:
            return None
        described = DescribedList(self.kind, found.values)
        return described if described.count else None

    def best_records(self, number: int) -> list:
        if not self.finding.is_answer:
            return []
        return tell_names_found(self.records.for_search_results()[:number], self.finding, self.query)

    @cached_property
    def rows(self) -> list:
        return self.best_records(ROWS_A_GROUP)

    @property
    def similar(self) -> list:
        """Records with a name like the text, as the list offers them where nothing was found."""
        return self.filterset.similar


def _filterset(kind: Kind, values: dict[str, list[str]], **options):
    parameters = QueryDict(mutable=True)
    for name, chosen in values.items():
        parameters.setlist(name, chosen)
    return kind.searched.filterset_class(parameters, queryset=kind.searched.records(), **options)


class DescribedList:
    """List of a kind of records under filters that a text describes."""

    def __init__(self, kind: Kind, values: dict[str, list[str]]):
        self.kind = kind
        self.filterset = _filterset(kind, values)

    @cached_property
    def count(self) -> int:
        return 0 if self.filterset.problems else self.filterset.total

    @property
    def address(self) -> str:
        return f"{reverse(self.kind.list_of_all.url_name)}?{self.filterset.address}"


def _groups(query: Query) -> list[Group]:
    """One group a kind, in the order in which ties are shown."""
    return [Group(kind, query) for kind in kinds().values() if kind.searched]


@require_safe
def search_page(request):
    """Show the results of all kinds of records, the kind with the best match first."""
    query = parsed(request.GET.get("q", ""))
    groups = _groups(query) if query.text else []
    found = sorted((group for group in groups if group.count), key=lambda group: -group.best_score)
    countries = list(Country.objects.named(query.text))
    context = {
        "search_text": query.text,
        "countries": [(country, tally().within("country", country.code).total) for country in countries],
        "described": [group.described for group in groups if group.described],
        "notices": search_notices(request.GET.get("q", "")),
        "groups": found,
        "can_be_picked": any(group.kind.searched.downloaded_as for group in found),
        "similar": [] if found or countries else similar_records(groups),
    }
    return render(request, "search.html", context)


def similar_records(groups: list[Group]) -> list:
    """Return the few records of all kinds whose names look most like a text that found nothing."""
    records = [record for group in groups for record in group.similar]
    return sorted(records, key=lambda record: -record.likeness)[:SIMILAR_SHOWN]


@require_safe
def suggest(request):
    """Return the best records of all kinds for the text typed so far, as JSON."""
    query = parsed(request.GET.get("q", ""), is_unfinished=True)
    records = suggested_records(query) if len(query.text) >= SHORTEST_SUGGESTED else []
    return JsonResponse({"query": query.text, "suggestions": [_suggestion(record) for record in records]})


def suggested_records(query: Query) -> list:
    """Return the best records of all kinds in one order; of a kind with very many matches, the first ones, last.

    Kinds stand in their own order where scores hardly differ: institutions before events in their country.
    """
    found = []
    for place, group in enumerate(_groups(query)):
        scores = {hit.record_id: hit.match.score for hit in group.finding.hits}
        for order, record in enumerate(group.best_records(SUGGESTIONS)):
            found.append((scores.get(record.pk, 0.0), place, order, record))
    best = max((score for score, *_rest in found), default=0.0)
    found.sort(key=lambda item: (item[0] < best - HARDLY_WORSE, *item[1:3]))
    return [record for *_rest, record in found[:SUGGESTIONS]]


def _suggestion(record) -> dict[str, Any]:
    """Return names with their languages, kind, place and URL of a record."""
    first, second, found_by = record.shown_names[0], record.second_name, record.found_by
    return {
        "name": first.text,
        "language": first.language,
        "second_name": second.text if second else "",
        "second_language": second.language if second else "",
        "found_by": found_by.text if found_by else "",
        "found_by_language": found_by.language if found_by else "",
        "facts": [str(fact) for fact in record.facts_in_short],
        "url": record.get_absolute_url(),
    }
