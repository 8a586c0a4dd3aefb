"""Tests of the rows of lists, as tables and as contact cards read them."""

import csv

import pytest
from django.http import QueryDict
from django.utils import translation

from exports.cards import CardReader
from exports.column_types import NameChoice
from exports.columns import COLUMNS, columns_for
from exports.lists import InstitutionsList
from exports.reading import Reader, rows_of
from exports.wording import Wording, shown_telephone
from institutions.filters import institution_filterset
from institutions.models import Institution, InstitutionSource
from records.contact_types import ContactKind
from records.models import phone_from_text
from tests.factories import (
    create_city,
    create_contact,
    create_country,
    create_institution,
    create_person,
    create_position,
    create_source,
)
from tests.rich_records import create_rich_institution

pytestmark = pytest.mark.django_db


@pytest.fixture
def institutions():
    """Institutions with all that a column can hold, and with what SQL and CSV make trouble over."""
    create_rich_institution()
    hard = [
        'a "quoted", name',
        "=1+1",
        "+7",
        "-x",
        "@x",
        "\tx",
        "two\nlines",
        "100 % O'Brien \\ {} a",
        "Հայֆիլմ ქართული 🎬",
    ]
    sources = [create_source(url=f"https://example.org/{number}?a=1,2") for number in range(3)]
    for number, name in enumerate(hard):
        country = create_country(code=["TJ", "KZ", "AM"][number % 3])
        institution = create_institution(
            key=f"hard-{number}",
            name_en=name,
            name_ru=name if number % 2 else "",
            name_native=name if number % 3 else "",
            native_language="tg" if number % 3 else "",
            country=country,
            city=create_city(country=country, name_en=f"City, {number}", name_ru=f"Город {number}"),
            ownership=["", "state", "private"][number % 3],
            founded=["1930", "1930-05", "1930-05-31"][number % 3],
            services=["dubbing", "sound-stages"][: number % 3],
            address_local=name,
            parent=Institution.objects.get(key="tajikfilm") if number % 2 else None,
        )
        InstitutionSource.objects.create(institution=institution, source=sources[0], supports=["names"])
        for kind in ContactKind.values[number % 4 :]:
            create_contact(
                institution=institution,
                kind=kind,
                department=["", "Press, news"][number % 2],
                languages=[[], ["ru", "tg"]][number % 2],
                source=[None, *sources][number % 4],
                **[{}, {"checked_on": "2026", "check_method": "letter"}][number % 2],
            )
    create_contact(
        institution=institution, kind="phone", value="+12025550123", checked_on="2026-05", check_method="telephone"
    )
    for kind, seen_on in [("phone", "2026-06-01"), ("fax", "2026-06-02")]:
        create_contact(
            institution=institution, kind=kind, value="+12025550125", seen_on=seen_on, seen_url=sources[0].url
        )
    create_contact(institution=institution, kind="phone", value="+12025550124", is_public=False)
    create_institution(name_en="Of several countries", is_international=True, kind="intergovernmental")
    create_institution(name_en="Secret", publication_state="draft")


@pytest.mark.parametrize("query", ["sort=name", "sort=country", "sort=checked", "q=hard", "service=dubbing&country=KZ"])
def test_table_keeps_the_order_and_the_filters_of_the_page(institutions, query):
    source = InstitutionsList(institution_filterset(QueryDict(query)).qs)
    columns = columns_for("institutions", "all")

    rows = list(rows_of(Reader(columns, Wording()).tables(source, "institutions")))

    assert [row[0] for row in rows] == list(source.institutions.values_list("key", flat=True))


def test_list_of_nothing_has_no_rows(institutions):
    source = InstitutionsList(Institution.objects.none())

    assert list(rows_of(Reader(columns_for("both", "all"), Wording()).tables(source, "institutions"))) == []
    assert list(CardReader().rows(source, "both")) == []


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("names", NameChoice.values)
def test_cards_say_what_the_table_says(institutions, names, language):
    source = InstitutionsList(Institution.objects.published().in_name_order())
    columns = columns_for("both", names, [column.name for column in COLUMNS])
    with translation.override(language):
        table = list(rows_of(Reader(columns, Wording(names)).tables(source, "both")))
        cards = list(CardReader(names).rows(source, "both"))

    told = [dict(zip([column.name for column in columns], row, strict=True)) for row in table]
    assert {card.is_person for card in cards} == {True, False}
    assert {card.seen_on for card in cards} == {"", "2026-06-02"}
    for cells, card in zip(told, cards, strict=True):
        check = card.last_check
        assert (cells["id"], cells["page"]) == (card.record.key, card.record.page)
        assert (cells["institution"], cells["post"]) == (card.institution_name, card.title)
        assert cells["source"] == card.source
        assert cells["checked_on"] == (check.checked_on if check else "")
        assert cells["seen_on"] == card.seen_on
        assert cells["check_method"] == (check.check_method if check else "")
        assert cells["emails"] == "\x1f".join(method.value for method in card.contact_methods_of("email"))
        assert cells["phones"] == "\x1f".join(method.shown for method in card.contact_methods_of("phone"))
        assert cells["family_name"] == (card.personal_name.family if card.is_person else "")


def test_hard_texts_come_through_as_they_are(institutions):
    (column,) = [column for column in columns_for("institutions", "all", ["address_local"]) if not column.always]
    source = InstitutionsList(Institution.objects.published().filter(key__startswith="hard-").order_by("key"))

    rows = list(rows_of(Reader([column], Wording()).tables(source, "institutions")))

    assert [text for (text,) in rows] == list(source.institutions.values_list("address_local", flat=True))


def test_contact_that_post_and_house_share_stands_once_as_the_post_has_it():
    position = create_position(institution=create_institution(), person=create_person())
    for department, owner in [("House", {"institution": position.institution}), ("Post", {"position": position})]:
        create_contact(kind="email", value="a@example.org", department=department, **owner)
    create_contact(kind="email", value="b@example.org", institution=position.institution)
    columns = columns_for("representatives", "all", ["emails", "contact_details"])
    source = InstitutionsList(Institution.objects.published())

    ((*_, emails, details, _on, _by, _source, _page),) = rows_of(
        Reader(columns, Wording()).tables(source, "representatives")
    )

    assert emails == "a@example.org\x1fb@example.org"
    assert details == "Post: a@example.org"


@pytest.mark.parametrize("query", ["with_email=on", "confirmed=12", "confirmed=24&with_email=on"])
def test_narrowed_table_has_the_rows_of_narrowed_cards(client, institutions, query):
    def file(name):
        return b"".join(client.get(f"/institutions/export/{name}/?{query}").streaming_content).decode()

    lines = list(csv.reader(file("csv").splitlines()))[1:]

    assert 0 < len(lines) == file("vcf").count("BEGIN:VCARD")


NUMBERS = ["+99237221000", "+992372210000", "+74951234567", "+77272501234", "+994124981234", "+37410540440"]
NUMBERS += ["+995322990299", "+380442345678", "+375172001122", "+998712345678", "+996312660000", "+99312440000"]
NUMBERS += ["+37322123456", "+4930123456", "+4915112345678", "+390612345678", "+442079460000", "+8613912345678"]


@pytest.mark.parametrize("number", NUMBERS)
def test_telephone_number_is_written_as_on_the_page(number):
    for last in range(0, 1000, 7):
        full = f"{number[:-3]}{last:03}"
        assert shown_telephone(full) == phone_from_text(full).as_international
