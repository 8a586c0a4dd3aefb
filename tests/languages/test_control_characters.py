"""Tests that no control character is stored: the database refuses it, forms say so, imports remove it."""

import re

import pytest
from django.apps import apps
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction

from cisfilm.apps import APPS_WITH_TEXTS
from languages.control_characters import REFUSE_CONTROL_CHARACTERS, TRIGGER
from records.tables.reading import read_table
from tests.factories import create_city, create_contact, create_editor, create_institution, create_source
from visitors.corrections.confirmations import write_to

pytestmark = pytest.mark.django_db

SEEN_BY_NOBODY = ["\x01", "\x08", "\x0b", "\x0c", "\x0e", "\x1b", "\x1f", "\x7f", "\x85", "\x9f"]


def test_every_table_with_texts_is_guarded():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgfoid = %s::regproc",
            [REFUSE_CONTROL_CHARACTERS.name],
        )
        guarded = {table for (table,) in cursor.fetchall()}

    own = [model for label in APPS_WITH_TEXTS for model in apps.get_app_config(label).get_models()]
    with_texts = {
        model._meta.db_table
        for model in own
        if not model._meta.proxy
        and any(
            isinstance(getattr(field, "base_field", field), models.CharField | models.TextField)
            for field in model._meta.local_fields
        )
    }
    # A new model needs NO_CONTROL_CHARACTERS among its constraints.
    assert with_texts - guarded == set()


@pytest.mark.parametrize("character", SEEN_BY_NOBODY, ids=ascii)
def test_database_refuses_control_characters_in_every_kind_of_text(character):
    institution, city = create_institution(), create_city()
    for record, field, value in [
        (institution, "name_ru", f"a{character}b"),
        (institution, "editors_note", f"a{character}b"),
        (city, "other_spellings", ["a", f"a{character}b"]),
    ]:
        rows = type(record).objects.filter(pk=record.pk)
        with pytest.raises(IntegrityError, match=TRIGGER), transaction.atomic():
            rows.update(**{field: value})
    with pytest.raises(IntegrityError, match=TRIGGER), transaction.atomic():
        create_source(title=f"a{character}b")


def test_tabs_and_ends_of_lines_and_every_letter_stay():
    text = "a\tb\r\nc ⁠‌‍ 中国 🎬 \\u0001 é"

    institution = create_institution(editors_note=text)

    institution.refresh_from_db()
    assert institution.editors_note == text


@pytest.mark.parametrize("character", SEEN_BY_NOBODY, ids=ascii)
def test_form_of_a_record_names_the_character(character):
    institution = create_institution()
    institution.name_ru = f"Кино{character}студия"

    with pytest.raises(ValidationError) as refused:
        institution.full_clean()

    (message,) = refused.value.message_dict["name_ru"]
    assert f"an invisible control character (U+{ord(character):04X})" in message


def test_editor_is_told_of_it_in_the_admin(client):
    client.force_login(create_editor())

    page = client.post("/admin/institutions/institution/add/", {"name_en": "Kino\x07film"})

    assert page.status_code == 200
    assert "an invisible control character (U+0007)" in page.content.decode()


def test_reader_is_told_of_it(client):
    answer = client.post("/corrections/new/", {"wrong": "It is\x01 wrong", "proof_url": "https://example.org/\x02"})

    assert answer.status_code == 400
    assert {"wrong", "proof_url"} <= answer.context["form"].errors.keys()
    assert "(U+0001)" in answer.content.decode()


def test_text_that_comes_past_every_form_is_answered_and_not_kept(client):
    institution = create_institution()
    create_contact(institution=institution)
    write_to(institution)
    letter = re.search(r"/confirm/[A-Za-z0-9_-]+/", mail.outbox[0].body)[0]

    answer = client.post(letter, {"remark": "We have\x01 moved"})

    assert answer.status_code == 400
    assert client.get(letter).context["entry"]


def test_spreadsheet_is_read_without_them():
    table = read_table("name\x0b\x9f;note\nKino\x85film;one\x0btwo\x9f\n".encode(), max_rows=10)

    assert (table.headings, table.lines[0].cells) == (["name", "note"], ["Kino\nfilm", "one\ntwo"])
