"""Tests of long lists through the real server: little memory, and detectable interruptions."""

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from django.db import ProgrammingError, connection

from exports.file_formats import FORMATS
from institutions.models import Institution
from tests.factories import create_contact, create_institution, create_person, create_position

pytestmark = pytest.mark.django_db(transaction=True)

# More than all buffers between the database and the visitor hold.
LONG_LIST = 30_000


@pytest.fixture
def long_list():
    """Copies of one institution and its contact, created by the database, without notes for the search."""
    institution = create_institution(name_native="Ҷӯра " * 20, native_language="tg")
    create_contact(institution=institution, department="Press " * 20)
    for table, changed in [
        ("institutions_institution", {"key": "key || '-' || n", "slug": "slug || '-' || n", "id": "id + n"}),
        ("institutions_institutioncontact", {"institution_id": "institution_id + n", "id": "id + n"}),
    ]:
        model = next(model for model in [Institution, institution.contacts.model] if model._meta.db_table == table)
        names = [field.column for field in model._meta.concrete_fields]
        columns = ", ".join(f'"{name}"' for name in names)
        values = ", ".join(changed.get(name, f'"{name}"') for name in names)
        with connection.cursor() as cursor:
            copies = f"SELECT {values} FROM {table}, generate_series(1, {LONG_LIST}) n"  # noqa: S608
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute(f"INSERT INTO {table} ({columns}) {copies}")
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@pytest.fixture
def server(tmp_path):
    """Run gunicorn as in the README on the tests' database; return its port."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    there = connection.settings_dict
    address = f"postgres://{there['USER']}@{quote(there['HOST'], safe='')}:{there['PORT'] or 5432}/{there['NAME']}"
    environment = os.environ | {"DATABASE_URL": address, "DEVELOPMENT": "True", "ALLOWED_HOSTS": "127.0.0.1"}
    command = [sys.executable, "-m", "gunicorn", "cisfilm.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "1"]
    command += ["--worker-class", "gthread", "--threads", "4", "--no-control-socket"]
    with (
        (tmp_path / "log").open("wb") as log,
        subprocess.Popen(command, env=environment, stdout=log, stderr=log) as process,
    ):
        try:
            for _ in range(200):
                with contextlib.suppress(OSError):
                    socket.create_connection(("127.0.0.1", port)).close()
                    break
                time.sleep(0.1)
            yield process, port
        finally:
            process.terminate()


@pytest.fixture
def ask(server):
    """Request a path from the server; the test reads the response."""
    with contextlib.ExitStack() as opened:

        def asked(path):
            visitor = opened.enter_context(contextlib.closing(socket.create_connection(("127.0.0.1", server[1]), 60)))
            visitor.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
            response = opened.enter_context(contextlib.closing(http.client.HTTPResponse(visitor, method="GET")))
            response.begin()
            return response

        yield asked


def kill_connections_of_the_server():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return cursor.fetchone()[0]


@pytest.mark.server
def test_long_list_comes_whole_and_in_little_memory_or_in_a_visibly_broken_transfer(server, ask, long_list):
    process, port = server
    assert_whole_list_comes_to_a_clean_end_in_little_memory(process, ask)
    assert_visitor_who_leaves_midway_leaves_no_open_cursor(port, ask)
    assert_database_that_fails_midway_ends_in_a_visibly_broken_transfer(ask)


def assert_whole_list_comes_to_a_clean_end_in_little_memory(process, ask):
    for _ in range(2):
        ask("/institutions/export/csv/?q=nobody").read()
    (worker,) = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()

    def peak():
        status = dict(line.split(":", 1) for line in Path(f"/proc/{worker}/status").read_text().splitlines())
        return int(status["VmHWM"].split()[0]) / 1024

    before = peak()
    lines = [ask(f"/institutions/export/csv/{query}").read().count(b"\r\n") for query in ("", "?rows=both")]

    assert lines == [LONG_LIST + 2] * 2
    assert peak() - before < 50


def assert_visitor_who_leaves_midway_leaves_no_open_cursor(port, ask):
    with socket.create_connection(("127.0.0.1", port), 60) as visitor:
        visitor.sendall(b"GET /institutions/export/csv/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert visitor.recv(1000)

    def busy():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                "AND pid <> pg_backend_pid() AND (state = 'active' OR state LIKE 'idle in transaction%')"
            )
            return cursor.fetchone()[0]

    for _ in range(100):
        if not busy():
            break
        time.sleep(0.1)
    assert busy() == 0
    assert ask("/institutions/export/csv/?q=nobody").status == 200


def assert_database_that_fails_midway_ends_in_a_visibly_broken_transfer(ask):
    for path in ["csv/", "csv/?columns=envelope_local", "vcf/", "json/", "google/", "csv/?rows=both"]:
        response = ask(f"/institutions/export/{path}")
        assert (response.status, response.headers["Transfer-Encoding"]) == (200, "chunked"), path
        assert response.read(1000), path

        assert kill_connections_of_the_server() >= 1, path

        with pytest.raises((http.client.IncompleteRead, ConnectionError)):
            response.read()


# Tables of institutions and of people, with and without a column made in Python, besides every other kind of file.
EVERY_WAY = [*(f"institutions/export/{name}/" for name in FORMATS), "people/export/csv/?ever=true"]
EVERY_WAY += ["institutions/export/csv/?rows=both", "institutions/export/csv/?columns=envelope_local"]


STREAMED = [path for path in EVERY_WAY if FORMATS[path.split("/")[2]].blocks]


@contextlib.contextmanager
def contacts_gone(path):
    """Rename the table of contacts, so that every query for a row fails."""
    table = "people_positioncontact" if path.startswith("people") else "institutions_institutioncontact"
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} RENAME TO elsewhere")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE elsewhere RENAME TO {table}")


def test_database_that_fails_before_the_first_row_gives_an_error_and_no_file(client):
    create_position(institution=create_institution(), person=create_person())
    client.raise_request_exception = False
    answers = {}

    for path in EVERY_WAY:
        with contacts_gone(path):
            answers[path] = client.get(f"/{path}")

    found = {path: (answer.status_code, answer.has_header("Content-Disposition")) for path, answer in answers.items()}
    assert found == dict.fromkeys(EVERY_WAY, (500, False))


def test_no_head_is_sent_before_the_database_has_given_a_row(client):
    create_position(institution=create_institution(), person=create_person())
    for path in STREAMED:
        answer = client.get(f"/{path}")

        with contacts_gone(path), pytest.raises((ProgrammingError, psycopg.errors.UndefinedTable)):
            next(iter(answer.streaming_content))


def test_answer_that_nobody_reads_holds_no_transaction(client):
    for number in range(2):
        create_contact(institution=create_institution(key=f"studio-{number}"), value=f"info{number}@example.org")

    answers = [client.get(f"/{path}") for path in STREAMED for _ in range(2)]

    assert not connection.in_atomic_block
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_cursors")
        assert cursor.fetchone() == (0,)
    assert all(b"".join(answer.streaming_content) for answer in answers)
