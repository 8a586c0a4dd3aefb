"""Database functions that note changes for the search and keep its words."""

from django.db import migrations

from database.triggers import Function


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]

    operations = [
        migrations.AddConstraint(
            "changedrecord",
            Function(
                name="search_note_change",
                body="""DECLARE
  before_change jsonb := CASE WHEN TG_OP = 'INSERT' THEN NULL ELSE to_jsonb(OLD) - 'updated_at' END;
  after_change jsonb := CASE WHEN TG_OP = 'DELETE' THEN NULL ELSE to_jsonb(NEW) - 'updated_at' END;
BEGIN
  IF before_change IS NOT DISTINCT FROM after_change
     OR current_setting('cisfilm.rebuilding_search', true) = 'on' THEN
    RETURN NULL;
  END IF;
  EXECUTE format(
    'INSERT INTO search_changedrecord (record_table, record_id) SELECT DISTINCT %L, id FROM (%s) AS affected (id)',
    TG_ARGV[0], TG_ARGV[1]
  ) USING array_remove(ARRAY[before_change ->> TG_ARGV[2], after_change ->> TG_ARGV[2]], NULL)::bigint[];
  RETURN NULL;
END """,
            ),
        ),
        migrations.AddConstraint(
            "vocabularyword",
            Function(
                name="search_keep_words",
                body="""BEGIN
  IF current_setting('cisfilm.rebuilding_search', true) IS DISTINCT FROM 'on' THEN
    NEW.search_words := CASE WHEN TG_OP = 'UPDATE' THEN OLD.search_words ELSE '' END;
    NEW.search_text := CASE WHEN TG_OP = 'UPDATE' THEN OLD.search_text ELSE '{}' END;
  END IF;
  RETURN NEW;
END """,
            ),
        ),
        migrations.AddConstraint(
            "vocabularyword",
            Function(
                name="search_forget_words",
                body="""BEGIN
  PERFORM FROM search_vocabularyword WHERE word = ANY (tsvector_to_array(OLD.search_words)) ORDER BY word FOR UPDATE;
  UPDATE search_vocabularyword SET record_count = greatest(record_count - 1, 0)
  WHERE word = ANY (tsvector_to_array(OLD.search_words));
  RETURN NULL;
END """,
            ),
        ),
    ]
