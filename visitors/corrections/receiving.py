"""Taking a correction in, and answering it."""

from django.db import transaction
from django.utils import timezone

from web.client_limits import admit, one_at_a_time
from web.models import LimitedAction

from .letters import send_answer, send_receipt
from .models import Correction


class AlreadyAnswered(Exception):
    """Somebody else answered the correction meanwhile."""


@transaction.atomic
def receive(correction: Correction, request) -> Correction:
    """The correction as it is kept; the one that waits already where the very same was sent before.

    Addresses that outlived their purpose go at the same time, so that no clock is needed for it. Raises
    TooManyActions.
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
    """Accepts or declines an open correction, once, and writes to its sender. Raises AlreadyAnswered."""
    answered = Correction.objects.open().filter(pk=correction.pk)
    changed = answered.update(state=state, answered_at=timezone.now(), answered_by=by.get_username(), reason=reason)
    correction.refresh_from_db()
    if not changed:
        raise AlreadyAnswered
    transaction.on_commit(lambda: send_answer(correction))
