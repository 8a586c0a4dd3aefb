"""The page that checks a visitor's list, and the list as a file."""

from functools import partial
from threading import Lock

from django.conf import settings
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.html import format_html
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from exports.list_views import from_own_pages
from records.tables.table import Refused
from web.client_limits import TooManyActions, admit
from web.models import LimitedAction
from web.request_limits import LARGEST_FORM

from .columns import Role
from .files import CONTENT_TYPES, formats_of, list_as_file, name_of_file
from .findings import check_rows, summary
from .uploads import MOST_ROWS, upload_of

# Likely rows that the page asks about; the others are in the file.
MOST_ASKED = 300
# Rows with differences that the page shows.
MOST_SHOWN = 100
# Each process checks one list at a time.
_at_work = Lock()
SECONDS_TO_WAIT = 8
HERE = "<!-- the checked list -->"
LIMITS = {"rows": MOST_ROWS, "megabytes": settings.IMPORT_MAX_BYTES // 1024 // 1024}


@csrf_exempt
def check(request):
    return _checked(request) if request.method == "POST" else _form(request)


@require_safe
def _form(request):
    return render(request, "checking/check.html", {"limits": LIMITS})


def _refused(request, message, status) -> HttpResponse:
    return render(request, "checking/check.html", {"limits": LIMITS, "problem": message}, status=status)


@never_cache
@partial(from_own_pages, largest=LARGEST_FORM + settings.IMPORT_MAX_BYTES)
def _checked(request):
    try:
        admit(request, LimitedAction.CHECK)
        upload = upload_of(request.POST, request.FILES)
        upload.prepare()
    except Refused as refused:
        return _refused(request, refused.message, refused.status)
    except TooManyActions:
        return _refused(request, _("Too many lists from your network in the last hour. Please try again later."), 429)
    confirmed = {int(number) for number in request.POST.getlist("confirmed") if number.isdecimal() and len(number) < 9}
    rows = _rows(upload, confirmed)
    if not next(rows):
        return _refused(request, _("Other lists are being checked. Please try again in a minute."), 503)
    if (file_format := request.POST.get("format")) in formats_of(upload):
        content = list_as_file(upload, (row for some in rows for row in some), file_format)
        return _file(content, CONTENT_TYPES[file_format], name_of_file(upload, file_format))
    return StreamingHttpResponse(_page(request, upload, rows, confirmed))


def _file(content, content_type, name) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return response


def _rows(upload, confirmed):
    """Yield whether it is this list's turn, then the checked rows, some at a time; the next list waits until then.

    The turn ends with the generator: also if the visitor goes away before the first row.
    """
    is_admitted = _at_work.acquire(timeout=SECONDS_TO_WAIT)
    try:
        yield is_admitted
        numbered = zip((line.number for line in upload.lines), upload.sought(), strict=True)
        yield from check_rows(list(numbered), confirmed)
    finally:
        if is_admitted:
            _at_work.release()


def _page(request, upload, rows, confirmed):
    """Yield the page as it grows: its head, how far it is, the result, its foot."""
    language, checked = translation.get_language(), []
    before, after = render_to_string("checking/checked.html", {"here": HERE}, request).split(HERE)
    yield before
    for some in rows:
        with translation.override(language):
            checked += some
            words = _("%(done)d of %(all)d rows checked …") % {"done": len(checked), "all": len(upload.lines)}
            yield format_html('<p class="progress" role="status">{}</p>\n', words)
    with translation.override(language):
        yield render_to_string("checking/_checked.html", result(upload, checked, confirmed), request)
    yield after


def result(upload, checked, confirmed) -> dict:
    """Return what the page tells of the checked list."""
    table = upload.table
    likely = [row for row in checked if row.is_likely]
    differing = [row for row in checked if row.differences and row not in likely]
    texts = {line.number: " · ".join(filter(None, line.cells))[:200] for line in upload.lines}
    return {
        "upload": upload,
        "summary": summary(checked),
        "remarks": table.remarks,
        "columns": list(zip(table.headings, upload.roles, strict=True)),
        "roles": Role.choices,
        "likely": [(row, texts[row.number]) for row in likely[:MOST_ASKED]],
        "likely_left_out": max(0, len(likely) - MOST_ASKED),
        "differing": [(row, texts[row.number]) for row in differing[:MOST_SHOWN]],
        "differing_left_out": max(0, len(differing) - MOST_SHOWN),
        "confirmed": confirmed,
        "formats": [(each, each.upper() if each != "vcf" else "vCard") for each in formats_of(upload)],
    }
