"""Tests of pictures on public pages: content, links, and nothing hidden."""

import pytest

from institutions.models import InstitutionKind
from people.models import Role
from records.base import NameKind, PublicationState
from tests.factories import (
    create_city,
    create_country,
    create_film,
    create_institution,
    create_institution_name,
    create_person,
    create_position,
    create_programme,
)
from tests.html_page import html_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_cities():
    tajikistan = create_country(code="TJ")
    dushanbe = create_city(name_en="Dushanbe", country=tajikistan, latitude="38.54", longitude="68.78")
    khujand = create_city(name_en="Khujand", country=tajikistan, latitude="40.28", longitude="69.62")
    for number in range(3):
        create_institution(name_en=f"Studio {number}", city=dushanbe)
    create_institution(name_en="Northern Studio", city=khujand)
    return dushanbe, khujand


def test_map_names_each_city_with_its_number_and_leads_to_its_list(client, two_cities):
    create_institution(name_en="Draft", city=two_cities[1], publication_state=PublicationState.DRAFT)
    section = html_page(client.get("/")).section("film-cities")
    links = {
        link.attributes["aria-label"]: link.attributes["href"]
        for link in section.all("a")
        if "aria-label" in link.attributes
    }

    assert links == {
        "Dushanbe: 3 institutions": "/institutions/?city=tj-dushanbe",
        "Khujand: 1 institution": "/institutions/?city=tj-khujand",
    }
    assert section.one("table").text.split() == [
        "City",
        "Country",
        "Institutions",
        "Dushanbe",
        "Tajikistan",
        "3",
        "Khujand",
        "Tajikistan",
        "1",
    ]
    assert client.get(links["Dushanbe: 3 institutions"]).context["page"].paginator.count == 3


def test_country_has_a_map_from_four_cities_on_with_international_bodies(client, two_cities):
    country = two_cities[0].country
    for name, latitude, is_international in [("Khorugh", "37.49", False), ("Kulob", "37.91", True)]:
        assert list(html_page(client.get("/countries/tj/")).all("svg", class_="city-map")) == []
        city = create_city(name_en=name, country=country, latitude=latitude, longitude="70.5")
        create_institution(name_en=f"Fund of {name}", kind="fund", city=city, is_international=is_international)

    section = html_page(client.get("/countries/tj/")).section("film-cities")

    assert {row.one("th").text: row.texts("td")[-1] for row in section.one("tbody").all("tr")} == {
        "Dushanbe": "3",
        "Khujand": "1",
        "Khorugh": "1",
        "Kulob": "1",
    }


def test_institutions_page_draws_its_names_and_heads_over_time(client):
    institution = create_institution(name_en="Tajikfilm", founded="1930")
    create_institution_name(institution=institution, text="Tajikkino", kind=NameKind.FORMER, since="1930", until="1936")
    create_position(
        person=create_person(name_en="First Head"), institution=institution, role=Role.HEAD, since="1930", until="1940"
    )
    create_position(
        person=create_person(name_en="Some Deputy"), institution=institution, role=Role.DEPUTY, since="1930"
    )
    hidden = create_person(name_en="Hidden Head", publication_state=PublicationState.DRAFT)
    create_position(person=hidden, institution=institution, role=Role.HEAD, since="1941")

    section = html_page(client.get(institution.get_absolute_url())).section("timeline")

    assert len(list(section.all("rect"))) == 3
    assert "Tajikkino" in section.text
    assert "First Head" in section.text
    assert "Deputy" not in section.text
    assert "Hidden" not in section.text


def test_persons_page_draws_posts_over_time(client):
    person = create_person(name_en="Anna Berg")
    create_position(person=person, title_en="Editor", since="2001", until="2009")
    create_position(person=person, body_name="Union", title_en="Chair", since="2010")

    section = html_page(client.get(person.get_absolute_url())).section("timeline")

    assert section.text.index("Editor") < section.text.index("Chair")
    # The second one fades after its last documented day.
    assert [bar.attributes.get("class") for bar in section.all("rect")] == ["past", None, "fading"]


def test_relation_picture_leads_to_all_neighbours_that_the_public_may_see(client):
    institution = create_institution(name_en="Tajikfilm")
    for number in range(4):
        create_institution(name_en=f"Part {number}", parent=institution)
    create_institution(name_en="Secret part", parent=institution, publication_state=PublicationState.DRAFT)
    create_programme(name_en="Rebate", institution=institution)

    section = html_page(client.get(institution.get_absolute_url())).section("relations")

    addresses = {link.attributes["href"] for link in section.all("a")}
    assert addresses == {f"/institutions/part-{number}/" for number in range(4)} | {"/programmes/rebate/"}


def test_countries_page_shows_who_makes_films_with_whom(client):
    uzbekistan, kazakhstan = create_country(code="UZ"), create_country(code="KZ")
    for number in range(2):
        create_film(name_en=f"Film {number}", countries=[uzbekistan, kazakhstan])
    create_film(name_en="Alone", countries=[uzbekistan])
    create_film(name_en="Draft", countries=[uzbekistan, kazakhstan], publication_state=PublicationState.DRAFT)

    section = html_page(client.get("/countries/")).section("together")
    links = {
        link.attributes["aria-label"]: link.attributes["href"]
        for link in section.all("a")
        if "aria-label" in link.attributes
    }

    assert links == {
        "Kazakhstan and Uzbekistan: 2 films": "/films/?country=KZ&partner=UZ",
        "Uzbekistan and Kazakhstan: 2 films": "/films/?country=UZ&partner=KZ",
    }
    films = client.get(links["Uzbekistan and Kazakhstan: 2 films"]).context["page"].object_list
    assert {film.name_en for film in films} == {"Film 0", "Film 1"}


def test_countries_page_compares_rates_and_leaves_out_what_has_none(client):
    create_programme(name_en="Low", country=create_country(code="UZ"), kind="cash-rebate", rate_percent=20)
    create_programme(name_en="High", country=create_country(code="KZ"), kind="tax-relief", rate_percent=30)
    create_programme(name_en="No rate", country=create_country(code="KZ"), kind="cash-rebate")

    section = html_page(client.get("/countries/")).section("rates")

    assert section.text.index("High") < section.text.index("Low")
    assert "No rate" not in section.text


def test_coverage_counts_shares_and_names_gaps(client):
    tajikistan = create_country(code="TJ")
    create_country(code="UZ")
    create_institution(name_en="Tajikfilm", name_ru="Таджикфильм", country=tajikistan)
    create_institution(name_en="Another", country=tajikistan)
    create_institution(name_en="Archive", kind=InstitutionKind.ARCHIVE, country=tajikistan, publication_state="draft")

    page = html_page(client.get("/coverage/"))
    coverage = client.get("/coverage/").context["coverage"]

    row = next(row for row in coverage.rows if row.country == tajikistan)
    assert (row.total, row.kinds, row.shares) == (2, {"studio": 2}, [0, 0, 0, 50])
    gaps = {gap.kind: [country.code for country in gap.countries] for gap in coverage.gaps}
    assert gaps["studio"] == ["UZ"]
    assert gaps["archive"] == ["TJ", "UZ"]
    (link,) = [
        link for link in page.section("by-kind").all("a") if link.attributes["href"].endswith("country=TJ&kind=studio")
    ]
    assert link.text == "2"


@pytest.mark.parametrize("country_count", [1, 3])
def test_coverage_asks_a_fixed_number_of_times(client, django_assert_num_queries, country_count):
    for code in ["TJ", "UZ", "KZ"][:country_count]:
        create_institution(name_en=f"Studio {code}", country=create_country(code=code))

    # Within the transaction of a test, the request reads the index of the list.
    with django_assert_num_queries(22):
        client.get("/coverage/")
