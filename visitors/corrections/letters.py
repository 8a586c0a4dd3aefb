"""E-mails to readers and institutions, in plain text."""

import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from .models import Correction, CorrectionState, LetterOccasion

logger = logging.getLogger(__name__)
# Errors of the connection to the mail server, or of its delivery.
NOT_SENT = (SMTPException, OSError)


def send_receipt(correction: Correction):
    """Send the link to the answer. Contains none of the reader's text: anybody's e-mail address may be given."""
    with translation.override(correction.language):
        _send_to_reader(
            correction,
            _("CISFilm: your correction has arrived"),
            _(
                "Thank you. An editor will review your correction. The answer will appear on this "
                "page, and we will notify you by e-mail:"
            ),
        )


def send_answer(correction: Correction):
    """Send the answer, then delete the reader's e-mail address."""
    with translation.override(correction.language):
        if correction.state == CorrectionState.ACCEPTED:
            subject, text = _("CISFilm: your correction is accepted"), _("Thank you. Your correction is accepted:")
        else:
            subject = _("CISFilm: your correction is declined")
            text = _("Thank you for writing. Your correction is declined; the reason is given here:")
        if _send_to_reader(correction, subject, text):
            Correction.objects.filter(pk=correction.pk).update(email="")


def _send_to_reader(correction, subject, text) -> bool:
    if not correction.email:
        return False
    body = "\n\n".join([text, settings.SITE_URL + correction.get_absolute_url(), "CISFilm\n" + settings.SITE_URL + "/"])
    try:
        EmailMessage(subject, body, to=[correction.email], headers={"Auto-Submitted": "auto-generated"}).send()
    except NOT_SENT:
        # The reader's page shows the same answer, so a failure is only logged.
        logger.exception("The letter about correction %s was not sent", correction.pk)
        return False
    return True


def send_confirmation_request(institution, secret: str, addresses: list[str]):
    """Ask the institution, in English and Russian, whether its entry is still right. Raise the errors in NOT_SENT."""
    _send_link(institution, secret, addresses, _confirmation_text)


def send_asked_link(institution, secret: str, address: str):
    """Send the link that somebody asked for, with none of their text. Raise the errors in NOT_SENT."""
    _send_link(institution, secret, [address], _asked_text)


def _send_link(institution, secret, addresses, text):
    # In both languages, since the recipient's is not known.
    subjects, parts = [], []
    for language in dict(settings.LANGUAGES):
        with translation.override(language):
            subject, paragraphs = text(institution, secret)
            subjects.append(subject)
            parts.append("\n\n".join(paragraphs))
    with translation.override("en"):
        stop = settings.SITE_URL + reverse("corrections:no_more_letters", args=[secret])
    EmailMessage(
        " / ".join(subjects),
        "\n\n* * *\n\n".join(parts),
        to=addresses,
        headers={
            "Auto-Submitted": "auto-generated",
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    ).send()


def _confirmation_text(institution, secret):
    page = {"institution": institution.name, "page": settings.SITE_URL + institution.get_absolute_url()}
    return _("CISFilm: please confirm your entry"), [
        _("Hello,"),
        _("%(institution)s is listed in CISFilm, the open directory of film institutions: %(page)s") % page,
        _(
            "Once a year we ask whether the names, contacts and posts are still right. Please open "
            "this link, confirm them with one button, or correct and complete them box by box. No "
            "account is needed. The link works for %(days)d days:"
        )
        % {"days": LetterOccasion.YEARLY.days_valid},
        settings.SITE_URL + reverse("corrections:confirmation", args=[secret]),
        _("To stop these e-mails, use this link:"),
        *_ending(secret),
    ]


def _asked_text(institution, secret):
    page = {"institution": institution.name, "page": settings.SITE_URL + institution.get_absolute_url()}
    return _("CISFilm: the link to your entry"), [
        _("Hello,"),
        _(
            "Somebody wishes to correct or confirm the entry of %(institution)s in CISFilm, the open directory of film "
            "institutions, and asked for this e-mail on its page: %(page)s"
        )
        % page,
        _(
            "If it was you or a colleague of yours: this link opens all that is listed, box by box. No account is "
            "needed. The link works for %(days)d days and for one answer:"
        )
        % {"days": LetterOccasion.PUBLISHED.days_valid},
        settings.SITE_URL + reverse("corrections:confirmation", args=[secret]),
        _("If you know nothing of it, do nothing: the entry stays as it is. To stop all such e-mails, use this link:"),
        *_ending(secret),
    ]


def _ending(secret):
    return [
        settings.SITE_URL + reverse("corrections:no_more_letters", args=[secret]),
        _("The editors of CISFilm, %(address)s") % {"address": settings.CONTACT_EMAIL},
    ]
