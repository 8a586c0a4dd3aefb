"""Database function that guards checks of contacts."""

from django.db import migrations

from records.check_guard import KEEP_CHECK


class Migration(migrations.Migration):
    dependencies = [("sources", "0001_initial")]

    operations = [
        migrations.RunSQL(KEEP_CHECK, "DROP FUNCTION sources_keep_check()"),
    ]
