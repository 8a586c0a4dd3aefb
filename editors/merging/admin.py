"""Admin pages for merging: extensions of institutions and people, and the list of all merges."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from editors.forms.read_only_admin import ReadOnlyAdmin

from .joining import MergeUndo, PlaceTaken
from .models import Merge


class InForceFilter(admin.SimpleListFilter):
    title = pgettext_lazy("how far it is", "state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("in-force", _("in force")), ("undone", _("undone"))]

    def queryset(self, request, queryset):
        if self.value() == "in-force":
            return queryset.in_force()
        return queryset.exclude(undone_at=None) if self.value() == "undone" else queryset


@admin.register(Merge)
class MergeAdmin(ReadOnlyAdmin):
    """Admin of merges, to look up and to undo."""

    list_display = ["merged_name", "kept_name", "record_kind", "merged_at", "merged_by", "undone_at"]
    list_filter = [InForceFilter, "record_kind"]
    list_select_related = ["merged_by"]
    search_fields = ["merged_name", "kept_name"]
    ordering = ["-merged_at", "-pk"]
    show_facets = admin.ShowFacets.ALWAYS
    readonly_fields = [
        "merged_name",
        "kept_link",
        "record_kind",
        "merged_at",
        "who_merged",
        "undone_at",
        "who_undid",
        "undo_link",
    ]
    fieldsets = [
        (
            None,
            {
                "fields": readonly_fields,
                "description": _("Two records merged by an editor. Undoing the merge restores both."),
            },
        )
    ]

    def get_urls(self):
        page = path("<int:number>/undo/", self.admin_site.admin_view(self.undo_view), name="merging_merge_undo")
        return [page, *super().get_urls()]

    def in_countries(self, codes):
        return Q(country_codes__contained_by=sorted(codes))

    @admin.display(description=_("kept record"))
    def kept_link(self, merge):
        kept = merge.kept
        if kept is None:
            return merge.kept_name
        return format_html('<a href="{}">{}</a>', self._page_of(merge, kept), kept)

    # As text: Django's links lead to pages of users, which most editors may not see.
    @admin.display(description=_("merged by"))
    def who_merged(self, merge):
        return merge.merged_by

    @admin.display(description=_("undone by"))
    def who_undid(self, merge):
        return merge.undone_by

    @admin.display(description=_("undo"))
    def undo_link(self, merge):
        if merge.undone_at:
            return _("This merge was undone.")
        address = reverse("admin:merging_merge_undo", args=[merge.pk])
        return format_html('<a href="{}">{}</a>', address, _("Undo this merge…"))

    def undo_view(self, request, number):
        """Show what undoing would do now, and do it."""
        with transaction.atomic():
            merge = self.get_queryset(request).select_for_update(of=("self",)).filter(pk=number).first()
            if merge is None:
                raise Http404(f"No merge {number}")
            self._refuse_others(request, merge)
            if request.method == "POST":
                list(merge.record_model._base_manager.select_for_update().filter(pk=merge.kept_id))
            merge_undo = MergeUndo(merge)
            if request.method != "POST":
                return self._undo_page(request, merge_undo, status=200)
            agreed = not merge_undo.changed_since or request.POST.get("although_changed") == "on"
            if not merge_undo.is_possible or not agreed:
                return self._undo_page(request, merge_undo, status=409)
            return self._undo(request, merge_undo)

    def _refuse_others(self, request, merge):
        record_admin = self.admin_site.get_model_admin(merge.record_model)
        if not record_admin.has_change_permission(request, merge.kept):
            raise PermissionDenied

    def _undo(self, request, merge_undo):
        merge = merge_undo.merge
        try:
            with transaction.atomic():
                merge_undo.carry_out(by=request.user)
        except PlaceTaken as taken:
            merge_undo.obstacles = [taken.words]
            return self._undo_page(request, merge_undo, status=409)
        words = {"merged": merge.merged_name, "kept": merge.kept_name}
        self.message_user(request, _("%(merged)s and %(kept)s are separate records again.") % words, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:merging_merge_change", args=[merge.pk]))

    def _undo_page(self, request, merge_undo, *, status):
        context = {
            **self.admin_site.each_context(request),
            "title": _("Undo a merge"),
            "opts": self.opts,
            "original": merge_undo.merge,
            "merge_undo": merge_undo,
            "change_page": reverse("admin:merging_merge_change", args=[merge_undo.merge.pk]),
        }
        return TemplateResponse(request, "admin/merging/undo.html", context, status=status)

    def _page_of(self, merge, record):
        options = merge.record_model._meta
        return reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[record.pk])
