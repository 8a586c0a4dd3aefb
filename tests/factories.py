"""Factories: each function creates one published record with the minimum around it.

All arguments are keywords, all defaults are the same on every run, and a key is made from the name. A test states what
it depends on; a second record of a kind needs a name of its own.
"""

from django.contrib.auth.models import Group, User

from cooperation.models import Event, EventKind, Film, FilmCountry, Participation
from editors.accounts.models import CountryLimit
from institutions.models import (
    CisStatus,
    City,
    Country,
    Institution,
    InstitutionContact,
    InstitutionKind,
    InstitutionName,
    Programme,
    ProgrammeKind,
    Stage,
)
from languages.romanisation import slug_from_name
from people.models import Person, PersonName, Position, PositionContact
from records.base import PublicationState
from records.contact_types import ContactKind
from records.models import Source
from tests.one_time_codes import TOTP

_CONTACT_VALUES = {
    ContactKind.PHONE: "+992372210000",
    ContactKind.FAX: "+992372210001",
    ContactKind.WHATSAPP: "+992900000000",
    ContactKind.EMAIL: "info@example.org",
    ContactKind.ADDRESS: "43 Bukhoro Street, Dushanbe",
}
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
# "The default of the function", where None is a value that a test may want.
_DEFAULT = object()


def create_country(*, code="TJ", cis_status=CisStatus.MEMBER, **fields):
    """Return the country with the code, created at first use: records of one test share their countries."""
    return Country.objects.get_or_create(code=code, defaults={"cis_status": cis_status, **fields})[0]


def create_city(*, name_en="Dushanbe", country=None, **fields):
    """Return the city of the country, created at first use."""
    country = country or create_country()
    fields.setdefault("key", f"{country.code.lower()}-{slug_from_name(name_en)}")
    return City.objects.get_or_create(name_en=name_en, country=country, defaults=fields)[0]


def create_institution(
    *,
    name_en="Tajikfilm",
    kind=InstitutionKind.STUDIO,
    country=_DEFAULT,
    publication_state=PublicationState.PUBLISHED,
    **fields,
):
    """Create an institution in Tajikistan, in the country of its city, or, if international, in none."""
    if country is _DEFAULT:
        city = fields.get("city")
        country = None if fields.get("is_international") else city.country if city else create_country()
    fields.setdefault("key", slug_from_name(name_en))
    return Institution.objects.create(
        name_en=name_en, kind=kind, country=country, publication_state=publication_state, **fields
    )


def create_institution_name(*, institution, text, **fields):
    return InstitutionName.objects.create(institution=institution, text=text, **fields)


def create_contact(*, institution=None, position=None, kind=ContactKind.EMAIL, value=None, **fields):
    """Create a contact of the institution, or of the person in the post if `position` is given."""
    value = value or _CONTACT_VALUES.get(kind, "https://example.org/")
    if position is not None:
        return PositionContact.objects.create(position=position, kind=kind, value=value, **fields)
    institution = institution or create_institution()
    return InstitutionContact.objects.create(institution=institution, kind=kind, value=value, **fields)


def create_stage(*, institution=None, name_en="Stage 1", **fields):
    return Stage.objects.create(institution=institution or create_institution(), name_en=name_en, **fields)


def create_programme(
    *,
    name_en="Script Laboratory",
    kind=ProgrammeKind.SCRIPT_LAB,
    publication_state=PublicationState.PUBLISHED,
    **fields,
):
    fields.setdefault("key", slug_from_name(name_en))
    return Programme.objects.create(name_en=name_en, kind=kind, publication_state=publication_state, **fields)


def create_person(*, name_en="Mahmadsaid Shohiyon", publication_state=_DEFAULT, **fields):
    """Create a person; a withheld one is archived, since a withheld person can't be published."""
    if publication_state is _DEFAULT:
        publication_state = PublicationState.ARCHIVED if fields.get("withheld") else PublicationState.PUBLISHED
    fields.setdefault("key", slug_from_name(name_en))
    return Person.objects.create(name_en=name_en, publication_state=publication_state, **fields)


def create_person_name(*, person, text, **fields):
    return PersonName.objects.create(person=person, text=text, **fields)


def create_position(*, person=None, institution=None, title_en="Director", **fields):
    """Create a post at the institution, or at the body without a record that `body_name` names."""
    person = person or create_person()
    if institution is None and not fields.get("body_name"):
        institution = create_institution()
    return Position.objects.create(person=person, institution=institution, title_en=title_en, **fields)


def create_source(*, url="https://example.org/about", title="About us", **fields):
    return Source.objects.create(url=url, title=title, **fields)


def create_event(
    *,
    name_en="Round Table of Film Studios",
    kind=EventKind.ROUND_TABLE,
    publication_state=PublicationState.PUBLISHED,
    **fields,
):
    fields.setdefault("key", slug_from_name(name_en))
    return Event.objects.create(name_en=name_en, kind=kind, publication_state=publication_state, **fields)


def create_participation(*, event=None, person=None, institution=None, name="", **fields):
    """Create a participation; without a person, an institution or a name a person is created for it."""
    if person is None and institution is None and not name:
        person = create_person()
    return Participation.objects.create(
        event=event or create_event(), person=person, institution=institution, name=name, **fields
    )


def create_film(*, name_en="The Road Home", countries=(), publication_state=PublicationState.PUBLISHED, **fields):
    """Create a film; `countries` in the order of lead."""
    fields.setdefault("key", slug_from_name(name_en))
    film = Film.objects.create(name_en=name_en, publication_state=publication_state, **fields)
    FilmCountry.objects.bulk_create(
        FilmCountry(film=film, country=country, order=number) for number, country in enumerate(countries)
    )
    return film


def create_user_of(group, *, username, password=None, second_factor=True, **fields):
    """Create a staff user in the group with an app as second factor, which the admin requires.

    The admin checks only whether the user has one, so `client.force_login` is enough.
    """
    user = User.objects.create_user(username=username, password=password, is_staff=True, **fields)
    user.groups.add(Group.objects.get(name=group))
    return add_second_factor(user) if second_factor else user


def add_second_factor(user):
    TOTP.activate(user, TOTP_SECRET)
    return user


def create_editor(*, username="editor", **fields):
    """Create a user of the group "Editors"; the password is only for tests that type it."""
    return create_user_of("Editors", username=username, **fields)


def create_country_editor(*codes, username="country-editor", **fields):
    """Create an editor limited to the countries with the codes; without any, to none at all."""
    user = create_user_of("Country editors", username=username, **fields)
    CountryLimit.objects.bulk_create(CountryLimit(user=user, country_code=code) for code in codes)
    return user


def create_administrator(*, username="administrator", **fields):
    return create_user_of("Administrators", username=username, **fields)
