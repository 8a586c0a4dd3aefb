"""Tests of every format: the rows and the visible fields of the page, and the rules of the format."""

import csv
import io
import json
import re
from datetime import datetime, timedelta
from operator import attrgetter

import openpyxl
import pytest
from django.conf import settings
from django.utils import timezone
from pypdf import PdfReader

from exports.file_formats import FORMATS
from exports.formats.address_books import GOOGLE_HEADINGS, OUTLOOK_HEADINGS
from institutions.models import Institution
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
    create_source,
)

pytestmark = pytest.mark.django_db


def content(response):
    assert response.status_code == 200, response.content
    return b"".join(response.streaming_content)


def cards(file):
    """Return the texts of the cards as people read them: unfolded and unescaped."""
    text = file.decode().replace("\r\n ", "")
    plain = re.sub(r"\\(.)", lambda match: "\n" if match[1] == "n" else match[1], text)
    return plain.replace("tel:+", "+").split("END:VCARD\r\n")[:-1]


def sheet(file, number=0):
    rows = openpyxl.load_workbook(io.BytesIO(file)).worksheets[number].iter_rows(values_only=True)
    return [[cell.date().isoformat() if isinstance(cell, datetime) else cell or "" for cell in row] for row in rows]


def rows_as_text(format_name, file):
    """Return the content of a file as one text per row, in the file's order."""
    if format_name in ("vcf", "vcf3"):
        return cards(file)
    if format_name == "json":
        return [json.dumps(row, ensure_ascii=False) for row in json.loads(file)["rows"]]
    if format_name in ("xlsx", "mailmerge"):
        return ["\n".join(row) for row in sheet(file)[1:]]
    if format_name == "pdf":
        text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(file)).pages)
        # An entry ends with the address of its page, which a narrow column breaks over lines.
        entries = "".join(text.split("Index")[0].split())
        return re.findall(r".*?/(?:institutions|people)/[a-z0-9-]+/", entries)[-2:]
    return ["\n".join(row) for row in csv.reader(io.StringIO(file.decode("utf-8-sig"), newline=""))][1:]


@pytest.fixture
def two_studios():
    """Studios with every fact that a list shows, different in each of them."""
    for code, name, number in [("TJ", "Alpha", 1), ("UZ", "Beta", 2)]:
        country = create_country(code=code)
        source = create_source(url=f"https://example.org/source-{number}")
        studio = create_institution(
            key=f"studio-{number}",
            name_en=f"{name}, Studio; {number}",
            name_ru=f"«{name}» студия",
            name_native=f"Oʻz ʼ Հայ ქარ {name}",
            native_language="uz",
            country=country,
            city=create_city(country=country, name_en=f"City {number}", name_ru=f"Город {number}"),
            services=["dubbing", "costumes"],
            status="closed",
            address_latin=f"{number} Rudaki Street",
        )
        check = {"checked_on": f"2026-0{number}-01", "check_method": "telephone", "source": source}
        create_contact(institution=studio, kind="phone", value=f"+99237221000{number}", **check)
        create_contact(institution=studio, kind="email", value=f"info{number}@example.org")
        create_contact(institution=studio, kind="website", value=f"https://studio{number}.example.org/")
        person = create_person(key=f"person-{number}", name_en=f"Anna {name}", name_ru=f"Анна {name}", country=country)
        create_position(
            person=person, institution=studio, title_en="Director", role="head", since="2021", source=source
        )


def as_in(format_name, value):
    """Return the value as in the texts of `rows_as_text`; print leaves out the common beginning of URLs."""
    if format_name != "pdf":
        return str(value)
    return "".join(str(value).removeprefix(f"{settings.SITE_URL.split('://')[0]}://").split())


# Their purpose leaves the rest out.
NOT_IN_LETTERS = {"phone", "website", "services", "status", "kind"}


@pytest.mark.parametrize("format_name", sorted(FORMATS.keys() - {"emails"}))
def test_file_holds_every_institution_and_every_field_that_the_page_shows(client, two_studios, format_name):
    page = client.get("/studios/")
    file = content(client.get(f"/studios/export/{format_name}/?names=all"))

    listed = page.context["page"].object_list
    texts = rows_as_text(format_name, file)
    assert len(texts) == len(listed) == 2
    for studio, text in zip(listed, texts, strict=True):
        newest = max(studio.public_contacts, key=attrgetter("known_on"))
        shown = {
            "name": studio.name,
            "second name": studio.second_name.text if format_name != "mailmerge" else studio.name,
            "kind": studio.get_kind_display(),
            "city": studio.city.name,
            "country": studio.country.name,
            "status": studio.get_status_display(),
            "services": studio.service_labels[0],
            "freshness": newest.checked_on,
            "checked by": newest.get_check_method_display(),
            "page": settings.SITE_URL + studio.get_absolute_url(),
        } | {contact.kind: contact.shown_value for contact in studio.contacts_in_short}
        if format_name == "vcf":
            shown["phone"] = studio.contacts_in_short[0].value
        if format_name == "mailmerge":
            shown = {label: value for label, value in shown.items() if label not in NOT_IN_LETTERS}
        on_page = page.content.decode()
        values = [as_in(format_name, value) for value in shown.values()]
        assert [value for value in values if value not in text] == [], text
        assert all(studio.name in on_page for studio in listed)


@pytest.mark.parametrize("format_name", sorted(FORMATS.keys() - {"emails"}))
def test_file_holds_every_person_and_every_field_that_the_page_shows(client, two_studios, format_name):
    page = client.get("/people/")
    file = content(client.get(f"/people/export/{format_name}/"))

    listed = page.context["page"].object_list
    texts = rows_as_text(format_name, file)
    assert len(texts) == len(listed) == 2
    for person, text in zip(listed, texts, strict=True):
        (post,) = person.shown_positions
        family = person.name_en.split()[1]
        shown = {post.title.text, post.institution.name, family, person.name_ru}
        shown |= {post.since} if format_name != "mailmerge" else set()
        address = settings.SITE_URL + person.get_absolute_url()
        assert [value for value in {*shown, address} if as_in(format_name, value) not in text] == [], text


@pytest.mark.parametrize("format_name", [name for name in FORMATS if name != "emails"])
def test_file_of_those_in_post_on_a_date_says_who_is_only_possibly(client, two_studios, format_name):
    create_position(person=create_person(name_en="Late Comer"), institution=create_institution(), as_of="2025")

    rows = rows_as_text(format_name, content(client.get(f"/people/export/{format_name}/?on=2021")))

    (row,) = [row for row in rows if "possible" in row]
    assert as_in(format_name, "Late") in row
    assert as_in(format_name, "not documented") in row


def test_addresses_are_one_a_line_and_each_once(client, two_studios):
    create_contact(institution=create_institution(name_en="Gamma"), value="info1@example.org")

    file = content(client.get("/studios/export/emails/?rows=both"))

    assert file == b"info1@example.org\r\ninfo2@example.org\r\n"


@pytest.mark.parametrize("format_name", FORMATS)
def test_file_of_an_empty_list_says_that_it_is_empty(client, two_studios, format_name):
    answer = client.get(f"/studios/export/{format_name}/?q=nobody")

    assert answer.status_code == 200
    assert b"".join(answer)
    # No card can say so, and a page is shown instead.
    assert answer.has_header("Content-Disposition") == (format_name not in ("vcf", "vcf3"))


# Address books -------------------------------------------------------------------------------------------------------


def book(client, name, path="people", query=""):
    text = content(client.get(f"/{path}/export/{name}/?{query}")).decode()
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_google_headings_are_those_that_google_writes(client, two_studios):
    file = content(client.get("/people/export/google/")).decode()

    assert file.startswith("First Name,Middle Name,Last Name,Phonetic First Name,")
    assert next(csv.reader([file.split("\r\n")[0]])) == GOOGLE_HEADINGS
    assert len(GOOGLE_HEADINGS) == 38
    assert GOOGLE_HEADINGS[-2:] == ["Website 1 - Label", "Website 1 - Value"]


def test_outlook_headings_are_those_of_its_template(client, two_studios):
    file = content(client.get("/people/export/outlook/")).decode()

    assert file.startswith("\ufeffTitle,First Name,Middle Name,Last Name,Suffix,Company,")
    assert next(csv.reader([file.removeprefix("\ufeff").split("\r\n")[0]])) == OUTLOOK_HEADINGS
    assert len(OUTLOOK_HEADINGS) == 92
    assert OUTLOOK_HEADINGS[-2:] == ["User 4", "Web Page"]


def test_google_row_of_a_person(client, two_studios):
    row = {heading: text for heading, text in book(client, "google")[0].items() if text}

    assert row.pop("Notes").endswith("/people/anna-alpha/")
    assert row == {
        "First Name": "Anna",
        "Last Name": "Alpha",
        "Organization Name": "Alpha, Studio; 1",
        "Organization Title": "Director",
        "Labels": "CISFilm ::: * myContacts",
        "E-mail 1 - Label": "Work",
        "E-mail 1 - Value": "info1@example.org",
        "Phone 1 - Label": "Work",
        "Phone 1 - Value": "+992 372 21 0001",
        "Address 1 - Label": "Work",
        "Address 1 - Formatted": "1 Rudaki Street\nCity 1\nTajikistan",
        "Address 1 - Street": "1 Rudaki Street",
        "Address 1 - City": "City 1",
        "Address 1 - Country": "Tajikistan",
        "Website 1 - Label": "Work",
        "Website 1 - Value": "https://studio1.example.org/",
    }


def test_outlook_row_of_an_institution(client, two_studios):
    row = {heading: text for heading, text in book(client, "outlook", "studios")[0].items() if text}

    assert row.pop("Notes").endswith("/institutions/alpha-studio-1/")
    assert row == {
        "Company": "Alpha, Studio; 1",
        "Business Street": "1 Rudaki Street",
        "Business City": "City 1",
        "Business Country/Region": "Tajikistan",
        "Business Phone": "+992 372 21 0001",
        "Categories": "CISFilm",
        "E-mail Address": "info1@example.org",
        "E-mail Type": "SMTP",
        "E-mail Display Name": "Alpha, Studio; 1 (info1@example.org)",
        "Web Page": "https://studio1.example.org/",
    }


@pytest.mark.parametrize("name", ["google", "outlook"])
def test_no_number_is_lost_where_the_address_book_has_no_room(client, two_studios, name):
    studio = create_institution(key="many", name_en="Aaa Many")
    numbers = [f"+99237221001{number}" for number in range(6)]
    for number in numbers:
        create_contact(institution=studio, kind="phone", value=number)
        create_contact(institution=studio, kind="fax", value=number)
        create_contact(institution=studio, value=f"a{number[1:]}@example.org")

    text = " ".join(book(client, name, "studios")[0].values())

    assert all(f"+992 372 21 001{number}" in text for number in range(6))
    assert all(f"a{number[1:]}@example.org" in text for number in numbers)


# Workbooks -----------------------------------------------------------------------------------------------------------


def test_workbook_has_typed_cells_a_frozen_header_a_filter_and_links(client, two_studios):
    file = content(client.get("/studios/export/xlsx/"))
    workbook = openpyxl.load_workbook(io.BytesIO(file))
    listed = workbook.worksheets[0]

    headings = [cell.value for cell in listed[1]]
    cells = dict(zip(headings, listed[2], strict=True))
    assert listed.freeze_panes == "A2"
    assert listed.auto_filter.ref == f"A1:{openpyxl.utils.get_column_letter(len(headings))}3"
    assert listed.column_dimensions["B"].width > 10
    assert (cells["telephone"].value, cells["telephone"].data_type) == ("+992 372 21 0001", "s")
    assert cells["checked on"].value == datetime(2026, 1, 1)
    assert cells["checked on"].number_format == "yyyy-mm-dd"
    address = f"{settings.SITE_URL}/institutions/alpha-studio-1/"
    assert (cells["page in the directory"].value, cells["page in the directory"].hyperlink.target) == (address,) * 2
    assert cells["website"].hyperlink.target == "https://studio1.example.org/"


def test_second_sheet_says_what_the_list_is(client, two_studios):
    file = content(client.get("/studios/export/xlsx/?country=TJ&with_email=on&confirmed=24"))

    about = dict(sheet(file, 1))
    assert about["List"] == "Studios"
    assert about["Made on"].endswith("UTC")
    assert about["The list on the site"] == (f"{settings.SITE_URL}/studios/?country=TJ&with_email=on&confirmed=24")
    assert about["Filters"] == (
        "Country: Tajikistan; Only confirmed: within 24 months; Only rows with an e-mail address: yes"
    )
    assert "CC BY 4.0" in about["Licence"]
    assert settings.CONTACT_EMAIL in about["Found a mistake?"]


def test_workbook_calculates_nothing_that_somebody_typed(client):
    for number, start in enumerate(["=1+1", "+1", "-1", "@SUM(1)", '=HYPERLINK("https://example.org")']):
        create_institution(key=f"studio-{number}", name_en=f"{start} studio")

    listed = openpyxl.load_workbook(io.BytesIO(content(client.get("/studios/export/xlsx/")))).worksheets[0]

    names = [row[1] for row in listed.iter_rows(min_row=2)]
    assert {cell.value[0] for cell in names} == {"=", "+", "-", "@"}
    assert {cell.data_type for cell in names} == {"s"}


def test_workbook_links_pages_and_not_the_numbers_of_messengers(client):
    studio = create_institution()
    for kind, value in [("telegram", "https://t.me/studio"), ("whatsapp", "+77012500097")]:
        create_contact(institution=studio, kind=kind, value=value)

    both = sheet(content(client.get("/studios/export/xlsx/?columns=elsewhere")))
    studio.contacts.filter(kind="telegram").delete()
    number = sheet(content(client.get("/studios/export/xlsx/?columns=elsewhere")))

    assert "https://t.me/studio; +77012500097" in both[1]
    assert "+77012500097" in number[1]


def test_letters_have_form_of_address_patronymic_and_envelope(client):
    studio = create_institution(
        name_en="Tajikfilm",
        name_ru="Таджикфильм",
        city=create_city(name_ru="Душанбе"),
        address_local="ул. Бухоро, 43",
        address_latin="43 Bukhoro Street",
        postal_code="734025",
    )
    person = create_person(
        key="tj-anna",
        name_en="Anna Berg",
        name_ru="Анна Ивановна Берг",
        form_of_address_en="Dear Ms Berg",
        form_of_address_ru="Уважаемая Анна Ивановна",
    )
    create_position(person=person, institution=studio, title_ru="Директор")

    headings, row = sheet(content(client.get("/people/export/mailmerge/?names=ru")))

    letter = dict(zip(headings, row, strict=True))
    assert letter["form of address"] == "Уважаемая Анна Ивановна"
    assert (letter["family name"], letter["given name"], letter["patronymic"]) == ("Берг", "Анна", "Ивановна")
    assert letter["envelope in local form"] == (
        "Анна Ивановна Берг\nТаджикфильм\nул. Бухоро, 43\n734025 Душанбе\nТаджикистан"
    )
    assert letter["envelope in Latin letters"].split("\n")[2:4] == ["43 Bukhoro Street", "734025 Dushanbe"]


@pytest.mark.parametrize(
    ("address", "empty"),
    [
        (
            "mailmerge/?q=berg",
            [
                *("envelope in local form", "envelope in Latin letters", "postal code", "city", "country", "e-mail"),
                *("checked on", "checked by"),
            ],
        ),
        (
            "xlsx/?q=berg&names=latin-native",
            [
                *("institution in native script", "id of the institution", "kind", "country", "country code", "city"),
                *("telephone", "e-mail", "website", "postal address in Latin letters", "postal code"),
            ],
        ),
    ],
)
def test_somebody_without_an_institution_has_nothing_in_its_columns(client, address, empty):
    create_position(person=create_person(name_en="Anna Berg"), body_name="Jury", title_en="Juror")
    # In lists that a name is looked for in.
    create_person(name_en="Boris Berg")

    headings, *rows = sheet(content(client.get(f"/people/export/{address}")))

    people = [dict(zip(headings, row, strict=True)) for row in rows]
    assert [(row["English name"], row["post"], row["institution"]) for row in people] == [
        ("Anna Berg", "Juror", "Jury"),
        ("Boris Berg", "", ""),
    ]
    assert {row[heading] for row in people for heading in empty} == {""}
    assert {row["freshness"] for row in people} == {"unconfirmed"}


@pytest.mark.parametrize("names", ["all", "ru", "native"])
def test_envelope_in_latin_letters_holds_no_others(client, names):
    studio = create_institution(
        name_en="Oʻzbekfilm",
        name_ru="Узбекфильм",
        name_native="Ўзбекфильм",
        native_language="uz",
        city=create_city(name_ru="Душанбе"),
        address_local="ул. Бухоро, 43",
        address_latin="43 Bukhoro Street",
    )
    person = create_person(name_en="Anna Berg", name_ru="Анна Берг")
    create_position(person=person, institution=studio)
    create_participation(event=create_event(name_en="Forum"), institution=studio, name="Иван Шукин")

    for path in ("people", "events/forum"):
        headings, row = sheet(content(client.get(f"/ru/{path}/export/mailmerge/?names={names}&rows=representatives")))
        envelope = dict(zip(headings, row, strict=True))["конверт латиницей"]
        name = "Anna Berg" if path == "people" else "Ivan Shukin"
        house = "Oʻzbekfilm" if path == "people" else "Ozbekfilm"
        assert envelope.replace("'", "") == f"{name}\n{house}\n43 Bukhoro Street\nDushanbe\nTajikistan"


@pytest.mark.parametrize(
    ("path", "names", "salutation"),
    [
        ("/people", "all", "Dear colleagues"),
        ("/ru/people", "all", "Уважаемые коллеги"),
        ("/ru/people", "en", "Dear colleagues"),
        ("/studios", "ru", "Уважаемые коллеги"),
    ],
)
def test_letters_address_everybody_neutrally_whose_form_of_address_is_not_known(client, path, names, salutation):
    create_position(person=create_person(form_of_address_native="Ҳурматли"), institution=create_institution())

    headings, row = sheet(content(client.get(f"{path}/export/mailmerge/?names={names}")))

    label = "обращение" if path.startswith("/ru") else "form of address"
    assert dict(zip(headings, row, strict=True))[label] == salutation


def test_letters_say_of_when_a_post_is_and_who_is_still_there(client, two_studios):
    former = create_person(name_en="Boris Former")
    create_position(person=former, institution=Institution.objects.first(), until="2020", as_of="2019")

    headings, *rows = sheet(content(client.get("/people/export/mailmerge/?ever=true")))

    letters = [dict(zip(headings, row, strict=True)) for row in rows]
    assert {
        letter["family name"]: [letter[name] for name in ("in post today", "until", "as of", "freshness of the post")]
        for letter in letters
    } == {
        "Alpha": ["yes", "", "", "unconfirmed"],
        "Beta": ["yes", "", "", "unconfirmed"],
        "Former": ["no", "2020", "2019", "ended"],
    }
    assert all(letter["freshness"] for letter in letters)


@pytest.mark.parametrize(
    ("months", "days", "word"), [(12, 0, "fresh"), (12, 1, "ageing"), (24, 0, "ageing"), (24, 1, "unconfirmed")]
)
@pytest.mark.parametrize(("known", "other"), [("checked_on", "seen_on"), ("seen_on", "checked_on")])
def test_later_of_check_and_sighting_is_fresh_for_a_year_and_ageing_for_another_in_rows_of_both_kinds(
    client, months, days, word, known, other
):
    known_on = months_before(timezone.localdate(), months) - timedelta(days=days)
    studio = create_institution()
    dates = {known: known_on.isoformat(), other: "2010-01-01"}
    create_contact(institution=studio, check_method="telephone", seen_url="https://example.org/", **dates)
    create_position(person=create_person(), institution=studio)

    for path in ("studios", "people"):
        [row] = csv.DictReader(io.StringIO(content(client.get(f"/{path}/export/csv/")).decode("utf-8-sig")))
        assert row["freshness"] == word


# JSON ----------------------------------------------------------------------------------------------------------------


def test_json_says_what_it_is_and_has_lists_and_stable_ids(client, two_studios):
    first, again = (json.loads(content(client.get("/studios/export/json/?rows=both"))) for _ in range(2))

    row = first["rows"][1]
    assert first["format"] == 1
    assert first["title"] == "Studios"
    assert (row["uid"], row["id"]) == ("post/person-1/studio-1/Director/2021", "person-1")
    assert row["phones"] == ["+992 372 21 0001"]
    assert row["services"] == ["dubbing", "costumes"]
    assert first["rows"] == again["rows"]


def test_json_of_an_empty_list_is_whole(client):
    assert json.loads(content(client.get("/studios/export/json/")))["rows"] == []
