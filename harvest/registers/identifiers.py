"""Ids of other registers, written without an editor where a record was recognised by an id that it has already."""

import reversion
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext
from reversion.models import Version

from harvest.models import Proposal, ProposalState
from harvest.origins import Origin
from institutions.models import Institution, InstitutionSource
from records.identifier_types import Identifier, in_words
from records.models import Source

from .register import Body
from .suggesting import title_of


def missing_identifiers(institution: Institution, body: Body) -> dict[str, str]:
    """Return the ids that the record lacks and no other record has."""
    lacking = {
        register: number for register, number in body.identifiers.items() if register not in institution.identifiers
    }
    taken = Institution.objects.identified_by(Identifier(*known) for known in lacking.items()).exclude(
        pk=institution.pk
    )
    held = {known for others in taken.values_list("identifiers", flat=True) for known in others.items()}
    return {register: number for register, number in lacking.items() if (register, number) not in held}


@transaction.atomic
def write_identifiers(institution: Institution, identifiers: dict[str, str], body: Body, origin: Origin):
    """Store the ids with their source and history."""
    institution = Institution.objects.select_for_update(of=["self"]).get(pk=institution.pk)
    if not Version.objects.get_for_object(institution).exists():
        with reversion.create_revision():
            reversion.set_comment(gettext("State before the first edit."))
            reversion.add_to_revision(institution)
    with reversion.create_revision():
        words = {"identifiers": in_words(identifiers), "register": origin.label, "id": body.own[1]}
        reversion.set_comment(gettext("%(identifiers)s, since %(register)s has them with %(id)s") % words)
        # An editor may have entered another id meanwhile.
        institution.identifiers = identifiers | institution.identifiers
        institution.save(update_fields=["identifiers", "updated_at"])
        _add_source(institution, body, origin)
        reversion.add_to_revision(institution)


def _add_source(institution, body, origin):
    source, _is_new = Source.objects.get_or_create(
        url=body.url[:1000],
        defaults={
            "title": title_of(body)[:300],
            "publisher": origin.publisher,
            "licence": origin.licence,
            "accessed_on": timezone.localdate(),
        },
    )
    row = InstitutionSource.objects.filter(institution=institution, source=source).first()
    if row is None:
        order = InstitutionSource.objects.filter(institution=institution).count()
        row = InstitutionSource(institution=institution, source=source, supports=[], order=order)
    if "identifiers" not in row.supports:
        row.supports = [*row.supports, "identifiers"]
        row.save()


def supersede_elsewhere(institution: Institution, body: Body):
    """Close open proposals that take the body for another record, or for a new one: it is this record."""
    register, number = body.own
    elsewhere = Proposal.objects.open().filter(fact="identifiers", value__contains={register: number})
    as_new = Proposal.objects.open().filter(fact="new", value__identifiers__contains={register: number})
    for proposals in (elsewhere.exclude(institution=institution), as_new):
        proposals.update(state=ProposalState.SUPERSEDED, decided_at=timezone.now())
