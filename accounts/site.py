"""The door of the editors' site: staff only, and nobody without a second factor."""

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.models import Authenticator
from django.contrib.admin import AdminSite
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect


def has_second_factor(user):
    """Whether the user has an app or a passkey; recovery codes alone are none."""
    if not hasattr(user, "_has_second_factor"):
        # Kept with the user of this request: a page asks more than once.
        factors = Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.RECOVERY_CODES)
        user._has_second_factor = factors.exists()
    return user._has_second_factor


def is_by_password_alone(request):
    """Whether the login came before the second factor, which was then set up in another browser."""
    methods = {record["method"] for record in get_authentication_records(request, request.user)}
    return methods == {"password"}


def remember_proof(sender, request, user, authenticator, **kwargs):
    """Who sets up a factor has proved in the same session that it is theirs."""
    record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)


class EditorsSite(AdminSite):
    """Django's admin behind two factors."""

    def has_permission(self, request):
        return super().has_permission(request) and has_second_factor(request.user) and not is_by_password_alone(request)

    def login(self, request, extra_context=None):
        """Where every address leads those who may not see it: to the login, or to a second factor."""
        wanted = get_next_redirect_url(request)
        if not request.user.is_authenticated:
            return redirect_to_login(wanted or request.path)
        if not super().has_permission(request):
            raise PermissionDenied
        if not has_second_factor(request.user):
            return redirect("mfa_index")
        if is_by_password_alone(request):
            logout(request)
            return redirect_to_login(wanted or request.path)
        return redirect(wanted or f"{self.name}:index")

    def password_change(self, request, extra_context=None):
        return redirect("account_change_password")
