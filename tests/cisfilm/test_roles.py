"""Tests of the roles of PostgreSQL, as which statements are really run, and of the notes of commands that ran."""

import os

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction

import manage
from cisfilm.models import CommandRun
from cisfilm.roles import owned_tables, reader_rights, tables, wrong_rights
from editors.accounts import audit
from editors.accounts.models import AuditEvent, AuditLine
from search.rebuilding import rebuild_changed
from tests.factories import create_institution

pytestmark = pytest.mark.django_db

# The processes of a run share a server.
SITE, READER = (f"{name}_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}" for name in ("test_site", "test_reader"))


@pytest.fixture
def act_as():
    """Return a function that changes the role of the connection; both roles vanish with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {SITE}")
        cursor.execute(f"CREATE ROLE {READER}")
        # As an earlier release may have done.
        cursor.execute(f"GRANT ALL ON accounts_auditline TO {SITE}")
    call_command("grant_roles", site=SITE, reader=READER, verbosity=0)

    def act(role):
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL ROLE {role}")

    return act


def is_refused(statement):
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except ProgrammingError as error:
        return "permission denied" in str(error) or "must be owner" in str(error)
    return False


def test_site_adds_audit_lines_and_can_change_none_of_them(act_as):
    act_as(SITE)
    audit.write(AuditEvent.LOGGED_IN, about="anna")

    assert AuditLine.objects.get().about == "anna"
    assert [
        statement
        for statement in (
            "UPDATE accounts_auditline SET about = ''",
            "DELETE FROM accounts_auditline",
            "TRUNCATE accounts_auditline",
            "ALTER TABLE accounts_auditline DISABLE TRIGGER ALL",
            "DROP TRIGGER auditline_only_added ON accounts_auditline",
            "UPDATE django_migrations SET name = ''",
            "CREATE TABLE stray (id int)",
            "SET LOCAL session_replication_role = replica",
        )
        if not is_refused(statement)
    ] == []


def test_site_does_its_work_with_rows_only(act_as):
    act_as(SITE)
    studio = create_institution()
    rebuild_changed()
    studio.delete()
    call_command("purge", verbosity=0)

    assert (wrong_rights(), owned_tables()) == ({}, 0)


def test_reader_sees_no_secrets_and_writes_nothing(act_as):
    create_institution()
    hidden = {table for table in tables() if not reader_rights(table)}
    act_as(READER)

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM institutions_institution")
        assert cursor.fetchone() == (1,)
    assert {"auth_user", "django_session", "mfa_authenticator", "contacts_contactlist", "shared_cache"} < hidden
    assert [table for table in hidden if not is_refused(f"SELECT FROM {table}")] == []
    assert is_refused("DELETE FROM institutions_institution")
    assert "UPDATE" in {right.strip("-") for right in wrong_rights()}


def test_unknown_role_is_named():
    with pytest.raises(CommandError, match='role "nobody_at_all" does not exist'):
        call_command("grant_roles", site="nobody_at_all", reader=READER)


def test_runs_of_scheduled_commands_are_noted(monkeypatch, tmp_path):
    def run(*arguments):
        monkeypatch.setattr("sys.argv", ["manage.py", *arguments])
        monkeypatch.setattr("django.core.management.base.connections.close_all", lambda: None)
        manage.main()

    run("rebuild_search", "--changed")
    with pytest.raises(SystemExit):
        run("write_withheld", "--help")
    with pytest.raises(NotADirectoryError):
        run("write_withheld", "/dev/null/nowhere")
    with pytest.raises(SystemExit):
        run("harvest", "no-such-register")
    run("showmigrations", "--plan", "-v0", "cisfilm")

    runs = {run.command: (run.succeeded_at is not None, run.has_failed) for run in CommandRun.objects.all()}
    assert runs == {"rebuild_search": (True, False), "write_withheld": (False, True), "harvest": (False, True)}
