"""Template tag of the dashboard."""

from django import template

from editors.dashboard.work import next_contacts, work_for

register = template.Library()


@register.inclusion_tag("desk/_desk.html", takes_context=True)
def desk(context):
    """Return the open tasks of the editor of this request."""
    request = context["request"]
    return {
        "request": request,
        "perms": context["perms"],
        "work": work_for(request),
        "next_contacts": next_contacts(request),
    }
