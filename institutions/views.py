"""Lists and pages of institutions, countries and programmes."""

from django.conf import settings
from django.http import Http404, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import ngettext

from cooperation.models import Event, Film
from database.compiled_queries import A_TEXT, CompiledQuery, CompiledRecord
from people.filters import person_filterset
from people.linked_data import person_in_post
from people.models import Position, Role
from records.history.models import RecordChange
from records.notes import SourceNotes
from records.pages import find_record
from search.indexed_lists import FoundIds
from visitors.pictures.city_map import city_map
from visitors.pictures.matrix import partner_matrix
from visitors.record_pictures import institution_relations, institution_timeline

from .country_hub import CountryHub
from .filters import SECTIONS, institution_filterset
from .linked_data import institution_graph, programme_graph
from .models import INTERNATIONAL, City, Country, CountrySource, Institution, Programme, Treaty
from .programme_filters import RebateFilterSet, programme_filterset
from .short_rows import short_rows
from .tally import tally

RATES_COMPARED = 24
REBATES_COMPARED = 200
MOST_ON_SHEET = 500
# On the page of a country, which links to the lists of all.
FIRST_SHOWN = 3
CITIES_FOR_A_MAP = 4
# Some of the changed records may not be public any more.
CHANGES_ASKED, CHANGES_SHOWN = 8, 3

INSTITUTION = CompiledRecord(lambda: Institution.objects.published().for_detail())
PROGRAMME = CompiledRecord(lambda: Programme.objects.published().for_detail())
POSTS = CompiledQuery(lambda pk: Position.objects.public().for_institution().filter(institution=pk))
FILMS = CompiledQuery(lambda pk: Film.objects.published().for_list().made_with(pk).newest_first())
GOVERNING = CompiledQuery(lambda code: Institution.objects.published().filter(country=code).governing()[:1], A_TEXT)
COUNTRY = CompiledQuery(
    lambda code: (
        Country.objects.listed()
        .with_numbers(
            programme_count=Programme.objects.published(),
            event_count=Event.objects.published(),
            film_count=Film.objects.published().countries_of_each(),
        )
        .filter(code=code)
    ),
    A_TEXT,
)
CITIES = CompiledQuery(lambda code: City.objects.filter(country=code).select_related("country"), A_TEXT)
COUNTRY_SOURCES = CompiledQuery(
    lambda code: CountrySource.objects.filter(country=code).select_related("source"), A_TEXT
)
OF_COUNTRY = {
    "programmes": CompiledQuery(
        lambda code: Programme.objects.published().filter(country=code).rebates_first().for_list()[:FIRST_SHOWN],
        A_TEXT,
    ),
    "events": CompiledQuery(
        lambda code: Event.objects.published().filter(country=code).for_list().newest_first()[:FIRST_SHOWN], A_TEXT
    ),
    "films": CompiledQuery(
        lambda code: Film.objects.published().made_by([code]).for_list().newest_first()[:FIRST_SHOWN], A_TEXT
    ),
    "treaties": CompiledQuery(lambda code: Treaty.objects.filter(country=code), A_TEXT),
}


def institution_list(request, section="institutions"):
    filterset = institution_filterset(request.GET, section)
    if "print" in request.GET:
        return institution_sheet(request, filterset, SECTIONS[section])
    page = filterset.page(request)
    context = {
        "section": SECTIONS[section],
        "section_name": section,
        "filterset": filterset,
        "page": page,
        "total": SECTIONS[section].total % {"count": page.paginator.count},
    }
    return render(request, "institutions/institution_list.html", context)


def institution_sheet(request, filterset, section):
    """Show all of a list, up to `MOST_ON_SHEET`, in one line each, to be printed."""
    listed = FoundIds(filterset.index, filterset.parts())
    with_country = len(filterset.cleaned.get("country") or ()) != 1
    query = request.GET.copy()
    del query["print"]
    context = {
        "section": section,
        "filterset": filterset,
        "count": len(listed),
        "total": section.total % {"count": len(listed)},
        "rows": short_rows(
            filterset, listed[0:MOST_ON_SHEET], "institutions/_sheet_row.html", with_country=with_country
        ),
        "address": f"{settings.SITE_URL}{request.path}{'?' if query else ''}{query.urlencode()}",
    }
    return render(request, "institutions/institution_sheet.html", context)


def institution_detail(request, slug):
    institution = INSTITUTION(slug) or find_record(Institution.objects.published().for_detail(), slug)
    if institution.slug != slug:
        return redirect(institution, permanent=True)
    posts = POSTS(institution.pk, institution=institution)
    row_sources = [row.source for row in [*institution.public_contacts, *institution.other_names.all()]]
    post_sources = [source for post in posts for source in post.sources]
    participations = list(institution.participations.public().newest_event_first())
    films = FILMS(institution.pk)
    context = {
        "institution": institution,
        "linked_data": institution_graph(
            institution, [person_in_post(post) for post in posts if post.role == Role.HEAD and not post.is_over]
        ),
        "governing": [] if institution.can_be_asked else GOVERNING(institution.country_id),
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
    filterset = programme_filterset(request.GET)
    page = filterset.page(request, filterset.qs.for_list())
    total = page.paginator.count
    context = {
        "section_name": "programmes",
        "filterset": filterset,
        "page": page,
        "total": ngettext("%(count)d programme", "%(count)d programmes", total) % {"count": total},
    }
    return render(request, "institutions/programme_list.html", context)


def rebates(request):
    filterset = RebateFilterSet(request.GET, queryset=Programme.objects.published().rebates().highest_rate_first())
    code = filterset.cleaned.get("country")
    programmes = list(filterset.qs.for_comparison()[:REBATES_COMPARED])
    context = {
        "section_name": "rebates",
        "filterset": filterset,
        "programmes": programmes,
        "columns": filterset.columns,
        "highlight": code,
        "country": Country.objects.listed().filter(code=code).first() if code else None,
        "is_country_there": any(programme.country_id == code for programme in programmes),
    }
    return render(request, "institutions/rebates.html", context)


def programme_detail(request, slug):
    programme = PROGRAMME(slug) or find_record(Programme.objects.published().for_detail(), slug)
    if programme.slug != slug:
        return redirect(programme, permanent=True)
    context = {
        "programme": programme,
        "linked_data": programme_graph(programme),
        "notes": SourceNotes(programme.record_sources.all(), [name.source for name in programme.other_names.all()]),
    }
    return render(request, "institutions/programme_detail.html", context)


def country_list(request):
    numbers = tally().by("country")
    countries = sorted(Country.objects.listed(), key=lambda country: country.name)
    context = {
        "section_name": "countries",
        "countries": [(country, numbers.get(country.code, 0)) for country in countries],
        "international_count": numbers.get(INTERNATIONAL, 0),
        **comparisons(),
    }
    return render(request, "institutions/country_list.html", context)


def comparisons():
    """Return comparisons across countries: rates of programmes, and countries that make films together."""
    return {
        "rates": Programme.objects.published().rebates().with_rate().highest_rate_first().for_list()[:RATES_COMPARED],
        "matrix": partner_matrix(Film.objects.published().partner_pairs()),
    }


def country_detail(request, code):
    country = next(iter(COUNTRY(code.upper())), None)
    if country is None:
        raise Http404(f"No country {code} in the directory")
    if code != code.lower():
        return redirect(country, permanent=True)
    hub = CountryHub(country.code)
    context = {
        "country": country,
        "hub": hub,
        "map": city_map(hub.cities(CITIES(country.code)), least=CITIES_FOR_A_MAP),
        "people_count": person_filterset(QueryDict(f"country={country.code}")).places_listed.bit_count(),
        **{name: query(country.code) for name, query in OF_COUNTRY.items()},
        "changes": RecordChange.objects.single_in(country.code)[:CHANGES_ASKED].with_records()[:CHANGES_SHOWN],
        "notes": SourceNotes(COUNTRY_SOURCES(country.code)),
    }
    return render(request, "institutions/country_detail.html", context)
