"""Measure downloads of contact lists through gunicorn.

    uv run python -m tests.bench.exports [csv] [both] [vcf] [xlsx] [pdf] [first-byte] [processor]

on a database filled by load_synthetic.py. Prints wall time, first byte, size and how much the server's memory rose;
for the CSV also the time that PostgreSQL's own COPY takes for the same columns in the same run, three times each. On a
busy machine `processor` tells more: processor time of Python and of PostgreSQL, without a server.
"""

import contextlib
import http.client
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.bench.database import prepare

PORT = 8047
# The columns of /institutions/export/csv/, as somebody who knows SQL would write them.
COPY = """
COPY (
  SELECT i.key, i.name_en, i.name_ru, i.name_native, i.native_language, i.kind, i.country_id, i.country_id, c.name_en,
    i.ownership, i.status, i.founded, i.closed, p.name_en, array_to_string(i.services, '; '),
    k.phones, k.fax, k.emails, k.website, k.elsewhere, k.details, i.address_local, i.address_latin, i.postal_code,
    k.addresses, k.checked_on, k.check_method, k.checked_on, k.source, 'https://example.org/institutions/' || i.slug
  FROM institutions_institution i
  LEFT JOIN institutions_city c ON c.id = i.city_id
  LEFT JOIN institutions_institution p ON p.id = i.parent_id AND p.publication_state = 'published'
  LEFT JOIN (
    SELECT institution_id,
      string_agg(value, '; ') FILTER (WHERE kind = 'phone') AS phones,
      string_agg(value, '; ') FILTER (WHERE kind = 'fax') AS fax,
      string_agg(value, '; ') FILTER (WHERE kind = 'email') AS emails,
      string_agg(value, '; ') FILTER (WHERE kind = 'website') AS website,
      string_agg(value, '; ') FILTER (WHERE kind NOT IN ('phone', 'fax', 'email', 'website', 'address')) AS elsewhere,
      string_agg(department || value, '; ') FILTER (WHERE department <> '') AS details,
      string_agg(value, '; ') FILTER (WHERE kind = 'address') AS addresses,
      max(checked_on) AS checked_on, max(check_method) AS check_method, max(s.url) AS source
    FROM institutions_institutioncontact k LEFT JOIN sources_source s ON s.id = k.source_id
    WHERE is_public GROUP BY institution_id
  ) k ON k.institution_id = i.id
  WHERE i.publication_state = 'published'
  ORDER BY i.sort_key_en, i.key
) TO STDOUT (FORMAT csv)
"""


@contextlib.contextmanager
def server():
    """Run gunicorn as in the README, with one worker so that its memory is the server's."""
    command = [sys.executable, "-m", "gunicorn", "cisfilm.wsgi", "--bind", f"127.0.0.1:{PORT}", "--workers", "1"]
    command += ["--worker-class", "gthread", "--threads", "8", "--no-control-socket", "--log-level", "warning"]
    environment = os.environ | {"ALLOWED_HOSTS": "127.0.0.1"}
    with subprocess.Popen(command, env=environment) as process:
        try:
            for _ in range(100):
                with contextlib.suppress(OSError):
                    get("/healthz")
                    break
                time.sleep(0.1)
            yield worker_of(process.pid)
        finally:
            process.send_signal(signal.SIGTERM)


def worker_of(parent: int) -> int:
    return int(Path(f"/proc/{parent}/task/{parent}/children").read_text().split()[0])


def peak_mebibytes(pid: int) -> float:
    status = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    return int(status["VmHWM"].split()[0]) / 1024


def get(path: str, *, first_only=False) -> tuple[float, float, int, int]:
    """Return seconds to the first and to the last byte, octets, and line breaks."""
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=600)
    started_at = time.perf_counter()
    connection.request("GET", path)
    response = connection.getresponse()
    first, octets, lines = 0.0, 0, 0
    while block := response.read1(1 << 18):
        first = first or time.perf_counter() - started_at
        octets, lines = octets + len(block), lines + block.count(b"\n")
        if first_only:
            break
    seconds = time.perf_counter() - started_at
    connection.close()
    if response.status != http.HTTPStatus.OK:
        raise SystemExit(f"{path}: {response.status}")
    return first, seconds, octets, lines


def measure(path: str, pid: int) -> float:
    # 5 sets the peak of the process back to what it uses now (man 5 proc).
    Path(f"/proc/{pid}/clear_refs").write_text("5")
    before = peak_mebibytes(pid)
    first, seconds, octets, lines = get(path)
    rise = peak_mebibytes(pid) - before
    say(
        f"{path}: {seconds:.2f} s, first byte {first * 1000:.0f} ms, {octets / 1e6:.1f} MB, {lines:,} lines, "
        f"memory {before:.0f} MiB + {rise:.1f}"
    )
    return seconds


def copy_seconds() -> float:
    from django.db import connection

    started_at = time.perf_counter()
    with connection.cursor() as cursor, cursor.copy(COPY) as copy:
        for _block in copy:
            pass
    return time.perf_counter() - started_at


def processor_seconds(work) -> tuple[float, float]:
    """Return the processor time of this process and of its connection to the embedded PostgreSQL."""
    from django.db import connection

    connection.ensure_connection()
    times = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    before = time.process_time(), int(times.read_text().split()[0])
    work()
    return time.process_time() - before[0], (int(times.read_text().split()[0]) - before[1]) / 1e9


def measure_processor():
    from django.core.signals import request_finished, request_started
    from django.db import close_old_connections
    from django.test import Client

    for signal_of_request in (request_started, request_finished):
        signal_of_request.disconnect(close_old_connections)

    def read(path):
        return lambda: [None for _block in Client(headers={"host": "127.0.0.1"}).get(path).streaming_content]

    works = {"COPY of the columns of institutions": copy_seconds}
    paths = ["/institutions/export/csv/", "/institutions/export/csv/?rows=both", "/people/export/csv/"]
    works |= {path: read(path) for path in paths}
    for name, work in works.items():
        # The first run learns how telephone numbers are written.
        taken = sorted(processor_seconds(work) for _number in range(4))
        python, postgres = taken[1]
        say(f"{name}: {python + postgres:.2f} s of processors, Python {python:.2f}, PostgreSQL {postgres:.2f}")


def say(text: str):
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main(wanted: list[str]):
    prepare()
    from institutions.models import Institution

    say(f"{Institution.objects.published().count():,} institutions")
    if "processor" in wanted:
        measure_processor()
    with server() as pid:
        get("/institutions/export/csv/?country=TM&kind=museum")
        if "csv" in wanted:
            for _ in range(3):
                base = copy_seconds()
                taken = measure("/institutions/export/csv/", pid)
                say(f"COPY of the same columns: {base:.2f} s; ratio {taken / base:.2f}")
        if "vcf" in wanted:
            measure("/institutions/export/vcf/", pid)
            measure("/institutions/export/vcf3/", pid)
        if "both" in wanted:
            measure("/institutions/export/csv/?rows=both", pid)
            measure("/people/export/csv/", pid)
        if "xlsx" in wanted:
            measure("/institutions/export/xlsx/?country=RU&country=KZ", pid)
        if "pdf" in wanted:
            measure("/institutions/export/pdf/?country=TM&ownership=private", pid)
        if "first-byte" in wanted:
            for _ in range(5):
                first = get("/institutions/export/csv/", first_only=True)[0]
                say(f"first byte of the whole list: {first * 1000:.0f} ms")


if __name__ == "__main__":
    main(sys.argv[1:] or ["csv", "both", "vcf", "xlsx", "pdf", "first-byte"])
