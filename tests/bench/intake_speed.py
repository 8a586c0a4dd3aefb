"""Measure the import of a spreadsheet: reading, preview, confirmation and undoing, each with its peak of memory.

    uv run python -m tests.bench.intake_speed [rows] [known]

makes a spreadsheet of so many rows (5000), half of them about institutions that the directory has (`known` of them are
in it, 10000), each with two telephones, e-mail, website, city and head, and takes it through all steps. What it wrote
is undone in the end, so that it can be run again.
"""

import os
import resource
import sys
import time

os.environ.setdefault("CISFILM_DEVDB_DIR", "/var/tmp/cisfilm-intake-bench")  # noqa: S108 devdb makes it, and safely

from tests.bench.database import prepare

WORDS = (
    *("North", "South", "East", "West", "Silver", "Golden", "Old", "New"),
    *("River", "Mountain", "Steppe", "City", "Garden", "Bridge", "Tower", "Lake"),
)
HEADINGS = [
    *("name (en)", "name (ru)", "kind", "country", "city", "phone", "e-mail", "website", "founded", "head", "post"),
    "address (en)",
]


def main(row_count=5000, known_count=10_000):
    prepare()

    from institutions.models import Institution

    if Institution.objects.count() < known_count:
        fill(known_count)
    for file_format in ("csv", "xlsx"):
        content = spreadsheet(row_count, file_format)
        print(
            f"{file_format}: {row_count} rows, {len(content) / 1024:.0f} KB, {Institution.objects.count()} institutions"
        )
        measure(content)


def name_of(number):
    return f"{WORDS[number % 16]} {WORDS[number // 16 % 16]} {WORDS[number // 256 % 16]} Film {number}"


def word_for(number):
    """Return a word for each number up to 16,806 that is no other spelling of another one.

    Its consonants differ in sound, and none stands twice in a row.
    """
    word, place = "", 0
    for _letter in range(5):
        number, digit = divmod(number, 7)
        place = (place + 1 + digit) % 8
        word += f"{'BDGLMNRS'[place]}a"
    return word.capitalize()


def fill(known_count):
    """Create institutions with two contacts each, in bulk."""
    from institutions.models import City, Country, Institution, InstitutionContact
    from languages.sorting import sort_key

    for code in ("TJ", "KZ"):
        Country.objects.get_or_create(code=code, defaults={"cis_status": "member"})
        City.objects.get_or_create(key=f"{code.lower()}-capital", country_id=code, name_en="Capital")
    made = Institution.objects.bulk_create(
        [
            Institution(
                key=f"bench-{number}",
                slug=f"bench-{number}",
                name_en=name_of(number),
                sort_key_en=sort_key(name_of(number)),
                sort_key_ru=sort_key(name_of(number)),
                kind="studio",
                country_id="TJ" if number % 2 else "KZ",
                publication_state="published",
            )
            for number in range(known_count)
        ],
        batch_size=1000,
    )
    InstitutionContact.objects.bulk_create(
        [
            InstitutionContact(institution=one, kind="email", value=f"{kind}{one.pk}@example.org")
            for one in made
            for kind in ("info", "press")
        ],
        batch_size=1000,
    )


def spreadsheet(row_count, file_format):
    from editors.spreadsheets.files import csv_text, workbook

    rows = [HEADINGS]
    for number in range(row_count):
        # Every second row is about an institution that is there.
        known = number % 2
        name = name_of(number) if known else f"Studio {word_for(number)}"
        code = "TJ" if known else "KZ"
        phones = f"+992 37 {2000000 + number * 2}; +992 37 {2000001 + number * 2}"
        rows.append(
            [
                *(name, f"Киностудия {number}", "studio", code, "Capital", phones, f"Office{number}@Example.ORG"),
                *(f"www.example.org/{number}", "1990", f"Anna {word_for(number)}", "Director", f"{number} Film Street"),
            ]
        )
    return workbook(rows, "list") if file_format == "xlsx" else csv_text(rows, ";").encode()


def measure(content):
    from django.contrib.auth.models import User

    from editors.spreadsheets.fields import guessed_columns
    from editors.spreadsheets.models import Import, ImportRow, ImportState
    from editors.spreadsheets.undoing import undo
    from editors.spreadsheets.words import Vocabulary
    from editors.spreadsheets.writing import look_at, write
    from records.models import Source
    from records.tables.reading import read_table

    user, _made = User.objects.get_or_create(username="bench", is_superuser=True)
    source, _made = Source.objects.get_or_create(url="https://example.org/bench", defaults={"title": "Bench"})

    def receive():
        table = read_table(content, max_rows=1_000_000)
        sent = Import.objects.create(
            file_name="bench",
            file_format=table.file_format,
            headings=table.headings,
            columns=guessed_columns(table.headings),
            state=ImportState.PREVIEW,
            source=source,
        )
        rows = (ImportRow(spreadsheet=sent, line=line.number, cells=line.cells) for line in table.lines)
        ImportRow.objects.bulk_create(rows, batch_size=500)
        return sent

    sent = timed("read and store", receive)
    timed("look for unknown words", lambda: Vocabulary().unknown_words(sent))
    timed("preview", lambda: look_at(sent, None, lambda: False))
    print("  ", sent.count_by_outcome())
    timed("confirm", lambda: write(sent, user, None, publication_state="draft"))
    timed("undo", lambda: undo(sent, user, None))


def timed(name, step):
    started_at, used_before = time.perf_counter(), time.process_time()
    result = step()
    seconds, used = time.perf_counter() - started_at, time.process_time() - used_before
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"   {name}: {seconds:.1f} s, of it {used:.1f} s of own work; peak of memory so far {peak:.0f} MB", flush=True
    )
    return result


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
