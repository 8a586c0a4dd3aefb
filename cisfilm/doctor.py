"""What may be wrong with a running site, and the command that mends it: a list of small checks.

`manage.py doctor` runs all of them as the site's own role, and changes nothing.
"""

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.core import checks as system_checks
from django.core.mail import mailers
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from editors.accounts.models import AuditLine
from editors.withholding.kept_outside import unknown_entries, withheld_list
from search.models import ChangedRecord
from web.waiting import database_answers

from .backups import Backup, BackupError, backups_in
from .checks import database_errors
from .models import CommandRun
from .roles import owned_tables, wrong_rights
from .schedule import SCHEDULE

# Settings of the server under which a power cut or time loses data.
SAFE_SETTINGS = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on", "autovacuum": "on"}
LARGEST_CLOCK_ERROR = timedelta(seconds=2)
LEAST_FREE_SHARE = 0.1
# A timer may be late, and a command takes time.
PERIODS_ALLOWED = 2
OWNER = "cisfilm-manage --owner"
SITE = "cisfilm-manage"


class Finding(NamedTuple):
    """A fault, and a command or an instruction that mends it."""

    problem: str
    remedy: str


type Check = Callable[[], Iterator[Finding]]


def server() -> Iterator[Finding]:
    """Version, extensions and letters of the database; these checks run with `migrate`, too."""
    for error in database_errors("default"):
        yield Finding(error.msg, error.hint)
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(SAFE_SETTINGS)])
        for name, value in cursor.fetchall():
            if value != SAFE_SETTINGS[name]:
                command = f"ALTER SYSTEM SET {name} = {SAFE_SETTINGS[name]}"
                remedy = f"runuser -u postgres -- psql -c '{command}' -c 'SELECT pg_reload_conf()'"
                yield Finding(f"PostgreSQL's {name} is {value}: data may be lost", remedy)


def roles() -> Iterator[Finding]:
    if owned := owned_tables():
        remedy = "let DATABASE_URL in /etc/cisfilm/env name the role cisfilm, and that in owner.env its owner"
        yield Finding(f"The site runs as the owner of {owned} tables, so it could change audit lines", remedy)
        return
    for right, tables in wrong_rights().items():
        what = "has" if right.startswith("+") else "lacks"
        names = ", ".join(tables[:3]) + (f" and {len(tables) - 3} more" if len(tables) > 3 else "")
        yield Finding(f"The site's role {what} {right[1:]} on {names}", f"{OWNER} grant_roles")


def migrations() -> Iterator[Finding]:
    executor = MigrationExecutor(connection)
    if plan := executor.migration_plan(executor.loader.graph.leaf_nodes()):
        names = ", ".join(f"{migration.app_label} {migration.name}" for migration, _backwards in plan[:3])
        yield Finding(f"{len(plan)} migrations did not run: {names}", f"{OWNER} migrate && {OWNER} grant_roles")


def triggers() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'O'"
        )
        for table, name in cursor.fetchall():
            remedy = f"runuser -u postgres -- psql cisfilm -c 'ALTER TABLE {table} ENABLE TRIGGER {name}'"
            yield Finding(f"The trigger {name} of {table} is off", remedy)


def words() -> Iterator[Finding]:
    if number := ChangedRecord.objects.count():
        remedy = f"{SITE} rebuild_search --changed"
        yield Finding(f"{number} changes of records wait for their words in the search", remedy)


def timers() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(applied) FROM django_migrations")
        (began,) = cursor.fetchone()
    runs = CommandRun.objects.in_bulk()
    for command, period in SCHEDULE.items():
        run = runs.get(command)
        journal = f"journalctl -u 'cisfilm@{command}' -n 50"
        if run and run.has_failed:
            yield Finding(
                f"{command} failed at {run.failed_at:%F %T} UTC", f"{journal}; systemctl start cisfilm@{command}"
            )
        elif timezone.now() - ((run and run.succeeded_at) or began) > PERIODS_ALLOWED * period:
            last = f"{run.succeeded_at:%F %T} UTC" if run else "never"
            problem = f"{command} last ran {last}; it should run every {period}"
            yield Finding(problem, f"systemctl enable --now cisfilm-{command}.timer; {journal}")


def list_of_withheld() -> Iterator[Finding]:
    if not settings.WITHHELD_LIST:
        yield Finding("Nothing outside the database knows who is withheld", "set WITHHELD_LIST in /etc/cisfilm/env")
        return
    file = Path(settings.WITHHELD_LIST)
    try:
        listed, unknown = file.read_text("utf-8"), unknown_entries(file)
    except (OSError, ValueError) as error:
        yield Finding(f"The list of withheld people can't be read: {error}", f"{SITE} write_withheld")
        return
    if unknown:
        problem = f"{len(unknown)} people of {file} are not withheld in this database"
        yield Finding(problem, f"{SITE} load_withheld {file}")
    if missing := [entry for entry in withheld_list() if f'"key": "{entry["key"]}"' not in listed]:
        yield Finding(f"{len(missing)} withheld people are missing in {file}", f"{SITE} write_withheld")


def mail() -> Iterator[Finding]:
    try:
        with mailers.default:
            pass
    except OSError as error:
        yield Finding(
            f"The mail server does not take mail: {error}", "set EMAIL_HOST and its login in /etc/cisfilm/env"
        )


def disk() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT setting FROM pg_settings WHERE name = 'data_directory'")
        places = [settings.BASE_DIR, settings.BACKUP_FOLDER, *(row[0] for row in cursor.fetchall())]
    seen = set()
    for place in filter(None, map(str, places)):
        # The database may be on another machine.
        if not Path(place).exists() or (device := Path(place).stat().st_dev) in seen:
            continue
        seen.add(device)
        usage = shutil.disk_usage(place)
        if usage.free < usage.total * LEAST_FREE_SHARE:
            yield Finding(
                f"Only {usage.free / 1e9:.1f} GB are free at {place}", f"df -h {place}; journalctl --vacuum-size=200M"
            )


def backups() -> Iterator[Finding]:
    remedy = "systemctl start cisfilm@back_up; journalctl -u cisfilm@back_up -n 50"
    if not settings.BACKUP_FOLDER:
        yield Finding("There are no backups", "set BACKUP_FOLDER in /etc/cisfilm/env, then " + remedy)
        return
    folders = backups_in(Path(settings.BACKUP_FOLDER))
    if not folders:
        yield Finding(f"There is no backup in {settings.BACKUP_FOLDER}", remedy)
        return
    try:
        age = timezone.now() - Backup.read(folders[-1]).made_at
    except BackupError as error:
        yield Finding(f"The newest backup is not whole: {error}", remedy)
        return
    if age > PERIODS_ALLOWED * SCHEDULE["back_up"]:
        yield Finding(f"The newest backup is {age.days} days old", remedy)


def clock() -> Iterator[Finding]:
    remedy = "timedatectl set-ntp true; timedatectl timesync-status"
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        difference = timezone.now() - cursor.fetchone()[0]
    if abs(difference) > LARGEST_CLOCK_ERROR:
        yield Finding(f"The clocks of site and database differ by {difference.total_seconds():.0f} s", remedy)
    newest = [AuditLine.objects.values_list("at", flat=True).first()]
    newest += CommandRun.objects.values_list("succeeded_at", flat=True)
    ahead = max(filter(None, newest), default=timezone.now()) - timezone.now()
    if ahead > LARGEST_CLOCK_ERROR:
        yield Finding(f"The clock went back: something happened {ahead.total_seconds():.0f} s from now", remedy)


def production_settings() -> Iterator[Finding]:
    for message in system_checks.run_checks(include_deployment_checks=True):
        if not message.is_silenced() and message.level >= system_checks.WARNING:
            yield Finding(f"{message.id}: {message.msg}", message.hint or "see env.example")


CHECKS: list[Check] = [
    *(server, migrations, roles, triggers, words, timers, list_of_withheld, backups),
    *(disk, clock, mail, production_settings),
]


def findings() -> Iterator[Finding]:
    """Run all checks; without a database only the finding that it is gone."""
    if not database_answers():
        yield Finding("The database does not answer", "systemctl status postgresql; systemctl restart postgresql")
        return
    for check in CHECKS:
        try:
            yield from check()
        except Error as error:
            yield Finding(
                f"{check.__name__} can't be checked: {error}".strip(), f"{OWNER} migrate && {OWNER} grant_roles"
            )
