"""Tests of loading tiny data sets, valid and invalid, into a database that is empty or nearly so."""

import shutil
from io import StringIO

import pytest
import yaml
from django.core.management import CommandError, call_command
from django.db import connection

from cooperation.models import Event, Film
from institutions.models import Country, Institution, InstitutionContact
from people.models import Person
from records.models import ImportedRecord, Source
from tests.data_sets import DATA, VALID, counts, load, replace

pytestmark = pytest.mark.django_db


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
        statement = person["positions"][0] | {"title_fr": "Directeur", "from": f"{number}"}
        data["people"].append(person | {"key": f"az-person-{number}", "positions": [statement]})
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    errors = StringIO()

    with pytest.raises(CommandError, match=r"^14 bad entries; nothing was saved$"):
        call_command("load_directory", str(data_set), stderr=errors)

    keys = "first in az-person-1, az-person-2, az-person-3"
    assert errors.getvalue().splitlines() == [
        f"people.yaml: positions[].title_fr: unknown field: 7 times, {keys}",
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


def test_record_that_an_editor_made_first_is_only_completed():
    Country.objects.create(code="AZ", cis_status="member")
    Institution.objects.create(
        key="az-test-studio", kind="studio", country_id="AZ", name_en="Test Studio of Baku", status="active"
    )

    load(VALID)

    studio = Institution.objects.get(key="az-test-studio")
    assert (studio.name_en, studio.founded, studio.publication_state) == ("Test Studio of Baku", "1990", "draft")


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
