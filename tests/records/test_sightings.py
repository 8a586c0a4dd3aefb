"""Tests of sightings on official websites: apart from checks, moved by readings only, shown and filtered."""

import datetime

import pytest
from django.utils import timezone

from institutions.models import Institution, InstitutionContact
from tests.factories import create_contact, create_institution
from tests.html_page import html_page

pytestmark = pytest.mark.django_db

PAGE = "https://tajikfilm.example/contacts"


@pytest.fixture
def contact():
    return create_contact(institution=create_institution(), kind="phone")


def test_only_a_reading_moves_the_sighting_and_only_a_check_the_check(contact):
    stale = InstitutionContact.objects.get(pk=contact.pk)
    contact.note_seen(PAGE)
    stale.department = "Reception"
    stale.save()
    stale.refresh_from_db()
    assert (stale.seen_on, stale.seen_url, stale.department) == (timezone.localdate(), PAGE, "Reception")
    assert stale.checked_on is None
    stale.confirm(method="telephone")
    stale.refresh_from_db()
    assert (stale.seen_url, stale.check_method) == (PAGE, "telephone")


def test_missing_is_told_after_two_readings_and_a_new_value_was_never_seen(contact):
    contact.note_seen(PAGE)
    contact.note_missed()
    assert not contact.is_missing
    contact.note_missed()
    assert (contact.is_missing, contact.missed_since) == (True, timezone.localdate())
    contact.note_seen(PAGE)
    assert not contact.is_missing
    contact.note_missed()
    contact.value = "+992372210001"
    contact.save()
    contact.refresh_from_db()
    assert (contact.seen_on, contact.seen_url, contact.missed, contact.missed_since) == (None, "", 0, None)


@pytest.mark.parametrize(
    ("checked", "seen_days_ago", "freshness"),
    [("2010", 10, "fresh"), ("2010", None, "unconfirmed"), (None, 500, "ageing"), (None, 2000, "unconfirmed")],
)
def test_freshness_counts_from_the_later_of_check_and_sighting(contact, checked, seen_days_ago, freshness):
    contact.checked_on = checked
    if seen_days_ago:
        contact.seen_on = timezone.localdate() - datetime.timedelta(days=seen_days_ago)
    assert contact.freshness == freshness


def test_readers_see_filter_and_count_sightings(client, contact):
    contact.note_seen(PAGE)
    create_contact(institution=create_institution(name_en="Unseen"), kind="phone", value="+992372210001")
    institution = Institution.objects.get(pk=contact.institution_id)
    card = html_page(client.get(institution.get_absolute_url())).section("contacts-heading")
    assert "seen on the official site on" in card.text
    assert card.one("a", href=PAGE)
    contact.note_missed()
    contact.note_missed()
    card = html_page(client.get(institution.get_absolute_url())).section("contacts-heading")
    assert "missing from the official site since" in card.text
    page = client.get("/institutions/?seen=6")
    assert [record.name_en for record in page.context["page"].object_list] == ["Tajikfilm"]
    row = html_page(client.get("/coverage/")).one("section", **{"aria-labelledby": "depth"})
    assert "50" in row.text
