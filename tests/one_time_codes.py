"""Codes of an authenticator app."""

import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value


def one_time_code(secret, steps_later=0):
    """Return the code of this half minute, or of a later one: each works once, and a clock may be half a minute off."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps_later))
