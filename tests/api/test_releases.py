"""Tests of open-data releases: read by others' programs, compared with each other, and without those who left."""

import hashlib
import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import date
from io import StringIO

import extruct
import pandas
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from frictionless import Package
from pyld import jsonld

from api.releases.releases import releases_in, write_release
from api.resources import resources
from editors.withholding.withhold import withhold
from records.keys import MergedKey
from tests.api.walking import walk
from tests.factories import create_institution, create_participation, create_person, create_position
from tests.rich_records import (
    create_rich_country,
    create_rich_event,
    create_rich_film,
    create_rich_institution,
    create_rich_person,
    create_rich_programme,
)

pytestmark = pytest.mark.django_db

FIRST, SECOND = date(2026, 11, 1), date(2026, 12, 1)


@pytest.fixture
def studio():
    """Everything that a record can have, around one institution."""
    studio = create_rich_institution(country=create_rich_country(), identifiers={"wikidata": "Q1", "inn": "012345678"})
    create_rich_person(institution=studio)
    create_rich_programme(institution=studio)
    create_rich_event(institution=studio)
    create_rich_film(institution=studio)
    return studio


def run(command, *arguments):
    call_command(command, *map(str, arguments), stdout=StringIO())


def content(release):
    return {path.name: path.read_bytes() for path in release.folder.iterdir()}


def has_right_sums(release):
    files = content(release)
    lines = files.pop("SHA256SUMS").decode().splitlines()
    return lines == [f"{hashlib.sha256(files[name]).hexdigest()}  {name}" for name in sorted(files)]


def records(release, name):
    return [json.loads(line) for line in release.find(f"{name}.jsonl").read_text("utf-8").splitlines()]


def changes(release):
    return json.loads(release.find("changes.json").read_bytes())


def without_today(found):
    return {name: value for name, value in found.items() if name not in ("freshness", "is_over", "certainty")}


def test_a_release_holds_what_programs_are_told(client, studio, tmp_path):
    release = write_release(tmp_path, FIRST)

    for name in resources().keys() - {"changes"}:
        found = records(release, name)
        listed = walk(client, f"{name}?ever=true" if name in ("people", "positions") else name)
        assert {one["id"] for one in listed} <= {one["id"] for one in found}, name
        assert listed, name
        for one in found:
            told = client.get(f"/api/v1/{name}/{one['id']}").content
            assert one == json.loads(told, object_hook=without_today)


def test_other_programs_read_a_release(studio, tmp_path, settings):
    settings.DATA_LICENCE_NAME, settings.DATA_LICENCE_URL = "ODbL 1.0", "https://opendatacommons.org/licenses/odbl/1-0/"
    release = write_release(tmp_path, FIRST)

    assert has_right_sums(release)
    named = {name for name, text in content(release).items() if b"ODbL 1.0" in text and name != "cisfilm.sqlite"}
    assert named == {"README.txt", "datapackage.json", "metadata.json", "popolo.json", "changes.json"}
    package = Package(str(release.find("datapackage.json")))
    report = package.validate()
    assert report.valid, report.flatten(["type", "message"])
    tables = {one.name: pandas.read_csv(release.folder / one.path, dtype={"value": str}) for one in package.resources}
    assert all(len(table) for table in tables.values())
    [row] = tables["institutions"].query("id == @studio.key").to_dict("records")
    assert row["name_en"] == studio.name_en
    assert row["name_native"] == studio.name_native
    assert row["services"] == "sound-stages; dubbing"
    assert dict(zip(tables["identifiers"]["scheme"], tables["identifiers"]["value"], strict=True)) == studio.identifiers

    with closing(sqlite3.connect(release.find("cisfilm.sqlite"))) as database:
        ask = lambda sql, *values: database.execute(sql, values).fetchall()  # noqa: E731
        assert ask("PRAGMA foreign_key_check") == []
        counted = {name: ask(f"SELECT count(*) FROM {name}")[0][0] for name in tables}  # noqa: S608
        assert counted == {name: len(table) for name, table in tables.items()}
        assert ("institutions", studio.key) in ask("SELECT list, id FROM search WHERE search MATCH 'tajikfilm'")
        assert ask("SELECT text FROM about WHERE name = 'licence'") == [("ODbL 1.0",)]
        assert ask("SELECT DISTINCT institution_en FROM posts_with_names WHERE person_en = 'Anna Berg'")
        plan = ask("EXPLAIN QUERY PLAN SELECT * FROM contacts WHERE institution_id = 'x'")
        assert "contacts_by_institution_id" in str(plan)


def test_popolo_refers_to_its_own_records(studio, tmp_path):
    found = json.loads(write_release(tmp_path, FIRST).find("popolo.json").read_bytes())

    people = {person["id"]: person for person in found["persons"]}
    organizations = {one["id"]: one for one in found["organizations"]}
    assert all(one["name"] for one in [*people.values(), *organizations.values()])
    assert {one["person_id"] for one in found["memberships"]} <= people.keys()
    assert {one["organization_id"] for one in found["memberships"] if "organization_id" in one} <= organizations.keys()
    one = organizations[studio.key]
    assert one["classification"] == "studio"
    assert one["founding_date"] == "1930"
    assert one["parent_id"] in organizations
    assert {"scheme": "wikidata", "identifier": "Q1"} in one["identifiers"]
    assert all({"type", "value"} <= contact.keys() for contact in one["contact_details"])
    assert all(source["url"] for source in one["sources"])


@pytest.mark.server
def test_datasette_serves_a_release(studio, tmp_path):
    release = write_release(tmp_path, FIRST)
    ask = [sys.executable, "-m", "datasette", "cisfilm.sqlite", "-m", "metadata.json", "--get"]
    ask.append("/cisfilm/search.json?words=tajikfilm&_shape=array")
    said = subprocess.run(ask, cwd=release.folder, check=True, capture_output=True).stdout

    assert {"list": "institutions", "id": studio.key, "name": "Tajikfilm"} in json.loads(said)


def test_the_same_data_are_the_same_bytes(studio, tmp_path):
    first = write_release(tmp_path / "one", FIRST)

    run("write_release", tmp_path / "two", "--day", FIRST)

    [second] = releases_in(tmp_path / "two")
    assert content(second) == content(first)
    create_institution(name_en="Later")
    with pytest.raises(CommandError, match="never overwritten"):
        run("write_release", tmp_path / "two", "--day", FIRST)
    assert content(second) == content(first)
    assert [path.name for path in (tmp_path / "two").iterdir()] == ["2026-11-01"]


def test_a_release_says_what_changed(tmp_path):
    kept, doubled, closed = (create_institution(name_en=name) for name in ("Kept", "Doubled", "Closed"))
    leaving, deleted, merged = (create_person(name_en=f"{name} Person") for name in ("Wanderer", "Deleted", "Merged"))
    post = create_position(person=leaving, institution=kept)
    assert changes(write_release(tmp_path, FIRST))["changes"] == {}

    kept.founded = "1930"
    kept.save()
    doubled.delete()
    MergedKey.objects.create(record_kind="institution", key=doubled.key, record_key=kept.key)
    type(closed).objects.filter(pk=closed.pk).update(publication_state="archived")
    new = create_institution(name_en="New")
    withhold(leaving, reason="letter")
    deleted.delete()
    merged.delete()
    other = create_person(name_en="Other Person")
    MergedKey.objects.create(record_kind="person", key=merged.key, record_key=other.key)
    release = write_release(tmp_path, SECOND)

    found = changes(release)
    assert found["since"] == "2026-11-01"
    assert found["changes"]["institutions"] == {
        "added": [new.key],
        "changed": {kept.key: ["founded", "positions"]},
        "removed": [closed.key],
        "merged": {doubled.key: kept.key},
        "withheld": 0,
    }
    assert found["changes"]["people"] == {
        "added": [other.key],
        "changed": {},
        "removed": [],
        "merged": {merged.key: other.key},
        "withheld": 2,
    }
    assert found["changes"]["positions"]["withheld"] == 1
    assert b"wanderer" not in b"".join(content(release).values()).lower()
    assert post.pk not in found["changes"]["positions"]["removed"]


def test_withheld_people_leave_older_releases(tmp_path):
    studio = create_institution(name_en="Studio")
    leaving, namesake = create_person(name_en="Leaving Wanderer"), create_person(name_en="Staying Person")
    for person in (leaving, namesake):
        create_position(person=person, institution=studio)
    event = create_participation(person=leaving).event
    create_participation(event=event, institution=studio, name="Leaving Wanderer")
    film = create_rich_film(institution=studio)
    type(film).objects.filter(pk=film.pk).update(
        directors=["Leaving Wanderer", "Someone Else"], summary_en="By Leaving Wanderer and others."
    )
    first = write_release(tmp_path, FIRST)
    create_person(name_en="Newcomer Person")
    write_release(tmp_path, SECOND)
    assert b"Wanderer" in first.find("cisfilm.sqlite").read_bytes()

    withhold(leaving, reason="letter")
    run("rewrite_releases", tmp_path)

    found = releases_in(tmp_path)
    assert [release.day for release in found] == [SECOND, FIRST]
    for release in found:
        files = content(release)
        assert [name for name, text in files.items() if b"wanderer" in text.lower()] == []
        assert b"Staying Person" in files["people.csv"]
        assert [len(one["positions"]) for one in records(release, "institutions") if one["id"] == studio.key] == [1]
        assert has_right_sums(release)
    assert changes(found[0])["changes"]["people"]["added"] == ["newcomer-person"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["2026-11-01", "2026-12-01"]


def words_of(url, options):
    """Return an empty vocabulary: the context of the page names all itself, so that no test asks another host."""
    raise AssertionError(url)


def test_the_page_lists_releases(client, tmp_path, settings):
    page = client.get("/data/")
    assert "There are no releases yet." in page.text
    create_institution()
    settings.RELEASES_DIR = str(tmp_path)
    release = write_release(tmp_path, FIRST)
    write_release(tmp_path, SECOND)
    (tmp_path / "secret.txt").write_text("secret")

    page = client.get("/data/")
    assert page["Cache-Control"] == "no-cache"
    assert page.text.index("/data/2026-12-01/people.csv") < page.text.index("/data/2026-11-01/people.csv")
    assert "CISFilm, release of 2026-12-01" in page.text
    assert "Открытые данные" in client.get("/ru/data/").text
    response = client.get("/data/2026-11-01/institutions.csv")
    assert b"".join(response.streaming_content) == release.find("institutions.csv").read_bytes()
    assert response["Content-Type"] == "text/csv"
    response = client.get("/data/2026-11-01/cisfilm.sqlite")
    assert response["Content-Type"] == "application/vnd.sqlite3"
    response.close()
    for path in (
        "2026-11-01/nothing.csv",
        "2026-11-01/..",
        "../secret.txt",
        "2026-11-01/%2e%2e%2fsecret.txt",
        "./secret.txt",
    ):
        assert client.get(f"/data/{path}").status_code in (301, 404), path

    [block] = extruct.extract(page.text, syntaxes=["json-ld"])["json-ld"]
    [dataset] = [one for one in jsonld.expand(block, {"documentLoader": words_of}) if one["@id"].endswith("/data/")]
    assert dataset["@type"] == ["https://schema.org/Dataset", "http://www.w3.org/ns/dcat#Dataset"]
    [licence] = dataset["http://purl.org/dc/terms/license"]
    assert licence["@id"] == settings.DATA_LICENCE_URL
    assert len(dataset["http://www.w3.org/ns/dcat#distribution"]) == len(content(release))
