"""The lists of the interface: one for each kind of record, one of posts, and one of changes."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple

import django_filters
from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from people.filters import PersonFilterSet, person_filterset
from people.models import Position
from records.base import DirectoryRecord
from records.history.models import RecordChange, with_records
from records.keys import KEY_REGEX, MergedKey
from records.kinds import Kind, kinds
from records.linked_data import absolute
from search.facets import FacetedFilterSet
from search.records import Finding
from visitors.change_filters import ChangeFilterSet

from .answers import Problem
from .members import COUNTRY_CODE, Member, address, loaded, members_of_fields
from .records import URL, members_of_kind, position_members

KEY = {"type": "string", "pattern": KEY_REGEX, "maxLength": 120}
NUMBER = {"type": "integer", "minimum": 1, "maximum": 2**63 - 1}


class Page(NamedTuple):
    """Records of a list, and the id after which the next ones follow; None at its end."""

    records: list[Model]
    next: str | int | None


@dataclass(frozen=True)
class Resource:
    """A list with its records. `published` and `filterset` say which of them are public, as for pages and files."""

    name: str
    title: Any
    # Of the schema of one record.
    type_name: str
    model: type[Model]
    members: list[Member]
    # Field that is the id of a record, its order in the list, and the JSON Schema of its values.
    key: str
    key_schema: dict
    published: Callable[[], QuerySet]
    filterset: Callable[[QueryDict], FacetedFilterSet]
    # Records that the filters leave.
    listed: Callable[[FacetedFilterSet], QuerySet] = attrgetter("qs")
    total: Callable[[FacetedFilterSet], int] = attrgetter("total")
    is_newest_first: bool = False
    # Completes records that are read.
    complete: Callable[[Iterable[Model]], list] = list

    def page(self, filterset: FacetedFilterSet, after: str | None, limit: int, members: Iterable[Member]) -> Page:
        """Return the records that follow the one with the id `after`. Raise Problem if nothing can."""
        records = loaded(self._following(filterset, after).prefetch_related(None), members)
        rows = list(records[: limit + 1])
        return Page(self.complete(rows[:limit]), getattr(rows[limit - 1], self.key) if len(rows) > limit else None)

    def _following(self, filterset: FacetedFilterSet, after: str | None) -> QuerySet:
        records, finding = self.listed(filterset), getattr(filterset, "finding", None)
        if finding and finding.condition is None and filterset.queryset.model is self.model:
            # The best ones first, as they are found.
            return records.filter(pk__in=self._found_after(finding, after)) if after else records
        records = records.order_by(f"-{self.key}" if self.is_newest_first else self.key)
        lookup = "lt" if self.is_newest_first else "gt"
        return records.filter(**{f"{self.key}__{lookup}": after}) if after else records

    def _found_after(self, finding: Finding, after: str) -> list[int]:
        found = [hit.record_id for hit in finding.hits]
        place = self.published().filter(**{self.key: after}).values_list("pk", flat=True).first()
        if place not in found:
            raise Problem(404, f"The search does not find {after} any more. Begin again without “after”.")
        return found[found.index(place) + 1 :]

    def find(self, key: Any, members: Iterable[Member]) -> Model | None:
        """Return the record with the id, or None if the site has none."""
        return next(iter(self.complete(loaded(self.published().filter(**{self.key: key}), members))), None)

    def key_of_kept(self, key: Any) -> str | None:
        """Return the id of the public record into which the one with this id was merged, or None."""
        if not issubclass(self.model, DirectoryRecord):
            return None
        merged = MergedKey.objects.filter(record_kind=self.model.record_kind(), key=key)
        kept = self.published().filter(key__in=merged.values("record_key"))
        return kept.values_list("key", flat=True).first()


class UnfilteredSet(FacetedFilterSet):
    """A list without filters."""


def _of_kind(kind: Kind) -> Resource:
    searched = kind.searched

    def filterset(query: QueryDict) -> FacetedFilterSet:
        if searched is None:
            return UnfilteredSet(query, queryset=kind.published())
        return searched.filterset_class(query, queryset=searched.records())

    return Resource(
        name=kind.list_of_all.section,
        title=kind.title,
        type_name=capfirst(kind.name),
        model=kind.model,
        members=members_of_kind(kind),
        key=kind.key,
        key_schema=COUNTRY_CODE | {"type": "string"} if kind.key == "code" else KEY,
        published=kind.published,
        filterset=filterset,
    )


# Posts ---------------------------------------------------------------------------------------------------------------


def _posts_listed(filterset: PersonFilterSet) -> QuerySet:
    """Return the posts in which the page of people shows them."""
    people = filterset.qs.order_by().values("pk")
    return filterset.posts(filterset.cleaned).filter(person__in=people)


def _certainty(post: Position) -> str | None:
    if not hasattr(post, "is_documented"):
        return None
    return "documented" if post.is_documented else "possible"


def _positions() -> Resource:
    certainty = {"type": ["string", "null"], "enum": ["documented", "possible", None]}
    return Resource(
        name="positions",
        title=_("Posts"),
        type_name="Position",
        model=Position,
        members=[
            *position_members(),
            Member("certainty", certainty, _certainty, _("how certain the post is on the date asked for")),
        ],
        key="pk",
        key_schema=NUMBER,
        published=Position.objects.public,
        filterset=person_filterset,
        listed=_posts_listed,
        total=lambda filterset: _posts_listed(filterset).count(),
    )


# Changes -------------------------------------------------------------------------------------------------------------


class ChangesSince(ChangeFilterSet):
    """Filters of the page of changes, and a first day."""

    since = django_filters.DateFilter(label=_("Since"), method="filter_since")

    def filter_since(self, queryset, name, value):
        return queryset.filter(changed_at__gte=datetime.combine(value, time.min, UTC)) if value else queryset


def _changes() -> Resource:
    changes = RecordChange.objects.public
    return Resource(
        name="changes",
        title=_("Changes"),
        type_name="Change",
        model=RecordChange,
        members=[
            Member("id", {"type": "integer"}, attrgetter("pk"), _("stable id")),
            Member(
                "changed_at",
                {"type": "string", "format": "date-time"},
                lambda change: change.changed_at.isoformat(),
                _("changed at"),
            ),
            *members_of_fields(RecordChange, ["record_kind", "record_key"]),
            Member("url", URL, lambda change: absolute(change.record), _("page")),
            Member(
                "href",
                URL,
                lambda change: address(kinds()[change.record_kind].list_of_all.section, change.record_key),
                _("the record in this interface"),
            ),
            *members_of_fields(RecordChange, ["country_codes", "is_publication", "facts"]),
            Member("load", {"type": ["integer", "null"]}, attrgetter("load_id"), _("bulk load")),
        ],
        key="pk",
        key_schema=NUMBER,
        published=changes,
        filterset=lambda query: ChangesSince(query, queryset=changes()),
        is_newest_first=True,
        complete=with_records,
    )


@cache
def resources() -> dict[str, Resource]:
    """Return all lists by name, in the order of the navigation."""
    every = [*map(_of_kind, kinds().values()), _positions(), _changes()]
    return {resource.name: resource for resource in every}
