"""Lists of institutions, countries and programmes, and the page of a programme."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, ngettext_lazy

from records.notes import SourceNotes
from records.pages import find_record

from .filters import InstitutionFilterSet, InstitutionOfKindFilterSet, ProgrammeFilterSet
from .linked_data import programme_graph
from .models import KIND_HEADINGS, Agency, Country, Institution, InstitutionKind, Programme, Studio


@dataclass(frozen=True)
class Section:
    """List of institutions with its own path."""

    model: type[Institution]
    filterset_class: type[InstitutionFilterSet]
    title: Any
    lead: Any
    total: Any
    # Set if all of them are of one kind.
    kind: InstitutionKind | None = None

    @property
    def kind_heading(self):
        return KIND_HEADINGS.get(self.kind)


SECTIONS = {
    "institutions": Section(
        Institution,
        InstitutionFilterSet,
        _("Film institutions"),
        _("Studios, agencies, funds, archives, schools, unions, festivals and other film institutions."),
        ngettext_lazy("%(count)d institution", "%(count)d institutions", "count"),
    ),
    "studios": Section(
        Studio,
        InstitutionOfKindFilterSet,
        _("Studios"),
        _("Production companies and studio facilities."),
        ngettext_lazy("%(count)d studio", "%(count)d studios", "count"),
        InstitutionKind.STUDIO,
    ),
    "agencies": Section(
        Agency,
        InstitutionOfKindFilterSet,
        _("Agencies"),
        _("Public bodies that regulate or promote their country's film industry."),
        ngettext_lazy("%(count)d agency", "%(count)d agencies", "count"),
        InstitutionKind.AGENCY,
    ),
}


def institution_filterset(request, section="institutions"):
    """Return the published institutions of a section that fit the query string, for the page and for its files."""
    chosen = SECTIONS[section]
    return chosen.filterset_class(request.GET, queryset=chosen.model.objects.published().in_name_order())


def institution_list(request, section="institutions"):
    filterset = institution_filterset(request, section)
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
    """Return the listed country with this ISO code in lower case. Raise Http404."""
    country = Country.objects.listed().for_detail().filter(code=code.upper()).first()
    if country is None:
        raise Http404(f"No country {code} in the directory")
    return country
