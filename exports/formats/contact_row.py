"""Row of a contact list for all file formats: plain values without a database or a request."""

from dataclasses import dataclass, field
from typing import NamedTuple

TELEPHONE_KINDS = ("phone", "whatsapp")


class ContactMethod(NamedTuple):
    """Published contact. `shown` is the form for people, `value` the form for programs."""

    kind: str
    value: str
    shown: str
    department: str = ""
    languages: tuple[str, ...] = ()
    checked_on: str = ""
    check_method: str = ""
    source: str = ""


NEVER_CHECKED = ContactMethod("", "", "")
# The role of posts without a role of their own: it is not shown.
OTHER_ROLE = "other"


def last_check(contact_methods: tuple[ContactMethod, ...]) -> ContactMethod:
    """Return the contact confirmed last; of several on one day the first. `NEVER_CHECKED` if there is none."""
    latest = NEVER_CHECKED
    for method in contact_methods:
        if method.checked_on > latest.checked_on:
            latest = method
    return latest


@dataclass(slots=True)
class Names:
    """Names of a record or a post in each language."""

    en: str
    ru: str = ""
    native: str = ""
    native_language: str = ""

    def in_language(self, choice: str) -> str:
        """Return the name in the chosen language, or the next one that its readers understand."""
        if choice == "ru":
            return self.ru or self.en
        if choice == "native":
            return self.native or self.ru or self.en
        return self.en

    @property
    def own(self) -> str:
        """Return the name in its own script, if it is known beside the Latin one."""
        return self.native or self.ru

    @property
    def own_language(self) -> str:
        return self.native_language if self.native else "ru" if self.ru else ""

    @property
    def versions(self) -> list[tuple[str, str]]:
        """Return each different name with its language tag."""
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
    # Empty for bodies of several countries, for which `territory` holds a description.
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
    """Person; a participant of an event without a record has neither key nor page."""

    key: str
    page: str
    names: Names
    changed_at: str = ""
    given_names: Names | None = None
    family_names: Names | None = None
    patronymics: Names | None = None
    forms_of_address: Names | None = None


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
    # Whether somebody holds it today, as a word in the reader's language.
    in_post: str = ""
    # For lists of posts on a date: a word for whether pages document it, and a sentence with the date.
    certainty: str = ""
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
    """Return family name, given names and patronymic of a full name whose parts are not stored.

    The directory writes given names first. "Полад Бюльбюль оглы" has no family name apart from the patronymic.
    """
    words = name.split()
    if len(words) < 2:
        return PersonalName(name, "")
    *given, family = words
    if len(words) > 2 and given[-1].casefold().endswith(PATRONYMIC_ENDINGS):
        return PersonalName(family, " ".join(given[:-1]), given[-1])
    return PersonalName(family, " ".join(given))


@dataclass(slots=True)
class ContactRow:
    """An institution, or a person in one post. `name_choice` is the chosen language: en, ru, native or latin."""

    institution: InstitutionFacts | None
    person: PersonFacts | None = None
    post: PostFacts | None = None
    name_choice: str = "en"
    # The kind of row as a word in the reader's language.
    row_kind: str = ""
    # The role at the event whose participants are listed.
    event_role: str = ""
    # The change of a saved list's row since the last download.
    change: str = ""
    what_changed: tuple[str, ...] = ()
    # Labels of facts in the reader's language, by their names, for formats without columns.
    labels: dict[str, str] = field(default_factory=dict)
    # The form of address of people without one.
    neutral_address: str = ""

    @property
    def is_person(self) -> bool:
        return self.person is not None

    @property
    def record(self):
        """Return the subject of the row: the person if there is one, else the institution."""
        return self.person if self.person is not None else self.institution

    @property
    def identity(self) -> str:
        """Return an identifier that is the same in all files: of the institution, or of the person in this post."""
        if self.person is None:
            return f"institution/{self.institution.key}"
        if self.post is not None:
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
        """Return contacts as on a business card: those of the post first, then of the institution, each once."""
        of_house = self.institution.contact_methods if self.institution is not None else ()
        if self.post is None or not self.post.contact_methods:
            return of_house
        own = {(method.kind, method.value) for method in self.post.contact_methods}
        return self.post.contact_methods + tuple(
            method for method in of_house if (method.kind, method.value) not in own
        )

    @property
    def department(self) -> str:
        """Return the person's department. A department of an institution's number applies to that number only."""
        of_post = self.post.contact_methods if self.post is not None else ()
        return next((method.department for method in of_post if method.department), "")

    def contact_methods_of(self, *kinds: str) -> list[ContactMethod]:
        return [method for method in self.contact_methods if method.kind in kinds]

    @property
    def last_check(self) -> ContactMethod | None:
        """Return the contact that was confirmed last."""
        latest = last_check(self.contact_methods)
        return latest if latest.checked_on else None

    @property
    def source(self) -> str:
        """Return the source of the row: of the post, else of the last check, else of the record."""
        if self.post is not None and self.post.source:
            return self.post.source
        check = self.last_check
        if check is not None and check.source:
            return check.source
        return self.institution.source if self.institution is not None else ""

    @property
    def personal_name(self) -> PersonalName:
        """Return the parts of the person's name in the chosen language."""
        person = self.person
        parts = parts_of(self.name)
        if self.name_choice not in ("en", "latin", "ru") or person.family_names is None:
            return parts
        language = "ru" if self.name_choice == "ru" else "en"
        family = getattr(person.family_names, language)
        given = getattr(person.given_names, language)
        if not family and not given:
            return parts
        return PersonalName(family, given, getattr(person.patronymics, language))

    @property
    def form_of_address(self) -> str:
        forms = self.person.forms_of_address if self.person is not None else None
        return (forms.in_language(self.name_choice) if forms is not None else "") or self.neutral_address

    def postal_block(self, name_choice: str, address: str, city: str, country: str) -> str:
        """Return the lines of an envelope, with names in the language that fits the address."""
        institution = self.institution
        if institution is None or not address:
            return ""
        place = " ".join(part for part in (institution.postal_code, city) if part and part not in address)
        person = self.person.names.in_language(name_choice) if self.is_person else ""
        lines = [person, institution.names.in_language(name_choice), address, place, country]
        return "\n".join(line for line in lines if line)

    @property
    def time_in_post(self) -> str:
        """Return start and end of the post, else the date of the newest page that names the person in it.

        If the list is for a date, also whether pages document the post then.
        """
        if self.post is None:
            return ""
        known = [name for name in ("since", "until") if getattr(self.post, name)] or ["as_of"]
        dates = [getattr(self.post, name) for name in known]
        dates = " – ".join(dates) if len(dates) > 1 else self._labelled(known[0], dates[0])
        return "; ".join(filter(None, (dates, self.post.certainty_on_date)))

    @property
    def remarks(self) -> list[str]:
        """Return facts without a field in address books: one labelled line each."""
        own = self.record.names.own
        lines = [self.change, *self.what_changed]
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
        return [line for line in (*lines, self.last_check_in_words, self._labelled("source", self.source)) if line]

    @property
    def last_check_in_words(self) -> str:
        check = self.last_check
        return self._labelled("checked_on", f"{check.checked_on}, {check.check_method}") if check is not None else ""

    def _labelled(self, name: str, value: str | tuple[str, ...]) -> str:
        text = value if isinstance(value, str) else ", ".join(value)
        return f"{self.labels.get(name, name)}: {text}" if text else ""
