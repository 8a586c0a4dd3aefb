"""Entries of the public history, and changes that make them."""

from contextlib import contextmanager

import reversion

from records.history.models import RecordChange
from records.history.revisions import keep_found_state


@contextmanager
def one_revision(*records):
    """Put what the block changes of the records and their rows into one revision, after the state found there."""
    for record in records:
        keep_found_state(record)
    with reversion.create_revision():
        yield
        for record in records:
            reversion.add_to_revision(type(record)._base_manager.get(pk=record.pk))


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
