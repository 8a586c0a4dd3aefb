"""A table made by PostgreSQL and one made in Python are the same, byte for byte."""

import pytest
from django.http import QueryDict
from django.utils import translation

from exports.columns import COLUMNS, NameChoice, columns_for
from exports.formats.csv_file import csv_file
from exports.lists import InstitutionsList
from exports.rows import shown_telephone
from exports.table_query import can_be_written, table_lines
from institutions.filters import institution_filterset
from institutions.models import Institution, InstitutionSource, Service
from records.contact_types import ContactKind
from records.models import phone_from_text
from tests.factories import create_city, create_contact, create_country, create_institution, create_source
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
    create_contact(institution=institution, kind="phone", value="+12025550124", is_public=False)
    create_institution(name_en="Of several countries", is_international=True, kind="intergovernmental")
    create_institution(name_en="Secret", publication_state="draft")


def both_ways(queryset, columns, names):
    narrowing = {"checked_since": "", "with_email": False}
    by_database = "".join(table_lines(queryset, columns, names, **narrowing))
    in_python = "".join(csv_file(columns, InstitutionsList(queryset).rows("institutions", names)))
    return by_database, in_python


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("names", NameChoice.values)
def test_both_ways_give_the_same_bytes(institutions, names, language):
    columns = columns_for("institutions", names)
    with translation.override(language):
        by_database, in_python = both_ways(Institution.objects.published().in_name_order(), columns, names)

    assert by_database == in_python
    assert by_database.count("\r\n") == Institution.objects.published().count() + 1


@pytest.mark.parametrize("query", ["sort=name", "sort=country", "sort=checked", "q=hard", "service=dubbing&country=KZ"])
def test_both_ways_keep_the_order_and_the_filters_of_the_page(institutions, query):
    queryset = institution_filterset(QueryDict(query)).qs

    by_database, in_python = both_ways(queryset, columns_for("institutions", "all"), "all")

    assert by_database == in_python


def test_list_of_nothing_is_a_header_both_ways(institutions):
    by_database, in_python = both_ways(Institution.objects.none(), columns_for("institutions", "all"), "all")

    assert by_database == in_python
    assert by_database.count("\r\n") == 1


def test_each_column_alone_is_the_same_both_ways(institutions):
    queryset = Institution.objects.published().in_name_order()
    for column in COLUMNS:
        if column.sql is not None:
            by_database, in_python = both_ways(queryset, [column], "all")
            assert by_database.replace('""', "") == in_python.replace('""', ""), column.name


@pytest.mark.parametrize("query", ["with_email=on", "confirmed=12", "confirmed=6&with_email=on"])
def test_narrowed_list_is_the_same_table_both_ways(client, institutions, query):
    def rows(further):
        file = b"".join(client.get(f"/institutions/export/csv/?{query}&{further}").streaming_content).decode()
        return file.split("\r\n")[1:-1]

    # The envelope has no SQL, so that column makes the table in Python.
    by_database, in_python = rows("columns=name"), rows("columns=name&columns=envelope_local")

    assert 0 < len(by_database) == len(in_python)
    assert [line.split(",")[0] for line in by_database] == [line.split(",")[0] for line in in_python]


def test_every_column_that_a_table_of_institutions_has_by_itself_is_known_to_the_database():
    assert all(can_be_written(columns_for("institutions", names)) for names in NameChoice.values)


def test_words_for_services_need_no_quotes_in_a_table():
    # They are put in after PostgreSQL has decided which cells need quotes.
    for language in ("en", "ru"):
        with translation.override(language):
            assert [str(label) for label in Service.labels if set(str(label)) & set('",\r\n')] == []


NUMBERS = ["+99237221000", "+992372210000", "+74951234567", "+77272501234", "+994124981234", "+37410540440"]
NUMBERS += ["+995322990299", "+380442345678", "+375172001122", "+998712345678", "+996312660000", "+99312440000"]
NUMBERS += ["+37322123456", "+4930123456", "+4915112345678", "+390612345678", "+442079460000", "+8613912345678"]


@pytest.mark.parametrize("number", NUMBERS)
def test_telephone_number_is_written_as_on_the_page(number):
    for last in range(0, 1000, 7):
        full = f"{number[:-3]}{last:03}"
        assert shown_telephone(full) == phone_from_text(full).as_international
