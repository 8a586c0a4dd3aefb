"""E-mails that ask an institution to confirm its entry, and storing of its answer."""

from dataclasses import dataclass, replace

import reversion
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language, gettext

from exports.models import hashed, new_secret
from harvest.facts import proposed_fact
from harvest.models import ProposalState, digest_of
from harvest.origins import INSTITUTION
from harvest.proposing import Suggestion, propose
from institutions.models import Institution, InstitutionContact
from records.checks import CheckMethod
from records.contact_types import ContactKind
from records.models import same_contact

from .boxes import RowLine
from .entry import Entry
from .letters import NOT_SENT, send_confirmation_request
from .models import ConfirmationRequest, Correction, CorrectionOrigin, LetterOccasion, Mailbox, NoMoreLetters
from .subjects import Subject


class NotSent(Exception):
    """Raised if the e-mail could not be sent; nothing is stored then."""


@transaction.atomic
def keep_answer(letter: ConfirmationRequest, entry: Entry) -> bool:
    """Confirm the contacts that are right; put the rest into the inbox. Return False if it was answered meanwhile."""
    contacts = _still_as_shown(line.row for line in entry.right)
    told = [*entry.told, *_told_again(entry)]
    if entry.remark:
        told.append(Subject(letter.institution).correction(wrong=entry.remark))
    unanswered = ConfirmationRequest.objects.filter(pk=letter.pk, answered_at=None)
    if not unanswered.update(
        answered_at=timezone.now(), confirmed_count=len(contacts), wrong_count=len(entry.said) + len(told)
    ):
        return False
    _confirm(letter.institution, contacts)
    propose(letter.institution, own_word(entry.said, letter.occasion), INSTITUTION.name)
    for correction in told:
        _keep(correction)
    return True


def own_word(said: list[Suggestion], occasion: str) -> list[Suggestion]:
    """Return the proposals with the reason to believe them: who was asked, and who may open a mailbox."""
    by_domain = ["own-domain"] if occasion == LetterOccasion.DOMAIN else []
    return [replace(one, reasons=("own-word", *by_domain)) for one in said]


def _told_again(entry: Entry) -> list[Correction]:
    """Return as corrections what is told anew and not proposed again: it was decided on before, or hidden by editors.

    An answer that repeats what was declined adds nothing.
    """
    hidden = entry.institution.contacts.filter(is_public=False).values_list("kind", "value")
    hidden = {same_contact(kind, value) for kind, value in hidden}
    decided = {
        one.digest: one
        for one in entry.institution.proposals.filter(state__in=[ProposalState.ACCEPTED, ProposalState.DECLINED])
    }
    return [
        _as_correction(line, one)
        for line in entry.all
        for one in line.said
        if _is_told_anew(entry, decided.get(digest_of(one.fact, one.row, one.value)), one)
        or (one.fact == "contact" and one.value and same_contact(one.value["kind"], one.value["value"]) in hidden)
    ]


def _is_told_anew(entry, known, one) -> bool:
    if known is None:
        return False
    if known.value != one.value:
        return True
    is_undone = one.row is not None or not proposed_fact(one.fact).is_known(entry.institution, one.value)
    return known.state == ProposalState.ACCEPTED and is_undone


def _as_correction(line, one) -> Correction:
    words = proposed_fact(one.fact).in_words(one.value) if one.value else ""
    return Subject(line.institution, line.heading if isinstance(line, RowLine) else None).correction(proposed=words)


def _keep(correction: Correction):
    """Store what the institution told, once."""
    correction.origin, correction.language = CorrectionOrigin.INSTITUTION, get_language()
    if not Correction.objects.open().same_as(correction).exists():
        correction.save()


def _still_as_shown(rows) -> list[InstitutionContact]:
    """Return the unchanged contacts among the rows, locked against edits until they are confirmed."""
    shown = {row.pk: row.value for row in rows if isinstance(row, InstitutionContact)}
    held = InstitutionContact.objects.public().select_for_update().filter(pk__in=shown)
    return [contact for contact in held.order_by("pk") if contact.value == shown[contact.pk]]


def _confirm(institution, contacts):
    if not contacts:
        return
    with reversion.create_revision():
        for contact in contacts:
            contact.confirm(method=CheckMethod.INSTITUTION)
        reversion.add_to_revision(institution)
        reversion.set_comment(", ".join([str(CheckMethod.INSTITUTION.label), *map(str, contacts)]))


def write_to(institution: Institution) -> list[str]:
    """Send the yearly e-mail to the institution's addresses and store that. Raise NotSent.

    Return no addresses, and send nothing, if another run wrote to it meanwhile.
    """
    with transaction.atomic():
        Institution.objects.select_for_update().get(pk=institution.pk)
        if ConfirmationRequest.objects.within_a_year().filter(institution=institution).exists():
            return []
        secret, addresses = new_secret(), email_addresses(institution)
        # Stored before sending: an interruption in between costs a year's wait, but never sends twice.
        letter = ConfirmationRequest.objects.create(
            institution=institution, secret_hash=hashed(secret), addresses=addresses
        )
    try:
        send_confirmation_request(institution, secret, addresses)
    except NOT_SENT as error:
        letter.delete()
        raise NotSent(str(error)) from error
    return addresses


def email_addresses(institution: Institution) -> list[str]:
    """Return the public addresses, and the mailbox at the domain of its website that an editor allowed."""
    contacts = institution.contacts.public().filter(kind=ContactKind.EMAIL).in_reading_order()
    allowed = Mailbox.objects.filter(institution=institution)
    return list(dict.fromkeys([*contacts.values_list("value", flat=True), *allowed.values_list("address", flat=True)]))


def stop_letters(institution: Institution):
    NoMoreLetters.objects.get_or_create(institution=institution)


@dataclass
class Waiting:
    """Something that an institution said and no editor has decided yet."""

    label: str
    value_then: str
    value: str


def what_waits(institution: Institution) -> list[Waiting]:
    """Return what the institution said and no editor has decided yet: changes first, then corrections."""
    proposals = institution.proposals.open().filter(origin=INSTITUTION.name).order_by("pk")
    told = Correction.objects.open().about_record(institution.record_kind(), institution.key)
    told = told.filter(origin=CorrectionOrigin.INSTITUTION).order_by("pk")
    return [
        *(_waiting(one) for one in proposals),
        *(Waiting("", one.value_then, one.proposed or one.wrong) for one in told),
    ]


def _waiting(proposal) -> Waiting:
    words = proposal.value_in_words if proposal.value else gettext("no longer ours")
    return Waiting(proposal.label, proposal.value_then if proposal.row else "", words)


def confirmed_by(letter: ConfirmationRequest, institution: Institution) -> list[InstitutionContact]:
    """Return the contacts whose last check is the answer to this e-mail."""
    day = timezone.localtime(letter.answered_at).date().isoformat()
    return [
        contact
        for contact in institution.public_contacts
        if contact.check_method == CheckMethod.INSTITUTION and contact.checked_on == day
    ]
