"""The guard against control characters."""

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


class Migration(migrations.Migration):
    dependencies = [("web", "0001_initial")]

    operations = [
        migrations.AddConstraint(
            "visitoraction",
            Function(
                name="cisfilm_refuse_control_characters",
                body="""BEGIN
  RAISE check_violation USING CONSTRAINT = 'no_control_characters', TABLE = TG_TABLE_NAME,
    MESSAGE = format('"no_control_characters": a text of %I holds a control character', TG_TABLE_NAME);
END """,
            ),
        ),
        no_control_characters("visitoraction"),
        migrations.AddConstraint(
            "datachange",
            Function(
                name="web_note_data_change",
                body="""DECLARE
  transaction_id text := pg_current_xact_id()::text;
BEGIN
  IF current_setting('cisfilm.data_changed_in', true) = transaction_id THEN
    RETURN NULL;
  END IF;
  PERFORM set_config('cisfilm.data_changed_in', transaction_id, true);
  WITH finished AS (
    DELETE FROM web_datachange WHERE current_setting('transaction_isolation') = 'read committed'
      AND token IN (SELECT token FROM web_datachange FOR UPDATE SKIP LOCKED) RETURNING token
  )
  INSERT INTO web_datachange (token)
  SELECT hashtextextended(gen_random_uuid()::text, 0) # coalesce(bit_xor(token), 0) FROM finished;
  RETURN NULL;
END """,
            ),
        ),
    ]
