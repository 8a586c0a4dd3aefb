"""From records to the rows of a contact list, some at a time, so that a list of any length needs little memory."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cache, lru_cache

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language, gettext
from phonenumber_field.phonenumber import to_python as phone_from_text

from institutions.models import (
    Country,
    Institution,
    InstitutionContact,
    InstitutionKind,
    InstitutionSource,
    InstitutionStatus,
    Ownership,
    Service,
    country_name,
)
from languages.partial_dates import PartialDate
from people.models import Position, PositionContact, Role
from records.base import PublicationState
from records.contact_types import PAGE_KINDS, TELEPHONE_KINDS
from records.models import CheckMethod

from .formats.contact_row import ContactMethod, ContactRow, InstitutionFacts, Names, PersonFacts, PostFacts, last_check

CONTACT_FIELDS = [
    "kind",
    "value",
    "department",
    "department_ru",
    "languages",
    "checked_on",
    "check_method",
    "source__url",
]
INSTITUTION_FIELDS = [
    *("pk", "key", "slug", "name_en", "name_ru", "name_native", "native_language", "updated_at", "kind"),
    *("country_id", "city__name_en", "city__name_ru", "city__name_native", "city__native_language"),
    *("ownership", "status", "founded", "closed", "services", "address_local", "address_latin", "postal_code"),
    "identifiers",
    *("parent__publication_state", "parent__name_en", "parent__name_ru", "parent__name_native"),
]
PERSON_FIELDS = [
    *("key", "slug", "name_en", "name_ru", "name_native", "native_language", "updated_at"),
    *("given_name_en", "given_name_ru", "family_name_en", "family_name_ru", "patronymic_en", "patronymic_ru"),
    *("form_of_address_en", "form_of_address_ru", "form_of_address_native"),
]
POST_FIELDS = [
    *("pk", "person_id", "institution_id", "institution__key", "body_name"),
    *("title_en", "title_ru", "title_native", "native_language", "role", "since", "until", "as_of", "source__url"),
]


# Where spaces stand in a number is settled by its beginning; shorter numbers than this are too few to gain from that.
SHORTEST_COMMON_NUMBER = 11


@lru_cache(maxsize=50_000)
def _written_form(beginning: str) -> str:
    """Return the pattern of numbers with three more digits after this beginning: "+992 372 21 0{}{}{}"."""
    shown = phone_from_text(f"{beginning}000").as_international
    digits = [place for place, character in enumerate(shown) if character.isdigit()]
    return "".join("{}" if place in digits[-3:] else character for place, character in enumerate(shown))


def shown_telephone(number: str) -> str:
    """See also `ContactPoint.shown_value`, which asks the library for each number; that takes ten times as long."""
    if len(number) < SHORTEST_COMMON_NUMBER:
        return phone_from_text(number).as_international
    return _written_form(number[:-3]).format(*number[-3:])


def shown_page(address: str) -> str:
    """See also `ContactPoint.shown_value`."""
    return address.split("://", 1)[-1].removeprefix("www.").rstrip("/")


@cache
def country_in_words(code: str, language: str) -> str:
    return country_name(code, language) if code else ""


def labels_of(choices) -> dict[str, str]:
    """Words for codes, in the active language."""
    return {value: str(label) for value, label in choices.choices} | {"": ""}


def labels_of_facts() -> dict[str, str]:
    """Return labels, in the active language, of the columns whose facts stand in the notes of a contact card."""
    return {
        "name_own": gettext("name in native script"),
        "event_role": gettext("role at the event"),
        "since": gettext("since"),
        "until": gettext("until"),
        "as_of": gettext("as of"),
        "kind_label": gettext("kind"),
        "status": gettext("status"),
        "founded": gettext("founded"),
        "closed": gettext("closed"),
        "part_of": gettext("part of"),
        "services": gettext("services"),
        "address_local": gettext("postal address in local form"),
        "address_latin": gettext("postal address in Latin letters"),
        "checked_on": gettext("checked on"),
        "source": gettext("source"),
    }


def address_pattern(name: str) -> tuple[str, str]:
    """Return the parts of a record's URL before and after its slug."""
    before, _middle, after = (settings.SITE_URL + reverse(name, args=["slug"])).rpartition("slug")
    return before, after


class RowMaker:
    """Makes rows in the active language, with names as asked for: "all" names, en, ru, native, or latin-native."""

    def __init__(self, names: str = "all", on: PartialDate | None = None):
        """`on` is the date on which the posts are asked to have been held, if any."""
        self.on = on
        self.language = get_language()
        self.name_choice = {"all": self.language, "latin-native": "en"}.get(names, names)
        # "Country: Tajikistan" reads oddly in a list of Russian names.
        self.language_of_words = names if names in ("en", "ru") else self.language
        self.kinds = labels_of(InstitutionKind)
        self.ownerships = labels_of(Ownership)
        self.statuses = labels_of(InstitutionStatus)
        self.services = labels_of(Service)
        self.roles = labels_of(Role)
        self.check_methods = labels_of(CheckMethod)
        self.institution_address = address_pattern("institutions:institution_detail")
        self.person_address = address_pattern("people:person_detail")
        self.word_for_institution = gettext("institution")
        self.word_for_person = gettext("representative")
        self.word_for_international = gettext("international")
        self.word_for_in_post = {True: gettext("yes"), False: gettext("no")}
        self.labels = labels_of_facts()
        with translation.override(self.language_of_words):
            # Nobody is asked how they wish to be addressed, and a guess by the name would be wrong of some.
            self.neutral_address = gettext("Dear colleagues")

    @staticmethod
    def country_codes() -> list[str]:
        return list(Country.objects.values_list("code", flat=True))

    def contact_method(
        self, kind, value, department, in_russian, languages, checked_on, check_method, source
    ) -> ContactMethod:
        if kind in TELEPHONE_KINDS:
            shown = shown_telephone(value)
        elif kind in PAGE_KINDS:
            shown = shown_page(value)
        else:
            shown = value
        if in_russian and self.language_of_words == "ru":
            department = in_russian
        method = self.check_methods[check_method]
        return ContactMethod(kind, value, shown, department, tuple(languages), checked_on or "", method, source or "")

    def _contact_methods(self, contacts, owner: str, owner_ids) -> dict[int, tuple[ContactMethod, ...]]:
        fields = contacts.public().filter(**{f"{owner}__in": owner_ids}).in_reading_order()
        found = defaultdict(list)
        for owner_id, *contact in fields.values_list(owner, *CONTACT_FIELDS):
            found[owner_id].append(self.contact_method(*contact))
        return {owner_id: tuple(contact_methods) for owner_id, contact_methods in found.items()}

    def _first_sources(self, institution_ids) -> dict[int, str]:
        rows = InstitutionSource.objects.filter(institution__in=institution_ids).order_by("institution", "order", "pk")
        return dict(rows.distinct("institution").values_list("institution", "source__url"))

    def institutions(self, records: Iterable[tuple]) -> dict[int, InstitutionFacts]:
        """Facts by primary key, in the order of the records, which are tuples of `INSTITUTION_FIELDS`."""
        records = list(records)
        ids = [record[0] for record in records]
        contact_methods = self._contact_methods(InstitutionContact.objects, "institution_id", ids) if ids else {}
        facts = {record[0]: self._institution(record, contact_methods.get(record[0], ())) for record in records}
        unsourced = [pk for pk in ids if not last_check(contact_methods.get(pk, ())).source]
        for pk, source in (self._first_sources(unsourced) if unsourced else {}).items():
            facts[pk].source = source
        return facts

    def _institution(self, record, contact_methods) -> InstitutionFacts:
        (_pk, key, slug, en, ru, native, native_language, changed_at, kind, country, *rest) = record
        (city_en, city_ru, city_native, city_language, ownership, status, founded, closed, services, *rest) = rest
        (address_local, address_latin, postal_code, identifiers, *parent) = rest
        parent_state, parent_en, parent_ru, parent_native = parent
        city = Names(city_en, city_ru, city_native, city_language) if city_en else None
        before, after = self.institution_address
        parent = Names(parent_en, parent_ru, parent_native) if parent_state == PublicationState.PUBLISHED else None
        return InstitutionFacts(
            key=key,
            page=before + slug + after,
            names=Names(en, ru, native, native_language),
            changed_at=changed_at,
            kind=kind,
            kind_label=self.kinds[kind],
            country_code=country or "",
            country=country_in_words(country or "", self.language_of_words),
            territory=country_in_words(country, self.language_of_words) if country else self.word_for_international,
            city=city.in_language(self.name_choice) if city else "",
            city_names=city,
            ownership=self.ownerships[ownership],
            status=self.statuses[status],
            founded=founded or "",
            closed=closed or "",
            part_of=parent.in_language(self.name_choice) if parent else "",
            services=tuple(self.services[service] for service in services),
            address_local=address_local,
            address_latin=address_latin,
            postal_code=postal_code,
            identifiers=tuple(identifiers.items()),
            contact_methods=contact_methods,
        )

    def institution_row(self, facts: InstitutionFacts, event_role: str = "") -> ContactRow:
        return self._row(facts, None, None, self.word_for_institution, event_role)

    def person(self, record) -> PersonFacts:
        """Facts of a tuple of `PERSON_FIELDS`."""
        key, slug, en, ru, native, native_language, changed_at, *parts = record
        given_en, given_ru, family_en, family_ru, patronymic_en, patronymic_ru, *address = parts
        before, after = self.person_address
        return PersonFacts(
            key=key,
            page=before + slug + after,
            names=Names(en, ru, native, native_language),
            changed_at=changed_at,
            given_names=Names(given_en, given_ru),
            family_names=Names(family_en, family_ru),
            patronymics=Names(patronymic_en, patronymic_ru),
            forms_of_address=Names(*address) if any(address) else None,
        )

    def person_row(self, person, post=None, institution=None, event_role: str = "") -> ContactRow:
        return self._row(institution, person, post, self.word_for_person, event_role)

    def _row(self, institution, person, post, word: str, event_role: str) -> ContactRow:
        words = {"labels": self.labels, "neutral_address": self.neutral_address}
        return ContactRow(institution, person, post, self.name_choice, word, event_role, **words)

    def posts(self, positions, institutions: dict[int, InstitutionFacts] | None = None) -> list[tuple]:
        """A row a post, with the ids of its institution and person, in the order of the list.

        `institutions` are facts that are there already; those of other institutions are loaded.
        """
        fields = [*POST_FIELDS, *(f"person__{field}" for field in PERSON_FIELDS)]
        fields += ["is_documented"] if self.on else []
        records = list(positions.in_list_order().values_list(*fields))
        ids = [record[0] for record in records]
        contact_methods = self._contact_methods(PositionContact.objects, "position_id", ids)
        held_today = set(Position.objects.current().filter(pk__in=ids).values_list("pk", flat=True))
        known = institutions or {}
        missing = {record[2] for record in records if record[2] is not None} - known.keys()
        if missing:
            published = Institution.objects.published().filter(pk__in=missing)
            known = known | self.institutions(published.values_list(*INSTITUTION_FIELDS))
        rows = []
        for record in records:
            post = self._post(record, contact_methods.get(record[0], ()), record[0] in held_today)
            person = self.person(record[len(POST_FIELDS) :][: len(PERSON_FIELDS)])
            if self.on:
                self._tell_certainty(post, is_documented=record[-1])
            rows.append((record[2], record[1], self.person_row(person, post, known.get(record[2]))))
        return rows

    def _tell_certainty(self, post: PostFacts, *, is_documented: bool):
        date = {"date": self.on.in_words()}
        if is_documented:
            post.certainty = gettext("documented")
            post.certainty_on_date = gettext("in post on %(date)s: documented") % date
        else:
            post.certainty = gettext("possible, not documented")
            post.certainty_on_date = gettext("in post on %(date)s: possible, not documented") % date

    def _post(self, record, contact_methods, is_held_today: bool) -> PostFacts:
        institution_key, body_name, en, ru, native, native_language, *rest = record[3:]
        role, since, until, as_of, source = rest[:5]
        person_key = record[len(POST_FIELDS)]
        return PostFacts(
            identity="/".join([person_key, institution_key or body_name, en, since or ""]),
            titles=Names(en, ru, native, native_language),
            role=role,
            role_label=self.roles[role],
            body=body_name,
            since=since or "",
            until=until or "",
            as_of=as_of or "",
            source=source or "",
            contact_methods=contact_methods,
            in_post=self.word_for_in_post[is_held_today],
        )
