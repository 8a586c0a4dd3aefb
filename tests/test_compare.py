"""Tests of the comparison of two to four institutions."""

import pytest

from records.base import PublicationState
from tests.factories import create_contact, create_institution, create_programme, create_stage
from tests.html_page import html_page

pytestmark = pytest.mark.django_db


def address(*names, **more):
    return "/compare/?" + "&".join(
        [f"record=institution/{name}" for name in names] + [f"{name}={value}" for name, value in more.items()]
    )


def cells(page, heading):
    (row,) = [row for row in page.all("tr") if row.texts("th") == [heading]]
    return row.texts("td")


def test_stages_services_programmes_and_contacts_stand_side_by_side(client):
    first = create_institution(name_en="First", services=["props", "costumes"])
    second = create_institution(name_en="Second", services=["props"])
    create_stage(institution=second, name_en="Stage A", area_m2=900)
    create_programme(name_en="Rebate", institution=first, rate_percent=25)
    create_contact(institution=first, kind="phone", value="+992372210000")
    create_contact(institution=second, kind="email", value="hidden@example.org", is_public=False)

    page = html_page(client.get(address("first", "second")))

    assert page.texts("th", scope="col") == ["First Remove : First", "Second Remove : Second"]
    assert cells(page, "Costumes") == ["yes", ""]
    assert cells(page, "Props") == ["yes", "yes"]
    assert cells(page, "Stages and their size") == ["", "Stage A 900 m²"]
    assert cells(page, "Programmes") == ["Rebate 25 %", ""]
    assert cells(page, "Contacts") == ["+992 372 21 0000 unconfirmed", ""]


def test_one_is_left_out_by_its_link(client):
    create_institution(name_en="First")
    create_institution(name_en="Second")

    page = html_page(client.get(address("first", "second")))

    (leave_out,) = [link for link in page.all("a") if link.text == "Remove : First"]
    again = client.get(f"/compare/{leave_out.attributes['href']}").context["comparison"]
    assert [institution.name_en for institution in again.institutions] == ["Second"]


def test_one_more_is_found_in_another_script_and_added_by_its_link(client):
    create_institution(name_en="First")
    create_institution(name_en="Tajikfilm", name_ru="Таджикфильм")

    page = html_page(client.get(address("first", add="Таджикфильм")))

    (found,) = [link for link in page.all("a") if link.text == "Tajikfilm"]
    again = client.get(f"/compare/{found.attributes['href']}").context["comparison"]
    assert [institution.name_en for institution in again.institutions] == ["First", "Tajikfilm"]


@pytest.mark.parametrize("record", ["institution/draft", "institution/nobody", "person/first", "institution/%00", "x'"])
def test_what_is_not_a_listed_institution_is_said_and_left_out(client, record):
    create_institution(name_en="First")
    create_institution(name_en="Draft", publication_state=PublicationState.DRAFT)

    response = client.get(f"{address('first')}&record={record}")

    assert response.status_code == 200
    assert [one.name_en for one in response.context["comparison"].institutions] == ["First"]
    assert "1 record in this URL is not an institution" in html_page(response).text


def test_more_than_four_are_refused_and_the_first_four_shown(client):
    names = [f"studio-{number}" for number in range(5)]
    for name in names:
        create_institution(name_en=name)

    response = client.get(address(*names))

    assert response.status_code == 400
    assert [one.name_en for one in response.context["comparison"].institutions] == names[:4]


@pytest.mark.parametrize("count", [1, 3])
def test_comparison_asks_a_fixed_number_of_times(client, django_assert_num_queries, count):
    names = [f"studio-{number}" for number in range(count)]
    for name in names:
        create_programme(name_en=f"Programme of {name}", institution=create_institution(name_en=name))

    with django_assert_num_queries(4):
        client.get(address(*names))


def test_ticked_institutions_of_a_list_can_be_compared(client):
    create_institution(name_en="First")

    page = html_page(client.get("/institutions/"))

    (button,) = [button for button in page.all("button") if button.text == "Compare"]
    assert (button.attributes["formmethod"], button.attributes["formaction"]) == ("get", "/compare/")
    tick = page.one("input", name="record")
    assert client.get(f"/compare/?record={tick.attributes['value']}").context["comparison"].records == [
        "institution/first"
    ]
