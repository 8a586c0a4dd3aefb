"""One line of a contact list, as every file format receives it: plain facts without a database or a request."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import NamedTuple

from languages.of_interface import LANGUAGES, language_of

TELEPHONE_KINDS = ("phone", "whatsapp")
DEFAULT = LANGUAGES[0].tag
# Asks for names in the language of the institution or person itself.
NATIVE = "native"


def name_chain(choice: str) -> tuple[str, ...]:
    """Return the languages in which a name is looked for, the best first; every record has a name in the last one."""
    if choice == NATIVE:
        return (NATIVE, "ru", DEFAULT)
    chain = language_of(choice).chain
    return chain[: chain.index(DEFAULT) + 1]


class ContactMethod(NamedTuple):
    """One published way to reach somebody. `shown` is how people write it, `value` how machines do."""

    kind: str
    value: str
    shown: str
    department: str = ""
    languages: tuple[str, ...] = ()
    checked_on: str = ""
    check_method: str = ""
    source: str = ""
    # When the official site showed it last.
    seen_on: str = ""


NEVER_CHECKED = ContactMethod("", "", "")
# The role of posts that are none of those with a word of their own: it tells nobody anything.
OTHER_ROLE = "other"


def last_check(contact_methods: tuple[ContactMethod, ...]) -> ContactMethod:
    """The way that was confirmed last; of several on one day the first. `NEVER_CHECKED` where none was."""
    latest = NEVER_CHECKED
    for method in contact_methods:
        if method.checked_on > latest.checked_on:
            latest = method
    return latest


def each_once(contact_methods: Iterable[Sequence]) -> tuple:
    """Each kind and value once, as the first with both has it."""
    found = {}
    for method in contact_methods:
        found.setdefault((method[0], method[1]), method)
    return tuple(found.values())


@dataclass(slots=True)
class Names:
    """Names of a record or a post by language."""

    en: str
    ru: str = ""
    native: str = ""
    native_language: str = ""

    def in_language(self, choice: str) -> str:
        """The name that a reader asked for; where it is not known, the next one that their readers understand."""
        texts = {self.native_language: self.native, "en": self.en, "ru": self.ru, NATIVE: self.native}
        return next((texts[tag] for tag in name_chain(choice) if texts.get(tag)), "")

    @property
    def own(self) -> str:
        """The name in its own script, where it is known beside the Latin one."""
        return self.native or self.ru

    @property
    def own_language(self) -> str:
        return self.native_language if self.native else "ru" if self.ru else ""

    @property
    def versions(self) -> list[tuple[str, str]]:
        """Each different name with its language tag."""
        pairs = [(self.en, "en"), (self.ru, "ru"), (self.native, self.native_language)]
        return list({text: (text, language) for text, language in reversed(pairs) if text}.values())[::-1]


@dataclass(slots=True)
class InstitutionFacts:
    key: str
    page: str
    names: Names
    changed_at: str
    kind: str
    kind_label: str
    country_code: str
    # Empty for bodies of several countries, which `territory` calls by what they are.
    country: str
    territory: str
    city: str
    city_names: Names | None = None
    ownership: str = ""
    status: str = ""
    founded: str = ""
    closed: str = ""
    part_of: str = ""
    services: tuple[str, ...] = ()
    address_local: str = ""
    address_latin: str = ""
    postal_code: str = ""
    contact_methods: tuple[ContactMethod, ...] = ()
    source: str = ""


@dataclass(slots=True)
class PersonFacts:
    """A person; somebody at an event without a record has neither key nor page."""

    key: str
    page: str
    names: Names
    changed_at: str = ""
    given_names: Names | None = None
    family_names: Names | None = None
    patronymics: Names | None = None


@dataclass(slots=True)
class PostFacts:
    identity: str
    titles: Names
    role: str
    role_label: str
    body: str = ""
    since: str = ""
    until: str = ""
    as_of: str = ""
    source: str = ""
    contact_methods: tuple[ContactMethod, ...] = ()
    # Where the list asks who was in post on a date: a sentence that says whether pages tell so.
    certainty_on_date: str = ""


class PersonalName(NamedTuple):
    family: str
    given: str
    patronymic: str = ""


OF_POST_IN_REMARKS = ("since", "until", "as_of")
OF_INSTITUTION_IN_REMARKS = ("kind_label", "status", "founded", "closed", "part_of", "services")
OF_INSTITUTION_IN_REMARKS += ("address_local", "address_latin")
PATRONYMIC_ENDINGS = ("вич", "вна", "ична", "инична", "vich", "vna", "ichna", "оглы", "ogly", "оглу", "oğlu", "қызы")


def parts_of(name: str) -> PersonalName:
    """Family name, given names and patronymic of a full name whose parts nobody entered.

    The directory writes given names first. "Полад Бюльбюль оглы" has no family name apart from the patronymic.
    """
    words = name.split()
    if len(words) < 2:
        return PersonalName(name, "")
    *given, family = words
    if len(words) > 2 and given[-1].casefold().endswith(PATRONYMIC_ENDINGS):
        return PersonalName(family, " ".join(given[:-1]), given[-1])
    return PersonalName(family, " ".join(given))


def entered_or_parts_of(name: str, family: str, given: str, patronymic: str) -> PersonalName:
    """The parts of a full name as somebody entered them, where somebody did."""
    return PersonalName(family, given, patronymic) if family or given else parts_of(name)


@dataclass(slots=True)
class ContactRow:
    """An institution, or a person in one post. `name_choice` is the language asked for: en, ru, native or latin."""

    institution: InstitutionFacts | None
    person: PersonFacts | None = None
    post: PostFacts | None = None
    name_choice: str = "en"
    # A word for what the row is, in the reader's language.
    row_kind: str = ""
    # The part somebody plays at the event whose participants are listed.
    event_role: str = ""
    # What became of the row of a saved list since it was last taken away.
    change: str = ""
    what_changed: tuple[str, ...] = ()
    # What facts are called in the reader's language, by their names, for formats without columns.
    labels: dict[str, str] = field(default_factory=dict)
    # The rows of a person's further posts, where the row stands for the whole person; None for the person in one post.
    further: tuple["ContactRow", ...] | None = None

    @property
    def is_person(self) -> bool:
        return self.person is not None

    @property
    def record(self):
        """Return the person of the row, or the institution if there is no person."""
        return self.person if self.person is not None else self.institution

    @property
    def identity(self) -> str:
        """Stays the same from file to file: of the institution, of the person in this post, or of the whole person."""
        if self.person is None:
            return f"institution/{self.institution.key}"
        if self.post is not None and self.further is None:
            return f"post/{self.post.identity}"
        return f"person/{self.person.key or self.person.names.en}"

    @property
    def name(self) -> str:
        return self.record.names.in_language(self.name_choice)

    @property
    def institution_name(self) -> str:
        if self.institution is not None:
            return self.institution.names.in_language(self.name_choice)
        return self.post.body if self.post is not None else ""

    @property
    def title(self) -> str:
        return self.post.titles.in_language(self.name_choice) if self.post is not None else ""

    @property
    def contact_methods(self) -> tuple[ContactMethod, ...]:
        """As on a business card: ways of the post, then of the house, then of further posts, each once."""
        if self.further:
            posts = (replace(self, further=()), *self.further)
            return each_once(chain.from_iterable(post.contact_methods for post in posts))
        of_house = self.institution.contact_methods if self.institution is not None else ()
        if self.post is None or not self.post.contact_methods:
            return of_house
        return each_once(self.post.contact_methods + of_house)

    @property
    def department(self) -> str:
        """Return the department of the post's own contacts, or ""; those of the institution don't count."""
        of_post = self.post.contact_methods if self.post is not None else ()
        return next((method.department for method in of_post if method.department), "")

    def contact_methods_of(self, *kinds: str) -> list[ContactMethod]:
        return [method for method in self.contact_methods if method.kind in kinds]

    @property
    def last_check(self) -> ContactMethod | None:
        """The way to reach them that was confirmed last."""
        latest = last_check(self.contact_methods)
        return latest if latest.checked_on else None

    @property
    def seen_on(self) -> str:
        """The date on which the official site showed one of the ways last; "" where it never did."""
        return max((method.seen_on for method in self.contact_methods), default="")

    @property
    def known_on(self) -> str:
        """The later date of the last check and the last sighting."""
        return max(last_check(self.contact_methods).checked_on, self.seen_on)

    @property
    def source(self) -> str:
        """The page behind the row: of the post, else of the last check, else of the record."""
        if self.post is not None and self.post.source:
            return self.post.source
        check = self.last_check
        if check is not None and check.source:
            return check.source
        return self.institution.source if self.institution is not None else ""

    @property
    def personal_name(self) -> PersonalName:
        """The parts of the person's name in the language asked for."""
        person = self.person
        if self.name_choice not in ("en", "latin", "ru") or person.family_names is None:
            return parts_of(self.name)
        language = "ru" if self.name_choice == "ru" else "en"
        parts = (person.family_names, person.given_names, person.patronymics)
        return entered_or_parts_of(self.name, *(getattr(part, language) for part in parts))

    @property
    def time_in_post(self) -> str:
        """When the post began and ended; without an end, the date of the newest page that names the person in it.

        Where the list asks about a date, then whether pages say so of this post.
        """
        if self.post is None:
            return ""
        if self.post.since and self.post.until:
            dates = [f"{self.post.since} – {self.post.until}"]
        else:
            names = ["until"] if self.post.until else ["since", "as_of"]
            dates = [self._labelled(name, getattr(self.post, name)) for name in names]
        return "; ".join(filter(None, (*dates, self.post.certainty_on_date)))

    @property
    def remarks(self) -> list[str]:
        """Return labelled lines with the facts for which an address book has no field."""
        own = self.record.names.own
        lines = [self.change, *self.what_changed]
        lines += [", ".join(filter(None, (row.title, row.institution_name))) for row in self.further or ()]
        lines += [
            self._labelled("name_own", own if own != self.name else ""),
            self._labelled("event_role", self.event_role),
        ]
        for subject, names in ((self.post, OF_POST_IN_REMARKS), (self.institution, OF_INSTITUTION_IN_REMARKS)):
            lines += [self._labelled(name, getattr(subject, name)) for name in names] if subject is not None else []
        lines.append(self.post.certainty_on_date if self.post is not None else "")
        lines += [f"{method.department}: {method.shown}" for method in self.contact_methods if method.department]
        lines += [
            method.shown for method in self.contact_methods if method.kind not in ("phone", "fax", "email", "website")
        ]
        return [line for line in (*lines, *self.confirmations, self._labelled("source", self.source)) if line]

    @property
    def confirmations(self) -> list[str]:
        """Return labelled lines with the last check, and with the last sighting where that is later."""
        check, seen_on = last_check(self.contact_methods), self.seen_on
        lines = [self._labelled("checked_on", f"{check.checked_on}, {check.check_method}")] if check.checked_on else []
        return [*lines, self._labelled("seen_on", seen_on)] if seen_on > check.checked_on else lines

    def _labelled(self, name: str, value: str | tuple[str, ...]) -> str:
        text = value if isinstance(value, str) else ", ".join(value)
        return f"{self.labels.get(name, name)}: {text}" if text else ""
