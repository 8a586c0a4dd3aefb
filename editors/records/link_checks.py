"""The admin of checks of links, read-only."""

from django.contrib import admin
from django.db.models import Q
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from editors.accounts.limits import country_codes
from editors.forms.read_only_admin import ReadOnlyAdmin
from records.contact_types import PAGE_KINDS
from records.link_checks import LinkCheck, LinkOutcome
from records.link_uses import contact_models, record_source_models


class LinkStateFilter(admin.SimpleListFilter):
    """Dead links first of all; then those that fail for a day, and those that lead elsewhere."""

    title = pgettext_lazy("how far it is", "state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("dead", _("dead")), ("failing", _("failing")), ("moved", LinkOutcome.MOVED.label)]

    def queryset(self, request, queryset):
        if self.value() == "dead":
            return queryset.dead()
        if self.value() == "failing":
            return queryset.failing()
        return queryset.filter(outcome=LinkOutcome.MOVED) if self.value() == "moved" else queryset


def _with_its_own(model, field):
    """A foreign key and those of the record behind it, whose names say what the record is."""
    further = model._meta.get_field(field).related_model._meta.fields
    return [field, *(f"{field}__{each.name}" for each in further if each.is_relation)]


@admin.register(LinkCheck)
class LinkCheckAdmin(ReadOnlyAdmin):
    """Results of `check_links`, read-only, with the records that name the URL."""

    list_display = ["outcome", "page", "used_by", "failing_since", "moved_to", "checked_at"]
    list_filter = [LinkStateFilter, "outcome"]
    search_fields = ["url", "final_url"]
    ordering = ["failing_since", "url"]
    show_full_result_count = False
    fields = ["page", "outcome", "status_code", "moved_to", "failing_since", "failures", "checked_at", "used_by"]
    readonly_fields = fields

    def in_countries(self, codes):
        """Links of records of the countries."""
        uses = [Q(url__in=rows.values(lookup)) for rows, lookup, _field in self._uses(codes)]
        return Q(*uses, _connector=Q.OR)

    def _uses(self, codes):
        """Rows of all kinds that name an address: the rows, the lookup of the address, the field of the record.

        Only those of the countries; all of them where `codes` is None.
        """
        for model in contact_models():
            model_admin = self.admin_site.get_model_admin(model)
            within = Q() if codes is None else model_admin.in_countries(codes)
            rows = model._base_manager.filter(within, kind__in=PAGE_KINDS)
            yield (
                rows.select_related(*_with_its_own(model, model_admin.record_field)),
                "value",
                model_admin.record_field,
            )
        for model, field in record_source_models():
            record_model = model._meta.get_field(field).related_model
            rows = model._base_manager.select_related("source", field)
            if codes is not None:
                within = self.admin_site.get_model_admin(record_model).in_countries(codes)
                rows = rows.filter(**{f"{field}__in": record_model._base_manager.filter(within).values("pk")})
            yield rows, "source__url", field

    def get_changelist_instance(self, request):
        changelist = super().get_changelist_instance(request)
        self._add_records(request, changelist.result_list)
        return changelist

    def get_object(self, request, object_id, from_field=None):
        check = super().get_object(request, object_id, from_field)
        if check is not None:
            self._add_records(request, [check])
        return check

    def _add_records(self, request, checks):
        """Sets `records` of each: what names its address."""
        by_url = {check.url: check for check in checks}
        for check in checks:
            check.records = {}
        for rows, lookup, field in self._uses(country_codes(request.user)):
            for row in rows.filter(**{f"{lookup}__in": list(by_url)}):
                record = getattr(row, field)
                url = row.value if lookup == "value" else row.source.url
                by_url[url].records[record._meta.label, record.pk] = record

    @admin.display(description=_("address"), ordering="url")
    def page(self, check):
        return self._link(check.url)

    @admin.display(description=_("redirects to"), ordering="final_url")
    def moved_to(self, check):
        return self._link(check.final_url) if check.final_url else ""

    @staticmethod
    def _link(url):
        shown = Truncator(url.split("://", 1)[-1]).chars(50)
        return format_html('<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>', url, shown)

    @admin.display(description=_("used by"))
    def used_by(self, check):
        return format_html_join(
            "; ",
            '<a href="{}">{}</a>',
            (
                (reverse(f"admin:{kind._meta.app_label}_{kind._meta.model_name}_change", args=[record.pk]), record)
                for record in check.records.values()
                for kind in [type(record)]
            ),
        )
