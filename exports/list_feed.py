"""Changes of a saved list as an Atom feed."""

import hashlib
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.feedgenerator import Atom1Feed
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from .changes import ChangedRow, Changes
from .models import ContactList
from .saved_lists import title_of

ENTRIES = 200


class ListFeed(Atom1Feed):
    def latest_post_date(self):
        # Atom requires a date even in an empty feed; it must not differ between requests.
        return super().latest_post_date() if self.items else self.feed["taken_at"]


def feed_of(saved: ContactList, changes: Changes, path: str) -> Atom1Feed:
    """Return the feed of what changed since the list was last taken away; `path` is that of the feed."""
    page = settings.SITE_URL + saved.get_absolute_url()
    feed = ListFeed(
        title=_("Changes: %(list)s") % {"list": title_of(saved)},
        link=page,
        description="",
        language=get_language(),
        author_name="CISFilm",
        feed_url=settings.SITE_URL + path,
        feed_guid=_tag(saved, ""),
        taken_at=saved.taken_at,
    )
    for changed in changes.rows[:ENTRIES]:
        _add(feed, saved, changed, page)
    if changes.left_count:
        words = ngettext(
            "%(number)d record is no longer in the directory.",
            "%(number)d records are no longer in the directory.",
            changes.left_count,
        ) % {"number": changes.left_count}
        guid = _tag(saved, f"left {changes.left_count}")
        feed.add_item(title=words, link=page, description=words, unique_id=guid, updateddate=saved.taken_at)
    return feed


def _add(feed: Atom1Feed, saved: ContactList, changed: ChangedRow, page: str):
    record = changed.row.record
    words = "; ".join([capfirst(str(changed.label)), *changed.in_words])
    feed.add_item(
        title=changed.row.name,
        link=record.page or page,
        description=words,
        # Another change of the same row is another entry.
        unique_id=_tag(saved, f"{changed.row.identity} {words}"),
        # What time alone makes unconfirmed has no date of its own.
        updateddate=max(record.changed_at or saved.taken_at, saved.taken_at),
    )


def _tag(saved: ContactList, what: str) -> str:
    """Return an id that stays the same, and from which nobody learns the secret of the list."""
    digest = hashlib.sha256(f"{saved.secret} {saved.taken_at.isoformat() if what else ''} {what}".encode()).hexdigest()
    return f"tag:{urlsplit(settings.SITE_URL).hostname},{saved.created_at:%Y-%m-%d}:list/{digest[:32]}"
