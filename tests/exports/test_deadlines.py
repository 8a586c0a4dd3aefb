"""Tests of calendars of editions and deadlines: of lists under their filters, and of saved lists."""

import datetime

import pytest
from icalendar import Calendar

from institutions.models import InstitutionKind
from records.base import PublicationState
from tests.factories import create_city, create_country, create_institution, create_programme
from tests.html_page import html_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def festival():
    days = {"edition_start": "2027-05-01", "edition_end": "2027-05-07", "submissions_open": "2026-12"}
    return create_institution(
        name_en="Didor", kind=InstitutionKind.FESTIVAL, city=create_city(), submissions_close="2027-02-28", **days
    )


def entries(response):
    """Return summary, first day, day after the last one and place of each entry, by uid."""
    assert response["Content-Type"].startswith("text/calendar")
    found = Calendar.from_ical(response.content)
    assert found["refresh-interval"].params["value"].lower() == "duration"
    return {
        str(one["uid"]): (str(one["summary"]), one["dtstart"].dt, one["dtend"].dt, str(one.get("location", "")))
        for one in found.walk("vevent")
    }


def test_calendar_of_festivals_has_editions_and_deadlines_whose_days_are_known(client, festival):
    create_institution(
        name_en="Secret", kind="festival", edition_start="2027-05-01", publication_state=PublicationState.DRAFT
    )
    create_institution(
        name_en="Elsewhere", kind="festival", edition_start="2027-06-01", country=create_country(code="KZ")
    )

    found = entries(client.get("/institutions/calendar.ics?country=TJ"))

    day = datetime.date
    assert found == {
        "institution/didor/edition@127.0.0.1": ("Didor", day(2027, 5, 1), day(2027, 5, 8), "Dushanbe, Tajikistan"),
        "institution/didor/deadline@127.0.0.1": (
            *("Didor: last day of submissions", day(2027, 2, 28), day(2027, 3, 1)),
            "Dushanbe, Tajikistan",
        ),
    }
    in_russian = entries(client.get("/ru/institutions/calendar.ics?country=TJ"))
    assert in_russian["institution/didor/deadline@127.0.0.1"][0] == "Didor: последний день приёма заявок"
    assert client.get("/institutions/calendar.ics?country=XX").status_code == 400
    assert entries(client.get("/institutions/calendar.ics?country=TJ&kind=studio")) == {}
    page = html_page(client.get("/institutions/?country=TJ"))
    assert page.one("a", type="text/calendar").attributes["href"] == "/institutions/calendar.ics?country=TJ"


def test_calendar_of_a_saved_list_has_the_days_of_its_institutions_and_their_programmes(client, festival):
    create_programme(name_en="Pitching", institution=festival, call_closes="2027-03-01")
    create_programme(name_en="Another", call_closes="2027-03-01")
    client.post("/my-list/add/", {"record": ["institution/didor"]})
    saved = client.post("/lists/", {"origin": "hand"}).url.split("/owner/")[0]

    found = entries(client.get(f"{saved}/calendar.ics"))

    assert [words for words, *_rest in found.values()] == [
        *("Didor", "Didor: last day of submissions"),
        "Pitching: deadline of the call",
    ]
    assert list(entries(client.get("/programmes/calendar.ics"))) == [
        "programme/another/deadline@127.0.0.1",
        "programme/pitching/deadline@127.0.0.1",
    ]
    assert f"{saved}/calendar.ics" in client.get(f"{saved}/").content.decode()
