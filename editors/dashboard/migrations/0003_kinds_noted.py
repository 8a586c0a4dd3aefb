from django.db import migrations

from editors.dashboard.migration_operations import note_columns


class Migration(migrations.Migration):
    dependencies = [("desk", "0002_links_corrections_duplicates")]

    operations = note_columns("institutions_institution", "kind")
