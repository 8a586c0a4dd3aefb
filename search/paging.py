"""Pages of a list."""

from django.core.paginator import InvalidPage, Page, Paginator
from django.http import Http404, HttpRequest

ROWS_PER_PAGE = 25


def page_or_404(request: HttpRequest, queryset) -> Page:
    """The page that the address asks for. Raises Http404 where there is no such page."""
    try:
        return Paginator(queryset, ROWS_PER_PAGE).page(request.GET.get("page", 1))
    except InvalidPage as error:
        raise Http404(str(error)) from error
