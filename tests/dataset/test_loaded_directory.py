"""Tests of what a load of a tiny data set makes, and of further loads after changes of the set and by editors."""

import re

import pytest
from django.db import transaction
from django.utils import translation

from cooperation.models import Event, Film
from editors.withholding import withhold as withholding
from institutions.models import City, Country, Institution, InstitutionContact, Programme
from people.models import Person, Position
from records.models import ImportedRecord, Source
from tests.data_sets import VALID, counts, load, replace

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def loaded(django_db_setup, django_db_blocker):
    """The valid tiny data set, loaded once: each test rolls back its changes."""
    with django_db_blocker.unblock(), transaction.atomic(), translation.override("en"):
        load(VALID)
        yield
        transaction.set_rollback(True)


def test_load_makes_institution_with_all_that_belongs_to_it():
    studio = Institution.objects.get(key="az-test-studio")
    old_studio = Institution.objects.get(key="az-old-studio")
    assert (studio.name_en, studio.name_ru, studio.name_native, studio.native_language) == (
        *("Test Studio", "Проба"),
        *("Sınaq", "az"),
    )
    assert (studio.slug, studio.publication_state, studio.city.key) == ("test-studio", "published", "az-baku")
    assert (studio.address_latin, studio.address_local) == ("Bülbül prospekti 1", "")
    assert [(name.text, name.kind, name.language, name.script) for name in studio.other_names.all()] == [
        ("TS", "acronym", "", "Latn"),
        ("Trial Studio", "former", "", "Latn"),
        ("Deneme", "official", "tr", "Latn"),
        ("Sinaq", "spelling", "", "Latn"),
    ]
    former = studio.other_names.get(kind="former")
    assert (former.since, former.until, former.source.url) == ("1990", "2001-05", "https://example.org/studios")
    assert [(stage.name_en, stage.area_m2) for stage in studio.stages.all()] == [("Stage 1", 400)]
    assert [row.supports for row in studio.record_sources.all()] == [
        ["names", "website", "phones", "emails"],
        ["founded", "former_names"],
    ]
    assert old_studio.successor == studio
    assert old_studio.remarks_en == "Merged into Test Studio in 2020."


def test_contact_has_its_newest_page_and_date():
    contacts = InstitutionContact.objects.order_by("order")
    assert [
        (contact.kind, contact.value, contact.department, contact.checked_on, contact.check_method)
        for contact in contacts
    ] == [
        ("phone", "+994124934516", "reception", "2025-06", "published-page"),
        ("email", "info@studio.example.az", "", "2025-03", "official-page"),
        ("website", "https://studio.example.az", "", "2025-03", "official-page"),
    ]
    assert contacts[0].source.url == "https://example.org/phones"


def test_two_pages_on_one_post_are_one_position():
    position = Position.objects.get(person__key="az-anna-testova")
    assert (position.title_en, position.title_ru) == ("General Director", "Генеральный директор")
    assert (position.title_native, position.native_language) == ("baş direktor", "az")
    assert (position.role, position.seat) == ("head", "director")
    assert (position.since, position.until, position.as_of) == ("2024-02", None, "2025-06")
    assert position.source.url == "https://example.org/people-2025"
    assert [(older.source.url, older.as_of) for older in position.older_sources.all()] == [
        ("https://example.org/people-2024", "2024-03")
    ]


def test_post_at_body_without_record():
    position = Position.objects.get(person__key="az-boris-probin")
    assert (position.institution, position.body_name, position.as_of) == (None, "Guild of Testers", None)
    assert position.person.remarks_en == "See Anna Testova."


def test_russian_of_each_text_stands_beside_its_english():
    studio = Institution.objects.get(key="az-test-studio")
    old_studio = Institution.objects.get(key="az-old-studio")
    stage = studio.stages.get()
    contact = studio.contacts.get(kind="phone")
    country = Country.objects.get(code="AZ")
    treaty = country.treaties.get()
    programme = Programme.objects.get()
    post = Position.objects.get(person__key="az-boris-probin")
    assert [
        *(studio.description_ru, old_studio.remarks_ru, stage.name_ru, stage.note_ru, contact.department_ru),
        *(country.film_law_ru, treaty.name_ru, treaty.note_ru, programme.name_ru, programme.summary_ru, post.title_ru),
    ] == [
        *("Студия для испытаний.", "В 2020 году вошла в состав «Пробы».", "Павильон 1", "с бассейном", "приёмная"),
        *("Закон о кино 1998 года", "Европейская конвенция о совместном кинопроизводстве", "подписана"),
        *("Пробный рибейт", "Пятая часть стоимости пробы.", "Председатель гильдии"),
    ]
    assert old_studio.editors_note == "Ask Test Studio for the date."


def test_programme_film_and_event():
    programme = Programme.objects.get()
    film = Film.objects.get()
    event = Event.objects.get()
    assert (programme.rate_percent, programme.minimum_spend, programme.currency, programme.since) == (
        *(20, 1000),
        *("AZN", "2022"),
    )
    assert [institution.key for institution in programme.partner_institutions.all()] == ["az-old-studio"]
    assert programme.partners == ["Friends of the test"]
    assert (film.name_native, film.native_language, film.directors) == ("Sınaq", "az", ["Anna Testova", "Carl Filmer"])
    assert [film_country.country_id for film_country in film.film_countries.all()] == ["AZ", "US"]
    assert [(part.person, part.institution, part.name) for part in event.participations.all()] == [
        (Person.objects.get(key="az-anna-testova"), Institution.objects.get(key="az-test-studio"), ""),
        (None, Institution.objects.get(key="az-test-studio"), ""),
        (None, None, "Carl Filmer"),
    ]


def test_page_is_one_source_with_the_language_noted_in_its_title():
    source = Source.objects.get(url="https://example.org/phones")
    assert (source.title, source.language, source.published_on) == ("Example: telephones (az)", "az", "2025-06")


def test_countries_of_the_cis_are_there_and_others_as_mentioned():
    assert list(Country.objects.values_list("code", "cis_status", "cis_since")) == [
        ("AZ", "member", "1993-09"),
        ("GE", "former", None),
        ("UA", "former", None),
        ("US", "none", None),
    ]


def test_new_city_is_located():
    city = City.objects.get()
    assert (city.geonames_id, city.name_ru, city.name_native) == (587084, "Баку", "Bakı")
    assert (round(city.latitude), round(city.longitude)) == (40, 50)


def test_all_that_was_loaded_is_valid():
    for model in (Source, Country, City, Institution, InstitutionContact, Person, Position, Programme, Film, Event):
        for record in model.objects.all():
            record.full_clean()


def test_loading_twice_changes_nothing():
    before = list(Institution.objects.values_list("pk", "updated_at", "created_at"))

    output = load(VALID)

    assert output.endswith("nothing changed\n")
    assert counts(output)["institution"] == [0, 0, 2]
    assert list(Institution.objects.values_list("pk", "updated_at", "created_at")) == before


def test_change_of_the_data_set_is_taken_over(data_set):
    studio = Institution.objects.get(key="az-test-studio")
    replace(data_set / "institutions.yaml", "founded: '1990'", "founded: '1989'")
    replace(data_set / "institutions.yaml", "area_m2: 400", "area_m2: 450")

    output = load(data_set)

    changed = Institution.objects.get(key="az-test-studio")
    assert counts(output)["institution"] == [0, 1, 1]
    assert (changed.founded, changed.stages.get().area_m2) == ("1989", 450)
    assert changed.updated_at > studio.updated_at


def test_row_that_left_the_data_set_is_removed(data_set):
    replace(data_set / "institutions.yaml", "acronyms: [TS]", "acronyms: []")

    load(data_set)

    assert not Institution.objects.get(key="az-test-studio").other_names.filter(text="TS").exists()


def test_record_that_left_the_data_set_stays_and_is_named(data_set):
    (data_set / "films.yaml").write_text("films: []\n")

    output = load(data_set)

    assert "film the-test: no longer in the data set; the record stays" in output
    assert Film.objects.filter(key="the-test").exists()


def test_several_statements_about_a_post_keep_its_contacts_when_a_newer_page_comes(data_set):
    position = Position.objects.get(person__key="az-anna-testova")
    position.contacts.create(kind="email", value="anna@studio.example.az")
    replace(data_set / "people.yaml", "as_of: '2025-06'", "as_of: '2025-07'")
    replace(data_set / "people.yaml", "title_en: General Director", "title_en: Chief Executive Officer")

    load(data_set)

    position.refresh_from_db()
    assert (position.title_en, position.as_of) == ("Chief Executive Officer", "2025-07")
    assert position.contacts.get().value == "anna@studio.example.az"


def test_editors_change_is_kept_and_named():
    words = {"description_en": "An editor's words.", "description_ru": "Слова редактора."}
    Institution.objects.filter(key="az-test-studio").update(founded="1985", **words)

    output = load(VALID)

    studio = Institution.objects.get(key="az-test-studio")
    assert (studio.founded, studio.description_en, studio.description_ru) == ("1985", *words.values())
    for field in ("founded", "description", "description_ru"):
        assert f"institutions.yaml: az-test-studio: kept an editor's {field}\n" in output
    assert output.endswith("nothing changed\n")


def test_editors_change_is_kept_when_the_data_set_changes_too(data_set):
    Institution.objects.filter(key="az-test-studio").update(founded="1985")
    replace(data_set / "institutions.yaml", "founded: '1990'", "founded: '1989'")
    replace(data_set / "institutions.yaml", "A studio for tests.", "A studio for many tests.")

    load(data_set)

    studio = Institution.objects.get(key="az-test-studio")
    assert (studio.founded, studio.description_en) == ("1985", "A studio for many tests.")


def test_overwrite_lets_the_data_set_win():
    Institution.objects.filter(key="az-test-studio").update(founded="1985")

    output = load(VALID, "--overwrite")

    assert Institution.objects.get(key="az-test-studio").founded == "1990"
    assert counts(output)["institution"] == [0, 1, 1]
    assert load(VALID).endswith("nothing changed\n")


def test_fields_that_go_together_are_kept_together(data_set):
    Institution.objects.filter(key="az-test-studio").update(name_native="Проба", native_language="ru")
    replace(data_set / "institutions.yaml", "az: Sınaq", "az: Yoxlama")

    load(data_set)

    studio = Institution.objects.get(key="az-test-studio")
    assert (studio.name_native, studio.native_language) == ("Проба", "ru")


def test_confirmed_contact_keeps_its_date(data_set):
    contact = InstitutionContact.objects.get(kind="email")
    contact.confirm(method="telephone")
    replace(data_set / "institutions.yaml", "date: '2025-03'", "date: '2025-04'")

    load(data_set)

    confirmed = InstitutionContact.objects.get(kind="email")
    assert (confirmed.checked_on, confirmed.check_method) == (contact.checked_on, "telephone")


@pytest.mark.parametrize("options", [[], ["--overwrite"]])
def test_load_never_moves_the_date_of_a_check(options, data_set):
    before = dict(InstitutionContact.objects.values_list("value", "checked_on"))
    replace(data_set / "institutions.yaml", "date: '2025-03'", "date: '2025-04'")

    load(data_set, *options)

    assert dict(InstitutionContact.objects.values_list("value", "checked_on")) == before
    assert "2025-03" in before.values()


def test_contact_that_was_confirmed_stays_when_the_data_set_drops_it(data_set):
    contact = InstitutionContact.objects.get(kind="email")
    contact.confirm(method="telephone")
    replace(data_set / "institutions.yaml", f"emails: [{contact.value}]", "emails: []")

    load(data_set)

    assert InstitutionContact.objects.filter(pk=contact.pk).exists()


def test_editors_row_stays_and_deleted_row_stays_away():
    studio = Institution.objects.get(key="az-test-studio")
    studio.contacts.create(kind="email", value="editor@studio.example.az")
    studio.contacts.get(kind="phone").delete()

    output = load(VALID)

    assert set(studio.contacts.values_list("value", flat=True)) == {
        "info@studio.example.az",
        "https://studio.example.az",
        "editor@studio.example.az",
    }
    assert "institutions.yaml: az-test-studio: phones[0]: an editor deleted it, it stays away" in output


def test_overwrite_brings_deleted_row_back_and_leaves_editors_row():
    studio = Institution.objects.get(key="az-test-studio")
    studio.contacts.create(kind="email", value="editor@studio.example.az")
    studio.contacts.get(kind="phone").delete()

    load(VALID, "--overwrite")

    assert studio.contacts.filter(kind="phone").exists()
    assert studio.contacts.filter(value="editor@studio.example.az").exists()


def test_row_that_an_editor_changed_stays_when_it_leaves_the_data_set(data_set):
    studio = Institution.objects.get(key="az-test-studio")
    studio.stages.update(note_en="With daylight.")
    path = data_set / "institutions.yaml"
    path.write_text(
        re.sub(r"      - \{name: Stage 1.*\n", "      []\n", path.read_text(encoding="utf-8")), encoding="utf-8"
    )

    load(data_set)

    assert studio.stages.get().note_en == "With daylight."


@pytest.mark.parametrize("options", [[], ["--overwrite"]])
def test_archived_record_stays_archived(options):
    Institution.objects.filter(key="az-old-studio").update(publication_state="archived")

    load(VALID, *options)

    assert Institution.objects.get(key="az-old-studio").publication_state == "archived"


def test_deleted_record_stays_away_with_all_that_refers_to_it():
    Person.objects.get(key="az-anna-testova").delete()

    output = load(VALID)

    assert "people.yaml: az-anna-testova: an editor deleted the record, it stays away" in output
    assert not Person.objects.filter(key="az-anna-testova").exists()
    assert load(VALID).endswith("nothing changed\n")


def withhold(key):
    Person.objects.filter(key=key).update(withheld=True, publication_state="archived", name_ru="")


@pytest.mark.parametrize("options", [[], ["--overwrite"]])
def test_withheld_person_is_neither_updated_nor_published(options, data_set):
    withhold("az-anna-testova")
    Position.objects.all().delete()
    replace(data_set / "people.yaml", "variants: [Anna Testowa]", "variants: [Anna Testova-Proba]")

    output = load(data_set, *options)

    person = Person.objects.get(key="az-anna-testova")
    assert (person.withheld, person.publication_state, person.name_ru) == (True, "archived", "")
    assert not person.positions.exists()
    assert not person.participations.exists()
    assert not person.other_names.filter(text="Anna Testova-Proba").exists()
    assert "people.yaml: az-anna-testova: asked not to be listed" in output


def test_withheld_person_is_forgotten_by_the_importer():
    withhold("az-anna-testova")

    load(VALID)

    assert not ImportedRecord.objects.filter(key="az-anna-testova").exists()


def test_pages_about_a_withheld_person_alone_stay_away():
    page_of_anna = Source.objects.filter(url="https://example.org/people-2025")
    assert page_of_anna.exists()
    withholding.withhold(Person.objects.get(key="az-anna-testova"), reason="letter")

    load(VALID)

    assert not page_of_anna.exists()
