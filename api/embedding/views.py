"""Pages for frames on other sites, and oEmbed."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csp import csp_override

from api.answers import Problem, as_json, for_programs
from api.parameters import Parameter, check, filter_parameters
from api.reconciliation.entities import described
from records.kinds import kinds
from records.pages import find_record

from .frames import IN_A_FRAME, record_context
from .lists import LINES, embedded_lists, frame_for

IFRAME = '<iframe src="{}" title="{}" width="{}" height="{}" loading="lazy" style="border:0"></iframe>'
SIZE = {"type": "integer", "minimum": 1, "maximum": 10_000}
URL = {"type": "string", "minLength": 1, "maxLength": 3_000}


@xframe_options_exempt
@csp_override(IN_A_FRAME)
@for_programs()
def embedded_list(request, name):
    if name not in embedded_lists():
        raise Problem(404, f"There are {', '.join(embedded_lists())}.")
    embedded = embedded_lists()[name]
    filterset = embedded.filterset(request.GET)
    check(request.GET, filter_parameters(filterset))
    if filterset.problems:
        raise Problem(400, "; ".join(f"{label}: {message}" for label, message in filterset.problems))
    query = request.GET.urlencode()
    context = {
        "title": embedded.title_of(filterset),
        "records": filterset.qs.prefetch_related(None).for_search_results()[:LINES],
        "total": filterset.total,
        "page": f"{settings.SITE_URL}{reverse(embedded.url_name)}{'?' if query else ''}{query}",
        "today": timezone.localdate(),
    }
    return render(request, "api/embedded_list.html", context)


@xframe_options_exempt
@csp_override(IN_A_FRAME)
@for_programs()
def embedded_record(request, name, slug):
    check(request.GET, [])
    kind = next((kind for kind in kinds().values() if kind.searched and kind.list_of_all.section == name), None)
    try:
        found = kind and find_record(kind.published(), slug)
    except Http404:
        found = None
    if not found:
        raise Problem(404, "There is no such record.")
    if found.slug != slug:
        return redirect("embedding:record", name, found.slug, permanent=True)
    (record,) = described(kind, pk=found.pk)
    return render(request, "api/embedded_record.html", record_context(record))


@for_programs()
def oembed(request):
    """Return how to show a page of the site in a frame (oEmbed 1.0)."""
    sizes = [Parameter("maxwidth", SIZE), Parameter("maxheight", SIZE)]
    check(request.GET, [Parameter("url", URL), Parameter("format", {"type": "string"}), *sizes])
    if request.GET.get("format", "json") != "json":
        raise Problem(501, "There is JSON only.")
    try:
        frame = frame_for(request.GET.get("url", ""))
    except Http404 as error:
        raise Problem(404, f"“url” is not a list or record of this site: {error}") from error
    width = min(frame.width, int(request.GET.get("maxwidth", frame.width)))
    height = min(frame.height, int(request.GET.get("maxheight", frame.height)))
    return as_json(
        {
            "version": "1.0",
            "type": "rich",
            "title": frame.title,
            "provider_name": urlsplit(settings.SITE_URL).hostname,
            "provider_url": f"{settings.SITE_URL}/",
            "width": width,
            "height": height,
            "html": format_html(IFRAME, settings.SITE_URL + frame.path, frame.title, width, height),
        }
    )
