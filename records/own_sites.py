"""Websites of bodies: which pages are of one, and which hosts are everybody's."""

from urllib.parse import urlsplit

from .contact_types import KIND_OF_HOST

# Hosts whose pages belong to many bodies: the path tells them apart, and it changes.
SHARED_HOSTS = {
    *KIND_OF_HOST,
    *("sites.google.com", "docs.google.com", "google.com", "linktr.ee", "taplink.cc", "ok.ru", "x.com", "twitter.com"),
    *("linkedin.com", "tiktok.com", "vimeo.com", "medium.com", "telegra.ph", "notion.site", "imdb.com", "gov.kz"),
    *("gov.ru", "gov.uz", "gov.kg", "gov.az", "gov.am", "gov.ge", "gov.by", "gov.md", "gov.tj", "gov.tm", "gov.ua"),
    *("wikipedia.org", "wikidata.org", "kinopoisk.ru", "kino-teatr.ru", "web.archive.org", "archive.org"),
}
# Services that give each customer a host below theirs.
HOSTS_OF_CUSTOMERS = (
    *("wixsite.com", "narod.ru", "ucoz.ru", "ucoz.net", "ucoz.com", "blogspot.com", "wordpress.com", "livejournal.com"),
    *("tilda.ws", "weebly.com", "github.io", "business.site", "jimdofree.com", "webnode.page", "at.ua", "clan.su"),
)
# First labels of hosts that say a language or a kind of page, and no other site.
SAME_SITE = {
    "www",
    "www2",
    "m",
    "mobile",
    "old",
    "new",
    "en",
    "ru",
    "kz",
    "kk",
    "kg",
    "ky",
    "az",
    "am",
    "hy",
    "by",
    "be",
}
SAME_SITE |= {"ge", "ka", "uz", "tj", "tg", "tm", "tk", "md", "ro", "ua", "uk", "eng", "rus"}


def site_of(url: str) -> str:
    """Return a key that is equal for two pages of one body's website; "" for pages on hosts of many bodies."""
    try:
        parts = urlsplit(url if "://" in url else f"https://{url}")
        host = (parts.hostname or "").rstrip(".").encode("idna").decode()
    except ValueError:
        return ""
    labels = host.split(".")
    while len(labels) > 2 and labels[0] in SAME_SITE:
        labels = labels[1:]
    host = ".".join(labels)
    if host in SHARED_HOSTS or "." not in host:
        return ""
    if host.endswith(HOSTS_OF_CUSTOMERS):
        if host in HOSTS_OF_CUSTOMERS:
            return ""
        # One customer of Wix may have several sites, in folders.
        folder = parts.path.strip("/").partition("/")[0]
        return f"{host}/{folder}" if host.endswith("wixsite.com") else host
    return host
