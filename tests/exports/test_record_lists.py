"""Tests of lists of programmes, films and events as files, and of events as calendars."""

import csv
import io
import json
from datetime import date

import pytest
from icalendar import Calendar
from openpyxl import load_workbook

from tests.factories import create_city, create_country, create_event, create_institution, create_programme
from tests.html_page import html_page
from tests.rich_records import create_rich_event, create_rich_film, create_rich_programme

pytestmark = pytest.mark.django_db


def content(response):
    assert response.status_code == 200, response.content
    return b"".join(response.streaming_content)


def rows(client, path):
    return list(csv.DictReader(io.StringIO(content(client.get(path)).decode("utf-8-sig"), newline="")))


def test_programmes_say_in_columns_what_their_page_does(client):
    programme = create_rich_programme()
    programme.call_opens, programme.call_closes = "2027-01", "2027-03-31"
    programme.save()
    partner = programme.partner_institutions.get()
    hidden = create_institution(name_en="Hidden", publication_state="draft")
    programme.partner_institutions.add(hidden)
    create_programme(name_en="Of the hidden", institution=hidden)

    first, second = rows(client, "/programmes/export/csv/")

    assert first == {
        "id": programme.key,
        "English name": "Rebate",
        "Russian name": "",
        "native name": "",
        "kind": "cash rebate",
        "country": "Tajikistan",
        "rate, %": "30",
        "minimum spend": "100000",
        "cap": "5000000",
        "currency": "USD",
        "in force since": "",
        "until": "",
        "opening of the call": "2027-01",
        "deadline": "2027-03-31",
        "run by": "Rebate Fund",
        "partner institutions": partner.name_en,
        "other partners": "World Film Fund",
        "summary": "Money back.",
        "source": "https://example.org/programmes/Rebate",
        "page in the directory": f"http://testserver{programme.get_absolute_url()}",
    } | {"page in the directory": first["page in the directory"]}
    assert (second["run by"], second["country"]) == ("", "international")


def test_numbers_are_numbers_for_programs(client):
    create_rich_programme()
    create_programme(name_en="Without amounts")

    told = json.loads(content(client.get("/programmes/export/json/")))
    sheet = load_workbook(io.BytesIO(content(client.get("/programmes/export/xlsx/")))).worksheets[0]

    assert [(row["rate_percent"], row["cap"]) for row in told["rows"]] == [(30, 5_000_000), (None, None)]
    headings = [cell.value for cell in sheet[1]]
    assert [sheet.cell(line, headings.index("cap") + 1).value for line in (2, 3)] == [5_000_000, None]
    assert "names" not in told


def test_files_follow_the_filters_and_the_order_of_the_page(client):
    for number, rate in enumerate([10, 30, 20, None]):
        create_programme(name_en=f"Programme {number}", rate_percent=rate, kind="cash-rebate")
    create_rich_film(name_en="Road")

    shown = client.get("/programmes/?rate=20").context["page"].object_list
    response = client.get("/programmes/export/csv/?rate=20")

    assert [row["id"] for row in rows(client, "/programmes/export/csv/?rate=20")] == [one.key for one in shown]
    assert 'filename="programmes-20-or-more-' in response["Content-Disposition"]
    assert client.get("/programmes/export/csv/?cap=0").status_code == 400
    assert client.get("/programmes/export/vcf/").status_code == 404
    assert client.get("/programmes/export/ics/").status_code == 404
    assert client.get("/films/export/csv/?country=XX").status_code == 400
    assert len(rows(client, "/films/export/csv/?country=AM")) == 1
    assert rows(client, "/films/export/csv/?status=announced") == []


def test_films_name_countries_directors_and_partners(client):
    create_rich_film(name_en="Road", institution=create_institution(name_en="Studio", name_ru="Студия"))

    (english,), (russian,) = rows(client, "/films/export/csv/"), rows(client, "/ru/films/export/csv/")

    assert (english["countries"], english["directors"], english["year"]) == ("Tajikistan; Armenia", "Olga Lang", "2025")
    assert (english["institutions"], english["other partners"]) == ("Studio", "World Film Fund")
    assert (russian["организации"], russian["страны"]) == ("Студия", "Таджикистан; Армения")


def test_calendar_holds_events_of_known_days_with_lasting_uids(client):
    event = create_rich_event(name_en="Forum; of studios, and more")
    create_event(name_en="Some day of the year", start="2025")
    one_day = create_event(name_en="One day", start="2025-12-31", city=create_city(), country=create_country())

    calendar = Calendar.from_ical(content(client.get("/events/export/ics/")))
    again = Calendar.from_ical(content(client.get("/ru/events/export/ics/")))

    assert [(str(found["summary"]), found.decoded("dtstart"), found.decoded("dtend")) for found in calendar.events] == [
        ("One day", date(2025, 12, 31), date(2026, 1, 1)),
        ("Forum; of studios, and more", date(2025, 9, 1), date(2025, 9, 4)),
    ]
    uids = [str(found["uid"]).partition("@")[0] for found in calendar.events]
    assert uids == [f"event/{one_day.key}", f"event/{event.key}"]
    assert [found["uid"] for found in again.events] == [found["uid"] for found in calendar.events]
    assert str(calendar.events[0]["location"]) == "Dushanbe, Tajikistan"


def test_calendar_of_one_event_is_offered_where_its_day_is_known(client):
    known, vague = create_event(name_en="Known", start="2025-09-01"), create_event(name_en="Vague", start="2025-09")

    calendar = Calendar.from_ical(content(client.get("/events/known/event.ics")))

    assert [str(found["summary"]) for found in calendar.events] == ["Known"]
    assert client.get("/events/vague/event.ics").status_code == 404
    offered = [
        [
            link.attributes["href"]
            for link in html_page(client.get(event.get_absolute_url())).all("a")
            if "ics" in link.attributes["href"]
        ]
        for event in (known, vague)
    ]
    assert offered == [["/events/known/event.ics"], []]
