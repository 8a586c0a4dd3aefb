"""Tests of institutions, countries, cities, stages and programmes: constraints and single records."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from institutions.models import (
    Agency,
    City,
    Country,
    CountrySource,
    Institution,
    InstitutionContact,
    InstitutionKind,
    InstitutionName,
    InstitutionSource,
    Programme,
    ProgrammeName,
    ProgrammeSource,
    Studio,
    Treaty,
    country_name,
)
from records.base import PublicationState
from records.checks import CheckMethod, months_before
from records.models import Source
from tests.constraint_cases import (
    Case,
    check,
    constraints_of_app,
    contact_cases,
    name_cases,
    parametrize,
    period,
    record_cases,
    shape_of_partial_date,
    source_cases,
)
from tests.factories import (
    create_city,
    create_contact,
    create_country,
    create_institution,
    create_programme,
    create_source,
    create_stage,
)

pytestmark = pytest.mark.django_db


def a_source():
    return Source.objects.first() or create_source()


def the_institution():
    return Institution.objects.first() or create_institution()


def a_country_row(**fields):
    return Country.objects.create(**{"code": "TJ"} | fields)


def a_country_source(**fields):
    return CountrySource.objects.create(country=create_country(), source=a_source(), **fields)


def a_treaty(**fields):
    return Treaty.objects.create(**{"country": create_country(), "name_en": "European Convention"} | fields)


def a_city(**fields):
    return City.objects.create(**{"country": create_country(), "key": "tj-dushanbe", "name_en": "Dushanbe"} | fields)


def an_institution_name(**fields):
    return InstitutionName.objects.create(**{"institution": the_institution(), "text": "Film"} | fields)


def an_institution_source(**fields):
    return InstitutionSource.objects.create(institution=the_institution(), source=a_source(), **fields)


def a_contact(**fields):
    contact = {"institution": the_institution(), "kind": "email", "value": "info@example.org"}
    return InstitutionContact.objects.create(**contact | fields)


def a_stage(**fields):
    return create_stage(institution=the_institution(), **fields)


def the_programme():
    return Programme.objects.first() or create_programme()


def a_programme_name(**fields):
    return ProgrammeName.objects.create(**{"programme": the_programme(), "text": "Lab"} | fields)


def a_programme_source(**fields):
    return ProgrammeSource.objects.create(programme=the_programme(), source=a_source(), **fields)


CASES = [
    Case("country_code_shape", a_country_row, {"code": "AZ"}, {"code": "az"}),
    Case("country_cis_status_known", a_country_row, {"cis_status": "leaving"}, {"cis_status": "friend"}),
    shape_of_partial_date("country_cis_since_shape", a_country_row, "cis_since"),
    shape_of_partial_date("country_cis_until_shape", a_country_row, "cis_until"),
    period("country_cis_period", a_country_row, "cis_since", "cis_until"),
    *source_cases("countrysource", a_country_source),
    Case("treaty_name_given", a_treaty, {"name_en": "Convention"}, {"name_en": ""}),
    shape_of_partial_date("treaty_date_shape", a_treaty, "date"),
    Case("treaty_once", a_treaty, {"date": "1992"}, {"date": "1993"}, together=True),
    Case("city_key_shape", a_city, {"key": "tj-khujand"}, {"key": "TJ/Khujand"}),
    Case("city_name_en_given", a_city, {"name_en": "Khujand"}, {"name_en": ""}),
    Case("city_once_a_country", a_city, {"key": "tj-dushanbe"}, {"key": "tj-dushanbe-2"}, together=True),
    Case(
        "city_coordinates_whole_and_on_earth",
        a_city,
        {"latitude": "38.5358", "longitude": "68.7791"},
        {"latitude": "138.5358", "longitude": "68.7791"},
    ),
    *record_cases("institution", create_institution),
    Case("institution_kind_known", create_institution, {"kind": "museum"}, {"kind": "cinema"}),
    Case("institution_ownership_known", create_institution, {"ownership": ""}, {"ownership": "nobody"}),
    Case("institution_status_known", create_institution, {"status": "merged"}, {"status": ""}),
    Case(
        "institution_has_country_unless_international",
        create_institution,
        {"is_international": True, "country": None},
        {"is_international": True, "country": create_country},
    ),
    Case(
        "institution_services_known",
        create_institution,
        {"services": ["props", "dubbing"]},
        {"services": ["props", "catering"]},
    ),
    Case(
        "institution_not_its_own_parent",
        create_institution,
        {"pk": 7, "parent": lambda: create_institution(name_en="Ministry")},
        {"pk": 7, "parent_id": 7},
    ),
    Case(
        "institution_not_its_own_successor",
        create_institution,
        {"pk": 7, "successor": lambda: create_institution(name_en="Ministry")},
        {"pk": 7, "successor_id": 7},
    ),
    Case(
        "institution_coordinates_whole_and_on_earth",
        create_institution,
        {"latitude": "38.535800", "longitude": "-168.779100"},
        {"latitude": "38.535800", "longitude": "-180.779100"},
    ),
    Case(
        "institution_identifiers_shape",
        create_institution,
        {"identifiers": {"wikidata": "Q1130457", "imdb": "ev0003730"}},
        {"identifiers": {"wikidata": "https://www.wikidata.org/wiki/Q1130457"}},
    ),
    shape_of_partial_date("institution_founded_shape", create_institution, "founded"),
    shape_of_partial_date("institution_closed_shape", create_institution, "closed"),
    period("institution_period", create_institution, "founded", "closed"),
    shape_of_partial_date("institution_edition_start_shape", create_institution, "edition_start"),
    shape_of_partial_date("institution_edition_end_shape", create_institution, "edition_end"),
    period("institution_edition_period", create_institution, "edition_start", "edition_end"),
    shape_of_partial_date("institution_submissions_open_shape", create_institution, "submissions_open"),
    shape_of_partial_date("institution_submissions_close_shape", create_institution, "submissions_close"),
    period("institution_submissions_period", create_institution, "submissions_open", "submissions_close"),
    Case(
        "institution_submission_url_shape",
        create_institution,
        {"submission_url": "https://filmfreeway.com/example"},
        {"submission_url": "javascript:alert(1)"},
    ),
    *name_cases("institutionname", an_institution_name),
    *source_cases("institutionsource", an_institution_source),
    *contact_cases("institutioncontact", a_contact),
    Case("stage_name_given", a_stage, {"name_en": "Stage 2"}, {"name_en": ""}),
    Case("stage_once", a_stage, {"area_m2": 600}, {"area_m2": 700}, together=True),
    Case("stage_area_positive", a_stage, {"area_m2": 1}, {"area_m2": 0}),
    Case("stage_height_positive", a_stage, {"height_m": "0.1"}, {"height_m": "0.0"}),
    *record_cases("programme", create_programme),
    Case("programme_kind_known", create_programme, {"kind": "treaty"}, {"kind": "gift"}),
    Case("programme_rate_is_a_percentage", create_programme, {"rate_percent": 100}, {"rate_percent": 101}),
    Case(
        "programme_amounts_have_currency",
        create_programme,
        {"minimum_spend": 100_000, "currency": "USD"},
        {"minimum_spend": 100_000, "currency": ""},
    ),
    shape_of_partial_date("programme_since_shape", create_programme, "since"),
    shape_of_partial_date("programme_until_shape", create_programme, "until"),
    period("programme_period", create_programme),
    shape_of_partial_date("programme_call_opens_shape", create_programme, "call_opens"),
    shape_of_partial_date("programme_call_closes_shape", create_programme, "call_closes"),
    period("programme_call_period", create_programme, "call_opens", "call_closes"),
    *name_cases("programmename", a_programme_name),
    *source_cases("programmesource", a_programme_source),
]


@parametrize(CASES)
def test_constraint_accepts_one_row_and_refuses_another(case):
    check(case)


def test_every_constraint_of_the_room_has_a_case():
    assert {case.name for case in CASES} == constraints_of_app("institutions")


@pytest.mark.parametrize(
    ("create", "fields"),
    [
        pytest.param(create_institution, {"is_international": False, "country": None}, id="national-without-country"),
        pytest.param(create_institution, {"latitude": "38.5", "longitude": None}, id="latitude-alone"),
        pytest.param(create_institution, {"latitude": None, "longitude": "68.7"}, id="longitude-alone"),
        pytest.param(a_city, {"latitude": "38.5", "longitude": None}, id="latitude-of-a-city-alone"),
        pytest.param(create_institution, {"native_language": "tg"}, id="language-without-native-name"),
        pytest.param(create_programme, {"rate_percent": 0}, id="rate-of-nothing"),
        pytest.param(create_programme, {"cap": 5, "currency": "usd"}, id="currency-in-small-letters"),
        pytest.param(a_contact, {"kind": "whatsapp", "value": "992900000000"}, id="number-without-plus"),
        pytest.param(a_contact, {"kind": "email", "value": "info@localhost"}, id="e-mail-without-domain"),
        pytest.param(a_contact, {"checked_on": "2026", "check_method": ""}, id="check-without-method"),
        pytest.param(a_contact, {"checked_on": None, "check_method": "letter"}, id="check-without-date"),
    ],
)
def test_constraint_refuses_the_other_half_of_a_rule_as_well(create, fields):
    with pytest.raises(IntegrityError, match="violates check constraint"), transaction.atomic():
        create(**fields)


def test_institution_name_is_borne_twice_with_another_one_in_between():
    first = an_institution_name(text="Belarusfilm", kind="former", since="1946")

    second = an_institution_name(text="Belarusfilm", kind="former", since="1961")

    assert set(first.institution.other_names.all()) == {first, second}


def test_institution_of_another_country_than_its_city_is_refused_with_the_reason():
    institution = create_institution(city=create_city())
    institution.country = create_country(code="UZ")

    with pytest.raises(ValidationError) as refusal:
        institution.full_clean()

    assert refusal.value.message_dict == {"city": ["This city is in another country."]}


def test_violated_constraint_is_explained_in_words():
    institution = create_institution()
    institution.country = None

    with pytest.raises(ValidationError) as refusal:
        institution.full_clean()

    assert refusal.value.messages == ["Give the country, or mark the institution as international."]


@pytest.mark.parametrize(("model", "kind"), [(Studio, InstitutionKind.STUDIO), (Agency, InstitutionKind.AGENCY)])
def test_proxy_holds_its_own_kind_only(model, kind):
    create_institution(name_en="A", kind=InstitutionKind.STUDIO)
    create_institution(name_en="B", kind=InstitutionKind.AGENCY)
    create_institution(name_en="C", kind=InstitutionKind.FUND)

    assert [record.kind for record in model.objects.all()] == [kind]


@pytest.mark.parametrize(("model", "kind"), [(Studio, InstitutionKind.STUDIO), (Agency, InstitutionKind.AGENCY)])
def test_proxy_gives_its_kind_and_the_address_of_every_institution(model, kind):
    record = model.objects.create(key="new", name_en="New", country=create_country())

    assert (Institution.objects.get().kind, record.get_absolute_url()) == (kind, "/institutions/new/")


@pytest.mark.parametrize(
    ("code", "language", "name"),
    [
        pytest.param("MD", "en", "Moldova", id="english"),
        pytest.param("MD", "ru", "Молдова", id="russian"),
        pytest.param("KG", "ru", "Кыргызстан", id="as-the-country-writes-it"),
    ],
)
def test_country_name_comes_from_cldr(code, language, name):
    assert country_name(code, language) == name


def test_country_name_follows_the_active_language():
    country = create_country(code="AM")

    with translation.override("ru"):
        assert country.name == "Армения"


@pytest.mark.parametrize(
    ("amount", "language", "words"),
    [
        pytest.param(None, "en", None, id="not-known"),
        pytest.param(1_500_000, "en", "1,500,000 KZT", id="english"),
        pytest.param(1_500_000, "ru", "1\xa0500\xa0000 KZT", id="russian"),
    ],
)
def test_programme_amount_is_written_as_the_reader_does(amount, language, words):
    programme = create_programme(cap=amount, currency="KZT")

    with translation.override(language):
        assert programme.cap_in_words == words


@pytest.mark.parametrize(
    ("months", "shown"),
    [pytest.param(12, ["Fresh"], id="12"), pytest.param(24, ["Ageing", "Fresh"], id="24")],
)
def test_checked_within_looks_at_public_contacts_only(months, shown):
    today = timezone.localdate()
    for name, months_ago, is_public in [("Fresh", 11, True), ("Ageing", 23, True), ("Hidden", 1, False)]:
        create_contact(
            institution=create_institution(name_en=name),
            checked_on=months_before(today, months_ago).isoformat(),
            check_method=CheckMethod.TELEPHONE,
            is_public=is_public,
        )

    assert list(Institution.objects.checked_within(months).in_name_order().values_list("name_en", flat=True)) == shown


def test_parent_and_successor_are_public_only_when_published():
    parent = create_institution(name_en="Ministry")
    successor = create_institution(name_en="Heir", publication_state=PublicationState.DRAFT)
    institution = create_institution(parent=parent, successor=successor)

    assert (institution.public_parent, institution.public_successor) == (parent, None)
