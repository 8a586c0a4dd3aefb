"""Pages for merging two records: choose the other one, compare, confirm."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from editors.forms.fields import RecordSelect
from institutions.models import Institution
from people.models import Position
from search.duplicates import alike
from web.request_ids import ids_in

from .comparison import Comparison
from .models import Merge

# Any reference to the kind of record: its search box finds the other one.
FOUND_BY = {"institution": Institution._meta.get_field("parent"), "person": Position._meta.get_field("person")}
MOST_FOUND = 20


def merge_page(record, other=None) -> str:
    """Return the path of the page that merges the record with another one; "" for kinds that are not merged."""
    options = record._meta.concrete_model._meta
    if options.model_name not in FOUND_BY:
        return ""
    address = reverse(f"admin:{options.app_label}_{options.model_name}_merge", args=[record.pk])
    return f"{address}?{urlencode({'with': other.pk})}" if other is not None else address


class OtherRecordForm(forms.Form):
    """Form to choose the other record. By name for browsers without JavaScript, in which the box finds nothing."""

    def __init__(self, data, *, record, queryset, admin_site):
        super().__init__(data)
        self.record = record
        field = forms.ModelChoiceField(
            label=_("The other record"),
            queryset=queryset,
            error_messages={"invalid_choice": _("There is no such record here. Choose one from the list.")},
        )
        field.widget = RecordSelect(FOUND_BY[record.record_kind()], admin_site)
        field.widget.choices = field.choices
        self.fields["with"] = field

    def clean(self):
        other = self.cleaned_data.get("with")
        if other is not None:
            self._refuse(other)
        return self.cleaned_data

    def _refuse(self, other):
        if other.pk == self.record.pk:
            self.add_error("with", _("A record can't be merged with itself."))
        for record in (self.record, other):
            if getattr(record, "withheld", False):
                message = _(
                    "%(person)s asked not to be listed and can't be merged. If the other record is the same person, "
                    "withhold it too."
                )
                self.add_error("with", message % {"person": record})
                break


def way_to_kept_record(model, object_id):
    """Lead to the record that this one became part of; None where it became part of none."""
    number = unquote(object_id)
    merges = Merge.objects.in_force().filter(record_kind=model.record_kind())
    merge = merges.filter(merged_id=number).first() if number.isdecimal() else None
    if merge is None:
        return None
    options = model._meta.concrete_model._meta
    return HttpResponseRedirect(reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[merge.kept_id]))


@admin.action(description=_("Merge the two chosen records…"), permissions=["change"])
def merge(record_admin, request, queryset):
    chosen = list(queryset.order_by("pk")[:3])
    if len(chosen) != 2:
        record_admin.message_user(request, _("Choose exactly two records to merge."), messages.ERROR)
        return None
    return HttpResponseRedirect(merge_page(*chosen))


class MergingPages:
    """The pages that merge an institution or a person with another one, beside the form."""

    def __init__(self, record_admin):
        self.record_admin = record_admin
        self.admin_site = record_admin.admin_site
        self.opts = record_admin.opts

    def urls(self):
        if self.opts.model is not self.opts.concrete_model:
            return []
        view = self.admin_site.admin_view(self.view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_merge"
        return [path("<path:object_id>/merge/", view, name=name)]

    def links(self, request, record):
        return [(_("Merge with another record…"), merge_page(record))]

    def view(self, request, object_id):
        with transaction.atomic():
            data = request.POST if request.method == "POST" else request.GET
            if request.method == "POST":
                self._lock(object_id, data.get("with", ""))
            kept = self.record_admin.get_object(request, unquote(object_id))
            if kept is None:
                return self.record_admin._get_obj_does_not_exist_redirect(request, self.opts, object_id)
            if not self.record_admin.has_change_permission(request, kept):
                raise PermissionDenied
            others = self.record_admin.get_queryset(request)
            form = OtherRecordForm(
                data if "with" in data else None, record=kept, queryset=others, admin_site=self.admin_site
            )
            if not data.get("with") or not form.is_valid():
                return self._choose(request, kept, form)
            merged = form.cleaned_data["with"]
            if not self.record_admin.has_change_permission(request, merged):
                raise PermissionDenied
            return self._compare(request, kept, merged)

    def _lock(self, *ids):
        # In the order of ids, so that two merges cannot deadlock.
        list(
            self.opts.model._base_manager.select_for_update()
            .filter(pk__in=ids_in(ids))
            .order_by("pk")
            .values_list("pk")
        )

    def _choose(self, request, kept, form):
        text = request.GET.get("q", "")
        found = []
        if text:
            others = self.record_admin.get_queryset(request).exclude(pk=kept.pk)
            results, _may_repeat = self.record_admin.get_search_results(request, others, text)
            found = [(record, merge_page(kept, record)) for record in results.distinct()[:MOST_FOUND]]
        names = [name.text for name in kept.names_to_search()]
        similar = alike(self.record_admin.get_queryset(request).exclude(pk=kept.pk), names)
        errors = form.errors.get("with") if form.data.get("with") else None
        # The box is reset: it cannot show a refused value.
        form = OtherRecordForm(None, record=kept, queryset=form.fields["with"].queryset, admin_site=self.admin_site)
        context = {
            "form": form,
            "errors": errors,
            "similar": [(one.record, merge_page(kept, one.record)) for one in similar],
            "query": text,
            "found": found,
            "media": self.record_admin.media + form.media,
        }
        return self._page(request, kept, "choose", context, status=400 if errors else 200)

    def _compare(self, request, kept, merged):
        if request.method != "POST":
            return self._comparison_page(request, Comparison(kept, merged))
        comparison = Comparison(kept, merged, request.POST)
        if comparison.is_overtaken:
            return self._comparison_page(request, comparison, is_overtaken=True, status=409)
        if not comparison.form.is_valid():
            return self._comparison_page(request, comparison, status=400)
        step = request.POST.get("step")
        if step == "merge":
            return self._merge(request, comparison)
        if step == "confirm":
            return self._page(request, kept, "confirm", {"comparison": comparison})
        return self._comparison_page(request, comparison)

    def _comparison_page(self, request, comparison, *, is_overtaken=False, status=200):
        context = {
            "comparison": comparison,
            "is_overtaken": is_overtaken,
            "swapped": merge_page(comparison.merged, comparison.kept),
        }
        return self._page(request, comparison.kept, "compare", context, status=status)

    def _merge(self, request, comparison):
        merged_name = str(comparison.merged)
        merge = comparison.join(request.user)
        words = {"merged": merged_name, "kept": comparison.kept}
        self.record_admin.log_change(
            request, comparison.kept, str(_("Merged with %(record)s") % {"record": merged_name})
        )
        self.record_admin.message_user(
            request, _("%(merged)s has been merged into %(kept)s.") % words, messages.SUCCESS
        )
        return HttpResponseRedirect(reverse("admin:merging_merge_change", args=[merge.pk]))

    def _page(self, request, kept, name, context, *, status=200):
        context = {
            **self.admin_site.each_context(request),
            "title": _("Merge with another record"),
            "opts": self.opts,
            "original": kept,
            "media": self.record_admin.media,
            "merge_page": merge_page(kept),
            "change_page": reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[kept.pk]),
            **context,
        }
        return TemplateResponse(request, f"admin/merging/{name}.html", context, status=status)
