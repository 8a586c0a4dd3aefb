"""Tests of contacts, names and successors from the data set."""

import pytest

from dataset.institutions import native_languages, successor_key
from records.models import normal_contact_value, same_contact


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("website", "www.studio.example.az", "https://studio.example.az/"),
        ("website", "http://studio.example.az", "https://studio.example.az"),
        ("phone", "+994 12 493 45 16", "+994124934516"),
        ("email", "Info@Studio.example.az", "info@studio.example.az"),
        ("instagram", "@test.studio", "https://www.instagram.com/test.studio"),
    ],
)
def test_two_ways_of_writing_one_contact(kind, one, other):
    stored = [normal_contact_value(kind, text) for text in (one, other)]

    assert same_contact(kind, stored[0]) == same_contact(kind, stored[1])


@pytest.mark.parametrize(
    ("status", "notes", "successor"),
    [
        ("merged", "Merged into az-new in 2023.", "az-new"),
        ("renamed", "Reorganised into the az-new.", "az-new"),
        ("renamed", "It was reorganised into the New Studio in May.", "az-new"),
        ("merged", "Merged into Newer Studios.", None),
        ("merged", "Merged into az-unknown.", None),
        ("merged", "Once part of az-new.", None),
        ("merged", None, None),
        ("active", "Turned into az-new by some.", None),
    ],
)
def test_successor_is_the_key_or_name_after_into(status, notes, successor):
    keys = {"az-new": "az-new", "New": "az-other", "New Studio": "az-new"}

    assert successor_key({"status": status, "notes": notes}, keys) == successor


@pytest.mark.parametrize(
    ("country", "seat_country", "first"),
    [("AM", "AM", "hy"), ("UZ", "UZ", "uz"), (None, "TR", "tr"), (None, None, "kk"), (None, "RU", "ba")],
)
def test_language_of_the_native_name(country, seat_country, first):
    entry = {"country": country, "names": {"kk": "Түркі", "tr": "Türk"}}

    assert native_languages(entry, seat_country)[0] == first
