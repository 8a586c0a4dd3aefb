"""Database guard of contacts: only a confirmation changes their check, only a reading of a website their sighting."""

from contextlib import contextmanager

from django.db import connection, transaction

from database.triggers import Function, Trigger

# A form, an importer or a revert writes all columns of a row that it read earlier. Its value of the check is only out
# of date, not invalid, so it is ignored and not refused. A check is about a value: changing the value also sets its
# check. The same holds for sightings, which only `sightings.reading` changes.
KEEP_CHECK = Function(
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
)
KEEPS_CHECK = Trigger(name="%(class)s_keeps_check", fires="BEFORE UPDATE", function="sources_keep_check")


def confirming():
    """Allow changes of checks within the block, which is one transaction."""
    return _allowed("cisfilm.confirming")


def reading():
    """Allow changes of sightings within the block, which is one transaction."""
    return _allowed("cisfilm.reading")


@contextmanager
def _allowed(setting: str):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, 'on', true)", [setting])
        yield
        cursor.execute("SELECT set_config(%s, 'off', true)", [setting])
