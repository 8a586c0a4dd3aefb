"""A further fact of an institution as visitors and editors meet it; run in a copy of the checkout that has it."""

import csv
import io
import shutil

import pytest
from django.core.management import call_command
from django.utils import translation

from editors.merging.facts import facts_of
from exports.models import hashed
from institutions.models import Institution, InstitutionSource
from records.history.models import RecordChange
from tests.admin_forms import page, save
from tests.data_sets import VALID, replace
from tests.editors.spreadsheets.sheets import bring_to_preview, confirm, csv_bytes
from tests.factories import create_country, create_editor, create_institution, create_source
from tests.html_page import html_page
from tests.visitors.corrections.sending import form_on

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    client.force_login(create_editor())
    return client


def test_page_shows_it_with_its_source_and_a_way_to_correct_it(client):
    studio = create_institution(name_en="Tajikfilm", legal_form="State enterprise")
    InstitutionSource.objects.create(institution=studio, source=create_source(), supports=["legal_form"])

    head = html_page(client.get("/institutions/tajikfilm/")).one("p", class_="kind")

    assert "legal form: State enterprise 1" in head.text
    assert "Correct: legal form State enterprise" in [link.attributes.get("aria-label") for link in head.all("a")]
    assert "организационно-правовая форма:" in client.get("/ru/institutions/tajikfilm/").content.decode()
    assert client.get("/api/v1/institutions/tajikfilm").json()["legal_form"] == "State enterprise"


def test_page_is_silent_where_it_is_not_known(client):
    create_institution(name_en="Tajikfilm")

    assert "legal form" not in client.get("/institutions/tajikfilm/").content.decode()


def test_reader_is_asked_what_is_wrong_with_it(client):
    studio = create_institution(legal_form="State enterprise")

    form = client.get("/corrections/new/", {"record": f"institution/{studio.key}", "fact": "legal_form"})

    assert "State enterprise" in form.content.decode()


def test_institution_has_a_box_for_it(client):
    studio = create_institution(legal_form="State enterprise")
    studio.confirmation_requests.create(secret_hash=hashed("secret"), addresses=["a@example.org"])

    client.post("/confirm/secret/", form_on(client.get("/confirm/secret/")) | {"record-legal_form": "LLC"})

    assert [one.value for one in studio.proposals.all()] == [{"legal_form": "LLC"}]


def test_editors_type_it_and_the_public_history_tells_so(desk):
    studio = create_institution()

    save(desk, page(Institution, "change", studio.pk), legal_form="LLC")

    studio.refresh_from_db()
    assert studio.legal_form == "LLC"
    change = RecordChange.objects.get()
    assert (change.facts, change.in_words) == (["legal_form"], "legal form")
    with translation.override("ru"):
        assert change.in_words == "организационно-правовая форма"


@pytest.mark.parametrize("heading", ["legal form", "legal_form", "организационно-правовая форма", "ОПФ"])
def test_spreadsheets_have_a_column_of_it(desk, heading):
    create_country(code="TJ")
    content = csv_bytes(f"name (en),kind,country,{heading}", "Sinamo,studio,Tajikistan,LLC")

    confirm(desk, bring_to_preview(desk, content))

    studio = Institution.objects.get()
    assert studio.legal_form == "LLC"
    assert "legal_form" in studio.record_sources.get().supports


def test_whoever_merges_two_records_chooses():
    kept, merged = create_institution(legal_form="LLC"), create_institution(name_en="Sinamo", legal_form="CJSC")

    (fact,) = [fact for fact in facts_of(kept, merged) if fact.names == ("legal_form",)]

    assert [words for _value, words in fact.choices] == ["LLC", "CJSC"]


def test_data_set_may_have_it(tmp_path):
    folder = shutil.copytree(VALID, tmp_path / "data")
    replace(folder / "institutions.yaml", "    ownership: state\n", "    ownership: state\n    legal_form: LLC\n")

    call_command("load_directory", str(folder), stdout=io.StringIO())

    assert dict(Institution.objects.values_list("key", "legal_form")) == {"az-test-studio": "LLC", "az-old-studio": ""}


def test_files_have_a_column_of_it(client):
    create_institution(legal_form="LLC")

    lines = b"".join(client.get("/institutions/export/csv/").streaming_content).decode("utf-8-sig")

    assert [row["legal form"] for row in csv.DictReader(io.StringIO(lines))] == ["LLC"]
    assert '"LLC"' in b"".join(client.get("/institutions/export/json/").streaming_content).decode()


def test_list_is_narrowed_by_it_and_counts_each_value(client):
    for name, form in [("Tajikfilm", "State enterprise"), ("Sinamo", "LLC"), ("Kinoservis", "LLC"), ("Studio", "")]:
        create_institution(name_en=name, legal_form=form)

    html = html_page(client.get("/institutions/", {"legal_form": "State enterprise"}))

    counted = [label.text for label in html.all("label") if list(label.all("input", name="legal_form"))]
    assert counted == ["LLC 2", "State enterprise 1"]
    assert "Tajikfilm" in html.text
    assert "Kinoservis" not in html.text
