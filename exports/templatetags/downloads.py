"""Download form of a list."""

from dataclasses import dataclass
from functools import cache
from urllib.parse import urlencode

from django import template
from django.template.loader import get_template
from django.urls import reverse
from django.utils.formats import localize
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from exports.column_types import NameChoice, RowChoice
from exports.columns import columns_to_choose
from exports.downloads import DownloadForm
from exports.file_formats import FORMATS, FORMATS_OF_EVENTS, PDF_ROW_LIMIT, TABLES, FileFormat
from exports.models import ListOrigin
from institutions.filters import CheckedWithin
from people.filters import SeenWithin

register = template.Library()

WISHES = DownloadForm.base_fields.keys()


# Lists whose rows are no contacts, with the formats of their files.
OF_RECORDS = {"programmes": TABLES, "films": TABLES, "events": FORMATS_OF_EVENTS}
# Lists with days in them; events have a format of their own.
WITH_CALENDAR = ("institutions", "programmes")
ROWS_FIRST = {"people": "representatives", "event": "both", "my_list": "both", "contact_list": "both"}


@dataclass(frozen=True)
class Offer:
    """A format of a list, with the path of its file or the reason why there is none."""

    file_format: FileFormat
    path: str
    refusal: str


@register.inclusion_tag("contacts/_download.html", takes_context=True)
def download(context, list_name, *, country=None, changes=False, **address):
    """Return the form for a list with a URL named `contacts:<list_name>_export`, with the filters of the page.

    `country` restricts a list of institutions on a page about one country; `changes` gives only the changed rows of a
    saved list.
    """
    is_contacts, filterset = list_name in ListOrigin.values, context.get("filterset")
    kept = [("changes", "on")] if changes else []
    if country or is_contacts or list_name in OF_RECORDS:
        kept = [("country", country)] if country else filters_in_use(context["request"])
    count = context["page"].paginator.count if filterset is not None else None
    return {
        "kept": kept,
        "offers": [
            Offer(
                file_format,
                reverse(f"contacts:{list_name}_export", kwargs={**address, "format_name": name}),
                _refusal(file_format, count, filterset),
            )
            for name, file_format in OF_RECORDS.get(list_name, FORMATS).items()
        ],
        "choices": "" if list_name in OF_RECORDS else _choices(list_name, get_language()),
        "changes": changes,
        "saved_as": list_name if is_contacts else "",
        "query_saved": urlencode(kept),
        "calendar": _calendar(list_name, kept),
    }


def _calendar(list_name: str, kept: list[tuple[str, str]]) -> str:
    """Return the URL of the calendar of the list under the same filters; "" where it has none."""
    if list_name not in WITH_CALENDAR:
        return ""
    path = reverse(f"contacts:{list_name}_calendar")
    return f"{path}?{urlencode(kept)}" if kept else path


def _refusal(file_format: FileFormat, count: int | None, filterset) -> str:
    """Return why the list of a page has no file of the format, as far as the page knows; "" where it has one."""
    if count is None:
        return ""
    if file_format.row_limit is not None and count > file_format.row_limit:
        words = _("%(count)s rows; the limit is %(limit)s. Narrow the list by filters.")
        return words % {"count": localize(count), "limit": localize(file_format.row_limit)}
    if file_format.name == "emails" and not filterset.has_emails:
        return ngettext("0 of %(count)d has an e-mail address", "0 of %(count)d have an e-mail address", count) % {
            "count": count
        }
    return ""


@cache
def _choices(list_name, language):
    """Return the part of the form that is the same for every list of the name, as HTML in the active language."""
    return get_template("contacts/_download_choices.html").render(
        {
            "row_choices": RowChoice.choices,
            "row_choice": ROWS_FIRST.get(list_name, "institutions"),
            "name_choices": NameChoice.choices,
            "confirmed_choices": [("", _("no restriction")), *CheckedWithin.choices],
            "seen_choices": [("", _("no restriction")), *SeenWithin.choices],
            "columns": columns_to_choose("event" if list_name == "event" else ""),
        }
    )


def filters_in_use(request) -> list[tuple[str, str]]:
    """Return the parameters that filter the list of the page, without those of its files."""
    return [(name, value) for name, values in request.GET.lists() for value in values if name not in {*WISHES, "page"}]


@register.simple_tag(takes_context=True)
def whole_on_paper(context, list_name):
    """Return where the whole list of the page is to be printed, or that it is too long for that."""
    request, count = context["request"], context["page"].paginator.count
    if count > PDF_ROW_LIMIT:
        words = gettext("The whole list is longer than a PDF to print may be (%(limit)s rows): narrow it by filters.")
        return words % {"limit": localize(PDF_ROW_LIMIT)}
    path = reverse(f"contacts:{list_name}_export", kwargs={"format_name": "pdf"})
    query = urlencode(filters_in_use(request))
    address = request.build_absolute_uri(f"{path}?{query}" if query else path)
    return gettext("All of them, as a PDF to print: %(address)s") % {"address": address}
