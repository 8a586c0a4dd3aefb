"""Tests of the editors' site in Russian: every page of every kind of record, without English words."""

import datetime
import re

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils import formats, translation

from tests.editors.accounts.records_of_country import OF_COUNTRY
from tests.factories import create_country
from tests.interface_words import LATIN_IN_RUSSIAN, OwnWords

pytestmark = pytest.mark.django_db

PAGES_OF_A_RECORD = ["change", "history", "delete"]
# What stands in Latin letters in Russian too: names, keys and codes of the records here and of users and groups, tags
# of languages, examples of what to type, and words for pictures that Django's templates and code hold themselves.
IN_LATIN = "|".join(
    [
        LATIN_IN_RUSSIAN,
        r"\b(?:Studio|Agency|Stage|Rebate|City|Guest|Film|Person|Forum|Head|Director)\b",
        r"\b(?:[a-z]+-)+[a-z]{2}\b|\b[A-Z]{2}\b",
        r"\b(?:Administrators|Country editors|Editors|admin|totp|is_superuser|is_staff)\b",
        r"\b(?:az|be|en|hy|ka|kk|ky|ro|ru|tg|tk|uk|uz-Cyrl|uz)\b",
        r"\b(?:director|minister|chair|ogrn)\b|robots\.txt|Control|Command|Mac|Single Sing?-On|LDAP",
        r"Telegram|WhatsApp|Instagram|Facebook|YouTube|FilmFreeway",
        r"\b(?:Search|True|False)\b",
    ]
)


def pages_of(model, record):
    """Return the URLs of the pages of the model, and of the record."""
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    record_pages = [reverse(f"{name}_{page}", args=[record.pk]) for page in PAGES_OF_A_RECORD] if record else []
    return [reverse(f"{name}_changelist"), reverse(f"{name}_add"), *record_pages]


def test_no_page_has_a_word_in_latin_letters(admin_client):
    # Each in a country of its own, since a studio is an institution too.
    countries = ["AM", "AZ", "BY", "CN", "GE", "IR", "KG", "KZ", "MD", "RU", "TJ", "TM", "TR", "UA", "UZ"]
    made = {
        model: make(create_country(code=code))
        for code, (model, make) in zip(countries, OF_COUNTRY.items(), strict=True)
    }
    records = {model: made.get(model) for model in admin.site._registry}
    with translation.override("ru"):
        pages = [
            reverse("admin:index"),
            *(page for model, record in records.items() for page in pages_of(model, record)),
        ]

    found, opened = {}, set()
    for page in pages:
        response = admin_client.get(page)
        if response.status_code == 403:
            continue
        opened.add(page)
        reader = OwnWords("ru")
        reader.feed(response.content.decode())
        # Names of rights lie in the database: "Editors and their countries | audit line | Can view audit line".
        text = re.sub(IN_LATIN, "", " ".join(words for words in reader.words if " | Can " not in words))
        if words := re.findall(r"[A-Za-z]{2,}", text):
            found[page] = words

    assert found == {}
    assert len(opened) > len(records) * 2


@pytest.mark.parametrize(
    ("language", "moment", "day"),
    [("ru", "30 ноября 2026 г., 04:21", "30 ноября 2026 г."), ("en", "30 November 2026, 04:21", "30 November 2026")],
)
def test_dates_are_those_of_the_language(language, moment, day):
    with translation.override(language):
        assert formats.localize(datetime.datetime(2026, 11, 30, 4, 21)) == moment
        assert formats.localize(datetime.date(2026, 11, 30)) == day
        assert formats.date_format(datetime.time(0, 0), "TIME_FORMAT") == "00:00"
