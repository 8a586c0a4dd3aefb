"""List of withheld people as a file outside the database, which a backup that is brought back does not know."""

import json
import logging
import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from people.models import Person
from records.models import MergedKey

RECORD = ("key", "slug", "name_en", "name_ru", "name_native", "native_language")
OTHER_NAME = ("text", "kind", "language")
# Advisory lock: one process at a time reads the list and writes the file, so that no older list replaces a newer one.
WRITING_LOCK = 7_345_002

logger = logging.getLogger(__name__)


def withheld_list() -> list[dict[str, Any]]:
    """Return the minimum needed to recognise all withheld people."""
    return [
        {name: getattr(person, name) for name in RECORD if getattr(person, name)}
        | {
            "other_names": [{name: getattr(other, name) for name in OTHER_NAME} for other in person.other_names.all()],
            "withheld_on": person.withheld_on and person.withheld_on.isoformat(),
            "reason": person.withheld_reason,
            "note": person.withheld_note,
        }
        for person in Person.objects.withheld().prefetch_related("other_names").order_by("key")
    ]


def unknown_entries(file: Path) -> list[dict[str, Any]]:
    """Return the entries of the file about people whom this database does not withhold. Raise OSError, ValueError."""
    entries = {f"person/{entry['key']}": entry for entry in json.loads(file.read_text(encoding="utf-8"))}
    present = MergedKey.objects.present_records(entries)
    withheld = {f"person/{key}" for key in Person.objects.withheld().values_list("key", flat=True)}
    return [entry for key, entry in entries.items() if present[key] not in withheld]


def write_list(file: Path) -> int:
    """Write the list so that only its owner can read it; return the number of people. Raise OSError, ValueError.

    Entries that this database lacks stay: it may have come from a backup that is older than the file.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [WRITING_LOCK])
        entries = withheld_list() + (unknown_entries(file) if file.exists() else [])
        new = file.with_name(f"{file.name}.new")
        new.unlink(missing_ok=True)
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as stream:
            stream.write(json.dumps(entries, ensure_ascii=False, indent=1) + "\n")
            stream.flush()
            os.fsync(stream.fileno())
        # A truncated list would restore people.
        new.replace(file)
    return len(entries)


def keep_outside():
    """Write the list where WITHHELD_LIST says, after somebody was withheld."""
    if not settings.WITHHELD_LIST:
        return
    try:
        write_list(Path(settings.WITHHELD_LIST))
    except (OSError, ValueError):
        # Somebody is withheld all the same; `manage.py doctor` finds a list that lacks them.
        logger.exception("The list of withheld people could not be written.")
