"""Sitemap: all public pages in both languages."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.http import HttpResponse
from django.urls import reverse, translate_url

from records.kinds import kinds

# The protocol allows 50,000 URLs a file, and every page has one per language.
PAGES_A_FILE = 20_000
PAGES = ["home", "about", "coverage", "change_list"]
NOT_FOR_SEARCH_ENGINES = ["admin:index", "contacts:my_list", "compare", "search", "contacts:contact_list_save"]


class PagesInAllLanguages(Sitemap):
    i18n = alternates = x_default = True
    limit = PAGES_A_FILE

    @property
    def protocol(self):
        return urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site=None):
        return urlsplit(settings.SITE_URL).netloc


class Lists(PagesInAllLanguages):
    def items(self):
        return [*PAGES, *(page.url_name for kind in kinds().values() for page in kind.lists)]

    def location(self, item):
        return reverse(item)


class Records(PagesInAllLanguages):
    """Published records of one kind."""

    def __init__(self, records):
        self.records = records

    def items(self):
        return self.records().order_by("pk")

    def lastmod(self, record):
        return record.updated_at


SITEMAPS = {
    "lists": Lists(),
    **{kind.list_of_all.section: Records(kind.published) for kind in kinds().values()},
}


def robots(request):
    """Return robots.txt: excluded pages, and the URL of the sitemap."""
    lines = ["User-agent: *"]
    for name in NOT_FOR_SEARCH_ENGINES:
        lines += [f"Disallow: {translate_url(reverse(name), language)}" for language in dict(settings.LANGUAGES)]
    lines += ["Disallow: /*/export/", f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
