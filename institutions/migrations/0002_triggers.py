"""What the search notes of institutions and programmes, and the guards of their rows."""

from django.db import migrations

from database.triggers import Trigger


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


def log_changes(model, name, *, table="", column="id", of="%(table)s"):
    events = {
        "INSERT": "REFERENCING NEW TABLE AS new_rows",
        "UPDATE": "REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows",
        "DELETE": "REFERENCING OLD TABLE AS old_rows",
        "TRUNCATE": "",
    }
    return [
        migrations.AddConstraint(
            model,
            Trigger(
                name=f"{model}_{name}_{event.lower()}",
                table=table,
                fires=f"AFTER {event}",
                level="STATEMENT",
                options=rows,
                function="search_log_change",
                arguments=[of, column],
            ),
        )
        for event, rows in events.items()
    ]


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
    dependencies = [("institutions", "0001_initial"), ("search", "0002_triggers"), ("sources", "0002_triggers")]

    operations = [
        *map(
            no_control_characters,
            [
                "country",
                "countrysource",
                "treaty",
                "city",
                "institution",
                "institutionname",
                "institutionsource",
                "institutioncontact",
                "stage",
                "programme",
                "programmename",
                "programmesource",
            ],
        ),
        *guard_record("institution", "institutions_institution"),
        note_changes("institution", "notes_names", table="institutions_institutionname", column="institution_id"),
        note_changes(
            "institution",
            "notes_cities",
            table="institutions_city",
            on="UPDATE",
            ids="SELECT id FROM institutions_institution WHERE city_id = ANY ($1)",
        ),
        *guard_record("programme", "institutions_programme"),
        note_changes("programme", "notes_names", table="institutions_programmename", column="programme_id"),
        note_changes(
            "programme",
            "notes_institutions",
            table="institutions_institution",
            on="UPDATE",
            ids="SELECT id FROM institutions_programme WHERE institution_id = ANY ($1)",
        ),
        note_changes(
            "programme",
            "notes_institution_names",
            table="institutions_institutionname",
            column="institution_id",
            ids="SELECT id FROM institutions_programme WHERE institution_id = ANY ($1)",
        ),
        migrations.AddConstraint(
            "institutioncontact",
            Trigger(name="institutioncontact_keeps_check", fires="BEFORE UPDATE", function="sources_keep_check"),
        ),
        *map(
            moves_data_version,
            [
                "country",
                "countrysource",
                "treaty",
                "city",
                "institution",
                "institutionname",
                "institutionsource",
                "institutioncontact",
                "stage",
                "programme",
                "programmename",
                "programmesource",
            ],
        ),
        migrations.AddConstraint(
            "programme",
            Trigger(
                name="programme_partner_institutions_data_version",
                fires="AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE",
                function="web_note_data_change",
                table="institutions_programme_partner_institutions",
                level="STATEMENT",
            ),
        ),
        *log_changes("institution", "log"),
        *log_changes("institution", "log_contacts", table="institutions_institutioncontact", column="institution_id"),
        *log_changes("institution", "log_cities", table="institutions_city", of="institutions_city"),
        *log_changes(
            "institution", "log_countries", table="institutions_country", column="", of="institutions_country"
        ),
    ]
