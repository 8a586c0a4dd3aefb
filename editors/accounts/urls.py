"""URLs of login and second factors: those of django-allauth that are used here, under its names."""

from allauth.account import views as account_views
from allauth.mfa.base import views as factor_views
from allauth.mfa.recovery_codes import views as recovery_code_views
from allauth.mfa.totp import views as app_views
from allauth.mfa.webauthn import views as passkey_views
from allauth.usersessions import views as session_views
from django.contrib.auth.decorators import login_required
from django.urls import path, re_path
from django.views.decorators.cache import never_cache

from . import sessions

# The package starts a session before it checks the user; anonymous users are sent to the login first.
urlpatterns = [
    path("login/", account_views.login, name="account_login"),
    path("login/factor/", factor_views.authenticate, name="mfa_authenticate"),
    path("logout/", account_views.logout, name="account_logout"),
    path("inactive/", account_views.account_inactive, name="account_inactive"),
    path("confirm/", account_views.reauthenticate, name="account_reauthenticate"),
    path("session/", sessions.session, name="account_session"),
    path("stay/", sessions.stay, name="account_stay"),
    path("sessions/", session_views.list_usersessions, name="usersessions_list"),
    path("password/", account_views.password_change, name="account_change_password"),
    path("password/forgotten/", account_views.password_reset, name="account_reset_password"),
    path("password/sent/", account_views.password_reset_done, name="account_reset_password_done"),
    path("password/new/done/", account_views.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    re_path(
        # The URL structure that allauth uses for both together.
        r"^password/new/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account_views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("factors/", factor_views.index, name="mfa_index"),
    path("factors/app/", login_required(app_views.activate_totp), name="mfa_activate_totp"),
    path("factors/app/remove/", app_views.deactivate_totp, name="mfa_deactivate_totp"),
    path("factors/codes/", recovery_code_views.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "factors/codes/new/",
        login_required(recovery_code_views.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path("factors/passkeys/", passkey_views.list_webauthn, name="mfa_list_webauthn"),
    path("factors/passkeys/add/", login_required(passkey_views.add_webauthn), name="mfa_add_webauthn"),
    path("factors/passkeys/<int:pk>/", passkey_views.edit_webauthn, name="mfa_edit_webauthn"),
    path("factors/passkeys/<int:pk>/remove/", passkey_views.remove_webauthn, name="mfa_remove_webauthn"),
]
for pattern in urlpatterns:
    # Secrets of apps, recovery codes and names of people must not be cached, nor shown by the "back" button to others.
    pattern.callback = never_cache(pattern.callback)
    if pattern.name != "account_session":
        pattern.callback = sessions.in_use(pattern.callback)
