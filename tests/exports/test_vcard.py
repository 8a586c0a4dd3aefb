"""Tests of contact cards as text: escaping, folding, names in several scripts, one card per post."""

import datetime

import pytest
import vobject
from hypothesis import given, settings
from hypothesis import strategies as st

from exports.formats.contact_row import (
    ContactMethod,
    ContactRow,
    InstitutionFacts,
    Names,
    PersonFacts,
    PostFacts,
    parts_of,
)
from exports.formats.vcard import escaped, folded, identifier, vcard_3, vcard_4, vcard_file, vcard_in_short
from people.models import Role
from tests.factories import create_institution, create_person, create_position

CHANGED_AT = datetime.datetime(2026, 5, 31, 12, 0, tzinfo=datetime.UTC)
# All that PostgreSQL holds, without the control characters that no card may hold.
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n,;:\\\"'ʻ’+=-@"), min_size=1)


def institution(**facts):
    return InstitutionFacts(
        **{
            "key": "tj-tajikfilm",
            "page": "https://example.org/institutions/tajikfilm/",
            "names": Names("Tajikfilm", "Таджикфильм", "Тоҷикфилм", "tg"),
            "changed_at": CHANGED_AT,
            "kind": "studio",
            "kind_label": "studio",
            "country_code": "TJ",
            "country": "Tajikistan",
            "territory": "Tajikistan",
            "city": "Dushanbe",
            "city_names": Names("Dushanbe", "Душанбе"),
        }
        | facts
    )


def person(**facts):
    return PersonFacts(
        **{
            "key": "tj-anna",
            "page": "https://example.org/people/anna-berg/",
            "names": Names("Anna Berg", "Анна Ивановна Берг"),
            "changed_at": CHANGED_AT,
        }
        | facts
    )


def unfolded(card):
    return card.replace("\r\n ", "").split("\r\n")


def test_text_is_escaped_as_a_value():
    assert escaped("a,b;c\\d\r\ne\nf\rg\x00\x07") == "a\\,b\\;c\\\\d\\ne\\nf\\ng"


def test_long_line_is_folded_at_75_octets_and_never_within_a_letter():
    line = "FN:" + "қ" * 60

    pieces = folded(line).encode().split(b"\r\n")

    assert [len(piece) for piece in pieces] == [75, 49, 0]
    assert folded(line).replace("\r\n ", "") == line + "\r\n"


@given(TEXT)
@settings(max_examples=300)
def test_whatever_goes_into_a_line_comes_out_the_same(text):
    line = folded("NOTE:" + escaped(text))

    assert all(len(piece) <= 75 for piece in line.encode().split(b"\r\n"))
    assert line.replace("\r\n ", "") == f"NOTE:{escaped(text)}\r\n"
    line.encode().decode()


@given(TEXT.filter(lambda text: text.strip() == text), st.sampled_from([vcard_3, vcard_4]))
@settings(max_examples=200, deadline=None)
def test_whatever_goes_into_a_card_comes_out_the_same(text, card_of):
    text = text.replace("\x85", " ").replace("\u2028", " ").replace("\u2029", " ")
    row = ContactRow(institution(names=Names(text), address_latin=text))

    card = vobject.readOne(card_of(row))

    expected = text.replace("\r\n", "\n").replace("\r", "\n")
    assert card.fn.value == expected
    assert card.org.value == [expected]
    assert card.adr.value.street == expected


def test_card_of_an_institution_in_version_4():
    contact_methods = (
        ContactMethod(
            "phone", "+992372210000", "+992 372 21 0000", "press office", ("ru", "tg"), "2026-05", "telephone"
        ),
        ContactMethod("fax", "+992372210001", "+992 372 21 0001", seen_on="2026-05-31"),
        ContactMethod("email", "info@example.org", "info@example.org", seen_on="2026-05-30"),
        ContactMethod("website", "https://example.org/a b", "example.org/a b"),
        ContactMethod("address", "1 Rudaki Avenue", "1 Rudaki Avenue"),
    )
    facts = institution(
        contact_methods=contact_methods,
        address_local="кӯчаи Бухоро 43",
        address_latin="43 Bukhoro Street",
        postal_code="734025",
    )

    assert unfolded(vcard_4(ContactRow(facts, labels={"status": "Status", "kind_label": "Kind"}))) == [
        "BEGIN:VCARD",
        "VERSION:4.0",
        "KIND:org",
        f"UID:{identifier('institution/tj-tajikfilm')}",
        "FN;ALTID=1;LANGUAGE=en:Tajikfilm",
        "FN;ALTID=1;LANGUAGE=ru:Таджикфильм",
        "FN;ALTID=1;LANGUAGE=tg:Тоҷикфилм",
        "ORG;ALTID=2;LANGUAGE=en:Tajikfilm",
        "ORG;ALTID=2;LANGUAGE=ru:Таджикфильм",
        "ORG;ALTID=2;LANGUAGE=tg:Тоҷикфилм",
        "TEL;VALUE=uri;TYPE=work,voice:tel:+992372210000",
        "TEL;VALUE=uri;TYPE=work,fax:tel:+992372210001",
        "EMAIL;TYPE=work:info@example.org",
        "URL;TYPE=work:https://example.org/a%20b",
        "ADR;ALTID=4;LANGUAGE=und-Latn;TYPE=work:;;43 Bukhoro Street;Dushanbe;;734025;Tajikistan",
        "ADR;ALTID=4;LANGUAGE=und;TYPE=work:;;кӯчаи Бухоро 43;Душанбе;;734025;Tajikistan",
        "LANG;TYPE=work;PREF=1:ru",
        "LANG;TYPE=work;PREF=2:tg",
        "CATEGORIES:studio",
        "NOTE:name_own: Тоҷикфилм\\nKind: studio\\naddress_local: кӯчаи Бухоро 43\\naddress_latin: 43 Bukhoro Street\\n"
        "press office: +992 372 21 0000\\n1 Rudaki Avenue\\nchecked_on: 2026-05\\, telephone\\n"
        "seen_on: 2026-05-31",
        "URL:https://example.org/institutions/tajikfilm/",
        "SOURCE:https://example.org/institutions/tajikfilm/card.vcf",
        "REV:20260531T120000Z",
        "END:VCARD",
        "",
    ]


def test_card_of_a_person_in_a_post_in_version_4():
    post = PostFacts("tj-anna/tj-tajikfilm/Director/2021", Names("Director", "Директор"), "head", "head", since="2021")
    row = ContactRow(institution(), person(), post)

    card = unfolded(vcard_4(row))

    assert card[2:13] == [
        "KIND:individual",
        f"UID:{identifier('post/tj-anna/tj-tajikfilm/Director/2021')}",
        "FN;ALTID=1;LANGUAGE=en:Anna Berg",
        "FN;ALTID=1;LANGUAGE=ru:Анна Ивановна Берг",
        "N;ALTID=1;LANGUAGE=en:Berg;Anna;;;",
        "N;ALTID=1;LANGUAGE=ru:Берг;Анна;Ивановна;;",
        "ORG;ALTID=2;LANGUAGE=en:Tajikfilm",
        "ORG;ALTID=2;LANGUAGE=ru:Таджикфильм",
        "ORG;ALTID=2;LANGUAGE=tg:Тоҷикфилм",
        "TITLE;ALTID=3;LANGUAGE=en:Director",
        "TITLE;ALTID=3;LANGUAGE=ru:Директор",
    ]
    assert "ROLE:head" in card
    assert f"RELATED;TYPE=me:{identifier('person/tj-anna')}" in card


def test_second_post_gives_a_second_card_that_knows_the_first():
    posts = [PostFacts(f"tj-anna/{title}", Names(title), "head", "head", body="Jury") for title in ("Juror", "Chair")]
    cards = [vcard_4(ContactRow(None, person(), post)) for post in posts]

    uids = {line for card in cards for line in unfolded(card) if line.startswith("UID")}
    related = {line for card in cards for line in unfolded(card) if line.startswith("RELATED")}
    assert (len(uids), len(related)) == (2, 1)


def test_card_in_version_3_files_a_person_under_the_language_asked_for():
    post = PostFacts("tj-anna", Names("Director", "Директор"), "head", "руководство")
    contact_methods = (
        ContactMethod("phone", "+992372210000", "+992 372 21 0000"),
        ContactMethod("email", "a@example.org", "a@example.org"),
    )
    card = unfolded(vcard_3(ContactRow(institution(contact_methods=contact_methods), person(), post, name_choice="ru")))

    assert card[1:11] == [
        "VERSION:3.0",
        f"UID:{identifier('post/tj-anna')}",
        "FN:Анна Ивановна Берг",
        "N:Берг;Анна;Ивановна;;",
        "ORG:Таджикфильм",
        "TITLE:Директор",
        "ROLE:руководство",
        "TEL;TYPE=WORK,VOICE:+992 372 21 0000",
        "EMAIL;TYPE=INTERNET:a@example.org",
        "ADR;TYPE=WORK:;;;Dushanbe;;;Tajikistan",
    ]


MANY_WAYS = (
    *(ContactMethod("phone", f"+99237221000{number}", f"+992 372 21 000{number}") for number in range(3)),
    *(ContactMethod("email", f"{name}@example.org", f"{name}@example.org") for name in "abc"),
    *(ContactMethod("website", f"https://{name}.example.org", f"{name}.example.org") for name in "ab"),
)
FIRST_WAYS = [
    "TEL;TYPE=WORK:+992372210000",
    "TEL;TYPE=WORK:+992372210001",
    "EMAIL:a@example.org",
    "EMAIL:b@example.org",
]
FIRST_WAYS += ["URL:https://a.example.org"]
DIRECTOR = PostFacts("tj-anna", Names("Director", "Директор"), "head", "head")
JUROR = PostFacts("tj-anna", Names("Juror, 2025"), "other", "other", body="Jury; Forum")


@pytest.mark.parametrize(
    ("row", "lines"),
    [
        (
            ContactRow(institution(contact_methods=MANY_WAYS)),
            ["FN:Tajikfilm", "N:Tajikfilm;;;;", "ORG:Tajikfilm", *FIRST_WAYS],
        ),
        (
            ContactRow(institution(contact_methods=MANY_WAYS), person(), DIRECTOR, name_choice="ru"),
            [
                *("FN:Анна Ивановна Берг", "N:Берг;Анна;Ивановна;;", "ORG:Таджикфильм", "TITLE:Директор"),
                *FIRST_WAYS,
            ],
        ),
        (
            ContactRow(None, person(), JUROR),
            ["FN:Anna Berg", "N:Berg;Anna;;;", "ORG:Jury\\; Forum", "TITLE:Juror\\, 2025"],
        ),
        (ContactRow(None, person()), ["FN:Anna Berg", "N:Berg;Anna;;;"]),
    ],
    ids=["institution", "in-a-post", "in-a-body", "without-a-post"],
)
def test_short_card_says_who_it_is_where_and_the_first_ways_to_reach_them(row, lines):
    page = f"URL:{row.record.page}"

    assert vcard_in_short(row).split("\r\n") == ["BEGIN:VCARD", "VERSION:3.0", *lines, page, "END:VCARD", ""]


def test_entered_parts_of_a_name_win_over_guessed_ones():
    parts = {
        "family_names": Names("de la Berg", "де ла Берг"),
        "given_names": Names("Anna", "Анна"),
        "patronymics": Names("", "Ивановна"),
    }
    row = ContactRow(None, person(names=Names("Anna de la Berg", "Анна Ивановна де ла Берг"), **parts))

    card = unfolded(vcard_4(row))

    assert "N;ALTID=1;LANGUAGE=en:de la Berg;Anna;;;" in card
    assert "N;ALTID=1;LANGUAGE=ru:де ла Берг;Анна;Ивановна;;" in card


def test_parts_of_names_nobody_entered():
    assert parts_of("Anna Berg") == ("Berg", "Anna", "")
    assert parts_of("Анатолий Мечиславович Маркевич") == ("Маркевич", "Анатолий", "Мечиславович")
    assert parts_of("A. N. Gonchar") == ("Gonchar", "A. N.", "")
    assert parts_of("Madonna") == ("Madonna", "", "")


def test_cards_are_made_some_at_a_time():
    taken = []

    def rows():
        for number in range(1000):
            taken.append(number)
            yield ContactRow(institution(key=f"studio-{number}"))

    next(vcard_file(vcard_4, rows()))

    assert len(taken) == 200


def test_role_that_says_nothing_is_left_out():
    post = PostFacts("tj-anna", Names("Director", "Директор"), Role.OTHER, "другое")
    row = ContactRow(institution(), person(), post, name_choice="ru")

    assert [card for card in (vcard_4(row), vcard_3(row)) if "ROLE" in card] == []


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["vcf", "vcf3", "google", "outlook"])
def test_notes_say_what_each_line_is_in_the_readers_language(client, name):
    studio = create_institution(name_ru="Таджикфильм", status="closed", founded="1930", closed="2011")
    create_position(person=create_person(name_ru="Анна Берг"), institution=studio, since="1999", until="2030")

    file = (
        b"".join(client.get(f"/ru/people/export/{name}/?names=ru&on=2005").streaming_content)
        .decode()
        .replace("\r\n ", "")
    )

    for line in ["статус: закрыто", "дата основания: 1930", "закрыто: 2011", "с какого времени: 1999"]:
        assert line in file


@pytest.mark.parametrize("card_of", [vcard_3, vcard_4])
def test_department_is_that_of_the_post_and_never_that_of_a_number_of_the_house(card_of):
    museum = ContactMethod("phone", "+992372210000", "+992 372 21 0000", "museum")
    press = ContactMethod("phone", "+992372210001", "+992 372 21 0001", "press office")
    house = institution(contact_methods=(museum,))
    in_post = [
        PostFacts("1", Names("Director"), "head", "head", contact_methods=contact_methods)
        for contact_methods in [(), (press,)]
    ]
    rows = [ContactRow(house), *(ContactRow(house, person(), post) for post in in_post)]

    cards = [vobject.readOne(card_of(row)) for row in rows]

    assert [card.org.value for card in cards] == [["Tajikfilm"], ["Tajikfilm"], ["Tajikfilm", "press office"]]
    assert all("museum: +992 372 21 0000" in card.note.value for card in cards)
