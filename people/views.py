"""The list of people."""

from django.shortcuts import render
from django.utils.translation import ngettext

from .filters import person_filterset


def person_list(request):
    filterset = person_filterset(request.GET)
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
