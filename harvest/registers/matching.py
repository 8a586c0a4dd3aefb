"""Recognition of records in bodies of registers: by identifier, then by website, then by name."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple
from urllib.parse import urlsplit

from rapidfuzz import fuzz, process

from harvest.models import Proposal, ProposalState
from institutions.models import Institution
from institutions.models import InstitutionKind as Kind
from languages.folding import fold_for_search
from records.contact_types import KIND_OF_HOST, ContactKind
from records.identifier_types import Identifier
from search.context_words import country_words
from search.duplicates import (
    ALIKE,
    ALIKE_AS_PART,
    common_words,
    likeness_of_names,
    meaning_of_name,
    name_keys,
    place_words,
)
from search.models import NamedText
from search.spelling import likeness

from .register import Body

# In percent.
SURE, BY_DOMAIN_AND_NAME, BY_DOMAIN, BY_NAME, UNSURE = 95, 90, 75, 70, 40
# Least likeness in percent of whole names, chosen with the names of the data set in two languages; see ADR 60.
SAME, NEAR, ONE_WITHOUT = 90, 70, 69
# Kinds that one body may be said to have.
LIKE_KINDS = (
    {Kind.STUDIO, Kind.AGENCY, Kind.FUND, Kind.CENTRE, Kind.UNION, Kind.COMMISSION, Kind.DISTRIBUTOR, Kind.BROADCASTER},
    {Kind.ARCHIVE, Kind.MUSEUM, Kind.CENTRE},
    {Kind.MINISTRY, Kind.AGENCY, Kind.FUND},
)
# Records that editors choose from.
MOST_NEAR = 3
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


@dataclass(frozen=True)
class Likeness:
    """Likeness of a body to a record in percent: of whole names, and of the words that tell bodies apart."""

    whole: float = 0.0
    telling: float = 0.0

    def is_near(self, *, of_one_kind: bool, of_like_kind: bool) -> bool:
        """Return whether to ask editors; the less alike the kinds are, the more the names must be."""
        if of_one_kind:
            return max(self.whole, self.telling) >= NEAR
        return self.whole >= SAME or (of_like_kind and self.telling >= ALIKE)

    @property
    def order(self):
        return max(self.whole, self.telling)


UNLIKE = Likeness()


@dataclass
class Names:
    """Names of a record as they are compared."""

    institution: Institution
    places: frozenset[str]
    texts: list[NamedText]
    keys: frozenset[str]


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
        texts = [name for name in institution.names_to_search() if name.text]
        places = place_words(institution)
        names = Names(institution, places, texts, frozenset(name_keys(texts, places)))
        self.names[institution.pk] = names
        for key in names.keys:
            self.by_key[key].add(institution.pk)
        for number, text in enumerate(texts):
            self.meanings[institution.pk, number] = _meaning(text)
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
        # A register may tell no kind.
        of_like_kind = "" in kinds or any(kinds <= like for like in LIKE_KINDS)
        return alike.is_near(of_one_kind=len(kinds) == 1, of_like_kind=of_like_kind)

    def _likeness(self, body) -> dict[int, Likeness]:
        """Return the likeness to records with a name of like meaning, or that share a telling word."""
        texts = body.all_names
        whole: dict[int, float] = defaultdict(float)
        for text in texts:
            found = process.extract(
                meaning := _meaning(text), self.meanings, scorer=fuzz.ratio, score_cutoff=NEAR, limit=None
            )
            for other, score, (number, place) in found:
                pair = Pair(text, self.names[number].texts[place], meaning, other, score)
                whole[number] = max(whole[number], self._whole(pair, texts, self.names[number]))
        numbers = whole.keys() | set().union(*(self.by_key.get(key, ()) for key in name_keys(texts)))
        return {
            number: Likeness(whole.get(number, 0.0), self._telling(texts, self.names[number])) for number in numbers
        }

    @staticmethod
    def _whole(pair: "Pair", texts, known: Names) -> float:
        """Return the likeness of two names; where no language is common to both bodies, that of a translation."""
        country = country_meanings(known.institution.country_id)
        telling = min(pair.score, _likeness_of_telling_words(pair.meaning, pair.other, country))
        languages = {text.language for text in texts}
        is_translation = languages.isdisjoint(text.language for text in known.texts)
        return max(telling, min(pair.score, SAME - 1)) if is_translation else telling

    @staticmethod
    def _telling(texts, known: Names) -> float:
        """Return the likeness of the words that tell bodies apart; 0 where there are none, or of different things."""
        country = country_meanings(known.institution.country_id)
        return max(
            (
                min(
                    likeness_of_names(one.text, own.text, own.language, known.places),
                    _likeness_of_telling_words(_meaning(one), _meaning(own), country, without=0),
                )
                for one in texts
                for own in known.texts
            ),
            default=0,
        )


class Pair(NamedTuple):
    """Names of a body and of a record, their meanings, and the likeness of these in percent."""

    text: NamedText
    own: NamedText
    meaning: str
    other: str
    score: float


@lru_cache(maxsize=20_000)
def _meaning(text: NamedText) -> str:
    return meaning_of_name(fold_for_search(*text))


@cache
def country_meanings(code: str | None) -> frozenset[str]:
    """Return the words for a country, which bodies there share."""
    return frozenset(word for text in country_words(code or "") for word in _meaning(text).split())


@cache
def _common_meanings() -> frozenset[str]:
    return common_words() | {word for common in common_words() for word in meaning_of_name(common).split()}


def _likeness_of_telling_words(one: str, other: str, country: frozenset[str], *, without: float | None = None) -> float:
    """Return the likeness of the words that are neither kind nor country; `without` where a name has none."""
    shared = _common_meanings() | country
    several = ([word for word in meaning.split() if word not in shared] for meaning in (one, other))
    few, many = sorted(several, key=len)
    if not few:
        return without if without is not None else ONE_WITHOUT if many else 100.0
    return 100 * sum(max(likeness(word, found) for found in many) for word in few) / len(many)
