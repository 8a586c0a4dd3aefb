"""Quiet links beside facts and at the foot of pages, by which readers say that something is wrong."""

from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils.text import Truncator

from visitors.corrections.facts import column_of, fact_of_field, fact_of_row, field_in_shown_language, record_reference

register = template.Library()

LONGEST_VALUE_READ_OUT = 80


def _link(record, fact):
    address = urlencode({"record": record_reference(record), "fact": fact.reference}, safe="/")
    return {
        "address": f"{reverse('corrections:correction_new')}?{address}",
        "fact": Truncator(fact.in_words).chars(LONGEST_VALUE_READ_OUT),
    }


@register.inclusion_tag("corrections/_correct.html")
def correct(record, field, value=None):
    """The link of a fact of the record itself; `value` where the page has it at hand and the record would ask."""
    return _link(record, fact_of_field(record, field_in_shown_language(record, field), value))


@register.inclusion_tag("corrections/_correct.html")
def correct_name(record, shown):
    """The link of one of the names under the heading."""
    return _link(record, fact_of_field(record, column_of(record, "name", shown)))


@register.inclusion_tag("corrections/_correct.html")
def correct_row(record, row, field):
    """The link of a fact of a row, such as a contact or a post."""
    return _link(record, fact_of_row(row, field_in_shown_language(row, field), record))


@register.simple_tag
def correct_record(record):
    """The address at which a reader says what is wrong with, or missing from, the record."""
    query = urlencode({"record": record_reference(record)}, safe="/")
    return f"{reverse('corrections:correction_new')}?{query}"


@register.simple_tag(takes_context=True)
def correct_page(context):
    """The same for a page that is not about one record. A secret address stays where it is."""
    address = reverse("corrections:correction_new")
    match = getattr(context.get("request"), "resolver_match", None)
    if match is None or any("secret" in name for name in match.kwargs) or match.view_name.startswith("corrections:"):
        return address
    return f"{address}?{urlencode({'page': context['request'].path}, safe='/')}"
