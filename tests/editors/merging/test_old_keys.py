"""Tests of old keys: they still lead to the record, in lists of visitors and in the data set."""

import csv
import io
import json
import shutil
from pathlib import Path

import pytest

from dataset.directory_fixtures import write_fixtures
from dataset.directory_load import load_directory
from editors.withholding.withhold import withhold
from exports.cards import CardReader
from exports.models import ContactList
from exports.saved_lists import changes_of, save_list, source_of
from institutions.models import Institution, Programme
from people.models import Person, Position
from records.models import ImportedRecord, MergedKey
from tests.data_sets import VALID
from tests.editors.merging.pages import merge, open_comparison, undo
from tests.factories import create_contact, create_institution, create_person, create_position
from tests.html_page import html_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept():
    return create_institution(name_en="Tajikfilm", key="tj-tajikfilm")


@pytest.fixture
def merged():
    return create_institution(name_en="Tojikfilm", key="tj-tojikfilm")


# Lists of visitors ---------------------------------------------------------------------------------------------------


def rows_of(contact_list):
    return [row.record.key for row in CardReader().rows(source_of(contact_list), "both")]


def test_own_list_of_a_visitor_shows_the_kept_record_once(client, kept, merged):
    client.post("/my-list/add/", {"record": ["institution/tj-tojikfilm", "institution/tj-tajikfilm"]})
    merge(kept, merged)

    assert html_page(client.get("/my-list/")).one("main").texts("h2") == ["Tajikfilm"]
    file = b"".join(client.get("/my-list/export/csv/").streaming_content).decode("utf-8-sig")
    assert len(list(csv.reader(io.StringIO(file)))) == 2

    client.post("/my-list/change/", {"remove": "institution/tj-tajikfilm"})
    assert html_page(client.get("/my-list/")).one("main").texts("h2") == []


def test_saved_list_shows_the_kept_record_and_not_that_one_is_gone(kept, merged):
    saved, _secret = save_list("hand", picked=["institution/tj-tojikfilm"])
    merge(kept, merged)

    (changed,) = changes_of(saved).rows

    assert rows_of(saved) == ["tj-tajikfilm"]
    assert changes_of(saved).left_count == 0
    assert (changed.change, changed.row.record.key) == ("changed", "tj-tajikfilm")


def test_saved_list_with_both_shows_the_kept_record_once(kept, merged):
    saved, _secret = save_list("hand", picked=["institution/tj-tojikfilm", "institution/tj-tajikfilm"])
    create_contact(institution=kept)
    saved_rows = ContactList.objects.get().snapshot.keys()
    merge(kept, merged)

    assert saved_rows == {"institution/tj-tojikfilm", "institution/tj-tajikfilm"}
    assert rows_of(saved) == ["tj-tajikfilm"]
    assert changes_of(saved).left_count == 0


def test_saved_list_by_filter_does_not_say_that_a_merged_record_left(kept, merged):
    saved, _secret = save_list("studios")
    merge(kept, merged)

    assert changes_of(saved).left_count == 0


def test_representative_of_the_merged_house_is_neither_new_nor_gone(kept, merged):
    anna = create_person(name_en="Anna Berg", key="tj-anna")
    create_position(person=anna, institution=merged)
    saved, _secret = save_list("hand", picked=["person/tj-anna"])
    merge(kept, merged)

    (changed,) = changes_of(saved).rows

    assert changed.change == "changed"
    assert {"Tojikfilm", "Tajikfilm"} <= {field.old for field in changed.fields} | {
        field.new for field in changed.fields
    }


def test_saved_list_holds_the_record_itself_again_after_undoing(kept, merged):
    saved, _secret = save_list("hand", picked=["institution/tj-tojikfilm"])
    undo(merge(kept, merged))

    assert rows_of(saved) == ["tj-tojikfilm"]
    assert not changes_of(saved)


def test_saved_list_forgets_somebody_withheld_under_every_key():
    kept, merged = create_person(name_en="Anna Berg", key="tj-anna"), create_person(name_en="Hanna", key="tj-hanna")
    create_position(person=merged)
    save_list("hand", picked=["person/tj-hanna"])
    merge(kept, merged)

    withhold(Person.objects.get(pk=kept.pk), reason="letter")

    saved = ContactList.objects.get()
    assert (saved.picked, saved.snapshot) == ([], {})


def test_page_says_how_many_saved_lists_hold_the_merged_record(desk, kept, merged):
    save_list("hand", picked=["institution/tj-tojikfilm"])

    assert "1 place on visitors’ saved lists" in open_comparison(desk, kept, merged).content.decode()


# The data set --------------------------------------------------------------------------------------------------------


@pytest.fixture
def data_set(tmp_path):
    return Path(shutil.copytree(VALID, tmp_path / "data"))


def counts():
    return {model: model.objects.count() for model in (Institution, Person, Position, Programme, ImportedRecord)}


def merge_institutions(kept_key, merged_key, **choices):
    kept, merged = (Institution.objects.get(key=key) for key in (kept_key, merged_key))
    return merge(kept, merged, **choices)


@pytest.mark.parametrize(
    ("kept_key", "merged_key"), [("az-test-studio", "az-old-studio"), ("az-old-studio", "az-test-studio")]
)
def test_loading_again_does_not_bring_a_merged_institution_back(data_set, kept_key, merged_key):
    load_directory(data_set)
    merge_institutions(kept_key, merged_key)
    before = counts()
    contacts = set(Institution.objects.get(key=kept_key).contacts.values_list("value", flat=True))

    report = load_directory(data_set)

    assert counts() == before
    assert not Institution.objects.filter(key=merged_key).exists()
    assert set(Institution.objects.get(key=kept_key).contacts.values_list("value", flat=True)) == contacts
    assert f"institutions.yaml: {merged_key}: an editor merged it into {kept_key}" in report.kept
    assert load_directory(data_set).changed_nothing


def test_loading_again_does_not_bring_a_merged_person_back(data_set):
    load_directory(data_set)
    kept, merged = Person.objects.order_by("key")
    merge(kept, merged)
    before = counts()

    load_directory(data_set)

    assert counts() == before
    assert load_directory(data_set).changed_nothing


def test_data_set_means_the_kept_record_by_the_old_key(data_set):
    load_directory(data_set)
    merge_institutions("az-old-studio", "az-test-studio")
    post = Position.objects.get(person__key="az-anna-testova")
    people = data_set / "people.yaml"
    text = people.read_text(encoding="utf-8")
    assert (post.as_of, text.count("as_of: '2025-06'")) == ("2025-06", 1)

    people.write_text(text.replace("as_of: '2025-06'", "as_of: '2026-01'"), encoding="utf-8")
    load_directory(data_set)

    post.refresh_from_db()
    assert (post.institution.key, post.as_of) == ("az-old-studio", "2026-01")


def test_post_that_an_editor_deleted_before_the_merge_stays_away(data_set):
    load_directory(data_set)
    Position.objects.filter(institution__key="az-test-studio").delete()
    merge_institutions("az-old-studio", "az-test-studio")

    load_directory(data_set)

    assert not Position.objects.filter(institution__key="az-old-studio").exists()


def test_loading_after_undoing_changes_nothing(data_set):
    load_directory(data_set)
    done = merge_institutions("az-old-studio", "az-test-studio")
    load_directory(data_set)

    undo(done)

    assert load_directory(data_set).changed_nothing
    assert Institution.objects.count() == 2


def test_fixtures_hold_nothing_of_what_editors_merged(data_set, tmp_path):
    write_fixtures(tmp_path / "plain", data_set)
    load_directory(data_set)
    merge_institutions("az-old-studio", "az-test-studio")

    write_fixtures(tmp_path / "merged", data_set)

    for file in (tmp_path / "plain").iterdir():
        assert json.loads(file.read_text()) == json.loads((tmp_path / "merged" / file.name).read_text())


def test_import_hides_somebody_withheld_under_the_key_that_was_merged(data_set):
    load_directory(data_set)
    kept, merged = Person.objects.order_by("key")
    merge(kept, merged)
    Person.objects.get().other_names.all().delete()
    withhold(Person.objects.get(), reason="letter")

    report = load_directory(data_set)

    assert Person.objects.count() == 1
    assert f"people.yaml: {merged.key}: asked not to be listed" in report.left_out


def test_key_means_nothing_else_for_records_of_another_kind(kept, merged):
    create_person(name_en="Somebody", key="tj-tojikfilm")
    merge(kept, merged)

    present = MergedKey.objects.present_records(["person/tj-tojikfilm", "institution/tj-tojikfilm"])

    assert present == {
        "person/tj-tojikfilm": "person/tj-tojikfilm",
        "institution/tj-tojikfilm": "institution/tj-tajikfilm",
    }
