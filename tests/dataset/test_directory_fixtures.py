"""Tests of the fixtures in the repository: they hold the data set, fit the models and are reproducible."""

from io import StringIO

import pytest
import yaml
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils.html import escape

from cooperation.models import Event, Film, Participation
from dataset.directory_fixtures import FIXTURES, fixture_path, load_fixtures, write_fixtures
from dataset.directory_load import DATA_FILES, DATA_FOLDER
from institutions.models import Country, Institution, Programme
from people.models import Person, Position
from records.models import PastSlug, Source
from search.models import ChangedRecord
from tests.data_sets import VALID
from tests.search_words import assert_words_are_true

pytestmark = pytest.mark.django_db


# The template of such tests is filled by load_fixtures.
of_the_fixtures = pytest.mark.real_data


@of_the_fixtures
def test_fixtures_hold_as_many_records_as_the_data_set():
    expected = {
        data_file.kind: len(yaml.safe_load((DATA_FOLDER / data_file.name).read_text("utf-8"))[data_file.kind])
        for data_file in DATA_FILES
        if data_file.kind not in ("countries", "contact_points")
    }

    found = {
        model._meta.verbose_name_plural: model.objects.published().count()
        for model in (Institution, Person, Programme, Film, Event)
    }

    assert found == expected
    assert Country.objects.listed().count() == 12


@of_the_fixtures
def test_fixtures_leave_no_stale_words():
    assert not ChangedRecord.objects.exists()
    assert_words_are_true()


@of_the_fixtures
def test_everything_in_the_fixtures_is_valid():
    for models_of_file in FIXTURES.values():
        for model, _ in models_of_file:
            # The database itself held references, uniqueness and constraints when it took the rows.
            references = [field.name for field in model._meta.fields if field.is_relation]
            for record in model.objects.all():
                record.clean_fields(exclude=references)
                record.clean()


@of_the_fixtures
def test_nothing_changes_when_the_data_set_is_loaded_after_the_fixtures():
    output = StringIO()

    call_command("load_directory", stdout=output)

    assert output.getvalue().endswith("nothing changed\n")


def test_writing_the_fixtures_gives_the_same_bytes_and_leaves_the_database_alone(tmp_path):
    Country.objects.create(code="AZ", cis_status="member")
    Institution.objects.create(key="az-mine", kind="studio", country_id="AZ", name_en="Mine")

    write_fixtures(tmp_path)

    for name in FIXTURES:
        assert fixture_path(name, tmp_path).read_bytes() == fixture_path(name).read_bytes(), name
    assert list(Institution.objects.values_list("key", flat=True)) == ["az-mine"]


def test_djangos_own_loader_reads_the_fixtures_alike(tmp_path):
    write_fixtures(tmp_path, VALID)
    with transaction.atomic():
        load_fixtures(tmp_path)
        expected = snapshot()
        transaction.set_rollback(True)

    call_command("loaddata", *(fixture_path(name, tmp_path) for name in FIXTURES), verbosity=0)

    assert snapshot() == expected
    assert expected["institutions.Institution"] == 2


def snapshot() -> dict[str, int]:
    """Return the number of rows of each table, including tables of many-to-many relations."""
    return {
        model._meta.label: model._base_manager.count()
        for label in ("sources", "institutions", "people", "cooperation")
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
        if model is not PastSlug
    }


def test_fixtures_are_refused_where_records_are():
    Source.objects.create(url="https://example.org", title="Example")

    with pytest.raises(CommandError, match="only loaded into an empty one"):
        call_command("load_fixtures", verbosity=0)


# Everybody and everything that the round table of Lachin named in November 2025, with which the directory began.
ROUND_TABLE = "cis-film-production-round-table-lachin-2025"
MODERATOR = "az-azer-aydemir"
SPEAKERS = [
    *("az-masim-mammadov", "az-farid-jafarov", "int-tair-iksanov", "az-rovshan-muradov", "az-gurban-pirimov"),
    *("az-amil-mamibayli", "az-ali-sattar-guliyev", "by-svetlana-semashko", "kg-rabiyya-mirlanova"),
    *("ru-yekaterina-svirina", "tj-akmal-abdullozoda", "uz-mannob-kuchkarov"),
]
NAMED = [
    *((Event, key) for key in [ROUND_TABLE]),
    *((Film, key) for key in ["molla-nasreddin-my-friend-in-difficult-days"]),
    *((Person, key) for key in [MODERATOR, *SPEAKERS]),
    *(
        (Institution, key)
        for key in (
            *("az-hocazfilm", "az-arka", "az-nizami-cinema-center", "az-ministry-of-culture", "az-national-assembly"),
            *("az-film-industry-development-fund", "kg-kyrgyzfilm", "ru-roskino", "tj-tajikfilm"),
            *("uz-cinematography-agency", "int-ifesco"),
        )
    ),
    *(
        (Programme, key)
        for key in (
            *("az-cash-rebate", "az-state-commissioned-films", "az-cis-coproduction-support", "az-cis-script-labs"),
            *("az-cis-young-filmmakers-exchange", "az-cis-regional-film-forums", "az-lachin-location"),
        )
    ),
]


@of_the_fixtures
def test_round_table_of_lachin_is_there_with_pages_and_sources(client):
    for model, key in NAMED:
        record = model.objects.published().get(key=key)
        assert record.record_sources.exists(), key
        page = client.get(record.get_absolute_url())
        assert page.status_code == 200, key
        assert escape(record.name_en) in page.content.decode(), key


@of_the_fixtures
def test_round_table_of_lachin_had_its_moderator_and_speakers():
    participations = Participation.objects.public().filter(event__key=ROUND_TABLE)

    assert list(participations.filter(role="moderator").values_list("person__key", flat=True)) == [MODERATOR]
    assert sorted(participations.filter(role="speaker").values_list("person__key", flat=True)) == sorted(SPEAKERS)


@of_the_fixtures
def test_representatives_of_the_bodies_at_the_round_table_hold_their_posts():
    posts = Position.objects.public().current()

    assert set(
        posts.filter(person__key__in=[MODERATOR, *SPEAKERS], institution__isnull=False).values_list(
            "person__key", "institution__key"
        )
    ) >= {
        ("az-azer-aydemir", "az-film-industry-development-fund"),
        ("az-farid-jafarov", "az-ministry-of-culture"),
        ("int-tair-iksanov", "int-ifesco"),
        ("az-rovshan-muradov", "az-national-assembly"),
        ("az-gurban-pirimov", "az-arka"),
        ("az-amil-mamibayli", "az-hocazfilm"),
        ("az-ali-sattar-guliyev", "az-nizami-cinema-center"),
        ("kg-rabiyya-mirlanova", "kg-kyrgyzfilm"),
        ("ru-yekaterina-svirina", "ru-roskino"),
        ("tj-akmal-abdullozoda", "tj-tajikfilm"),
        ("uz-mannob-kuchkarov", "uz-cinematography-agency"),
    }
