"""Keys of merged records and past addresses, which the database gives to no other record."""

from database.triggers import Function, Trigger

REFUSE_GIVEN_UP = Function(
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
)
# After the row and not before it: by then a merge or a new address of somebody else, for which the unique index of the
# row waited, can be seen.
NOTHING_GIVEN_UP = Trigger(
    name="%(class)s_nothing_given_up",
    fires="AFTER INSERT OR UPDATE OF key, slug",
    function="merging_refuse_given_up",
    arguments=["%(class)s"],
)
