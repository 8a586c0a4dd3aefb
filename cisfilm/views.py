"""Pages that draw on several rooms: start, institution, country, person; and what the site says of itself."""

from datetime import timedelta
from math import ceil

from django.db import DatabaseError, connection
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from cooperation.models import Event, Film
from corrections.models import Correction
from institutions.models import KIND_HEADINGS, Country, Institution, Programme
from institutions.views import country_by_address
from people.models import Person, Position
from sources.notes import SourceNotes
from sources.pages import find_record

NEWEST_CHANGES_SHOWN = 8
NEWEST_EVENTS_SHOWN = 5


def home(request):
    countries = sorted(Country.objects.listed().with_institution_count(), key=lambda country: country.name)
    institutions = Institution.objects.published()
    context = {
        "countries": countries,
        "kinds": institutions.count_by_kind(),
        "international_count": institutions.filter(is_international=True).count(),
        "institution_count": institutions.count(),
        "newest_changes": institutions.newest_changes().select_related("country")[:NEWEST_CHANGES_SHOWN],
        "newest_events": Event.objects.published().for_list().newest_first()[:NEWEST_EVENTS_SHOWN],
    }
    return render(request, "home.html", context)


def about(request):
    figures = Correction.objects.figures()
    median = figures["median"]
    # A correction that was answered within hours counts as one day.
    context = {"corrections": figures, "median_days": max(1, ceil(median / timedelta(days=1))) if median else None}
    return render(request, "about.html", context)


@never_cache
def healthz(request):
    """For the platform's probe: 200 only when the database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("database does not answer\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")


def institution_detail(request, slug):
    institution = find_record(Institution.objects.published().for_detail(), slug)
    if institution.slug != slug:
        return redirect(institution, permanent=True)
    posts = list(institution.positions.public().with_succession().for_list())
    row_sources = [row.source for row in [*institution.public_contacts, *institution.other_names.all()]]
    post_sources = [source for post in posts for source in post.sources]
    context = {
        "institution": institution,
        "present_posts": [post for post in posts if not post.is_over],
        "past_posts": [post for post in posts if post.is_over],
        "participations": institution.participations.public().newest_event_first(),
        "films": Film.objects.published().for_list().made_with(institution).newest_first(),
        "notes": SourceNotes(institution.record_sources.all(), row_sources + post_sources),
    }
    return render(request, "institutions/institution_detail.html", context)


def country_detail(request, code):
    country = country_by_address(code)
    if code != code.lower():
        return redirect(country, permanent=True)
    context = {
        "country": country,
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
    context = {
        "person": person,
        "present_posts": [post for post in posts if not post.is_over],
        "past_posts": [post for post in posts if post.is_over],
        "participations": person.participations.public().newest_event_first(),
        "notes": SourceNotes(person.record_sources.all(), [source for post in posts for source in post.sources]),
    }
    return render(request, "people/person_detail.html", context)
