"""Recognition of records in bodies of registers: by identifier, then by website, then by name."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from harvest.models import Proposal, ProposalState
from institutions.models import Institution
from records.contact_types import KIND_OF_HOST, ContactKind
from records.identifier_types import Identifier
from search.duplicates import ALIKE, ALIKE_AS_PART, likeness_of_names, name_keys, place_words

from .register import Body

# In percent.
SURE, BY_DOMAIN_AND_NAME, BY_DOMAIN, BY_NAME, UNSURE = 95, 90, 75, 70, 40
# Hosts whose pages belong to many bodies: the path tells them apart, and it changes.
SHARED_HOSTS = {
    *KIND_OF_HOST,
    *("sites.google.com", "docs.google.com", "google.com", "linktr.ee", "taplink.cc", "ok.ru", "x.com", "twitter.com"),
    *("linkedin.com", "tiktok.com", "vimeo.com", "medium.com", "telegra.ph", "notion.site", "imdb.com", "gov.kz"),
    *("gov.ru", "gov.uz", "gov.kg", "gov.az", "gov.am", "gov.ge", "gov.by", "gov.md", "gov.tj", "gov.tm", "gov.ua"),
    *("wikipedia.org", "wikidata.org", "kinopoisk.ru", "kino-teatr.ru", "web.archive.org", "archive.org"),
}
# Services that give each customer a host below theirs.
HOSTS_OF_CUSTOMERS = (
    *("wixsite.com", "narod.ru", "ucoz.ru", "ucoz.net", "ucoz.com", "blogspot.com", "wordpress.com", "livejournal.com"),
    *("tilda.ws", "weebly.com", "github.io", "business.site", "jimdofree.com", "webnode.page", "at.ua", "clan.su"),
)
# First labels of hosts that say a language or a kind of page, and no other site.
SAME_SITE = {
    "www",
    "www2",
    "m",
    "mobile",
    "old",
    "new",
    "en",
    "ru",
    "kz",
    "kk",
    "kg",
    "ky",
    "az",
    "am",
    "hy",
    "by",
    "be",
}
SAME_SITE |= {"ge", "ka", "uz", "tj", "tg", "tm", "tk", "md", "ro", "ua", "uk", "eng", "rus"}


def site_of(url: str) -> str:
    """Return a key that is equal for two pages of one body's website; "" for pages on hosts of many bodies."""
    try:
        parts = urlsplit(url if "://" in url else f"https://{url}")
        host = (parts.hostname or "").rstrip(".").encode("idna").decode()
    except ValueError:
        return ""
    labels = host.split(".")
    while len(labels) > 2 and labels[0] in SAME_SITE:
        labels = labels[1:]
    host = ".".join(labels)
    if host in SHARED_HOSTS or "." not in host:
        return ""
    if host.endswith(HOSTS_OF_CUSTOMERS):
        if host in HOSTS_OF_CUSTOMERS:
            return ""
        # One customer of Wix may have several sites, in folders.
        folder = parts.path.strip("/").partition("/")[0]
        return f"{host}/{folder}" if host.endswith("wixsite.com") else host
    return host


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


@dataclass
class Names:
    """Names of a record as they are compared."""

    institution: Institution
    places: frozenset[str]
    texts: list = field(default_factory=list)
    keys: frozenset[str] = frozenset()


class KnownInstitutions:
    """Records of a country, by website and name; identifiers are looked up among all records."""

    def __init__(self, institutions: Iterable[Institution]):
        """Take institutions loaded by `for_matching`."""
        self.names: dict[int, Names] = {}
        self.by_site: dict[str, dict[int, Institution]] = defaultdict(dict)
        self.by_key: dict[str, set[int]] = defaultdict(set)
        for institution in institutions:
            self._add(institution)
        refused = Proposal.objects.filter(fact="identifiers", state=ProposalState.DECLINED, institution__isnull=False)
        # Editors said that these are two bodies.
        self.told_apart = {
            (number, *known) for number, ids in refused.values_list("institution", "value") for known in ids.items()
        }

    def _add(self, institution):
        texts = [name for name in institution.names_to_search() if name.text]
        places = place_words(institution)
        names = Names(institution, places, texts, frozenset(name_keys(texts, places)))
        self.names[institution.pk] = names
        for key in names.keys:
            self.by_key[key].add(institution.pk)
        for contact in institution.contacts.all():
            if contact.kind == ContactKind.WEBSITE and (site := site_of(contact.value)):
                self.by_site[site][institution.pk] = institution

    def match(self, body: Body) -> Match:
        identified = self._by_identifier(body)
        if len(identified) == 1 and self._has_no_other_id(identified[0], body):
            return Match(identified, ("same-identifier",), SURE, is_certain=True)
        if identified:
            return Match(identified, ("same-identifier", "several-candidates"), UNSURE)
        scores = {number: score for number, score in self._scores(body).items() if self._may_be(number, body)}
        return self._by_site(body, scores) or self._by_name(body, scores)

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

    def _by_site(self, body, scores) -> Match | None:
        found = {}
        for url in body.websites:
            found |= self.by_site.get(site_of(url), {})
        found = {number: one for number, one in found.items() if self._may_be(number, body)}
        named = [one for number, one in found.items() if scores.get(number, 0) >= ALIKE_AS_PART]
        if len(named) == 1:
            return Match(tuple(named), ("same-domain", "same-name"), BY_DOMAIN_AND_NAME, is_certain=True)
        if len(found) == 1:
            return Match(tuple(found.values()), ("same-domain",), BY_DOMAIN, is_certain=True)
        if found:
            return Match(tuple(named or found.values()), ("same-domain", "several-candidates"), UNSURE)
        return None

    def _by_name(self, body, scores) -> Match:
        best = sorted(scores, key=lambda number: (-scores[number], number))
        same = [number for number in best if scores[number] >= ALIKE and self._is_whole_name(number, body)]
        of_kind = [number for number in same if self.names[number].institution.kind == body.kind]
        if len(of_kind) == 1 and len(same) == 1:
            institution = self.names[of_kind[0]].institution
            return Match((institution,), ("same-name",), BY_NAME, is_certain=True)
        near = same or [number for number in best if self._is_near(number, body, scores[number])]
        if not near:
            return NO_MATCH
        several = ("several-candidates",) if len(near) > 1 else ()
        confidence = UNSURE if same else UNSURE // 2
        return Match(
            tuple(self.names[number].institution for number in near[:3]), ("similar-name", *several), confidence
        )

    def _is_near(self, number, body, score) -> bool:
        """Return whether to ask editors: another kind of body must have nearly the same name."""
        return score >= (ALIKE_AS_PART if self.names[number].institution.kind == body.kind else ALIKE)

    def _is_whole_name(self, number, body) -> bool:
        names = self.names[number]
        keys = {key for key in name_keys([*body.names, *body.official_names], names.places) if key.startswith("=")}
        return bool(keys & names.keys)

    def _scores(self, body) -> dict[int, float]:
        """Return the likeness in percent to records that share a word with one of the names."""
        texts = body.all_names
        numbers = set().union(*(self.by_key.get(key, ()) for key in name_keys(texts)))
        scores = {number: self._likeness(texts, self.names[number]) for number in numbers}
        return {number: score for number, score in scores.items() if score}

    @staticmethod
    def _likeness(texts, known: Names) -> float:
        return max(
            (likeness_of_names(one.text, own.text, own.language, known.places) for one in texts for own in known.texts),
            default=0,
        )
