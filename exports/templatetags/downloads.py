"""Download form of a list."""

from functools import cache
from urllib.parse import urlencode

from django import template
from django.template.loader import get_template
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from exports.column_types import NameChoice, RowChoice
from exports.columns import columns_to_choose
from exports.downloads import DownloadForm
from exports.file_formats import FORMATS
from exports.models import ListOrigin
from institutions.filters import CheckedWithin
from people.filters import SeenWithin

register = template.Library()

WISHES = DownloadForm.base_fields.keys()


ROWS_FIRST = {"people": "representatives", "event": "both", "my_list": "both", "contact_list": "both"}


@register.inclusion_tag("contacts/_download.html", takes_context=True)
def download(context, list_name, *, country=None, changes=False, **address):
    """Return the form for a list with a URL named `contacts:<list_name>_export`, with the filters of the page.

    `country` restricts a list of institutions on a page about one country; `changes` gives only the changed rows of a
    saved list.
    """
    is_filtered = list_name in ListOrigin.values
    kept = filters_in_use(context["request"]) if is_filtered else [("changes", "on")] if changes else []
    kept = [("country", country)] if country else kept
    return {
        "kept": kept,
        "formats": [
            (file_format, reverse(f"contacts:{list_name}_export", kwargs={**address, "format_name": name}))
            for name, file_format in FORMATS.items()
        ],
        "choices": _choices(list_name, get_language()),
        "changes": changes,
        "saved_as": list_name if is_filtered else "",
        "query_saved": urlencode(kept),
    }


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
def pdf_path(context, list_name):
    """Return the path of the PDF with the whole list of the page."""
    path = reverse(f"contacts:{list_name}_export", kwargs={"format_name": "pdf"})
    query = urlencode(filters_in_use(context["request"]))
    return f"{path}?{query}" if query else path
