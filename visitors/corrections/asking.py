"""“This is us”: a link to the institution's form, sent to a mailbox of its own."""

import logging
from dataclasses import dataclass

from django.db import transaction
from django.http import HttpResponseRedirect

from exports.models import hashed, new_secret
from institutions.models import Institution
from web.client_limits import admit, one_at_a_time
from web.models import LimitedAction

from .letters import NOT_SENT, send_asked_link
from .models import MOST_ASKED_LETTERS_A_DAY, ConfirmationRequest, LetterOccasion, NoMoreLetters

logger = logging.getLogger(__name__)


@dataclass
class AskedLink:
    """E-mail that is stored and not sent yet."""

    letter: ConfirmationRequest
    secret: str

    def send(self):
        try:
            send_asked_link(self.letter.institution, self.secret, self.letter.addresses[0])
        except NOT_SENT:
            logger.exception("An e-mail that was asked for by “This is us” was not sent")
            self.letter.delete()


class AnswerBeforeLetter(HttpResponseRedirect):
    """Redirect that sends the e-mail when the visitor has the answer, so that the time it takes tells nothing."""

    def __init__(self, redirect_to, link: AskedLink | None):
        super().__init__(redirect_to)
        self.link = link

    def close(self):
        if self.link:
            link, self.link = self.link, None
            link.send()
        super().close()


@transaction.atomic
def ask_for_link(institution: Institution, address: str, occasion: LetterOccasion, request) -> AskedLink | None:
    """Store an e-mail with a link to the institution's form, or return None where its limits don't allow one.

    Mailboxes whose links have ended are forgotten at the same time. Raise TooManyActions.
    """
    one_at_a_time()
    ConfirmationRequest.objects.with_addresses_left_over().update(addresses=[])
    admit(request, LimitedAction.LETTER)
    today = ConfirmationRequest.objects.asked_today()
    if (
        today.filter(institution=institution).count() >= MOST_ASKED_LETTERS_A_DAY
        or today.filter(addresses__contains=[address]).exists()
        or NoMoreLetters.objects.filter(institution=institution).exists()
    ):
        return None
    secret = new_secret()
    letter = ConfirmationRequest.objects.create(
        institution=institution, occasion=occasion, secret_hash=hashed(secret), addresses=[address]
    )
    return AskedLink(letter, secret)
