"""Records with everything that a page or a file can show, for tests of whole pages and of query counts."""

from cooperation.models import EventName, EventSource, FilmInstitution, FilmName, FilmSource
from institutions.models import CountrySource, InstitutionSource, ProgrammeName, ProgrammeSource, Treaty
from people.models import PersonSource, PositionSource
from tests.factories import (
    create_city,
    create_contact,
    create_country,
    create_event,
    create_film,
    create_institution,
    create_institution_name,
    create_participation,
    create_person,
    create_person_name,
    create_position,
    create_programme,
    create_source,
    create_stage,
)

CHECKED = {"checked_on": "2026-05-31", "check_method": "official-page"}


def create_rich_country(*, code="TJ"):
    """Create a country with a treaty, a law and a source."""
    country = create_country(code=code, cis_since="1991-12", film_law_en="Law on cinema", film_law_ru="Закон о кино")
    Treaty.objects.create(country=country, name_en="Agreement on films", date="1992", note_en="signed")
    source = create_source(url=f"https://example.org/{code}", title=f"Law of {code}")
    CountrySource.objects.create(country=country, source=source, supports=["film_law", "coproduction"])
    return country


def create_rich_institution(*, name_en="Tajikfilm", country=None, **fields):
    """Create an institution with contacts, names, relations, people, programmes, events and films, all of its own."""
    country = country or create_country()
    source = create_source(url=f"https://example.org/{name_en}", title=f"About {name_en}", published_on="2025-11")
    parent = create_institution(name_en=f"{name_en} Ministry", kind="ministry", country=country)
    institution = create_institution(
        name_en=name_en,
        name_ru=f"Киностудия {name_en}",
        name_native=f"Студия {name_en}",
        native_language="tg",
        country=country,
        city=create_city(country=country),
        parent=parent,
        successor=create_institution(name_en=f"{name_en} Heir", country=country),
        ownership="state",
        status="active",
        founded="1930",
        services=["sound-stages", "dubbing"],
        address_local="кӯчаи Бухоро 43",
        address_latin="43 Bukhoro Street",
        postal_code="734025",
        description_en="A studio.",
        remarks_en="Two pages differ.",
        **fields,
    )
    create_institution(name_en=f"{name_en} Part", country=country, parent=institution)
    create_institution(name_en=f"{name_en} Forerunner", country=country, successor=institution)
    InstitutionSource.objects.create(institution=institution, source=source, supports=["names", "founded"])
    create_institution_name(institution=institution, text=f"{name_en} Film Studio", source=source, language="en")
    for kind in ("phone", "email", "website", "telegram"):
        create_contact(institution=institution, kind=kind, source=source, languages=["ru"], **CHECKED)
    create_stage(institution=institution, area_m2=600, height_m="12.5")
    person = create_rich_person(name_en=f"{name_en} Head", institution=institution)
    create_rich_programme(name_en=f"{name_en} Rebate", institution=institution)
    create_rich_event(name_en=f"{name_en} Forum", institution=institution, person=person)
    create_rich_film(name_en=f"{name_en} Film", institution=institution)
    return institution


def create_rich_person(*, name_en="Anna Berg", institution=None):
    """Create a person in two posts, one with a predecessor, at an event, with names and sources."""
    institution = institution or create_institution(name_en=f"{name_en} Studio")
    source = create_source(url=f"https://example.org/people/{name_en}", title=f"Interview with {name_en}")
    older = create_source(url=f"https://example.org/people/{name_en}/older", title=f"{name_en} appointed")
    person = create_person(
        name_en=name_en,
        name_ru=f"Анна {name_en}",
        name_native=f"Ганна {name_en}",
        native_language="be",
        country=institution.country,
    )
    create_person_name(person=person, text=f"Ann {name_en}", source=source, language="en")
    PersonSource.objects.create(person=person, source=source, supports=["names", "positions"])
    post = {"institution": institution, "seat": "director", "role": "head"}
    position = create_position(person=person, since="2022", as_of="2026-01", source=source, **post)
    PositionSource.objects.create(position=position, source=older, as_of="2022-03")
    create_position(person=person, body_name="Jury of the Forum", title_en="Juror", as_of="2026", source=older)
    create_position(person=create_person(name_en=f"{name_en} Before"), as_of="2019", source=older, **post)
    create_rich_event(name_en=f"{name_en} Talks", institution=institution, person=person)
    return person


def create_rich_programme(*, name_en="Rebate", institution=None):
    institution = institution or create_institution(name_en=f"{name_en} Fund", kind="fund")
    programme = create_programme(
        name_en=name_en,
        kind="cash-rebate",
        country=institution.country,
        institution=institution,
        rate_percent=30,
        minimum_spend=100_000,
        cap=5_000_000,
        currency="USD",
        partners=["World Film Fund"],
        summary_en="Money back.",
    )
    programme.partner_institutions.add(create_institution(name_en=f"{name_en} Partner"))
    source = create_source(url=f"https://example.org/programmes/{name_en}", title=f"Rules of {name_en}")
    ProgrammeSource.objects.create(programme=programme, source=source, supports=["rate_percent", "cap"])
    ProgrammeName.objects.create(programme=programme, text=f"{name_en} Scheme", source=source)
    return programme


def create_rich_event(*, name_en="Forum", institution=None, person=None):
    institution = institution or create_institution(name_en=f"{name_en} Host")
    event = create_event(
        name_en=name_en,
        start="2025-09-01",
        end="2025-09-03",
        city=create_city(country=institution.country),
        country=institution.country,
        summary_en="They met.",
    )
    create_participation(event=event, person=person or create_person(name_en=f"{name_en} Guest"), role="speaker")
    create_participation(event=event, institution=institution, name="Somebody Else")
    create_participation(event=event, institution=institution)
    source = create_source(url=f"https://example.org/events/{name_en}", title=f"Report on {name_en}")
    EventSource.objects.create(event=event, source=source, supports=["start", "participants"])
    EventName.objects.create(event=event, text=f"{name_en} of Films", source=source)
    return event


def create_rich_film(*, name_en="The Road Home", institution=None):
    institution = institution or create_institution(name_en=f"{name_en} Studio")
    countries = [institution.country, create_country(code="AM")]
    film = create_film(name_en=name_en, countries=countries, year=2025, status="released", directors=["Olga Lang"])
    film.other_partners = ["World Film Fund"]
    film.summary_en = "They go home."
    film.save()
    FilmInstitution.objects.create(film=film, institution=institution, role_en="production")
    source = create_source(url=f"https://example.org/films/{name_en}", title=f"Review of {name_en}")
    FilmSource.objects.create(film=film, source=source, supports=["directors", "year"])
    FilmName.objects.create(film=film, text=f"{name_en} Again", source=source)
    return film
