"""Pages of a list."""

from django.core.paginator import InvalidPage, Page, Paginator
from django.http import Http404, HttpRequest

ROWS_PER_PAGE = 25


def page_or_404(request: HttpRequest, queryset) -> Page:
    """Return the requested page. Raise Http404 if there is no such page."""
    try:
        return Paginator(queryset, ROWS_PER_PAGE).page(request.GET.get("page", 1))
    except InvalidPage as error:
        raise Http404(str(error)) from error
