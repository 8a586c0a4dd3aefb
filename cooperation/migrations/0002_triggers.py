"""What the search notes of events and films, and the guards of their rows."""

from django.db import migrations

from database.triggers import Trigger

FILMS_OF_INSTITUTION = "SELECT film_id FROM cooperation_filminstitution WHERE institution_id = ANY ($1)"
FILMS_WITH_DIRECTORS = "SELECT id FROM cooperation_film WHERE cardinality(directors) > 0"


def note_changes(model, name, *, on="INSERT OR UPDATE OR DELETE", column="id", **words):
    ids = words.pop("ids", "SELECT unnest($1)")
    return migrations.AddConstraint(
        model,
        Trigger(
            name=f"{model}_search_{name}",
            fires=f"AFTER {on}",
            function="search_note_change",
            arguments=["%(table)s", ids, column],
            **words,
        ),
    )


def guard_record(model, table):
    """Guards of a record: its words, its key and its address."""
    triggers = [
        Trigger(name=f"{model}_search_keeps", fires="BEFORE INSERT OR UPDATE", function="search_keep_words"),
        Trigger(name=f"{model}_search_forgets", fires="AFTER DELETE", function="search_forget_words"),
        Trigger(
            name=f"{model}_nothing_given_up",
            fires="AFTER INSERT OR UPDATE OF key, slug",
            function="merging_refuse_given_up",
            arguments=["%(class)s"],
        ),
    ]
    return [
        note_changes(model, "notes"),
        *(migrations.AddConstraint(model, trigger) for trigger in triggers),
        # PostgreSQL moves other long columns of a row out of line before the words, which conditions look at.
        migrations.RunSQL(
            f"ALTER TABLE {table} ALTER COLUMN search_words SET STORAGE MAIN",
            f"ALTER TABLE {table} ALTER COLUMN search_words SET STORAGE EXTENDED",
        ),
    ]


def no_control_characters(model):
    return migrations.AddConstraint(
        model,
        Trigger(
            name=f"{model}_no_control_characters",
            fires="AFTER INSERT OR UPDATE",
            condition=r"NEW::text ~ '[\u0001-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]'",
            function="cisfilm_refuse_control_characters",
        ),
    )


def moves_data_version(model):
    return migrations.AddConstraint(
        model,
        Trigger(
            name=f"{model}_data_version",
            fires="AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE",
            function="web_note_data_change",
            level="STATEMENT",
        ),
    )


class Migration(migrations.Migration):
    dependencies = [("cooperation", "0001_initial"), ("people", "0002_triggers")]

    operations = [
        *map(
            no_control_characters,
            ["event", "eventname", "eventsource", "participation", "film", "filminstitution", "filmname", "filmsource"],
        ),
        *guard_record("event", "cooperation_event"),
        note_changes("event", "notes_names", table="cooperation_eventname", column="event_id"),
        note_changes(
            "event",
            "notes_cities",
            table="institutions_city",
            on="UPDATE",
            ids="SELECT id FROM cooperation_event WHERE city_id = ANY ($1)",
        ),
        *guard_record("film", "cooperation_film"),
        note_changes("film", "notes_names", table="cooperation_filmname", column="film_id"),
        note_changes("film", "notes_countries", table="cooperation_filmcountry", column="film_id"),
        note_changes("film", "notes_partners", table="cooperation_filminstitution", column="film_id"),
        note_changes(
            "film", "notes_institutions", table="institutions_institution", on="UPDATE", ids=FILMS_OF_INSTITUTION
        ),
        note_changes(
            "film",
            "notes_institution_names",
            table="institutions_institutionname",
            column="institution_id",
            ids=FILMS_OF_INSTITUTION,
        ),
        note_changes(
            "film",
            "notes_withheld",
            table="people_person",
            on="UPDATE",
            condition="OLD.withheld OR NEW.withheld",
            ids=FILMS_WITH_DIRECTORS,
        ),
        note_changes(
            "film",
            "notes_newly_withheld",
            table="people_person",
            on="INSERT",
            condition="NEW.withheld",
            ids=FILMS_WITH_DIRECTORS,
        ),
        note_changes(
            "film",
            "notes_forgotten",
            table="people_person",
            on="DELETE",
            condition="OLD.withheld",
            ids=FILMS_WITH_DIRECTORS,
        ),
        note_changes(
            "film",
            "notes_names_of_withheld",
            table="people_personname",
            column="person_id",
            ids=f"{FILMS_WITH_DIRECTORS} AND EXISTS (SELECT FROM people_person WHERE id = ANY ($1) AND withheld)",
        ),
        *map(
            moves_data_version,
            [
                "event",
                "eventname",
                "eventsource",
                "participation",
                "film",
                "filmcountry",
                "filminstitution",
                "filmname",
                "filmsource",
            ],
        ),
    ]
