"""Lists and pages of institutions, countries and programmes."""

from collections import Counter
from dataclasses import dataclass

from django.http import Http404, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import ngettext

from cooperation.models import Event, Film
from database.compiled_queries import CompiledQuery, CompiledRecord
from people.filters import person_filterset
from people.linked_data import person_in_post
from people.models import Position, Role
from records.notes import SourceNotes
from records.pages import Beginning, find_record
from visitors.pictures.city_map import city_map
from visitors.pictures.matrix import partner_matrix
from visitors.record_pictures import institution_relations, institution_timeline

from .filters import SECTIONS, ProgrammeFilterSet, institution_filterset
from .linked_data import institution_graph, programme_graph
from .models import INTERNATIONAL, KIND_HEADINGS, Country, Institution, Programme
from .tally import Tally, tally

# On the page of a country, which links to the lists of all.
FIRST_SHOWN = 8
POSTS_SHOWN = 24
CITIES_ON_MAP = 100
RATES_COMPARED = 24

INSTITUTION = CompiledRecord(lambda: Institution.objects.published().for_detail())
PROGRAMME = CompiledRecord(lambda: Programme.objects.published().for_detail())
POSTS = CompiledQuery(lambda pk: Position.objects.public().for_institution().filter(institution=pk))
FILMS = CompiledQuery(lambda pk: Film.objects.published().for_list().made_with(pk).newest_first())


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
        "rates": Programme.objects.published().with_rate().highest_rate_first().for_list()[:RATES_COMPARED],
        "matrix": partner_matrix(Film.objects.published().partner_pairs()),
    }


def country_detail(request, code):
    country = country_by_address(code)
    if code != code.lower():
        return redirect(country, permanent=True)
    everywhere = tally()
    numbers = everywhere.within("country", country.code)
    # International bodies stand on the map, too.
    abroad = everywhere.within("country", INTERNATIONAL)
    largest_cities = dict((Counter(numbers.by("city")) + Counter(abroad.by("city"))).most_common(CITIES_ON_MAP))
    kinds = kinds_of_institutions(numbers)
    shown = [institution for kind in kinds for institution in kind.shown]
    programmes = Programme.objects.published().filter(country=country).highest_rate_first().for_list()
    context = {
        "country": country,
        "map": city_map(country.cities.in_name_order().with_counts(largest_cities), ratio=2.2),
        **comparisons(),
        "kinds": kinds,
        "posts": Position.objects.public().current().filter(institution__in=shown).heads_first()[:POSTS_SHOWN],
        "people_count": person_filterset(QueryDict(f"country={country.code}")).places_listed.bit_count(),
        "programmes": Beginning(programmes),
        "events": Beginning(Event.objects.published().filter(country=country).for_list().newest_first()),
        "films": Beginning(Film.objects.published().made_by([country.code]).for_list().newest_first()),
        "notes": SourceNotes(country.record_sources.all()),
    }
    return render(request, "institutions/country_detail.html", context)


@dataclass(frozen=True)
class KindOfInstitutions:
    """Kind of institutions on the page of a country: their number, and the first ones."""

    kind: str
    heading: str
    count: int
    shown: list

    @property
    def is_cut(self):
        return self.count > len(self.shown)


def kinds_of_institutions(numbers: Tally) -> list[KindOfInstitutions]:
    """Return the kinds that have institutions, with the first ones of each; one query."""
    counts, first = numbers.by("kind"), numbers.first_ids(FIRST_SHOWN)
    wanted = [pk for ids in first.values() for pk in ids]
    shown = Institution.objects.published().select_related("city").without_search_columns().in_bulk(wanted)
    return [
        KindOfInstitutions(kind, KIND_HEADINGS[kind], counts[kind], [shown[pk] for pk in ids if pk in shown])
        for kind, ids in first.items()
    ]


def country_by_address(code):
    """Return the listed country with this ISO code in lower case. Raise Http404."""
    country = Country.objects.listed().for_detail().filter(code=code.upper()).first()
    if country is None:
        raise Http404(f"No country {code} in the directory")
    return country
