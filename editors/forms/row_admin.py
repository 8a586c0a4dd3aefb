"""Admin pages of rows that belong to a record."""

import contextlib

import reversion
from django.utils.translation import gettext

from records.history.entries import fields_of
from records.history.revisions import keep_found_state

from .history_admin import HistoryAdmin


class RowAdmin(HistoryAdmin):
    """Pages of rows that belong to a record. What changes here stands in the history of the record as well."""

    # Name of the foreign key to the record.
    record_field = None

    @property
    def record_model(self):
        return self.model._meta.get_field(self.record_field).related_model

    def add_view(self, request, form_url="", extra_context=None):
        if request.method == "POST":
            self._keep_record(request.POST.get(self.record_field))
        return super().add_view(request, form_url, extra_context)

    def keep_first_state(self, request, object_id):
        row = self.get_object(request, object_id)
        if row is not None:
            self._keep_record(getattr(row, f"{self.record_field}_id"))
            keep_found_state(row)

    def _keep_record(self, primary_key):
        with contextlib.suppress(ValueError):
            record = self.record_model._base_manager.filter(pk=primary_key or None).first()
            if record is not None:
                keep_found_state(record)

    def lock(self, object_id):
        """The record first, as its own form does: so neither waits for the other for ever."""
        with contextlib.suppress(ValueError):
            rows = self.model._base_manager.filter(pk=object_id)
            records = self.record_model._base_manager.filter(pk__in=rows.values(self.record_field))
            records.select_for_update(no_key=True).values("pk").first()
        return super().lock(object_id)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        record = getattr(form.instance, self.record_field)
        if record:
            reversion.add_to_revision(record)

    def delete_model(self, request, obj):
        record = getattr(obj, self.record_field)
        keep_found_state(record)
        with reversion.create_revision():
            reversion.set_user(request.user)
            reversion.set_comment(gettext("Removed: %(row)s") % {"row": obj})
            super().delete_model(request, obj)
            reversion.add_to_revision(record)

    def delete_queryset(self, request, queryset):
        for row in queryset:
            self.delete_model(request, row)

    def may_recover(self, request, version):
        """Return True if the record of the deleted row is there and the editor works on it."""
        records = self.admin_site.get_model_admin(self.record_model).get_queryset(request)
        return records.filter(pk=fields_of(version).get(self.record_field)).exists()
