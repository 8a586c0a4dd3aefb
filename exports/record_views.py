"""Lists of programmes, films and events as files, and events as calendars."""

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cooperation.filters import event_filterset, film_filterset
from cooperation.models import Event
from institutions.filters import institution_filterset
from institutions.programme_filters import programme_filterset
from records.pages import find_record

from .deadlines import calendar, institutions_entries, programmes_entries
from .downloads import RecordsDownload
from .file_formats import FORMATS_OF_EVENTS, TABLES
from .lists import RecordsList
from .record_columns import EVENTS, FILMS, PROGRAMMES
from .views import answer, format_or_404, not_understood, words_of_list


@require_safe
def programmes_export(request, format_name):
    file_format = format_or_404(format_name, TABLES)
    return _answer(request, file_format, programme_filterset(request.GET), "programmes", _("Programmes"), PROGRAMMES)


@require_safe
def films_export(request, format_name):
    file_format = format_or_404(format_name, TABLES)
    return _answer(request, file_format, film_filterset(request.GET), "films", _("Films"), FILMS)


@require_safe
def events_export(request, format_name):
    file_format = format_or_404(format_name, FORMATS_OF_EVENTS)
    return _answer(request, file_format, event_filterset(request.GET), "events", _("Events"), EVENTS)


@require_safe
def event_calendar(request, slug):
    """The event as a calendar file. Raises Http404, also where the day is not known."""
    event = find_record(Event.objects.published(), slug)
    records = Event.objects.published().filter(pk=event.pk).on_known_days()
    if not records.exists():
        raise Http404("The day of the event is not known")
    words = words_of_list(request, None, event.slug, event.name) | {"address": request.build_absolute_uri()}
    download = RecordsDownload(RecordsList(records), **words, wishes={}, uid=EVENTS.uid, table=EVENTS)
    return answer(request, FORMATS_OF_EVENTS["ics"], download)


@require_safe
def institutions_calendar(request):
    filterset = institution_filterset(request.GET)
    return _calendar(request, filterset, "institutions", _("Festivals: editions and deadlines"), institutions_entries)


@require_safe
def programmes_calendar(request):
    filterset = programme_filterset(request.GET)
    return _calendar(request, filterset, "programmes", _("Programmes: deadlines"), programmes_entries)


def _calendar(request, filterset, list_name, title, entries):
    if filterset.problems:
        return not_understood(filterset.problems)
    address = words_of_list(request, filterset, list_name, title)["address"].replace("calendar.ics", "")
    return calendar_response(calendar(title, address, entries(filterset.qs)), list_name)


def calendar_response(content, name) -> HttpResponse:
    response = HttpResponse(content, content_type=FORMATS_OF_EVENTS["ics"].content_type)
    response["Content-Disposition"] = content_disposition_header(True, f"cisfilm-{name}.ics")
    return response


def _answer(request, file_format, filterset, list_name, title, table):
    if filterset.problems:
        return not_understood(filterset.problems)
    records = filterset.qs.on_known_days() if file_format.name == "ics" else filterset.qs
    words = words_of_list(request, filterset, list_name, title)
    download = RecordsDownload(RecordsList(records), **words, wishes={}, uid=table.uid, table=table)
    return answer(request, file_format, download)
