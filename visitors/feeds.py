"""Feeds of recent changes: of all records, one country, or one kind of institution."""

import re
from datetime import UTC, datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import Http404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, rfc3339_date
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from institutions.models import KIND_HEADINGS, Country, Institution, InstitutionKind
from records.history.models import RecordChange
from records.linked_data import absolute

ENTRIES = 50
# Atom requires a date even in an empty feed; it must not differ between requests.
BEFORE_ALL_CHANGES = datetime(2026, 1, 1, tzinfo=UTC)

# XML does not allow these characters, and one in a name would make the whole feed invalid.
NOT_FOR_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class AtomInSeveralLanguages(Atom1Feed):
    """Atom with plain texts, in which a record's name may be in another language than the rest."""

    def latest_post_date(self):
        return super().latest_post_date() if self.items else BEFORE_ALL_CHANGES

    def add_item_elements(self, handler, item):
        handler.addQuickElement("title", item["title"], {"xml:lang": item["title_language"]})
        handler.addQuickElement("link", "", {"rel": "alternate", "type": "text/html", "href": item["link"]})
        handler.addQuickElement("id", item["unique_id"])
        handler.addQuickElement("updated", rfc3339_date(item["updateddate"]))
        handler.addQuickElement("summary", item["description"])


class ChangesFeed(Feed):
    """The newest changes of all public records."""

    feed_type = AtomInSeveralLanguages
    author_name = "CISFilm"

    def __call__(self, request, *args, **kwargs):
        response = super().__call__(request, *args, **kwargs)
        # Without Last-Modified: if the newest record is hidden, the newest date goes back, and readers that ask by date
        # alone would keep what is hidden. The ETag of the page store changes in any case.
        del response["Last-Modified"]
        return response

    def title(self, subject):
        return _("Changes in CISFilm")

    def link(self, subject):
        return settings.SITE_URL + reverse("change_list")

    def feed_url(self, subject):
        return settings.SITE_URL + reverse("changes_feed")

    def feed_guid(self, subject):
        return self.feed_url(subject)

    def changes(self, subject):
        return RecordChange.objects.all()

    def items(self, subject):
        changes = self.changes(subject).public()
        return changes.told(changes.gathered().newest_first()[:ENTRIES])

    def item_title(self, change):
        if change.load:
            return NOT_FOR_XML.sub(" ", str(change.load))
        return NOT_FOR_XML.sub(" ", change.record.name)

    def item_extra_kwargs(self, change):
        # The name of a country comes from CLDR, in any language.
        names = None if change.load else getattr(change.record, "shown_names", None)
        return {"title_language": names[0].language if names else get_language()}

    def item_description(self, change):
        return NOT_FOR_XML.sub(" ", capfirst(change.load.in_words if change.load else change.in_words))

    def item_link(self, change):
        if change.load:
            return settings.SITE_URL + change.load.get_absolute_url()
        return absolute(change.record)

    def item_guid(self, change):
        # The id does not contain the URL, since the URL of the record may change; another text is another entry.
        host = urlsplit(settings.SITE_URL).hostname
        # Which change represents a load depends on what is public.
        what = f"load/{change.load_id}" if change.load else f"change/{change.pk}"
        return f"tag:{host},{change.changed_at:%Y-%m-%d}:{what}/{get_language()}"

    def item_updateddate(self, change):
        return change.changed_at


class CountryFeed(ChangesFeed):
    """The newest changes in one country."""

    def get_object(self, request, code):
        return Country.objects.listed().get(code=code.upper())

    def title(self, country):
        return _("Changes in CISFilm: %(what)s") % {"what": country.name}

    def link(self, country):
        return absolute(country)

    def feed_url(self, country):
        return settings.SITE_URL + reverse("country_changes_feed", args=[country.code.lower()])

    def changes(self, country):
        return RecordChange.objects.in_countries([country.code])


class InstitutionKindFeed(ChangesFeed):
    """The newest changes of institutions of one kind."""

    def get_object(self, request, kind):
        if kind not in InstitutionKind:
            raise Http404(f"No institutions are called {kind}")
        return kind

    def title(self, kind):
        return _("Changes in CISFilm: %(what)s") % {"what": KIND_HEADINGS[kind]}

    def link(self, kind):
        return f"{settings.SITE_URL}{reverse('institutions:institution_list')}?kind={kind}"

    def feed_url(self, kind):
        return settings.SITE_URL + reverse("kind_changes_feed", args=[kind])

    def changes(self, kind):
        return RecordChange.objects.of_records(Institution.objects.published().filter(kind=kind))


changes_feed = ChangesFeed()
country_feed = CountryFeed()
institution_kind_feed = InstitutionKindFeed()
