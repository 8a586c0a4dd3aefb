"""Tests of backups by PostgreSQL's own programs: written, damaged, rehearsed and brought back."""

import io
import json
import shutil

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from cisfilm.backups import backups_in, scratch_database
from editors.accounts import audit
from editors.accounts.models import AuditEvent, AuditLine
from editors.withholding.kept_outside import write_list
from editors.withholding.withhold import withhold
from people.models import Person
from search.rebuilding import rebuild_changed
from tests import databases
from tests.factories import create_institution, create_person, create_position

pytestmark = pytest.mark.server


@pytest.fixture
def folder(settings, tmp_path):
    """Folder of backups, beside which the list of withheld people is kept."""
    settings.WITHHELD_LIST = str(tmp_path / "withheld.json")
    settings.BACKUP_FOLDER = str(tmp_path / "backups")
    (tmp_path / "backups").mkdir()
    return tmp_path / "backups"


@pytest.fixture
def elsewhere(transactional_db):
    """Use another database from when the function is called."""
    own = connection.settings_dict["NAME"]
    with scratch_database() as empty:
        yield lambda: databases._use(empty)
        connection.close()
        databases._use(own)


def run(command, *arguments, **options):
    output = io.StringIO()
    call_command(command, *arguments, stdout=output, stderr=output, **options)
    return output.getvalue()


def test_backup_comes_back_whole_without_those_withheld_since(folder, elsewhere, settings):
    studio = create_institution(name_en="Qazaqfilm")
    for name in ("Anna Berg", "Aigul Sarybay"):
        create_position(person=create_person(slug=name.split()[0].lower(), name_en=name), institution=studio)
    audit.write(AuditEvent.LOGGED_IN, about="anna")
    assert rebuild_changed() > 0
    told = run("back_up")
    [backup] = backups_in(folder)
    assert told.startswith(f"{backup}: ")
    assert [oct(path.stat().st_mode & 0o777) for path in (backup / "database.dump", backup)] == ["0o600", "0o750"]
    assert "came back whole" in run("rehearse_restore")
    withhold(Person.objects.get(slug="anna"), reason="letter")

    elsewhere()
    settings.SECRET_KEY = "another"
    told = run("restore", backup)

    assert "1 people withheld since then" in told
    assert "SECRET_KEY is another one" in told
    assert list(Person.objects.withheld().values_list("slug", "positions")) == [("anna", None)]
    assert Person.objects.search("aigul").get().positions.count() == 1
    with pytest.raises(IntegrityError, match="only ever added"), transaction.atomic():
        AuditLine.objects.filter(about="anna").delete()
    with pytest.raises(CommandError, match="is not empty: it has"):
        run("restore", backup)


def test_damaged_backup_is_refused_and_names_what_differs(folder, transactional_db):
    create_institution()
    run("back_up")
    [backup] = backups_in(folder)
    manifest = json.loads((backup / "manifest.json").read_text())
    assert (manifest["tables"]["institutions_institution"][0], len(manifest["dump_sha256"])) == (1, 64)

    def rehearse_with(damage):
        copy = folder.parent / "copy" / backup.name
        shutil.copytree(backup, copy)
        damage(copy)
        with pytest.raises(CommandError) as raised:
            run("rehearse_restore", copy)
        shutil.rmtree(copy)
        return str(raised.value)

    def write(copy, **changes):
        (copy / "manifest.json").write_text(json.dumps(manifest | changes))

    def flip(copy):
        with (copy / "database.dump").open("r+b") as dump:
            dump.seek(5000)
            dump.write(bytes([dump.read(1)[0] ^ 255]))

    tables = manifest["tables"]
    gone = tables | {"institutions_institution": [2, "0"]}
    other = tables | {"institutions_institution": [1, "7"]}
    untied = {name: code for name, code in manifest["triggers"].items() if "auditline" not in name}
    assert "was changed or damaged" in rehearse_with(flip)
    assert "another size" in rehearse_with(lambda copy: (copy / "database.dump").write_bytes(b""))
    assert "is no backup" in rehearse_with(lambda copy: (copy / "manifest.json").write_text("{"))
    assert "institutions_institution has 1 rows instead of 2" in rehearse_with(lambda copy: write(copy, tables=gone))
    assert "rows of institutions_institution differ" in rehearse_with(lambda copy: write(copy, tables=other))
    assert "trigger accounts_auditline" in rehearse_with(lambda copy: write(copy, triggers=untied))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_database WHERE datname LIKE '%%rehearsal%%'")
        assert cursor.fetchone() == (0,)


def test_oldest_backups_leave_once_a_new_one_is_whole(folder, transactional_db, monkeypatch):
    for day in (1, 2, 3):
        (folder / f"2020-01-0{day}T000000Z").mkdir()
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setenv("DATABASE_URL", "set")
    with pytest.raises(CommandError, match="pg_dump can't be run"):
        run("back_up", keep=2)
    assert len(list(folder.iterdir())) == 3
    monkeypatch.undo()

    run("back_up", folder, keep=2)

    assert [place.name[:4] == "2020" for place in backups_in(folder)] == [True, False]
    assert len(list(folder.iterdir())) == 2


def test_list_keeps_people_whom_an_older_database_does_not_know(folder, transactional_db, settings):
    person = create_person()
    withhold(person, reason="letter")
    Person.objects.all().delete()

    write_list(folder.parent / "withheld.json")
    settings.WITHHELD_LIST = ""
    with pytest.raises(CommandError, match="--without-list"):
        run("restore", folder)

    assert [entry["key"] for entry in json.loads((folder.parent / "withheld.json").read_text())] == [person.key]
