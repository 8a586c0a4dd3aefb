"""Trigger that makes audit lines append-only, and the table of the shared cache."""

from django.core.management import call_command
from django.db import migrations

# A line that could be changed later would prove nothing. TRUNCATE stays possible for the owner of the database.
ONLY_ADDED = """
CREATE FUNCTION refuse_change_of_audit_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit lines are only ever added' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER auditline_only_added BEFORE UPDATE OR DELETE ON accounts_auditline
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_audit_line();
"""
NO_LONGER = """
DROP TRIGGER auditline_only_added ON accounts_auditline;
DROP FUNCTION refuse_change_of_audit_line();
"""


def create_table(apps, schema_editor):
    """Create the table of the cache that counts login attempts for all processes."""
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.RunSQL(ONLY_ADDED, NO_LONGER),
        migrations.RunPython(create_table, migrations.RunPython.noop, elidable=False),
    ]
