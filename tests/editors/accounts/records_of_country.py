"""One record of each kind that belongs to one country."""

from cooperation.models import Event, Film, Participation
from institutions.models import Agency, City, Country, Institution, InstitutionContact, Programme, Stage, Studio
from people.models import Person, Position, PositionContact
from tests.factories import (
    create_city,
    create_contact,
    create_event,
    create_film,
    create_institution,
    create_participation,
    create_person,
    create_position,
    create_programme,
    create_stage,
)
from visitors.corrections.models import Mailbox


def studio_of(country):
    return create_institution(name_en=f"Studio {country.code}", country=country)


def post_at(country):
    return create_position(person=create_person(name_en=f"Head {country.code}"), institution=studio_of(country))


def agency_of(country):
    return Agency.objects.get(
        pk=create_institution(name_en=f"Agency {country.code}", kind="agency", country=country).pk
    )


# One record of the country for every kind that has admin pages. A new kind of page needs a line here.
OF_COUNTRY = {
    Country: lambda country: country,
    City: lambda country: create_city(name_en=f"City {country.code}", country=country),
    Institution: studio_of,
    Studio: lambda country: Studio.objects.get(pk=studio_of(country).pk),
    Agency: agency_of,
    InstitutionContact: lambda country: create_contact(institution=studio_of(country)),
    Stage: lambda country: create_stage(institution=studio_of(country)),
    Programme: lambda country: create_programme(name_en=f"Rebate {country.code}", country=country),
    Person: lambda country: create_person(name_en=f"Person {country.code}", country=country),
    Position: post_at,
    PositionContact: lambda country: create_contact(position=post_at(country)),
    Event: lambda country: create_event(name_en=f"Forum {country.code}", country=country),
    Participation: lambda country: create_participation(
        event=create_event(name_en=f"Forum {country.code}", country=country), name=f"Guest {country.code}"
    ),
    Mailbox: lambda country: Mailbox.objects.create(institution=studio_of(country), address="info@example.org"),
    Film: lambda country: create_film(name_en=f"Film {country.code}", countries=[country]),
}
