"""Lists as files: the same address parameters as the page, every row of the filtered list."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cooperation.models import Event
from exports.lists import HandPickedList, InstitutionsList, ParticipantsList, PeopleList
from institutions.filters import SECTIONS, institution_filterset
from institutions.models import Institution
from people.filters import person_filterset
from people.models import Person
from records.pages import find_record

from .cards import CardReader
from .downloads import Download, DownloadForm, NoRows, TooManyRows
from .file_formats import CARD_TYPE, FORMATS
from .formats.pdf_file import TypesetterBusy
from .formats.qr_code import qr_svg
from .formats.vcard import vcard_3, vcard_4, vcard_in_short

RECORDS = {"institution": Institution, "person": Person}
SECONDS_UNTIL_NEXT_TRY = 10
PLAIN_TEXT = "text/plain; charset=utf-8"


@require_safe
def institutions_export(request, format_name, section="institutions"):
    filterset = institution_filterset(request.GET, section)
    title = str(SECTIONS[section].title)
    return answer_with_file(request, format_name, filterset, lambda: InstitutionsList(filterset.qs), section, title)


@require_safe
def people_export(request, format_name):
    filterset = person_filterset(request.GET)

    def people():
        return PeopleList(filterset.qs, filterset.posts(filterset.cleaned), filterset.cleaned.get("on"))

    return answer_with_file(request, format_name, filterset, people, "people", _("People"))


@require_safe
def event_export(request, slug, format_name):
    event = find_record(Event.objects.published().for_detail(), slug)
    title = _("Participants: %(event)s") % {"event": event.name}
    return answer_with_file(
        request, format_name, None, lambda: ParticipantsList(event), event.slug, title, list_kind="event"
    )


CARD_MAKERS = {"4": vcard_4, "3": vcard_3}


def _record_rows(queryset, kind, slug):
    """The rows of one published record, a person's posts each. Raises Http404."""
    record = find_record(queryset.published(), slug)
    return record, list(CardReader().rows(HandPickedList([(kind, record.key)]), "both"))


@require_safe
def record_card(request, kind, slug, version="4"):
    """The contact card of one institution, or of one person with a card for each post."""
    record, rows = _record_rows(RECORDS[kind].objects, kind, slug)
    name = f"cisfilm-{record.slug}{'' if version == '4' else '-3'}.vcf"
    response = HttpResponse("".join(map(CARD_MAKERS[version], rows)), content_type=CARD_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_safe
def record_qr_code(request, kind, slug):
    """The same in short as a QR code; of a person in several posts, the first."""
    _record, rows = _record_rows(RECORDS[kind].objects, kind, slug)
    return HttpResponse(qr_svg(vcard_in_short(rows[0])), content_type="image/svg+xml")


def answer_with_file(request, format_name, filterset, source, list_name, title, *, list_kind=""):
    """The file of a list; in words why there is none where a choice is not understood or the list is too long."""
    file_format = format_or_404(format_name, FORMATS)
    form = DownloadForm(request.GET)
    problems = [*(filterset.problems if filterset else []), *form.problems]
    if problems:
        return not_understood(problems)
    list_kinds = [list_kind, "date" if filterset is not None and filterset.cleaned.get("on") else ""]
    words = words_of_list(request, filterset, list_name, title)
    return answer(request, file_format, Download(source(), **words, wishes=form.cleaned_data, list_kinds=list_kinds))


def words_of_list(request, filterset, list_name, title) -> dict:
    """Return name, title, URL and filters of a list, as its file states them."""
    return {
        "list_name": list_name,
        "title": title,
        "address": _page_address(request),
        "filters": lambda: [(chip.label, chip.value_label) for chip in filterset.chips] if filterset else [],
    }


def answer(request, file_format, download) -> HttpResponse:
    """The file; in words why there is none where the list is too long or has no rows."""
    try:
        return download.response(file_format, only_headers=request.method == "HEAD")
    except TooManyRows:
        return _too_long(file_format)
    except NoRows:
        headers = {"Cache-Control": "no-cache"}
        return HttpResponse(_("This list has no rows.") + "\n", content_type=PLAIN_TEXT, headers=headers)
    except TypesetterBusy:
        return _busy()


def format_or_404(name, formats):
    if name not in formats:
        raise Http404(f"No format {name}; there are {', '.join(formats)}")
    return formats[name]


def _page_address(request) -> str:
    """The page of the list whose file is asked for, under the same filters."""
    path, query = request.path.partition("export/")[0], request.GET.urlencode()
    return f"{settings.SITE_URL}{path}{'?' if query else ''}{query}"


def not_understood(problems) -> HttpResponse:
    """A file must never hold more than was asked for, so a filter that is not understood gives no file."""
    lines = "\n".join(f"{label}: {message}" for label, message in problems)
    text = _("The list was not created. Invalid filter:") + f"\n{lines}\n"
    return HttpResponse(text, status=400, content_type=PLAIN_TEXT)


def _too_long(file_format) -> HttpResponse:
    text = _(
        "This list has more than %(limit)s rows, the limit for this file format. Narrow the "
        "list by filters, for example country by country, or download it as CSV, which has no "
        "limit."
    ) % {"limit": f"{file_format.row_limit:,}"}
    return HttpResponse(f"{text}\n", status=413, content_type=PLAIN_TEXT)


def _busy() -> HttpResponse:
    text = _(
        "Other printed directories are being created. Please try again in a moment, or "
        "download the list as an Excel workbook."
    )
    headers = {"Retry-After": str(SECONDS_UNTIL_NEXT_TRY)}
    return HttpResponse(f"{text}\n", status=503, content_type=PLAIN_TEXT, headers=headers)
