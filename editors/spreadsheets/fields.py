"""Columns of an editor's spreadsheet: their fields as guessed, and as they were matched the last time."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from exports.headings import BY_NAME, FIELDS, field_of_heading, heading_key, own_headings
from records.tables.table import Refused

from .models import RememberedHeading

# In the site's own lists these tell what the site knows and not what the editor found: the source belongs to the last
# check, which is not the source of what somebody typed into the list since.
IGNORED_IN_OWN_LISTS = {"source_url"}


def refuse_list_of_people(headings: Iterable[str]):
    """Raises Refused for the site's own lists of representatives, whose rows are people."""
    columns = {own_headings().get(heading_key(heading)) for heading in headings}
    if "institution_id" in columns:
        raise Refused(
            _("This is a list with representatives. Download the list of institutions only, and import that one.")
        )


def guessed_columns(headings: list[str]) -> list[str]:
    """The field for each heading: as it was matched the last time, else by its words; "" where nothing fits."""
    keys = [heading_key(heading) for heading in headings]
    remembered = dict(RememberedHeading.objects.filter(heading__in=keys).values_list("heading", "field"))
    own_columns = {own_headings().get(key) for key in keys}
    is_own_list = {"id", "page", "checked_on"} <= own_columns
    columns = []
    for key in keys:
        field = remembered.get(key, field_of_heading(key))
        is_taken = field in columns and field and not BY_NAME[field].is_list
        is_left_out = field not in BY_NAME or (is_own_list and field in IGNORED_IN_OWN_LISTS)
        columns.append("" if is_taken or is_left_out else field)
    return columns


def remember_columns(headings: list[str], columns: list[str]):
    RememberedHeading.objects.bulk_create(
        [
            RememberedHeading(heading=heading_key(heading), field=field)
            for heading, field in {heading_key(h): (h, f) for h, f in zip(headings, columns, strict=True)}.values()
            if heading_key(heading)
        ],
        update_conflicts=True,
        unique_fields=["heading"],
        update_fields=["field"],
    )


def column_choices():
    """For the page on which columns are matched."""
    return [("", pgettext_lazy("column", "ignore")), *((field.name, field.label) for field in FIELDS)]
