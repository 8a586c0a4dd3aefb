"""Tables as one SQLite file with indexes, views and a full-text table, and metadata for Datasette."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from .tables import Column, Row

NAME = "cisfilm.sqlite"
TYPES = {"integer": "INTEGER", "boolean": "INTEGER", "number": "REAL"}
INDEXED = {"country", "kind", "role", "scheme", "value"}
FACETS = ["country", "kind", "role", "scheme"]
VIEWS = {
    "posts_with_names": """
        SELECT positions.id, person_id, people.name_en AS person_en, people.name_ru AS person_ru, institution_id,
            coalesce(institutions.name_en, body_name) AS institution_en, institutions.name_ru AS institution_ru,
            institutions.country, role, title_en, title_ru, title_native, since, until, last_seen
        FROM positions JOIN people ON people.id = person_id LEFT JOIN institutions ON institutions.id = institution_id
        """,
    "contacts_with_names": """
        SELECT contacts.id, coalesce(contacts.institution_id, positions.institution_id) AS institution_id,
            institutions.name_en AS institution_en, institutions.name_ru AS institution_ru, institutions.country,
            positions.person_id, people.name_en AS person_en, people.name_ru AS person_ru, contacts.kind, value,
            checked_on, contacts.as_of
        FROM contacts LEFT JOIN positions ON positions.id = position_id LEFT JOIN people ON people.id = person_id
            LEFT JOIN institutions ON institutions.id = coalesce(contacts.institution_id, positions.institution_id)
        """,
}
SEARCH = "SELECT list, id, name FROM search WHERE search MATCH :words ORDER BY rank LIMIT 100"


def write_sqlite(folder: Path, tables: dict[str, list[Column]], rows: Iterable[Row], about: dict[str, str]):
    """Write the file; `about` are its name, licence and such, which stand in a table of this name."""
    with closing(sqlite3.connect(folder / NAME)) as database, database:
        for name, columns in tables.items():
            database.execute(f"CREATE TABLE {name} ({', '.join(_declared(columns, tables))}) WITHOUT ROWID")
        inserts = {name: _insert(name, len(columns)) for name, columns in tables.items()}
        for table, cells in rows:
            values = {column.name: value for column, value in cells.items()}
            database.execute(inserts[table], [values.get(column.name) for column in tables[table]])
        database.execute("CREATE TABLE about (name TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID")
        database.executemany(_insert("about", 2), about.items())
        _add_indexes(database, tables)
        _add_search(database, tables["names"])
        for name, query in VIEWS.items():
            database.execute(f"CREATE VIEW {name} AS {query}")


def _declared(columns: list[Column], tables: dict[str, list[Column]]) -> list[str]:
    key = columns[0].name
    declared = [
        f'"{column.name}" {TYPES.get(column.type, "TEXT")}'
        + (" PRIMARY KEY" if column.name == key else "")
        + (f' REFERENCES {column.to} ("{tables[column.to][0].name}")' if column.to else "")
        for column in columns
    ]
    return declared


def _insert(table: str, width: int) -> str:
    return f"INSERT INTO {table} VALUES ({', '.join('?' * width)})"  # noqa: S608 names of tables are our own


def _add_indexes(database: sqlite3.Connection, tables: dict[str, list[Column]]):
    for name, columns in tables.items():
        for column in columns:
            if column.to or column.name in INDEXED:
                database.execute(f'CREATE INDEX {name}_by_{column.name} ON {name} ("{column.name}")')


def _add_search(database: sqlite3.Connection, names: list[Column]):
    """Make all names of records findable by their words, without accents."""
    database.execute(
        "CREATE VIRTUAL TABLE search USING fts5("
        "list UNINDEXED, id UNINDEXED, name, tokenize = 'unicode61 remove_diacritics 2')"
    )
    for column in names:
        if column.to:
            database.execute(
                f"INSERT INTO search SELECT DISTINCT ?, {column.name}, text FROM names "  # noqa: S608
                f"WHERE {column.name} IS NOT NULL ORDER BY 2, 3",
                [column.to],
            )


def datasette_metadata(tables: dict[str, list[Column]], package: dict, licence: dict) -> dict:
    """Return the metadata for Datasette: title, licence, labels of columns, facets, and a search by name."""
    described = {
        name: {
            "columns": {column.name: column.label for column in columns if column.label},
            "facets": [facet for facet in FACETS if facet in {column.name for column in columns}],
            **({"label_column": "name_en"} if any(column.name == "name_en" for column in columns) else {}),
        }
        for name, columns in tables.items()
    }
    search = {"sql": SEARCH, "title": "Search by name", "params": ["words"]}
    return {
        "title": package["title"],
        "description": package["description"],
        "license": licence["title"],
        "license_url": licence["path"],
        "source": "CISFilm",
        "source_url": package["homepage"],
        "databases": {Path(NAME).stem: {"tables": described, "queries": {"search": search}}},
    }
