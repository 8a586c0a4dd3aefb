"""Guards of texts, of checks and of keys and addresses once given."""

from django.db import migrations

from database.triggers import Function, Trigger


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
    dependencies = [("sources", "0001_initial"), ("web", "0002_triggers")]

    operations = [
        *map(no_control_characters, ["importedrecord", "linkcheck", "pastslug", "mergedkey", "source"]),
        migrations.AddConstraint(
            "source",
            Function(
                name="sources_keep_check",
                body="""BEGIN
  IF (NEW.kind, NEW.value) IS NOT DISTINCT FROM (OLD.kind, OLD.value) THEN
    IF current_setting('cisfilm.confirming', true) IS DISTINCT FROM 'on' THEN
      -- An account that is deleted leaves the checks of its editor, and nothing else in them changes.
      IF NEW.checked_by_id IS NOT NULL OR NEW.checked_on IS DISTINCT FROM OLD.checked_on THEN
        NEW.checked_by_id := OLD.checked_by_id;
      END IF;
      NEW.checked_on := OLD.checked_on;
      NEW.check_method := OLD.check_method;
    END IF;
    IF current_setting('cisfilm.reading', true) IS DISTINCT FROM 'on' THEN
      NEW.seen_on := OLD.seen_on;
      NEW.seen_url := OLD.seen_url;
      NEW.missed := OLD.missed;
      NEW.missed_since := OLD.missed_since;
    END IF;
  ELSE
    -- Nobody looked for the new value yet.
    NEW.seen_on := NULL;
    NEW.seen_url := '';
    NEW.missed := 0;
    NEW.missed_since := NULL;
  END IF;
  RETURN NEW;
END """,
            ),
        ),
        migrations.AddConstraint(
            "mergedkey",
            Function(
                name="merging_refuse_given_up",
                body="""BEGIN
  IF EXISTS (SELECT FROM sources_mergedkey WHERE record_kind = TG_ARGV[0] AND key = NEW.key) THEN
    RAISE EXCEPTION 'The key "%" means the record that its own became part of.', NEW.key
      USING ERRCODE = 'unique_violation', CONSTRAINT = 'mergedkey_not_given_again', TABLE = TG_TABLE_NAME;
  END IF;
  IF EXISTS (
    SELECT FROM sources_pastslug WHERE record_kind = TG_ARGV[0] AND slug = NEW.slug AND record_key <> NEW.key
  ) THEN
    RAISE EXCEPTION 'The address "%" leads to another record.', NEW.slug
      USING ERRCODE = 'unique_violation', CONSTRAINT = 'pastslug_not_given_again', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NULL;
END """,
            ),
        ),
        *map(moves_data_version, ["linkcheck", "pastslug", "mergedkey", "source"]),
    ]
