"""Second factors without a page: apps and what they would show, recovery codes."""

import time

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value

__all__ = ["TOTP", "RecoveryCodes", "one_time_code"]


def one_time_code(secret, steps_later=0):
    """Return the code of this half minute, or of a later one: each works once, and a clock may be half a minute off."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps_later))
