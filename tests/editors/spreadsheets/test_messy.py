"""Tests of messy spreadsheets: what can be read is imported, and the rest is asked about."""

import datetime

import openpyxl
import pytest
import xlsxwriter
from django.contrib.messages import get_messages
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import translation

from editors.spreadsheets.head_cells import Head, heads_of, people_in
from editors.spreadsheets.models import Import
from institutions.models import Institution
from people.models import Person, Position
from records.tables import cells
from records.tables.reading import read_table
from records.tables.table import MAX_CELLS, Refused
from tests.editors.spreadsheets.sheets import (
    bring_to_preview,
    changes,
    confirm,
    csv_bytes,
    errors,
    match,
    outcomes,
    preview,
    preview_page,
    saved,
    send,
    xlsx_bytes,
)
from tests.factories import (
    create_city,
    create_contact,
    create_country,
    create_editor,
    create_institution,
    create_person,
    create_position,
)


@pytest.fixture
def desk(client, db):
    client.force_login(create_editor())
    return client


@pytest.fixture
def georgia(db):
    return create_country(code="GE")


def notes(spreadsheet):
    return [[words for _field, words in row.notes] for row in spreadsheet.rows.all()]


def asked(desk, spreadsheet):
    page = desk.get(reverse("admin:intake_words", args=[spreadsheet.pk]))
    return (
        [] if page.status_code == 302 else [(word.field, word.word, word.count) for word in page.context["form"].words]
    )


def to_words(desk, content, **columns):
    response = send(desk, content)
    assert response.status_code == 302, response.context["form"].errors
    spreadsheet = Import.objects.first()
    match(desk, spreadsheet, **columns)
    return spreadsheet


def answer(desk, spreadsheet, **data):
    page = reverse("admin:intake_words", args=[spreadsheet.pk])
    response = desk.post(page, {name.replace("_", "-"): value for name, value in data.items()})
    assert response.status_code == 302, response.context["form"].errors
    desk.get(page)
    preview(desk, spreadsheet)


# Posts ---------------------------------------------------------------------------------------------------------------


def test_unknown_post_is_asked_once_and_published_as_the_editor_said(desk, georgia):
    sales = "заместитель директора по сбыту"
    content = csv_bytes(
        "name (en);kind;country;Директор;должность",
        f"Kvali;studio;GE;Нино Чичуа;{sales}",
        f"Sakdoc;studio;GE;Анна Хазарадзе;{sales.capitalize()}",
        "Formula;studio;GE;Георгий Берг;Директор",
    )
    spreadsheet = to_words(desk, content)

    assert asked(desk, spreadsheet) == [("head_title", sales, 2)]
    page = reverse("admin:intake_words", args=[spreadsheet.pk])
    assert desk.post(page, {"meaning-0": "new:", "post-0": "по-русски"}).status_code == 400
    answer(desk, spreadsheet, meaning_0="new:", post_0="Deputy Director for Sales")

    assert ("head_title", "", f"Deputy Director for Sales / {sales}") in changes(spreadsheet)[0]
    confirm(desk, spreadsheet, "published")
    deputy = Position.objects.get(person__name_ru="Нино Чичуа")
    assert (deputy.title_en, deputy.title_ru, deputy.role, deputy.seat) == (
        "Deputy Director for Sales",
        sales,
        "deputy",
        "",
    )
    assert Position.objects.get(person__name_ru="Георгий Берг").title_en == "Director"
    assert asked(desk, to_words(desk, content)) == []


def test_post_of_two_heads_is_asked_for_the_one_row_that_has_it(desk, georgia):
    content = csv_bytes("name (en);kind;country;Директор;должность", "Kvali;studio;GE;Нино Чичуа, Анна Берг;сторож")

    assert asked(desk, to_words(desk, content)) == [("head_title", "сторож", 1)]


def test_changed_post_is_shown_with_all_its_words_before_and_after(desk, georgia):
    nino = create_person(name_en="Nino Chichua", name_ru="Нино Чичуа", country=georgia)
    studio = create_institution(name_en="Kvali", country=georgia)
    words = {"title_en": "Director", "title_ru": "Директор студии", "title_native": "დირექტორი"}
    post = create_position(person=nino, institution=studio, role="head", native_language="ka", **words)
    content = csv_bytes("name (en);kind;country;Руководитель;должность", "Kvali;studio;GE;Нино Чичуа;Директор")

    spreadsheet = bring_to_preview(desk, content)

    assert changes(spreadsheet)[0] == [
        ("head_name_en", "Nino Chichua", "Nino Chichua"),
        ("head_title", "Director / Директор студии / დირექტორი", "Director / Директор / დირექტორი"),
    ]
    confirm(desk, spreadsheet)
    post.refresh_from_db()
    assert (post.title_en, post.title_ru, post.title_native) == ("Director", "Директор", "დირექტორი")


def test_empty_post_is_asked_by_the_heading_of_the_column(desk, georgia):
    content = csv_bytes("name (en);kind;country;Контактное лицо", "Kvali;studio;GE;Нино Чичуа")
    spreadsheet = to_words(desk, content)

    assert asked(desk, spreadsheet) == [("head_name_ru", "Контактное лицо", 1)]
    answer(desk, spreadsheet, meaning_0="Press Secretary")
    confirm(desk, spreadsheet)

    post = Position.objects.get()
    assert (post.title_en, post.title_ru, post.role) == ("Press Secretary", "Пресс-секретарь", "spokesperson")


def test_empty_post_beside_others_is_no_head(desk, georgia):
    content = csv_bytes(
        "name (en);kind;country;Руководитель;должность",
        "Kvali;studio;GE;Нино Чичуа;",
        "Sakdoc;studio;GE;Анна Берг;директор",
    )
    spreadsheet = to_words(desk, content)

    assert asked(desk, spreadsheet) == [("head_name_ru", "Руководитель", 1)]
    answer(desk, spreadsheet, meaning_0="")

    assert notes(spreadsheet)[0] == ["Нино Чичуа is ignored, as chosen for “Руководитель”."]
    confirm(desk, spreadsheet)
    assert [person.name_ru for person in Person.objects.all()] == ["Анна Берг"]


def test_heading_that_is_a_post_tells_it(desk, georgia):
    content = csv_bytes("name (en);kind;country;Генеральный директор", "Kvali;studio;GE;Нино Чичуа")

    spreadsheet = bring_to_preview(desk, content)

    assert ("head_title", "", "General Director / Генеральный директор") in changes(spreadsheet)[0]


def test_post_in_another_language_is_no_russian_title(desk):
    create_country(code="AZ")
    spreadsheet = to_words(
        desk, csv_bytes("name (en);kind;country;head;post", "Salnama;studio;AZ;Əli Məmmədov;Studiyanın müdiri")
    )
    answer(desk, spreadsheet, meaning_0="Director")
    confirm(desk, spreadsheet)

    post = Position.objects.get()
    assert (post.title_en, post.title_ru, post.title_native, post.native_language) == (
        *("Director", "Директор", "Studiyanın müdiri", "az"),
    )


def test_new_post_of_a_known_head_changes_both_languages(desk, georgia):
    studio = create_institution(name_en="Kvali", country=georgia)
    Position.objects.create(
        person=create_person(name_en="Nino Chichua", name_ru="Нино Чичуа", country=georgia),
        institution=studio,
        title_en="General Director",
        title_ru="Генеральный директор",
        role="head",
        seat="director",
    )

    confirm(desk, bring_to_preview(desk, csv_bytes("name (en);country;head;post", "Kvali;GE;Нино Чичуа;директор")))

    post = Position.objects.get()
    assert (post.title_en, post.title_ru) == ("Director", "директор")


# Several heads in a cell ---------------------------------------------------------------------------------------------

NINO, ANNA = "Nino Chichua", "Anna Khazaradze"


@pytest.mark.parametrize("between", [", ", "; ", ";", " и ", " and ", " & ", " / ", "/", "\n", " va ", " • "])
def test_two_people_in_a_cell_are_two_people(between):
    assert [one.name for one in people_in(f"{NINO}{between}{ANNA}")] == [NINO, ANNA]


@pytest.mark.parametrize(
    ("text", "name", "post"),
    [
        ("Nino Chichua, director", NINO, "director"),
        ("Nino Chichua (director)", NINO, "director"),
        ("Nino Chichua - director", NINO, "director"),
        ("Director: Nino Chichua", NINO, "Director"),
        ("Нино Чичуа, основатель и директор", "Нино Чичуа", "основатель и директор"),
        ("Чичуа, Нино Ивановна", "Нино Ивановна Чичуа", ""),
        ("Nino Chichua; Nino  Chichua", NINO, ""),
        ("Анна-Мария Д’Арк", "Анна-Мария Д’Арк", ""),
        ("И.И. Иванов", "И.И. Иванов", ""),
        ("Чичуа", "Чичуа", ""),
    ],
)
def test_one_person_in_a_cell_is_one_person(text, name, post):
    (one,) = people_in(text)

    assert (one.name, one.post) == (name, post)


@pytest.mark.parametrize(
    "text",
    [
        "Chichua, Nino",
        "Чичуа, Хазарадзе",
        "Nino and Anna Khazaradze",
        "Нино\nЧичуа",
        "Нино Чичуа / Nino Chichua",
        "Нино Чичуа, тел. 555-12-12",
        "nino@example.org",
        "директор",
        "директор Нино Чичуа",
        "Nino Chichua - Anna Khazaradze",
        "Nino Chichua (Khazaradze)",
    ],
)
def test_what_may_be_one_or_two_is_asked(text):
    with pytest.raises(ValidationError):
        people_in(text)


@pytest.mark.parametrize("text", ["вакансия", "Vacant", "—", "нет"])
def test_nobody_is_nobody(text):
    assert people_in(text) == []


def test_names_in_several_columns_belong_together_or_are_asked_about():
    both = heads_of({"head_name_en": f"{NINO}; {ANNA}", "head_name_ru": "Нино Чичуа; Анна Хазарадзе"})
    assert [head.names for head in both] == [
        {"name_en": NINO, "name_ru": "Нино Чичуа"},
        {"name_en": ANNA, "name_ru": "Анна Хазарадзе"},
    ]
    for wrong in (
        {"head_name_en": NINO, "head_name_ru": "Нино Чичуа; Анна Хазарадзе"},
        {"head_name_en": NINO, "head_name_ru": "Ольга Ланг"},
        {"head_name_en": f"{NINO}; {ANNA}", "head_title": "director, producer"},
        {"head_name_en": f"{NINO}; {ANNA}", "head_title": "director; producer; editor"},
        {"head_name_en": f"{NINO}, producer", "head_title": "director"},
    ):
        with pytest.raises(ValidationError):
            heads_of(wrong)


@pytest.mark.parametrize(
    ("title", "posts"), [("director; producer", ["director", "producer"]), ("co-founder", ["co-founder"] * 2)]
)
def test_posts_of_two_people_are_theirs(title, posts):
    assert [head.post for head in heads_of({"head_name_en": f"{NINO}; {ANNA}", "head_title": title})] == posts


def test_name_goes_into_the_column_of_its_script():
    assert heads_of({"head_name_en": "Нино Чичуа"}) == [Head({"name_ru": "Нино Чичуа"})]
    assert heads_of({"head_name_en": "ნინო ჩიჩუა"}) == [Head({"name_native": "ნინო ჩიჩუა"})]
    assert heads_of({"head_name_ru": "Маҳмуд Ҷӯраев"}) == [Head({"name_native": "Маҳмуд Ҷӯраев"})]


def test_two_heads_are_written_and_come_back_unchanged_and_can_be_undone(desk, georgia):
    content = csv_bytes(
        "name (en);kind;country;director;post", f'Kvali;studio;GE;"{NINO}, {ANNA}";"Director; Producer"'
    )
    spreadsheet = bring_to_preview(desk, content)
    confirm(desk, spreadsheet)

    assert sorted(Position.objects.values_list("person__name_en", "title_en", "role")) == [
        (ANNA, "Producer", "production"),
        (NINO, "Director", "head"),
    ]
    assert outcomes(bring_to_preview(desk, content)) == ["unchanged"]
    desk.post(reverse("admin:intake_undo", args=[spreadsheet.pk]))
    assert (Person.objects.count(), Institution.objects.count()) == (0, 0)


def test_second_head_who_asked_not_to_be_listed_is_refused(desk, georgia):
    create_person(name_en=ANNA, withheld=True)

    spreadsheet = bring_to_preview(
        desk, csv_bytes("name (en);kind;country;director", f"Kvali;studio;GE;{NINO} и {ANNA}")
    )

    assert errors(spreadsheet) == [{"director": "This person asked not to be listed and can't be imported."}]


# Sources -------------------------------------------------------------------------------------------------------------


def test_source_without_address_keeps_its_words(desk, georgia):
    content = csv_bytes(
        "name (en);kind;country;source;source date",
        "Kvali;studio;GE;FNE, 13.07.2022;",
        "Sakdoc;studio;GE;письмо студии;весной",
        'Formula;studio;GE;"FNE, https://example.org/fne, 2022";',
        "Amirani;studio;GE;;",
    )
    spreadsheet = bring_to_preview(desk, content)

    shown = [row["source"]["url"] for row in preview(desk, spreadsheet).context["rows"]]
    assert shown == [*["https://example.org/list"] * 2, "https://example.org/fne", "https://example.org/list"]
    assert "is not a URL: the source of the whole list is used" in notes(spreadsheet)[0][0]
    confirm(desk, spreadsheet)
    studios = Institution.objects.in_bulk(field_name="key")
    assert studios["ge-kvali"].editors_note == "Source named by a spreadsheet: FNE, 13.07.2022"
    assert studios["ge-sakdoc"].editors_note == "Source named by a spreadsheet: письмо студии, весной"
    assert studios["ge-formula"].record_sources.get().source.title == "FNE, 2022"
    assert outcomes(bring_to_preview(desk, content)) == ["unchanged"] * 4


@pytest.mark.parametrize(
    ("text", "url", "words"),
    [
        ("a.tj/news", "https://a.tj/news", ""),
        ("г.Душанбе", "", "г.Душанбе"),
        ("info@a.tj", "", "info@a.tj"),
        ("13.07.2022", "", "13.07.2022"),
        ("Film New Europe", "", "Film New Europe"),
        ("https://a.tj/b; https://a.tj/c", "https://a.tj/b", "https://a.tj/c"),
    ],
)
def test_address_of_a_source_is_told_from_words(text, url, words):
    assert cells.source(text) == (url, words)


def test_rows_with_errors_and_questions_show_their_source_too(desk, georgia):
    create_institution(name_en="Qvali", country=georgia)
    content = csv_bytes("name (en);kind;country;source", "Kvali;studio;GE;a.ge/x", "Sakdoc;;GE;a.ge/y")

    spreadsheet = bring_to_preview(desk, content)

    rows = preview(desk, spreadsheet).context["rows"]
    assert [row["source"]["url"] for row in rows] == ["https://a.ge/x", "https://a.ge/y"]
    assert "https://a.ge/y" in preview_page(desk, spreadsheet).content.decode()


# Dates ---------------------------------------------------------------------------------------------------------------


def test_date_in_a_column_of_names_is_asked_about(desk, georgia):
    day = datetime.datetime(2024, 7, 17)
    content = xlsx_bytes(
        ["name (en)", "kind", "country", "founded"], [day, "studio", "GE", day], ["17.июл", "studio", "GE", ""]
    )

    spreadsheet = bring_to_preview(desk, content)

    assert outcomes(spreadsheet) == ["error", "error"]
    assert "converted this cell to a date" in errors(spreadsheet)[0]["name (en)"]
    assert "“17.июл” is a date" in errors(spreadsheet)[1]["name (en)"]


@pytest.mark.parametrize(
    ("number_format", "text"),
    [
        ("yyyy", "2019"),
        ("mmm yyyy", "2019-05"),
        ("[$-419]mmmm\\ yyyy;@", "2019-05"),
        ("dd.mm.yyyy", "2019-05-31"),
        ('yyyy "год"', "2019"),
        ("d-mmm", "31.05"),
    ],
)
def test_date_is_as_exact_as_the_cell_shows_it(number_format, text):
    book = openpyxl.Workbook()
    book.active.append(["founded", "phone"])
    book.active.append([datetime.datetime(2019, 5, 31), "1"])
    book.active["A2"].number_format = number_format

    assert read_table(saved(book), max_rows=9).lines[0].cells[0] == text


def test_zeros_that_a_number_format_shows_are_kept():
    book = openpyxl.Workbook()
    book.active.append(["name", "postal code"])
    book.active.append(["a", 50000])
    book.active["B2"].number_format = "000000"

    assert read_table(saved(book), max_rows=9).lines[0].cells == ["a", "050000"]


# Names ---------------------------------------------------------------------------------------------------------------


def test_russian_and_native_names_are_romanised_and_marked(desk, georgia):
    tajikistan = create_country(code="TJ")
    content = csv_bytes(
        "название;тип;страна", "Киностудия «Квали»;studio;GE", "ქართული ფილმი;studio;GE", "Тоҷикфилм;studio;TJ"
    )

    spreadsheet = bring_to_preview(desk, content)

    assert outcomes(spreadsheet) == ["new"] * 3
    assert "was romanised automatically; the record is marked" in notes(spreadsheet)[0][0]
    confirm(desk, spreadsheet, "published")
    names = set(Institution.objects.values_list("name_en", "name_ru", "name_native", "native_language"))
    assert names == {
        ('Kinostudiya "Kvali"', "Киностудия «Квали»", "", ""),
        ("kartuli pilmi", "", "ქართული ფილმი", "ka"),
        ("Tojikfilm", "", "Тоҷикфилм", "tg"),
    }
    assert Institution.objects.with_romanised_name().count() == 3
    assert outcomes(bring_to_preview(desk, content)) == ["unchanged"] * 3
    studio = Institution.objects.get(country=tajikistan)
    studio.name_en = "Tajik Film"
    studio.save()
    assert Institution.objects.with_romanised_name().count() == 2


def test_english_name_in_other_letters_is_taken_for_what_it_is(desk, georgia):
    spreadsheet = bring_to_preview(desk, csv_bytes("name (en);kind;country", "Квали;studio;GE"))

    confirm(desk, spreadsheet)

    assert Institution.objects.values_list("name_en", "name_ru").get() == ("Kvali", "Квали")


# Contacts ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("phone", "8 727 333-44-55 (приёмная)", [("phone", "+77273334455", "приёмная")]),
        ("phone", "приёмная: +7 (727) 333-44-55", [("phone", "+77273334455", "приёмная")]),
        ("phone", "+7 727 333-44-55, доб. 12", [("phone", "+77273334455", "extension 12")]),
        (
            "phone",
            "+7 727 333-44-55 (касса, бухгалтерия) доб. 12",
            [("phone", "+77273334455", "касса, бухгалтерия, extension 12")],
        ),
        ("phone", "77273334455.0", [("phone", "+77273334455", "")]),
        (
            "phone",
            "+7 727 333-44-55 / +7 727 333-44-56",
            [("phone", "+77273334455", ""), ("phone", "+77273334456", "")],
        ),
        ("phone", "факс: 8 727 333-44-55", [("fax", "+77273334455", "")]),
        ("phone", "n/a", []),
        ("email", "Пресс-служба <Press@A.kz>", [("email", "press@a.kz", "Пресс-служба")]),
        ("email", "a@a.kz, b@a.kz", [("email", "a@a.kz", ""), ("email", "b@a.kz", "")]),
        ("email", "a@a.kz (касса)\nb@a.kz", [("email", "a@a.kz", "касса"), ("email", "b@a.kz", "")]),
        ("email", "e-mail: a@a.kz", [("email", "a@a.kz", "")]),
        ("website", "a.kz", [("website", "https://a.kz", "")]),
    ],
)
def test_words_beside_a_contact_become_its_department(kind, text, expected):
    assert cells.contacts(kind, text, "KZ") == expected


@pytest.mark.parametrize(
    ("text", "country", "number"),
    [
        ("37 221-00-00", "TJ", "+992372210000"),
        ("(012) 493 00 11", "AZ", "+994124930011"),
        # A country code without + means its country, whichever the row is of.
        ("992 37 221-00-00", "KZ", "+992372210000"),
        ("992 37 221-00-00", "", "+992372210000"),
        ("+992 37 221-00-00", "KZ", "+992372210000"),
    ],
)
def test_telephone_is_of_the_country_of_its_row_unless_it_has_another_country_code(text, country, number):
    assert cells.contacts("phone", text, country) == [("phone", number, "")]


def test_telephone_without_a_country_is_asked_about():
    with pytest.raises(ValidationError):
        cells.contacts("phone", "(012) 493 00 11", "")


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("t.me/studio", "telegram"),
        ("https://telegram.me/studio", "telegram"),
        ("www.instagram.com/studio", "instagram"),
        ("https://m.facebook.com/studio", "facebook"),
        ("fb.com/studio", "facebook"),
        ("https://www.youtube.com/@studio", "youtube"),
        ("https://youtu.be/abc", "youtube"),
        ("vk.com/studio", "vk"),
        ("https://filmfreeway.com/studio", "filmfreeway"),
        ("studio.example", "website"),
        ("+992 37 221-00-00", "whatsapp"),
    ],
)
def test_address_elsewhere_tells_of_what_kind_it_is(address, kind):
    assert [found for found, _value, _department in cells.contacts("elsewhere", address, "")] == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "t.me/studio, +992 (37)  221-00-00, 24kg.example",
        "https://t.me/studio 24kg.example +992372210000;",
        "+992 37 221 00 00\nhttps://t.me/studio,https://24kg.example",
    ],
)
def test_addresses_and_numbers_stand_side_by_side_in_any_style(text):
    assert sorted(cells.contacts("elsewhere", text, "")) == [
        ("telegram", "https://t.me/studio", ""),
        ("website", "https://24kg.example", ""),
        ("whatsapp", "+992372210000", ""),
    ]


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        ("telegram", "https://t.me/studio"),
        ("instagram", "https://www.instagram.com/studio"),
        ("facebook", "https://www.facebook.com/studio"),
        ("youtube", "https://www.youtube.com/@studio"),
        ("vk", "https://vk.com/studio"),
    ],
)
def test_name_of_an_account_is_the_address_of_its_page(kind, address):
    assert cells.contacts(kind, "@studio", "") == [(kind, address, "")]


@pytest.mark.parametrize(
    "text",
    ["N/A", "n.a.", "no data", "нет", "Нет данных", "нет информации", "б/н", "н/д", "неизвестно", "—", "...", "-"],
)
def test_cell_that_says_there_is_nothing_holds_no_contact(text):
    assert cells.contacts("phone", text, "KZ") == []


def test_extension_is_said_in_the_language_of_the_editor():
    for language, words in (("en", "extension 12"), ("ru", "доб. 12")):
        with translation.override(language):
            assert cells.contacts("phone", "+7 727 333-44-55, доб. 12", "KZ") == [("phone", "+77273334455", words)]


@pytest.mark.parametrize(
    ("kind", "text"),
    [("phone", "333-44-55/56"), ("phone", "7,27333E+10"), ("phone", "нет телефона"), ("website", "info@a.kz")],
)
def test_contact_that_is_none_is_asked_about(kind, text):
    with pytest.raises(ValidationError):
        cells.contacts(kind, text, "KZ")


def test_department_is_written_and_never_dropped_in_silence(desk):
    kazakhstan = create_country(code="KZ")
    studio = create_institution(name_en="Kazakhfilm", country=kazakhstan)
    create_contact(institution=studio, kind="phone", value="+77273334455")
    content = csv_bytes("name (en);country;phone", "Kazakhfilm;KZ;8 727 333-44-55 (приёмная), 8 727 333-44-56 (касса)")

    spreadsheet = bring_to_preview(desk, content)
    confirm(desk, spreadsheet)

    assert notes(spreadsheet) == [["The directory has +77273334455 already; “приёмная” is not added to it."]]
    assert studio.contacts.get(value="+77273334456").department == "касса"


# The shape of the table ----------------------------------------------------------------------------------------------


def test_title_second_line_of_headings_and_repeated_ones_are_no_rows(desk, georgia):
    content = xlsx_bytes(
        ["Список студий на 01.01.2024"],
        [],
        ["Название", "Тип", "Страна", "Контакты", None, None],
        [None, None, None, "Телефон", "E-mail", "Телефон"],
        ["Kvali", "studio", "GE", "+995 32 223 45 67", "info@kvali.ge", "+995 32 223 45 68"],
        ["Название", "Тип", "Страна", "Контакты"],
        ["Sakdoc", "studio", "GE"],
    )

    response = send(desk, content)

    spreadsheet = Import.objects.get()
    assert spreadsheet.headings == ["Название", "Тип", "Страна", "Телефон", "E-mail", "Телефон (2)"]
    assert spreadsheet.columns == ["name", "kind", "country", "phone", "email", "phone"]
    assert [row.cells[0] for row in spreadsheet.rows.all()] == ["Kvali", "Sakdoc"]
    assert [str(message) for message in get_messages(response.wsgi_request)] == [
        "Line 1 above the headings is ignored: “Список студий на 01.01.2024”.",
        "Lines that repeat the headings are ignored: 6.",
    ]


def test_hidden_sheets_rows_and_columns_are_told_of():
    book = openpyxl.Workbook()
    book.active.title = "old"
    book.active.append(["name", "phone"])
    book.active.sheet_state = "hidden"
    sheet = book.create_sheet("studios")
    for row in (["name", "phone"], ["Kvali", "1"], ["Sakdoc", "2"]):
        sheet.append(row)
    sheet.row_dimensions[3].hidden = True
    book.create_sheet("empty")
    book.active = 1

    table = read_table(saved(book), max_rows=9)

    assert [line.cells[0] for line in table.lines] == ["Kvali", "Sakdoc"]
    assert table.remarks == [
        "Only the sheet “studios” is read. Ignored: old.",
        "The sheet has hidden rows or columns. They are read like the others.",
    ]


def test_more_text_and_cells_than_a_table_has_are_refused_before_they_are_read(tmp_path):
    file = tmp_path / "trap.xlsx"
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        text = "".join(chr(0x430 + number * number % 32) for number in range(9_000))
        for line in range(1_300):
            for column in range(100):
                sheet.write_string(line, column, text if line else f"{column}")
    empty_end = b"name;kind\n" + b"a" + b";" * 4_000_000
    many = b"a;b\n" * MAX_CELLS

    with pytest.raises(Refused, match="too large"):
        read_table(file.read_bytes(), max_rows=5_000)
    with pytest.raises(Refused, match="too large"):
        read_table(many, max_rows=10 * MAX_CELLS)
    assert read_table(empty_end, max_rows=9).lines[0].cells == ["a", ""]


# All of it -----------------------------------------------------------------------------------------------------------

HEADINGS = [
    *("№", "Наименование", "Тип", "Страна", "Город", "Год основания", "Руководитель", "Должность", "Телефоны"),
    *("Эл. почта", "Сайт", "Источник", "Примечание"),
]
ROWS = [
    [
        *("1", "Студия\u00a0«Квали» ", "киностудия", "Грузия", "Тбилиси", "1998 г.", "Nino Chichua, Anna Khazaradze"),
        *("Director; Producer", "+995 32 223 45 67 (приёмная)\n+995 32 223 45 68", "Офис <Info@Kvali.ge>", "kvali.ge"),
        *("FNE, 13.07.2022", "важно"),
    ],
    [
        *("2", "Сакдок", "киностудия", "Грузия", "-", "н/д", "Гиоргидзе, Георгий Иванович", "директор", "n/a"),
        *("нет", "www.sakdoc.ge", "https://example.org/sakdoc", ""),
    ],
    ["3", "2024-07-17", "киностудия", "Грузия", "", "", "", "", "", "", "", "", ""],
    ["4", "Формула", "киностудия", "Грузия", "", "", "Чичуа, Хазарадзе", "", "", "", "", "", ""],
    ["5", "Амирани", "киностудия", "Грузия", "", "", "вакансия", "", "555", "", "", "", ""],
    [*HEADINGS],
    ["", "Данные на 2024 год", "", "", "", "", "", "", "", "", "", "", ""],
]


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_messy_spreadsheet_imports_with_nothing_altered_in_silence(desk, georgia, file_format):
    create_city(name_en="Tbilisi", name_ru="Тбилиси", country=georgia)
    rows = [["Киностудии Грузии"], HEADINGS, *ROWS]
    if file_format == "xlsx":
        rows = [[datetime.datetime(2024, 7, 17) if cell == "2024-07-17" else cell for cell in row] for row in rows]
        content = xlsx_bytes(*rows)
    else:
        content = csv_bytes(*(";".join(f'"{cell}"' for cell in row) for row in rows))

    spreadsheet = bring_to_preview(desk, content)

    assert outcomes(spreadsheet) == ["new", "new", "error", "error", "error", "error"]
    assert [set(row) for row in errors(spreadsheet)[2:]] == [
        {"Наименование"},
        {"Руководитель"},
        {"Телефоны"},
        {"Тип", "Страна"},
    ]
    confirm(desk, spreadsheet, "published")
    kvali, sakdoc = (
        Institution.objects.order_by("key").filter(key__in=["ge-studiya-kvali", "ge-sakdok"]).order_by("-key")
    )
    assert (kvali.name_ru, kvali.name_en, kvali.city.name_en, kvali.founded) == (
        *("Студия «Квали»", 'Studiya "Kvali"', "Tbilisi", "1998"),
    )
    assert kvali.editors_note == "Source named by a spreadsheet: FNE, 13.07.2022"
    assert list(kvali.contacts.values_list("kind", "value", "department", "source__url")) == [
        ("phone", "+995322234567", "приёмная", "https://example.org/list"),
        ("phone", "+995322234568", "", "https://example.org/list"),
        ("email", "info@kvali.ge", "Офис", "https://example.org/list"),
        ("website", "https://kvali.ge", "", "https://example.org/list"),
    ]
    assert sorted(kvali.positions.values_list("person__name_en", "title_en")) == [
        (ANNA, "Producer"),
        (NINO, "Director"),
    ]
    assert (sakdoc.city, sakdoc.founded, sakdoc.contacts.get().value) == (None, None, "https://www.sakdoc.ge")
    head = sakdoc.positions.get()
    assert (head.person.name_ru, head.title_en, head.source.url) == (
        *("Георгий Иванович Гиоргидзе", "Director", "https://example.org/sakdoc"),
    )
    assert notes(spreadsheet)[1][0] == "“Гиоргидзе, Георгий Иванович” is read as Георгий Иванович Гиоргидзе."
    assert set(outcomes(bring_to_preview(desk, content))) == {"unchanged", "error"}
