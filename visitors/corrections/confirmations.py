"""Yearly e-mail that asks an institution to confirm its entry, and the answer, line by line."""

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import reversion
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language

from exports.models import hashed, new_secret
from institutions.models import Institution, InstitutionContact
from people.models import Position
from records.base import NameKind
from records.contact_types import ContactKind
from records.facts import NAMES
from records.models import CheckMethod

from .facts import Fact, fact_of_field, fact_of_row, field_in_shown_language
from .letters import NOT_SENT, send_confirmation_request
from .models import ConfirmationRequest, CorrectionOrigin, NoMoreLetters
from .subjects import Subject

RIGHT, WRONG = "right", "wrong"
ADDRESS_FIELDS = ["address_local", "address_latin", "postal_code", "city"]
LONGEST_ANSWER = 2000


class NotSent(Exception):
    """Raised if the e-mail could not be sent; nothing is stored then."""


@dataclass
class Line:
    """Listed line, with the institution's answer to it."""

    fact: Fact
    row: Any = None
    answer: str = ""
    proposed: str = ""
    # Whether the line has changed since the form was shown.
    has_changed: bool = False
    # Whether it was marked right and another value was typed.
    is_unclear: bool = False


@dataclass
class Answer:
    """Answer of an institution."""

    lines: list[Line]
    remark: str = ""
    all_right: bool = False

    @property
    def has_changed(self) -> bool:
        return any(line.has_changed for line in self.lines)

    @property
    def is_unclear(self) -> bool:
        """Return whether something was typed although a line, or all of it, was marked right."""
        return any(line.is_unclear for line in self.lines) or (self.all_right and bool(self.remark))

    @property
    def says_nothing(self) -> bool:
        return not self.remark and not any(line.answer for line in self.lines)

    @property
    def status(self) -> int:
        """Return the HTTP status of the form; 200 if the answer can be stored."""
        if self.has_changed or self.is_unclear:
            return HTTPStatus.CONFLICT
        return HTTPStatus.BAD_REQUEST if self.says_nothing else HTTPStatus.OK

    def with_answer(self, answer) -> list[Line]:
        return [line for line in self.lines if line.answer == answer]


@dataclass
class ListedLines:
    """Group of listed lines under a heading."""

    names: list[Line] = field(default_factory=list)
    contacts: list[Line] = field(default_factory=list)
    posts: list[Line] = field(default_factory=list)

    @property
    def all(self) -> list[Line]:
        return [*self.names, *self.contacts, *self.posts]


def listed_lines(institution: Institution) -> ListedLines:
    """Return the names, contacts and current heads that the institution's public page shows."""
    fields = [field.name for field in NAMES.fields if field.is_correctable]
    names = [Line(fact_of_field(institution, name)) for name in fields if getattr(institution, name)]
    names += [
        Line(fact_of_row(row, "text", institution), row)
        for row in institution.other_names.all()
        # Other people's spellings are not for the institution to confirm.
        if row.kind not in (NameKind.SPELLING, NameKind.AUTOMATIC)
    ]
    contacts = [Line(fact_of_row(row, "value", institution), row) for row in institution.public_contacts]
    contacts += [Line(fact_of_field(institution, name)) for name in ADDRESS_FIELDS if getattr(institution, name)]
    posts = [
        Line(fact_of_row(post, field_in_shown_language(post, "title"), institution), post)
        for post in Position.objects.public().current().filter(institution=institution).for_list()
    ]
    return ListedLines(names, contacts, posts)


def read_answer(lines: ListedLines, data) -> Answer:
    """Return the answer in the form. Lines that changed since the form was shown get none."""
    answer = Answer(lines.all, data.get("remark", "").strip()[:LONGEST_ANSWER], "all" in data)
    for line in answer.lines:
        reference = line.fact.reference
        shown = data.get(f"shown:{reference}")
        if shown is None:
            continue
        said = RIGHT if answer.all_right else data.get(f"answer:{reference}", "")
        line.proposed = data.get(f"proposed:{reference}", "").strip()[:LONGEST_ANSWER]
        if line.proposed:
            # A typed value counts, whether or not "wrong" is marked beside it.
            line.is_unclear = said == RIGHT
            said = WRONG
        # Browsers send line ends as CRLF.
        line.has_changed = shown.split() != line.fact.value.split() and said in (RIGHT, WRONG)
        line.answer = said if said in (RIGHT, WRONG) and not line.has_changed else ""
    return answer


@transaction.atomic
def keep_answer(letter: ConfirmationRequest, answer: Answer) -> bool:
    """Confirm the contacts marked right and put the rest into the inbox. Return False if it was answered meanwhile."""
    contacts = _still_as_shown(line.row for line in answer.with_answer(RIGHT))
    wrong = answer.with_answer(WRONG)
    unanswered = ConfirmationRequest.objects.filter(pk=letter.pk, answered_at=None)
    if not unanswered.update(
        answered_at=timezone.now(), confirmed_count=len(contacts), wrong_count=len(wrong) + bool(answer.remark)
    ):
        return False
    _confirm(letter.institution, contacts)
    told = {"origin": CorrectionOrigin.INSTITUTION, "language": get_language()}
    for line in wrong:
        Subject(letter.institution, line.fact).correction(proposed=line.proposed, **told).save()
    if answer.remark:
        Subject(letter.institution).correction(wrong=answer.remark, **told).save()
    return True


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
    """Send the e-mail to the institution's public addresses and store that. Raise NotSent.

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
    contacts = institution.contacts.public().filter(kind=ContactKind.EMAIL).in_reading_order()
    return list(contacts.values_list("value", flat=True))


def stop_letters(institution: Institution):
    NoMoreLetters.objects.get_or_create(institution=institution)
