"""Storing and answering of corrections."""

from django.db import transaction
from django.utils import timezone

from harvest.models import Proposal, ProposalState
from web.client_limits import admit, one_at_a_time
from web.models import LimitedAction

from .letters import send_answer, send_receipt
from .models import Correction, CorrectionState
from .proposals import proposal_of


class AlreadyAnswered(Exception):
    """Raised if somebody else answered the correction meanwhile."""


@transaction.atomic
def receive(correction: Correction, request) -> Correction:
    """Return the stored correction, or the open one if an identical one was sent before.

    Expired e-mail addresses are deleted at the same time, so that no scheduled job is needed. Raise TooManyActions.
    """
    one_at_a_time()
    Correction.objects.with_email_left_over().update(email="")
    twin = Correction.objects.open().same_as(correction).first()
    if twin is not None:
        return twin
    admit(request, LimitedAction.CORRECTION)
    correction.proposal = proposal_of(correction)
    correction.save()
    transaction.on_commit(lambda: send_receipt(correction))
    return correction


@transaction.atomic
def answer(correction: Correction, state: str, *, by, reason: str = ""):
    """Accept or decline an open correction, once, and write to its sender. Raise AlreadyAnswered."""
    answered = Correction.objects.open().filter(pk=correction.pk)
    changed = answered.update(state=state, answered_at=timezone.now(), answered_by=by.get_username(), reason=reason)
    correction.refresh_from_db()
    if not changed:
        raise AlreadyAnswered
    _close_proposal(correction, state, by)
    transaction.on_commit(lambda: send_answer(correction))


def _close_proposal(correction, state, by):
    """Take the proposal of an answered correction out of the inbox, unless other readers wait for it."""
    if Correction.objects.open().filter(proposal=correction.proposal_id).exists():
        return
    decided = ProposalState.DECLINED if state == CorrectionState.DECLINED else ProposalState.SUPERSEDED
    Proposal.objects.open().filter(pk=correction.proposal_id).update(
        state=decided, decided_at=timezone.now(), decided_by=by.get_username()
    )
