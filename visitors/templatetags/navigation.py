"""Links to the lists of all kinds of records."""

from functools import cache

from django import template
from django.template.loader import get_template
from django.utils.translation import get_language

from records.kinds import kinds

register = template.Library()


@register.simple_tag(takes_context=True)
def sections(context):
    """Return the links as HTML, the one to the list of the page marked."""
    return _sections(context.get("section_name"), get_language())


@cache
def _sections(section_name, language):
    lists = [(page, page.title or kind.title) for kind in kinds().values() for page in kind.lists]
    return get_template("_sections.html").render({"lists": lists, "section_name": section_name})
