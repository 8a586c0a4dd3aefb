"""Triggers that note which records to look at again; for migrations, next to the tables that they watch."""

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
    """A trigger on `table` that notes records of `record_table`.

    `ids` is a query for their ids; in it $1 is an array of the values that `column` of the changed row had and has.
    """
    condition = f"WHEN ({when}) " if when else ""
    return migrations.RunSQL(
        f"CREATE TRIGGER {name} AFTER {on} ON {table} FOR EACH ROW {condition}"
        f"EXECUTE FUNCTION search_note_change('{record_table}', '{ids}', '{column}')",
        f"DROP TRIGGER {name} ON {table}",
    )


def forget_words(table: str) -> migrations.RunSQL:
    """A trigger that takes the words of a deleted record out of the vocabulary."""
    return migrations.RunSQL(
        f"CREATE TRIGGER search_forgets AFTER DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION search_forget_words()",
        f"DROP TRIGGER search_forgets ON {table}",
    )
