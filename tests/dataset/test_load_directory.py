"""Tests of loading tiny data sets, valid and invalid, and of what a load leaves unchanged."""

import re
import shutil
from io import StringIO
from pathlib import Path

import pytest
import yaml
from django.core.management import CommandError, call_command
from django.db import connection

from cooperation.models import Event, Film
from editors.withholding import withhold as withholding
from institutions.models import City, Country, Institution, InstitutionContact, Programme
from people.models import Person, Position
from records.models import ImportedRecord, Source
from tests.data_sets import DATA, VALID, replace

pytestmark = pytest.mark.django_db


@pytest.fixture
def data_set(tmp_path):
    """Copy of the valid tiny data set, for tests to change."""
    return Path(shutil.copytree(VALID, tmp_path / "data"))


def load(folder, *options) -> str:
    output = StringIO()
    call_command("load_directory", str(folder), *options, stdout=output, stderr=StringIO())
    return output.getvalue()


def counts(output) -> dict[str, list[int]]:
    rows = re.findall(r"^(\w+) +(\d+) +(\d+) +(\d+)$", output, re.MULTILINE)
    return {kind: [int(number) for number in numbers] for kind, *numbers in rows}


# What a load makes ---------------------------------------------------------------------------------------------------


def test_load_counts_every_kind():
    output = load(VALID)

    assert counts(output) == {
        "source": [9, 0, 0],
        "country": [4, 0, 0],
        "city": [1, 0, 0],
        "institution": [2, 0, 0],
        "person": [2, 0, 0],
        "programme": [1, 0, 0],
        "film": [1, 0, 0],
        "event": [1, 0, 0],
    }


def test_load_makes_institution_with_all_that_belongs_to_it():
    load(VALID)

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
    assert [(stage.name, stage.area_m2) for stage in studio.stages.all()] == [("Stage 1", 400)]
    assert [row.supports for row in studio.record_sources.all()] == [
        ["names", "website", "phones", "emails"],
        ["founded", "former_names"],
    ]
    assert old_studio.successor == studio
    assert old_studio.remarks_en == "Merged into Test Studio in 2020."


def test_contact_has_its_newest_page_and_date():
    load(VALID)

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
    load(VALID)

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
    load(VALID)

    position = Position.objects.get(person__key="az-boris-probin")
    assert (position.institution, position.body_name, position.as_of) == (None, "Guild of Testers", None)
    assert position.person.remarks_en == "See Anna Testova."


def test_programme_film_and_event():
    load(VALID)

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
    load(VALID)

    source = Source.objects.get(url="https://example.org/phones")
    assert (source.title, source.language, source.published_on) == ("Example: telephones (az)", "az", "2025-06")


def test_countries_of_the_cis_are_there_and_others_as_mentioned():
    load(VALID)

    assert list(Country.objects.values_list("code", "cis_status", "cis_since")) == [
        ("AZ", "member", "1993-09"),
        ("GE", "former", None),
        ("UA", "former", None),
        ("US", "none", None),
    ]


def test_new_city_is_located():
    load(VALID)

    city = City.objects.get()
    assert (city.geonames_id, city.name_ru, city.name_native) == (587084, "Баку", "Bakı")
    assert (round(city.latitude), round(city.longitude)) == (40, 50)


def test_all_that_was_loaded_is_valid():
    load(VALID)

    for model in (Source, Country, City, Institution, InstitutionContact, Person, Position, Programme, Film, Event):
        for record in model.objects.all():
            record.full_clean()


# Bad data sets -------------------------------------------------------------------------------------------------------

DEFECTS = {
    "amount_without_currency": "programmes.yaml: az-test-rebate: currency: missing, though an amount is given",
    "city_without_country": "events.yaml: test-round-table: city: no country known for Atlantis",
    "country_unknown": "programmes.yaml: az-test-rebate: country: not a country's two-letter code: 'XX'",
    "date_not_in_calendar": "events.yaml: test-round-table: start: not a date",
    "date_without_quotes": "institutions.yaml: az-test-studio: founded: not a date in quotes",
    "email_with_spaces": "institutions.yaml: az-test-studio: emails: not a list of e-mail addresses",
    "event_ends_before_it_starts": "events.yaml: test-round-table: end: ends before it begins",
    "field_missing": "films.yaml: the-test: year: missing",
    "field_unknown": "films.yaml: the-test: genre: unknown field",
    "field_written_twice": "programmes.yaml: rate_percent stands here twice",
    "film_before_cinema": "films.yaml: the-test: year: not between 1895 and 2099",
    "institution_unknown": "programmes.yaml: az-test-rebate: institution: no record az-no-studio",
    "key_used_twice": "people.yaml: az-anna-testova: key: used 2 times",
    "name_too_long": "institutions.yaml: az-old-studio: names.en: Ensure this value has at most 300 characters",
    "not_a_list": "films.yaml: not one list under the key films",
    "not_yaml": "films.yaml: while parsing",
    "page_with_two_titles": "films.yaml: the-test: sources[0]: title or date differ from another record's",
    "parents_in_a_circle": "institutions.yaml: az-old-studio: parent: parents or successors in a circle",
    "person_unknown": "events.yaml: test-round-table: participants[0].person: no record az-nobody",
    "phone_impossible": "contact-points.yaml: az-test-studio, phone (012) 493-45-16: e164: '+99412'",
    "position_from_foreign_page": "people.yaml: az-anna-testova: positions[0].source: not among the person's sources",
    "position_without_body": "people.yaml: az-boris-probin: positions[0]: needs an institution or the name of a body",
    "rate_over_hundred": "programmes.yaml: az-test-rebate: rate_percent: Ensure this value is less than",
    "record_without_source": "events.yaml: test-round-table: sources: none given",
    "same_name_twice": "people.yaml: az-boris-probin: names.en: the same English name as az-anna-testova",
    "source_supports_unknown_field": "films.yaml: the-test: sources[0].supports: unknown fields budget",
    "word_unknown": "institutions.yaml: az-old-studio: kind: unknown word 'film-studio'",
}


def refused(folder) -> list[str]:
    """Return the problems that a load reports."""
    errors = StringIO()
    with pytest.raises(CommandError) as refusal:
        call_command("load_directory", str(folder), stdout=StringIO(), stderr=errors)
    problems = errors.getvalue().splitlines()
    assert str(refusal.value) == f"{len(problems)} bad entries; nothing was saved"
    assert refusal.value.returncode == 1
    return problems


@pytest.mark.parametrize("defect", DEFECTS)
def test_defect_is_named_with_file_key_and_field(defect, data_set):
    shutil.copytree(DATA / defect, data_set, dirs_exist_ok=True)

    problems = refused(data_set)

    assert any(problem.startswith(DEFECTS[defect]) for problem in problems), problems


def test_every_bad_entry_is_named(data_set):
    for defect in ("several_bad_entries", "person_unknown", "rate_over_hundred"):
        shutil.copytree(DATA / defect, data_set, dirs_exist_ok=True)

    problems = refused(data_set)

    # Of wrong shape, of no record's, refused by the model: one kind of fault does not hide the others.
    assert [problem.split(": ")[:3] for problem in problems] == [
        ["institutions.yaml", "az-old-studio", "kind"],
        ["institutions.yaml", "az-test-studio", "founded"],
        ["institutions.yaml", "az-test-studio", "services"],
        ["events.yaml", "test-round-table", "participants[0].person"],
        ["programmes.yaml", "az-test-rebate", "rate_percent"],
    ]


def test_many_entries_with_the_same_fault_are_counted(data_set):
    path = data_set / "people.yaml"
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    (person,) = [entry for entry in data["people"] if entry["key"] == "az-anna-testova"]
    for number in range(1, 8):
        statement = person["positions"][0] | {"title_ru": "Директор", "from": f"{number}"}
        data["people"].append(person | {"key": f"az-person-{number}", "positions": [statement]})
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    errors = StringIO()

    with pytest.raises(CommandError, match=r"^14 bad entries; nothing was saved$"):
        call_command("load_directory", str(data_set), stderr=errors)

    keys = "first in az-person-1, az-person-2, az-person-3"
    assert errors.getvalue().splitlines() == [
        f"people.yaml: positions[].title_ru: unknown field: 7 times, {keys}",
        f"people.yaml: positions[].from: not a date in quotes: …: 7 times, {keys}",
    ]


def test_email_address_with_a_capital_letter_is_stored_in_lower_case(data_set):
    replace(data_set / "institutions.yaml", "emails: [info@studio.example.az]", "emails: [Info@Studio.example.az]")

    load(data_set)

    assert InstitutionContact.objects.get(kind="email").value == "info@studio.example.az"


def test_missing_file_is_named(data_set):
    (data_set / "events.yaml").unlink()

    assert refused(data_set) == [f"events.yaml: no such file in {data_set}"]


def test_bad_data_set_saves_nothing(data_set):
    replace(data_set / "events.yaml", "end: '2025-11-30'", "end: '2025-11-01'")

    refused(data_set)

    assert not Source.objects.exists()
    assert not Country.objects.exists()
    assert not ImportedRecord.objects.exists()


def test_refusal_by_the_database_undoes_the_whole_load(data_set):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE cooperation_event ADD CONSTRAINT no_tests CHECK (summary_en !~ 'tests')")

    problems = refused(data_set)

    assert problems[0].startswith('events.yaml: test-round-table: new row for relation "cooperation_event" violates')
    assert not Institution.objects.exists()


def test_check_says_what_would_happen_and_saves_nothing():
    output = load(VALID, "--check")

    assert counts(output)["institution"] == [2, 0, 0]
    assert output.endswith("only checked: nothing was saved\n")
    assert not Institution.objects.exists()
    assert not ImportedRecord.objects.exists()


# The second time -----------------------------------------------------------------------------------------------------


def test_loading_twice_changes_nothing():
    load(VALID)
    before = list(Institution.objects.values_list("pk", "updated_at", "created_at"))

    output = load(VALID)

    assert output.endswith("nothing changed\n")
    assert counts(output)["institution"] == [0, 0, 2]
    assert list(Institution.objects.values_list("pk", "updated_at", "created_at")) == before


def test_change_of_the_data_set_is_taken_over(data_set):
    load(VALID)
    studio = Institution.objects.get(key="az-test-studio")
    replace(data_set / "institutions.yaml", "founded: '1990'", "founded: '1989'")
    replace(data_set / "institutions.yaml", "area_m2: 400", "area_m2: 450")

    output = load(data_set)

    changed = Institution.objects.get(key="az-test-studio")
    assert counts(output)["institution"] == [0, 1, 1]
    assert (changed.founded, changed.stages.get().area_m2) == ("1989", 450)
    assert changed.updated_at > studio.updated_at


def test_row_that_left_the_data_set_is_removed(data_set):
    load(VALID)
    replace(data_set / "institutions.yaml", "acronyms: [TS]", "acronyms: []")

    load(data_set)

    assert not Institution.objects.get(key="az-test-studio").other_names.filter(text="TS").exists()


def test_record_that_left_the_data_set_stays_and_is_named(data_set):
    load(VALID)
    (data_set / "films.yaml").write_text("films: []\n")

    output = load(data_set)

    assert "film the-test: no longer in the data set; the record stays" in output
    assert Film.objects.filter(key="the-test").exists()


def test_several_statements_about_a_post_keep_its_contacts_when_a_newer_page_comes(data_set):
    load(VALID)
    position = Position.objects.get(person__key="az-anna-testova")
    position.contacts.create(kind="email", value="anna@studio.example.az")
    replace(data_set / "people.yaml", "as_of: '2025-06'", "as_of: '2025-07'")
    replace(data_set / "people.yaml", "title_en: General Director", "title_en: Chief Executive Officer")

    load(data_set)

    position.refresh_from_db()
    assert (position.title_en, position.as_of) == ("Chief Executive Officer", "2025-07")
    assert position.contacts.get().value == "anna@studio.example.az"


# Editors' changes ----------------------------------------------------------------------------------------------------


def test_editors_change_is_kept_and_named():
    load(VALID)
    Institution.objects.filter(key="az-test-studio").update(founded="1985", description_en="An editor's words.")

    output = load(VALID)

    studio = Institution.objects.get(key="az-test-studio")
    assert (studio.founded, studio.description_en) == ("1985", "An editor's words.")
    assert "institutions.yaml: az-test-studio: kept an editor's founded\n" in output
    assert "institutions.yaml: az-test-studio: kept an editor's description\n" in output
    assert output.endswith("nothing changed\n")


def test_editors_change_is_kept_when_the_data_set_changes_too(data_set):
    load(VALID)
    Institution.objects.filter(key="az-test-studio").update(founded="1985")
    replace(data_set / "institutions.yaml", "founded: '1990'", "founded: '1989'")
    replace(data_set / "institutions.yaml", "A studio for tests.", "A studio for many tests.")

    load(data_set)

    studio = Institution.objects.get(key="az-test-studio")
    assert (studio.founded, studio.description_en) == ("1985", "A studio for many tests.")


def test_overwrite_lets_the_data_set_win():
    load(VALID)
    Institution.objects.filter(key="az-test-studio").update(founded="1985")

    output = load(VALID, "--overwrite")

    assert Institution.objects.get(key="az-test-studio").founded == "1990"
    assert counts(output)["institution"] == [0, 1, 1]
    assert load(VALID).endswith("nothing changed\n")


def test_fields_that_go_together_are_kept_together(data_set):
    load(VALID)
    Institution.objects.filter(key="az-test-studio").update(name_native="Проба", native_language="ru")
    replace(data_set / "institutions.yaml", "az: Sınaq", "az: Yoxlama")

    load(data_set)

    studio = Institution.objects.get(key="az-test-studio")
    assert (studio.name_native, studio.native_language) == ("Проба", "ru")


def test_confirmed_contact_keeps_its_date(data_set):
    load(VALID)
    contact = InstitutionContact.objects.get(kind="email")
    contact.confirm(method="telephone")
    replace(data_set / "institutions.yaml", "date: '2025-03'", "date: '2025-04'")

    load(data_set)

    confirmed = InstitutionContact.objects.get(kind="email")
    assert (confirmed.checked_on, confirmed.check_method) == (contact.checked_on, "telephone")


@pytest.mark.parametrize("options", [[], ["--overwrite"]])
def test_load_never_moves_the_date_of_a_check(options, data_set):
    load(VALID)
    before = dict(InstitutionContact.objects.values_list("value", "checked_on"))
    replace(data_set / "institutions.yaml", "date: '2025-03'", "date: '2025-04'")

    load(data_set, *options)

    assert dict(InstitutionContact.objects.values_list("value", "checked_on")) == before
    assert "2025-03" in before.values()


def test_contact_that_was_confirmed_stays_when_the_data_set_drops_it(data_set):
    load(VALID)
    contact = InstitutionContact.objects.get(kind="email")
    contact.confirm(method="telephone")
    replace(data_set / "institutions.yaml", f"emails: [{contact.value}]", "emails: []")

    load(data_set)

    assert InstitutionContact.objects.filter(pk=contact.pk).exists()


def test_editors_row_stays_and_deleted_row_stays_away():
    load(VALID)
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
    load(VALID)
    studio = Institution.objects.get(key="az-test-studio")
    studio.contacts.create(kind="email", value="editor@studio.example.az")
    studio.contacts.get(kind="phone").delete()

    load(VALID, "--overwrite")

    assert studio.contacts.filter(kind="phone").exists()
    assert studio.contacts.filter(value="editor@studio.example.az").exists()


def test_row_that_an_editor_changed_stays_when_it_leaves_the_data_set(data_set):
    load(VALID)
    studio = Institution.objects.get(key="az-test-studio")
    studio.stages.update(note="With daylight.")
    replace(data_set / "institutions.yaml", "      - {name: Stage 1, area_m2: 400, note: null}\n", "      []\n")

    load(data_set)

    assert studio.stages.get().note == "With daylight."


@pytest.mark.parametrize("options", [[], ["--overwrite"]])
def test_archived_record_stays_archived(options):
    load(VALID)
    Institution.objects.filter(key="az-old-studio").update(publication_state="archived")

    load(VALID, *options)

    assert Institution.objects.get(key="az-old-studio").publication_state == "archived"


def test_deleted_record_stays_away_with_all_that_refers_to_it():
    load(VALID)
    Person.objects.get(key="az-anna-testova").delete()

    output = load(VALID)

    assert "people.yaml: az-anna-testova: an editor deleted the record, it stays away" in output
    assert not Person.objects.filter(key="az-anna-testova").exists()
    assert load(VALID).endswith("nothing changed\n")


def test_record_that_an_editor_made_first_is_only_completed():
    Country.objects.create(code="AZ", cis_status="member")
    Institution.objects.create(
        key="az-test-studio", kind="studio", country_id="AZ", name_en="Test Studio of Baku", status="active"
    )

    load(VALID)

    studio = Institution.objects.get(key="az-test-studio")
    assert (studio.name_en, studio.founded, studio.publication_state) == ("Test Studio of Baku", "1990", "draft")


# Withheld people -----------------------------------------------------------------------------------------------------


def withhold(key):
    Person.objects.filter(key=key).update(withheld=True, publication_state="archived", name_ru="")


@pytest.mark.parametrize("options", [[], ["--overwrite"]])
def test_withheld_person_is_neither_updated_nor_published(options, data_set):
    load(VALID)
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
    load(VALID)
    withhold("az-anna-testova")

    load(VALID)

    assert not ImportedRecord.objects.filter(key="az-anna-testova").exists()


def test_pages_about_a_withheld_person_alone_stay_away():
    load(VALID)
    page_of_anna = Source.objects.filter(url="https://example.org/people-2025")
    assert page_of_anna.exists()
    withholding.withhold(Person.objects.get(key="az-anna-testova"), reason="letter")

    load(VALID)

    assert not page_of_anna.exists()


def test_name_of_withheld_person_stays_away_everywhere():
    Person.objects.create(key="somebody", name_en="anna testova", withheld=True, publication_state="archived")
    Person.objects.create(key="somebody-else", name_en="Carl Filmer", withheld=True, publication_state="archived")

    load(VALID)

    assert not Person.objects.filter(key="az-anna-testova").exists()
    assert Film.objects.get().directors == []
    assert [part.name or part.institution.key for part in Event.objects.get().participations.all()] == [
        "az-test-studio"
    ]
    assert Person.objects.get(key="az-boris-probin").remarks_en == "See another person."
