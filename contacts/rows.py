"""From records to the rows of a contact list: one registry of columns for headings, choices and every file format."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from institutions.models import Institution, InstitutionContact
from people.models import Person, Position
from sources.models import ContactKind

# Between several values in one cell; no published number, address or name holds it.
SEPARATOR = "; "
ELSEWHERE_KINDS = [kind for kind in ContactKind if kind not in ("phone", "fax", "email", "website", "address")]


@dataclass(frozen=True)
class Column:
    """One fact of a row. Formats guard `is_free_text` cells, which a spreadsheet might take for a formula."""

    name: str
    label: Any
    value: Callable[[Any], str]
    is_free_text: bool = True


def _label(choice_label) -> str:
    return str(choice_label or "")


def _address_of(record) -> str:
    return settings.SITE_URL + record.get_absolute_url()


def _contacts(institution: Institution, *kinds: str) -> list[InstitutionContact]:
    return [contact for contact in institution.public_contacts if contact.kind in kinds]


def _values(institution: Institution, *kinds: str) -> str:
    return SEPARATOR.join(contact.shown_value for contact in _contacts(institution, *kinds))


def _links(institution: Institution, *kinds: str) -> str:
    return SEPARATOR.join(contact.value for contact in _contacts(institution, *kinds))


def _check_date(institution: Institution) -> str:
    contact = institution.latest_checked_contact
    return contact.checked_on if contact else ""


def _check_method(institution: Institution) -> str:
    contact = institution.latest_checked_contact
    return _label(contact.get_check_method_display()) if contact else ""


def _check_source(institution: Institution) -> str:
    contact = institution.latest_checked_contact
    return contact.source.url if contact and contact.source else ""


INSTITUTION_COLUMNS = [
    Column("id", _("id"), lambda row: row.key, is_free_text=False),
    Column("name_en", pgettext_lazy("institution", "English name"), lambda row: row.name_en),
    Column("name_ru", pgettext_lazy("institution", "Russian name"), lambda row: row.name_ru),
    Column("name_native", pgettext_lazy("institution", "native name"), lambda row: row.name_native),
    Column(
        "native_language",
        pgettext_lazy("institution", "language of the native name"),
        lambda row: row.native_language,
        is_free_text=False,
    ),
    Column("kind", _("kind"), lambda row: _label(row.get_kind_display())),
    Column("country", _("country"), lambda row: row.country.name if row.country else ""),
    Column("country_code", _("country code"), lambda row: row.country_id or "", is_free_text=False),
    Column("city", _("city"), lambda row: row.city.name if row.city else ""),
    Column("ownership", _("ownership"), lambda row: _label(row.get_ownership_display())),
    Column("status", _("status"), lambda row: _label(row.get_status_display())),
    Column("founded", _("founded"), lambda row: row.founded or "", is_free_text=False),
    Column("part_of", _("part of"), lambda row: row.public_parent.name if row.public_parent else ""),
    Column("services", _("services"), lambda row: SEPARATOR.join(map(str, row.service_labels))),
    Column("phones", _("telephone"), lambda row: _values(row, ContactKind.PHONE), is_free_text=False),
    Column("fax", _("fax"), lambda row: _values(row, ContactKind.FAX), is_free_text=False),
    Column("emails", _("e-mail"), lambda row: _values(row, ContactKind.EMAIL), is_free_text=False),
    Column("website", _("website"), lambda row: _links(row, ContactKind.WEBSITE), is_free_text=False),
    Column("elsewhere", _("elsewhere on the web"), lambda row: _links(row, *ELSEWHERE_KINDS), is_free_text=False),
    Column("address_local", _("postal address in local form"), lambda row: row.address_local),
    Column("address_latin", _("postal address in Latin letters"), lambda row: row.address_latin),
    Column("postal_code", _("postal code"), lambda row: row.postal_code),
    Column("further_addresses", _("further addresses"), lambda row: _values(row, ContactKind.ADDRESS)),
    Column("checked_on", _("checked on"), _check_date, is_free_text=False),
    Column("check_method", _("checked by"), _check_method),
    Column("source", _("source"), _check_source, is_free_text=False),
    Column("page", _("page in the directory"), _address_of, is_free_text=False),
]


@dataclass(frozen=True)
class Representative:
    """A person in one post: somebody with two posts is two rows, so that neither is lost."""

    person: Person
    post: Position

    @property
    def institution(self) -> Institution | None:
        return self.post.institution


def _body(row: Representative) -> str:
    return row.institution.name if row.institution else row.post.body_name


REPRESENTATIVE_COLUMNS = [
    Column("id", _("id"), lambda row: row.person.key, is_free_text=False),
    Column("name_en", pgettext_lazy("person", "English name"), lambda row: row.person.name_en),
    Column("name_ru", pgettext_lazy("person", "Russian name"), lambda row: row.person.name_ru),
    Column("name_native", pgettext_lazy("person", "native name"), lambda row: row.person.name_native),
    Column(
        "native_language",
        pgettext_lazy("person", "language of the native name"),
        lambda row: row.person.native_language,
        is_free_text=False,
    ),
    Column("post", _("post"), lambda row: row.post.title.text),
    Column("role", _("role"), lambda row: _label(row.post.get_role_display())),
    Column("institution", _("institution"), _body),
    Column(
        "institution_id", _("id of the institution"), lambda row: row.institution.key if row.institution else "", False
    ),
    Column("kind", _("kind"), lambda row: _label(row.institution.get_kind_display()) if row.institution else ""),
    Column(
        "country",
        _("country"),
        lambda row: row.institution.country.name if row.institution and row.institution.country else "",
    ),
    Column(
        "city", _("city"), lambda row: row.institution.city.name if row.institution and row.institution.city else ""
    ),
    Column("since", _("since"), lambda row: row.post.since or "", is_free_text=False),
    Column("until", _("until"), lambda row: row.post.until or "", is_free_text=False),
    Column("as_of", _("as of"), lambda row: row.post.as_of or "", is_free_text=False),
    Column("source", _("source"), lambda row: row.post.source.url if row.post.source else "", is_free_text=False),
    Column("page", _("page in the directory"), lambda row: _address_of(row.person), is_free_text=False),
]


def representatives(people: Iterable[Person]) -> Iterator[Representative]:
    """A row a post, for people with the posts that fit the list as `shown_positions`."""
    return (Representative(person, post) for person in people for post in person.shown_positions)
