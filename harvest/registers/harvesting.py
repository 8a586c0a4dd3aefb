"""One run through a register: its bodies are read, matched with records, and what they say is proposed."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import islice

from django.db import transaction

from harvest.facts import proposed_fact
from harvest.origins import ORIGINS
from harvest.proposing import Stored, Suggestion, propose, propose_new
from institutions.models import Country, Institution
from people.withheld_names import WithheldNames
from records.base import PublicationState
from records.contact_types import ContactKind
from web.site_client import SiteClient

from .client import RegisterClient
from .identifiers import missing_identifiers, supersede_elsewhere, write_identifiers
from .matching import UNSURE, KnownInstitutions, Match
from .register import Body, Register
from .suggesting import new_institution, suggestions
from .websites import reasons_of_website


@dataclass
class Harvest:
    """Run through a register, country by country. `counts` says what was done, by words of `COUNTED`."""

    register: Register
    client: RegisterClient
    # Asks websites that a register names, if given.
    site_client: SiteClient | None = None
    # Whether nothing is stored.
    is_dry: bool = False
    note: Callable[[int], object] = lambda number: None
    counts: Counter = field(default_factory=Counter)

    def harvest(self, country: Country, limit: int | None = None):
        """Read the bodies of a country, at most so many, and propose what they say. Raise RegisterError."""
        ours = list(Institution.objects.filter(country=country).for_matching())
        international = Institution.objects.filter(is_international=True).for_matching()
        known = KnownInstitutions([*ours, *international])
        matched, unmatched = defaultdict(list), []
        for number, body in enumerate(islice(self.register.ask(self.client, country, ours), limit), start=1):
            self.note(number)
            match = known.match(body)
            for institution in match.institutions:
                matched[institution].append((body, match))
            if not match.institutions:
                unmatched.append(body)
        self.counts["bodies"] += len(unmatched) + len(
            {body.own for several in matched.values() for body, _m in several}
        )
        self._store(country, matched, unmatched)

    def _store(self, country, matched, unmatched):
        withheld = WithheldNames.read()
        # Asking takes minutes: a record may have been merged since.
        present = set(Institution.objects.filter(pk__in=[one.pk for one in matched]).values_list("pk", flat=True))
        with self._storing():
            for institution, several in matched.items():
                if institution.pk in present:
                    self._propose(institution, settled(several), withheld)
            for body in unmatched:
                self._propose_new(country, body, withheld)

    @contextmanager
    def _storing(self) -> Iterator[None]:
        """Undo everything at the end of a dry run; else each record is stored by itself."""
        if not self.is_dry:
            yield
            return
        with transaction.atomic():
            yield
            transaction.set_rollback(True)

    def _propose(self, institution, several, withheld):
        if institution.publication_state == PublicationState.ARCHIVED:
            self.counts["archived"] += 1
            return
        self.counts["recognised" if any(match.is_certain for _body, match in several) else "near"] += 1
        proposed = []
        for body, match in several:
            if match.is_by_identifier:
                self._write_identifiers(institution, body)
            if match.is_certain:
                supersede_elsewhere(institution, body)
            for one in suggestions(body, institution, match):
                proposed.append(self._with_website(one, institution, body))
        self._count(propose(institution, proposed, self.register.name, withheld))

    def _write_identifiers(self, institution, body):
        missing = missing_identifiers(institution, body)
        if missing:
            write_identifiers(institution, missing, body, ORIGINS[self.register.name])
            institution.identifiers |= missing
            self.counts["identifiers"] += len(missing)

    def _propose_new(self, country, body, withheld):
        suggestion = new_institution(body, country)
        if suggestion is None:
            self.counts["unknown"] += 1
            return
        self.counts["unlisted"] += 1
        self._count(propose_new(suggestion.value["name_en"], country, suggestion, self.register.name, withheld))

    def _with_website(self, suggestion: Suggestion, institution, body) -> Suggestion:
        """Return a suggested website with the reasons that its front page gives."""
        is_website = suggestion.fact == "contact" and suggestion.value["kind"] == ContactKind.WEBSITE
        if self.site_client is None or not is_website:
            return suggestion
        if proposed_fact("contact").is_known(institution, suggestion.value):
            return suggestion
        further = reasons_of_website(self.site_client, suggestion.value["value"], body)
        return replace(suggestion, reasons=(*suggestion.reasons, *further))

    def _count(self, stored: Stored):
        self.counts["proposed"] += len(stored.new)
        self.counts["open"] += len(stored.known)
        for why, number in stored.left_out.items():
            self.counts[why] += number


def settled(several: list[tuple[Body, Match]]) -> list[tuple[Body, Match]]:
    """Return the bodies that may be one record, of which one at most is certain: the surest, if it stands alone."""
    certain = [match.confidence for _body, match in several if match.is_certain]
    if len(certain) < 2:
        return several
    surest = max(certain) if certain.count(max(certain)) == 1 else None
    return [(body, match if match.confidence == surest else _in_doubt(match)) for body, match in several]


def _in_doubt(match: Match) -> Match:
    reasons = tuple(dict.fromkeys([*match.reasons, "several-candidates"]))
    return replace(match, reasons=reasons, confidence=min(match.confidence, UNSURE), is_certain=False)
