"""Triggers: changes of people noted for the search, and the guard of their contacts' checks."""

from django.db import migrations

from records.check_guard import guard_checks
from search.migration_operations import guard_words, keep_words_at_hand, note_changes


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial"), ("institutions", "0002_triggers")]

    operations = [
        note_changes("search_notes", table="people_person", record_table="people_person"),
        note_changes("search_notes", table="people_personname", record_table="people_person", column="person_id"),
        note_changes("search_notes", table="people_position", record_table="people_person", column="person_id"),
        note_changes(
            "search_notes_people",
            table="institutions_institution",
            record_table="people_person",
            ids="SELECT person_id FROM people_position WHERE institution_id = ANY ($1)",
            on="UPDATE",
        ),
        note_changes(
            "search_notes_people",
            table="institutions_institutionname",
            record_table="people_person",
            ids="SELECT person_id FROM people_position WHERE institution_id = ANY ($1)",
            column="institution_id",
        ),
        note_changes(
            "search_notes_people",
            table="institutions_city",
            record_table="people_person",
            ids="SELECT person_id FROM people_position JOIN institutions_institution AS body"
            " ON body.id = institution_id WHERE body.city_id = ANY ($1)",
            on="UPDATE",
        ),
        *guard_words("people_person"),
        keep_words_at_hand("people_person"),
        guard_checks("people_positioncontact"),
    ]
