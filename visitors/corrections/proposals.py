"""Corrections as proposals, where what they say can be stored as it is."""

from harvest.facts import PROPOSED_FACTS
from harvest.models import Proposal
from harvest.origins import READER
from harvest.proposing import Suggestion, propose
from institutions.facts import INSTITUTION_FACTS
from institutions.models import Institution

from .models import Correction, CorrectionOrigin

# Rows by the first part of a fact's name, with the field of the value.
ROWS = {"contact": "value", "name": "text"}


def proposal_of(correction: Correction) -> Proposal | None:
    """Return the open proposal of what a reader says is right; None where an editor has to read the words."""
    is_about_value = correction.record_kind == "institution" and correction.fact and correction.proposed
    if correction.origin != CorrectionOrigin.READER or not is_about_value:
        return None
    institution = Institution.objects.filter(key=correction.record_key).first()
    suggestion = _suggestion(correction, institution) if institution else None
    if suggestion is None:
        return None
    result = propose(institution, [suggestion], READER.name, is_whole=False)
    return next(iter([*result.new, *result.known]), None)


def _suggestion(correction, institution) -> Suggestion | None:
    name, _slash, rest = correction.fact.partition("/")
    evidence = {"url": correction.proof_url, "quotation": correction.wrong}
    if not rest:
        fact = INSTITUTION_FACTS.fact_of_field.get(name)
        return Suggestion(fact, {name: correction.proposed}, **evidence) if fact in PROPOSED_FACTS else None
    number, _slash, field = rest.partition("/")
    if ROWS.get(name) != field:
        return None
    row = PROPOSED_FACTS[name].row(institution, int(number))
    if row is None:
        return None
    beside = {"kind": row.kind} | ({"language": row.language} if name == "name" else {})
    return Suggestion(name, {field: correction.proposed, **beside}, row=row.pk, **evidence)
