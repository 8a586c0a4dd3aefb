"""Triggers: changes of events and films noted for the search."""

from django.db import migrations

from search.migration_operations import guard_words, keep_words_at_hand, note_changes

FILMS_WITH_DIRECTORS = "SELECT id FROM cooperation_film WHERE cardinality(directors) > 0"


class Migration(migrations.Migration):
    dependencies = [("cooperation", "0001_initial"), ("people", "0002_triggers")]

    operations = [
        note_changes("search_notes", table="cooperation_event", record_table="cooperation_event"),
        note_changes(
            "search_notes", table="cooperation_eventname", record_table="cooperation_event", column="event_id"
        ),
        note_changes(
            "search_notes_events",
            table="institutions_city",
            record_table="cooperation_event",
            ids="SELECT id FROM cooperation_event WHERE city_id = ANY ($1)",
            on="UPDATE",
        ),
        note_changes("search_notes", table="cooperation_film", record_table="cooperation_film"),
        note_changes("search_notes", table="cooperation_filmname", record_table="cooperation_film", column="film_id"),
        note_changes(
            "search_notes", table="cooperation_filmcountry", record_table="cooperation_film", column="film_id"
        ),
        note_changes(
            "search_notes", table="cooperation_filminstitution", record_table="cooperation_film", column="film_id"
        ),
        note_changes(
            "search_notes_films",
            table="institutions_institution",
            record_table="cooperation_film",
            ids="SELECT film_id FROM cooperation_filminstitution WHERE institution_id = ANY ($1)",
            on="UPDATE",
        ),
        note_changes(
            "search_notes_films",
            table="institutions_institutionname",
            record_table="cooperation_film",
            ids="SELECT film_id FROM cooperation_filminstitution WHERE institution_id = ANY ($1)",
            column="institution_id",
        ),
        note_changes(
            "search_notes_films_of_withheld",
            table="people_person",
            record_table="cooperation_film",
            ids=FILMS_WITH_DIRECTORS,
            on="UPDATE",
            when="OLD.withheld OR NEW.withheld",
        ),
        note_changes(
            "search_notes_films_of_newly_withheld",
            table="people_person",
            record_table="cooperation_film",
            ids=FILMS_WITH_DIRECTORS,
            on="INSERT",
            when="NEW.withheld",
        ),
        note_changes(
            "search_notes_films_of_forgotten",
            table="people_person",
            record_table="cooperation_film",
            ids=FILMS_WITH_DIRECTORS,
            on="DELETE",
            when="OLD.withheld",
        ),
        note_changes(
            "search_notes_films_of_withheld",
            table="people_personname",
            record_table="cooperation_film",
            ids=f"{FILMS_WITH_DIRECTORS} AND EXISTS (SELECT FROM people_person WHERE id = ANY ($1) AND withheld)",
            column="person_id",
        ),
        *guard_words("cooperation_event"),
        keep_words_at_hand("cooperation_event"),
        *guard_words("cooperation_film"),
        keep_words_at_hand("cooperation_film"),
    ]
