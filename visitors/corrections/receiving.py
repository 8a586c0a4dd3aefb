"""Storing and answering of corrections."""

from django.db import transaction
from django.utils import timezone

from web.client_limits import admit, one_at_a_time
from web.models import LimitedAction

from .letters import send_answer, send_receipt
from .models import Correction


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
    transaction.on_commit(lambda: send_answer(correction))
