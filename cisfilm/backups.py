"""Backups: a dump of the database, and what proves that it came back whole.

A backup is a folder named after its time, with `database.dump` (PostgreSQL's custom format) and `manifest.json`. It is
complete as soon as it has its name. Tables are summed in the same snapshot as they are dumped in.
"""

import hashlib
import json
import os
import secrets
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection
from django.utils.crypto import salted_hmac
from psycopg import sql

from . import devdb

DUMP, MANIFEST = "database.dump", "manifest.json"
NAME_FORMAT = "%Y-%m-%dT%H%M%SZ"
# What the text of a row depends on. The sum does not depend on the order of rows.
SAME_TEXTS = "SET datestyle = 'ISO'; SET timezone = 'UTC'; SET intervalstyle = 'postgres'; SET bytea_output = 'hex'"
SUM_OF_ROWS = "SELECT count(*), coalesce(sum(('x' || left(md5(cisfilm_row::text), 15))::bit(60)::bigint), 0)::text"
TABLES = (
    "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    " AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e') ORDER BY 1"
)
# Without the text of conditions, which PostgreSQL writes in another way when it has read it once more.
TRIGGERS = (
    "SELECT tgrelid::regclass::text || ' ' || tgname, md5(concat_ws(' ', tgenabled, tgtype, tgattr, tgqual IS NULL,"
    " encode(tgargs, 'hex'), tgdeferrable, tginitdeferred, tgoldtable, tgnewtable, pg_get_functiondef(tgfoid)))"
    " FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1"
)


class BackupError(Exception):
    """Raised if a backup can't be written, read or brought back; the message gives the reason."""


@dataclass(frozen=True)
class Backup:
    folder: Path
    manifest: dict[str, Any]

    @property
    def made_at(self) -> datetime:
        return datetime.strptime(self.folder.name, NAME_FORMAT).replace(tzinfo=UTC)

    @property
    def dump(self) -> Path:
        return self.folder / DUMP

    @classmethod
    def read(cls, folder: Path) -> "Backup":
        """Return the backup in the folder. Raise BackupError if it is not whole; the dump is not read yet."""
        try:
            backup = cls(folder.resolve(), json.loads((folder / MANIFEST).read_text("utf-8")))
            if backup.dump.stat().st_size != backup.manifest["dump_bytes"]:
                raise BackupError(f"{backup.dump} has another size than when it was written")
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise BackupError(f"{folder} is no backup: {error}") from error
        return backup

    def check(self):
        """Raise BackupError if the dump is another one than was written."""
        if _sum_of_file(self.dump) != self.manifest["dump_sha256"]:
            raise BackupError(f"{self.dump} was changed or damaged since it was written")


def backups_in(folder: Path) -> list[Path]:
    """Return the folders of all complete backups, the oldest first."""
    return sorted(place for place in folder.glob("*T*Z") if place.is_dir() and place.name[0] != ".")


# Writing -------------------------------------------------------------------------------------------------------------


def write_backup(folder: Path, keep: int) -> Backup:
    """Write a backup below the folder, then remove the oldest but `keep`. Raise BackupError, OSError."""
    name = datetime.now(UTC).strftime(NAME_FORMAT)
    draft = folder / f".{name}-{os.getpid()}"
    try:
        draft.mkdir(mode=0o750)
        contents = _dump(draft / DUMP)
        manifest = _origin() | contents
        manifest |= {"dump_bytes": (draft / DUMP).stat().st_size, "dump_sha256": _sum_of_file(draft / DUMP)}
        (draft / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
        for path in [draft / DUMP, draft / MANIFEST, draft]:
            _to_disk(path)
        draft.rename(folder / name)
        _to_disk(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    for outdated in backups_in(folder)[:-keep]:
        shutil.rmtree(outdated)
    return Backup.read(folder / name)


def _dump(file: Path) -> dict[str, Any]:
    with psycopg.connect(**_parameters()) as reading:
        reading.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        (snapshot,) = reading.execute("SELECT pg_export_snapshot()").fetchone()
        # The file before the program, so that nobody else can ever read it.
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        _run("pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={file}")
        return contents_of(reading)


def _origin() -> dict[str, Any]:
    """Return what made the backup: version, commit if there is one, fingerprint of the site's key, server."""
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text("utf-8"))["project"]
    return {
        "release": project["version"],
        "commit": commit(),
        "key_fingerprint": key_fingerprint(),
        "database": connection.settings_dict["NAME"],
        "server_version": connection.pg_version,
    }


def commit() -> str:
    """Return the commit that is checked out, or "" without git."""
    try:
        told = subprocess.run(
            ["git", "-c", "safe.directory=*", "rev-parse", "HEAD"],  # noqa: S607 the one of the PATH
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return ""
    return told.stdout.strip()


def key_fingerprint() -> str:
    """Return a fingerprint of SECRET_KEY: with another key, sessions and secret links don't work any more."""
    return salted_hmac("cisfilm.backups", "fingerprint", algorithm="sha256").hexdigest()[:16]


def contents_of(reading: psycopg.Connection) -> dict[str, Any]:
    """Return the number and sum of the rows of each table, and a sum of each trigger with its function."""
    reading.execute(SAME_TEXTS)
    tables = {}
    for (table,) in reading.execute(TABLES).fetchall():
        query = sql.SQL(SUM_OF_ROWS + " FROM {} AS cisfilm_row").format(sql.Identifier("public", table))
        tables[table] = list(reading.execute(query).fetchone())
    return {"tables": tables, "triggers": dict(reading.execute(TRIGGERS).fetchall())}


# Bringing back -------------------------------------------------------------------------------------------------------


def bring_back(backup: Backup, database: str):
    """Restore the dump into an empty database of the same server, whole or not at all. Raise BackupError."""
    backup.check()
    with psycopg.connect(**_parameters(database)) as target:
        if found := target.execute(TABLES).fetchall():
            raise BackupError(f"The database {database} is not empty: it has {len(found)} tables")
    options = ["--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges", "--no-comments"]
    _run("pg_restore", *options, f"--dbname={database}", str(backup.dump), database=database)
    with psycopg.connect(**_parameters(database)) as target:
        target.execute("ANALYZE")
        if differences := list(_differences(backup.manifest, contents_of(target))):
            raise BackupError("The database came back otherwise than it was: " + "; ".join(differences))


def _differences(then: dict[str, Any], now: dict[str, Any]) -> Iterator[str]:
    for table in sorted(then["tables"].keys() | now["tables"].keys()):
        (rows, total), (rows_now, total_now) = (one["tables"].get(table, (None, "")) for one in (then, now))
        if rows != rows_now:
            yield f"{table} has {rows_now} rows instead of {rows}"
        elif total != total_now:
            yield f"rows of {table} differ"
    for trigger in sorted(then["triggers"].items() ^ now["triggers"].items()):
        yield f"trigger {trigger[0]}"


@contextmanager
def scratch_database() -> Iterator[str]:
    """Create an empty database like the site's for the block; return its name. The role needs CREATEDB."""
    name = f"{connection.settings_dict['NAME']}_rehearsal_{secrets.token_hex(4)}"
    quoted = sql.Identifier(name)
    with psycopg.connect(**_parameters(), autocommit=True) as server:
        collation, letters = server.execute(
            "SELECT datcollate, datctype FROM pg_database WHERE datname = current_database()"
        ).fetchone()
        server.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE {} LC_CTYPE {}").format(
                quoted, collation, letters
            )
        )
        try:
            yield name
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(quoted))


# Files and programs --------------------------------------------------------------------------------------------------


def _parameters(database: str = "") -> dict[str, Any]:
    """Return what psycopg needs to connect: to the site's own database or another one of its server."""
    wanted = {"host", "port", "user", "password", "dbname", "sslmode", "sslrootcert"}
    parameters = {name: value for name, value in connection.get_connection_params().items() if name in wanted}
    return parameters | ({"dbname": database} if database else {})


def _run(program: str, *arguments: str, database: str = ""):
    """Run a program of PostgreSQL, with the login in its environment, where other users can't read it."""
    names = {"dbname": "PGDATABASE", "sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT"}
    login = {names.get(name, f"PG{name.upper()}"): str(value) for name, value in _parameters(database).items() if value}
    # A laptop has the embedded server's programs only. On Debian those of the PATH choose the server's version.
    place = devdb.programs() if "DATABASE_URL" not in os.environ else None
    try:
        subprocess.run(  # noqa: S603 our own arguments, no shell
            [place / program if place else program, *arguments],
            env={name: value for name, value in os.environ.items() if not name.startswith("PG")} | login,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=True,
        )
    except OSError as error:
        raise BackupError(f"{program} can't be run: {error}. Install the client programs of PostgreSQL") from error
    except subprocess.CalledProcessError as error:
        raise BackupError(f"{program} failed: {error.stderr.strip()}") from error


def _sum_of_file(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _to_disk(path: Path):
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
