"""Lists as files: the same address parameters as the page, every row of the filtered list."""

from django.http import HttpResponse, HttpResponseBadRequest, StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from institutions.views import institution_filterset
from people.views import person_filterset

from .formats.csv_file import csv_lines
from .rows import INSTITUTION_COLUMNS, REPRESENTATIVE_COLUMNS, representatives

ROWS_A_FETCH = 500


@require_safe
def institutions_csv(request, section="institutions"):
    filterset = institution_filterset(request, section)
    if filterset.problems:
        return _refusal(filterset)
    rows = filterset.qs.for_export().iterator(chunk_size=ROWS_A_FETCH)
    return _csv_response(section, INSTITUTION_COLUMNS, rows)


@require_safe
def people_csv(request):
    filterset = person_filterset(request)
    if filterset.problems:
        return _refusal(filterset)
    rows = representatives(filterset.qs.iterator(chunk_size=ROWS_A_FETCH))
    return _csv_response("people", REPRESENTATIVE_COLUMNS, rows)


def _refusal(filterset) -> HttpResponse:
    """A file must never hold more than was asked for, so a filter that is not understood gives no file."""
    problems = "\n".join(f"{label}: {message}" for label, message in filterset.problems)
    text = _("This list can't be made, because a filter was not understood:") + f"\n{problems}\n"
    return HttpResponseBadRequest(text, content_type="text/plain; charset=utf-8")


def _csv_response(list_name: str, columns, rows) -> StreamingHttpResponse:
    language = translation.get_language()
    # The body is made after the request's language is switched off again.
    lines = _in_language(language, csv_lines(columns, rows))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    name = f"cisfilm-{list_name}-{timezone.localdate().isoformat()}-{language}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _in_language(language: str, lines):
    """Makes each line while the given language is active, and leaves the thread's own language as it was."""
    lines = iter(lines)
    while True:
        with translation.override(language):
            line = next(lines, None)
        if line is None:
            return
        yield line
