"""All public pages for search engines, each with its twin in the other language."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.http import HttpResponse
from django.urls import reverse, translate_url

from cooperation.models import Event, Film
from institutions.models import Country, Institution, Programme
from people.models import Person

# The protocol takes 50,000 addresses a file, and every page stands there once a language.
PAGES_A_FILE = 20_000
LISTS = [
    *("home", "about", "coverage", "change_list"),
    *(f"institutions:{kind}_list" for kind in ("institution", "studio", "agency", "country", "programme")),
    *("people:person_list", "cooperation:event_list", "cooperation:film_list"),
]
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
        return LISTS

    def location(self, item):
        return reverse(item)


class Records(PagesInAllLanguages):
    """The published records of one kind."""

    def __init__(self, records):
        self.records = records

    def items(self):
        return self.records().order_by("pk")

    def lastmod(self, record):
        return record.updated_at


SITEMAPS = {
    "lists": Lists(),
    "institutions": Records(Institution.objects.published),
    "people": Records(Person.objects.published),
    "countries": Records(Country.objects.listed),
    "programmes": Records(Programme.objects.published),
    "events": Records(Event.objects.published),
    "films": Records(Film.objects.published),
}


def robots(request):
    """Which pages robots leave alone, and where all others are listed."""
    lines = ["User-agent: *"]
    for name in NOT_FOR_SEARCH_ENGINES:
        lines += [f"Disallow: {translate_url(reverse(name), language)}" for language in dict(settings.LANGUAGES)]
    lines += ["Disallow: /*/export/", f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
