from django.db import migrations

from editors.dashboard.migration_operations import note_changes, note_columns


class Migration(migrations.Migration):
    dependencies = [
        ("desk", "0003_kinds_noted"),
        ("institutions", "0007_confirmed_by_institution"),
    ]

    operations = [
        *note_changes("institutions_institutionname", "institution_id", "kind", "text"),
        *note_columns("institutions_institution", "name_en"),
    ]
