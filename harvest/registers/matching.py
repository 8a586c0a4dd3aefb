"""Recognition of records in bodies of registers: by identifier, then by website, then by name."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from harvest.models import Proposal, ProposalState
from institutions.likeness import NEAR, SAME, UNLIKE, Likeness, Names, are_like_kinds, meaning
from institutions.models import Institution
from records.contact_types import ContactKind
from records.identifier_types import Identifier
from records.own_sites import site_of
from search.duplicates import ALIKE, ALIKE_AS_PART, name_keys

from .register import Body

# In percent.
SURE, BY_DOMAIN_AND_NAME, BY_DOMAIN, BY_NAME, UNSURE = 95, 90, 75, 70, 40
# Records that editors choose from.
MOST_NEAR = 3


@dataclass(frozen=True)
class Match:
    """Records that a body may be, the likeliest first, with reasons (`harvest.reasons`) and confidence in percent.

    Only the identifiers are proposed unless it `is_certain`.
    """

    institutions: tuple[Institution, ...] = ()
    reasons: tuple[str, ...] = ()
    confidence: int = 0
    is_certain: bool = False

    @property
    def is_by_identifier(self) -> bool:
        return self.is_certain and "same-identifier" in self.reasons


NO_MATCH = Match()


class KnownInstitutions:
    """Records of a country, by website and name; identifiers are looked up among all records."""

    def __init__(self, institutions: Iterable[Institution]):
        """Take institutions loaded by `for_matching`."""
        self.names: dict[int, Names] = {}
        self.by_site: dict[str, dict[int, Institution]] = defaultdict(dict)
        self.by_key: dict[str, set[int]] = defaultdict(set)
        # Whole names, as `meaning_of_name` has them, by the id of the record and the place of the name.
        self.meanings: dict[tuple[int, int], str] = {}
        for institution in institutions:
            self._add(institution)
        refused = Proposal.objects.filter(fact="identifiers", state=ProposalState.DECLINED, institution__isnull=False)
        # Editors said that these are two bodies.
        self.told_apart = {
            (number, *known) for number, ids in refused.values_list("institution", "value") for known in ids.items()
        }

    def _add(self, institution):
        names = self.names[institution.pk] = Names(institution)
        for key in names.keys:
            self.by_key[key].add(institution.pk)
        for number, text in enumerate(names.meanings):
            self.meanings[institution.pk, number] = text
        for contact in institution.contacts.all():
            if contact.kind == ContactKind.WEBSITE and (site := site_of(contact.value)):
                self.by_site[site][institution.pk] = institution

    def match(self, body: Body) -> Match:
        identified = self._by_identifier(body)
        if len(identified) == 1 and self._has_no_other_id(identified[0], body):
            return Match(identified, ("same-identifier",), SURE, is_certain=True)
        if identified:
            return Match(identified, ("same-identifier", "several-candidates"), UNSURE)
        alike = {number: one for number, one in self._likeness(body).items() if self._may_be(number, body)}
        return self._by_site(body, alike) or self._by_name(body, alike)

    def _by_identifier(self, body) -> tuple[Institution, ...]:
        register, own_id = body.own
        pairs = [Identifier(*known) for known in body.identifiers.items()]
        pairs += [Identifier(register, former) for former in body.former_ids]
        found = Institution.objects.identified_by(pairs).for_matching()
        found = [one for one in found if not self._is_told_apart(one.pk, body)]
        # The own id of the body weighs more than one that it shares with another.
        own = [one for one in found if one.identifiers.get(register) in (own_id, *body.former_ids)]
        return tuple(own or found)

    def _is_told_apart(self, number, body) -> bool:
        return (number, *body.own) in self.told_apart

    def _may_be(self, number, body) -> bool:
        """Return whether no editor told them apart, and the record has no other id in the same register."""
        return not self._is_told_apart(number, body) and self._has_no_other_id(self.names[number].institution, body)

    @staticmethod
    def _has_no_other_id(institution, body) -> bool:
        register, own = body.own
        return institution.identifiers.get(register) in (None, own, *body.former_ids)

    def _by_site(self, body, alike) -> Match | None:
        found = {}
        for url in body.websites:
            found |= self.by_site.get(site_of(url), {})
        found = {number: one for number, one in found.items() if self._may_be(number, body)}
        named = [one for number, one in found.items() if alike.get(number, UNLIKE).order >= ALIKE_AS_PART]
        if len(named) == 1:
            is_same = alike[named[0].pk].whole >= SAME and named[0].kind == body.kind
            reasons = ("same-domain", "same-name" if is_same else "similar-name")
            return Match(tuple(named), reasons, BY_DOMAIN_AND_NAME, is_certain=True)
        if len(found) == 1:
            (one,) = found.values()
            # A festival may stand on the website of its organiser, a department on that of its ministry.
            is_certain = one.kind == body.kind
            return Match((one,), ("same-domain",), BY_DOMAIN if is_certain else UNSURE, is_certain=is_certain)
        if found:
            return Match(tuple(named or found.values()), ("same-domain", "several-candidates"), UNSURE)
        return None

    def _by_name(self, body, alike) -> Match:
        best = sorted(alike, key=lambda number: (-alike[number].order, number))
        near = [number for number in best if self._is_near(number, body, alike[number])]
        if not near:
            return NO_MATCH
        same = alike[near[0]].whole >= SAME
        # Another one that is nearly as like leaves it to editors.
        rivals = [number for number in near if alike[number].order >= ALIKE]
        if same and len(rivals) == 1 and self.names[near[0]].institution.kind == body.kind:
            return Match((self.names[near[0]].institution,), ("same-name",), BY_NAME, is_certain=True)
        chosen = (rivals or near)[:MOST_NEAR]
        reasons = ("similar-name", "several-candidates") if len(chosen) > 1 else ("similar-name",)
        confidence = UNSURE if same else UNSURE // 2
        return Match(tuple(self.names[number].institution for number in chosen), reasons, confidence)

    def _is_near(self, number, body, alike: Likeness) -> bool:
        kinds = {self.names[number].institution.kind, body.kind}
        return alike.is_near(of_one_kind=len(kinds) == 1, of_like_kind=are_like_kinds(kinds))

    def _likeness(self, body) -> dict[int, Likeness]:
        """Return the likeness to records with a name of like meaning, or that share a telling word."""
        texts = body.all_names
        numbers = set().union(*(self.by_key.get(key, ()) for key in name_keys(texts)))
        for text in texts:
            found = process.extract(meaning(text), self.meanings, scorer=fuzz.ratio, score_cutoff=NEAR, limit=None)
            numbers |= {number for _meaning, _score, (number, _place) in found}
        return {number: self.names[number].likeness(texts) for number in numbers}
