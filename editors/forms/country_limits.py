"""What an editor limited to countries finds at the desk: nothing that lies elsewhere."""

from django.contrib import admin
from django.db.models import Q
from django.http import Http404

from editors.accounts.limits import country_codes


class LeavesCountriesError(Exception):
    """A form would take a record out of the countries that its editor is limited to."""


def within_limits(queryset, user):
    """Those of the records that the editor may work on. Rows without admin pages of their own go with their record."""
    codes = country_codes(user)
    if codes is None or not admin.site.is_registered(queryset.model):
        return queryset
    return queryset.filter(admin.site.get_model_admin(queryset.model).in_countries(codes))


class LimitedFields:
    """Lists, rows and choices kept to the countries that the editor is limited to."""

    def get_queryset(self, request):
        return within_limits(super().get_queryset(request), request.user)

    def get_field_queryset(self, db, db_field, request):
        choices = super().get_field_queryset(db, db_field, request)
        if country_codes(request.user) is None:
            return choices
        if choices is None:
            choices = db_field.remote_field.model._default_manager.all()
        return within_limits(choices, request.user)


class CountryLimited(LimitedFields):
    """Admin pages that an editor limited to countries sees in part: whatever lies elsewhere is not found."""

    def in_countries(self, codes) -> Q:
        """Which records belong to the countries. Each admin page of the site has to say."""
        raise NotImplementedError

    def get_object(self, request, object_id, from_field=None):
        record = super().get_object(request, object_id, from_field)
        if record is None and country_codes(request.user) is not None:
            raise Http404
        return record

    def has_view_permission(self, request, obj=None):
        return super().has_view_permission(request, obj) and self._is_within_limits(request, obj)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and self._is_within_limits(request, obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and self._is_within_limits(request, obj)

    def _is_within_limits(self, request, record):
        if record is None or record.pk is None or country_codes(request.user) is None:
            return True
        # One page asks many times.
        known = request.__dict__.setdefault("_records_within_limits", {})
        key = (record._meta.concrete_model, record.pk)
        if key not in known:
            known[key] = is_within_limits(record, request.user)
        return known[key]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.leaves_countries = getattr(request, "_leaves_countries", False)
        return form

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        # Asked after saving, since a row may be what a record belongs to a country by.
        if not is_within_limits(form.instance, request.user):
            raise LeavesCountriesError

    def add_view(self, request, form_url="", extra_context=None):
        return self._view_that_refuses_to_leave(super().add_view, request, form_url, extra_context)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        return self._view_that_refuses_to_leave(super().change_view, request, object_id, form_url, extra_context)

    def _view_that_refuses_to_leave(self, view, request, *arguments):
        try:
            return view(request, *arguments)
        except LeavesCountriesError:
            # Everything is rolled back. The form comes back as it was sent, with the reason.
            request._leaves_countries = True
            return view(request, *arguments)


def is_within_limits(record, user):
    if country_codes(user) is None:
        return True
    return within_limits(type(record)._base_manager.filter(pk=record.pk), user).exists()
