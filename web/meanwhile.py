"""Kept pages while the database does not answer, each with a note that says so."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

# So long after the last answer of the database nobody knows any more whether a page may still be shown.
LONGEST = timedelta(minutes=10)
BEGIN = b'<main id="main" class="frame" tabindex="-1">'
# Headers that say how a page may be kept, in proxies too.
REPLACED = {"x-accel-expires", "cache-control", "vary", "etag", "content-length"}


class Body(NamedTuple):
    """One encoding of a page, with its headers."""

    headers: list[tuple[str, str]]
    content: bytes


class LastAnswer:
    """Version of public data that the database told this process last, and when."""

    def __init__(self):
        self.version = ""
        self.told_at: datetime | None = None

    def note(self, version: str):
        self.version, self.told_at = version, timezone.now()

    @property
    def is_recent(self) -> bool:
        return self.told_at is not None and timezone.now() - self.told_at <= LONGEST


def with_note(path: str, headers: list[tuple[str, str]], content: bytes, told_at: datetime) -> Body | None:
    """Return a kept page with the note that it is as of `told_at`; None if it has no place for one."""
    if BEGIN not in content:
        return None
    with translation.override(translation.get_language_from_path(path) or settings.LANGUAGE_CODE):
        note = render_to_string("_read_only.html", {"told_at": told_at}).encode()
    content = content.replace(BEGIN, BEGIN + note, 1)
    kept = [(name, value) for name, value in headers if name.lower() not in REPLACED]
    return Body([*kept, ("Cache-Control", "no-store"), ("Content-Length", str(len(content)))], content)
