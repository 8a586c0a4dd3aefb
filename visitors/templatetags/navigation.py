"""Links to the lists of all kinds of records."""

from django import template

from records.kinds import kinds

register = template.Library()


@register.inclusion_tag("_sections.html", takes_context=True)
def sections(context):
    lists = [(page, page.title or kind.title) for kind in kinds().values() for page in kind.lists]
    return {"lists": lists, "section_name": context.get("section_name")}
