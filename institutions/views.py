"""Lists of institutions, countries and programmes, and the page of a programme."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import ngettext

from records.notes import SourceNotes
from records.pages import find_record

from .filters import SECTIONS, ProgrammeFilterSet, institution_filterset
from .linked_data import programme_graph
from .models import Country, Programme


def institution_list(request, section="institutions"):
    filterset = institution_filterset(request.GET, section)
    page = filterset.page(request, filterset.qs.for_list())
    context = {
        "section": SECTIONS[section],
        "section_name": section,
        "filterset": filterset,
        "page": page,
        "total": SECTIONS[section].total % {"count": page.paginator.count},
    }
    return render(request, "institutions/institution_list.html", context)


def programme_list(request):
    filterset = ProgrammeFilterSet(request.GET, queryset=Programme.objects.published().highest_rate_first())
    page = filterset.page(request, filterset.qs.for_list())
    total = page.paginator.count
    context = {
        "section_name": "programmes",
        "filterset": filterset,
        "page": page,
        "total": ngettext("%(count)d programme", "%(count)d programmes", total) % {"count": total},
    }
    return render(request, "institutions/programme_list.html", context)


def programme_detail(request, slug):
    programme = find_record(Programme.objects.published().for_detail(), slug)
    if programme.slug != slug:
        return redirect(programme, permanent=True)
    context = {
        "programme": programme,
        "linked_data": programme_graph(programme),
        "notes": SourceNotes(programme.record_sources.all(), [name.source for name in programme.other_names.all()]),
    }
    return render(request, "institutions/programme_detail.html", context)


def country_by_address(code):
    """The listed country with this ISO code in lower case. Raises Http404."""
    country = Country.objects.listed().for_detail().filter(code=code.upper()).first()
    if country is None:
        raise Http404(f"No country {code} in the directory")
    return country
