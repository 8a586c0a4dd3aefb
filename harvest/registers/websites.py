"""Whether the website that a register names answers, and has the name of the body on its front page."""

import html
import re

from languages.folding import fold_for_search
from records.own_sites import site_of
from search.duplicates import telling_words
from web.site_client import Answer, SiteClient, SiteError

from .register import Body

MOST_BYTES = 500_000
NOT_TEXT = re.compile(r"(?is)<(script|style)\b.*?</\1\s*>|<[^>]*>")
CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)


def reasons_of_website(client: SiteClient, url: str, body: Body) -> tuple[str, ...]:
    """Return the reasons to believe the website, by its front page; none if it does not answer."""
    try:
        answer = client.get(url, most_bytes=MOST_BYTES)
    except SiteError:
        return ()
    if answer.status >= 400 or site_of(answer.url) != site_of(url):
        return ()
    words = set(fold_for_search(_text(answer)).split())
    names = (
        set(telling_words(fold_for_search(*name))) or set(fold_for_search(*name).split()) for name in body.all_names
    )
    is_named = any(telling and telling <= words for telling in names)
    return ("domain-answers", "name-on-front-page") if is_named else ("domain-answers",)


def _text(answer: Answer) -> str:
    declared = CHARSET.search(answer.headers.get("Content-Type") or "") or CHARSET.search(
        answer.body[:4096].decode("ascii", "replace")
    )
    try:
        text = answer.body.decode(declared[1] if declared else "utf-8", "replace")
    except LookupError:
        text = answer.body.decode("utf-8", "replace")
    return html.unescape(NOT_TEXT.sub(" ", text))
