"""Tests of the steps of an import, and of what is written in the end."""

import pytest
from django.urls import reverse
from django.utils import translation
from reversion.models import Version

from editors.spreadsheets.files import file_of, sample_rows
from editors.spreadsheets.models import Import
from editors.withholding.withhold import withhold
from institutions.models import City, Institution
from people.models import Person
from records.models import Source
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
    send,
    walk_to_preview,
    xlsx_bytes,
)
from tests.factories import (
    create_city,
    create_contact,
    create_country,
    create_country_editor,
    create_editor,
    create_institution,
    create_institution_name,
    create_person,
    create_position,
)

pytestmark = pytest.mark.django_db

NO_NUMBER = "“12” is not a telephone number. Write it with + and the country code, such as +992 37 221 00 00."
CUT_NUMBER = "The spreadsheet program has shortened the number. Format the cell as text and type it again."


@pytest.fixture
def desk(client):
    client.force_login(create_editor())
    return client


@pytest.fixture
def tajikistan():
    return create_country(code="TJ")


def test_messy_spreadsheet_becomes_records(desk, tajikistan):
    create_city(name_en="Dushanbe", name_ru="Душанбе", country=tajikistan)
    content = xlsx_bytes(
        [
            *("Название (англ.)", "Название (рус.)", "Тип", "Страна", "Город", "Телефоны", "Эл. почта", "Сайт"),
            *("Год основания", "Индекс", "Руководитель", "Должность", "В должности с", "Telegram", "Заметка"),
        ],
        [
            *("Tajikfilm ", "Киностудия\u00a0 «Таджикфильм»", "киностудия", "Таджикистан", "Душанбе"),
            *(992372210000.0, "Info@TajikFilm.TJ; press@tajikfilm.tj", "tajikfilm.tj", 1930, 734025),
            *("Махмадсаид Шохиён", "директор", "05.2019", "@tajikfilm", "важно"),
        ],
    )

    spreadsheet = walk_to_preview(desk, content, name="Список.xlsx")
    response = confirm(desk, spreadsheet)

    assert response.status_code == 302
    studio = Institution.objects.get()
    assert (studio.name_en, studio.name_ru, studio.kind, studio.key) == (
        "Tajikfilm",
        "Киностудия «Таджикфильм»",
        "studio",
        "tj-tajikfilm",
    )
    assert (studio.city.name_en, studio.founded, studio.postal_code) == ("Dushanbe", "1930", "734025")
    assert studio.publication_state == "draft"
    assert list(studio.contacts.values_list("kind", "value", "checked_on", "source__url")) == [
        ("phone", "+992372210000", None, "https://example.org/list"),
        ("email", "info@tajikfilm.tj", None, "https://example.org/list"),
        ("email", "press@tajikfilm.tj", None, "https://example.org/list"),
        ("website", "https://tajikfilm.tj", None, "https://example.org/list"),
        ("telegram", "https://t.me/tajikfilm", None, "https://example.org/list"),
    ]
    head = studio.positions.get()
    assert (head.person.name_ru, head.title_ru, head.title_en, head.role, head.since, head.as_of) == (
        "Махмадсаид Шохиён",
        "директор",
        "Director",
        "head",
        "2019-05",
        "2026-05-31",
    )
    assert head.person.publication_state == "draft"
    (support,) = studio.record_sources.all()
    assert support.source.title == "List of studios"
    assert {"names", "city", "founded", "postal_code", "kind"} <= set(support.supports)


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_importing_the_same_file_twice_changes_nothing(desk, tajikistan, file_format):
    create_city(name_en="Dushanbe", country=tajikistan)
    rows = [
        ["name (en)", "native name", "type", "country", "city", "phone", "web", "head", "post", "services", "aka"],
        ["Tajikfilm", "Тоҷикфилм", "studio", "Tajikistan", "Dushanbe", "+992 37 221 00 00, +992 37 221 00 01", "a.tj"],
    ]
    rows[1] += ["Anna Berg", "General Director", "sound stages, dubbing", "Tadzhikfilm; TF"]
    content = xlsx_bytes(*rows) if file_format == "xlsx" else csv_bytes(*(";".join(f'"{c}"' for c in r) for r in rows))
    first = bring_to_preview(desk, content)
    assert confirm(desk, first).status_code == 302
    before = (Institution.objects.get().updated_at, Version.objects.count())

    second = bring_to_preview(desk, content)

    assert outcomes(first) == ["new"]
    assert outcomes(second) == ["unchanged"]
    assert changes(second) == [[]]
    confirm(desk, second)
    assert (Institution.objects.get().updated_at, Version.objects.count()) == before


def test_update_adds_and_changes_only_what_the_cells_say(desk, tajikistan):
    studio = create_institution(name_en="Tajikfilm", founded="1930", description_en="A studio.", country=tajikistan)
    checked = create_contact(
        institution=studio, kind="phone", checked_on="2025-01-01", check_method="telephone", order=4
    )
    content = csv_bytes("key,founded,description,phone", "tajikfilm,1931,,+992 37 221 00 00; +992 37 221 00 05")

    spreadsheet = bring_to_preview(desk, content)

    assert changes(spreadsheet) == [[("founded", "1930", "1931"), ("phone", "", "+992372210005")]]
    confirm(desk, spreadsheet)
    studio.refresh_from_db()
    assert (studio.founded, studio.description_en, studio.publication_state) == ("1931", "A studio.", "published")
    checked.refresh_from_db()
    assert (checked.checked_on, checked.check_method) == ("2025-01-01", "telephone")
    assert list(studio.contacts.order_by("pk").values_list("value", "checked_on")) == [
        ("+992372210000", "2025-01-01"),
        ("+992372210005", None),
    ]


def test_new_records_are_published_when_the_editor_says_so(desk, tajikistan):
    content = csv_bytes("name (en),kind,country,head", "Tajikfilm,studio,TJ,Anna Berg")

    confirm(desk, bring_to_preview(desk, content), "published")

    assert Institution.objects.get().publication_state == "published"
    assert Person.objects.get().publication_state == "published"


def test_row_with_its_own_source_keeps_it(desk, tajikistan):
    content = csv_bytes(
        "name (en),kind,country,phone,source,source title,source date",
        "Tajikfilm,studio,TJ,+992 37 221 00 00,tajikfilm.tj/contacts,Contacts,2025-11",
    )

    confirm(desk, bring_to_preview(desk, content))

    source = Institution.objects.get().contacts.get().source
    assert (source.url, source.title, source.published_on) == ("https://tajikfilm.tj/contacts", "Contacts", "2025-11")


# Words ---------------------------------------------------------------------------------------------------------------


def test_unknown_word_is_asked_once_and_remembered(desk, tajikistan):
    content = csv_bytes("name (en),kind,country", "Tajikfilm,movie house,TJ", "Sinamo,Movie  House,TJ")
    send(desk, content)
    spreadsheet = Import.objects.get()
    match(desk, spreadsheet)
    words = reverse("admin:intake_words", args=[spreadsheet.pk])

    asked = [(word.word, word.count) for word in desk.get(words).context["form"].words]
    unanswered = desk.post(words, {"meaning-0": "?"})
    desk.post(words, {"meaning-0": "studio"})
    desk.get(words)
    preview(desk, spreadsheet)

    assert asked == [("movie house", 2)]
    assert unanswered.status_code == 400
    assert outcomes(spreadsheet) == ["new", "new"]
    # The next spreadsheet is not asked about.
    assert outcomes(bring_to_preview(desk, content)) == ["new", "new"]


def test_city_may_be_new_and_is_asked_after_its_country(desk, tajikistan):
    send(desk, csv_bytes("name (en),kind,country,city", "Tajikfilm,studio,Tadjikistan!,Хуҷанд"))
    spreadsheet = Import.objects.get()
    match(desk, spreadsheet)
    words = reverse("admin:intake_words", args=[spreadsheet.pk])

    first = [word.word for word in desk.get(words).context["form"].words]
    desk.post(words, {"meaning-0": "TJ"})
    both = [word.word for word in desk.get(words).context["form"].words]
    desk.post(words, {"meaning-1": "TJ", "meaning-0": "new:", "city-0": "Khujand"})
    desk.get(words)
    preview(desk, spreadsheet)
    confirm(desk, spreadsheet)

    assert (first, both) == (["Tadjikistan!"], ["Хуҷанд", "Tadjikistan!"])
    city = City.objects.get()
    assert (city.key, city.name_en, city.name_ru, city.country_id) == ("tj-khujand", "Khujand", "Хуҷанд", "TJ")
    assert Institution.objects.get().city == city


def test_headings_are_remembered(desk, tajikistan):
    content = csv_bytes("Haus,kind,country", "Tajikfilm,studio,TJ")
    send(desk, content)
    match(desk, Import.objects.get(), column_0="name_en")

    send(desk, content)

    assert Import.objects.first().columns == ["name_en", "kind", "country"]


# Which record a row is about -----------------------------------------------------------------------------------------


def test_same_name_in_the_same_country_is_an_update(desk, tajikistan):
    studio = create_institution(name_en="Tajik Film Studio", name_ru="«Таджикфильм»", country=tajikistan)
    create_institution(name_en="Namesake", name_ru="Таджикфильм", country=create_country(code="UZ"))

    spreadsheet = bring_to_preview(desk, csv_bytes("name,country,founded", "ТАДЖИКФИЛЬМ,TJ,1930"))

    row = spreadsheet.rows.get()
    assert (row.outcome, row.institution) == ("update", studio)


def test_another_name_of_the_record_does_not_replace_its_name(desk, tajikistan):
    studio = create_institution(name_en="State Institution Tojikfilm", country=tajikistan)
    create_institution_name(institution=studio, text="Tajikfilm")

    spreadsheet = bring_to_preview(desk, csv_bytes("name (en),country", "Tajikfilm,TJ"))

    assert outcomes(spreadsheet) == ["unchanged"]


def test_page_address_names_the_record_also_an_old_one(desk):
    studio = create_institution(name_en="Tajikfilm", slug="tajikfilm")
    studio.slug = "new-tajikfilm"
    studio.save()

    spreadsheet = bring_to_preview(
        desk, csv_bytes("page,founded", "https://example.org/ru/institutions/tajikfilm/,1930")
    )

    assert spreadsheet.rows.get().institution == studio


def test_possible_duplicate_is_the_editors_choice(desk, tajikistan):
    studio = create_institution(name_en="Tajikfilm", name_ru="Таджикфильм", country=tajikistan)
    spreadsheet = bring_to_preview(desk, csv_bytes("name (en),kind,country,founded", "Tadjikfilm,studio,TJ,1930"))
    row = spreadsheet.rows.get()
    assert (row.outcome, row.candidates) == ("duplicate", [studio.pk])

    for choice, outcome in [("", "duplicate"), ("new", "new"), ("skip", "skipped")]:
        desk.post(reverse("admin:intake_preview", args=[spreadsheet.pk]), {"choose": "1", f"choice-{row.pk}": choice})
        preview(desk, spreadsheet)

        assert outcomes(spreadsheet) == [outcome]


def test_possible_duplicate_may_be_this_record(desk, tajikistan):
    studio = create_institution(name_en="Tajikfilm", country=tajikistan)
    spreadsheet = bring_to_preview(desk, csv_bytes("name (en),kind,country,founded", "Tadjikfilm,studio,TJ,1930"))
    row = spreadsheet.rows.get()

    address = reverse("admin:intake_preview", args=[spreadsheet.pk])
    desk.post(address, {"choose": "1", f"choice-{row.pk}": str(studio.pk)})
    preview(desk, spreadsheet)
    confirm(desk, spreadsheet)

    studio.refresh_from_db()
    assert (studio.name_en, studio.founded, Institution.objects.count()) == ("Tadjikfilm", "1930", 1)


def test_second_row_about_the_same_institution_is_an_error(desk, tajikistan):
    create_institution(name_en="Tajikfilm", country=tajikistan)
    content = csv_bytes(
        "name (en),kind,country,founded",
        *("Tajikfilm,studio,TJ,1930", "tajikfilm,studio,TJ,1931", "Sinamo,studio,TJ,", "Sinamo,fund,TJ,"),
    )

    spreadsheet = bring_to_preview(desk, content)

    assert outcomes(spreadsheet) == ["update", "error", "new", "error"]
    assert errors(spreadsheet)[1] == {"": "Line 2 is about the same institution."}


SHARED_CONTACTS = [
    ("phone", "+992 37 221-00-00", "+992372210000"),
    ("email", "Info@Example.org", "info@example.org"),
    ("website", "http://www.example.org/", "https://example.org"),
    ("website", "example.net", "http://www.example.net/"),
]


@pytest.mark.parametrize("state", ["published", "draft"])
def test_record_with_the_same_contact_under_another_name_is_asked_about(desk, tajikistan, state):
    studios, lines = [], []
    names = ["Tajikfilm", "Sinamo", "Kinohona", "Aksi"]
    other_names = ["National Cinema", "Republican Fund", "Capital Studio", "Southern House"]
    for name, other_name, (kind, cell, value) in zip(names, other_names, SHARED_CONTACTS, strict=True):
        studio = create_institution(name_en=name, country=tajikistan, publication_state=state)
        create_contact(institution=studio, kind=kind, value=value)
        studios.append(studio)
        cells = {"phone": "", "email": "", "website": ""} | {kind: cell}
        lines.append(";".join([other_name, "studio", "TJ", *cells.values()]))

    spreadsheet = bring_to_preview(desk, csv_bytes("name (en);type;country;phone;email;website", *lines))

    found = [(row.outcome, row.candidates) for row in spreadsheet.rows.all()]
    assert found == [("duplicate", [studio.pk]) for studio in studios]
    confirm(desk, spreadsheet)
    assert Institution.objects.count() == len(studios)


def test_contact_of_a_hidden_record_elsewhere_is_not_told_to_the_editor_of_a_country(client, tajikistan):
    client.force_login(create_country_editor("TJ"))
    hidden = create_institution(name_en="Hidden", country=create_country(code="UZ"), publication_state="draft")
    shown = create_institution(name_en="Shown", country=create_country(code="UZ"))
    for institution in (hidden, shown):
        create_contact(institution=institution, value="info@example.org")

    spreadsheet = bring_to_preview(
        client, csv_bytes("name (en),kind,country,email", "National Cinema,studio,TJ,info@example.org")
    )

    assert spreadsheet.rows.get().candidates == [shown.pk]


@pytest.mark.parametrize(
    ("first", "second", "choices"),
    [
        ("Tajikfilm,studio,TJ,", "Tadjikfilm,studio,TJ,", {"new": "new", "skip": "skipped"}),
        (
            "Tajikfilm,studio,TJ,info@example.org",
            "National Cinema,studio,TJ,INFO@example.org",
            {"skip": "skipped", "new": "new"},
        ),
        ("Known,studio,TJ,info@example.org", "National Cinema,studio,TJ,info@example.org", {"": "duplicate"}),
    ],
)
def test_rows_of_one_file_are_compared_with_each_other(desk, tajikistan, first, second, choices):
    create_institution(name_en="Known", country=tajikistan)
    spreadsheet = bring_to_preview(desk, csv_bytes("name (en),kind,country,email", first, "Sinamo,fund,TJ,", second))
    one, _between, other = spreadsheet.rows.all()
    assert (one.outcome in ("new", "update"), other.outcome) == (True, "duplicate")
    assert "Lines with a similar name or the same contact: 2" in preview_page(desk, spreadsheet).content.decode()

    address = reverse("admin:intake_preview", args=[spreadsheet.pk])
    for choice, outcome in choices.items():
        desk.post(address, {"choose": "1", f"choice-{other.pk}": choice})
        preview(desk, spreadsheet)
        assert outcomes(spreadsheet)[2] == outcome

    assert confirm(desk, spreadsheet).status_code == 302
    assert Institution.objects.filter(name_en=second.partition(",")[0]).exists() == (outcome == "new")


def test_what_is_chosen_for_one_row_does_not_overturn_the_others(desk, tajikistan):
    """Check that the answer for one row does not change others: open rows are compared with those below them."""
    studio = create_institution(name_en="Tajikfilm", country=tajikistan)
    content = csv_bytes(
        "name (en),kind,country,email",
        "Tadjikfilm,studio,TJ,info@example.org",
        "National Cinema,studio,TJ,info@example.org",
    )
    for choice in ("new", "skip", str(studio.pk)):
        spreadsheet = bring_to_preview(desk, content)
        first, second = spreadsheet.rows.all()
        assert [first.candidates, second.plan["lines"]] == [[studio.pk], [2]]

        address = reverse("admin:intake_preview", args=[spreadsheet.pk])
        desk.post(address, {"choose": "1", f"choice-{first.pk}": choice, f"choice-{second.pk}": "skip"})
        preview(desk, spreadsheet)

        assert confirm(desk, spreadsheet).status_code == 302, choice
        Institution.objects.exclude(pk=studio.pk).delete()
        studio.contacts.all().delete()
        studio.save()


# Errors --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cases",
    [
        [
            ("phone", "12", NO_NUMBER),
            ("phone", "9.92372E+11", CUT_NUMBER),
            ("e-mail", "info at a.tj", "“info” is not an e-mail address."),
            ("website", "no site", "“no” is not a web address."),
            ("founded", "long ago", "Write 2019, 2019-05 or 2019-05-31."),
            ("part of", "Nobody", "No institution has this name. Import the one that it is part of first."),
            ("key", "unknown", "No record that you may change has this key or page URL."),
        ],
        [("native name", "Тоҷикфилм!" + "!" * 300, "The text is longer than 300 characters.")],
        [("language", "tajik letters", "Write a language tag such as kk, az or uz-Cyrl.")],
    ],
)
def test_error_stands_beside_its_cell_and_the_row_stays_out(desk, tajikistan, cases):
    headings = list(dict.fromkeys(heading for heading, _cell, _message in cases))
    lines = [
        ";".join([f"Studio {number}", "studio", "TJ", *(cell if name == heading else "" for name in headings)])
        for number, (heading, cell, _message) in enumerate(cases)
    ]
    good = "Sinamo;studio;TJ" + ";" * len(headings)

    spreadsheet = bring_to_preview(desk, csv_bytes(";".join(["name (en)", "kind", "country", *headings]), *lines, good))
    response = confirm(desk, spreadsheet)

    assert errors(spreadsheet) == [*({heading: message} for heading, _cell, message in cases), {}]
    assert response.status_code == 302
    assert list(Institution.objects.values_list("name_en", flat=True)) == ["Sinamo"]


def test_new_record_needs_name_kind_and_country(desk):
    spreadsheet = bring_to_preview(desk, csv_bytes("name (ru),kind,country,founded", "Таджикфильм,,,", ",,,1930"))

    unknown = {"kind": "Give the kind of institution.", "country": "Give the country."}
    assert errors(spreadsheet) == [unknown, {"": "Give the English name."} | unknown]


def test_rows_with_errors_come_back_as_a_file_with_reasons(desk, tajikistan):
    content = csv_bytes(
        "name (en);kind;country;phone;my note", 'Tajikfilm;studio;TJ;12;"a;b"', "Sinamo;studio;TJ;+992 37 221 00 00;"
    )
    spreadsheet = bring_to_preview(desk, content)

    response = desk.get(reverse("admin:intake_left_out", args=[spreadsheet.pk]))

    heading, row, end = response.content.decode("utf-8-sig").split("\r\n")
    assert heading == "name (en);kind;country;phone;my note;reason"
    assert row.startswith('Tajikfilm;studio;TJ;12;"a;b";phone: “12” is not a telephone number.')
    assert end == ""
    # Corrected and sent again, the reason is no obstacle, and the next reasons take its place.
    again = bring_to_preview(desk, response.content)
    assert desk.get(reverse("admin:intake_left_out", args=[again.pk])).content == response.content


def test_rows_of_a_workbook_come_back_as_a_workbook(desk, tajikistan):
    content = xlsx_bytes(["name (en)", "kind", "country", "phone"], ["Tajikfilm", "studio", "TJ", "12"])
    spreadsheet = bring_to_preview(desk, content, name="list.xlsx")

    response = desk.get(reverse("admin:intake_left_out", args=[spreadsheet.pk]))

    again = bring_to_preview(desk, response.content)
    assert again.headings == ["name (en)", "kind", "country", "phone", "reason"]
    assert again.rows.get().cells[:4] == ["Tajikfilm", "studio", "TJ", "12"]


@pytest.mark.parametrize(("file_format", "language"), [("csv", "en"), ("xlsx", "ru")])
def test_sample_can_be_sent_as_it_is(desk, tajikistan, file_format, language):
    create_city(name_en="Dushanbe", country=tajikistan)
    with translation.override(language):
        sample, _content_type = file_of(sample_rows(), file_format, ";", "list")
    offered = desk.get(reverse("admin:intake_sample", args=[file_format]))

    spreadsheet = bring_to_preview(desk, sample)

    assert offered.status_code == 200
    assert "" not in spreadsheet.columns
    assert (outcomes(spreadsheet), errors(spreadsheet)) == (["new"], [{}])


# People --------------------------------------------------------------------------------------------------------------


def test_withheld_head_is_refused_in_any_script(desk, tajikistan):
    create_person(name_en="Anna Berg", withheld=True)
    heads = {"Tajikfilm": "Анна Берг", "Sinamo": "BERG Anna", "Kinohona": "Анна Ивановна Берг"}
    lines = [f"{name},studio,TJ,{head}" for name, head in heads.items()]

    spreadsheet = bring_to_preview(desk, csv_bytes("name (en),kind,country,director", *lines))
    confirm(desk, spreadsheet)

    assert errors(spreadsheet) == [{"director": "This person asked not to be listed and can't be imported."}] * 3
    assert (Institution.objects.count(), Person.objects.count()) == (0, 1)


def test_known_person_gets_the_post_and_no_twin(desk, tajikistan):
    person = create_person(name_en="Anna Berg", country=tajikistan)
    create_institution(name_en="Tajikfilm", country=tajikistan)
    content = csv_bytes("name (en),country,head,post", "Tajikfilm,TJ,Anna Berg,General director")

    confirm(desk, bring_to_preview(desk, content))

    assert person.positions.get().institution.name_en == "Tajikfilm"
    assert Person.objects.count() == 1


def test_head_of_two_new_institutions_is_one_person(desk, tajikistan):
    content = csv_bytes("name (en),kind,country,head", "Tajikfilm,studio,TJ,Anna Berg", "Sinamo,fund,TJ,Anna Berg")

    confirm(desk, bring_to_preview(desk, content))

    assert Person.objects.get().positions.count() == 2
    assert outcomes(bring_to_preview(desk, content)) == ["unchanged", "unchanged"]


def test_head_in_post_already_changes_nothing_but_the_date(desk, tajikistan):
    studio = create_institution(name_en="Tajikfilm", country=tajikistan)
    person = create_person(name_en="Anna Berg", name_ru="Анна Берг")
    create_position(person=person, institution=studio, title_en="Director", role="head", seat="director", as_of="2020")
    content = csv_bytes("name (en),country,head,post,head since", "Tajikfilm,TJ,Берг Анна,Director General,2019")

    spreadsheet = bring_to_preview(desk, content)
    confirm(desk, spreadsheet)

    assert ("head_since", "", "2019") in changes(spreadsheet)[0]
    position = studio.positions.get()
    assert (position.since, position.as_of, position.person) == ("2019", "2020", person)


def test_withholding_takes_the_person_out_of_old_imports(desk, tajikistan):
    spreadsheet = bring_to_preview(desk, csv_bytes("name (en),kind,country,head", "Tajikfilm,studio,TJ,Anna Berg"))
    confirm(desk, spreadsheet)
    person = Person.objects.get()

    withhold(person, reason="letter")

    row = spreadsheet.rows.get()
    assert "Anna" not in str([row.cells, row.changes, row.plan, row.journal, row.errors])


# All or nothing ------------------------------------------------------------------------------------------------------


def test_nothing_is_written_when_a_record_changed_since_the_preview(desk, tajikistan):
    studio = create_institution(name_en="Tajikfilm", founded="1930", country=tajikistan)
    content = csv_bytes("name (en),kind,country,founded", "Sinamo,fund,TJ,2000", "Tajikfilm,studio,TJ,1931")
    spreadsheet = bring_to_preview(desk, content)
    studio.founded = "1929"
    studio.save()

    response = confirm(desk, spreadsheet)

    assert response.status_code == 409
    assert "Nothing was saved" in response.content.decode()
    assert Institution.objects.get().founded == "1929"
    assert changes(spreadsheet)[1] == [("founded", "1929", "1931")]
    assert confirm(desk, spreadsheet).status_code == 302


def test_change_of_something_else_does_not_disturb(desk, tajikistan):
    studio = create_institution(name_en="Tajikfilm", founded="1930", country=tajikistan)
    spreadsheet = bring_to_preview(desk, csv_bytes("name (en),country,founded", "Tajikfilm,TJ,1931"))
    studio.postal_code = "734025"
    studio.save()

    assert confirm(desk, spreadsheet).status_code == 302
    studio.refresh_from_db()
    assert (studio.founded, studio.postal_code) == ("1931", "734025")


def test_second_click_writes_nothing(desk, tajikistan):
    spreadsheet = bring_to_preview(desk, csv_bytes("name (en),kind,country", "Tajikfilm,studio,TJ"))
    confirm(desk, spreadsheet)

    assert confirm(desk, spreadsheet).status_code == 409
    assert Institution.objects.count() == 1


def test_preview_of_many_rows_is_paged_filtered_and_asks_a_fixed_number_of_queries(
    desk, tajikistan, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr("editors.spreadsheets.admin.ROWS_A_PAGE", 5)
    lines = [f"Studio {number},studio,TJ" for number in range(12)] + ["Broken,studio,"]
    spreadsheet = bring_to_preview(desk, csv_bytes("name (en),kind,country", *lines))

    last = preview_page(desk, spreadsheet, page=3)
    with django_assert_num_queries(12):
        first = preview_page(desk, spreadsheet)
    with django_assert_num_queries(12):
        only_errors = preview_page(desk, spreadsheet, outcome="error")

    assert (len(first.context["rows"]), len(last.context["rows"]), len(only_errors.context["rows"])) == (5, 3, 1)
    assert only_errors.context["outcomes"] == [("new", "new", 12), ("error", "error", 1)]


def test_long_spreadsheet_is_looked_at_in_several_requests(desk, tajikistan, monkeypatch):
    monkeypatch.setattr("editors.spreadsheets.admin.SECONDS_A_REQUEST", -1)
    monkeypatch.setattr("editors.spreadsheets.writing.ROWS_A_TIME", 2)
    # The third row is about the same institution as the first, which was looked at in another request.
    lines = ["Tajikfilm,studio,TJ", "Sinamo,fund,TJ", "Tajikfilm,studio,TJ"]
    send(desk, csv_bytes("name (en),kind,country", *lines))
    spreadsheet = Import.objects.get()
    match(desk, spreadsheet)
    desk.get(reverse("admin:intake_words", args=[spreadsheet.pk]))

    first = preview_page(desk, spreadsheet)
    second = preview(desk, spreadsheet)

    assert (first.context["done"], first.context["total"]) == (2, 3)
    assert '<meta http-equiv="refresh" content="0">' in first.content.decode()
    assert [shown["row"].outcome for shown in second.context["rows"]] == ["new", "new", "error"]


def test_source_of_the_file_is_made_once(desk, tajikistan):
    for _time in range(2):
        send(desk, csv_bytes("name (en)", "Tajikfilm"))

    assert Source.objects.get().accessed_on.isoformat() == "2026-05-31"


def test_unknown_source_needs_its_title(desk):
    response = send(desk, csv_bytes("name (en)", "Tajikfilm"), source_title="")

    assert response.status_code == 400
    assert response.context["form"].errors == {
        "source_title": ["The directory does not have this page as a source yet: give its title."]
    }
