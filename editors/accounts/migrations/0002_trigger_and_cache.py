"""The guards of audit lines and texts, and the table of the shared cache."""

from django.core.management import call_command
from django.db import migrations

from database.triggers import Function, Trigger


def create_table(apps, schema_editor):
    """Create the table of the cache that counts login attempts for all processes."""
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("web", "0002_triggers")]

    operations = [
        migrations.AddConstraint(
            "auditline",
            Function(
                name="refuse_change_of_audit_line",
                body="""BEGIN
    RAISE EXCEPTION 'audit lines are only ever added' USING ERRCODE = 'integrity_constraint_violation';
END """,
            ),
        ),
        migrations.AddConstraint(
            "auditline",
            Trigger(
                name="auditline_only_added",
                fires="BEFORE UPDATE OR DELETE",
                level="STATEMENT",
                function="refuse_change_of_audit_line",
            ),
        ),
        migrations.AddConstraint(
            "keptform",
            Trigger(
                name="keptform_no_control_characters",
                fires="AFTER INSERT OR UPDATE",
                condition=r"NEW::text ~ '[\u0001-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]'",
                function="cisfilm_refuse_control_characters",
            ),
        ),
        migrations.RunPython(create_table, migrations.RunPython.noop, elidable=False),
    ]
