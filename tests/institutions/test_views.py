"""Tests of lists of institutions: filters, counts, chips, pages; and of the pages of records."""

import pytest
from django.utils import timezone

from records.checks import months_before
from tests.factories import (
    create_city,
    create_contact,
    create_country,
    create_film,
    create_institution,
    create_institution_name,
    create_person,
    create_position,
    create_source,
)
from tests.html_page import html_page
from tests.rich_records import (
    create_rich_country,
    create_rich_event,
    create_rich_film,
    create_rich_institution,
    create_rich_person,
    create_rich_programme,
)

pytestmark = pytest.mark.django_db


def months_ago(months):
    return months_before(timezone.localdate(), months).isoformat()


@pytest.fixture
def region():
    """Six institutions in three countries and above them, each different for the filters."""
    tajik, kazakh, armenian = (create_country(code=code) for code in ("TJ", "KZ", "AM"))
    checked = {"check_method": "letter"}
    studio = create_institution(
        name_en="Tajikfilm",
        name_ru="Яркая студия",
        city=create_city(country=tajik),
        ownership="state",
        status="active",
        services=["sound-stages", "dubbing"],
    )
    create_contact(institution=studio, kind="phone", checked_on=months_ago(3), **checked)
    create_contact(
        institution=studio, kind="website", value="https://tajikfilm.tj", checked_on=months_ago(30), **checked
    )
    studio = create_institution(
        name_en="Kazakhfilm",
        name_ru="Большая студия",
        city=create_city(name_en="Almaty", country=kazakh),
        ownership="private",
        services=["sound-stages"],
    )
    create_contact(
        institution=studio, kind="website", value="https://kazakhfilm.kz", checked_on=months_ago(9), **checked
    )
    create_institution(name_en="Archive", kind="archive", country=kazakh, status="closed", services=["laboratory"])
    agency = create_institution(name_en="Cinema Agency", kind="agency", country=tajik, address_latin="1 Street")
    create_contact(institution=agency, kind="email", checked_on=months_ago(20), **checked)
    union = create_institution(name_en="Union", kind="union", country=armenian)
    create_contact(institution=union, kind="address", value="Teryan 3a")
    create_institution_name(institution=union, text="Guild of Old", kind="former")
    create_institution(name_en="Fund of Friends", kind="fund", is_international=True)


def shown(client, query, path="/institutions/"):
    response = client.get(f"{path}?{query}")
    assert response.status_code == 200
    return [institution.name_en for institution in response.context["page"].object_list]


SHOWN = {
    "": ["Tajikfilm", "Cinema Agency", "Kazakhfilm", "Union", "Fund of Friends", "Archive"],
    "country=TJ": ["Tajikfilm", "Cinema Agency"],
    "country=TJ&country=AM": ["Tajikfilm", "Cinema Agency", "Union"],
    "country=INT": ["Fund of Friends"],
    "country=INT&country=AM": ["Union", "Fund of Friends"],
    "country=TJ&kind=studio": ["Tajikfilm"],
    "kind=studio&kind=archive": ["Tajikfilm", "Kazakhfilm", "Archive"],
    "service=dubbing&service=laboratory": ["Tajikfilm", "Archive"],
    "service=sound-stages&country=KZ": ["Kazakhfilm"],
    "city=kz-almaty": ["Kazakhfilm"],
    "city=kz-almaty&city=tj-dushanbe": ["Tajikfilm", "Kazakhfilm"],
    "ownership=state": ["Tajikfilm"],
    "status=closed": ["Archive"],
    "has=phone": ["Tajikfilm"],
    "has=phone&has=email": ["Tajikfilm", "Cinema Agency"],
    "has=address": ["Cinema Agency", "Union"],
    "has=website&country=KZ": ["Kazakhfilm"],
    "checked=6": ["Tajikfilm"],
    "checked=12": ["Tajikfilm", "Kazakhfilm"],
    "checked=24": ["Tajikfilm", "Cinema Agency", "Kazakhfilm"],
    "q=kazakhfilm": ["Kazakhfilm"],
    "q=old+GUILD": ["Union"],
    "q=Большая": ["Kazakhfilm"],
    "q=nothing+of+the+kind": [],
    "sort=country": ["Union", "Archive", "Kazakhfilm", "Cinema Agency", "Tajikfilm", "Fund of Friends"],
    "sort=checked&checked=24": ["Tajikfilm", "Kazakhfilm", "Cinema Agency"],
    "sort=name": ["Archive", "Cinema Agency", "Fund of Friends", "Kazakhfilm", "Tajikfilm", "Union"],
}


def test_list_of_institutions_holds_what_the_filters_ask_for(client, region):
    assert {query: shown(client, query) for query in SHOWN} == SHOWN


def test_lists_of_one_kind_hold_that_kind(client, region):
    for path, expected in {"/studios/": ["Tajikfilm", "Kazakhfilm"], "/agencies/": ["Cinema Agency"]}.items():
        assert shown(client, "", path) == expected
        assert "kind" not in client.get(path).context["filterset"].filters


def test_russian_list_is_in_the_order_of_russian_names(client, region):
    names = [institution.name for institution in client.get("/ru/studios/?sort=name").context["page"].object_list]

    assert names == ["Большая студия", "Яркая студия"]


def test_filter_that_is_not_understood_is_told_and_left_out(client, region):
    for bad in ["country=XX", "checked=7", "sort=zzz", "has=pigeon", "city=%00"]:
        response = client.get(f"/institutions/?{bad}&kind=studio")

        problems = html_page(response).one("div", class_="problems")
        assert response.status_code == 200
        assert len(list(problems.all("li"))) == 1
        names = [institution.name_en for institution in response.context["page"].object_list]
        assert names == ["Tajikfilm", "Kazakhfilm"]


def test_page_that_is_not_there_is_not_found(client, region):
    for number in ["abc", "0", "-1", "3", "1.5", "%00", "99999999999999999999"]:
        assert client.get(f"/institutions/?page={number}").status_code == 404, number


def test_list_has_25_rows_a_page_and_says_the_total(client):
    for number in range(27):
        create_institution(name_en=f"Studio {number}")

    first, second = (client.get(f"/studios/?page={number}&country=TJ") for number in (1, 2))

    assert (len(first.context["page"].object_list), len(second.context["page"].object_list)) == (25, 2)
    assert html_page(first).one("p", class_="total").text == "27 studios"
    assert html_page(first).one("a", rel="next").attributes["href"] == "?page=2&country=TJ"
    assert html_page(second).one("link", rel="canonical").attributes["href"].endswith("/studios/?page=2")


def counts(client, query, name):
    facets = {facet.name: facet for facet in client.get(f"/institutions/?{query}").context["filterset"].facets}
    return {choice.value: choice.count for choice in facets[name].choices}


COUNTS = {
    ("", "country"): {"AM": 1, "KZ": 2, "TJ": 2, "INT": 1},
    ("country=TJ", "country"): {"AM": 1, "KZ": 2, "TJ": 2, "INT": 1},
    ("kind=studio", "country"): {"KZ": 1, "TJ": 1},
    ("country=TJ", "kind"): {"studio": 1, "agency": 1},
    ("country=TJ&kind=agency", "kind"): {"studio": 1, "agency": 1},
    ("country=AM&kind=studio", "country"): {"AM": 1, "KZ": 1, "TJ": 1} | {"AM": 0},
    ("", "service"): {"sound-stages": 2, "dubbing": 1, "laboratory": 1},
    ("country=KZ", "service"): {"sound-stages": 1, "laboratory": 1},
    ("", "has"): {"phone": 1, "email": 1, "website": 2, "address": 2},
    ("has=phone&kind=studio", "has"): {"phone": 1, "website": 2},
    ("", "checked"): {"6": 1, "12": 2, "24": 3},
    ("checked=6&has=website", "checked"): {"6": 1, "12": 2, "24": 2},
    ("q=film", "ownership"): {"state": 1, "private": 1},
}


def test_each_choice_counts_what_it_gives_under_the_other_filters(client, region):
    assert {(query, name): counts(client, query, name) for query, name in COUNTS} == COUNTS


def test_a_count_is_what_the_choice_then_shows(client, region):
    for facet in client.get("/institutions/?kind=studio&kind=agency").context["filterset"].facets:
        for choice in facet.choices:
            others = "" if facet.name == "kind" else "kind=studio&kind=agency&"
            assert len(shown(client, f"{others}{facet.name}={choice.value}")) == choice.count, (facet.name, choice)


def test_each_chip_takes_back_its_own_filter_and_leaves_the_rest(client, region):
    query = "country=TJ&country=KZ&kind=studio&has=website&q=film&sort=checked"

    chips = client.get(f"/institutions/?{query}&page=1").context["filterset"].chips

    assert [(str(chip.label), str(chip.value_label), chip.query) for chip in chips] == [
        ("Search", "film", "?country=TJ&country=KZ&kind=studio&has=website&sort=checked"),
        ("Country", "Tajikistan", "?country=KZ&kind=studio&has=website&q=film&sort=checked"),
        ("Country", "Kazakhstan", "?country=TJ&kind=studio&has=website&q=film&sort=checked"),
        ("Kind", "studio", "?country=TJ&country=KZ&has=website&q=film&sort=checked"),
        ("Can be reached by", "website", "?country=TJ&country=KZ&kind=studio&q=film&sort=checked"),
    ]


def test_page_of_an_institution_shows_its_facts_with_their_sources(client):
    institution = create_rich_institution(name_en="Tajikfilm")

    page = html_page(client.get(institution.get_absolute_url()))

    names = [(name.text, name.attributes["lang"]) for name in page.all("span", class_="native")]
    card = page.section("contacts-heading")
    assert page.one("h1").text == "Tajikfilm"
    assert names == [("Студия Tajikfilm", "tg"), ("Киностудия Tajikfilm", "ru")]
    links = [link.attributes["href"] for link in card.all("a")]
    assert [link for link in links if link.startswith(("tel:", "mailto:"))] == [
        "tel:+992372210000",
        "mailto:info@example.org",
    ]
    assert card.text.count("checked 31 May 2026 official page") == 4
    assert "1" in [mark.text for mark in card.all("a", class_="mark-link")]
    assert "supports: names, founding date" in page.section("sources").text
    assert page.section("people").text.count("Tajikfilm Head") == 2
    assert "last seen 2019" in page.section("people").text
    for heading, text in {
        "events": "Tajikfilm Forum",
        "films": "Tajikfilm Film",
        "programmes": "Tajikfilm Rebate",
    }.items():
        assert text in page.section(heading).text
    assert "Last change of this record:" in page.text


def test_marks_lead_to_the_source_that_supports_the_fact(client):
    institution = create_institution(founded="1930", ownership="state")
    for number, facts in enumerate([["ownership"], ["founded", "names"]], start=1):
        source = create_source(url=f"https://example.org/{number}", title=f"Page {number}")
        institution.record_sources.create(source=source, supports=facts, order=number)

    page = html_page(client.get(institution.get_absolute_url()))

    marks = {
        span.text: [mark.attributes["href"] for mark in span.all("a", class_="mark-link")]
        for span in page.one("p", class_="kind").all("span")
    }
    assert marks["founded: 1930 2"] == ["#source-2"]
    assert marks["ownership: state 1"] == ["#source-1"]
    assert page.one("li", id="source-2").one("a").text == "Page 2"


def numbers_in(element):
    return [mark.text for mark in element.all("a", class_="mark-link")]


def test_contacts_and_posts_without_a_source_of_their_own_have_the_number_of_the_records(client):
    institution = create_institution()
    for number, facts in enumerate([["phones", "positions"], ["emails", "social"], ["website"]], start=1):
        source = create_source(url=f"https://example.org/{number}", title=f"Page {number}")
        institution.record_sources.create(source=source, supports=facts, order=number)
    own = create_source(url="https://example.org/own")
    for kind in ["phone", "fax", "email", "telegram", "address"]:
        create_contact(institution=institution, kind=kind)
    create_contact(institution=institution, kind="website", source=own)
    create_position(institution=institution)
    documented = create_position(institution=institution, person=create_person(name_en="Anna Berg"), source=own)

    page = html_page(client.get(institution.get_absolute_url()))

    card = page.section("contacts-heading")
    numbers = {label.text: numbers_in(fact) for label, fact in zip(card.all("dt"), card.all("dd"), strict=True)}
    expected = {"Telephone": ["1"], "Fax": ["1"], "E-mail": ["2"], "Telegram": ["2"], "Address": [], "Website": ["4"]}
    assert numbers == expected
    posts = {row.one("th").text: numbers_in(row) for row in page.section("people").one("tbody").all("tr")}
    assert posts == {"Mahmadsaid Shohiyon": ["1"], documented.person.name: ["4"]}


@pytest.mark.parametrize(
    "create", [create_rich_person, create_rich_programme, create_rich_event, create_rich_film, create_rich_institution]
)
def test_other_names_have_the_numbers_of_their_sources(client, create):
    record = create()
    name = record.other_names.get()
    name.source = create_source(url="https://example.org/of-the-name", title="Page of the name")
    name.save()

    page = html_page(client.get(record.get_absolute_url()))

    (number,) = numbers_in(page.section("also-known-as"))
    assert page.one("li", id=f"source-{number}").one("a").text == "Page of the name"


def test_institution_without_telephone_and_email_says_where_to_look(client):
    country = create_country(code="TJ")
    ministry = create_institution(name_en="Ministry", kind="ministry", country=country)
    create_institution(name_en="Agency nobody reaches", kind="agency", ownership="state", country=country)
    studio = create_institution(name_en="Mute Studio", parent=create_institution(name_en="Holding"), country=country)
    create_contact(institution=ministry, kind="website", value="https://ministry.example/")

    def asked(institution):
        card = html_page(client.get(institution.get_absolute_url())).section("contacts-heading")
        return [link.attributes["href"] for box in card.all("div", class_="ask") for link in box.all("a")]

    to_us = ["/corrections/new/?record=institution/mute-studio", "/this-is-us/mute-studio/"]
    assert asked(studio) == ["/institutions/holding/", "/institutions/ministry/", *to_us]
    assert asked(ministry)[0].startswith("/corrections/"), "not to itself"
    create_contact(institution=studio, kind="telegram", value="https://t.me/mute")
    assert asked(studio)[-2:] == to_us
    create_contact(institution=studio, kind="phone")
    assert asked(studio) == []


def test_filter_without_any_choice_says_so(client):
    create_institution()

    page = html_page(client.get("/institutions/"))

    assert "Contact checked nothing in this list" in page.texts("p", class_="none")


def test_sheet_to_print_holds_the_whole_list_in_its_order(client, monkeypatch):
    for number in range(30):
        create_institution(name_en=f"Studio {number:02}")
    ministry = create_institution(name_en="Ministry", kind="ministry")
    create_position(person=create_person(name_en="Anna Berg"), institution=ministry, role="head", as_of="2025")
    create_institution(name_en="Elsewhere", country=create_country(code="KZ"))

    page = html_page(client.get("/institutions/?country=TJ&print=all"))
    rows = page.one("table").one("tbody").texts("tr")
    assert rows == [
        "Ministry ministry Anna Berg last seen: 2025",
        *(f"Studio {number:02} studio" for number in range(30)),
    ]
    assert page.one("meta", name="robots").attributes["content"] == "noindex"

    monkeypatch.setattr("institutions.views.MOST_ON_SHEET", 10)
    page = html_page(client.get("/institutions/?print=all"))
    assert len(page.one("table").one("tbody").texts("tr")) == 10
    assert page.one("p", class_="total").text.startswith("The first 10 of 32")


def test_old_address_of_an_institution_leads_to_the_new_one(client):
    institution = create_institution(name_en="Tajikfilm")
    institution.slug = "tojikfilm"
    institution.save()

    moved = client.get("/institutions/tajikfilm/")

    assert (moved.status_code, moved["Location"]) == (301, "/institutions/tojikfilm/")
    assert client.get("/ru/institutions/tajikfilm/")["Location"] == "/ru/institutions/tojikfilm/"
    assert client.get("/institutions/never-was/").status_code == 404


@pytest.mark.parametrize(("code", "status"), [("tj", 200), ("TJ", 301), ("us", 404), ("zz", 404), ("tajikistan", 404)])
def test_country_page_is_there_for_listed_countries(client, code, status):
    create_rich_country(code="TJ")
    create_country(code="US", cis_status="none")

    assert client.get(f"/countries/{code}/").status_code == status


def test_country_page_tells_status_law_treaties_programmes_and_heads(client):
    institution = create_rich_institution(name_en="Tajikfilm", country=create_rich_country(code="TJ"))

    page = html_page(client.get("/countries/tj/"))

    facts = page.one("dl", class_="key-facts").text
    assert "member" in facts
    assert "December 1991" in facts
    assert "Law on cinema" in facts
    assert "1 of" in facts
    bodies = [row for table in page.all("table", class_="short") for row in table.one("tbody").all("tr")]
    rows = {row.one("th").one("a").text: row.text for row in bodies}
    assert "Tajikfilm Head" in rows[institution.name]
    assert "Tajikfilm Head Before" not in page.text
    assert "30 %" in page.section("programmes").text
    assert "Agreement on films" in page.section("treaties").text


def test_country_page_begins_with_state_bodies_and_the_first_of_each_kind(client):
    country = create_country(code="TJ")
    for number in range(10, 20):
        create_institution(name_en=f"Studio {number}", country=country)
        create_film(name_en=f"Film {number}", countries=[country])
    create_institution(name_en="Archive", kind="archive", country=country)
    reached = create_institution(name_en="Reached", country=country)
    create_contact(institution=reached, kind="website", value="https://reached.example/tj/about")
    create_institution(name_en="Draft", country=country, publication_state="draft")
    ministry = create_institution(name_en="Ministry", kind="ministry", country=country)
    head = create_person(name_en="Anna Berg")
    create_position(person=head, institution=ministry, role="head", as_of="2025-09")
    create_position(person=create_person(name_en="Boris Deputy"), institution=ministry, role="deputy")

    page = html_page(client.get("/countries/tj/"))

    tables = {table.attributes["aria-label"]: table for table in page.all("table", class_="short")}
    assert list(tables) == ["State bodies", "Studios", "Archives"]
    assert tables["State bodies"].one("tbody").text == "Select: Ministry Ministry Anna Berg last seen: 2025"
    studios = [row.one("th").one("a").text for row in tables["Studios"].one("tbody").all("tr")]
    assert studios == ["Reached", *(f"Studio {number}" for number in range(10, 17))]
    assert "reached.example" in tables["Studios"].texts("a")
    links = {link.text: link.attributes["href"] for link in page.all("a")}
    assert links["Studios: all 11"] == "/institutions/?country=TJ&kind=studio"
    assert links["0 of 13"] == "/institutions/?country=TJ&has=phone&has=email"
    # All of a kind that is among the state bodies above.
    assert links["Ministries"] == "/institutions/?country=TJ&kind=ministry"
    assert list(page.section("films").texts("a"))[-1] == "Films: all 10"


# Within the transaction of a test, each request reads the index of its lists.
NUMBERS_OF_QUERIES = {
    "/institutions/": 27,
    "/studios/": 26,
    "/countries/": 25,
    "/programmes/": 10,
    "/": 25,
    "/countries/tj/": 42,
}


@pytest.mark.parametrize("prefix", ["", "/ru"], ids=["en", "ru"])
def test_lists_ask_a_fixed_number_of_times(client, django_assert_num_queries, prefix):
    country = create_rich_country(code="TJ")
    for number in range(2):
        create_rich_institution(name_en=f"Studio {number}", country=country)
        for path, number_of_queries in NUMBERS_OF_QUERIES.items():
            with django_assert_num_queries(number_of_queries):
                client.get(prefix + path)


def test_page_of_an_institution_asks_a_fixed_number_of_times(client, django_assert_num_queries):
    institution = create_rich_institution(name_en="Tajikfilm")
    for number in range(2):
        create_contact(
            institution=institution, value=f"{number}@example.org", source=create_source(url=f"https://e.org/{number}")
        )
        create_institution_name(institution=institution, text=f"Name {number}")
        create_institution(name_en=f"Part {number}", parent=institution)

        with django_assert_num_queries(18):
            client.get(institution.get_absolute_url())


def test_page_of_a_programme_asks_a_fixed_number_of_times(client, django_assert_num_queries):
    programme = create_rich_programme()
    for number in range(2):
        programme.partner_institutions.add(create_institution(name_en=f"Partner {number}"))

        with django_assert_num_queries(5):
            client.get(programme.get_absolute_url())
