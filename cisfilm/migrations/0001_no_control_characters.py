from django.db import migrations

from languages.control_characters import REFUSE_CONTROL_CHARACTERS, guard_texts

# All that somebody types or sends. The tables of search and desk are made from these; audit lines never change, and are
# kept whatever they tell.
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
        ("sources", "0008_merged_keys"),
        ("accounts", "0005_kept_forms"),
        ("web", "0001_visitor_actions"),
        ("history", "0002_loads"),
        ("institutions", "0007_confirmed_by_institution"),
        ("people", "0007_sort_in_russian_letters"),
        ("cooperation", "0006_editors_lists"),
        ("contacts", "0002_bounded_lists"),
        ("corrections", "0003_one_limiter_for_all_visitors"),
        ("merging", "0003_keys_given_up"),
        ("intake", "0004_rows_keep_numbers"),
    ]

    operations = [
        migrations.RunSQL([REFUSE_CONTROL_CHARACTERS], "DROP FUNCTION cisfilm_refuse_control_characters()"),
        *(operation for table in TABLES for operation in guard_texts(table)),
    ]
