"""Dates of a post as short tags: since when, and how long ago a page named the person in it or told of the end."""

from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from languages.date_phrases import genitive, last_seen, since, until
from languages.partial_dates import PartialDate
from records.checks import Freshness

ENDED = "ended"
AS_OF = {
    Freshness.FRESH: gettext_lazy("as of %(date)s"),
    Freshness.AGEING: gettext_lazy("ageing; as of %(date)s"),
    Freshness.UNCONFIRMED: gettext_lazy("unconfirmed; last seen %(date)s"),
}
# Where no page is newer than the one that tells of the beginning.
SINCE = {
    Freshness.FRESH: gettext_lazy("since %(date)s"),
    Freshness.AGEING: gettext_lazy("ageing; since %(date)s"),
    Freshness.UNCONFIRMED: gettext_lazy("unconfirmed; since %(date)s"),
}


class DateTag(NamedTuple):
    """Words, and the mark before them: "ended", or how fresh the date is."""

    words: str
    mark: str = ""


def date_tags(post) -> list[DateTag]:
    """Return one or two tags; the last one has a mark."""
    begun = [DateTag(since(post.since))] if post.since else []
    if post.until:
        return [*begun, DateTag(until(post.until), ENDED)]
    if post.is_over:
        words = last_seen(post.last_seen) if post.last_seen else _("last seen: date not known")
        return [*([] if post.last_seen == post.since else begun), DateTag(words, ENDED)]
    if not post.last_seen:
        return [DateTag(_("unconfirmed; page without date"), Freshness.UNCONFIRMED.value)]
    freshness = Freshness.of(post.last_seen, timezone.localdate())
    if post.last_seen == post.since:
        return [DateTag(SINCE[freshness] % {"date": genitive(post.since)}, freshness.value)]
    return [*begun, DateTag(AS_OF[freshness] % {"date": PartialDate(post.last_seen).in_words()}, freshness.value)]
