"""The form by which a visitor takes the list of a page away."""

from django import template
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from contacts.columns import NameChoice, RowChoice, columns_to_choose
from contacts.file_formats import FORMATS
from contacts.take_away import TakeAwayForm
from institutions.filters import CheckedWithin

register = template.Library()

WISHES = TakeAwayForm.base_fields.keys()


@register.inclusion_tag("contacts/_take_away.html", takes_context=True)
def take_away(context, list_name, *, country=None, **address):
    """The form for a list with an address `contacts:<list_name>_export`, under the filters of the page.

    `country` narrows a list of institutions where the page itself is about one country.
    """
    query = context["request"].GET
    kept = [(name, value) for name, values in query.lists() for value in values if name not in {*WISHES, "page"}]
    is_event = list_name == "event"
    return {
        "kept": [("country", country)] if country else kept,
        "formats": [
            (file_format, reverse(f"contacts:{list_name}_export", kwargs={**address, "format_name": name}))
            for name, file_format in FORMATS.items()
        ],
        "row_choices": RowChoice.choices,
        "row_choice": "both" if is_event else "representatives" if list_name == "people" else "institutions",
        "name_choices": NameChoice.choices,
        "confirmed_choices": [("", _("at any time or never")), *CheckedWithin.choices],
        "columns": columns_to_choose(participants=is_event),
    }
