"""Tests that a withheld person leaves every column of the database, as PostgreSQL itself lists them."""

import itertools
import json
import re
from urllib.parse import quote, unquote

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.fields import ArrayField
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import Error, connection, models, transaction
from reversion.models import Revision, Version

from cooperation.models import Film
from dataset.directory_fixtures import load_fixtures, write_fixtures
from dataset.directory_load import load_directory
from editors.merging.models import Merge
from editors.spreadsheets.models import Import, ImportRow, RememberedHeading, RememberedWord
from editors.withholding.kept_outside import withheld_list
from editors.withholding.withhold import withhold
from exports.models import ContactList, hashed
from people.models import Person
from people.withheld_names import WithheldNames
from records.models import Source
from tests.admin_forms import page, save
from tests.data_sets import VALID
from tests.editors.spreadsheets.sheets import csv_bytes, send
from tests.factories import (
    create_contact,
    create_editor,
    create_film,
    create_institution,
    create_person,
    create_person_name,
)
from tests.rich_records import create_rich_country, create_rich_institution
from visitors.corrections.models import ConfirmationRequest, Correction, Mailbox

pytestmark = pytest.mark.django_db

SPELLINGS = [
    *("Anna Berg", "BERG, ANNA", "Анна Берг", "Берг Анна Петровна", "А. П. Берг", "Берг А.П.", "A. Berg", "anna-berg"),
    *("Աննա Բերգ", "Anna Petrovna Berg"),
]
NAMED = re.compile(
    r"\b(anna|анна|աննա|[aа]\.)[\W_]{1,3}((п\.|петровна|petrovna)[\W_]{1,2})?(berg|берг|բերգ)\b"
    r"|\b(berg|берг)[\W_]{1,3}(anna|анна|а\.)"
)
# Where it may stand, and why.
MAY_STAND = {
    "the list itself, and others who bear the name": {
        *("people_person.key", "people_person.slug", "people_person.name_en", "people_person.name_ru"),
        *("people_person.name_native", "people_person.sort_key_en", "people_person.sort_key_ru"),
        *("people_personname.text", "sources_pastslug.slug", "sources_pastslug.record_key"),
        *("sources_mergedkey.key", "sources_mergedkey.record_key"),
    },
    "an address on which other facts rest": {
        *("sources_source.url", "sources_source.snapshot_url", "sources_linkcheck.url", "sources_linkcheck.final_url"),
        "sources_importedrecord.key",
    },
}
# Tables that nobody's words get into: accounts of editors, and what only the machine writes.
OF_THE_MACHINE = {
    *("auth", "account", "accounts", "mfa", "contenttypes", "sessions", "search", "desk", "history"),
}
# A body or a work may be named after somebody. These are not filled here, and must not be filled by anything else.
WHOLE_NAMES = {
    *("key", "slug", "name_en", "name_ru", "name_native", "sort_key_en", "sort_key_ru", "search_text"),
    *("body_name", "other_spellings", "record_key", "record_name", "kept_name", "merged_name", "text", "secret"),
    *(
        "url",
        "final_url",
        "snapshot_url",
        "picked",
        "columns",
        "faults",
        "written",
        "other_partners",
        "partners",
        "object_id",
        "db",
        "format",
    ),
    *("supports", "services", "languages", "owner_hash", "secret_hash", "address_hash", "candidates", "country_codes"),
}


@pytest.fixture
def anna():
    person = create_person(name_en="Anna Berg", name_ru="Анна Берг", key="tj-anna-berg", native_language="hy",
                           name_native="Աննա Բերգ")  # fmt: skip
    create_person_name(person=person, text="Ann Berg")
    return person


@pytest.fixture
def full():
    """Create a row in every table with texts from people."""
    create_rich_country(code="KZ")
    studio = create_rich_institution(name_en="Open Studio", identifiers={"bin": "050740004819"}, editors_note="n")
    spreadsheet = Import.objects.create(
        file_name="list.csv", file_format="csv", headings=["Name", "Head", "Extra"],
        columns=["name_en", "head_name_en", ""], source=Source.objects.first(),
    )  # fmt: skip
    ImportRow.objects.create(spreadsheet=spreadsheet, line=1, cells=["Studio", "Somebody", ""], institution=studio)
    RememberedHeading.objects.create(heading="Heading")
    RememberedWord.objects.create(field="kind", word="word")
    ContactList.objects.create(origin="people", owner_hash=hashed("x"), query="q=x")
    Correction.objects.create(record_kind="institution", record_key=studio.key, wrong="This.")
    ConfirmationRequest.objects.create(institution=studio, secret_hash=hashed("x"), addresses=["a@example.org"])
    Mailbox.objects.create(institution=studio, address="a@example.org")
    Merge.objects.create(record_kind="institution", kept_id=1, merged_id=2, kept_name="A", merged_name="B")
    LogEntry.objects.create(
        user=create_editor(), content_type=ContentType.objects.get_for_model(Film), object_id="1", object_repr="Film",
        action_flag=2, change_message="Changed.",
    )  # fmt: skip
    revision = Revision.objects.create(date_created="2026-01-01T00:00Z", comment="Comment")
    Version.objects.create(
        revision=revision, content_type=ContentType.objects.get_for_model(Film), object_id="1", db="default",
        format="json", object_repr="Film", serialized_data='[{"model": "cooperation.film", "pk": 1, "fields": {}}]',
    )  # fmt: skip
    create_contact(institution=studio, kind="address", value="Street 5")
    return studio


def shapes(label, text):
    """Return values for columns that hold more than plain text."""
    state = {"model": "institutions.institution", "pk": 1, "number": 1, "before": None}
    return {
        "intake.importrow.changes": [["description_en", "", text]],
        "intake.importrow.errors": {"1": text},
        "intake.importrow.plan": {"values": {"description_en": text}, "head": None},
        "intake.importrow.journal": [state | {"after": {"description_en": text}}],
        "intake.importrow.cells": ["Studio", text, f"Notes: {text}"],
        "intake.import.headings": ["Name", "Head", text],
        "merging.merge.changes": [state | {"after": {"description_en": text}}],
        "contacts.contactlist.snapshot": {"institution/open": [{"head": text}]},
        "contacts.contactlist.query": f"q={quote(text)}&country=TJ",
        "reversion.version.serialized_data": json.dumps(
            [{"model": "cooperation.film", "pk": 1, "fields": {"summary_en": text, "directors": json.dumps([text])}}]
        ),
    }.get(label)


def write_everywhere(names) -> set[str]:
    """Write the names into every column, all of them if they fit, or else one; return the columns."""
    written = set()
    all_of_them = " ".join(f"Then {name} came." for name in names)
    for model in apps.get_models(include_auto_created=True):
        if model._meta.proxy or model._meta.app_label in OF_THE_MACHINE:
            continue
        for field in model._meta.concrete_fields:
            texts = models.CharField | models.TextField | models.JSONField | ArrayField
            if not isinstance(field, texts) or field.choices or field.name in WHOLE_NAMES:
                continue
            label = f"{model._meta.label_lower}.{field.name}"
            for row, name in zip(model._base_manager.order_by("-pk"), names, strict=False):
                slug = re.sub(r"[\W_]+", ".", name.lower()).strip(".")
                for text in (
                    all_of_them,
                    f"Then {name} came",
                    name,
                    f"{slug}@example.org",
                    f"https://example.org/{slug}",
                    f"/{slug}/",
                ):
                    value = shapes(label, text)
                    if value is None:
                        value = [text] if isinstance(field, ArrayField) else text
                        value = {"a": [text]} if isinstance(field, models.JSONField) else value
                    try:
                        with transaction.atomic():
                            model._base_manager.filter(pk=row.pk).update(**{field.name: value})
                            connection.check_constraints()
                    except Error:
                        continue
                    written.add(label)
                    break
    return written


def places_that_name():
    """Return every column of every table that contains a name."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns JOIN information_schema.tables"
            " USING (table_schema, table_name) WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'"
        )
        for table, column in cursor.fetchall():
            cursor.execute(f'SELECT "{column}"::text FROM "{table}" WHERE "{column}" IS NOT NULL')  # noqa: S608
            for (text,) in cursor.fetchall():
                plain = unquote(text.replace("+", " "))
                if NAMED.search(plain.casefold()):
                    found.setdefault(f"{table}.{column}", text)
    for session in Session.objects.all():
        if NAMED.search(str(session.get_decoded()).casefold()):
            found["django_session.session_data"] = str(session.get_decoded())
    return found


@pytest.mark.parametrize("start", [0, 5])
def test_name_in_any_spelling_leaves_every_column(anna, full, start):
    names = list(itertools.islice(itertools.cycle(SPELLINGS), start, start + len(SPELLINGS)))
    session = SessionStore()
    session["my_list"] = ["person/tj-anna-berg", "institution/tj-open-studio"]
    session["note"] = [f"{names[0]} was changed."]
    session.save()
    written = write_everywhere(names)
    assert {
        *("intake.importrow.cells", "intake.importrow.errors", "intake.import.file_name", "intake.import.headings"),
        *("corrections.correction.wrong", "contacts.contactlist.query", "contacts.contactlist.snapshot"),
        "contacts.contactlist.name",
        *("institutions.institution.description_ru", "sources.source.title"),
        *("cooperation.film.directors", "cooperation.participation.name", "institutions.institutioncontact.value"),
        *("admin.logentry.change_message", "reversion.version.serialized_data", "reversion.revision.comment"),
        *("intake.rememberedword.word", "merging.merge.changes", "institutions.institutioncontact.department"),
    } <= written
    assert "intake_importrow.cells" in places_that_name()

    withhold(anna, reason="letter")

    may_stand = set().union(*MAY_STAND.values())
    assert {place: text for place, text in places_that_name().items() if place not in may_stand} == {}
    assert SessionStore(session.session_key)["my_list"] == ["institution/tj-open-studio"]


def test_others_keep_their_names_and_bodies_that_are_named_after_somebody(anna):
    namesake = create_person(name_en="Anna Berg", key="kz-anna-berg")
    museum = create_institution(name_en="Anna Berg Museum", description_en="Anna Bergman led it.")

    withhold(anna, reason="letter")

    museum.refresh_from_db()
    namesake.refresh_from_db()
    assert (museum.name_en, museum.description_en) == ("Anna Berg Museum", "Anna Bergman led it.")
    assert (namesake.name_en, namesake.withheld) == ("Anna Berg", False)


def test_spelling_that_becomes_known_later_is_taken_out_as_well(client, anna):
    withhold(anna, reason="letter")
    create_film(directors=["Ганна Берг", "Olga Lang"], summary_en="By Ганна Берг.")
    client.force_login(create_editor(username="second"))

    save(client, page(Person, "change", anna.pk), name_native="Ганна Берг", native_language="be")

    assert {(*film.directors, film.summary_en) for film in Film.objects.all()} == {("Olga Lang", "By ….")}


def test_spreadsheet_sent_later_does_not_keep_the_name(client, anna):
    withhold(anna, reason="letter")
    client.force_login(create_editor())
    for name in SPELLINGS:
        content = csv_bytes("name (en);kind;country;head;Extra", f'Studio;studio;TJ;"{name}";"Call {name}"')

        send(client, content, name=f"{name}.csv")

        row = ImportRow.objects.latest("pk")
        assert (row.cells[3:], row.faults) == (["…", "Call …"], {"3": "withheld", "4": "withheld"}), name
    assert set(places_that_name()) <= set().union(*MAY_STAND.values())


def test_name_in_two_cells_of_a_spreadsheet_is_known(client, anna):
    withhold(anna, reason="letter")
    client.force_login(create_editor())

    send(client, csv_bytes("name (en);Фамилия;Имя;Отчество", "Studio;Берг;Анна;", "Other;Berg;Ivan;"))

    assert [row.cells[1:3] for row in ImportRow.objects.all()] == [["…", "…"], ["Berg", "Ivan"]]


# The list outlives the database --------------------------------------------------------------------------------------


@pytest.fixture
def list_file(tmp_path):
    """List of a directory in which a person of the data set is withheld; the directory is then emptied."""
    load_directory(VALID)
    withhold(Person.objects.get(key="az-anna-testova"), reason="letter", note="Letter of 3 May.")
    call_command("write_withheld", tmp_path / "withheld.json", verbosity=0)
    empty()
    return tmp_path / "withheld.json"


def empty():
    tables = [model._meta.db_table for model in apps.get_models() if model._meta.app_label in
              {"people", "institutions", "cooperation", "sources"} and not model._meta.proxy]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")


def test_list_is_for_its_owner_only_and_says_what_is_needed(list_file):
    assert list_file.stat().st_mode & 0o777 == 0o600
    (entry,) = json.loads(list_file.read_text("utf-8"))
    assert (entry["key"], entry["name_en"], entry["reason"], entry["note"]) == (
        *("az-anna-testova", "Anna Testova"),
        *("letter", "Letter of 3 May."),
    )


@pytest.mark.parametrize("way", ["fixtures", "directory"])
def test_nothing_brings_back_who_is_on_the_list(list_file, tmp_path, way):
    folder = tmp_path / "fixtures"
    write_fixtures(folder, VALID)
    Film.objects.all().delete()
    before = json.loads(list_file.read_text("utf-8"))

    call_command("load_withheld", list_file, verbosity=0)
    load_fixtures(folder) if way == "fixtures" else load_directory(VALID)

    assert [person.key for person in Person.objects.filter(withheld=False)] == ["az-boris-probin"]
    person = Person.objects.get(withheld=True)
    assert not person.positions.exists()
    assert not person.participations.exists()
    assert withheld_list() == before
    names = WithheldNames.read()
    assert not any(names.are_named_in([film.directors, film.summary_en]) for film in Film.objects.all())
    assert not any(names.are_named_in(source.title) for source in Source.objects.all())


def test_list_withholds_who_came_in_before_it(list_file):
    load_directory(VALID)

    call_command("load_withheld", list_file, verbosity=0)
    call_command("load_withheld", list_file, verbosity=0)

    assert [person.key for person in Person.objects.withheld()] == ["az-anna-testova"]
    assert not Person.objects.get(key="az-anna-testova").positions.exists()


@pytest.mark.parametrize("text", ["", "{}x", '["a"]', '[{"key": "a"}]', "5"])
def test_file_that_is_no_list_is_refused(tmp_path, text):
    (tmp_path / "list.json").write_text(text)

    with pytest.raises(CommandError, match=r"list\.json: "):
        call_command("load_withheld", tmp_path / "list.json")
    assert not Person.objects.exists()
