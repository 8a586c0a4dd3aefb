"""Migration operations for tables of searchable records and tables that their words depend on."""

from django.db import migrations

ANY_CHANGE = "INSERT OR UPDATE OR DELETE"
ITSELF = "SELECT unnest($1)"


def note_changes(
    name: str,
    *,
    table: str,
    record_table: str,
    ids: str = ITSELF,
    column: str = "id",
    on: str = ANY_CHANGE,
    when: str = "",
) -> migrations.RunSQL:
    """Return an operation that creates a trigger on `table` that notes records of `record_table`.

    `ids` is a query for their ids; in it $1 is an array of the values that `column` of the changed row had and has.
    """
    condition = f"WHEN ({when}) " if when else ""
    return migrations.RunSQL(
        f"CREATE TRIGGER {name} AFTER {on} ON {table} FOR EACH ROW {condition}"
        f"EXECUTE FUNCTION search_note_change('{record_table}', '{ids}', '{column}')",
        f"DROP TRIGGER {name} ON {table}",
    )


def guard_words(table: str) -> list[migrations.RunSQL]:
    """Return operations: only the search may write a record's words, and deleted records leave the vocabulary."""
    return [
        migrations.RunSQL(
            f"CREATE TRIGGER search_keeps BEFORE INSERT OR UPDATE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION search_keep_words()",
            f"DROP TRIGGER search_keeps ON {table}",
        ),
        migrations.RunSQL(
            f"CREATE TRIGGER search_forgets AFTER DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION search_forget_words()",
            f"DROP TRIGGER search_forgets ON {table}",
        ),
    ]


def keep_words_at_hand(table: str) -> migrations.RunSQL:
    """Return an operation that makes PostgreSQL move other long columns out of line before the words."""
    return migrations.RunSQL(
        f"ALTER TABLE {table} ALTER COLUMN search_words SET STORAGE MAIN",
        f"ALTER TABLE {table} ALTER COLUMN search_words SET STORAGE EXTENDED",
    )


def note_all(table: str) -> migrations.RunSQL:
    """Return an operation that notes all existing records: they have no words yet."""
    return migrations.RunSQL(
        f"INSERT INTO search_changedrecord (record_table, record_id) SELECT '{table}', id FROM {table}",  # noqa: S608
        migrations.RunSQL.noop,
    )
