"""The order of use of institutions: a column that triggers keep, from the institution itself and its public contacts.

It does not depend on the present day: the year of the newest check counts, and not how long ago that is.
"""

from collections.abc import Iterable

from database.triggers import Function, Trigger
from records.contact_types import ContactKind

from .choices import ENDED, GOVERNING_KINDS, STATE_BY_KIND, STATE_KINDS, InstitutionKind, Ownership
from .rows import ANSWERED_KINDS

# The thousands of the column: state bodies that govern film, other state bodies, all others, and those that ended.
OTHERS_FROM = 2000
# The hundreds: reached by telephone or e-mail, by a page, by post or fax, or not at all. The rest is the year of the
# newest check or sighting, the latest first.
GOVERNING_AND_REACHED = 200
BY_POST = [ContactKind.ADDRESS, ContactKind.FAX]


def _list(values: Iterable[str]) -> str:
    return ", ".join(f"'{value!s}'" for value in values)


KEEP_STANDING = Function(
    name="institutions_keep_standing",
    body=f"""DECLARE
  is_state boolean := NEW.ownership = '{Ownership.STATE!s}' OR NEW.kind = '{InstitutionKind.INTERGOVERNMENTAL!s}'
    OR NEW.ownership = '' AND NEW.kind IN ({_list(STATE_BY_KIND)});
  way int;
  year int;
BEGIN
  SELECT min(CASE WHEN kind IN ({_list(ANSWERED_KINDS)}) THEN 0 WHEN kind IN ({_list(BY_POST)}) THEN 2 ELSE 1 END),
    max(left(greatest(checked_on, seen_on::text), 4))
  INTO way, year
  FROM institutions_institutioncontact WHERE institution_id = NEW.id AND is_public;
  NEW.standing := 1000 * CASE
      WHEN NEW.status IN ({_list(ENDED)}) THEN 3
      WHEN is_state AND NEW.kind IN ({_list(GOVERNING_KINDS)}) THEN 0
      WHEN is_state AND NEW.kind IN ({_list(STATE_KINDS)}) THEN 1
      ELSE 2
    END
    + 100 * coalesce(least(way, CASE WHEN NEW.address_local <> '' OR NEW.address_latin <> '' THEN 2 END), 3)
    + CASE WHEN year IS NULL THEN 99 ELSE 98 - least(greatest(year - 2000, 0), 98) END;
  IF TG_OP = 'UPDATE' AND pg_trigger_depth() > 1 AND NEW IS NOT DISTINCT FROM OLD THEN
    RETURN NULL;
  END IF;
  RETURN NEW;
END """,  # noqa: S608 from constants
)
# Of the institution whose contact changed.
RENEW_STANDING = Function(
    name="institutions_renew_standing",
    body="""BEGIN
  UPDATE institutions_institution SET standing = standing WHERE id IN (OLD.institution_id, NEW.institution_id);
  RETURN NULL;
END """,
)


def _what_counts(row: str) -> str:
    columns = (
        "{0}.institution_id",
        "{0}.kind",
        "{0}.is_public",
        "left({0}.checked_on, 4)",
        "left({0}.seen_on::text, 4)",
    )
    return ", ".join(columns).format(row)


# Of institutions.
STANDING = [
    KEEP_STANDING,
    RENEW_STANDING,
    Trigger(name="institution_keeps_standing", fires="BEFORE INSERT OR UPDATE", function="institutions_keep_standing"),
    Trigger(
        name="institution_standing_of_contacts",
        table="institutions_institutioncontact",
        fires="AFTER INSERT OR DELETE",
        function="institutions_renew_standing",
    ),
    Trigger(
        name="institution_standing_of_contact",
        table="institutions_institutioncontact",
        fires="AFTER UPDATE",
        condition=f"({_what_counts('OLD')}) IS DISTINCT FROM ({_what_counts('NEW')})",
        function="institutions_renew_standing",
    ),
]
