"""Rights of PostgreSQL's roles: the owner of the tables migrates, the site has rows only, a third role reads.

A role that owns no table can neither change its columns nor turn off its triggers.
"""

from django.db import connection

from editors.accounts.models import AuditLine

ROWS = ("SELECT", "INSERT", "UPDATE", "DELETE")
# All that PostgreSQL knows for tables, but for what only owners use.
TABLE_RIGHTS = (*ROWS, "TRUNCATE", "TRIGGER")
# A line that the site could change would prove nothing about it.
ONLY_ADDED = {AuditLine._meta.db_table}
ONLY_READ = {"django_migrations"}
# Passwords, second factors, sessions and secrets of links: not for the role that reads.
APPS_WITH_SECRETS = ("auth_", "account", "mfa_", "usersessions_", "django_session", "django_admin_log", "reversion_")
TABLES_WITH_SECRETS = ("shared_cache", "contacts_contactlist", "corrections_", "intake_", "web_visitoraction")


def site_rights(table: str) -> tuple[str, ...]:
    """Return what the site may do with the rows of a table."""
    if table in ONLY_ADDED:
        return ("SELECT", "INSERT")
    return ("SELECT",) if table in ONLY_READ else ROWS


def reader_rights(table: str) -> tuple[str, ...]:
    return () if table.startswith(APPS_WITH_SECRETS + TABLES_WITH_SECRETS) else ("SELECT",)


def grant(site: str, reader: str):
    """Give both roles their rights in this database and take all others; only the owner of the tables may."""
    with connection.cursor() as cursor:
        for role, rights in [(site, site_rights), (reader, reader_rights)]:
            quoted = connection.ops.quote_name(role)
            cursor.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
            cursor.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, {quoted}")
            cursor.execute(f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {quoted}")
            cursor.execute(f"GRANT USAGE ON SCHEMA public TO {quoted}")
            for table in tables():
                if given := rights(table):
                    cursor.execute(f"GRANT {', '.join(given)} ON {connection.ops.quote_name(table)} TO {quoted}")
        cursor.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {connection.ops.quote_name(site)}")


def tables() -> list[str]:
    """Return the tables of this database, those of packages and of migrations too."""
    with connection.cursor() as cursor:
        return connection.introspection.table_names(cursor)


def wrong_rights() -> dict[str, list[str]]:
    """Return, by right, the tables on which the role of this connection has too much ("+INSERT") or too little."""
    wrong = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, kind, has_table_privilege(quote_ident(name), kind)"
            " FROM unnest(%s::text[]) AS name, unnest(%s::text[]) AS kind ORDER BY name",
            [tables(), list(TABLE_RIGHTS)],
        )
        for table, right, has in cursor.fetchall():
            if has != (right in site_rights(table)):
                wrong.setdefault(f"{'+' if has else '-'}{right}", []).append(table)
    return wrong


def owned_tables() -> int:
    """Return how many of the tables the role of this connection owns, or all of them if it is a superuser."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_class WHERE relname = ANY(%s) AND pg_has_role(relowner, 'USAGE')", [tables()]
        )
        return cursor.fetchone()[0]
