"""The desk on the start page of the editors' site."""

from django import template

from editors.dashboard.work import next_contacts, work_for

register = template.Library()


@register.inclusion_tag("desk/_desk.html", takes_context=True)
def desk(context):
    """What waits for the editor of this request."""
    request = context["request"]
    return {
        "request": request,
        "perms": context["perms"],
        "work": work_for(request),
        "next_contacts": next_contacts(request),
    }
