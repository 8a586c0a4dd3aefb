"""Triggers that note what may move a number of the dashboard: on every table and column that counting a task reads."""

from collections import defaultdict

from django.apps import apps
from django.db import connections

from .counting import names_read
from .tasks import TASKS


def watched_columns() -> dict[str, set[str]]:
    """Return the columns that tasks read by their table; rows that come and go are watched in each of them."""
    columns = defaultdict(set)
    for names in map(names_read, TASKS):
        for model in apps.get_models():
            if model._meta.db_table in names:
                # Not the primary key, which never changes. A column may be meant of another table of the query.
                own = {field.column for field in model._meta.concrete_fields if not field.primary_key}
                columns[model._meta.db_table] |= own & names
    return columns


def _triggers() -> dict[tuple[str, str], str]:
    """Return statements by the table and name of the trigger that they create."""
    statements = {}
    for table, columns in watched_columns().items():
        statements[table, "desk_rows"] = (
            f"CREATE TRIGGER desk_rows AFTER INSERT OR DELETE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION desk_note_change()"
        )
        for column in columns:
            statements[table, f"desk_{column}"] = (
                f"CREATE TRIGGER desk_{column} AFTER UPDATE ON {table} FOR EACH ROW"
                f" WHEN (OLD.{column} IS DISTINCT FROM NEW.{column}) EXECUTE FUNCTION desk_note_change('{column}')"
            )
    return statements


def keep_watch(sender, using, **kwargs):
    """Give the tables exactly these triggers, after each migration."""
    wanted = _triggers()
    connection = connections[using]
    with connection.cursor() as cursor:
        if not {table for table, _name in wanted} <= set(connection.introspection.table_names(cursor)):
            # Only some apps were migrated.
            return
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgfoid = to_regproc('desk_note_change')"
        )
        present = set(cursor.fetchall())
        for table, name in present - wanted.keys():
            cursor.execute(f"DROP TRIGGER {name} ON {table}")
        for trigger in wanted.keys() - present:
            cursor.execute(wanted[trigger])
