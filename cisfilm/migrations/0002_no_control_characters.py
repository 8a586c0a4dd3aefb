"""Trigger that refuses control characters, on all tables with texts from users."""

from django.db import migrations

from languages.control_characters import REFUSE_CONTROL_CHARACTERS, guard_texts

# Tables of search and desk are derived from these; audit lines never change, and stay as they are.
TABLES = [
    *("sources_importedrecord", "sources_linkcheck", "sources_pastslug", "sources_mergedkey", "sources_source"),
    *("history_recordchange", "history_load"),
    *("web_visitoraction", "accounts_keptform"),
    *("institutions_country", "institutions_countrysource", "institutions_treaty", "institutions_city"),
    *("institutions_institution", "institutions_institutionname", "institutions_institutionsource"),
    *("institutions_institutioncontact", "institutions_stage"),
    *("institutions_programme", "institutions_programmename", "institutions_programmesource"),
    *("people_person", "people_personname", "people_personsource"),
    *("people_position", "people_positionsource", "people_positioncontact"),
    *("cooperation_event", "cooperation_eventname", "cooperation_eventsource", "cooperation_participation"),
    *("cooperation_film", "cooperation_filminstitution", "cooperation_filmname", "cooperation_filmsource"),
    "contacts_contactlist",
    *("corrections_correction", "corrections_confirmationrequest"),
    "merging_merge",
    *("intake_import", "intake_importrow", "intake_rememberedheading", "intake_rememberedword"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("cisfilm", "0001_extensions"),
        ("sources", "0001_initial"),
        ("accounts", "0001_initial"),
        ("web", "0001_initial"),
        ("history", "0001_initial"),
        ("institutions", "0001_initial"),
        ("people", "0001_initial"),
        ("cooperation", "0001_initial"),
        ("contacts", "0001_initial"),
        ("corrections", "0001_initial"),
        ("merging", "0001_initial"),
        ("intake", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL([REFUSE_CONTROL_CHARACTERS], "DROP FUNCTION cisfilm_refuse_control_characters()"),
        *(operation for table in TABLES for operation in guard_texts(table)),
    ]
