"""Triggers: changes of institutions and programmes noted for the search, and the guard of their contacts' checks."""

from django.db import migrations

from records.check_guard import guard_checks
from search.migration_operations import guard_words, keep_words_at_hand, note_changes


class Migration(migrations.Migration):
    dependencies = [("institutions", "0001_initial"), ("search", "0002_triggers"), ("sources", "0002_triggers")]

    operations = [
        note_changes("search_notes", table="institutions_institution", record_table="institutions_institution"),
        note_changes(
            "search_notes",
            table="institutions_institutionname",
            record_table="institutions_institution",
            column="institution_id",
        ),
        note_changes(
            "search_notes_institutions",
            table="institutions_city",
            record_table="institutions_institution",
            ids="SELECT id FROM institutions_institution WHERE city_id = ANY ($1)",
            on="UPDATE",
        ),
        note_changes("search_notes", table="institutions_programme", record_table="institutions_programme"),
        note_changes(
            "search_notes",
            table="institutions_programmename",
            record_table="institutions_programme",
            column="programme_id",
        ),
        note_changes(
            "search_notes_programmes",
            table="institutions_institution",
            record_table="institutions_programme",
            ids="SELECT id FROM institutions_programme WHERE institution_id = ANY ($1)",
            on="UPDATE",
        ),
        note_changes(
            "search_notes_programmes",
            table="institutions_institutionname",
            record_table="institutions_programme",
            ids="SELECT id FROM institutions_programme WHERE institution_id = ANY ($1)",
            column="institution_id",
        ),
        *guard_words("institutions_institution"),
        keep_words_at_hand("institutions_institution"),
        *guard_words("institutions_programme"),
        keep_words_at_hand("institutions_programme"),
        guard_checks("institutions_institutioncontact"),
    ]
