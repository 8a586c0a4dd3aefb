"""Tests of the dashboard page: its content and its links."""

import pytest
from django.contrib.auth.models import User
from django.utils import translation

from editors.accounts.models import CountryLimit
from editors.forms.country_filter import CountryFilter
from tests.factories import (
    add_second_factor,
    create_contact,
    create_country,
    create_editor,
    create_institution,
    create_person,
)
from tests.html_page import html_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    client.force_login(create_editor())
    return client


def studio(name="Tajikfilm", code="TJ", **fields):
    return create_institution(name_en=name, country=create_country(code=code), **fields)


@pytest.mark.parametrize("record_count", [1, 3])
def test_desk_opens_at_a_fixed_number_of_queries(desk, record_count, django_assert_num_queries):
    for number in range(record_count):
        made = studio(f"Studio {number}", code=["TJ", "UZ", "KZ"][number])
        create_contact(institution=made, checked_on="2012", check_method="telephone")
    # What has changed is counted once.
    desk.get("/admin/")

    with django_assert_num_queries(11):
        response = desk.get("/admin/")

    assert len(response.context["work"].rows) == record_count


def test_table_has_a_row_for_each_country_and_links_for_its_work(desk):
    create_contact(institution=studio())
    create_country(code="UZ")

    page = html_page(desk.get("/admin/"))
    table = page.one("table", class_="desk-work")
    rows = {row.one("th").text: row for row in table.one("tbody").all("tr")}

    assert list(rows) == ["Tajikistan", "Uzbekistan"]
    links = list(rows["Tajikistan"].all("a"))
    assert [link.text for link in links] == ["1", "1", "1", "1"]
    assert links[0].attributes["href"] == (
        "/admin/institutions/institutioncontact/?task=contacts-never-confirmed&country=TJ"
    )
    assert list(rows["Uzbekistan"].all("a")) == []


def test_every_column_is_explained_on_the_page(desk):
    create_contact(institution=studio())

    page = html_page(desk.get("/admin/"))
    headings = [link for row in page.one("table", class_="desk-work").one("thead").all("tr") for link in row.all("a")]

    assert len(headings) == 4
    for heading in headings:
        assert page.one("dd", id=heading.attributes["aria-describedby"]).text.endswith(".")


def test_tasks_with_nothing_to_do_have_no_column_but_are_named(desk):
    create_contact(institution=studio())

    page = html_page(desk.get("/admin/"))

    assert "Drafts waiting: films" not in page.one("table", class_="desk-work").text
    assert "Drafts waiting: films" in page.one("details", class_="desk-done").text


def test_desk_without_work_says_so(desk):
    response = desk.get("/admin/")

    assert "No open tasks in your countries" in html_page(response).text
    assert response.context["work"].tasks == []


def test_oldest_contacts_come_next_with_a_way_to_confirm_them(desk):
    for number, year in enumerate(["2016", "2011", "2013", "2012", "2015", "2014"]):
        made = studio(f"Studio {number}")
        create_contact(institution=made, value=f"{year}@example.org", checked_on=year, check_method="telephone")

    page = html_page(desk.get("/admin/"))
    contacts = page.one("ul", class_="desk-next")

    assert [next(word for word in line.text.split() if "@" in word) for line in contacts.all("li")] == [
        f"{year}@example.org," for year in [2011, 2012, 2013, 2014, 2015]
    ]
    confirm = next(contacts.all("a", **{"aria-label": "Confirm 2011@example.org"}))
    assert desk.get(confirm.attributes["href"]).context["next"] == "/admin/"


def test_limited_editor_sees_no_other_country(client):
    editor = create_editor()
    CountryLimit.objects.create(user=editor, country_code="UZ")
    client.force_login(editor)
    for code in ["TJ", "UZ"]:
        made = studio(f"Studio of {code}", code)
        create_contact(
            institution=made, checked_on="2012", check_method="telephone", value=f"{code.lower()}@example.org"
        )
    create_person(publication_state="draft")

    page = html_page(client.get("/admin/"))

    assert page.one("table", class_="desk-work").one("tbody").texts("th") == ["Uzbekistan"]
    assert "Drafts waiting: people" not in page.one("table", class_="desk-work").text


def test_editor_counts_only_what_they_may_see(client):
    client.force_login(add_second_factor(User.objects.create_user("newcomer", is_staff=True)))
    create_contact(institution=studio())

    response = client.get("/admin/")

    assert response.status_code == 200
    assert response.context["work"].tasks == []
    assert "Tajikfilm" not in response.content.decode()


@pytest.mark.parametrize("language", ["en", "ru"])
def test_country_filter_offers_an_editor_only_their_countries(client, language):
    editor = create_editor()
    CountryLimit.objects.create(user=editor, country_code="UZ")
    client.force_login(editor)
    create_country(code="TJ")
    create_country(code="UZ")

    prefix = "" if language == "en" else "/ru"
    response = client.get(f"{prefix}/admin/institutions/institution/")

    (spec,) = [spec for spec in response.context["cl"].filter_specs if isinstance(spec, CountryFilter)]
    assert [code for code, _name in spec.lookup_choices] == ["UZ"]


def test_desk_finds_records_by_name(desk):
    found = studio("Tajikfilm")
    studio("Uzbekfilm")

    form = html_page(desk.get("/admin/")).one("form", class_="desk-search")
    response = desk.get(form.attributes["action"], {form.one("input").attributes["name"]: "tajik"})

    assert list(response.context["cl"].queryset) == [found]


def test_desk_is_russian_on_the_russian_pages(desk):
    create_contact(institution=studio())

    response = desk.get("/ru/admin/")

    with translation.override("ru"):
        assert "Таджикистан" in html_page(response).one("table", class_="desk-work").text
    assert "Open tasks" not in response.content.decode()
