"""Tests of sources and checks: freshness, changes of its date, and forms of contacts."""

import datetime

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils import timezone

from institutions.models import InstitutionContact
from records.checks import CheckMethod, Freshness, months_before
from records.contact_types import ContactKind
from records.models import ImportedRecord, MergedKey, PastSlug, Source, normal_contact_value
from tests.constraint_cases import Case, check, constraints_of_app, parametrize, shape_of_partial_date
from tests.factories import create_contact, create_source
from tests.records.link_check_rows import CASES as link_check_cases

TODAY = timezone.localdate()


def a_past_slug(**fields):
    return PastSlug.objects.create(**{"record_kind": "institution", "slug": "old", "record_key": "new"} | fields)


def a_merged_key(**fields):
    return MergedKey.objects.create(**{"record_kind": "institution", "key": "old", "record_key": "new"} | fields)


def an_imported_record(**fields):
    return ImportedRecord.objects.create(**{"kind": "institution", "key": "az-film"} | fields)


CASES = [
    Case("source_url_shape", create_source, {"url": "https://example.org/"}, {"url": "example.org"}),
    Case("source_title_given", create_source, {"title": "About us"}, {"title": ""}),
    shape_of_partial_date("source_published_on_shape", create_source, "published_on"),
    Case("pastslug_once", a_past_slug, {"record_key": "one"}, {"record_key": "two"}, together=True),
    Case("pastslug_shape", a_past_slug, {"slug": "old-name"}, {"slug": "Old name"}),
    Case("mergedkey_once", a_merged_key, {"record_key": "one"}, {"record_key": "two"}, together=True),
    Case("mergedkey_shape", a_merged_key, {"key": "old-key"}, {"key": "Old key"}),
    Case("mergedkey_means_another", a_merged_key, {"record_key": "other"}, {"record_key": "old"}),
    Case("importedrecord_once", an_imported_record, {"written": {}}, {"written": {"a": 1}}, together=True),
]


@pytest.mark.django_db
@parametrize(CASES)
def test_constraint_accepts_one_row_and_refuses_another(case):
    check(case)


def test_every_constraint_of_the_room_has_a_case():
    assert {case.name for case in [*CASES, *link_check_cases]} == constraints_of_app("sources")


@pytest.mark.parametrize(
    ("day", "months", "earlier"),
    [
        pytest.param("2026-07-15", 6, "2026-01-15", id="same-year"),
        pytest.param("2026-03-15", 12, "2025-03-15", id="a-year"),
        pytest.param("2026-01-15", 1, "2025-12-15", id="over-new-year"),
        pytest.param("2026-12-31", 12, "2025-12-31", id="from-december"),
        pytest.param("2026-03-31", 1, "2026-02-28", id="to-a-shorter-month"),
        pytest.param("2024-03-31", 1, "2024-02-29", id="to-a-leap-february"),
        pytest.param("2024-02-29", 12, "2023-02-28", id="from-a-leap-day"),
        pytest.param("2026-05-31", 24, "2024-05-31", id="two-years"),
        pytest.param("2026-05-31", 0, "2026-05-31", id="none"),
    ],
)
def test_months_before(day, months, earlier):
    assert months_before(datetime.date.fromisoformat(day), months) == datetime.date.fromisoformat(earlier)


A_YEAR_AGO = months_before(TODAY, 12)
TWO_YEARS_AGO = months_before(TODAY, 24)
ONE_DAY = datetime.timedelta(days=1)


@pytest.mark.parametrize(
    ("checked_on", "freshness"),
    [
        pytest.param(None, Freshness.UNCONFIRMED, id="never"),
        pytest.param(TODAY, Freshness.FRESH, id="today"),
        pytest.param(A_YEAR_AGO, Freshness.FRESH, id="12-months-ago"),
        pytest.param(A_YEAR_AGO - ONE_DAY, Freshness.AGEING, id="12-months-and-a-day-ago"),
        pytest.param(TWO_YEARS_AGO, Freshness.AGEING, id="24-months-ago"),
        pytest.param(TWO_YEARS_AGO - ONE_DAY, Freshness.UNCONFIRMED, id="24-months-and-a-day-ago"),
        pytest.param(str(TODAY.year - 3), Freshness.UNCONFIRMED, id="in-a-year-long-ago"),
    ],
)
def test_freshness_changes_after_12_and_24_months(checked_on, freshness):
    contact = InstitutionContact(checked_on=checked_on)

    assert contact.freshness == freshness


def test_freshness_of_a_partial_date_counts_from_its_beginning():
    month_of_a_year_ago = A_YEAR_AGO.isoformat()[:7]
    began_too_early = A_YEAR_AGO.day > 1

    contact = InstitutionContact(checked_on=month_of_a_year_ago)

    assert contact.freshness == (Freshness.AGEING if began_too_early else Freshness.FRESH)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("checked_on", "is_within"),
    [
        pytest.param(A_YEAR_AGO.isoformat(), True, id="on-the-day"),
        pytest.param((A_YEAR_AGO - ONE_DAY).isoformat(), False, id="a-day-before"),
        pytest.param(str(A_YEAR_AGO.year), False, id="in-that-year-without-a-day"),
        pytest.param(TODAY.isoformat(), True, id="today"),
    ],
)
def test_checked_within_agrees_with_freshness(checked_on, is_within):
    contact = create_contact(checked_on=checked_on, check_method=CheckMethod.LETTER)

    assert InstitutionContact.objects.checked_within(12).exists() is is_within
    assert (contact.freshness == Freshness.FRESH) is is_within


@pytest.mark.django_db
def test_checked_within_leaves_out_what_was_never_checked():
    create_contact()

    assert not InstitutionContact.objects.checked_within(24).exists()


@pytest.mark.django_db
def test_confirm_states_date_method_editor_and_source():
    contact, editor, source = create_contact(), User.objects.create(username="editor"), create_source()

    contact.confirm(method=CheckMethod.TELEPHONE, by=editor, source=source)

    contact.refresh_from_db()
    found = (contact.checked_on, contact.check_method, contact.checked_by, contact.source)
    assert found == (TODAY.isoformat(), CheckMethod.TELEPHONE, editor, source)


@pytest.mark.django_db
def test_confirm_keeps_the_source_where_none_is_given_and_takes_an_earlier_day():
    source = create_source()
    contact = create_contact(source=source)

    contact.confirm(method="letter", on=datetime.date(2026, 1, 9))

    contact.refresh_from_db()
    assert (contact.checked_on, contact.source) == ("2026-01-09", source)


@pytest.mark.django_db
def test_confirm_writes_no_other_change_along():
    contact = create_contact(value="info@example.org")
    contact.value = "other@example.org"

    contact.confirm(method="letter")

    contact.refresh_from_db()
    assert contact.value == "info@example.org"


@pytest.mark.django_db
def test_confirm_refuses_a_method_that_is_none():
    contact = create_contact()

    with pytest.raises(ValueError, match="dream"):
        contact.confirm(method="dream")

    contact.refresh_from_db()
    assert contact.checked_on is None


@pytest.mark.django_db
def test_plain_save_keeps_the_check():
    contact = create_contact(checked_on="2024-05-31", check_method=CheckMethod.OFFICIAL_PAGE)
    contact.value = "new@example.org"

    contact.full_clean()
    contact.save()

    contact.refresh_from_db()
    assert (contact.value, contact.checked_on, contact.check_method) == (
        "new@example.org",
        "2024-05-31",
        CheckMethod.OFFICIAL_PAGE,
    )


@pytest.mark.django_db
def test_contact_outlives_the_editor_who_checked_it():
    editor = User.objects.create(username="editor")
    contact = create_contact()
    contact.confirm(method="letter", by=editor)

    editor.delete()

    contact.refresh_from_db()
    assert (contact.checked_on, contact.checked_by) == (TODAY.isoformat(), None)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        pytest.param("phone", "+992 37 221-00-00", "+992372210000", id="phone-with-spaces"),
        pytest.param("phone", "+994 (12) 493 00 11", "+994124930011", id="phone-with-brackets"),
        pytest.param("fax", " +7\u00a0495\u00a0123-45-67 ", "+74951234567", id="fax-with-hard-spaces"),
        pytest.param("whatsapp", "+992900000000", "+992900000000", id="whatsapp"),
        pytest.param("email", " Info@Example.ORG ", "info@example.org", id="e-mail"),
        pytest.param("website", "example.org", "https://example.org", id="website-without-scheme"),
        pytest.param("website", "http://example.org/az", "http://example.org/az", id="website-keeps-its-scheme"),
        pytest.param("telegram", "t.me/film", "https://t.me/film", id="telegram"),
        pytest.param("address", "  43,\n Bukhoro   Street ", "43, Bukhoro Street", id="address"),
    ],
)
def test_normal_contact_value(kind, text, value):
    assert normal_contact_value(kind, text) == value
    assert normal_contact_value(kind, value) == value


@pytest.mark.parametrize(
    "text",
    ["37 221 00 00", "+992 37", "call us", "+999 999 999", "+992 37 221 00 00 00 00 00"],
    ids=["no-country", "too-short", "words", "no-such-country", "too-long"],
)
@pytest.mark.parametrize("kind", ["phone", "fax", "whatsapp"])
def test_normal_contact_value_refuses_what_is_no_number(kind, text):
    with pytest.raises(ValidationError, match="with \\+ and the country code"):
        normal_contact_value(kind, text)


def test_normal_contact_value_loses_no_words():
    for kind, text in [("phone", "+992 37 221-00-00 (reception)"), ("email", "Reception <info@example.org>")]:
        with pytest.raises(ValidationError):
            normal_contact_value(kind, text)


@pytest.mark.parametrize(
    ("kind", "value", "shown", "link"),
    [
        pytest.param("phone", "+992372210000", "+992 372 21 0000", "tel:+992372210000", id="phone"),
        pytest.param("fax", "+992372210000", "+992 372 21 0000", None, id="fax-is-not-called"),
        pytest.param("email", "info@example.org", "info@example.org", "mailto:info@example.org", id="e-mail"),
        pytest.param("website", "https://www.example.org/", "example.org", "https://www.example.org/", id="website"),
        pytest.param("address", "Baku", "Baku", None, id="address"),
    ],
)
def test_contact_as_people_write_it_and_what_a_click_opens(kind, value, shown, link):
    contact = InstitutionContact(kind=kind, value=value)

    assert (contact.shown_value, contact.link) == (shown, link)


@pytest.mark.django_db
def test_contacts_are_read_as_on_a_business_card():
    first = create_contact(kind=ContactKind.VK)
    institution = first.institution
    for kind, order in [("email", 1), ("website", 0), ("phone", 0), ("fax", 0)]:
        create_contact(institution=institution, kind=kind, order=order)
    create_contact(institution=institution, kind="email", value="first@example.org", order=0)

    read = [contact.value for contact in InstitutionContact.objects.in_reading_order()]

    assert read == [
        "+992372210000",
        "+992372210001",
        "first@example.org",
        "info@example.org",
        "https://example.org/",
        "https://example.org/",
    ]


@pytest.mark.parametrize(
    ("url", "host"),
    [("https://www.kinokomitet.tj/about", "kinokomitet.tj"), ("http://cis.minsk.by:8080/", "cis.minsk.by")],
)
def test_source_tells_who_stands_behind_the_page(url, host):
    assert Source(url=url).host == host
