"""Time limits for the database, and the page shown if it does not answer.

`cisfilm.wsgi` sets the limits for the web process; commands may take as long as they need.
"""

import asyncio
import sys
from concurrent.futures import ThreadPoolExecutor

import psycopg
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections
from django.db.backends.signals import connection_created
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.views.defaults import server_error as fault_of_ours
from psycopg.pq import TransactionStatus

RETRY_AFTER_SECONDS = 30
# The platform's probe allows only a short time for /healthz.
HEALTH_SECONDS = 1.5


def limit_waiting():
    """Set time limits for each new connection of this process: to connect, to wait for a lock, to run a statement.

    The server ends statements itself. A stopped server or a network that drops packets never says so, so the client has
    a limit too, which is a little longer.
    """
    options = settings.DATABASES[DEFAULT_DB_ALIAS].setdefault("OPTIONS", {})
    limits = f"-c statement_timeout={settings.STATEMENT_SECONDS}s -c lock_timeout={settings.LOCK_SECONDS}s"
    options["options"] = f"{options.get('options', '')} {limits}".strip()
    options["connect_timeout"] = settings.CONNECT_SECONDS
    connection_created.connect(_wait_no_longer, dispatch_uid="web.waiting")


def _wait_no_longer(connection, **kwargs):
    """Limit every wait for an answer on this connection; close it after a timeout, as its state is then unknown."""
    opened = connection.connection
    wait = opened.wait

    def wait_or_close(*arguments, **options):
        # Django tests an old connection at the beginning of a request: it answers at once or never.
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
    """Return whether the database accepts a new connection, within a bounded time."""
    # In a thread of its own, since the caller's may have a loop already.
    with ThreadPoolExecutor(1) as thread:
        try:
            thread.submit(asyncio.run, asyncio.wait_for(_connect(), HEALTH_SECONDS)).result()
        except (psycopg.Error, OSError, TimeoutError):
            return False
    return True


def with_probes(application):
    """Answer probes, whatever host they name: /livez while the process works, /healthz while the database does."""

    def answer(environ, start_response):
        path = environ["PATH_INFO"]
        if path not in ("/livez", "/healthz"):
            return application(environ, start_response)
        works = path == "/livez" or database_answers()
        body = b"ok\n" if works else b"database does not answer\n"
        headers = [("Content-Type", "text/plain"), ("Content-Length", str(len(body))), ("Cache-Control", "no-store")]
        start_response("200 OK" if works else "503 Service Unavailable", headers)
        return [body] if environ["REQUEST_METHOD"] != "HEAD" else []

    return answer


def is_no_answer(error: BaseException | None) -> bool:
    """Return whether the error is temporary: refused, too slow, starting up or read-only."""
    is_read_only = isinstance(getattr(error, "__cause__", None), psycopg.errors.ReadOnlySqlTransaction)
    return isinstance(error, OperationalError | InterfaceError) or is_read_only


def unavailable() -> HttpResponse:
    """Return a plain page that needs no database."""
    response = HttpResponse(render_to_string("503.html"), status=503)
    response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    response["Cache-Control"] = "no-store"
    return response


def server_error(request) -> HttpResponse:
    """Return the page for an unhandled exception; Django calls it while it handles that exception."""
    return unavailable() if is_no_answer(sys.exception()) else fault_of_ours(request)
