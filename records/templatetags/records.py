"""Links to records."""

from django import template
from django.utils.html import format_html

register = template.Library()


@register.simple_tag
def link_to(record):
    """Render a link to the page of a record, by its name in the reader's language.

    Without a template of its own: long pages have hundreds of links.
    """
    name = record.shown_names[0]
    return format_html('<a href="{}" lang="{}">{}</a>', record.get_absolute_url(), name.language, name.text)
