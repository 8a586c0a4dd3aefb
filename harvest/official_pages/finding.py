"""Which pages of a site to read: those that links call contacts, the best first."""

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from .pages import Page
from .words import has, plain, words

# When no link leads to contacts.
COMMON_PATHS = (
    "/contacts",
    "/contact",
    "/kontakty",
    "/contacts/",
    "/contact/",
    "/ru/contacts",
    "/en/contact",
    "/about/contacts",
    "/contacts.html",
    "/contact.html",
    "/kontakt",
    "/elaqe",
    "/aloqa",
    "/about",
)
FRAME, CONTACT, CONTACT_PATH, FRONT_IN_LANGUAGE, ABOUT, ABOUT_PATH = 100, 90, 80, 45, 40, 30
LEAST_USEFUL = ABOUT_PATH
FILES = re.compile(
    r"\.(?:pdf|docx?|xlsx?|pptx?|zip|rar|7z|jpe?g|png|gif|svg|webp|mp[34]|avi|mov|exe|rtf|odt|ics|rss|xml|css|js)$",
    re.IGNORECASE,
)
FRONT_OF_LANGUAGE = re.compile(
    r"^/(?:index[._-]?)?(ru|rus|en|eng|kk|kz|kaz|ky|kg|uz|uzb|oz|tg|tj|tk|tm|az|aze|hy|am|arm|ka|ge|geo|be|by|bel|ro|md|uk|ua)(?:\.\w+|/)?$",
    re.IGNORECASE,
)
LANGUAGE_PART = re.compile(
    r"/(?:ru|rus|en|eng|kk|kz|kaz|ky|kg|uz|uzb|oz|tg|tj|tk|tm|az|aze|hy|am|arm|ka|ge|geo|be|by|bel|ro|md|uk|ua)(?=/|$)",
    re.IGNORECASE,
)
# Deep pages are news more often than contacts.
LONGEST_LINK_TEXT = 60
MOST_SUGGESTIONS = 40
SECOND_LEVEL = {"com", "org", "net", "gov", "edu", "ac", "co", "info", "int", "mil", "biz", "msk", "spb"}
# Where each host is a site of its own.
SHARED_HOSTS = {
    "ucoz",
    "narod",
    "tilda",
    "wixsite",
    "blogspot",
    "wordpress",
    "weebly",
    "github",
    "jimdofree",
    "jimdosite",
}
SHARED_HOSTS |= {
    "business",
    "webnode",
    "at",
    "clan",
    "3dn",
    "my1",
    "do",
    "umi",
    "nethouse",
    "craftum",
    "mozello",
    "site123",
}


@dataclass(frozen=True)
class Suggestion:
    """A page to read, with its worth: frames, contacts, language versions, pages about the body."""

    worth: int
    url: str


def site_of(host: str) -> str:
    """Return the registered domain of a host, as far as its parts tell: "kino.gov.kz" for "www.kino.gov.kz"."""
    parts = host.lower().removeprefix("www.").split(".")
    if parts[-1].isdigit() or ":" in host:
        return host
    count = 3 if parts[-2:-1] and parts[-2] in SECOND_LEVEL | SHARED_HOSTS else 2
    return ".".join(parts[-count:])


def same_site(one: str, other: str) -> bool:
    """Return whether two URLs are pages of one site."""
    return site_of(urlsplit(one).hostname or "") == site_of(urlsplit(other).hostname or "")


def key_of(url: str) -> str:
    """Return a key that is equal for the spellings of one page's URL."""
    parts = urlsplit(url)
    path = re.sub(r"/(?:index\.(?:html?|php)|default\.aspx?)$", "/", unquote(parts.path)).rstrip("/")
    return f"{(parts.hostname or '').removeprefix('www.')}:{parts.port or ''}{path}?{parts.query}".lower()


def suggestions_of(page: Page) -> list[Suggestion]:
    """Return the pages of the same site that this one leads to and that may have contacts, the best first."""
    best: dict[str, Suggestion] = {}
    for worth, url in [*((FRAME, url) for url in page.frames), *((_worth(*link), link[0]) for link in page.links)]:
        if worth >= LEAST_USEFUL and same_site(url, page.url) and not FILES.search(urlsplit(url).path):
            known = best.get(key_of(url))
            if known is None or known.worth < worth:
                best[key_of(url)] = Suggestion(worth, url)
    best.pop(key_of(page.url), None)
    return sorted(best.values(), key=lambda suggestion: -suggestion.worth)[:MOST_SUGGESTIONS]


def _worth(url, text):
    parts = urlsplit(url)
    if not (parts.path.strip("/") or parts.query):
        return 0
    text = plain(text)
    path = unquote(parts.path.lower())
    depth = path.strip("/").count("/")
    if len(text) <= LONGEST_LINK_TEXT and words("contact_links").search(text):
        return CONTACT - depth
    if _path_says("contact_paths", path):
        return CONTACT_PATH - depth
    if FRONT_OF_LANGUAGE.match(path):
        return FRONT_IN_LANGUAGE
    if len(text) <= LONGEST_LINK_TEXT and words("about_links").search(text):
        return ABOUT - depth
    return ABOUT_PATH if _path_says("about_paths", path) and depth <= 1 else 0


def _path_says(section, path):
    last = re.sub(r"\.\w{2,5}$", "", path.rstrip("/").rpartition("/")[2])
    match = words(section).match(last)
    return bool(match) and match.end() == len(last)


def is_contact_page(page: Page) -> bool:
    """Return whether the page says itself that it is about contacts."""
    path = unquote(urlsplit(page.url).path.lower())
    heading = next((line.text for line in page.lines if line.level == 1), "")
    title = re.split(r"\s[|–—-]\s", page.title)
    return _path_says("contact_paths", path) or any(
        len(text) <= LONGEST_LINK_TEXT and has("contact_links", text) for text in (heading, title[0], title[-1])
    )


def other_language_of(url: str) -> str:
    """Return a key that is equal for the language versions of a page whose paths differ in the language only."""
    return LANGUAGE_PART.sub("", key_of(url))
