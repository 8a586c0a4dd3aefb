"""Decisions about proposals: accepting writes the fact with its source, and is undone exactly; declining is final."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from editors.accounts.limits import country_codes
from editors.spreadsheets.journal import is_as_written
from editors.spreadsheets.revisions import people_with_rows, remember, with_rows
from editors.spreadsheets.undoing import relations_to
from editors.spreadsheets.writing import keep_first_states
from harvest.facts import proposed_fact
from harvest.models import Proposal, ProposalState
from institutions.models import City, Institution, InstitutionSource
from people.models import Person, PersonSource
from records.history.models import Load
from records.models import Source
from visitors.corrections.models import Correction, CorrectionState
from visitors.corrections.receiving import answer

from .writing import Writer

# They stay if something else needs them.
SHARED = (Source, City, Person, PersonSource)


@dataclass
class Decided:
    """Proposals of one decision, and why others were left as they are."""

    done: list[Proposal] = field(default_factory=list)
    refused: list[tuple[Proposal, str]] = field(default_factory=list)


class NotUndone(Exception):
    """Raised with words for the editor if the fact has changed since it was accepted."""


def _locked(ids: Iterable[int], user, *states: str) -> tuple[list[Proposal], dict[int, Institution], Decided]:
    """Lock the proposals in these states that the editor may decide on, with their institutions by id.

    The result of the decision tells those in another state by now; it says nothing of other countries.
    """
    mine = Proposal.objects.filter(pk__in=list(ids))
    codes = country_codes(user)
    if codes is not None:
        # The institution may have moved since.
        here = models.Q(institution=None) | models.Q(institution__country__in=codes)
        mine = mine.filter(here, country__in=codes)
    # Institutions before their proposals, as `propose` does, and in one order, so that nobody waits for the other.
    institutions = Institution.objects.select_for_update(of=["self"]).with_public_contacts().order_by("pk")
    found = institutions.in_bulk(set(mine.values_list("institution", flat=True)) - {None})
    proposals = list(mine.filter(state__in=states).select_for_update(of=["self"]).order_by("pk"))
    words = _("It was decided meanwhile: %(state)s.")
    others = mine.exclude(pk__in=[one.pk for one in proposals])
    return proposals, found, Decided(refused=[(one, words % {"state": one.get_state_display()}) for one in others])


@transaction.atomic
def accept(ids: Iterable[int], user) -> Decided:
    """Write these open proposals into the records, each with its source and a line in the history."""
    at = timezone.now()
    proposals, institutions, result = _locked(ids, user, ProposalState.OPEN)
    keep_first_states(Institution, {one.institution_id for one in proposals} - {None}, with_rows)
    groups: dict[int, list[Person]] = {}
    for proposal in proposals:
        try:
            with transaction.atomic():
                writer = _write(proposal, institutions.get(proposal.institution_id))
        except ValidationError as error:
            result.refused.append((proposal, " ".join(error.messages)))
            # What the attempt left in memory must not be saved by the next one.
            if proposal.institution_id:
                fresh = Institution.objects.with_public_contacts().get(pk=proposal.institution_id)
                institutions[proposal.institution_id] = fresh
            continue
        groups.setdefault(writer.institution.pk, []).extend(writer.people)
        _decide(proposal, ProposalState.ACCEPTED, user, at, writer.journal)
        result.done.append(proposal)
    _put_into_history(groups, user, _("Accepted: %(proposals)s"), result.done)
    for correction in Correction.objects.open().filter(proposal__in=result.done):
        answer(correction, CorrectionState.ACCEPTED, by=user)
    return result


def _write(proposal, institution) -> Writer:
    fact = proposed_fact(proposal.fact)
    if proposal.row is None and institution is not None and fact.is_known(institution, proposal.value):
        raise ValidationError(_("The record says so already."))
    writer = Writer(proposal, institution)
    writer.write()
    return writer


def _decide(proposal, state, user, at, journal=()):
    proposal.state, proposal.journal = state, list(journal)
    # The same moment for all of one decision, which is undone together.
    proposal.decided_at, proposal.decided_by = at, user.get_username()
    proposal.save()


def _put_into_history(groups, user, words, proposals):
    if not groups:
        return
    comment = words % {"proposals": ", ".join(dict.fromkeys(one.label for one in proposals))}
    # Changes of many records at once are one entry on the public page of changes.
    load = Load.objects.create(happened_at=timezone.now()) if len(groups) > 1 else None
    people = {one.pk: one for one in people_with_rows({person.pk for each in groups.values() for person in each})}
    records = [
        [record, *(people[pk] for pk in dict.fromkeys(person.pk for person in groups[record.pk]))]
        for record in with_rows(groups)
    ]
    remember(records, user=user, comment=comment, load=load)


@transaction.atomic
def decline(ids: Iterable[int], user) -> Decided:
    """Decline these open proposals: they do not come back."""
    at = timezone.now()
    proposals, _institutions, result = _locked(ids, user, ProposalState.OPEN)
    waiting = set(Correction.objects.open().filter(proposal__in=proposals).values_list("proposal", flat=True))
    for proposal in proposals:
        if proposal.pk in waiting:
            result.refused.append((proposal, _("A reader waits for the reason: decline the correction.")))
            continue
        result.done.append(proposal)
        _decide(proposal, ProposalState.DECLINED, user, at)
    return result


@transaction.atomic
def undo(ids: Iterable[int], user) -> Decided:
    """Reopen decided proposals; what accepting them wrote goes, unless it has changed since."""
    proposals, _institutions, result = _locked(ids, user, ProposalState.ACCEPTED, ProposalState.DECLINED)
    # An open one has nothing to undo.
    result.refused = []
    groups: dict[int, tuple] = {}
    # The last first: it may rest on what an earlier one wrote.
    for proposal in proposals[::-1]:
        try:
            with transaction.atomic():
                groups |= dict.fromkeys(_undo_journal(proposal), ())
        except NotUndone as error:
            result.refused.append((proposal, str(error)))
            continue
        proposal.state, proposal.journal = ProposalState.OPEN, []
        proposal.decided_at, proposal.decided_by = None, ""
        proposal.save()
        result.done.append(proposal)
    _put_into_history(groups, user, _("Undone: %(proposals)s"), result.done)
    return result


def _undo_journal(proposal) -> set[int]:
    """Return the institutions whose record changed."""
    entries = proposal.journal[::-1]
    if not all(_may_go_back(entry, _object(entry)) for entry in entries):
        raise NotUndone(_("It has changed since. Edit the record by hand."))
    concerned = set()
    for entry in entries:
        # Anew, since several entries may be about one object.
        one = _object(entry)
        model = apps.get_model(entry["model"])
        if isinstance(one, Institution):
            concerned.add(one.pk)
        elif institution := getattr(one, "institution_id", None):
            concerned.add(institution)
        if model is InstitutionSource:
            _withdraw_support(entry, one)
        elif entry["after"] is None:
            restored = model(**entry["before"])
            restored.save(force_insert=True)
            concerned.add(restored.institution_id)
        elif entry["before"] is None:
            _delete(one, is_shared=model in SHARED)
        else:
            for name, value in entry["before"].items():
                setattr(one, name, value)
            one.save()
    return {pk for pk in concerned if Institution.objects.filter(pk=pk).exists()}


def _object(entry) -> models.Model | None:
    return apps.get_model(entry["model"])._base_manager.filter(pk=entry["pk"]).first()


def _may_go_back(entry, one) -> bool:
    if entry["after"] is None:
        return one is None
    model = apps.get_model(entry["model"])
    if model is InstitutionSource or model in SHARED:
        return True
    return one is not None and is_as_written(one, entry)


def _withdraw_support(entry, row):
    """Take back only what this proposal added: another one may have the same page as its source."""
    if row is None:
        return
    added = set(entry["after"]["supports"]) - set((entry["before"] or {}).get("supports", []))
    row.supports = [fact for fact in row.supports if fact not in added]
    if row.supports:
        row.save()
    else:
        row.delete()


def _delete(one, *, is_shared):
    """Delete what accepting created; what others need by now stays."""
    if one is None or (is_shared and _is_in_use(one)):
        return
    try:
        with transaction.atomic():
            one.delete()
    except models.ProtectedError as error:
        raise NotUndone(_("Another record refers to it by now.")) from error


def _is_in_use(one) -> bool:
    return any(
        relation.related_model._base_manager.filter(**{relation.field.name: one}).exists()
        for relation in relations_to(type(one))
    )
