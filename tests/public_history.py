"""Entries of the public history."""

from records.history.models import RecordChange


def note(record, *, changed_at="2026-05-01T10:00Z", facts=("names",), country_codes=("TJ",), **fields):
    """Add a change of the record to the history."""
    return RecordChange.objects.create(
        record_kind=record._meta.concrete_model._meta.model_name,
        record_key=record.natural_key()[0],
        changed_at=changed_at,
        facts=list(facts),
        country_codes=list(country_codes),
        **fields,
    )
