"""What is different between the rows of a visitor's list and the records that they are about."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from itertools import batched

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

from institutions.matching import wordings
from institutions.models import Institution, InstitutionSource, InstitutionStatus
from institutions.places import Places
from people.matched_rows import MatchedRow, RowMatcher, SoughtRow
from people.models import Person, Position
from records.base import NameKind
from records.checks import Freshness
from records.contact_types import TELEPHONE_KINDS, ContactKind
from records.models import same_contact
from records.tables.cells import contacts_anywhere
from search.matches import REASONS, Certainty, Match
from search.models import NamedText

BETWEEN = "; "
ROWS_A_TIME = 250
# Contacts that are compared and given back, each with those that are the same thing.
KINDS = {"phone": TELEPHONE_KINDS, "email": [ContactKind.EMAIL], "website": [ContactKind.WEBSITE]}


class Difference(StrEnum):
    """Kinds of difference between a row and its record; two of them are statuses of institutions."""

    RENAMED = "renamed"
    CLOSED = InstitutionStatus.CLOSED.value
    MERGED = InstitutionStatus.MERGED.value
    MOVED = "moved"
    LEFT = "left"
    UNKNOWN_PERSON = "unknown-person"
    PHONE_CHANGED = "phone"
    EMAIL_CHANGED = "email"
    WEBSITE_CHANGED = "website"
    MISSING = "missing"
    UNCONFIRMED = "unconfirmed"


CHANGED = {"phone": Difference.PHONE_CHANGED, "email": Difference.EMAIL_CHANGED, "website": Difference.WEBSITE_CHANGED}
# Columns that are added to a list.
ADDED = {
    "matched": gettext_lazy("matched with"),
    "certainty": gettext_lazy("how sure"),
    "reasons": gettext_lazy("why"),
    "differences": gettext_lazy("what is different"),
    "name": gettext_lazy("current name"),
    "status": gettext_lazy("status"),
    "country": gettext_lazy("country"),
    "city": gettext_lazy("city"),
    "phone": gettext_lazy("telephone"),
    "email": gettext_lazy("e-mail"),
    "website": gettext_lazy("website"),
    "address": gettext_lazy("address"),
    "heads": gettext_lazy("head now"),
    "person": gettext_lazy("person matched with"),
    "person_certainty": gettext_lazy("how sure of the person"),
    "post": gettext_lazy("post of the person"),
    "checked_on": gettext_lazy("last check"),
    "source": gettext_lazy("source"),
    "page": gettext_lazy("page"),
    "person_page": gettext_lazy("page of the person"),
}


@dataclass
class Checked:
    """A row with its match, what differs in words by kind, and the cells that are added, by the names of `ADDED`."""

    number: int
    match: MatchedRow
    is_confirmed: bool = False
    differences: list[tuple[Difference, str]] = field(default_factory=list)
    added: dict[str, str] = field(default_factory=dict)
    # Contacts by kind that the row lacks.
    lacking: dict[str, list[str]] = field(default_factory=dict)

    @property
    def first(self) -> Match:
        """Return the match of the institution, or that of the person where the row names no institution."""
        institution, person = self.match.institution, self.match.person
        return institution if institution.candidates or not person.candidates else person

    @property
    def is_likely(self) -> bool:
        """Return whether a visitor may confirm it."""
        return self.first.certainty == Certainty.LIKELY


class Checking:
    """Comparison of rows with what the site shows now."""

    def __init__(self):
        self.places = Places()
        self._institutions: dict[int, Institution] = {}
        self._people: dict[int, Person] = {}

    def checked(self, numbered: Iterable[tuple[int, SoughtRow]], matches: Sequence[MatchedRow], confirmed: set[int]):
        """Return the rows, in their order."""
        self._load(matches)
        return [
            self._checked(Checked(number, match, number in confirmed), sought)
            for (number, sought), match in zip(numbered, matches, strict=True)
        ]

    def _load(self, matches):
        people = {match.person.record.pk for match in matches if match.person.record} - self._people.keys()
        found = Person.objects.published().filter(pk__in=people).with_posts(Position.objects.public())
        self._people |= {person.pk: person for person in found}
        ids = {match.institution.record.pk for match in matches if match.institution.record}
        ids |= {
            post.institution_id for pk in people for post in self._people[pk].shown_positions if post.institution_id
        }
        institutions = Institution.objects.published().filter(pk__in=ids - self._institutions.keys())
        sources = models.Prefetch("record_sources", InstitutionSource.objects.select_related("source"))
        found = institutions.select_related("country", "city").with_public_contacts().with_heads()
        self._institutions |= {one.pk: one for one in found.prefetch_related("other_names", "successor", sources)}

    def _checked(self, row: Checked, sought: SoughtRow) -> Checked:
        person = row.match.person.record and self._people.get(row.match.person.record.pk)
        known = row.match.institution.record
        if known is None and person and not row.match.institution.candidates:
            known = next((post.institution for post in person.shown_positions if post.institution), None)
        institution = known and self._institutions.get(known.pk)
        if institution:
            Comparison(row, sought, institution, self.places).compare()
        compare_person(row, sought, institution, person)
        row.added |= _verdict(row)
        return row


def _verdict(row: Checked) -> dict[str, str]:
    """Return the cells that tell what was found and how sure it is."""
    first, person = row.first, row.match.person
    names = [one.record.name for one in first.candidates]
    certainty = _("confirmed by you") if row.is_confirmed and row.is_likely else first.certainty.label
    return {
        "matched": names[0] if first.record else BETWEEN.join(names),
        "certainty": str(certainty),
        "reasons": ", ".join(str(REASONS[word]) for word in first.candidates[0].reasons) if first.candidates else "",
        "differences": BETWEEN.join(words for _kind, words in row.differences),
        "person": person.record.name if person.record else "",
        "person_certainty": str(person.certainty.label) if person.candidates else "",
    }


@dataclass
class Comparison:
    """One row beside one institution."""

    row: Checked
    sought: SoughtRow
    institution: Institution
    places: Places

    def compare(self):
        self._compare_names()
        self._compare_place()
        for kind in KINDS:
            self._compare_contacts(kind)
        self._add_values()

    def _note(self, difference: Difference, words: str):
        self.row.differences.append((difference, words))

    def _compare_names(self):
        institution = self.institution
        typed = {words for name in self.sought.institution.names for words in wordings(NamedText(name))}
        names = {True: set(), False: set()}
        current = [(NamedText(name.text, name.language), False) for name in institution.shown_names]
        others = institution.other_names.all()
        current += [(NamedText(one.text, one.language), one.kind == NameKind.FORMER) for one in others]
        for text, is_former in current:
            names[is_former] |= set(wordings(text))
        if (typed & names[True] and not typed & names[False]) or institution.status == InstitutionStatus.RENAMED:
            self._note(Difference.RENAMED, _("renamed: now %(name)s") % {"name": institution.name})
        words = {InstitutionStatus.CLOSED: _("closed"), InstitutionStatus.MERGED: _("merged into another institution")}
        if ended := words.get(institution.status):
            self._note(Difference(institution.status), ended)
            if institution.closed:
                self._note(Difference(institution.status), _("closed in %(date)s") % {"date": institution.closed})
            if successor := institution.public_successor:
                self._note(Difference(institution.status), _("succeeded by %(name)s") % {"name": successor.name})

    def _compare_place(self):
        place = self.places.read(self.sought.institution.country, self.sought.institution.city)
        city = self.institution.city
        if city and place.cities and city.pk not in place.cities:
            self._note(Difference.MOVED, _("moved: now in %(city)s") % {"city": city.name})

    @cached_property
    def _typed(self) -> set[tuple[str, str]]:
        region = self.institution.country_id or ""
        cells = self.sought.institution.contacts
        return {same_contact(*found) for cell in cells for found in contacts_anywhere(cell, region)}

    def _compare_contacts(self, kind: str):
        ours = [one for one in self.institution.public_contacts if one.kind in KINDS[kind] and not one.is_missing]
        keys = {same_contact(ContactKind(kind), one.value): one for one in ours}
        typed = {key for key in self._typed if key[0] == kind}
        label = {"kind": ContactKind(kind).label}
        self.row.lacking[kind] = [one.shown_value for key, one in keys.items() if key not in typed]
        now = BETWEEN.join(dict.fromkeys(one.shown_value for one in ours))
        if typed and ours and typed.isdisjoint(keys):
            self._note(CHANGED[kind], _("%(kind)s changed: now %(value)s") % {**label, "value": now})
        elif ours and not typed:
            self._note(Difference.MISSING, _("%(kind)s missing: %(value)s") % {**label, "value": now})
        elif typed and not ours:
            self._note(Difference.UNCONFIRMED, _("%(kind)s not known to the directory") % label)
        elif any(keys[key].freshness == Freshness.UNCONFIRMED for key in typed & keys.keys()):
            self._note(Difference.UNCONFIRMED, _("%(kind)s the same, but unconfirmed") % label)

    def _add_values(self):
        one, added = self.institution, self.row.added
        for kind in KINDS:
            values = (each.shown_value for each in one.public_contacts if each.kind == kind)
            added[kind] = BETWEEN.join(values)
        written = [each.value for each in one.public_contacts if each.kind == ContactKind.ADDRESS]
        checks = [each for each in one.public_contacts if each.checked_on]
        newest = max(checks, key=lambda each: each.checked_on, default=None)
        sources = [newest.source] if newest and newest.source else [each.source for each in one.record_sources.all()]
        added |= {
            "name": one.name,
            "status": str(one.get_status_display()),
            "country": one.country.name if one.country else "",
            "city": one.city.name if one.city else "",
            "address": one.address_local or one.address_latin or "".join(written[:1]),
            "heads": BETWEEN.join(_in_post(post) for post in one.heads),
            "checked_on": str(newest.checked_on) if newest else "",
            "source": sources[0].url if sources else "",
            "page": f"{settings.SITE_URL}{one.get_absolute_url()}",
        }


def _in_post(post: Position) -> str:
    return f"{post.person.name} ({post.title.text})" if post.title else post.person.name


def compare_person(row: Checked, sought: SoughtRow, institution: Institution | None, person: Person | None):
    """Add what is known of the person in the row, and who holds the post now."""
    heads = BETWEEN.join(map(_in_post, institution.heads)) if institution else ""
    now = _("head now: %(heads)s") % {"heads": heads}
    if person is None:
        if any(sought.people) and institution and not row.match.person.candidates:
            words = _("%(person)s is not known there") % {"person": sought.people[0]}
            row.differences += [(Difference.UNKNOWN_PERSON, text) for text in (words, now if heads else "") if text]
        return
    posts = person.shown_positions
    here = [post for post in posts if institution and post.institution_id == institution.pk] or posts
    held = [post for post in here if not post.is_over]
    row.added["post"] = BETWEEN.join(f"{post.title.text}, {post.body}" for post in held or here)
    row.added["person_page"] = f"{settings.SITE_URL}{person.get_absolute_url()}"
    if here and not held:
        dates = here[0].date_tags[-1].words
        words = _("%(person)s is no longer in post: %(dates)s") % {"person": person.name, "dates": dates}
        row.differences += [(Difference.LEFT, text) for text in (words, now if heads else "") if text]


def check_rows(numbered: Sequence[tuple[int, SoughtRow]], confirmed: set[int]) -> Iterator[list[Checked]]:
    """Yield the rows, some at a time."""
    matcher, checking = RowMatcher(), Checking()
    for some in batched(numbered, ROWS_A_TIME, strict=False):
        matches = matcher.match(sought for _number, sought in some)
        yield checking.checked(some, matches, confirmed)


SUMMARY = [
    ("certain", ngettext_lazy("%(count)d is certain", "%(count)d are certain", "count")),
    ("likely", ngettext_lazy("%(count)d is likely", "%(count)d are likely", "count")),
    ("several", ngettext_lazy("%(count)d may be one of several", "%(count)d may be one of several each", "count")),
    ("none", ngettext_lazy("%(count)d was not found", "%(count)d were not found", "count")),
    (Difference.LEFT, ngettext_lazy("%(count)d person has left", "%(count)d people have left", "count")),
    (
        Difference.UNKNOWN_PERSON,
        ngettext_lazy("%(count)d person is not known there", "%(count)d people are not known there", "count"),
    ),
    (Difference.RENAMED, ngettext_lazy("%(count)d was renamed", "%(count)d were renamed", "count")),
    (Difference.CLOSED, ngettext_lazy("%(count)d was closed", "%(count)d were closed", "count")),
    (Difference.MERGED, ngettext_lazy("%(count)d was merged", "%(count)d were merged", "count")),
    (Difference.MOVED, ngettext_lazy("%(count)d moved to another city", "%(count)d moved to another city", "count")),
    (Difference.PHONE_CHANGED, ngettext_lazy("%(count)d number changed", "%(count)d numbers changed", "count")),
    (
        Difference.EMAIL_CHANGED,
        ngettext_lazy("%(count)d e-mail address changed", "%(count)d e-mail addresses changed", "count"),
    ),
    (Difference.WEBSITE_CHANGED, ngettext_lazy("%(count)d website changed", "%(count)d websites changed", "count")),
    (
        Difference.MISSING,
        ngettext_lazy("%(count)d lacks a contact that we have", "%(count)d lack a contact that we have", "count"),
    ),
    (
        Difference.UNCONFIRMED,
        ngettext_lazy("%(count)d has an unconfirmed contact", "%(count)d have an unconfirmed contact", "count"),
    ),
]


def summary(rows: Sequence[Checked]) -> list[str]:
    """Return in words how many rows are known, how surely, and what is different in how many of them."""
    counts = Counter(row.first.certainty.value for row in rows)
    known = [row for row in rows if row.first.record]
    counts.update(kind.value for row in known for kind in dict(row.differences))
    total = ngettext("Known: %(known)d of %(count)d row", "Known: %(known)d of %(count)d rows", len(rows))
    lines = [total % {"count": len(rows), "known": len(known)}]
    return lines + [words % {"count": number} for kind, words in SUMMARY if (number := counts[str(kind)])]
