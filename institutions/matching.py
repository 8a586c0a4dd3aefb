"""Institutions that the rows of somebody's list are about."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from languages.folding import fold_for_search
from languages.of_countries import LANGUAGE_OF_SCRIPT
from languages.scripts import known_language, script_of
from records.contact_types import TELEPHONE_KINDS, ContactKind
from records.identifier_types import Identifier
from records.models import same_contact
from records.own_sites import site_of
from records.pages import slug_of_page
from records.tables.cells import contacts_anywhere
from search.context_words import choice_names, names_of_choices
from search.duplicates import ALIKE, ALIKE_AS_PART, common_words, legal_words, readings
from search.matches import Candidate, Match, Proof, settled
from search.models import NamedText
from search.named_alike import candidates
from search.record_words import joined_words
from search.spelling import likeness, stems

from .likeness import Names, are_like_kinds
from .models import Institution, InstitutionContact, InstitutionKind
from .models.institution_lists import InstitutionQuerySet
from .places import Place, Places

# Sections of the site with pages of institutions.
PAGES = ("institutions", "studios", "agencies")
# Rows that are looked up together.
ROWS_A_TIME = 500
# Identifying letters of a name that may be another body's elsewhere.
FEW_LETTERS = 6
# Least likeness of a word that is misspelt, and share of the letters in percent that words with slips have in common.
LEAST_OF_A_WORD, LEAST_ALIGNED = 0.5, 80
# Points beside those for the likeness of names, which are 100 at most.
POINTS = {"identifier": 40, "contact": 20, "domain": 12, "country": 4, "city": 3, "kind": 2}
POINTS |= {"other-country": -40, "other-city": -12, "other-kind": -15}
# For a name that is not alike where a contact is the same.
BY_CONTACT_ALONE = 60


@dataclass(frozen=True)
class Sought:
    """Statements of a row about an institution, as texts in any language and spelling.

    `contacts` are cells with telephones, e-mail addresses and web pages in any number; `key` is the key of a record or
    the URL of its page.
    """

    names: tuple[str, ...] = ()
    country: str = ""
    city: str = ""
    kind: str = ""
    contacts: tuple[str, ...] = ()
    key: str = ""
    identifiers: tuple[Identifier, ...] = ()


@dataclass(frozen=True)
class Row:
    """Parsed statements of a row; contacts are keys of `same_contact`."""

    names: tuple[str, ...]
    place: Place
    kind: str
    contacts: frozenset[tuple[str, str]]
    sites: frozenset[str]


class KnownNames(Names):
    """Names and contacts of a published record."""

    def __init__(self, institution: Institution):
        super().__init__(institution)
        kinds = _words_of_kind(institution.kind)
        self.neutral = {stem for word in kinds | self.places for stem in stems(word)}
        self.whole = {words for text in self.texts for words in wordings(text)}
        self.reduced = {words for whole in self.whole if (words := self._reduced(whole))}
        self.kinds = {kind for text in self.texts for kind in _kinds_in(text.text)} | {institution.kind}
        self.contacts = {_contact_key(one.kind, one.value) for one in institution.public_contacts}
        self.sites = {site_of(one.value) for one in institution.public_contacts if one.kind == ContactKind.WEBSITE}
        self.sites -= {""}

    def _reduced(self, words: frozenset[str]) -> frozenset[str]:
        """Return the words without those for kind and place, if the others identify something."""
        rest = frozenset(word for word in words if self.neutral.isdisjoint(stems(word)))
        return rest if _letters(rest) else frozenset()

    def same_words(self, name: str) -> frozenset[str]:
        """Return the words of the name if it is one of the record's, but for words for its kind and place."""
        for words in wordings(NamedText(name)):
            if words in self.whole or self._reduced(words) in self.reduced:
                return words
        return frozenset()

    def alike(self, names: Iterable[str]) -> float:
        """Return the likeness of the names in percent, below 100: they are not the same."""
        texts = [NamedText(name, _likely_language(name)) for name in names]
        letter_by_letter = (
            _alignment(words, own, self.places) for text in texts for words in wordings(text) for own in self.whole
        )
        return min(99.0, max(self.likeness(texts).order, *letter_by_letter, 0.0))

    def is_telling(self, words: frozenset[str]) -> bool:
        """Return whether a name of these words is hardly another body's elsewhere."""
        return _letters(words - self.places) >= FEW_LETTERS or not words.isdisjoint(self.places)


class InstitutionMatcher:
    """Matching of many rows with published institutions; what was looked up is kept for further rows."""

    def __init__(self, records: InstitutionQuerySet | None = None):
        """Take the published institutions to choose from; all of them by default."""
        self.records = Institution.objects.published() if records is None else records
        self.places = Places()
        self._known: dict[int, KnownNames] = {}
        self._matches: dict[Sought, Match] = {}

    def match(self, rows: Iterable[Sought]) -> list[Match]:
        """Return a match for each row."""
        rows = list(rows)
        new = list(dict.fromkeys(row for row in rows if row not in self._matches))
        for start in range(0, len(new), ROWS_A_TIME):
            some = new[start : start + ROWS_A_TIME]
            self._matches |= zip(some, self._match(some), strict=True)
        return [self._matches[row] for row in rows]

    def _match(self, rows: Sequence[Sought]) -> Iterable[Match]:
        understood = [self._understood(row) for row in rows]
        by_name = candidates(self.records, {name for row in understood for name in row.names})
        by_contact = Contacts(understood)
        identified = self._identified(rows)
        ids = [
            {pk for name in row.names for pk in by_name[name]} | by_contact.ids(row) | identified[number]
            for number, row in enumerate(understood)
        ]
        self._load(set().union(*ids))
        for number, row in enumerate(understood):
            known = (self._known[pk] for pk in ids[number] if pk in self._known)
            judged = (self._judged(row, one, one.institution.pk in identified[number]) for one in known)
            yield settled(filter(None, judged))

    def _understood(self, row: Sought) -> Row:
        place = self.places.read(row.country, row.city)
        region = next(iter(place.countries), "") if len(place.countries) == 1 else ""
        contacts = {found for cell in row.contacts for found in contacts_anywhere(cell, region)}
        sites = {site_of(value) for kind, value in contacts if kind == ContactKind.WEBSITE}
        sites |= {site_of(value.partition("@")[2]) for kind, value in contacts if kind == ContactKind.EMAIL}
        keys = frozenset(_contact_key(*contact) for contact in contacts)
        return Row(tuple(filter(None, row.names)), place, kind_named(row.kind), keys, frozenset(sites - {""}))

    def _identified(self, rows) -> list[set[int]]:
        by_key = self.records.ids_by_key(row.key for row in rows)
        by_slug = self.records.ids_by_slug(slug_of_page(row.key, PAGES) for row in rows)
        known = {identifier for row in rows for identifier in row.identifiers}
        found = self.records.identified_by(known).values_list("pk", "identifiers") if known else ()
        by_identifier = {Identifier(*pair): pk for pk, identifiers in found for pair in identifiers.items()}
        return [
            {by_key.get(row.key), by_slug.get(slug_of_page(row.key, PAGES)), *map(by_identifier.get, row.identifiers)}
            - {None}
            for row in rows
        ]

    def _load(self, ids: set[int]):
        new = self.records.filter(pk__in=ids - self._known.keys()).select_related("country", "city")
        for institution in new.with_public_contacts(sources=False).prefetch_related("other_names"):
            self._known[institution.pk] = KnownNames(institution)

    def _judged(self, row: Row, known: KnownNames, is_identified: bool) -> Candidate | None:
        same = [words for name in row.names if (words := known.same_words(name))]
        alike = 100.0 if same else known.alike(row.names)
        reasons = [*_shared(row, known, is_identified), *_fitting(row, known)]
        if not alike and not {"identifier", "contact", "domain"}.intersection(reasons):
            return None
        if alike:
            reasons.insert(0, "same-name" if same else "similar-name")
        base = max(alike, BY_CONTACT_ALONE) if {"contact", "domain"}.intersection(reasons) else alike
        points = base + sum(POINTS.get(reason, 0) for reason in reasons)
        is_telling = any(known.is_telling(words) for words in same)
        return Candidate(known.institution, points, _proof(row, alike, is_telling, set(reasons)), tuple(reasons))


def _proof(row: Row, alike: float, is_telling: bool, reasons: set[str]) -> Proof:
    is_elsewhere = not reasons.isdisjoint({"other-country", "other-kind"})
    if "identifier" in reasons and (not row.names or alike >= ALIKE_AS_PART):
        return Proof.IDENTIFIER
    if "contact" in reasons and alike >= ALIKE_AS_PART and not is_elsewhere:
        return Proof.CONTACT
    is_moved = "other-city" in reasons
    if "domain" in reasons and alike >= ALIKE and not is_elsewhere and not is_moved:
        return Proof.CONTACT
    is_placed = not reasons.isdisjoint({"country", "city"})
    is_contradicted = is_elsewhere or is_moved or row.place.is_unclear
    is_named = "same-name" in reasons and (is_telling or is_placed) and not is_contradicted
    return Proof.NAME if is_named else Proof.NONE


def _shared(row: Row, known: KnownNames, is_identified: bool) -> list[str]:
    found = {"identifier": is_identified, "contact": bool(row.contacts & known.contacts)}
    found["domain"] = bool(row.sites & known.sites)
    return [reason for reason, is_so in found.items() if is_so]


def _fitting(row: Row, known: KnownNames) -> list[str]:
    """Return how place and kind of the row agree with the record."""
    institution, reasons = known.institution, []
    if row.place.countries and institution.country_id:
        reasons.append("country" if institution.country_id in row.place.countries else "other-country")
    if row.place.cities and institution.city_id:
        reasons.append("city" if institution.city_id in row.place.cities else "other-city")
    said = {row.kind} if row.kind else {kind for name in row.names for kind in _kinds_in(name)}
    if row.kind and institution.kind == row.kind:
        reasons.append("kind")
    elif said and not any(are_like_kinds({one, other}) for one in said for other in known.kinds):
        reasons.append("other-kind")
    return reasons


class Contacts:
    """Ids of published institutions by their public contacts and the sites of these."""

    def __init__(self, rows: Sequence[Row]):
        self.rows = rows

    @cached_property
    def _by_contact(self) -> dict[tuple[str, str], set[int]]:
        asked = {(kind, value) for row in self.rows for kind, value in row.contacts}
        asked |= {(kind, value) for phone, value in asked if phone == ContactKind.PHONE for kind in TELEPHONE_KINDS}
        found = defaultdict(set)
        contacts = InstitutionContact.objects.shown().any_of(
            (kind, f"https://{value}" if kind not in (*TELEPHONE_KINDS, ContactKind.EMAIL) else value)
            for kind, value in asked
        )
        for pk, kind, value in contacts.values_list("institution", "kind", "value") if asked else ():
            found[_contact_key(kind, value)].add(pk)
        return found

    @cached_property
    def _by_site(self) -> dict[str, set[int]]:
        asked = {site for row in self.rows for site in row.sites}
        found = defaultdict(set)
        contacts = InstitutionContact.objects.shown().filter(kind=ContactKind.WEBSITE).on_sites(asked)
        for pk, value in contacts.values_list("institution", "value"):
            if (site := site_of(value)) in asked:
                found[site].add(pk)
        return found

    def ids(self, row: Row) -> set[int]:
        shared = (self._by_contact.get(contact, set()) for contact in row.contacts)
        return set().union(*shared, *(self._by_site.get(site, set()) for site in row.sites))


def _contact_key(kind: str, value: str) -> tuple[str, str]:
    """Return a key equal for spellings of one contact; a number is the same by telephone and by fax."""
    return same_contact(ContactKind.PHONE if kind in TELEPHONE_KINDS else ContactKind(kind), value)


def wordings(text: NamedText) -> list[frozenset[str]]:
    """Return the words of a name in any order, in each of its foldings, without legal forms."""
    ways = {}
    for folded in readings(*text):
        words = [word for word in folded.split() if word not in legal_words()] or folded.split()
        ways |= dict.fromkeys(filter(None, (frozenset(words), frozenset(joined_words(" ".join(words)).split()))))
    return list(ways)


def _likely_language(text: str) -> str:
    """Return the language by which a name is no translation of a name of the same script."""
    script = script_of(text)
    return LANGUAGE_OF_SCRIPT.get(script) or known_language(text, "") or ("ru" if script == "Cyrl" else "en")


def _alignment(typed: frozenset[str], own: frozenset[str], places: frozenset[str]) -> float:
    """Return the share of letters in words that both have, but for slips, in percent; 0 for another telling word."""
    best = {}
    # Telling words first, of which one that the other name lacks ends the comparison.
    for word in sorted(typed ^ own, key=lambda word: word in common_words() or word in places):
        best[word] = max(likeness(word, one) for one in (own if word in typed else typed))
        if best[word] < LEAST_OF_A_WORD and word not in common_words() and word not in places:
            return 0.0
    letters = sum(map(len, typed)) + sum(map(len, own))
    share = 100 * (letters - sum(len(word) * (1 - value) for word, value in best.items())) / letters
    return share if share >= LEAST_ALIGNED else 0.0


def _letters(words: Iterable[str]) -> int:
    """Return the number of letters in the words that identify a body."""
    return sum(len(word) for word in words if word not in common_words() and not word.isdigit())


@cache
def _words_of_kind(kind: str) -> frozenset[str]:
    names = choice_names(InstitutionKind(kind), "kinds")
    return frozenset(word for name in names for word in fold_for_search(*name).split())


@cache
def _kinds_by_name() -> dict[str, str]:
    names = names_of_choices(InstitutionKind, "kinds")
    return {fold_for_search(name.text): kind for kind, name in reversed(names)}


def kind_named(text: str) -> str:
    """Return the kind that the whole text names, or ""."""
    return text if text in InstitutionKind.values else _kinds_by_name().get(fold_for_search(text), "")


@cache
def _kinds_by_word() -> dict[str, str]:
    """Return kinds by the words that stand for no other kind."""
    kinds = defaultdict(set)
    for name, kind in _kinds_by_name().items():
        if " " not in name:
            kinds[name].add(kind)
    return {word: next(iter(its)) for word, its in kinds.items() if len(its) == 1}


def _kinds_in(name: str) -> set[str]:
    words = fold_for_search(name).split()
    return {kind for word in words if (kind := _kinds_by_word().get(word))}
