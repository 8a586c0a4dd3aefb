"""Which changes the counts of the dashboard depend on."""

from django.db import migrations

from database.triggers import Function, Trigger

# Columns by table; new and deleted rows count in any case.
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


def note_changes(table: str, *columns: str) -> list[Trigger]:
    rows = Trigger(
        name=f"{table}_desk_rows",
        table=table,
        fires="AFTER INSERT OR DELETE",
        level="STATEMENT",
        function="desk_note_change",
    )
    return [rows, *(_note_column(table, column) for column in columns)]


def _note_column(table, column):
    return Trigger(
        name=f"{table}_desk_{column}",
        table=table,
        fires="AFTER UPDATE",
        condition=f"OLD.{column} IS DISTINCT FROM NEW.{column}",
        function="desk_note_change",
        arguments=[column],
    )


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
        *(
            migrations.AddConstraint("changedcolumn", trigger)
            for table, columns in WATCHED.items()
            for trigger in note_changes(table, *columns.split())
        ),
    ]
