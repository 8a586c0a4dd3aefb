"""Database functions that note changes for the search and for lists, and keep words."""

from django.db import migrations

from database.triggers import Function, Trigger


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
    dependencies = [("search", "0001_initial"), ("web", "0002_triggers")]

    operations = [
        migrations.AddConstraint(
            "changedrecord",
            Function(
                name="search_note_change",
                body="""DECLARE
  before_change jsonb;
  after_change jsonb;
BEGIN
  IF current_setting('cisfilm.rebuilding_search', true) = 'on' THEN
    RETURN NULL;
  END IF;
  before_change := CASE WHEN TG_OP = 'INSERT' THEN NULL ELSE to_jsonb(OLD) - '{updated_at,standing}'::text[] END;
  after_change := CASE WHEN TG_OP = 'DELETE' THEN NULL ELSE to_jsonb(NEW) - '{updated_at,standing}'::text[] END;
  IF before_change IS NOT DISTINCT FROM after_change THEN
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
        *map(moves_data_version, ["vocabularyword", "changedrecord"]),
        migrations.AddConstraint(
            "listchange",
            Function(
                name="search_log_change",
                body="""DECLARE
  changed text := concat_ws(' UNION ',
    CASE WHEN TG_OP <> 'INSERT' THEN format('SELECT %I::bigint FROM old_rows', TG_ARGV[1]) END,
    CASE WHEN TG_OP <> 'DELETE' THEN format('SELECT %I::bigint FROM new_rows', TG_ARGV[1]) END);
BEGIN
  IF TG_OP = 'TRUNCATE' OR TG_ARGV[1] = '' THEN
    INSERT INTO search_listchange (transaction, record_table, record_ids)
    VALUES (pg_current_xact_id()::text::bigint, TG_ARGV[0], '{}');
  ELSIF current_setting('cisfilm.rebuilding_search', true) = 'on' THEN
    INSERT INTO search_listchange (transaction, record_table, record_ids)
    SELECT pg_current_xact_id()::text::bigint, TG_ARGV[0] || ' words', '{}' FROM new_rows LIMIT 1;
  ELSE
    EXECUTE 'INSERT INTO search_listchange (transaction, record_table, record_ids)'
      ' SELECT pg_current_xact_id()::text::bigint, $1, array_agg(id)'
      ' FROM (' || changed || ') AS changed (id) WHERE id IS NOT NULL HAVING count(*) > 0' USING TG_ARGV[0];
  END IF;
  RETURN NULL;
END """,
            ),
        ),
    ]
