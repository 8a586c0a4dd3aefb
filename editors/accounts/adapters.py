"""Adapters of django-allauth: behaviour and messages of the login."""

import logging
import threading
from smtplib import SMTPException

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib import messages
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from web.client_limits import client_address
from web.own_paths import own_path

from . import proved

logger = logging.getLogger(__name__)
LETTER_THREAD = "letter with a new password"

# The package's Russian translation is incomplete. Messages that are not listed here are not shown.
MESSAGES = {
    "account/messages/password_changed.txt": _("The password is changed. You are logged out everywhere else."),
    "mfa/messages/totp_activated.txt": _("The app is set up as your second factor."),
    "mfa/messages/totp_deactivated.txt": _("The app is no longer your second factor."),
    "mfa/messages/webauthn_added.txt": _("The passkey is set up as your second factor."),
    "mfa/messages/webauthn_removed.txt": _("The passkey is removed."),
    "mfa/messages/recovery_codes_generated.txt": _("The recovery codes are made."),
}


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("Wrong user name or password."),
        "too_many_login_attempts": _("Too many failed attempts. Try again in five minutes."),
        "rate_limited": _("Too many failed attempts. Try again in five minutes."),
        "incorrect_password": _("Wrong password."),
    }

    def get_client_ip(self, request):
        """Return the client's IP address, as for the site's own limits on visitors."""
        return client_address(request)

    def is_open_for_signup(self, request):
        return False

    def is_safe_url(self, url):
        return bool(own_path(url))

    def add_message(self, request, level, message_template=None, *arguments, message=None, **options):
        message = message or MESSAGES.get(message_template)
        if message:
            messages.add_message(request, level, message)

    def is_reauthentication_required(self, *, app, **kwargs):
        """Return whether the password is required before a change of factors: not right after a login."""
        return not proved.is_recent(self.request) and super().is_reauthentication_required(app=app, **kwargs)

    def get_reauthentication_methods(self, user):
        if not user.is_authenticated:
            return []
        return [{"id": "reauthenticate", "description": "", "url": reverse("account_reauthenticate")}]

    def get_password_change_redirect_url(self, request):
        return reverse("mfa_index")

    def send_password_reset_mail(self, user, email, context):
        """Send a link that sets a new password once.

        It is sent after the response: neither its time nor its failure may reveal whether an address is known.
        """
        text = gettext(
            "Somebody, probably you, requested a new password for “%(name)s”, an editor of "
            "CISFilm.\n"
            "\n"
            "Set it here within four hours:\n"
            "%(link)s\n"
            "\n"
            "Your second factor does not change. If it was not you, ignore this e-mail: the old "
            "password still works."
        )
        text %= {"name": user.get_username(), "link": context["password_reset_url"]}
        letter = EmailMessage(subject=gettext("New password for CISFilm"), body=text, to=[email])
        threading.Thread(target=_send, args=[letter, user.pk], name=LETTER_THREAD).start()


def _send(letter, user_id):
    try:
        letter.send()
    except (SMTPException, OSError):
        logger.exception("The letter with a new password for user %s was not sent", user_id)


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This code is wrong, already used or expired. Enter the next one."),
    }

    def get_totp_label(self, user):
        return user.get_username()

    def build_totp_svg(self, url):
        # White background in dark pages too, where cameras would not recognise the code.
        return segno.make(url).svg_inline(scale=5, light="#fff")

    def generate_authenticator_name(self, user, type):
        return gettext("Passkey")
