"""Admin pages of users, groups and audit lines."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.db.models import Exists, OuterRef, Q
from django.forms import ChoiceField
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from editors.forms.read_only_admin import ReadOnlyAdmin
from institutions.models import Country

from .limits import country_codes
from .models import AuditLine, CountryLimit

# Unused here, and they would show secrets.
for model in [EmailAddress, Authenticator, UserSession]:
    if admin.site.is_registered(model):
        admin.site.unregister(model)
admin.site.unregister([User, Group])


class WholeDirectoryOnly:
    """Admin pages hidden from editors limited to countries, who could otherwise lift their own limits."""

    def in_countries(self, codes):
        return Q(pk__in=[])

    def has_module_permission(self, request):
        return super().has_module_permission(request) and country_codes(request.user) is None

    def has_view_permission(self, request, obj=None):
        return super().has_view_permission(request, obj) and country_codes(request.user) is None

    def has_add_permission(self, request):
        return super().has_add_permission(request) and country_codes(request.user) is None

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and country_codes(request.user) is None

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and country_codes(request.user) is None


@admin.register(Group)
class EditorsGroupAdmin(WholeDirectoryOnly, GroupAdmin):
    """Admin of groups."""


class CountryLimitInline(admin.TabularInline):
    """Inline of countries by name; the limit itself stores the code."""

    model = CountryLimit
    extra = 0
    fields = ["country_code"]
    verbose_name_plural = _("countries (none: the whole directory)")

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name != "country_code":
            return super().formfield_for_dbfield(db_field, request, **kwargs)
        countries = sorted((country.name, country.code) for country in Country.objects.listed())
        return ChoiceField(label=capfirst(db_field.verbose_name), choices=[(code, name) for name, code in countries])


@admin.register(User)
class EditorAdmin(WholeDirectoryOnly, UserAdmin):
    """Admin of users. Only superusers create or change superusers."""

    list_display = ["username", "first_name", "last_name", "is_active", "is_staff", "has_factor", "last_login"]
    list_filter = ["is_active", "is_staff", "groups"]
    readonly_fields = ["last_login", "date_joined"]
    filter_horizontal = []
    actions = ["remove_second_factors"]
    inlines = [CountryLimitInline]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (
            _("Person"),
            {
                "fields": ["first_name", "last_name", "email"],
                "description": _("Password reset links are sent to this e-mail address."),
            },
        ),
        (
            _("Rights"),
            {
                "fields": ["is_active", "is_staff", "is_superuser", "groups"],
                "description": _("Editors need “staff status” and a group. Choose their countries below."),
            },
        ),
        (_("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), *([] if request.user.is_superuser else ["is_superuser"])]

    def get_queryset(self, request):
        factors = Authenticator.objects.filter(user=OuterRef("pk")).exclude(type=Authenticator.Type.RECOVERY_CODES)
        return super().get_queryset(request).annotate(second_factor=Exists(factors))

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and self._may_touch(request, obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and self._may_touch(request, obj)

    def _may_touch(self, request, user):
        return user is None or request.user.is_superuser or not user.is_superuser

    @admin.display(description=_("second factor"), boolean=True)
    def has_factor(self, user):
        return user.second_factor

    @admin.action(description=_("Remove the second factors: phone lost"), permissions=["change"])
    def remove_second_factors(self, request, queryset):
        people = [user for user in queryset if self._may_touch(request, user)]
        Authenticator.objects.filter(user__in=people).delete()
        message = ngettext(
            "%(count)d person sets up a new second factor at the next login.",
            "%(count)d people set up new second factors at their next login.",
            len(people),
        )
        self.message_user(request, message % {"count": len(people)}, messages.SUCCESS)


@admin.register(AuditLine)
class AuditLineAdmin(WholeDirectoryOnly, ReadOnlyAdmin):
    """Read-only admin of audit lines."""

    list_display = ["at", "event", "actor", "about", "detail", "address"]
    list_filter = ["event", "at"]
    search_fields = ["actor", "about", "detail"]
    # Counting years of lines for each page would be slow.
    show_full_result_count = False
