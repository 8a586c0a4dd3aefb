"""Database guard of checks: only a confirmation changes the check of an unchanged contact."""

from contextlib import contextmanager

from django.db import connection, transaction

from database.triggers import Function, Trigger

# A form, an importer or a revert writes all columns of a row that it read earlier. Its value of the check is only out
# of date, not invalid, so it is ignored and not refused. A check is about a value: changing the value also sets its
# check.
KEEP_CHECK = Function(
    name="sources_keep_check",
    body="""BEGIN
  IF (NEW.kind, NEW.value) IS NOT DISTINCT FROM (OLD.kind, OLD.value)
     AND current_setting('cisfilm.confirming', true) IS DISTINCT FROM 'on' THEN
    -- An account that is deleted leaves the checks of its editor, and nothing else in them changes.
    IF NEW.checked_by_id IS NOT NULL OR NEW.checked_on IS DISTINCT FROM OLD.checked_on THEN
      NEW.checked_by_id := OLD.checked_by_id;
    END IF;
    NEW.checked_on := OLD.checked_on;
    NEW.check_method := OLD.check_method;
  END IF;
  RETURN NEW;
END """,
)
KEEPS_CHECK = Trigger(name="%(class)s_keeps_check", fires="BEFORE UPDATE", function="sources_keep_check")


@contextmanager
def confirming():
    """Allow changes of checks within the block, which is one transaction."""
    with transaction.atomic():
        _set_confirming("on")
        yield
        _set_confirming("off")


def _set_confirming(value: str):
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('cisfilm.confirming', %s, true)", [value])
