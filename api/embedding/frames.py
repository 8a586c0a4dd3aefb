"""What pages for frames have in common: whom they let show them, and the context of a record's."""

from django.conf import settings
from django.utils import timezone
from django.utils.csp import CSP

IN_A_FRAME = {
    "default-src": [CSP.NONE],
    "style-src": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.NONE],
    "frame-ancestors": ["*"],
}


def record_context(record) -> dict:
    """Return the context of a record; `described` has loaded it."""
    return {"record": record, "page": settings.SITE_URL + record.get_absolute_url(), "today": timezone.localdate()}
