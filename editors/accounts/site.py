"""Access to the editors' site: staff only, with a second factor."""

from functools import wraps
from http import HTTPStatus

from allauth.mfa.models import Authenticator
from django.contrib.admin import AdminSite
from django.contrib.auth import REDIRECT_FIELD_NAME, logout
from django.contrib.auth.views import redirect_to_login
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _

from web.own_paths import own_path

from . import kept_forms
from .limits import country_codes
from .proved import is_by_password_alone
from .sessions import ANNOUNCED_SECONDS, in_use, seconds_left


def has_second_factor(user):
    """Return whether the user has an app or a passkey; recovery codes alone do not count."""
    if not hasattr(user, "_has_second_factor"):
        # Cached on the user of this request: a page checks more than once.
        factors = Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.RECOVERY_CODES)
        user._has_second_factor = factors.exists()
    return user._has_second_factor


class EditorsSite(AdminSite):
    """Django's admin behind two factors."""

    def has_permission(self, request):
        return super().has_permission(request) and has_second_factor(request.user) and not is_by_password_alone(request)

    def login(self, request, extra_context=None):
        """Redirect to the login, or to the setup of a second factor."""
        wanted = own_path(request.POST.get(REDIRECT_FIELD_NAME) or request.GET.get(REDIRECT_FIELD_NAME))
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

    def admin_view(self, view, cacheable=False):
        """Extend Django's check: own pages for refusals, and late forms are kept."""
        inner = super().admin_view(view, cacheable)

        @in_use
        @wraps(inner)
        def guarded(request, *args, **kwargs):
            if not self.has_permission(request):
                kept = kept_forms.keep(request) if request.method == "POST" else None
                return kept_forms.lead_back(request, kept) if kept else inner(request, *args, **kwargs)
            kept = kept_forms.find(request)
            if kept and request.method == "GET":
                return kept_forms.give_back(self, request, kept, view, inner, *args, **kwargs)
            response = inner(request, *args, **kwargs)
            if kept and request.method == "POST" and response.status_code == HTTPStatus.FOUND:
                kept.delete()
            return response

        return self._with_own_refusals(guarded)

    def each_context(self, request):
        seconds = seconds_left(request)
        return {
            **super().each_context(request),
            "session_seconds": seconds,
            "session_ends_soon": seconds <= ANNOUNCED_SECONDS,
        }

    def _with_own_refusals(self, view):
        """Show a page of this site, with a link back, if a record does not exist or is not permitted."""

        @wraps(view)
        def answered(request, *args, **kwargs):
            try:
                return view(request, *args, **kwargs)
            except Http404:
                return self._refusal(request, HTTPStatus.NOT_FOUND, _("Page not found"))
            except PermissionDenied:
                return self._refusal(request, HTTPStatus.FORBIDDEN, _("Access denied"))

        return answered

    def _refusal(self, request, status, title):
        page = getattr(request.resolver_match.func, "model_admin", None)
        context = {
            **self.each_context(request),
            "title": title,
            "opts": page.opts if page and page.has_view_permission(request) else None,
            "is_limited": country_codes(request.user) is not None,
        }
        return TemplateResponse(request, f"admin/{status:d}.html", context, status=status)

    def get_urls(self):
        # Django's own view would reveal the URL of any record, drafts of other countries included.
        to_site = path("r/<int:content_type_id>/<path:object_id>/", self.admin_view(self.view_on_site))
        return [to_site, *super().get_urls()]

    def view_on_site(self, request, content_type_id, object_id):
        """Redirect to the public page of a record that the editor may see."""
        content_type = ContentType.objects.filter(pk=content_type_id).first()
        page = self._registry.get(content_type and content_type.model_class())
        record = page and page.get_object(request, object_id)
        if not hasattr(record, "get_absolute_url") or not page.has_view_permission(request, record):
            raise Http404(f"No record {content_type_id}/{object_id}")
        return redirect(record.get_absolute_url())

    def password_change(self, request, extra_context=None):
        return redirect("account_change_password")
