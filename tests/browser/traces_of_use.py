"""Traces that readers and editors leave in a directory, for the pages that show them."""

from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import translation

from exports.models import hashed
from exports.my_list import SESSION_KEY
from exports.saved_lists import save_list
from harvest.proposing import Suggestion, propose
from institutions.models import Institution
from records.history.models import RecordChange
from records.kinds import kinds
from visitors.corrections.models import ConfirmationRequest, Correction, CorrectionState

from .every_page import SECRET


def create_traces_of_use():
    """Create changes, lists of a visitor, an answered correction and an e-mail to an institution.

    The facts are the data set's own; a list "changes" because its snapshot holds less, or more, than there is.
    """
    for kind, public in kinds().items():
        for record in public.published()[:5]:
            RecordChange.objects.create(
                record_kind=kind,
                record_key=record.natural_key()[0],
                country_codes=["AM", "UZ"],
                changed_at="2026-11-20T10:00Z",
                facts=[fact for fact in public.fact_labels if fact in {*public.facts.values(), "sources"}][:5],
            )
    with translation.override("en"):
        saved, _owner_secret = save_list("studios", query="country=BY&country=UZ")
    saved.secret, saved.owner_hash = SECRET, hashed(SECRET)
    saved.snapshot = remembering_otherwise(saved.snapshot)
    saved.save()
    Correction.objects.create(
        secret=SECRET,
        record_kind="institution",
        record_key="by-belarusfilm",
        record_name="Belarusfilm",
        fact="name_en",
        value_then="Belarusfilm",
        wrong="The name stands here without quotation marks.",
        proposed="“Belarusfilm”",
        state=CorrectionState.DECLINED,
        received_at="2026-11-16T10:00Z",
        answered_at="2026-11-20T10:00Z",
        reason="The source writes the name without them.",
    )
    belarusfilm = Institution.objects.get(key="by-belarusfilm")
    propose(
        belarusfilm,
        [
            Suggestion("contact", {"kind": "phone", "value": "+375172000000"}),
            Suggestion("founded", {"founded": "1925"}),
        ],
        "institution",
    )
    letter = {"institution": belarusfilm, "addresses": ["nobody@example.org"]}
    ConfirmationRequest.objects.create(secret_hash=hashed(SECRET), **letter)
    ConfirmationRequest.objects.create(
        secret_hash=hashed(f"{SECRET}-answered"),
        sent_at="2026-11-20T10:00Z",
        answered_at="2026-11-21T10:00Z",
        wrong_count=2,
        **letter,
    )
    Session.objects.create(
        session_key=SECRET,
        session_data=SessionStore().encode({SESSION_KEY: ["institution/by-belarusfilm", "person/az-nazim-huseynov"]}),
        expire_date="2100-01-01T00:00Z",
    )


def remembering_otherwise(snapshot):
    """Return the snapshot of a saved list as if one record were new, one had a new website, and two were removed."""
    new, changed = [record for record, rows in snapshot.items() if any(row["website"] for row in rows.values())][:2]
    remembered = {record: rows for record, rows in snapshot.items() if record != new}
    remembered[changed] = {name: {**row, "website": ""} for name, row in snapshot[changed].items()}
    return remembered | {"institution/kz-kazakhfilm": {"": {}}, "institution/no-longer-here": {"": {}}}
