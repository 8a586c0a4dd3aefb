"""Pages that draw on several packages: start, institution, country, person; and pages about the site."""

from datetime import timedelta
from math import ceil

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from cooperation.models import Event, Film
from exports.list_views import from_own_pages
from institutions.linked_data import institution_graph
from institutions.models import KIND_HEADINGS, City, Country, Institution, Programme
from institutions.views import country_by_address
from people.linked_data import person_graph, person_in_post
from people.models import Person, Position, Role
from records.history.models import RecordChange
from records.notes import SourceNotes
from records.pages import find_record
from search.paging import page_or_404
from search.queries import clean_text
from visitors.corrections.models import Correction
from visitors.pictures.city_map import city_map
from visitors.pictures.matrix import partner_matrix
from web.own_paths import own_path
from web.themes import AS_THE_DEVICE, COOKIE, COOKIE_SECONDS, THEMES
from web.waiting import database_answers

from .change_filters import ChangeFilterSet
from .comparison import comparison
from .coverage import coverage
from .record_pictures import institution_relations, institution_timeline, person_timeline

NEWEST_CHANGES_SHOWN = 8
NEWEST_EVENTS_SHOWN = 5


def home(request):
    countries = sorted(Country.objects.listed().with_institution_count(), key=lambda country: country.name)
    institutions = Institution.objects.published()
    changes = RecordChange.objects.public()
    newest = changes.newest_of_each_record().gathered().newest_first()
    context = {
        "map": city_map(City.objects.for_map().in_name_order().with_counts()),
        "countries": countries,
        "kinds": institutions.count_by_kind(),
        "international_count": institutions.filter(is_international=True).count(),
        "institution_count": institutions.count(),
        "newest_changes": changes.told(newest[:NEWEST_CHANGES_SHOWN]),
        "newest_events": Event.objects.published().for_list().newest_first()[:NEWEST_EVENTS_SHOWN],
    }
    return render(request, "home.html", context)


def about(request):
    figures = Correction.objects.figures()
    median = figures["median"]
    # A correction that was answered within hours counts as one day.
    context = {
        "corrections": figures,
        "median_days": max(1, ceil(median / timedelta(days=1))) if median else None,
        "countries": sorted(Country.objects.listed(), key=lambda country: country.name),
        "kinds": KIND_HEADINGS.items(),
    }
    return render(request, "about.html", context)


def coverage_page(request):
    return render(request, "coverage.html", {"coverage": coverage()})


def change_list(request):
    changes = RecordChange.objects.public().newest_first()
    filterset = ChangeFilterSet(request.GET, queryset=changes)
    page = page_or_404(request, filterset.qs.gathered())
    page.object_list = filterset.qs.told(page.object_list)
    total = page.paginator.count
    context = {
        "filterset": filterset,
        "page": page,
        "total": ngettext("%(count)d change", "%(count)d changes", total) % {"count": total},
    }
    return render(request, "history/change_list.html", context)


def load_changes(request, number):
    """Show the changes of one load or import, record by record."""
    changes = RecordChange.objects.public().filter(load=number).newest_first()
    if not (change := changes.select_related("load__source").first()):
        raise Http404(f"Nothing public was changed by load {number}")
    filterset = ChangeFilterSet(request.GET, queryset=changes)
    page = page_or_404(request, filterset.qs)
    page.object_list = page.object_list.with_records()
    total = page.paginator.count
    context = {
        "filterset": filterset,
        "load": change.load,
        "page": page,
        "total": ngettext("%(count)d change", "%(count)d changes", total) % {"count": total},
    }
    return render(request, "history/load_changes.html", context)


def compare(request):
    compared = comparison(request.GET.getlist("record"), clean_text(request.GET.get("add", "")))
    return render(request, "compare.html", {"comparison": compared}, status=400 if compared.too_many else 200)


@from_own_pages
def choose_theme(request):
    """Store the choice in a cookie and redirect to the page."""
    theme = request.POST.get("theme")
    if theme not in THEMES:
        return HttpResponse(_("There is no such theme."), status=400, content_type="text/plain; charset=utf-8")
    response = HttpResponseRedirect(own_path(request.POST.get("next")) or reverse("home"))
    if theme == AS_THE_DEVICE:
        response.delete_cookie(COOKIE)
    else:
        secure = settings.SESSION_COOKIE_SECURE
        response.set_cookie(COOKIE, theme, COOKIE_SECONDS, secure=secure, httponly=True, samesite="Lax")
    return response


@never_cache
def healthz(request):
    """Answer the platform's probe: 200 only if the database answers."""
    if not database_answers():
        return HttpResponse("database does not answer\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")


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
    """Return the comparisons across countries: rates of programmes, and joint films."""
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


def person_detail(request, slug):
    person = find_record(Person.objects.published().for_detail(), slug)
    if person.slug != slug:
        return redirect(person, permanent=True)
    posts = person.public_positions
    row_sources = [name.source for name in person.other_names.all()]
    post_sources = [source for post in posts for source in post.sources]
    context = {
        "person": person,
        "linked_data": person_graph(person, [post for post in posts if not post.is_over]),
        "timeline": person_timeline(posts),
        "present_posts": [post for post in posts if not post.is_over],
        "past_posts": [post for post in posts if post.is_over],
        "participations": person.participations.public().newest_event_first(),
        "notes": SourceNotes(person.record_sources.all(), row_sources + post_sources),
    }
    return render(request, "people/person_detail.html", context)
