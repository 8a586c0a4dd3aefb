"""Migration operations for tables that the dashboard counts."""

from django.db import migrations

NOTE_CHANGE = """
CREATE FUNCTION desk_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO desk_changedcolumn (table_name, column_name, transaction_number)
    VALUES (TG_TABLE_NAME, coalesce(TG_ARGV[0], ''), pg_current_xact_id()::text::bigint) ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$
"""


def note_changes(table: str, *columns: str) -> list[migrations.RunSQL]:
    """Return triggers on `table` that note new and deleted rows, and rows with changes in one of the columns."""
    return [
        migrations.RunSQL(
            f"CREATE TRIGGER desk_rows AFTER INSERT OR DELETE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION desk_note_change()",
            f"DROP TRIGGER desk_rows ON {table}",
        ),
        *note_columns(table, *columns),
    ]


def note_columns(table: str, *columns: str) -> list[migrations.RunSQL]:
    """Return triggers for further columns of a table that has triggers already."""
    return [
        migrations.RunSQL(
            f"CREATE TRIGGER desk_{column} AFTER UPDATE ON {table} FOR EACH ROW"
            f" WHEN (OLD.{column} IS DISTINCT FROM NEW.{column}) EXECUTE FUNCTION desk_note_change('{column}')",
            f"DROP TRIGGER desk_{column} ON {table}",
        )
        for column in columns
    ]
