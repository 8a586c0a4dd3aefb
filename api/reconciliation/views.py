"""The service, its suggestions, and views of single records."""

from django.http import HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csp import csp_override

from api.answers import Problem, WrongParameter, as_json, for_programs
from api.embedding.frames import IN_A_FRAME, record_context
from api.parameters import Parameter, check, refused
from web.request_limits import LARGEST_FORM, is_larger_than

from .batches import LONGEST_TEXT, extension_from, queries_from
from .columns import extended
from .entities import find_entity, types
from .matching import PROPERTIES, REGISTERS, Batch
from .service import manifest, proposed_properties, suggested_entities, suggested_properties, suggested_types

BATCH = {"type": "string", "minLength": 2}
TEXT = {"type": "string", "maxLength": LONGEST_TEXT}
ID = TEXT | {"minLength": 1}


@for_programs(pace="batches", methods=("GET", "HEAD", "POST"))
def service(request):
    """Answer a batch of queries or a data extension; without either, the manifest."""
    if is_larger_than(request, LARGEST_FORM):
        raise Problem(413, f"Send {LARGEST_FORM} bytes at most.")
    asked = request.POST if request.method == "POST" else request.GET
    check(asked, [Parameter("queries", BATCH), Parameter("extend", BATCH)])
    if "queries" in asked:
        return as_json(_results(asked))
    if "extend" in asked:
        return as_json(extended(extension_from(asked)))
    return as_json(manifest())


def _results(asked: QueryDict) -> dict:
    queries = queries_from(asked)
    unknown = {one for query in queries.values() for one in query.types} - types().keys()
    properties = {name for query in queries.values() for name in query.values} - {*PROPERTIES, *REGISTERS}
    if unknown or properties:
        names = ", ".join(sorted(unknown | properties))
        raise refused([WrongParameter("queries", f"Unknown types or properties: {names}.")])
    results = Batch(list(queries.values())).results()
    return {name: {"result": result} for name, result in zip(queries, results, strict=True)}


SUGGESTIONS = {"entity": suggested_entities, "type": suggested_types, "property": suggested_properties}


@for_programs()
def suggest(request, what):
    if what not in SUGGESTIONS:
        raise Problem(404, f"There are suggestions for {', '.join(SUGGESTIONS)}.")
    cursor = Parameter("cursor", {"type": "integer", "minimum": 0, "maximum": 1000})
    check(request.GET, [Parameter("prefix", TEXT), cursor])
    return as_json({"result": SUGGESTIONS[what](request.GET.get("prefix", ""))[int(request.GET.get("cursor", 0)) :]})


@for_programs()
def properties(request):
    limit = Parameter("limit", {"type": "integer", "minimum": 1, "maximum": 1000})
    check(request.GET, [Parameter("type", {"type": "string", "enum": list(types())}), limit])
    kind = request.GET.get("type", "institution")
    return as_json({"type": kind, "properties": proposed_properties(kind)[: int(request.GET.get("limit", 1000))]})


def _record(request):
    check(request.GET, [Parameter("id", ID)])
    if record := find_entity(request.GET.get("id", "")):
        return record
    raise Problem(404, "There is no such record.")


@for_programs()
def view(request):
    return HttpResponseRedirect(_record(request).get_absolute_url())


@xframe_options_exempt
@csp_override(IN_A_FRAME)
@for_programs()
def preview(request):
    return render(request, "api/embedded_record.html", record_context(_record(request)))
