"""What the search notes of institutions and programmes, and the guards of their rows."""

from django.db import migrations

from database.triggers import Function, Trigger


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


KEEP_STANDING = """DECLARE
  is_state boolean := NEW.ownership = 'state' OR NEW.kind = 'intergovernmental'
    OR NEW.ownership = '' AND NEW.kind IN ('ministry', 'parliament');
  way int;
  year int;
BEGIN
  SELECT min(CASE WHEN kind IN ('phone', 'whatsapp', 'email') THEN 0 WHEN kind IN ('address', 'fax') THEN 2 ELSE 1 END),
    max(left(greatest(checked_on, seen_on::text), 4))
  INTO way, year
  FROM institutions_institutioncontact WHERE institution_id = NEW.id AND is_public;
  NEW.standing := 1000 * CASE
      WHEN NEW.status IN ('closed', 'renamed', 'merged') THEN 3
      WHEN is_state AND NEW.kind IN ('ministry', 'agency', 'fund', 'commission', 'parliament', 'intergovernmental') THEN 0
      WHEN is_state AND NEW.kind IN ('studio', 'archive', 'centre') THEN 1
      ELSE 2
    END
    + 100 * coalesce(least(way, CASE WHEN NEW.address_local <> '' OR NEW.address_latin <> '' THEN 2 END), 3)
    + CASE WHEN year IS NULL THEN 99 ELSE 98 - least(greatest(year - 2000, 0), 98) END;
  IF TG_OP = 'UPDATE' AND pg_trigger_depth() > 1 AND NEW IS NOT DISTINCT FROM OLD THEN
    RETURN NULL;
  END IF;
  RETURN NEW;
END """
RENEW_STANDING = """BEGIN
  UPDATE institutions_institution SET standing = standing WHERE id IN (OLD.institution_id, NEW.institution_id);
  RETURN NULL;
END """


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
        migrations.AddConstraint("institution", Function(name="institutions_keep_standing", body=KEEP_STANDING)),
        migrations.AddConstraint("institution", Function(name="institutions_renew_standing", body=RENEW_STANDING)),
        migrations.AddConstraint(
            "institution",
            Trigger(
                name="institution_keeps_standing",
                fires="BEFORE INSERT OR UPDATE",
                function="institutions_keep_standing",
            ),
        ),
        migrations.AddConstraint(
            "institution",
            Trigger(
                name="institution_standing_of_contacts",
                table="institutions_institutioncontact",
                fires="AFTER INSERT OR DELETE",
                function="institutions_renew_standing",
            ),
        ),
        migrations.AddConstraint(
            "institution",
            Trigger(
                name="institution_standing_of_contact",
                table="institutions_institutioncontact",
                fires="AFTER UPDATE",
                condition=(
                    "(OLD.institution_id, OLD.kind, OLD.is_public, left(OLD.checked_on, 4), left(OLD.seen_on::text, 4))"
                    " IS DISTINCT FROM"
                    " (NEW.institution_id, NEW.kind, NEW.is_public, left(NEW.checked_on, 4), left(NEW.seen_on::text, 4))"
                ),
                function="institutions_renew_standing",
            ),
        ),
        *log_changes("institution", "log"),
        *log_changes("institution", "log_contacts", table="institutions_institutioncontact", column="institution_id"),
        *log_changes("institution", "log_cities", table="institutions_city", of="institutions_city"),
        *log_changes(
            "institution", "log_countries", table="institutions_country", column="", of="institutions_country"
        ),
    ]
