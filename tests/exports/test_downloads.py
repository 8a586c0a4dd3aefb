"""Tests of the options of downloads: rows, names, columns, last confirmation, e-mail; and of the responses."""

import csv
import io
import json
from dataclasses import replace

import openpyxl
import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone, translation

from exports import file_formats
from exports.column_types import Column, NameChoice, RowChoice
from exports.columns import COLUMNS, NAME_COLUMNS, columns_for, columns_to_choose
from exports.facts import NAME
from exports.file_formats import FORMATS
from exports.templatetags import downloads
from records.check_guard import confirming
from records.checks import months_before
from tests.factories import (
    create_city,
    create_contact,
    create_country,
    create_event,
    create_institution,
    create_participation,
    create_person,
    create_position,
)
from tests.html_page import html_page
from tests.rich_records import create_rich_institution

pytestmark = pytest.mark.django_db


def content(response):
    assert response.status_code == 200, response.content
    return b"".join(response.streaming_content)


def records(client, path, query=""):
    text = content(client.get(f"{path}?{query}")).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def months_ago(months):
    return months_before(timezone.localdate(), months).isoformat()


@pytest.fixture
def studio():
    """A studio with a director and a deputy, who have different contacts."""
    studio = create_institution(
        key="tj-studio",
        name_en="Tajikfilm",
        name_ru="Таджикфильм",
        name_native="Тоҷикфилм",
        native_language="tg",
        city=create_city(name_ru="Душанбе"),
    )
    create_contact(institution=studio, kind="phone", checked_on=months_ago(8), check_method="telephone")
    director = create_person(key="tj-anna", name_en="Anna Berg", name_ru="Анна Берг")
    post = create_position(person=director, institution=studio, title_ru="Директор", role="head")
    create_contact(position=post, value="anna@example.org")
    deputy = create_person(key="tj-boris", name_en="Boris Lang", name_ru="Борис Ланг")
    create_position(person=deputy, institution=studio, title_en="Deputy Director", role="deputy")
    return studio


@pytest.mark.parametrize("path", ["/institutions/export/csv/", "/studios/export/csv/", "/people/export/csv/"])
@pytest.mark.parametrize(
    ("rows", "ids"),
    [
        ("institutions", ["tj-studio"]),
        ("representatives", ["tj-anna", "tj-boris"]),
        ("both", ["tj-studio", "tj-anna", "tj-boris"]),
    ],
)
def test_rows_are_institutions_representatives_or_both_from_any_list(client, studio, path, rows, ids):
    assert [row["id"] for row in records(client, path, f"rows={rows}")] == ids


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("rows=both&posts_seen=1", ["tj-studio", "tj-anna"]),
        ("rows=representatives&posts_seen=2", ["tj-anna", "tj-boris"]),
        ("rows=representatives&posts_seen=5", ["tj-anna", "tj-boris"]),
    ],
)
def test_people_whom_no_page_has_seen_in_their_post_for_years_may_be_left_out(client, studio, query, ids):
    for person, months in (("tj-anna", 11), ("tj-boris", 23)):
        studio.positions.filter(person__key=person).update(as_of=months_ago(months))
    create_position(person=create_person(key="tj-vera"), institution=studio, title_en="Adviser")

    assert [row["id"] for row in records(client, "/institutions/export/csv/", query)] == ids
    assert {row["id"] for row in records(client, "/people/export/csv/", query)} == set(ids)


def test_both_kinds_of_rows_say_which_they_are(client, studio):
    rows = records(client, "/institutions/export/csv/", "rows=both")

    assert [(row["row"], row["institution"], row["post"]) for row in rows] == [
        ("institution", "Tajikfilm", ""),
        ("representative", "Tajikfilm", "Director"),
        ("representative", "Tajikfilm", "Deputy Director"),
    ]


def test_institution_stands_once_among_people_of_several_posts(client, studio):
    person = create_person(key="tj-zoya", name_en="Zoya Wolf")
    create_position(person=person, institution=studio, title_en="Adviser")
    create_position(person=person, body_name="Jury", title_en="Juror")

    ids = [row["id"] for row in records(client, "/people/export/csv/", "rows=both")]

    assert ids == ["tj-studio", "tj-anna", "tj-boris", "tj-zoya", "tj-zoya"]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ("en", {"name": "Anna Berg", "institution": "Tajikfilm", "post": "Director", "city": "Dushanbe"}),
        ("ru", {"name": "Анна Берг", "institution": "Таджикфильм", "post": "Директор", "city": "Душанбе"}),
        ("native", {"name": "Анна Берг", "institution": "Тоҷикфилм", "post": "Директор"}),
        (
            "latin-native",
            {
                "English name": "Anna Berg",
                "name in native script": "Анна Берг",
                "language of that name": "ru",
                "institution": "Tajikfilm",
                "institution in native script": "Тоҷикфилм",
            },
        ),
        ("all", {"English name": "Anna Berg", "Russian name": "Анна Берг", "native name": ""}),
    ],
)
def test_names_are_in_the_language_asked_for(client, studio, names, expected):
    row = records(client, "/people/export/csv/", f"names={names}")[0]

    assert {heading: row[heading] for heading in expected} == expected


def test_country_is_named_in_the_language_of_the_names(client, studio):
    assert records(client, "/studios/export/csv/", "names=ru")[0]["country"] == "Таджикистан"
    assert records(client, "/ru/studios/export/csv/", "names=en")[0]["страна"] == "Tajikistan"


@pytest.mark.parametrize(("months", "count"), [(6, 0), (12, 3), (24, 3)])
def test_only_rows_confirmed_lately_enough(client, studio, months, count):
    create_institution(name_en="Never confirmed")

    assert len(records(client, "/institutions/export/csv/", f"rows=both&confirmed={months}")) == count


def test_only_rows_with_an_email_address(client, studio):
    fund = create_institution(key="tj-fund", name_en="Fund", kind="fund")
    create_contact(institution=fund)
    create_position(person=create_person(key="tj-head", name_en="Head"), institution=fund)

    rows = records(client, "/institutions/export/csv/", "rows=both&with_email=on")

    assert [(row["id"], row["e-mail"]) for row in rows] == [
        ("tj-anna", "anna@example.org"),
        ("tj-fund", "info@example.org"),
        ("tj-head", "info@example.org"),
    ]


def test_columns_are_those_chosen_and_those_that_let_a_row_be_checked(client, studio):
    (row,) = records(client, "/studios/export/csv/", "columns=phones&columns=name&names=en")

    assert list(row) == [
        *("id", "name", "telephone", "checked on", "checked by", "source", "page in the directory"),
    ]


def test_each_row_carries_id_page_check_and_source(client):
    institution = create_rich_institution()

    row = next(row for row in records(client, "/institutions/export/csv/") if row["id"] == institution.key)

    always = ["id", "page in the directory", "checked on", "checked by", "source"]
    assert all(row[heading] for heading in always)


def test_source_of_the_record_stands_in_where_no_contact_was_checked(client):
    institution = create_rich_institution()
    with confirming():
        institution.contacts.update(checked_on=None, check_method="")

    row = next(row for row in records(client, "/institutions/export/csv/") if row["id"] == institution.key)

    assert (row["checked on"], row["source"]) == ("", "https://example.org/Tajikfilm")


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/studios/export/csv/?rows=foo", "Rows: Select a valid choice. foo is not one of the available choices."),
        ("/studios/export/csv/?names=foo", "Names in: Select a valid choice."),
        ("/people/export/xlsx/?columns=foo", "Columns: Select a valid choice."),
        ("/people/export/vcf/?confirmed=7", "Only confirmed: Select a valid choice."),
        ("/studios/export/json/?country=XX", "Country: Select a valid choice."),
    ],
)
def test_choice_that_is_not_understood_gives_no_file(client, path, message):
    response = client.get(path)

    assert (response.status_code, response["Content-Type"]) == (400, "text/plain; charset=utf-8")
    assert message in response.content.decode()


@pytest.mark.parametrize("path", ["/institutions/export/doc/", "/events/none/export/csv/", "/people/export/CSV/"])
def test_what_is_not_there_is_not_found(client, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("format_name", ["xlsx", "mailmerge"])
def test_list_longer_than_the_format_holds_is_refused_with_a_way_out(client, studio, monkeypatch, format_name):
    short = file_formats.FileFormat(**{**vars(FORMATS[format_name]), "row_limit": 2})
    monkeypatch.setitem(FORMATS, format_name, short)

    refused = client.get(f"/institutions/export/{format_name}/?rows=both")
    narrowed = client.get(f"/institutions/export/{format_name}/?rows=both&with_email=on")

    assert (refused.status_code, refused["Content-Type"]) == (413, "text/plain; charset=utf-8")
    assert "more than 2 rows" in refused.content.decode()
    assert "CSV, which has no limit" in refused.content.decode()
    assert content(narrowed)


def test_limits_are_said_before_a_file_is_asked_for(client, studio):
    page = html_page(client.get("/studios/"))

    limited = [file_format for file_format in FORMATS.values() if file_format.row_limit]
    notes = page.one("ul", class_="download-formats").text
    assert limited
    assert all(f"up to {file_format.row_limit:,} rows" in str(file_format.note) for file_format in limited)
    assert all(str(file_format.note) in notes for file_format in limited)


# The form on the pages ------------------------------------------------------------------------------------------------


def download_form(page):
    return next(page.one("details", class_="download").all("form"))


def pressed(form, button, checked=()):
    """Return the URL that a browser requests when the button is pressed with these boxes ticked."""
    query = QueryDict(mutable=True)
    for field in form.all("input"):
        attributes = field.attributes
        is_sent = attributes["type"] == "hidden" or "checked" in attributes or attributes["value"] in checked
        if is_sent:
            query.appendlist(attributes["name"], attributes["value"])
    return f"{button.attributes['formaction']}?{query.urlencode()}"


@pytest.mark.parametrize(
    "path",
    [
        *("/institutions/?kind=studio", "/studios/?q=tajik", "/agencies/", "/people/?role=head&ever=true"),
        *("/countries/tj/", "/events/forum/", "/ru/studios/?country=TJ", "/ru/events/forum/"),
    ],
)
def test_every_list_page_has_a_working_button_for_each_format(client, studio, path):
    create_contact(institution=create_institution(name_en="Agency", kind="agency"))
    create_participation(event=create_event(name_en="Forum"), institution=studio)

    form = download_form(html_page(client.get(path)))
    buttons = list(form.all("button"))
    answers = [client.get(pressed(form, button)) for button in buttons]

    assert len(buttons) == len(FORMATS)
    assert [answer.status_code for answer in answers] == [200] * len(FORMATS)
    files = {answer["Content-Disposition"]: content(answer) for answer in answers}
    assert [name for name, file in files.items() if not file] == []


def test_format_that_would_be_empty_or_too_long_is_not_offered_and_says_why(client, studio, monkeypatch):
    monkeypatch.setitem(FORMATS, "xlsx", replace(FORMATS["xlsx"], row_limit=1))
    for number in range(2):
        create_institution(name_en=f"Agency {number}", kind="agency")

    def refusals(path):
        items = html_page(client.get(path)).one("ul", class_="download-formats").all("li")
        return [item.text for item in items if "disabled" in item.one("button").attributes]

    too_long, empty = refusals("/agencies/")
    assert "2 rows; the limit is 1" in too_long
    assert "0 of 2 have an e-mail address" in empty
    assert refusals("/people/?role=deputy&q=boris") == ["E-mail addresses only 0 of 1 has an e-mail address"]
    assert refusals("/people/?role=head") == refusals("/people/?q=anna") == []
    assert client.get("/agencies/export/emails/").getvalue() == b"This list has no e-mail addresses.\r\n"


def test_form_keeps_the_filters_of_the_page_and_not_its_page_number(client, studio):
    create_institution(name_en="Kazakhfilm", country=create_country(code="KZ"))

    form = download_form(html_page(client.get("/studios/?country=TJ&country=KZ&page=1&rows=both&sort=country")))

    hidden = [(field.attributes["name"], field.attributes["value"]) for field in form.all("input", type="hidden")]
    assert hidden == [("country", "TJ"), ("country", "KZ"), ("sort", "country")]


def test_country_page_takes_its_own_institutions_away(client, studio):
    create_institution(name_en="Kazakhfilm", country=create_country(code="KZ"))

    form = download_form(html_page(client.get("/countries/tj/")))
    address = pressed(form, next(button for button in form.all("button") if "csv" in button.attributes["formaction"]))

    assert [row["id"] for row in records(client, *address.split("?"))] == ["tj-studio"]


def test_boxes_of_the_form_are_the_columns_of_the_registry(client, studio):
    form = download_form(html_page(client.get("/studios/")))

    boxes = [field.attributes["value"] for field in form.all("input", name="columns")]
    assert boxes == [column.name for column in columns_to_choose()]
    offered = {*boxes, *NAME_COLUMNS, *(column.name for column in COLUMNS if column.only_in)} | {
        column.name for column in COLUMNS if column.always
    }
    assert offered == {column.name for column in COLUMNS}


def test_list_without_rows_offers_no_file(client):
    assert list(html_page(client.get("/studios/?q=nothing")).all("details", class_="download")) == []


# The registry ---------------------------------------------------------------------------------------------------------


def test_names_of_columns_are_unique_and_headings_differ_within_a_file():
    for rows in RowChoice.values:
        for names in NameChoice.values:
            columns = columns_for(rows, names, [column.name for column in COLUMNS], "event")
            for language in ("en", "ru"):
                with translation.override(language):
                    headings = [str(column.label) for column in columns]
                assert len(headings) == len(set(headings)), (rows, names, language)


@pytest.mark.parametrize("format_name", ["csv", "xlsx", "json"])
def test_column_added_to_the_registry_is_in_every_format_and_on_the_page(client, studio, monkeypatch, format_name):
    added = Column("shout", "in capitals", (NAME,), lambda words: str.upper)
    monkeypatch.setattr("exports.columns.COLUMNS", [*COLUMNS, added])
    # The form is rendered once a process.
    monkeypatch.setattr(downloads, "_choices", downloads._choices.__wrapped__)

    file = content(client.get(f"/studios/export/{format_name}/"))
    boxes = download_form(html_page(client.get("/studios/"))).all("input", name="columns")

    if format_name == "xlsx":
        cells = [cell.value for row in openpyxl.load_workbook(io.BytesIO(file)).worksheets[0].rows for cell in row]
    elif format_name == "json":
        cells = [*json.loads(file)["rows"][0].keys(), *json.loads(file)["rows"][0].values()]
        assert "shout" in cells
        cells.append("in capitals")
    else:
        cells = next(iter(csv.reader(io.StringIO(file.decode())))) + file.decode().split(",")
    assert "in capitals" in cells
    assert "TAJIKFILM" in " ".join(map(str, cells))
    assert "shout" in [box.attributes["value"] for box in boxes]


# Participants of an event ---------------------------------------------------------------------------------------------


def test_everybody_at_an_event_is_in_its_file_in_the_order_of_the_page(client, studio):
    event = create_event(name_en="Forum")
    anna, guest = studio.positions.get(role="head").person, create_person(key="guest", name_en="Guest Guestson")
    create_participation(event=event, person=anna, institution=studio, role="moderator")
    create_participation(event=event, person=guest, role="speaker")
    create_participation(event=event, name="Somebody Else", institution=studio)
    create_participation(event=event, institution=studio, role="signatory")

    rows = records(client, "/events/forum/export/csv/")

    assert [(row["id"], row["English name"], row["role at the event"], row["post"]) for row in rows] == [
        ("tj-anna", "Anna Berg", "moderator", "Director"),
        ("guest", "Guest Guestson", "speaker", ""),
        ("tj-studio", "Tajikfilm", "signatory", ""),
        ("", "Somebody Else", "participant", ""),
    ]


def test_moved_event_still_gives_its_file(client, studio):
    event = create_event(name_en="Forum")
    create_participation(event=event, institution=studio)
    event.slug = "forum-of-studios"
    event.save()

    assert len(records(client, "/events/forum/export/csv/")) == 1


@pytest.mark.parametrize("language", ["en", "ru"])
def test_address_of_each_format_is_as_documented(language):
    with translation.override(language):
        prefix = "" if language == "en" else "/ru"
        for name in ["csv", "xlsx", "vcf", "vcf3", "google", "outlook", "json", "emails", "mailmerge"]:
            assert reverse("contacts:institutions_export", args=[name]) == f"{prefix}/institutions/export/{name}/"
            assert name in FORMATS
