"""Search field of a list, and the notices of a searched list."""

from functools import partial
from urllib.parse import urlencode

import django_filters
from django import forms
from django.core.paginator import Page
from django.db import models
from django.db.models import prefetch_related_objects
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from search.facets import FacetedFilterSet
from search.paging import page_or_404

from .queries import QUERY_MAX_LENGTH, QUERY_MAX_WORDS, Query, clean_text
from .recent_queries import parsed
from .records import Finding, find, tell_names_found
from .similar_names import likest_name, similar_names

SIMILAR_SHOWN = 3


def search_notices(typed: str) -> list[str]:
    """Return notices on how the typed text was understood."""
    if len(" ".join(typed.split())) > QUERY_MAX_LENGTH:
        return [_("The search takes %(limit)d characters at most; the rest was ignored.") % {"limit": QUERY_MAX_LENGTH}]
    if len(typed.split()) > QUERY_MAX_WORDS:
        return [_("The search takes %(limit)d words at most; the rest was ignored.") % {"limit": QUERY_MAX_WORDS}]
    return []


class SearchField(forms.CharField):
    """Form field that accepts any text: invalid characters are removed, and long texts are cut."""

    def to_python(self, value):
        return clean_text(super().to_python(value) or "")


class SearchFilter(django_filters.Filter):
    """Filter that narrows a list to the records that the text finds, the best first."""

    field_class = SearchField
    understood: Query | None = None

    def __init__(self, **options):
        super().__init__(label=gettext_lazy("Search"), **options)

    def filter(self, queryset, value):
        return queryset.search(self.query(value)) if value else queryset

    def query(self, text: str) -> Query:
        """Return the parsed text, parsed once for all lists and counts."""
        if self.understood is None or self.understood.text != text:
            self.understood = parsed(text)
        return self.understood


class SearchedFilterSet(FacetedFilterSet):
    """Filters of a list with a search field."""

    q = SearchFilter()

    def __init__(self, *arguments, understood: Query | None = None, **options):
        """Take over `understood`, a query that other lists share."""
        super().__init__(*arguments, **options)
        self.filters["q"].understood = understood

    @property
    def search_text(self) -> str:
        return self.cleaned.get("q") or ""

    @property
    def understood(self) -> Query:
        """Return the parsed text of the search field."""
        return self.filters["q"].query(self.search_text)

    @cached_property
    def finding(self) -> Finding | None:
        """Return the result of the search alone; None if nothing was typed."""
        return find(self.queryset.model, self.understood) if self.search_text else None

    @property
    def notices(self) -> list[str]:
        return search_notices(self.data.get("q") or "") if self.is_bound else []

    @cached_property
    def found_without_other_filters(self) -> int:
        """Return how many records the search finds that the other filters hide."""
        if not self.search_text or len(self.chips) < 2:
            return 0
        return self.narrowed({"q": self.search_text}).count()

    @property
    def search_address(self) -> str:
        """Return the search as a query string, without other filters."""
        return urlencode({"q": self.search_text})

    @property
    def search_alone(self) -> str:
        return f"?{self.search_address}"

    @cached_property
    def similar(self) -> list[models.Model]:
        """Records with a name like the text, the likest first, each with its `likeness`; where nothing was found."""
        if self.finding is None or self.finding.condition is not None or self.finding.hits:
            return []
        query = self.understood
        likeness = dict(similar_names(self.queryset.model, query)[:SIMILAR_SHOWN])
        records = self.queryset.order_by().for_search_results().in_bulk(likeness)
        shown = [records[record_id] for record_id in likeness if record_id in records]
        prefetch_related_objects(shown, "other_names")
        for record in shown:
            record.likeness = likeness[record.pk]
            record.found_by = record.name_found_by(partial(likest_name, query))
        return shown

    def page(self, request, records) -> Page:
        """Return the requested page of the list. Raise Http404 if there is no such page."""
        page = page_or_404(request, records)
        page.object_list = self.tell_names_found(page.object_list)
        return page

    def tell_names_found(self, records):
        """Return the records, each with the name that matched where a text was typed."""
        return list(records) if self.finding is None else tell_names_found(records, self.finding, self.understood)
