"""Admin list of pairs that may be duplicates."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from editors.forms.country_filter import CountryFilter
from editors.forms.read_only_admin import ReadOnlyAdmin
from editors.merging.pages import merge_page
from institutions.models import Country
from search.models import SuspectedDuplicate
from search.rebuilding import searchable_models

from .task_filter import TaskFilter


class OpenFilter(admin.SimpleListFilter):
    """Filter that shows open pairs by default."""

    title = _("reviewed")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("different", _("different records")), ("all", _("all"))]

    def choices(self, changelist):
        for choice in super().choices(changelist):
            if choice["query_string"] == changelist.get_query_string(remove=[self.parameter_name]):
                choice["display"] = _("not yet")
            yield choice

    def queryset(self, request, queryset):
        if self.value() == "all":
            return queryset
        return queryset.filter(is_dismissed=self.value() == "different")


@admin.register(SuspectedDuplicate)
class SuspectedDuplicateAdmin(ReadOnlyAdmin):
    """Admin of pairs to merge, or to mark as different; without a form."""

    # Pairs of several countries are for editors of the whole directory.
    country_path = "country_code"
    still_allowed = {"change"}
    list_display = ["first", "second", "kind_of_record", "country", "merge", "found_at"]
    list_display_links = None
    list_filter = [TaskFilter, OpenFilter, CountryFilter]
    ordering = ["country_code", "record_table", "first_id"]
    actions = ["mark_as_different"]
    show_full_result_count = False

    def get_changelist_instance(self, request):
        changelist = super().get_changelist_instance(request)
        _load_records(changelist.result_list)
        return changelist

    @admin.display(description=_("first record"))
    def first(self, pair):
        return _link(pair.records[0])

    @admin.display(description=_("second record"))
    def second(self, pair):
        return _link(pair.records[1])

    @admin.display(description=_("kind of record"))
    def kind_of_record(self, pair):
        return pair.records[0]._meta.verbose_name if pair.records[0] else ""

    @admin.display(description=_("country"), ordering="country_code")
    def country(self, pair):
        return Country(code=pair.country_code).name if pair.country_code else ""

    @admin.display(description=_("merge"))
    def merge(self, pair):
        first, second = pair.records
        if first is None or second is None:
            return ""
        address = merge_page(first, second)
        return format_html('<a href="{}">{}</a>', address, _("Merge these records…")) if address else ""

    @admin.action(description=_("Mark as different records"), permissions=["change"])
    def mark_as_different(self, request, queryset):
        number = queryset.update(is_dismissed=True, dismissed_at=timezone.now(), dismissed_by=request.user)
        message = ngettext("%(count)d pair is marked.", "%(count)d pairs are marked.", number) % {"count": number}
        self.message_user(request, message, messages.SUCCESS)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        raise PermissionDenied


def _load_records(pairs):
    """Set `records` of each pair, with one query per kind."""
    models = {model._meta.db_table: model for model in searchable_models()}
    found = {}
    for table, model in models.items():
        ids = {number for pair in pairs if pair.record_table == table for number in (pair.first_id, pair.second_id)}
        if ids:
            found[table] = model._base_manager.in_bulk(ids)
    for pair in pairs:
        records = found.get(pair.record_table, {})
        pair.records = records.get(pair.first_id), records.get(pair.second_id)


def _link(record):
    if record is None:
        return ""
    options = record._meta
    address = reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[record.pk])
    return format_html('<a href="{}">{}</a> ({})', address, record, record.get_publication_state_display())
