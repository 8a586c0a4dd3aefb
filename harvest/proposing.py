"""Storing of proposals: of what is not known yet, was not declined, and names nobody who asked not to be listed."""

import datetime
import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from institutions.models import Country, Institution
from people.withheld_names import WithheldNames

from .facts import proposed_fact
from .models import LARGEST_VALUE, LONGEST_QUOTATION, Proposal, ProposalState, digest_of
from .origins import INSTITUTION, ORIGINS


@dataclass(frozen=True)
class Suggestion:
    """One fact as its origin says it; `harvest.facts` tells the shapes of values."""

    fact: str
    value: dict
    # The row that the value replaces; without a value, the row is to be taken off the page.
    row: int | None = None
    # The page that says so, its title, and the text around the value.
    url: str = ""
    title: str = ""
    quotation: str = ""
    found_on: datetime.date | None = None
    reasons: tuple[str, ...] = ()
    # In percent.
    confidence: int = 50


@dataclass
class Stored:
    """Result of storing suggestions."""

    new: list[Proposal] = field(default_factory=list)
    # Open ones that were proposed before.
    known: list[Proposal] = field(default_factory=list)
    # Codes of why others were left out: "listed", "declined", "accepted", "withheld", "invalid".
    left_out: dict[str, int] = field(default_factory=dict)

    def leave_out(self, why: str):
        self.left_out[why] = self.left_out.get(why, 0) + 1


@transaction.atomic
def propose(
    institution: Institution,
    suggestions: Iterable[Suggestion],
    origin: str,
    withheld: WithheldNames | None = None,
    *,
    is_whole: bool = True,
) -> Stored:
    """Store what these say about the institution beyond its record.

    Open proposals that the origin does not make any more are superseded, unless the suggestions are not the whole of
    what it says. `withheld` saves reading the list for each of many institutions.
    """
    result = Stored()
    withheld = WithheldNames.read() if withheld is None else withheld
    institution = Institution.objects.select_for_update(of=["self"]).with_public_contacts().get(pk=institution.pk)
    before = {one.digest: one for one in institution.proposals.all()}
    said = set()
    for suggestion in suggestions:
        proposal = _store(suggestion, origin, institution, before, withheld, result)
        if proposal is not None:
            said.add(proposal.digest)
    if is_whole:
        gone = institution.proposals.open().filter(origin=origin).exclude(digest__in=said)
        gone.update(state=ProposalState.SUPERSEDED, decided_at=timezone.now())
    return result


@transaction.atomic
def propose_new(
    name: str, country: Country | None, suggestion: Suggestion, origin: str, withheld: WithheldNames | None = None
) -> Stored:
    """Store the proposal of a body that is not listed."""
    result = Stored()
    withheld = WithheldNames.read() if withheld is None else withheld
    value = suggestion.value | ({"country": country.code} if country else {})
    # Its ids in registers tell it apart: names and contacts may change.
    same = Q(name=name)
    for register, number in value.get("identifiers", {}).items():
        same |= Q(value__identifiers__contains={register: number})
    earlier = Proposal.objects.filter(same, institution=None, fact="new", country=country)
    before = {one.digest: one for one in earlier}
    if any(one.state in (ProposalState.DECLINED, ProposalState.ACCEPTED) for one in before.values()):
        result.leave_out("declined")
        return result
    proposal = _store(
        Suggestion(**{**suggestion.__dict__, "value": value}),
        origin,
        None,
        before,
        withheld,
        result,
        name=name[:300],
        country=country,
    )
    if proposal is not None:
        earlier.exclude(pk=proposal.pk).delete()
    return result


def _store(suggestion, origin, institution, before, withheld, result, **subject) -> Proposal | None:
    """Return the open proposal of the suggestion, new or known; None if it is left out."""
    fact = proposed_fact(suggestion.fact)
    try:
        value = fact.cleaned(suggestion.value, institution) if suggestion.value else {}
    except ValidationError:
        result.leave_out("invalid")
        return None
    if (not value and suggestion.row is None) or len(json.dumps(value)) > LARGEST_VALUE:
        result.leave_out("invalid")
        return None
    if institution is not None and suggestion.row is None and fact.is_known(institution, value):
        result.leave_out("listed")
        return None
    words = " ".join([json.dumps(value, ensure_ascii=False), suggestion.quotation, suggestion.title])
    if withheld and withheld.are_named_in(words):
        result.leave_out("withheld")
        return None
    known = before.get(digest_of(suggestion.fact, suggestion.row, value))
    evidence = {
        "url": suggestion.url[:1000],
        "title": suggestion.title[:300],
        "quotation": " ".join(suggestion.quotation.split())[:LONGEST_QUOTATION],
        "found_on": suggestion.found_on or timezone.localdate(),
        "confidence": suggestion.confidence,
    }
    if known is not None:
        return _seen_again(known, origin, suggestion, evidence | {"value": value}, result)
    then = _value_then(fact, institution, suggestion, value)
    proposal = Proposal(
        institution=institution,
        country=subject.pop("country", None) or (institution.country if institution else None),
        fact=suggestion.fact,
        row=suggestion.row,
        value=value,
        value_then=then,
        origin=origin,
        licence=ORIGINS[origin].licence,
        reasons=list(dict.fromkeys([*suggestion.reasons, *_to_look_at_twice(suggestion, then)])),
        **evidence,
        **subject,
    )
    proposal.save()
    before[proposal.digest] = proposal
    result.new.append(proposal)
    return proposal


def _seen_again(known, origin, suggestion, evidence, result) -> Proposal | None:
    """Renew a proposal that its origin makes again, with what does not tell it apart; another origin adds a reason.

    What an institution says itself is its own word, whoever said so before.
    """
    if known.state in (ProposalState.ACCEPTED, ProposalState.DECLINED):
        result.leave_out(known.state)
        return None
    if origin in (known.origin, INSTITUTION.name) or known.state == ProposalState.SUPERSEDED:
        others = ["several-origins"] if known.is_open and known.origin != origin else []
        again = [*suggestion.reasons, *_to_look_at_twice(suggestion, known.value_then), *others]
        reasons = {"origin": origin, "reasons": list(dict.fromkeys(again))}
        for name, text in (evidence | reasons).items():
            setattr(known, name, text)
        known.licence = ORIGINS[origin].licence
        known.state, known.decided_at, known.decided_by = ProposalState.OPEN, None, ""
    elif "several-origins" not in known.reasons:
        known.reasons.append("several-origins")
        known.confidence = max(known.confidence, suggestion.confidence)
    known.save()
    result.known.append(known)
    return known


def _to_look_at_twice(suggestion, then) -> list[str]:
    """Return the reasons that set it apart from what only fills a gap."""
    if not then or suggestion.row is not None or suggestion.fact in ("name", "stage"):
        return []
    return ["has-others" if suggestion.fact in ("contact", "head") else "differs"]


def _value_then(fact, institution, suggestion, value) -> str:
    if institution is None:
        return ""
    if suggestion.row is None:
        return fact.present(institution, value)
    row = fact.row(institution, suggestion.row)
    return str(row) if row is not None else ""
