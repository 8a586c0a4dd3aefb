"""Tests that no change of a record leaves outdated words in the record or the vocabulary."""

import pytest
import reversion
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import translation
from reversion.models import Version

from cooperation.models import Event, Film, FilmName
from editors.withholding.withhold import withhold
from institutions.models import City, Institution, InstitutionName, Programme
from people.models import Person, PersonName, Position
from search import records, unwritten
from search.models import ChangedRecord, VocabularyWord
from search.queries import Query
from search.rebuilding import note_once, rebuild_all, rebuild_changed, searchable_models
from tests.factories import (
    add_second_factor,
    create_city,
    create_country,
    create_event,
    create_film,
    create_institution,
    create_institution_name,
    create_person,
    create_person_name,
    create_position,
    create_programme,
)
from tests.search_words import assert_words_are_true, stored_words

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def made_directory(django_db_setup, django_db_blocker):
    """A record of each kind, connected with each other, with their words made; each test rolls back its changes."""
    with django_db_blocker.unblock(), transaction.atomic(), translation.override("en"):
        country = create_country(code="TJ")
        city = create_city(name_en="Dushanbe", country=country)
        studio = create_institution(name_en="Tajikfilm", country=country, city=city)
        create_institution_name(institution=studio, text="Stalinabad studio", kind="former")
        person = create_person(name_en="Anna Berg", country=country)
        create_person_name(person=person, text="Анна Берг")
        create_position(person=person, institution=studio, title_en="Director")
        event = create_event(name_en="Round Table", country=country, city=city)
        film = create_film(name_en="The Road", countries=[country], directors=["Otto Lang"])
        film.film_institutions.create(institution=studio)
        programme = create_programme(name_en="Rebate", institution=studio, country=country)
        rebuild_changed()
        assert_words_are_true()
        yield {"studio": studio, "person": person, "event": event, "film": film, "programme": programme, "city": city}
        transaction.set_rollback(True)


@pytest.fixture
def directory(made_directory):
    """The records as the database holds them."""
    return {name: type(record).objects.get(pk=record.pk) for name, record in made_directory.items()}


def run_sql(sql, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def save_with_new_name(directory):
    directory["studio"].name_ru = "Ковчег"
    directory["studio"].save()


def update_in_bulk(directory):
    Institution.objects.filter(pk=directory["studio"].pk).update(name_native="Тоҷикфилм", native_language="tg")


def bulk_update(directory):
    directory["person"].name_ru = "Анна Берггольц"
    Person.objects.bulk_update([directory["person"]], ["name_ru"])


def bulk_create(directory):
    FilmName.objects.bulk_create([FilmName(film=directory["film"], text="Дорога")])


def write_by_hand(directory):
    run_sql("UPDATE cooperation_event SET name_ru = 'Круглый стол' WHERE id = %s", directory["event"].pk)


def rename_city(directory):
    directory["city"].name_ru = "Сталинабад"
    directory["city"].save()


def add_spelling_of_city(directory):
    City.objects.filter(pk=directory["city"].pk).update(other_spellings=["Dyushambe"])


def move_to_another_city(directory):
    directory["studio"].city = create_city(name_en="Khujand", country=directory["studio"].country)
    directory["studio"].save()


def rename_institution_of_a_post(directory):
    Institution.objects.filter(pk=directory["studio"].pk).update(name_en="Sugdfilm")


def add_name_to_institution_of_a_post(directory):
    create_institution_name(institution=directory["studio"], text="Somonfilm")


def delete_a_name(directory):
    InstitutionName.objects.filter(institution=directory["studio"]).delete()


def give_a_name_to_another_record(directory):
    other = create_institution(name_en="Other")
    rebuild_changed()
    InstitutionName.objects.filter(institution=directory["studio"]).update(institution=other)


def hide_a_post(directory):
    Position.objects.update(is_public=False)


def end_with_a_new_title(directory):
    Position.objects.update(title_ru="Генеральный директор")


def unpublish_the_institution(directory):
    Institution.objects.filter(pk=directory["studio"].pk).update(publication_state="draft")


def archive_the_person(directory):
    Person.objects.filter(pk=directory["person"].pk).update(publication_state="archived")


def withhold_the_person(directory):
    withhold(directory["person"], reason="letter")


def withhold_a_director(directory):
    create_person(name_en="Otto Lang", withheld=True, publication_state="archived")


def withhold_a_director_by_another_spelling(directory):
    hidden = create_person(name_en="Somebody", withheld=True, publication_state="archived")
    rebuild_changed()
    PersonName.objects.create(person=hidden, text="Otto Lang")


def delete_a_record(directory):
    directory["event"].delete()


def delete_with_what_hangs_on_it(directory):
    directory["person"].delete()


def change_kind_and_services(directory):
    Institution.objects.filter(pk=directory["studio"].pk).update(kind="archive", services=["dubbing"])


def change_year_and_countries(directory):
    Film.objects.filter(pk=directory["film"].pk).update(year=2024)
    directory["film"].film_countries.create(country=create_country(code="KZ"))


def change_programme(directory):
    Programme.objects.filter(pk=directory["programme"].pk).update(institution=None, kind="grant")


def spoil_the_words(directory):
    """Save a record that was read before its words were made."""
    Institution.objects.filter(pk=directory["studio"].pk).update(search_words="", search_text={}, name_ru="Ковчег")


def revert_to_an_earlier_version(directory):
    with reversion.create_revision():
        reversion.add_to_revision(directory["event"])
    Event.objects.filter(pk=directory["event"].pk).update(name_en="Another Table")
    rebuild_changed()
    Version.objects.get_for_object(directory["event"]).get().revision.revert()


WAYS = [
    save_with_new_name,
    update_in_bulk,
    bulk_update,
    bulk_create,
    write_by_hand,
    rename_city,
    add_spelling_of_city,
    move_to_another_city,
    rename_institution_of_a_post,
    add_name_to_institution_of_a_post,
    delete_a_name,
    give_a_name_to_another_record,
    hide_a_post,
    end_with_a_new_title,
    unpublish_the_institution,
    archive_the_person,
    withhold_the_person,
    withhold_a_director,
    withhold_a_director_by_another_spelling,
    delete_a_record,
    delete_with_what_hangs_on_it,
    change_kind_and_services,
    change_year_and_countries,
    change_programme,
    spoil_the_words,
    revert_to_an_earlier_version,
]


@pytest.mark.parametrize("change", WAYS, ids=lambda change: change.__name__)
def test_change_leaves_no_stale_words(directory, change):
    before = {model: stored_words(model) for model in searchable_models()}

    change(directory)
    rebuild_changed()

    assert_words_are_true()
    after = {model: stored_words(model) for model in searchable_models()}
    assert after != before or change is revert_to_an_earlier_version
    assert not ChangedRecord.objects.exists()


def test_editor_in_the_admin_leaves_no_stale_words(client, directory):
    client.force_login(add_second_factor(User.objects.create_superuser("editor")))
    address = f"/admin/cooperation/film/{directory['film'].pk}/change/"
    opened = client.get(address)
    form = opened.context["adminform"].form
    formsets = opened.context["inline_admin_formsets"]
    data = {name: value if value is not None else "" for name, value in form.initial.items()}
    data["directors"] = "Otto Lang"
    for inline in formsets:
        formset = inline.formset
        for field in formset.management_form:
            data[field.html_name] = field.value()
        for row in formset.initial_forms:
            data |= {f"{row.prefix}-{name}": value for name, value in row.initial.items() if value is not None}
            data[f"{row.prefix}-id"] = row.instance.pk
    response = client.post(address, data | {"opened_state": form["opened_state"].value(), "name_ru": "Дорога домой"})
    assert response.status_code == 302

    found = client.get("/films/?q=doroga+domoi").context["page"].object_list

    assert [film.pk for film in found] == [directory["film"].pk]
    assert_words_are_true()


def test_import_leaves_no_stale_words():
    call_command("load_directory", "tests/data/valid", verbosity=0)

    assert Institution.objects.exists()
    assert not ChangedRecord.objects.exists()
    assert_words_are_true()


def test_search_sees_to_changes_before_it_answers(directory):
    run_sql("UPDATE institutions_institution SET name_ru = 'Цветок' WHERE id = %s", directory["studio"].pk)

    found = Institution.objects.published().search("cvetok")

    assert list(found) == [directory["studio"]]
    assert not Institution.objects.published().search("tadzhikkino")


def test_search_writes_nothing(directory):
    run_sql("UPDATE institutions_institution SET name_ru = 'Цветок' WHERE id = %s", directory["studio"].pk)
    stored, notes = stored_words(Institution), list(ChangedRecord.objects.values_list("pk", flat=True))
    with transaction.atomic():
        run_sql("SET LOCAL transaction_read_only = on")
        found = list(Institution.objects.published().search("cvetok"))
        transaction.set_rollback(True)

    assert found == [directory["studio"]]
    assert stored_words(Institution) == stored
    assert list(ChangedRecord.objects.values_list("pk", flat=True)) == notes


@pytest.mark.parametrize("most_ranked", [1_000, 0], ids=["ranked", "by condition"])
@pytest.mark.parametrize("most_read", [200, 1], ids=["words made on the spot", "too many changed"])
@pytest.mark.parametrize(
    ("change", "model", "text"),
    [
        (unpublish_the_institution, Institution, "tajikfilm"),
        (unpublish_the_institution, Person, "tajikfilm"),
        (archive_the_person, Person, "anna berg"),
        (withhold_the_person, Person, "anna berg"),
        (withhold_a_director, Film, "otto lang"),
        (withhold_a_director_by_another_spelling, Film, "otto lang"),
        (hide_a_post, Person, "tajikfilm"),
        (delete_a_name, Institution, "stalinabad"),
    ],
)
def test_what_is_hidden_is_found_no_more_before_its_words_are_written(
    directory, monkeypatch, change, model, text, most_ranked, most_read
):
    monkeypatch.setattr(records, "MOST_RANKED", most_ranked)
    assert model.objects.published().search(text).exists()
    monkeypatch.setattr(unwritten, "MOST_READ", most_read)

    change(directory)
    create_event(name_en="Somewhere Else, and Newer")

    # `find` knows no publication: what it has must not tell of anything hidden, not even by the rank of others.
    finding = records.find(model, Query(text))
    hits = {hit.record_id for hit in finding.hits}
    found = model.objects.filter(finding.condition) if finding.condition else model.objects.filter(pk__in=hits)
    assert not found.exists()
    assert ChangedRecord.objects.exists()


def test_records_beyond_those_read_are_found_by_what_still_holds(directory, monkeypatch):
    run_sql("UPDATE institutions_institution SET name_ru = 'Цветок'")
    create_person(name_en="Somebody Newer")
    monkeypatch.setattr(unwritten, "MOST_READ", 1)

    assert list(Institution.objects.published().search("tajikfilm")) == [directory["studio"]]


def test_words_are_written_after_a_request_that_changed_them(client, directory):
    run_sql("UPDATE institutions_institution SET name_ru = 'Цветок' WHERE id = %s", directory["studio"].pk)

    client.get("/institutions/?q=cvetok")
    assert ChangedRecord.objects.exists()
    client.post("/theme/", {"theme": "dark"})

    assert not ChangedRecord.objects.exists()
    assert_words_are_true()


def test_command_writes_the_words_of_what_changed(directory, capsys):
    Institution.objects.update(name_ru="Ковчег")

    call_command("rebuild_search", changed=True)

    assert "changed records" in capsys.readouterr().out
    assert not ChangedRecord.objects.exists()
    assert_words_are_true()


def test_change_that_changes_no_word_is_not_noted(directory):
    directory["studio"].save()

    assert not ChangedRecord.objects.exists()


def test_one_note_a_record_is_enough(directory):
    for name in ("Uzbekfilm", "Kazakhfilm"):
        Institution.objects.update(name_en=name)
    notes = ChangedRecord.objects.filter(record_table="institutions_institution").order_by("pk")
    newest = dict(notes.values_list("record_id", "pk"))
    assert notes.count() > len(newest)

    note_once()

    assert {note.record_id: note.pk for note in notes} == newest
    assert notes.count() == len(newest)
    rebuild_changed()
    assert_words_are_true()


def test_rebuild_of_all_mends_everything(directory):
    run_sql("SELECT set_config('cisfilm.rebuilding_search', 'on', true)")
    Institution.objects.update(search_words="", search_text={})
    run_sql("SELECT set_config('cisfilm.rebuilding_search', 'off', true)")
    VocabularyWord.objects.update(record_count=7, keys=[])
    VocabularyWord.objects.create(word="nobodysword", record_count=1)
    ChangedRecord.objects.all().delete()

    done = dict(rebuild_all())

    assert_words_are_true()
    assert done[Person] == 1
    assert VocabularyWord.objects.get(word="tajikfilm").keys


def test_command_says_what_it_rebuilt(directory, capsys):
    call_command("rebuild_search")

    assert "1 institutions" in capsys.readouterr().out


def test_hidden_records_have_no_words(directory):
    create_institution(name_en="Geheim", publication_state="draft")
    rebuild_changed()

    assert not VocabularyWord.objects.filter(word="geheim").exists()
