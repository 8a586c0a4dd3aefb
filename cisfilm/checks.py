"""System checks of the database server: requirements of the search, and settings that fail silently.

They run with `migrate` and with `check --database default`.
"""

from django.core.checks import Error
from django.db import Error as DatabaseError
from django.db import NotSupportedError, connections, transaction

SAMPLE_WORD = "Казах"


def check_databases(app_configs, databases, **kwargs) -> list[Error]:
    """Check the named databases; without names no database may be queried."""
    return [error for alias in databases or [] for error in database_errors(alias)]


def database_errors(alias: str) -> list[Error]:
    try:
        connections[alias].ensure_connection()
    except NotSupportedError as error:
        # Django checks the oldest supported version itself as soon as it connects.
        return [
            Error(
                f"The PostgreSQL server is too old: {error}",
                hint="Move the database to PostgreSQL 15 or newer, with pg_upgrade or with pg_dump and pg_restore.",
                obj=alias,
                id="cisfilm.E004",
            )
        ]
    if not _pg_trgm_available(alias):
        return [
            Error(
                "The PostgreSQL server has no pg_trgm extension, which search is built on.",
                hint="Install PostgreSQL's contrib modules on the server (Debian's server package holds them).",
                obj=alias,
                id="cisfilm.E001",
            )
        ]
    try:
        trigrams = _trigrams(alias, SAMPLE_WORD)
    except DatabaseError as error:
        return [
            Error(
                f"pg_trgm cannot be used in the database: {error}".strip(),
                hint="Let an administrator run CREATE EXTENSION pg_trgm in this database, "
                "or let the site's own role do it: GRANT CREATE ON DATABASE ... TO ...",
                obj=alias,
                id="cisfilm.E002",
            )
        ]
    if trigrams:
        return []
    return [
        Error(
            f"Search would find nothing written in Cyrillic, Armenian or Georgian: show_trgm('{SAMPLE_WORD}') is "
            "empty, because pg_trgm takes only ASCII for letters in a database whose LC_CTYPE is C.",
            hint="Make the database anew with CREATE DATABASE ... TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8' "
            "(or another UTF-8 locale) and restore the data into it; LC_CTYPE cannot be changed afterwards.",
            obj=alias,
            id="cisfilm.E003",
        )
    ]


def _pg_trgm_available(alias: str) -> bool:
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'pg_trgm')")
        return cursor.fetchone()[0]


def _trigrams(alias: str, word: str) -> list[str]:
    """Return the trigrams of a word. Before the first migration the extension is created for this query only.

    Nothing less is a proof: with PostgreSQL's builtin locales lower('К') is right where pg_trgm ignores Cyrillic.
    """
    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        cursor.execute("SELECT show_trgm(%s)", [word])
        trigrams = cursor.fetchone()[0]
        transaction.set_rollback(True, using=alias)
        return trigrams
