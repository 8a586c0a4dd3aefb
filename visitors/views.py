"""The start page, the changes, and what the site says of itself."""

from datetime import timedelta
from math import ceil

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cooperation.models import Event
from database.compiled_queries import CompiledQuery
from exports.list_views import from_own_pages
from institutions.models import INTERNATIONAL, KIND_HEADINGS, City, Country
from institutions.tally import Tally, tally
from records.history.models import RecordChange
from search.paging import page_or_404
from search.queries import clean_text
from visitors.corrections.models import Correction
from visitors.pictures.city_map import city_map
from web.own_paths import own_path
from web.themes import AS_THE_DEVICE, COOKIE, COOKIE_SECONDS, THEMES

from .change_filters import ChangeFilterSet
from .comparison import comparison
from .coverage import coverage

NEWEST_CHANGES = CompiledQuery(
    lambda _: RecordChange.objects.public().newest_of_each_record().gathered().newest_first()[:8], None
)
NEWEST_EVENTS = CompiledQuery(lambda _: Event.objects.published().for_list().newest_first()[:5], None)


def _numbers(numbers: Tally) -> str:
    """Return the numbers of the start page as HTML."""
    of_countries = numbers.by("country")
    countries = sorted(Country.objects.listed(), key=lambda country: country.name)
    context = {
        "map": city_map(City.objects.in_name_order().with_counts(numbers.by("city"))),
        "countries": [(country, of_countries.get(country.code, 0)) for country in countries],
        "kinds": numbers.kinds,
        "international_count": of_countries.get(INTERNATIONAL, 0),
        "institution_count": numbers.total,
    }
    return render_to_string("_home_numbers.html", context)


def home(request):
    context = {
        "numbers": tally().kept("home", _numbers),
        "newest_changes": RecordChange.objects.public().told(NEWEST_CHANGES()),
        "newest_events": NEWEST_EVENTS(),
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


def _tables(numbers: Tally) -> str:
    return render_to_string("_coverage.html", {"coverage": coverage(numbers)})


def coverage_page(request):
    return render(request, "coverage.html", {"tables": tally().kept("coverage", _tables)})


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
