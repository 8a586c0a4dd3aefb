"""The function by which triggers note columns that changed; `dashboard.watching` sets these triggers."""

from django.db import migrations

from database.triggers import Function


class Migration(migrations.Migration):
    dependencies = [("desk", "0001_initial")]

    operations = [
        migrations.AddConstraint(
            "changedcolumn",
            Function(
                name="desk_note_change",
                body="""BEGIN
  INSERT INTO desk_changedcolumn (table_name, column_name, transaction_number)
    VALUES (TG_TABLE_NAME, coalesce(TG_ARGV[0], ''), pg_current_xact_id()::text::bigint) ON CONFLICT DO NOTHING;
  RETURN NULL;
END """,
            ),
        ),
    ]
