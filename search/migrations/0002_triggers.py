"""Database functions that note changes for the search and keep its words."""

from django.db import migrations

# A trigger calls this with the table of the records to note, a query for their ids, and the column of the changed row
# whose values before and after the change the query finds in $1, an array of bigint:
#   EXECUTE FUNCTION search_note_change(
#     'people_person', 'SELECT person_id FROM people_position WHERE institution_id = ANY ($1)', 'id')
# An UPDATE that changes nothing but the time of the change notes nothing. The search itself, rebuilding words, says so
# in a setting and is not noted either.
NOTE_CHANGE = """
CREATE FUNCTION search_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
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
END $$
"""
# Only the search itself writes the words of a record: a form that read the record earlier saves all columns, and would
# restore old words.
KEEP_WORDS = """
CREATE FUNCTION search_keep_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('cisfilm.rebuilding_search', true) IS DISTINCT FROM 'on' THEN
    NEW.search_words := CASE WHEN TG_OP = 'UPDATE' THEN OLD.search_words ELSE '' END;
    NEW.search_text := CASE WHEN TG_OP = 'UPDATE' THEN OLD.search_text ELSE '{}' END;
  END IF;
  RETURN NEW;
END $$
"""
# The words of a deleted record leave the vocabulary with it. In alphabetical order, like all code that counts words, so
# that two transactions cannot deadlock.
FORGET_WORDS = """
CREATE FUNCTION search_forget_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM search_vocabularyword WHERE word = ANY (tsvector_to_array(OLD.search_words)) ORDER BY word FOR UPDATE;
  UPDATE search_vocabularyword SET record_count = greatest(record_count - 1, 0)
  WHERE word = ANY (tsvector_to_array(OLD.search_words));
  RETURN NULL;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]

    operations = [
        migrations.RunSQL(NOTE_CHANGE, "DROP FUNCTION search_note_change()"),
        migrations.RunSQL(KEEP_WORDS, "DROP FUNCTION search_keep_words()"),
        migrations.RunSQL(FORGET_WORDS, "DROP FUNCTION search_forget_words()"),
    ]
