"""Proofs of identity that an editor has given in this session: the password, the second factor."""

import time

from allauth.account.authentication import get_authentication_records

# Not documented: allauth has no public way to add a proof. tests/test_private_names.py names this place.
from allauth.account.internal.flows.login import record_authentication
from django.conf import settings


def is_by_password_alone(request) -> bool:
    """Return whether the login came before the second factor, which was then set up in another browser."""
    methods = {record["method"] for record in get_authentication_records(request, request.user)}
    return methods == {"password"}


def is_recent(request, *, again: bool = False) -> bool:
    """Return whether anything was proved within ACCOUNT_REAUTHENTICATION_TIMEOUT; `again`, after the login."""
    return any(
        time.time() - record["at"] < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
        for record in get_authentication_records(request, request.user)
        if record.get("reauthenticated") or not again
    )


def remember_factor(sender, request, user, authenticator, **kwargs):
    """Note that whoever sets up a factor has proved in the same session that it is theirs."""
    record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)
