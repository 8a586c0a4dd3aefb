"""Fill an empty database with synthetic institutions, contacts, people and posts, for measuring.

    uv run python -m tests.bench.load_synthetic FOLDER

FOLDER holds institutions.csv, people.csv and positions.csv with the columns named below. The database is the one of
DATABASE_URL, or an embedded one of its own that CISFILM_DEVDB_DIR names (/var/tmp/cisfilm-bench if it is not set).
"""

import os
import sys
from pathlib import Path

from tests.bench.database import prepare

LANGUAGES = {"KZ": "kk", "UZ": "uz", "AZ": "az", "AM": "hy", "GE": "ka", "KG": "ky", "MD": "ro", "TM": "tk"}
LANGUAGES |= {"RU": "ru", "BY": "be", "UA": "uk", "TJ": "tg"}

TABLES = {
    "institutions": "id int, slug text, kind text, ownership text, country text, city text, founded text, name_en text,"
    " name_ru text, name_local text, website text, email text, phone text, services text, description text,"
    " verified text",
    "people": "id int, slug text, name_en text, name_ru text, email text, phone text",
    "positions": "id int, person_id int, institution_id int, title_en text, title_ru text, since text, until text",
}

STATEMENTS = (Path(__file__).parent / "synthetic.sql").read_text("utf-8")


def load(folder: Path):
    from django.db import connection, transaction

    from search.rebuilding import rebuild_all

    with transaction.atomic(), connection.cursor() as cursor:
        # Without triggers and checks of references: the files are known to be whole, and all words are made at the end.
        cursor.execute("SET LOCAL session_replication_role = replica")
        for name, columns in TABLES.items():
            cursor.execute(f"CREATE TEMP TABLE s_{name} ({columns}) ON COMMIT DROP")
            names = ", ".join(column.split()[0] for column in columns.split(","))
            forced = "" if name == "positions" else f", FORCE_NOT_NULL ({names})"
            statement = f"COPY s_{name} ({names}) FROM STDIN (FORMAT csv, HEADER{forced})"
            with cursor.copy(statement) as copy, (folder / f"{name}.csv").open("rb") as file:
                while block := file.read(1 << 20):
                    copy.write(block)
        cursor.execute("CREATE TEMP TABLE s_languages (country text, tag text) ON COMMIT DROP")
        cursor.executemany("INSERT INTO s_languages VALUES (%s, %s)", list(LANGUAGES.items()))
        for statement in STATEMENTS.split(";\n"):
            if statement.strip():
                cursor.execute(statement)
        # Of their triggers only the one that fills in the column, or it takes minutes.
        trigger = "ALTER TABLE institutions_institution ENABLE {}TRIGGER institution_keeps_standing"
        cursor.execute(trigger.format("ALWAYS "))
        cursor.execute("UPDATE institutions_institution SET standing = standing")
        cursor.execute(trigger.format(""))
    with connection.cursor() as cursor:
        # Their triggers fill in the columns that follow from others.
        cursor.execute("UPDATE people_position SET is_shown = is_shown")
    for _model, _done in rebuild_all(os.process_cpu_count()):
        pass
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


if __name__ == "__main__":
    prepare()
    load(Path(sys.argv[1]))
