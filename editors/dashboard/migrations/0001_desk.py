from django.db import migrations, models

from editors.dashboard.migration_operations import NOTE_CHANGE, note_changes


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("institutions", "0006_editors_lists"),
        ("people", "0005_editors_lists"),
        ("cooperation", "0006_editors_lists"),
    ]

    operations = [
        migrations.CreateModel(
            name="TaskCount",
            fields=[
                ("task", models.TextField(primary_key=True, serialize=False)),
                ("numbers", models.JSONField(default=dict)),
                ("counted_on", models.DateField()),
            ],
        ),
        migrations.CreateModel(
            name="ChangedColumn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("table_name", models.TextField()),
                ("column_name", models.TextField()),
                ("transaction_number", models.BigIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("table_name", "column_name", "transaction_number"), name="changedcolumn_once"
                    )
                ],
            },
        ),
        migrations.RunSQL(NOTE_CHANGE, "DROP FUNCTION desk_note_change()"),
        *note_changes(
            "institutions_institution", "publication_state", "status", "country_id", "name_ru", "name_native"
        ),
        *note_changes("institutions_institutioncontact", "institution_id", "is_public", "checked_on"),
        *note_changes("institutions_institutionsource", "institution_id"),
        *note_changes("institutions_programme", "publication_state", "country_id"),
        *note_changes("people_person", "publication_state", "withheld", "country_id"),
        *note_changes(
            "people_position",
            *("person_id", "institution_id", "role", "seat", "since", "until", "as_of", "is_public"),
        ),
        *note_changes("people_positioncontact", "position_id", "is_public", "checked_on"),
        *note_changes("cooperation_event", "publication_state", "country_id"),
        *note_changes("cooperation_film", "publication_state"),
        *note_changes("cooperation_filmcountry", "film_id", "country_id"),
    ]
