"""Tests of CSV files: the rows of the page, every field, and the format."""

import csv
import io
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.conf import settings
from django.utils import timezone, translation

from exports.column_types import Column
from exports.columns import columns_for
from exports.formats.csv_file import BYTE_ORDER_MARK, csv_file
from languages.formulas import guarded
from tests.factories import (
    create_city,
    create_contact,
    create_country,
    create_institution,
    create_person,
    create_position,
    create_source,
    create_stage,
)
from tests.rich_records import create_rich_institution


def read(response):
    """Return the rows of the file as a spreadsheet reads them, first the header."""
    assert response.streaming
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def records(response):
    header, *rows = read(response)
    return [dict(zip(header, row, strict=True)) for row in rows]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kazakhfilm", "Kazakhfilm"),
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@x", "'@x"),
        ("\tx", "'\tx"),
        ("a=b", "a=b"),
        ("", ""),
    ],
)
def test_free_text_is_never_a_formula(text, expected):
    assert guarded(text) == expected


def test_lines_are_quoted_as_rfc_4180_says_and_telephones_keep_their_plus():
    columns = [
        Column("name", "name"),
        Column("phone", "phone, office", is_free_text=False),
    ]

    text = "".join(csv_file(columns, [[['=1+1, "quoted"\nline', "Ҷӯра"], ["+992 37 221 00 00", ""]]]))

    assert text == (
        BYTE_ORDER_MARK + 'name,"phone, office"\r\n"\'=1+1, ""quoted""\nline",+992 37 221 00 00\r\nҶӯра,\r\n'
    )


def test_lines_are_made_some_at_a_time():
    taken = []

    def tables():
        for number in range(3):
            taken.append(number)
            yield [[f"{number}.1", f"{number}.2"]]

    blocks = csv_file([Column("number", "number")], tables())

    assert (next(blocks), taken) == (f"{BYTE_ORDER_MARK}number\r\n", [])
    assert next(blocks) == "0.1\r\n0.2\r\n"
    assert taken == [0]


def test_empty_list_still_has_its_header():
    assert "".join(csv_file([Column("name", "name")], [])) == f"{BYTE_ORDER_MARK}name\r\n"


@pytest.mark.django_db
def test_row_of_an_institution_holds_every_field(client):
    checked_on = timezone.localdate().isoformat()
    source = create_source(url="https://tajikfilm.tj/contacts")
    country = create_country(code="TJ")
    institution = create_institution(
        key="tj-tajikfilm",
        name_en="Tajikfilm",
        name_ru="Таджикфильм",
        name_native="Тоҷикфилм",
        native_language="tg",
        city=create_city(country=country, name_ru="Душанбе"),
        parent=create_institution(name_en="Ministry", kind="ministry", country=country),
        ownership="state",
        status="active",
        founded="1930-05",
        services=["sound-stages", "dubbing"],
        address_local="кӯчаи Бухоро 43",
        address_latin="43 Bukhoro Street",
        postal_code="734025",
        identifiers={"wikidata": "Q42", "ror": "028023c94"},
    )
    create_stage(institution=institution, name_en="Stage 1", area_m2=900, height_m="12.0")
    create_stage(institution=institution, name_en="Stage 2", area_m2=1200, height_m="9.5")
    department = {"department": "press office", "department_ru": "пресс-служба"}
    seen = {"seen_url": "https://tajikfilm.tj/contacts"}
    for contact in [
        {"kind": "phone", "value": "+992372210000", "languages": ["ru", "tg"], **department},
        {"kind": "phone", "value": "+992372210001", "checked_on": checked_on, "check_method": "telephone"},
        {"kind": "fax", "value": "+992372210002", "seen_on": "2025-03-01", **seen},
        {"kind": "email", "value": "info@tajikfilm.tj", "checked_on": "2025-01", "check_method": "letter"},
        {"kind": "email", "value": "press@tajikfilm.tj", "seen_on": "2025-03-02", **seen},
        {"kind": "email", "value": "secret@tajikfilm.tj", "seen_on": "2025-03-03", "is_public": False, **seen},
        {"kind": "website", "value": "https://tajikfilm.tj/en/"},
        {"kind": "telegram", "value": "https://t.me/tajikfilm"},
        {"kind": "address", "value": "1 Rudaki Avenue"},
    ]:
        create_contact(institution=institution, source=source, **contact)

    row = next(row for row in records(client.get("/studios/export/csv/")) if row["id"] == "tj-tajikfilm")

    assert row == {
        "id": "tj-tajikfilm",
        "English name": "Tajikfilm",
        "Russian name": "Таджикфильм",
        "native name": "Тоҷикфилм",
        "language of the native name": "tg",
        "kind": "studio",
        "country": "Tajikistan",
        "country code": "TJ",
        "city": "Dushanbe",
        "ownership": "state",
        "status": "active",
        "founded": "1930-05",
        "closed": "",
        "part of": "Ministry",
        "services": "sound stages; dubbing",
        "sound stages": "Stage 1, 900 m², 12 m; Stage 2, 1200 m², 9.5 m",
        "largest stage, m²": "1200",
        "highest stage, m": "12",
        **dict.fromkeys(["first day of the next edition", "last day of the next edition"], ""),
        **dict.fromkeys(["opening of submissions", "deadline of submissions", "page for submissions"], ""),
        "telephone": "+992 372 21 0000; +992 372 21 0001",
        "fax": "+992 372 21 0002",
        "e-mail": "info@tajikfilm.tj; press@tajikfilm.tj",
        "website": "https://tajikfilm.tj/en/",
        "other web pages": "https://t.me/tajikfilm",
        "departments and languages": "press office, ru, tg: +992 372 21 0000",
        "postal address in local form": "кӯчаи Бухоро 43",
        "postal address in Latin letters": "43 Bukhoro Street",
        "postal code": "734025",
        "ids in registers": "ror: 028023c94; wikidata: Q42",
        "further addresses": "1 Rudaki Avenue",
        "checked on": checked_on,
        "checked by": "telephone",
        "seen on the official site": "2025-03-02",
        "freshness": "fresh",
        "source": "https://tajikfilm.tj/contacts",
        "page in the directory": f"{settings.SITE_URL}/institutions/tajikfilm/",
    }
    in_russian = next(row for row in records(client.get("/ru/studios/export/csv/")) if "tj-tajikfilm" in row.values())
    assert "пресс-служба, ru, tg: +992 372 21 0000" in in_russian.values()


@pytest.mark.django_db
def test_person_with_two_posts_is_two_rows(client):
    person = create_person(key="tj-anna", name_en="Anna Berg", name_ru="Анна Берг")
    studio = create_institution(key="tj-studio", name_en="Studio", city=create_city())
    source = create_source(url="https://example.org/appointed")
    create_contact(institution=studio, kind="phone", checked_on="2020", check_method="letter")
    create_contact(institution=studio, kind="email")
    post = create_position(
        person=person, institution=studio, role="head", since="2021", as_of="2022-05-02", source=source
    )
    create_contact(position=post, kind="email", value="anna@example.org")
    create_contact(position=post, kind="email", value="private@example.org", is_public=False)
    create_position(person=person, body_name="=Jury", title_en="Juror", as_of="2024")

    first, second = records(client.get("/people/export/csv/"))

    assert first == {
        "id": "tj-anna",
        "English name": "Anna Berg",
        "Russian name": "Анна Берг",
        "native name": "",
        "language of the native name": "",
        "post": "Director",
        "role": "head",
        "institution": "Studio",
        "id of the institution": "tj-studio",
        "kind": "studio",
        "country": "Tajikistan",
        "country code": "TJ",
        "city": "Dushanbe",
        "telephone": "+992 372 21 0000",
        "fax": "",
        "e-mail": "anna@example.org; info@example.org",
        "website": "",
        "other web pages": "",
        "departments and languages": "",
        "postal address in local form": "",
        "postal address in Latin letters": "",
        "postal code": "",
        "further addresses": "",
        "since": "2021",
        "until": "",
        "as of": "2022-05-02",
        "last seen in the post": "2022-05-02",
        "freshness of the post": "unconfirmed",
        "in post today": "yes",
        "checked on": "2020",
        "checked by": "letter",
        "seen on the official site": "",
        "freshness": "unconfirmed",
        "source": "https://example.org/appointed",
        "page in the directory": f"{settings.SITE_URL}/people/anna-berg/",
    }
    assert (second["id"], second["post"], second["institution"]) == ("tj-anna", "Juror", "'=Jury")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query", ["", "country=TJ&has=website", "kind=studio&sort=country", "q=studio+1", "seen=6", "country=AM"]
)
def test_file_holds_every_row_of_the_filtered_list_in_the_order_of_the_page(client, query):
    create_country(code="AM")
    for number in range(30):
        country = create_country(code="TJ" if number % 3 else "KZ")
        institution = create_institution(name_en=f"Studio {number}", country=country)
        if number % 2:
            create_contact(institution=institution, kind="website")
        if number % 5 == 0:
            seen_on = timezone.localdate() - timedelta(days=10 * number)
            create_contact(institution=institution, seen_on=seen_on, seen_url="https://example.org/")

    shown, number_of_pages = [], client.get(f"/institutions/?{query}").context["page"].paginator.num_pages
    for number in range(1, number_of_pages + 1):
        shown += client.get(f"/institutions/?{query}&page={number}").context["page"].object_list
    exported = records(client.get(f"/institutions/export/csv/?{query}"))

    assert [row["id"] for row in exported] == [institution.key for institution in shown]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["institutions", "studios", "agencies", "people"])
def test_headings_are_those_of_the_registry_in_the_language_of_the_address(client, path):
    columns = columns_for("representatives" if path == "people" else "institutions", "all")

    english, russian = read(client.get(f"/{path}/export/csv/"))[0], read(client.get(f"/ru/{path}/export/csv/"))[0]

    with translation.override("en"):
        assert english == [str(column.label) for column in columns]
    with translation.override("ru"):
        assert russian == [str(column.label) for column in columns]
    assert english != russian


@pytest.mark.django_db
def test_rows_are_in_the_language_of_the_address(client):
    create_institution(name_en="Tajikfilm", city=create_city(name_ru="Душанбе"))

    (row,) = records(client.get("/ru/institutions/export/csv/"))

    assert {"Таджикистан", "Душанбе", "киностудия"} <= set(row.values())


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "ru"])
def test_file_is_named_after_list_filters_and_day(client, language):
    create_institution(country=create_country(code="KZ"))
    path = "/studios/export/csv/" if language == "en" else "/ru/studios/export/csv/"
    response = client.get(f"{path}?country=KZ&q=a/b")

    day = timezone.localdate().isoformat()
    title, country = ("Studios", "Kazakhstan") if language == "en" else ("Киностудии", "Казахстан")
    plain = f'filename="studios-a-b-kazakhstan-{day}.csv"'
    full = quote(f"{title}, a b, {country}, {day}.csv")
    assert response["Content-Disposition"] == f"attachment; {plain}; filename*=UTF-8''{full}"
    assert f'filename="studios-{day}.csv"' in client.get("/studios/export/csv/?q=!!!")["Content-Disposition"]
    assert response["Content-Type"] == "text/csv; charset=utf-8"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "/institutions/export/csv/?country=XX",
        "/studios/export/csv/?kind=studio&checked=7",
        "/people/export/csv/?on=foo",
    ],
)
def test_filter_that_is_not_understood_gives_no_file(client, path):
    create_institution()

    response = client.get(path)

    assert (response.status_code, response["Content-Type"]) == (400, "text/plain; charset=utf-8")
    assert "The list was not created. Invalid filter:" in response.content.decode()


@pytest.mark.django_db
def test_files_are_only_read(client):
    assert client.post("/institutions/export/csv/").status_code == 405


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "number_of_queries"), [("institutions", 10), ("people", 16)])
@pytest.mark.parametrize("record_count", [1, 3])
def test_files_ask_a_fixed_number_of_times(client, django_assert_num_queries, path, number_of_queries, record_count):
    for number in range(record_count):
        create_rich_institution(name_en=f"Studio {number}")

    with django_assert_num_queries(number_of_queries):
        read(client.get(f"/{path}/export/csv/"))
