"""The list of people, and the page of a person."""

from django.shortcuts import redirect, render
from django.utils.translation import ngettext

from database.compiled_queries import CompiledRecord
from records.notes import SourceNotes
from records.pages import find_record
from visitors.record_pictures import person_timeline

from .filters import person_filterset
from .linked_data import person_graph
from .models import Person

PERSON = CompiledRecord(lambda: Person.objects.published().for_detail())


def person_list(request):
    filterset = person_filterset(request.GET)
    page = filterset.page(request)
    total = page.paginator.count
    context = {
        "section_name": "people",
        "filterset": filterset,
        "page": page,
        "groups": filterset.groups(page),
        "total": ngettext("%(count)d person", "%(count)d people", total) % {"count": total},
    }
    return render(request, "people/person_list.html", context)


def person_detail(request, slug):
    person = PERSON(slug) or find_record(Person.objects.published().for_detail(), slug)
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
