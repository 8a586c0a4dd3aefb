"""Links to the correction form, beside facts and at the foot of pages."""

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
    """Render the link of a fact of the record itself; `value` saves a query if the page has it already."""
    return _link(record, fact_of_field(record, field_in_shown_language(record, field), value))


@register.inclusion_tag("corrections/_correct.html")
def correct_name(record, shown):
    """Render the link of one of the names under the heading."""
    return _link(record, fact_of_field(record, column_of(record, "name", shown)))


@register.inclusion_tag("corrections/_correct.html")
def correct_row(record, row, field):
    """Render the link of a fact of a row, such as a contact or a post."""
    return _link(record, fact_of_row(row, field_in_shown_language(row, field), record))


@register.simple_tag
def correct_record(record):
    """Return the URL of the correction form for the record as a whole."""
    query = urlencode({"record": record_reference(record)}, safe="/")
    return f"{reverse('corrections:correction_new')}?{query}"


@register.simple_tag(takes_context=True)
def correct_page(context):
    """Return the URL of the correction form for the current page; a secret URL is not passed on."""
    address = reverse("corrections:correction_new")
    match = getattr(context.get("request"), "resolver_match", None)
    if match is None or any("secret" in name for name in match.kwargs) or match.view_name.startswith("corrections:"):
        return address
    return f"{address}?{urlencode({'page': context['request'].path}, safe='/')}"
