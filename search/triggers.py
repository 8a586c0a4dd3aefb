"""Triggers that note which records need new words, and that keep words as the search wrote them."""

from database.triggers import Function, Trigger

ANY_CHANGE = "INSERT OR UPDATE OR DELETE"
ITSELF = "SELECT unnest($1)"

# Its arguments are the table of the records to note, a query for their ids, and the column of the changed row whose
# values before and after the change the query finds in $1, an array of bigint. An UPDATE that changes nothing but the
# time of the change or the place in lists notes nothing. The search itself, rebuilding words, says so in a setting and
# is not noted either.
NOTE_CHANGE = Function(
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
)
# Only the search itself writes the words of a record: a form that read the record earlier saves all columns, and would
# put old words back.
KEEP_WORDS = Function(
    name="search_keep_words",
    body="""BEGIN
  IF current_setting('cisfilm.rebuilding_search', true) IS DISTINCT FROM 'on' THEN
    NEW.search_words := CASE WHEN TG_OP = 'UPDATE' THEN OLD.search_words ELSE '' END;
    NEW.search_text := CASE WHEN TG_OP = 'UPDATE' THEN OLD.search_text ELSE '{}' END;
  END IF;
  RETURN NEW;
END """,
)
# The words of a record that is deleted leave the vocabulary with it. In alphabet order, like all who count words, so
# that two transactions never wait for each other.
FORGET_WORDS = Function(
    name="search_forget_words",
    body="""BEGIN
  PERFORM FROM search_vocabularyword WHERE word = ANY (tsvector_to_array(OLD.search_words)) ORDER BY word FOR UPDATE;
  UPDATE search_vocabularyword SET record_count = greatest(record_count - 1, 0)
  WHERE word = ANY (tsvector_to_array(OLD.search_words));
  RETURN NULL;
END """,
)

# Its arguments are the table of the records that a list shows, and the column of the changed rows with their ids.
# Without a column, and where a table was emptied, the entry has no ids and stands for all of them. The search itself,
# rebuilding words, says so in a setting: then the entry names the words of the table instead.
LOG_CHANGE = Function(
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
)


def note_changes(
    name: str, *, table: str = "", ids: str = ITSELF, column: str = "id", on: str = ANY_CHANGE, when: str = ""
) -> Trigger:
    """Return a trigger that notes records of the model when rows of `table`, else of its own, change.

    `ids` is a query for their ids; in it $1 is an array of the values that `column` of the changed row had and has.
    """
    return Trigger(
        name=name,
        table=table,
        fires=f"AFTER {on}",
        condition=when,
        function="search_note_change",
        arguments=["%(table)s", ids, column],
    )


def log_changes(name: str, *, table: str = "", column: str = "id", of: str = "%(table)s") -> list[Trigger]:
    """Return triggers that log which records of the table `of` lists may show otherwise when `table` changes.

    `column` of the changed rows holds the ids of the records.
    """
    events = {
        "INSERT": "REFERENCING NEW TABLE AS new_rows",
        "UPDATE": "REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows",
        "DELETE": "REFERENCING OLD TABLE AS old_rows",
        "TRUNCATE": "",
    }
    return [
        Trigger(
            name=f"{name}_{event.lower()}",
            table=table,
            fires=f"AFTER {event}",
            level="STATEMENT",
            options=rows,
            function="search_log_change",
            arguments=[of, column],
        )
        for event, rows in events.items()
    ]


# Of every model that the search finds.
ON_RECORDS = [
    note_changes("%(class)s_search_notes"),
    Trigger(name="%(class)s_search_keeps", fires="BEFORE INSERT OR UPDATE", function="search_keep_words"),
    Trigger(name="%(class)s_search_forgets", fires="AFTER DELETE", function="search_forget_words"),
]
