"""Triggers that note changes which affect the counts of the dashboard."""

from django.db import migrations

from editors.dashboard.migration_operations import NOTE_CHANGE, note_changes

# Columns by table; new and deleted rows are always noted.
WATCHED = {
    "institutions_institution": "publication_state status country_id name_ru name_native kind name_en",
    "institutions_institutioncontact": "institution_id is_public checked_on kind value source_id",
    "institutions_institutionsource": "institution_id source_id",
    "institutions_programme": "publication_state country_id",
    "people_person": "publication_state withheld country_id",
    "people_position": "person_id institution_id role seat since until as_of is_public",
    "people_positioncontact": "position_id is_public checked_on",
    "cooperation_event": "publication_state country_id",
    "cooperation_film": "publication_state",
    "cooperation_filmcountry": "film_id country_id",
    "sources_linkcheck": "url failing_since checked_at",
    "sources_source": "url",
    "corrections_correction": "state country_id",
    "search_suspectedduplicate": "is_dismissed country_code",
    "institutions_institutionname": "institution_id kind text",
}


class Migration(migrations.Migration):
    dependencies = [
        ("desk", "0001_initial"),
        ("sources", "0001_initial"),
        ("search", "0001_initial"),
        ("institutions", "0001_initial"),
        ("people", "0001_initial"),
        ("cooperation", "0001_initial"),
        ("corrections", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(NOTE_CHANGE, "DROP FUNCTION desk_note_change()"),
        *(operation for table, columns in WATCHED.items() for operation in note_changes(table, *columns.split())),
    ]
