"""Tests of the comparison of rebates."""

import pytest

from institutions.models import ProgrammeSource
from tests.factories import create_country, create_institution, create_programme, create_source
from tests.html_page import html_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def programmes():
    """Two rebates and a tax relief of three countries, beside a grant with a higher rate."""
    georgia, kazakhstan, armenia = (create_country(code=code) for code in ("GE", "KZ", "AM"))
    create_programme(name_en="Grant", kind="grant", country=georgia, rate_percent=100)
    create_programme(name_en="Draft", kind="cash-rebate", country=georgia, publication_state="draft")
    create_programme(name_en="Relief", kind="tax-relief", country=armenia, since="2024")
    create_programme(
        name_en="High", kind="cash-rebate", country=kazakhstan, rate_percent=30, minimum_spend=850_000, currency="USD"
    )
    low = create_programme(
        name_en="Low",
        kind="cash-rebate",
        country=georgia,
        rate_percent=20,
        minimum_spend=500_000,
        cap=1_000_000,
        currency="GEL",
        since="2016",
        summary_en="Spending in Georgia.",
        institution=create_institution(name_en="Enterprise", kind="agency", country=georgia),
    )
    source = create_source(url="https://example.org/rules", title="Rules", published_on="2022")
    ProgrammeSource.objects.create(programme=low, source=source, supports=["rate_percent"])


def order(client, query=""):
    rows = html_page(client.get(f"/rebates/?{query}")).one("table").all("tbody")
    return [next(iter(row.one("th").texts("a"))) for row in rows]


def test_rebates_stand_apart_from_grants_and_are_sorted_by_their_headings(client, programmes):
    assert order(client) == ["High", "Low", "Relief"]
    assert order(client, "sort=since") == ["Relief", "Low", "High"]
    assert order(client, "sort=country") == ["Relief", "Low", "High"]
    # By currency first; what is not known comes last.
    assert order(client, "sort=minimum-spend") == ["Low", "High", "Relief"]
    assert order(client, "sort=cap") == ["Low", "Relief", "High"]
    headings = html_page(client.get("/rebates/?sort=since&country=GE")).one("thead")
    assert [
        (cell.text, cell.attributes["aria-sort"]) for cell in headings.all("th") if "aria-sort" in cell.attributes
    ] == [("In force since", "descending")]
    assert [link.attributes["href"] for link in headings.all("a")][1] == "?sort=rate&country=GE"


def test_row_says_what_qualifies_who_decides_and_where_it_is_from(client, programmes):
    page = html_page(client.get("/rebates/?country=GE"))

    row = page.one("tbody", class_="chosen")
    cells = [cell.text for cell in [row.one("th"), *row.all("td")]]
    assert cells == [
        "Georgia (chosen) Low cash rebate",
        "20 %",
        "500,000 GEL",
        "1,000,000 GEL",
        "Enterprise",
        "2016",
        "What qualifies: Spending in Georgia. Source: Rules 2022",
    ]


def test_country_without_a_rebate_and_what_is_not_understood_are_told(client, programmes):
    create_country(code="TJ")

    assert "Tajikistan: no rebate in the directory." in client.get("/rebates/?country=TJ").content.decode()
    wrong = html_page(client.get("/rebates/?country=XX&sort=beauty"))
    assert len(list(wrong.one("div", class_="problems").all("li"))) == 2
    assert order(client, "country=XX&sort=beauty") == ["High", "Low", "Relief"]


def test_country_and_programmes_lead_to_the_comparison(client, programmes):
    country, programme_list = client.get("/countries/ge/").content.decode(), client.get("/programmes/").content.decode()

    assert 'href="/rebates/?country=GE"' in country
    assert 'href="/rebates/"' in programme_list


def test_comparison_asks_a_fixed_number_of_times(client, programmes, django_assert_num_queries):
    for number in range(2):
        create_programme(name_en=f"Further {number}", kind="cash-rebate", rate_percent=10 + number)
        with django_assert_num_queries(4):
            client.get("/rebates/?country=GE")
