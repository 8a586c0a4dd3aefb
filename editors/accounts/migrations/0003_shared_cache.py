from django.core.management import call_command
from django.db import migrations


def create_table(apps, schema_editor):
    """The table of the cache in which login attempts are counted, whichever process they come to."""
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_audit_lines")]

    operations = [migrations.RunPython(create_table, migrations.RunPython.noop, elidable=False)]
