"""Tests of structured data, read from the pages as search engines do."""

import extruct
import pytest
from pyld import jsonld
from rdflib.namespace import SDO

from tests.factories import (
    create_contact,
    create_country,
    create_event,
    create_film,
    create_institution,
    create_participation,
    create_person,
    create_position,
    create_programme,
)
from tests.rich_records import (
    create_rich_event,
    create_rich_film,
    create_rich_institution,
    create_rich_person,
    create_rich_programme,
)

pytestmark = pytest.mark.django_db

SCHEMA = "https://schema.org/"


def things(client, record):
    """Return the things of the record's page by their type."""
    response = client.get(record.get_absolute_url())
    (block,) = extruct.extract(response.content.decode(), syntaxes=["json-ld"])["json-ld"]
    return block, {thing["@type"]: thing for thing in block["@graph"]}


def words_of_schema_org(url, options):
    """Return the vocabulary instead of its document, so that no test requests another host."""
    assert url.rstrip("/") == SCHEMA.rstrip("/")
    return {"contextUrl": None, "documentUrl": url, "document": {"@context": {"@vocab": SCHEMA}}}


def names_in(expanded):
    if isinstance(expanded, list):
        for item in expanded:
            yield from names_in(item)
    elif isinstance(expanded, dict):
        yield from expanded.get("@type", [])
        for name, value in expanded.items():
            if not name.startswith("@"):
                yield name
                yield from names_in(value)


@pytest.mark.parametrize(
    "create",
    [create_rich_institution, create_rich_person, create_rich_programme, create_rich_event, create_rich_film],
)
def test_every_word_is_one_of_schema_org(client, create):
    block, _found = things(client, create())

    names = set(names_in(jsonld.expand(block, {"documentLoader": words_of_schema_org})))

    known = {SCHEMA + name for name in SDO.__annotations__}
    assert len(names) > 5
    assert names - known == set()


def test_institution_says_where_it_is_how_to_reach_it_and_who_speaks_for_it(client, settings):
    ministry = create_institution(name_en="Ministry", kind="ministry")
    studio = create_institution(
        name_en="Tajikfilm", name_ru="Таджикфильм", parent=ministry, founded="1930", address_latin="43 Bukhoro Street"
    )
    create_contact(institution=studio, kind="phone", value="+992372210000")
    create_contact(institution=studio, kind="website", value="https://tajikfilm.example/")
    create_contact(institution=studio, kind="email", value="secret@example.org", is_public=False)
    create_position(institution=studio, person=create_person(name_en="Anna Berg"), role="head", title_en="Director")

    block, found = things(client, studio)

    body = found["Organization"]
    assert body["@id"] == body["url"] == f"{settings.SITE_URL}/institutions/tajikfilm/"
    assert (body["name"], body["alternateName"], body["foundingDate"]) == ("Tajikfilm", ["Таджикфильм"], "1930")
    assert body["address"] == {
        "@type": "PostalAddress",
        "streetAddress": "43 Bukhoro Street",
        "addressCountry": "TJ",
    }
    assert body["contactPoint"] == [{"@type": "ContactPoint", "telephone": "+992372210000"}]
    assert body["sameAs"] == ["https://tajikfilm.example/"]
    assert body["parentOrganization"]["@type"] == "GovernmentOrganization"
    assert [(head["name"], head["jobTitle"]) for head in body["employee"]] == [("Anna Berg", "Director")]
    assert "secret" not in str(block)


def test_way_to_the_page_is_told(client, settings):
    _block, found = things(client, create_institution(name_en="Tajikfilm"))

    assert [(step["position"], step["name"], step["item"]) for step in found["BreadcrumbList"]["itemListElement"]] == [
        (1, "Tajikistan", f"{settings.SITE_URL}/countries/tj/"),
        (2, "Tajikfilm", f"{settings.SITE_URL}/institutions/tajikfilm/"),
    ]


def test_person_has_the_present_posts_only(client):
    person = create_person(name_en="Anna Berg")
    create_position(person=person, title_en="Director", institution=create_institution(name_en="Now"), since="2024")
    create_position(person=person, title_en="Editor", institution=create_institution(name_en="Once"), until="2020")

    _block, found = things(client, person)

    assert found["Person"]["jobTitle"] == ["Director"]
    assert [body["name"] for body in found["Person"]["worksFor"]] == ["Now"]


def test_event_names_no_hidden_guest(client):
    event = create_event(name_en="Forum", start="2025-11", country=create_country(code="TJ"))
    create_participation(event=event, person=create_person(name_en="Anna Berg"))
    create_participation(event=event, person=create_person(name_en="Hidden Guest", publication_state="draft"))

    block, found = things(client, event)

    assert found["Event"]["startDate"] == "2025-11"
    assert [guest["name"] for guest in found["Event"]["attendee"]] == ["Anna Berg"]
    assert "Hidden" not in str(block)


def test_text_of_a_record_cannot_leave_the_block(client):
    description = "</script><script>alert(1)</script> & <!--"
    institution = create_institution(name_en="Tajikfilm", description_en=description)

    response = client.get(institution.get_absolute_url())

    _block, found = things(client, institution)
    assert found["Organization"]["description"] == description
    assert b"<script>alert" not in response.content


def test_film_and_programme_say_what_they_are(client):
    _block, film = things(client, create_film(name_en="Road", year=2024, countries=[create_country(code="TJ")]))
    _block, programme = things(client, create_programme(name_en="Rebate", institution=create_institution()))

    assert (film["Movie"]["datePublished"], film["Movie"]["countryOfOrigin"][0]["name"]) == ("2024", "Tajikistan")
    assert programme["FundingScheme"]["funder"]["name"] == "Tajikfilm"
