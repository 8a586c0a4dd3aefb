"""The door of the editors' site: staff only, and nobody without a second factor."""

from allauth.account.utils import get_next_redirect_url
from allauth.mfa.models import Authenticator
from django.contrib.admin import AdminSite
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


class EditorsSite(AdminSite):
    def has_permission(self, request):
        # That the login asked for the factor, once there is one, is the business of allauth.
        return super().has_permission(request) and has_second_factor(request.user)

    def login(self, request, extra_context=None):
        """Where every address leads those who may not see it: to the login, or to a second factor."""
        wanted = get_next_redirect_url(request)
        if not request.user.is_authenticated:
            return redirect_to_login(wanted or request.path)
        if not super().has_permission(request):
            raise PermissionDenied
        if not has_second_factor(request.user):
            return redirect("mfa_index")
        return redirect(wanted or f"{self.name}:index")

    def password_change(self, request, extra_context=None):
        return redirect("account_change_password")
