"""Measure how long it takes to check the longest list of a visitor: the page, and each file.

    uv run python -m tests.bench.list_checking [--rows 5000] [--seed 1] [--profile]

Processor time of this process; PostgreSQL's is not in it.
"""

import argparse
import cProfile
import csv
import io
import pstats
import time

from tests.bench.database import prepare


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--profile", action="store_true")
    arguments = parser.parse_args()
    prepare()
    from django.core.management import call_command
    from django.db import transaction

    from institutions.models import Institution

    with transaction.atomic():
        if not Institution.objects.exists():
            call_command("load_fixtures", verbosity=0)
        content = csv_of(arguments)
        for what in ("page", "csv", "xlsx"):
            profile = cProfile.Profile()
            started = time.process_time()
            size = profile.runcall(made, content, what) if arguments.profile else made(content, what)
            print(f"{what}: {time.process_time() - started:.1f} s, {size // 1024} KB")
            if arguments.profile:
                pstats.Stats(profile).sort_stats("tottime").print_stats(25)
        transaction.set_rollback(True)


def csv_of(arguments) -> bytes:
    from tests.messy_lists import FIELDS, MessyList

    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(FIELDS)
    writer.writerows(row.cells.values() for row in MessyList(arguments.seed).rows(arguments.rows))
    return buffer.getvalue().encode()


def made(content: bytes, what: str) -> int:
    """Return the size of the page without its frame, or of the file."""
    from django.template.loader import render_to_string

    from visitors.checking.files import list_as_file
    from visitors.checking.findings import check_rows
    from visitors.checking.uploads import Upload
    from visitors.checking.views import result

    upload = Upload(content)
    upload.prepare()
    numbered = list(zip((line.number for line in upload.lines), upload.sought(), strict=True))
    rows = [row for some in check_rows(numbered, set()) for row in some]
    if what == "page":
        return len(render_to_string("checking/_checked.html", result(upload, rows, set())))
    return len(list_as_file(upload, rows, what))


if __name__ == "__main__":
    main()
