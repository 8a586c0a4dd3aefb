"""People that the rows of somebody's list name, beside an institution or alone."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from institutions.places import Place, Places
from records.pages import slug_of_page
from records.tables.cells import contacts_anywhere
from search.duplicates import likeness_of_names
from search.matches import Candidate, Match, Proof, settled
from search.named_alike import candidates

from .models import Person, Position, PositionContact
from .withheld_names import WithheldNames

PAGES = ("people",)
ROWS_A_TIME = 500
# A name of initials, and the most that one with slips may be worth.
BY_INITIALS, BY_LIKENESS = 85, 88
POINTS = {"identifier": 40, "contact": 20, "post": 12, "country": 4, "other-country": -40, "no-post": -8}


@dataclass(frozen=True)
class SoughtPerson:
    """Statements of a row about a person. `institutions` are ids of those it may name; None if it names none."""

    names: tuple[str, ...] = ()
    institutions: frozenset[int] | None = None
    country: str = ""
    contacts: tuple[str, ...] = ()
    key: str = ""


class PersonMatcher:
    """Matching of many rows with published people."""

    def __init__(self):
        self.records = Person.objects.published()
        self.places = Places()
        self._known: dict[int, Person] = {}
        self._posts: dict[int, set[int]] = defaultdict(set)

    def match(self, rows: Iterable[SoughtPerson]) -> list[Match]:
        """Return a match for each row."""
        rows = list(rows)
        starts = range(0, len(rows), ROWS_A_TIME)
        return [match for start in starts for match in self._match(rows[start : start + ROWS_A_TIME])]

    def _match(self, rows: Sequence[SoughtPerson]) -> Iterable[Match]:
        by_name = candidates(self.records, {name for row in rows for name in row.names if name})
        places = [self.places.read(row.country, "") for row in rows]
        by_contact = self._by_contact(rows, places)
        keys = self.records.ids_by_key(row.key for row in rows)
        slugs = self.records.ids_by_slug(slug_of_page(row.key, PAGES) for row in rows)
        identified = [{keys.get(row.key), slugs.get(slug_of_page(row.key, PAGES))} - {None} for row in rows]
        ids = [
            {pk for name in row.names if name for pk in by_name[name]} | by_contact[number] | identified[number]
            for number, row in enumerate(rows)
        ]
        self._load(set().union(*ids))
        names = WithheldNames(self._known.values())
        for number, row in enumerate(rows):
            same = {
                person.pk: is_full for name in row.names if name for person, is_full in names.find_all(name).items()
            }
            known = (self._known[pk] for pk in ids[number] | same.keys() if pk in self._known)
            shared = {"identifier": identified[number], "contact": by_contact[number]}
            judged = (self._judged(row, places[number], one, same.get(one.pk), shared) for one in known)
            yield settled(filter(None, judged))

    def _judged(self, row, place: Place, person: Person, is_full: bool | None, shared) -> Candidate | None:
        reasons = [reason for reason, ids in shared.items() if person.pk in ids]
        return _candidate(row, person, is_full, [*reasons, *self._reasons(row, place, person)])

    def _by_contact(self, rows, places: Sequence[Place]) -> list[set[int]]:
        asked = [
            {found for cell in row.contacts for found in contacts_anywhere(cell, next(iter(place.countries), ""))}
            for row, place in zip(rows, places, strict=True)
        ]
        every = {contact for its in asked for contact in its}
        found = defaultdict(set)
        contacts = PositionContact.objects.shown().any_of(every).values_list("kind", "value", "position__person")
        for kind, value, person in contacts:
            found[kind, value].add(person)
        return [set().union(*(found[contact] for contact in its)) for its in asked]

    def _load(self, ids: set[int]):
        new = ids - self._known.keys()
        for person in self.records.filter(pk__in=new).select_related("country").prefetch_related("other_names"):
            self._known[person.pk] = person
        posts = Position.objects.public().filter(person__in=new, institution__isnull=False)
        for person, institution in posts.values_list("person", "institution"):
            self._posts[person].add(institution)

    def _reasons(self, row: SoughtPerson, place: Place, person: Person) -> list[str]:
        reasons = []
        if place.countries and person.country_id:
            reasons.append("country" if person.country_id in place.countries else "other-country")
        if row.institutions is not None:
            reasons.append("post" if row.institutions & self._posts[person.pk] else "no-post")
        return reasons


def _candidate(row: SoughtPerson, person: Person, is_full: bool | None, reasons: list[str]) -> Candidate | None:
    """Return the candidate; `is_full` is whether the same name is more than initials, None for another name."""
    alike = 100.0 if is_full else BY_INITIALS if is_full is not None else _likeness(row, person)
    if not alike and "identifier" not in reasons:
        return None
    proof = Proof.NONE
    if "identifier" in reasons and (alike or not any(row.names)):
        proof = Proof.IDENTIFIER
    elif is_full and "contact" in reasons:
        proof = Proof.CONTACT
    elif is_full and "post" in reasons:
        proof = Proof.NAME
    words = [*(["same-name"] if is_full else ["similar-name"] if alike else []), *reasons]
    return Candidate(person, alike + sum(POINTS.get(word, 0) for word in words), proof, tuple(words))


def _likeness(row: SoughtPerson, person: Person) -> float:
    known = [name for name in person.names_to_search() if name.text]
    pairs = ((name, own) for name in row.names if name for own in known)
    return min(BY_LIKENESS, max((likeness_of_names(name, own.text, own.language) for name, own in pairs), default=0.0))
