"""Tests of the doctor: real faults, planted together, and a site without any."""

import io
import re
import socketserver
import threading
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from cisfilm.models import CommandRun
from cisfilm.schedule import SCHEDULE
from editors.withholding.kept_outside import write_list
from editors.withholding.withhold import withhold
from search.rebuilding import rebuild_changed
from tests.cisfilm.test_roles import SITE, act_as  # noqa: F401
from tests.factories import create_institution, create_person

pytestmark = pytest.mark.django_db

# The server of the tests is in a hurry, and the settings are those of a laptop.
OF_TESTS = ("PostgreSQL's fsync", "PostgreSQL's full_page_writes", "PostgreSQL's synchronous_commit", "security.")
# Tests with a browser leave its environment in their process.
OF_TESTS += ("async.E001",)


class MailServer(socketserver.StreamRequestHandler):
    """As much of SMTP as opens and closes a connection."""

    def handle(self):
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline():
            self.wfile.write(b"221 bye\r\n" if line.startswith(b"QUIT") else b"250 yes\r\n")


@pytest.fixture
def healthy(settings, tmp_path, act_as):  # noqa: F811
    """Site on which everything is as it should be; roles are not changed yet."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), MailServer) as server:
        threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        settings.MAILERS = mailers(server.server_address[1])
        settings.WITHHELD_LIST, settings.BACKUP_FOLDER = str(tmp_path / "withheld.json"), str(tmp_path)
        CommandRun.objects.bulk_create(CommandRun(command=one, succeeded_at=timezone.now()) for one in SCHEDULE)
        write_list(tmp_path / "withheld.json")
        backup = tmp_path / f"{timezone.now():%Y-%m-%dT%H%M%SZ}"
        backup.mkdir()
        (backup / "database.dump").write_bytes(b"12")
        (backup / "manifest.json").write_text('{"dump_bytes": 2}')
        rebuild_changed()
        yield tmp_path
        server.shutdown()


def mailers(port):
    options = {"host": "127.0.0.1", "port": port, "timeout": 5}
    return {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}}


def told(role=SITE):
    """Return what the doctor says as the role: problems with their remedies."""
    output = io.StringIO()
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {role}")
    # The server of the tests has its faults.
    with pytest.raises(SystemExit, match="1"):
        call_command("doctor", stdout=output)
    found = re.findall(r"^\d+\. (.+)\n   -> (.+)$", output.getvalue(), re.MULTILINE)
    return {problem: remedy for problem, remedy in found if not problem.startswith(OF_TESTS)}


def test_nothing_is_found_on_a_healthy_site(healthy):
    assert told() == {}


def test_each_of_many_faults_is_found_with_its_remedy(healthy, settings, monkeypatch):
    withhold(create_person(), reason="letter")
    create_institution()
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT DELETE ON accounts_auditline TO {SITE}")
        cursor.execute(f"REVOKE INSERT ON institutions_institution FROM {SITE}")
        cursor.execute("DELETE FROM django_migrations WHERE app = 'people' AND name LIKE '0002%%'")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE accounts_auditline DISABLE TRIGGER auditline_only_added")
    CommandRun.objects.filter(command="purge").update(failed_at=timezone.now() + timedelta(hours=1))
    CommandRun.objects.filter(command="check_links").update(succeeded_at=timezone.now() - timedelta(days=15))
    CommandRun.objects.filter(command="harvest").update(succeeded_at=timezone.now() + timedelta(hours=2))
    [backup] = healthy.glob("*Z")
    (backup / "database.dump").write_bytes(b"1")
    settings.MAILERS = mailers(1)
    monkeypatch.setattr("cisfilm.doctor.LEAST_FREE_SHARE", 1.01)

    found = told()

    expected = {
        "The site's role has DELETE on accounts_auditline": "cisfilm-manage --owner grant_roles",
        "The site's role lacks INSERT on institutions_institution": "cisfilm-manage --owner grant_roles",
        "migrations did not run: people 0002": "cisfilm-manage --owner migrate",
        "The trigger auditline_only_added of accounts_auditline is off": "ENABLE TRIGGER auditline_only_added",
        "changes of records wait for their words": "cisfilm-manage rebuild_search --changed",
        "purge failed at ": "systemctl start cisfilm@purge",
        "check_links last ran ": "systemctl enable --now cisfilm-check_links.timer",
        "1 withheld people are missing in ": "cisfilm-manage write_withheld",
        "The newest backup is not whole": "systemctl start cisfilm@back_up",
        "GB are free at ": "df -h /",
        "The clock went back: something happened 7": "timedatectl set-ntp true",
        "The mail server does not take mail": "set EMAIL_HOST",
    }
    assert {
        part for part, remedy in expected.items() if not any(part in one and remedy in found[one] for one in found)
    } == set(), found
    assert len(found) >= len(expected)


def test_owner_of_the_tables_lost_list_and_old_or_no_backup_are_found(healthy, settings):
    [backup] = healthy.glob("*Z")
    backup.rename(healthy / "2020-01-01T000000Z")
    (healthy / "withheld.json").unlink()
    problems = " ".join(told("postgres"))

    assert "as the owner of" in problems
    assert "The list of withheld people can't be read" in problems
    assert "The newest backup is 2" in problems
    settings.WITHHELD_LIST = settings.BACKUP_FOLDER = ""
    problems = " ".join(told("postgres"))
    assert "There are no backups" in problems
    assert "Nothing outside the database knows who is withheld" in problems


def test_database_that_is_gone_is_the_only_finding(monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "PORT", "1")

    assert told("none") == {"The database does not answer": "systemctl status postgresql; systemctl restart postgresql"}
