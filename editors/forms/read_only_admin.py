"""The admin of what editors look up and never type."""

from django.contrib import admin
from django.db.models import Q

from .country_limits import found_within_limits, within_limits


class ReadOnlyAdmin(admin.ModelAdmin):
    """Pages to look things up on, as far as they belong to the editor's countries."""

    # What may be done all the same by those who have the permission for it: "change" to answer or mark, or "delete".
    still_allowed = frozenset()
    # From a row to the country that it belongs to.
    country_path = "country"

    def in_countries(self, codes) -> Q:
        """Return which rows belong to the countries."""
        return Q(**{f"{self.country_path}__in": codes})

    def get_queryset(self, request):
        return within_limits(super().get_queryset(request), request.user)

    def get_object(self, request, object_id, from_field=None):
        return found_within_limits(super().get_object(request, object_id, from_field), request.user)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return "change" in self.still_allowed and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return "delete" in self.still_allowed and super().has_delete_permission(request, obj)
