"""Data version: a number that differs before and after every commit that may change a public page.

Each transaction that changes a public table leaves one row with a random token in `web_datachange`; the version is the
exclusive or of all tokens that a reader sees. So the version and the data become visible in the same moment, by the
same rules, and no writer waits for another one.
"""

from time import monotonic

import psycopg
from django.db import DEFAULT_DB_ALIAS, Error, connections

from database.triggers import Function, Trigger

# The first change of a transaction notes it, and replaces the rows of finished transactions by one with the same
# exclusive or; rows that another transaction is replacing are left to it. At other isolation levels a row that somebody
# replaced meanwhile would be an error. A savepoint that is rolled back takes the row and the setting along.
NOTE_DATA_CHANGE = Function(
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
)
# A connection that the server has closed fails at once; one to a server that hangs only after its time limit.
AT_ONCE_SECONDS = 0.5
VERSION = b"SELECT coalesce(bit_xor(token), 0) FROM web_datachange"


def moves_data_version(name: str = "%(class)s_data_version", table: str = "") -> Trigger:
    """Return a trigger that moves the version whatever changes `table`, else the model's own."""
    fires = "AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE"
    return Trigger(name=name, table=table, fires=fires, level="STATEMENT", function=NOTE_DATA_CHANGE.name)


# Of every model that a public page draws on.
MOVES_DATA_VERSION = moves_data_version()


def data_version() -> str:
    """Return the version, by one round trip, or "" if the database does not answer.

    For use outside of Django's requests: an outdated or broken connection is closed here. The query tells whether it
    works, so that Django's own test of it would be a second round trip.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    connection.close_if_unusable_or_obsolete()
    was_open, began = connection.connection is not None, monotonic()
    version = _version(connection)
    if not version and was_open and monotonic() - began < AT_ONCE_SECONDS:
        # The server ended the idle connection, as after a restart, and may be there again.
        version = _version(connection)
    return version


def _version(connection) -> str:
    try:
        connection.ensure_connection()
        return str(connection.connection.execute(VERSION).fetchone()[0])
    except (psycopg.Error, Error):
        connection.close()
        return ""


def data_version_in_request() -> str:
    """Return the version by the connection of the request, as its transaction sees it. Raise `django.db.Error`."""
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(VERSION)
        return str(cursor.fetchone()[0])
