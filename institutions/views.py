"""Lists and pages of institutions, countries and programmes."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import ngettext

from cooperation.models import Event, Film
from people.linked_data import person_in_post
from people.models import Position, Role
from records.notes import SourceNotes
from records.pages import find_record
from visitors.pictures.city_map import city_map
from visitors.pictures.matrix import partner_matrix
from visitors.record_pictures import institution_relations, institution_timeline

from .filters import SECTIONS, ProgrammeFilterSet, institution_filterset
from .linked_data import institution_graph, programme_graph
from .models import KIND_HEADINGS, Country, Institution, Programme


def institution_list(request, section="institutions"):
    filterset = institution_filterset(request.GET, section)
    page = filterset.page(request)
    context = {
        "section": SECTIONS[section],
        "section_name": section,
        "filterset": filterset,
        "page": page,
        "total": SECTIONS[section].total % {"count": page.paginator.count},
    }
    return render(request, "institutions/institution_list.html", context)


def institution_detail(request, slug):
    institution = find_record(Institution.objects.published().for_detail(), slug)
    if institution.slug != slug:
        return redirect(institution, permanent=True)
    posts = list(institution.positions.public().with_succession().for_list())
    row_sources = [row.source for row in [*institution.public_contacts, *institution.other_names.all()]]
    post_sources = [source for post in posts for source in post.sources]
    participations = list(institution.participations.public().newest_event_first())
    films = list(Film.objects.published().for_list().made_with(institution).newest_first())
    context = {
        "institution": institution,
        "linked_data": institution_graph(
            institution, [person_in_post(post) for post in posts if post.role == Role.HEAD and not post.is_over]
        ),
        "timeline": institution_timeline(institution, posts),
        "relations": institution_relations(institution, posts, participations, films),
        "present_posts": [post for post in posts if not post.is_over],
        "past_posts": [post for post in posts if post.is_over],
        "participations": participations,
        "films": films,
        "notes": SourceNotes(institution.record_sources.all(), row_sources + post_sources),
    }
    return render(request, "institutions/institution_detail.html", context)


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


def country_list(request):
    countries = sorted(Country.objects.listed().with_institution_count(), key=lambda country: country.name)
    context = {
        "section_name": "countries",
        "countries": countries,
        "international_count": Institution.objects.published().filter(is_international=True).count(),
        **comparisons(),
    }
    return render(request, "institutions/country_list.html", context)


def comparisons():
    """Return comparisons across countries: rates of programmes, and countries that make films together."""
    return {
        "rates": Programme.objects.published().with_rate().highest_rate_first().for_list(),
        "matrix": partner_matrix(Film.objects.published().partner_pairs()),
    }


def country_detail(request, code):
    country = country_by_address(code)
    if code != code.lower():
        return redirect(country, permanent=True)
    context = {
        "country": country,
        "map": city_map(country.cities.for_map().in_name_order().with_counts(), ratio=2.2),
        **comparisons(),
        "institutions": Institution.objects.published().filter(country=country).in_kind_order().for_list(),
        "kind_headings": KIND_HEADINGS,
        "programmes": Programme.objects.published().filter(country=country).highest_rate_first().for_list(),
        "posts": Position.objects.public().current().filter(institution__country=country).heads_first(),
        "events": Event.objects.published().filter(country=country).for_list().newest_first(),
        "films": Film.objects.published().made_by([country.code]).for_list().newest_first(),
        "notes": SourceNotes(country.record_sources.all()),
    }
    return render(request, "institutions/country_detail.html", context)


def country_by_address(code):
    """Return the listed country with this ISO code in lower case. Raise Http404."""
    country = Country.objects.listed().for_detail().filter(code=code.upper()).first()
    if country is None:
        raise Http404(f"No country {code} in the directory")
    return country
