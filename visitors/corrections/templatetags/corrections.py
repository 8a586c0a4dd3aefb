"""Links to the correction form, beside facts and at the foot of pages."""

from urllib.parse import urlencode

from django import template
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import get_language, gettext

from visitors.corrections.facts import column_of, fact_of_field, fact_of_row, field_in_shown_language, record_reference
from web.own_paths import path_to

register = template.Library()

LONGEST_VALUE_READ_OUT = 80
# Not a template: a page has dozens of them.
LINK = '<a class="correct" rel="nofollow" lang="{}" href="{}" aria-label="{}"></a>'


def _link(record, fact):
    query = urlencode({"record": record_reference(record), "fact": fact.reference}, safe="/")
    label = gettext("Correct: %(fact)s") % {"fact": Truncator(fact.in_words).chars(LONGEST_VALUE_READ_OUT)}
    return format_html(LINK, get_language(), f"{path_to('corrections:correction_new')}?{query}", label)


@register.simple_tag
def correct(record, field, value=None):
    """Render the link of a fact of the record itself; `value` saves a query if the page has it already."""
    return _link(record, fact_of_field(record, field_in_shown_language(record, field), value))


@register.simple_tag
def correct_name(record, shown):
    """Render the link of one of the names under the heading."""
    return _link(record, fact_of_field(record, column_of(record, "name", shown)))


@register.simple_tag
def correct_row(record, row, field):
    """Render the link of a fact of a row, such as a contact or a post."""
    return _link(record, fact_of_row(row, field_in_shown_language(row, field), record))


@register.simple_tag
def correct_record(record):
    """Return the URL of the correction form for the record as a whole."""
    query = urlencode({"record": record_reference(record)}, safe="/")
    return f"{path_to('corrections:correction_new')}?{query}"


@register.simple_tag(takes_context=True)
def correct_page(context):
    """Return the URL of the correction form for the current page; a secret URL is not passed on."""
    address = path_to("corrections:correction_new")
    match = getattr(context.get("request"), "resolver_match", None)
    if match is None or any("secret" in name for name in match.kwargs) or match.view_name.startswith("corrections:"):
        return address
    return f"{address}?{urlencode({'page': context['request'].path}, safe='/')}"
