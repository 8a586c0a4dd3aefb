"""The admin of sources and of past URLs."""

import reversion
from django.contrib import admin
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from editors.forms.history_admin import HistoryAdmin
from editors.forms.read_only_admin import ReadOnlyAdmin
from editors.forms.rows import DeadLinkFilter, dead_in_words
from records.models import PastSlug, Source

reversion.register(Source)


@admin.register(Source)
class SourceAdmin(HistoryAdmin):
    """Sources are everybody's: one page may speak of several countries."""

    list_display = ["title", "publisher", "host", "language", "published_on", "accessed_on", "link"]
    list_filter = ["language", ("snapshot_url", admin.EmptyFieldListFilter), DeadLinkFilter]
    readonly_fields = ["link"]
    search_fields = ["title", "publisher", "url"]
    ordering = ["title", "url"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "url",
                    "link",
                    "title",
                    ("publisher", "language"),
                    ("published_on", "accessed_on"),
                    "snapshot_url",
                    "licence",
                    "note",
                ],
                "description": _("A page or letter that states facts. One URL is one source, used by many records."),
            },
        )
    ]

    def may_recover(self, request, version):
        # Sources are of no country.
        return True

    def in_countries(self, codes):
        return Q()

    @admin.display(description=_("site"))
    def host(self, source):
        return source.host

    def get_queryset(self, request):
        return super().get_queryset(request).with_dead_since()

    @admin.display(description=_("link"))
    def link(self, source):
        return dead_in_words(source)


@admin.register(PastSlug)
class PastSlugAdmin(ReadOnlyAdmin):
    """Old addresses, to look up only: records make them themselves."""

    list_display = ["slug", "record_kind", "record_key"]
    list_filter = ["record_kind"]
    search_fields = ["slug", "record_key"]
    ordering = ["record_kind", "slug"]
    show_full_result_count = False
    list_per_page = 50

    def in_countries(self, codes):
        # An address knows no country, and those of drafts are here too.
        return Q(pk__in=[])
