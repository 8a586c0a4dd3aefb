"""The function by which tables note changes; `editors.dashboard.watching` says which tables."""

from django.db import migrations

NOTE_CHANGE = """
CREATE FUNCTION desk_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO desk_changedcolumn (table_name, column_name, transaction_number)
    VALUES (TG_TABLE_NAME, coalesce(TG_ARGV[0], ''), pg_current_xact_id()::text::bigint) ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("desk", "0001_initial")]

    operations = [migrations.RunSQL(NOTE_CHANGE, "DROP FUNCTION desk_note_change() CASCADE")]
