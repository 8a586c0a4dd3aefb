"""The line at the foot of a record's page that says what changed there and when."""

from functools import cache

from django import template

from database.compiled_queries import A_TEXT, CompiledQuery
from records.history.models import RecordChange
from records.kinds import record_key, record_kind

register = template.Library()

CHANGES_SHOWN = 10


@register.inclusion_tag("history/_changes.html")
def changes_of(record):
    return {"changes": _latest_changes(record_kind(record))(record_key(record))}


@cache
def _latest_changes(kind: str) -> CompiledQuery:
    def changes(key):
        return RecordChange.objects.filter(record_kind=kind, record_key=key).newest_first()[:CHANGES_SHOWN]

    return CompiledQuery(changes, A_TEXT)
