"""Lists that may stand in a frame, and what oEmbed says of a page."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, QueryDict
from django.urls import Resolver404, resolve, reverse
from django.utils import translation

from api.resources import resources
from institutions.filters import SECTIONS, institution_filterset
from records.kinds import Kind, kinds
from records.pages import find_record
from search.facets import FacetedFilterSet

# Of a list, and pixels of its frame and of each line and of what stands around them.
LINES, WIDTH, LINE_HEIGHT, AROUND_LINES = 20, 420, 54, 110
RECORD_SIZE = (420, 160)


@dataclass(frozen=True)
class EmbeddedList:
    """A list of the site by the name in its URL."""

    name: str
    title: Any
    url_name: str
    filterset: Callable[[QueryDict], FacetedFilterSet]

    def title_of(self, filterset: FacetedFilterSet) -> str:
        """Return the title with the filters in use."""
        return ", ".join([str(self.title), *(str(chip.value_label) for chip in filterset.chips)])


@dataclass(frozen=True)
class Frame:
    """A page for a frame, with its title and size in pixels."""

    path: str
    title: str
    width: int
    height: int


@cache
def embedded_lists() -> dict[str, EmbeddedList]:
    of_kinds = [
        EmbeddedList(page.section, kind.title, page.url_name, resources()[page.section].filterset)
        for kind in kinds().values()
        if kind.searched and (page := kind.list_of_all)
    ]
    of_sections = [
        EmbeddedList(page.section, page.title, page.url_name, partial(institution_filterset, section=page.section))
        for page in kinds()["institution"].lists
        if page.section in SECTIONS and page.title
    ]
    return {one.name: one for one in [*of_sections, *of_kinds]}


@cache
def _names_by_view() -> dict[str, str]:
    return {one.url_name: name for name, one in embedded_lists().items()}


@cache
def _kinds_by_view() -> dict[str, Kind]:
    return {f"{kind.model._meta.app_label}:{kind.name}_detail": kind for kind in kinds().values() if kind.searched}


def may_stand_in_a_frame(view_name: str) -> bool:
    return view_name in _names_by_view() or view_name in _kinds_by_view()


def frame_for(url: str) -> Frame:
    """Return the page for a frame that shows what a page of the site does. Raise Http404 for all other URLs."""
    try:
        parts = urlsplit(url)
        if parts.netloc != urlsplit(settings.SITE_URL).netloc or parts.scheme not in ("http", "https"):
            raise Http404("Another site")
        language = translation.get_language_from_path(parts.path) or settings.LANGUAGE_CODE
        with translation.override(language):
            match = resolve(parts.path)
            if match.view_name in _kinds_by_view():
                return _frame_of_record(_kinds_by_view()[match.view_name], match.kwargs["slug"])
            if match.view_name in _names_by_view():
                return _frame_of_list(embedded_lists()[_names_by_view()[match.view_name]], QueryDict(parts.query))
    except (ValueError, Resolver404) as error:
        raise Http404("No such page") from error
    raise Http404("This page cannot stand in a frame")


def _frame_of_record(kind: Kind, slug: str) -> Frame:
    record = find_record(kind.published(), slug)
    path = reverse("embedding:record", args=[kind.list_of_all.section, record.slug])
    return Frame(path, record.name, *RECORD_SIZE)


def _frame_of_list(embedded: EmbeddedList, query: QueryDict) -> Frame:
    filterset = embedded.filterset(query)
    kept = query.copy()
    for name in [name for name in query if name not in filterset.filters or name in filterset.ORDERING]:
        del kept[name]
    path = reverse("embedding:list", args=[embedded.name])
    lines = min(filterset.total, LINES)
    return Frame(
        f"{path}?{kept.urlencode()}" if kept else path,
        embedded.title_of(filterset),
        WIDTH,
        AROUND_LINES + LINE_HEIGHT * lines,
    )
