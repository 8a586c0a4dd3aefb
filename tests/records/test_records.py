"""Tests of records: lasting slugs, and names in the order of the reader's language."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation

from institutions.models import Institution
from records.base import PublicationState, RecordQuerySet
from records.keys import PastSlug
from tests.factories import (
    create_country,
    create_event,
    create_film,
    create_institution,
    create_institution_name,
    create_person,
    create_programme,
)
from tests.html_page import html_page

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        pytest.param("Tajikfilm", "tajikfilm", id="latin"),
        pytest.param("Oʻzbekkino & Co.", "ozbekkino-co", id="apostrophe-and-punctuation"),
        pytest.param("Азербайджанфильм", "azerbaydzhanfilm", id="cyrillic"),
        pytest.param("Հայֆիլմ", "hayfilm", id="armenian"),
        pytest.param("ქართული ფილმი", "kartuli-pilmi", id="georgian"),
        pytest.param("電影", None, id="a-script-of-nobody-here"),
    ],
)
def test_slug_is_latin_whatever_the_name(name, slug):
    record = create_institution(key="some-key", name_en=name)

    assert record.slug == (slug or record.slug)
    assert record.slug
    assert record.slug.isascii()
    record.full_clean()


def test_slug_fits_the_column_when_the_name_is_as_long_as_may_be():
    first = create_institution(key="first", name_en="Film " * 60)
    second = create_institution(key="second", name_en="Film " * 60)

    assert (len(first.slug) <= 100, len(second.slug) <= 100, first.slug != second.slug) == (True, True, True)


@pytest.mark.parametrize("name", ["***", "«»", " "])
def test_name_without_a_letter_is_refused_in_words(name):
    record = Institution(key="some-key", name_en=name, kind="studio", country=create_country())

    with pytest.raises(ValidationError) as refusal:
        record.full_clean()

    assert "name_en" in refusal.value.message_dict


def test_slug_stays_when_the_name_changes():
    record = create_institution(name_en="Tajikfilm")
    record.name_en = "Tajik Film Studio"

    record.save()

    assert (record.slug, PastSlug.objects.count()) == ("tajikfilm", 0)


def test_slugs_of_one_name_are_numbered():
    slugs = [create_institution(key=f"mosfilm-{number}", name_en="Mosfilm").slug for number in range(1, 4)]

    assert slugs == ["mosfilm", "mosfilm-2", "mosfilm-3"]


def test_slug_of_a_record_of_another_kind_does_not_count():
    create_institution(name_en="Golden Apricot")

    assert create_event(name_en="Golden Apricot").slug == "golden-apricot"


def test_slug_given_twice_is_refused():
    create_institution(name_en="Mosfilm")

    with pytest.raises(IntegrityError, match="slug"), transaction.atomic():
        create_institution(key="other", name_en="Other", slug="mosfilm")


def test_key_given_twice_is_refused():
    create_institution(key="ru-mosfilm")

    with pytest.raises(IntegrityError, match="key"), transaction.atomic():
        create_institution(key="ru-mosfilm", name_en="Other")


def test_changed_slug_is_remembered():
    record = create_institution(key="tj-film", name_en="Tajikfilm")
    record.slug = "tajik-film-studio"

    record.save()

    assert list(PastSlug.objects.values_list("record_kind", "slug", "record_key")) == [
        ("institution", "tajikfilm", "tj-film")
    ]
    assert Institution.objects.with_past_slug("tajikfilm").get() == record


def test_past_slug_is_never_given_to_another_record():
    record = create_institution(name_en="Tajikfilm")
    record.slug = "tajik-film-studio"
    record.save()

    newcomer = create_institution(key="newcomer", name_en="Tajikfilm")

    assert newcomer.slug == "tajikfilm-2"


def test_past_slug_typed_for_another_record_is_refused_in_words():
    record = create_institution(name_en="Tajikfilm")
    record.slug = "tajik-film-studio"
    record.save()
    newcomer = create_institution(name_en="Newcomer")
    newcomer.slug = "tajikfilm"

    with pytest.raises(ValidationError) as refusal:
        newcomer.full_clean()

    assert refusal.value.message_dict == {
        "slug": ["This address once belonged to another record and still leads there."]
    }


def test_past_slug_stays_taken_after_its_record_is_deleted():
    record = create_institution(name_en="Tajikfilm")
    record.slug = "tajik-film-studio"
    record.save()
    record.delete()

    newcomer = create_institution(key="newcomer", name_en="Tajikfilm")

    assert newcomer.slug == "tajikfilm-2"
    assert not Institution.objects.with_past_slug("tajikfilm").exists()


def test_record_takes_its_own_past_slug_back():
    record = create_institution(name_en="Tajikfilm")
    for slug in ("tajik-film-studio", "tajikfilm"):
        record.slug = slug
        record.full_clean()
        record.save()

    assert record.get_absolute_url() == "/institutions/tajikfilm/"
    assert set(PastSlug.objects.values_list("slug", flat=True)) == {"tajikfilm", "tajik-film-studio"}


@pytest.mark.parametrize(
    ("create", "address"),
    [
        pytest.param(create_institution, "/institutions/golden-apricot/", id="institution"),
        pytest.param(create_person, "/people/golden-apricot/", id="person"),
        pytest.param(create_event, "/events/golden-apricot/", id="event"),
        pytest.param(create_film, "/films/golden-apricot/", id="film"),
        pytest.param(create_programme, "/programmes/golden-apricot/", id="programme"),
    ],
)
def test_address_of_a_record(create, address):
    record = create(name_en="Golden Apricot")

    assert record.get_absolute_url() == address


ENGLISH, RUSSIAN, TAJIK = ("Tajikfilm", "en"), ("Таджикфильм", "ru"), ("Тоҷикфилм", "tg")
IN_TAJIK = {"name_native": "Тоҷикфилм", "native_language": "tg"}
IN_RUSSIAN = {"name_ru": "Таджикфильм"}


@pytest.mark.parametrize(
    ("names", "language", "shown"),
    [
        pytest.param(IN_RUSSIAN | IN_TAJIK, "en", [ENGLISH, TAJIK, RUSSIAN], id="english-reader"),
        pytest.param(IN_RUSSIAN | IN_TAJIK, "ru", [RUSSIAN, TAJIK, ENGLISH], id="russian-reader"),
        pytest.param({}, "en", [ENGLISH], id="english-alone"),
        pytest.param({}, "ru", [ENGLISH], id="english-alone-for-a-russian-reader"),
        pytest.param(IN_TAJIK, "ru", [ENGLISH, TAJIK], id="english-stands-in-for-a-russian-name"),
        pytest.param(
            {"name_native": "Հայֆիլմ", "native_language": "hy"},
            "ru",
            [ENGLISH, ("Հայֆիլմ", "hy")],
            id="no-script-that-a-russian-reader-cannot-read",
        ),
        pytest.param(IN_RUSSIAN, "en", [ENGLISH, RUSSIAN], id="no-native-name"),
        pytest.param(
            {"name_ru": "Фильм", "name_native": "Фильм", "native_language": "be"},
            "en",
            [ENGLISH, ("Фильм", "be")],
            id="the-same-name-once",
        ),
        pytest.param(
            {"name_ru": "Tajikfilm"} | IN_TAJIK,
            "en",
            [ENGLISH, TAJIK],
            id="the-first-name-is-first-where-it-is-another-too",
        ),
    ],
)
def test_shown_names_follow_the_language_and_repeat_nothing(names, language, shown):
    record = create_institution(name_en="Tajikfilm", **names)

    with translation.override(language):
        assert record.shown_names == shown
        assert record.name == shown[0][0]
        assert record.second_name == (shown[1] if shown[1:] else None)


@pytest.mark.parametrize(
    "create", [create_institution, create_person, create_event, create_film, create_programme, create_country]
)
def test_remarks_stand_on_the_page_in_the_readers_language(client, create):
    address = create(remarks_en="Two pages differ.", remarks_ru="Страницы расходятся.").get_absolute_url()

    for path, language, text in (("", "en", "Two pages differ."), ("/ru", "ru", "Страницы расходятся.")):
        remarks = html_page(client.get(path + address)).section("remarks")
        assert remarks.texts("span", lang=language) == [text]


def test_remarks_in_one_language_are_shown_to_all_readers_and_none_leave_no_heading(client):
    create_person(name_en="Anna Berg", remarks_ru="Страницы расходятся.")
    create_person(name_en="Boris Holm")

    remarks = html_page(client.get("/people/anna-berg/")).section("remarks")
    assert remarks.texts("span", lang="ru") == ["Страницы расходятся."]
    assert html_page(client.get("/people/boris-holm/")).texts(id="remarks") == []


@pytest.mark.parametrize(
    ("language", "names"),
    [
        pytest.param("en", ["Amkino", "Belarusfilm", "Yalta-Film"], id="english"),
        # Е, Ё, Я: the alphabet's own order, which code points would break.
        pytest.param("ru", ["Belarusfilm", "Yalta-Film", "Amkino"], id="russian"),
    ],
)
def test_records_are_sorted_by_the_names_of_the_readers_language(language, names):
    create_institution(name_en="Amkino", name_ru="Ямкино")
    create_institution(name_en="Belarusfilm", name_ru="Егорфильм")
    create_institution(name_en="Yalta-Film", name_ru="Ёлка")

    with translation.override(language):
        found = [record.name_en for record in Institution.objects.in_name_order()]

    assert found == names


@pytest.mark.parametrize("state", PublicationState.values)
@pytest.mark.parametrize(
    "create",
    [create_institution, create_person, create_event, create_film, create_programme],
    ids=lambda make: make.__name__,
)
def test_only_published_records_are_published(create, state):
    record = create(publication_state=state)

    assert isinstance(type(record).objects.all(), RecordQuerySet)
    assert type(record).objects.published().exists() is (state == PublicationState.PUBLISHED)
    assert record.is_published is (state == PublicationState.PUBLISHED)


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        pytest.param("tajik", True, id="part-of-a-word"),
        pytest.param("ТАДЖИК", True, id="russian-in-capitals"),
        pytest.param("studio tajik", True, id="words-of-two-names-in-any-order"),
        pytest.param("tajik uzbek", False, id="every-word-is-needed"),
        pytest.param("", True, id="nothing-asked"),
        pytest.param("100%", False, id="percent-sign-is-a-letter"),
    ],
)
def test_named_like(text, is_found):
    record = create_institution(name_en="Tajikfilm", name_ru="Таджикфильм")
    create_institution_name(institution=record, text="State Studio")
    create_institution_name(institution=record, text="Studio of Tajikistan")

    assert list(Institution.objects.named_like(text)) == ([record] if is_found else [])


def test_alternative_name_knows_its_script():
    name = create_institution_name(institution=create_institution(), text="Հայֆիլմ")

    assert name.script == "Armn"
