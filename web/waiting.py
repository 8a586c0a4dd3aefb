"""How long a page waits for the database, and what it says when the database does not answer.

`cisfilm.wsgi` limits the waiting of the web process; commands may take as long as they need.
"""

import asyncio
import sys

import psycopg
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections
from django.db.backends.signals import connection_created
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.views.defaults import server_error as fault_of_ours
from psycopg.pq import TransactionStatus

RETRY_AFTER_SECONDS = 30
# The platform asks /healthz often and takes no answer for a bad one.
HEALTH_SECONDS = 1.5


def limit_waiting():
    """Let each new connection of this process give up in time: while connecting, on a lock, in a statement.

    The server ends statements itself. One that was stopped, or a network that swallows all, never says so: the client
    gives up a little later.
    """
    options = settings.DATABASES[DEFAULT_DB_ALIAS].setdefault("OPTIONS", {})
    limits = f"-c statement_timeout={settings.STATEMENT_SECONDS}s -c lock_timeout={settings.LOCK_SECONDS}s"
    options["options"] = f"{options.get('options', '')} {limits}".strip()
    options["connect_timeout"] = settings.CONNECT_SECONDS
    connection_created.connect(_wait_no_longer, dispatch_uid="web.waiting")


def _wait_no_longer(connection, **kwargs):
    """Every wait for an answer on this connection ends, and the connection with it: who knows what comes on it next."""
    opened = connection.connection
    wait = opened.wait

    def wait_or_close(*arguments, **options):
        # Whether an old connection still works is asked at the beginning of a request, and answered at once or never.
        is_asked = connection.health_check_enabled and not connection.health_check_done
        seconds = settings.CONNECT_SECONDS + (0 if is_asked else settings.STATEMENT_SECONDS)
        try:
            return wait(*arguments, **{"timeout": seconds} | options)
        except psycopg.OperationalError:
            if opened.info.transaction_status == TransactionStatus.ACTIVE:
                opened.close()
            raise

    opened.wait = wait_or_close


async def _connect():
    parameters = connections[DEFAULT_DB_ALIAS].get_connection_params()
    wanted = {name: value for name, value in parameters.items() if name not in ("cursor_factory", "context")}
    connection = await psycopg.AsyncConnection.connect(**wanted)
    await connection.close()


def database_answers() -> bool:
    """Whether the database takes a new connection, which it does only while it can work; known in time in any case."""
    try:
        asyncio.run(asyncio.wait_for(_connect(), HEALTH_SECONDS))
    except (psycopg.Error, OSError, TimeoutError):
        return False
    return True


def is_no_answer(error: BaseException | None) -> bool:
    """Whether the database refused, was too slow, is starting, or takes no changes: what may be over in a minute."""
    is_read_only = isinstance(getattr(error, "__cause__", None), psycopg.errors.ReadOnlySqlTransaction)
    return isinstance(error, OperationalError | InterfaceError) or is_read_only


def unavailable() -> HttpResponse:
    """A plain page that asks nothing of the database."""
    response = HttpResponse(render_to_string("503.html"), status=503)
    response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    response["Cache-Control"] = "no-store"
    return response


def server_error(request) -> HttpResponse:
    """The page for an exception, which Django calls while it handles that."""
    return unavailable() if is_no_answer(sys.exception()) else fault_of_ours(request)
