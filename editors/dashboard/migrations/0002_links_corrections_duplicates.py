from django.db import migrations

from editors.dashboard.migration_operations import note_changes, note_columns


class Migration(migrations.Migration):
    dependencies = [
        ("desk", "0001_desk"),
        ("corrections", "0002_editors"),
        ("search", "0003_duplicates_seen_by_editors"),
        ("sources", "0008_merged_keys"),
    ]

    operations = [
        *note_changes("sources_linkcheck", "url", "failing_since", "checked_at"),
        *note_changes("sources_source", "url"),
        *note_columns("institutions_institutioncontact", "kind", "value", "source_id"),
        *note_columns("institutions_institutionsource", "source_id"),
        *note_changes("corrections_correction", "state", "country_id"),
        *note_changes("search_suspectedduplicate", "is_dismissed", "country_code"),
    ]
