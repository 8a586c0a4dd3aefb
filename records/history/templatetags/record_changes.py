"""The line at the foot of a record's page that says what changed there and when."""

from django import template

from records.history.models import RecordChange

register = template.Library()

CHANGES_SHOWN = 10


@register.inclusion_tag("history/_changes.html")
def changes_of(record):
    return {"changes": RecordChange.objects.of_record(record).newest_first()[:CHANGES_SHOWN]}
