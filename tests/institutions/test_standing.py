"""Tests of the order of use of institutions."""

import datetime

import pytest

from institutions.models import Institution
from tests.factories import create_contact, create_country, create_institution

pytestmark = pytest.mark.django_db


def in_order(client, query=""):
    return [one.name_en for one in client.get(f"/institutions/?{query}").context["page"].object_list]


def test_state_bodies_come_first_then_who_is_reached_and_was_checked_last(client):
    checked = {"check_method": "letter"}
    create_institution(name_en="A nothing known")
    create_institution(name_en="B closed", kind="ministry", status="closed")
    create_institution(name_en="C regional ministry", kind="ministry", ownership="public")
    address = create_institution(name_en="D address", address_latin="1 Street")
    create_contact(institution=create_institution(name_en="E page"), kind="facebook", value="https://facebook.com/e")
    old = create_institution(name_en="F checked long ago")
    create_contact(institution=old, checked_on="2019-05", **checked)
    new = create_institution(name_en="G checked")
    create_contact(institution=new, checked_on="2026", **checked)
    create_institution(name_en="H state school", kind="school", ownership="state")
    state_studio = create_institution(name_en="I state studio", ownership="state")
    ministry = create_institution(name_en="J ministry", kind="ministry", country=create_country(code="KZ"))
    by_use = [
        *("J ministry", "I state studio", "G checked", "F checked long ago", "E page", "D address"),
        *("A nothing known", "C regional ministry", "H state school", "B closed"),
    ]

    assert in_order(client) == by_use
    assert in_order(client, "sort=name") == sorted(by_use)
    assert Institution.objects.get(pk=state_studio.pk).is_state_body
    assert not Institution.objects.get(pk=new.pk).is_state_body

    # Whatever way a contact changes; one that is hidden does not count.
    contact = create_contact(institution=address, kind="phone", is_public=False)
    assert in_order(client) == by_use
    type(contact).objects.filter(pk=contact.pk).update(is_public=True)
    assert in_order(client)[4] == "D address"
    contact.note_seen("https://example.org/", on=datetime.date(2026, 2, 1))
    create_contact(institution=ministry)
    assert in_order(client)[:3] == ["J ministry", "I state studio", "D address"]
    old.contacts.all().delete()
    assert in_order(client)[4:6] == ["E page", "A nothing known"]


def test_form_that_saves_all_columns_leaves_the_standing_alone():
    studio = create_institution()
    create_contact(institution=studio)
    kept = Institution.objects.get(pk=studio.pk).standing

    studio.save()

    assert studio.standing == 0
    assert Institution.objects.get(pk=studio.pk).standing == kept > 0
