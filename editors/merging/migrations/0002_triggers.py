"""Trigger that keeps keys of merged records and past slugs reserved."""

from django.db import migrations

# After the row and not before it: by then another transaction's merge or new slug, for which the unique index of the
# row waited, is visible.
REFUSE_GIVEN_UP = """
CREATE FUNCTION merging_refuse_given_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
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
END $$
"""
TABLES = {
    "institution": "institutions_institution",
    "programme": "institutions_programme",
    "person": "people_person",
    "event": "cooperation_event",
    "film": "cooperation_film",
}


class Migration(migrations.Migration):
    dependencies = [
        ("merging", "0001_initial"),
        ("sources", "0001_initial"),
        ("institutions", "0001_initial"),
        ("people", "0001_initial"),
        ("cooperation", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(REFUSE_GIVEN_UP, "DROP FUNCTION merging_refuse_given_up()"),
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER merging_refuses_given_up AFTER INSERT OR UPDATE OF key, slug ON {table}"
                f" FOR EACH ROW EXECUTE FUNCTION merging_refuse_given_up('{kind}')",
                f"DROP TRIGGER merging_refuses_given_up ON {table}",
            )
            for kind, table in TABLES.items()
        ),
    ]
