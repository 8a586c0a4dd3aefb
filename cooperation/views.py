"""Lists and pages of events and films."""

from django.shortcuts import redirect, render
from django.utils.translation import ngettext

from database.compiled_queries import CompiledRecord
from records.notes import SourceNotes
from records.pages import find_record

from .filters import event_filterset, film_filterset
from .linked_data import event_graph, film_graph
from .models import Event, Film

# Not of events: the names of their guests depend on who is withheld.
FILM = CompiledRecord(lambda: Film.objects.published().for_detail())


def event_list(request):
    filterset = event_filterset(request.GET)
    page = filterset.page(request, filterset.qs.for_list())
    total = page.paginator.count
    context = {
        "section_name": "events",
        "filterset": filterset,
        "page": page,
        "total": ngettext("%(count)d event", "%(count)d events", total) % {"count": total},
    }
    return render(request, "cooperation/event_list.html", context)


def event_detail(request, slug):
    event = find_record(Event.objects.published().for_detail(), slug)
    if event.slug != slug:
        return redirect(event, permanent=True)
    context = {
        "event": event,
        "linked_data": event_graph(event),
        "notes": SourceNotes(event.record_sources.all(), [name.source for name in event.other_names.all()]),
    }
    return render(request, "cooperation/event_detail.html", context)


def film_list(request):
    filterset = film_filterset(request.GET)
    page = filterset.page(request, filterset.qs.for_list())
    total = page.paginator.count
    context = {
        "section_name": "films",
        "filterset": filterset,
        "page": page,
        "total": ngettext("%(count)d film", "%(count)d films", total) % {"count": total},
    }
    return render(request, "cooperation/film_list.html", context)


def film_detail(request, slug):
    film = FILM(slug) or find_record(Film.objects.published().for_detail(), slug)
    if film.slug != slug:
        return redirect(film, permanent=True)
    directors = film.public_directors()
    context = {
        "film": film,
        "directors": directors,
        "linked_data": film_graph(film, directors),
        "notes": SourceNotes(film.record_sources.all(), [name.source for name in film.other_names.all()]),
    }
    return render(request, "cooperation/film_detail.html", context)
