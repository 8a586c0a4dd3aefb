"""List of people."""

from django.shortcuts import render
from django.utils.translation import ngettext

from .filters import PersonFilterSet
from .models import Person


def person_filterset(request):
    """Return the published people that fit the query string, for the page and for its files."""
    return PersonFilterSet(request.GET, queryset=Person.objects.published().in_name_order())


def person_list(request):
    filterset = person_filterset(request)
    page = filterset.page(request, filterset.qs)
    total = page.paginator.count
    context = {
        "section_name": "people",
        "filterset": filterset,
        "page": page,
        "groups": filterset.groups(page),
        "total": ngettext("%(count)d person", "%(count)d people", total) % {"count": total},
    }
    return render(request, "people/person_list.html", context)
