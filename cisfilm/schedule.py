"""Commands that timers start, and the note of each run; each has its timer in deploy/systemd/."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

logger = logging.getLogger(__name__)

# Each with the time between two runs.
SCHEDULE = {
    "rebuild_search": timedelta(minutes=5),
    "write_withheld": timedelta(days=1),
    "purge": timedelta(days=1),
    "back_up": timedelta(days=1),
    "check_links": timedelta(weeks=1),
    "read_official_pages": timedelta(weeks=1),
    "request_confirmations": timedelta(weeks=1),
    "rehearse_restore": timedelta(weeks=1),
    "harvest": timedelta(days=31),
}


@contextmanager
def noted_run(arguments: list[str]) -> Iterator[None]:
    """Note whether the command within the block succeeded, if it is one of the schedule."""
    command = arguments[1] if len(arguments) > 1 else ""
    if command not in SCHEDULE or {"-h", "--help"} & set(arguments):
        yield
        return
    began, succeeded = time.monotonic(), False
    try:
        yield
        succeeded = True
    except SystemExit as end:
        succeeded = not end.code
        raise
    finally:
        _note(command, succeeded, time.monotonic() - began)


def _note(command, succeeded, seconds):
    # manage.py imports this module before Django is set up, and a command may fail before it is.
    from django.core.exceptions import AppRegistryNotReady, ImproperlyConfigured
    from django.db import DatabaseError

    try:
        from .models import CommandRun

        CommandRun.note(command, succeeded=succeeded, seconds=seconds)
    except (AppRegistryNotReady, ImproperlyConfigured, DatabaseError):
        logger.warning("The run of %s could not be noted.", command, exc_info=True)
