"""How much may be sent through the public form, and what is kept of a sender to know it."""

import ipaddress
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.crypto import salted_hmac

from .models import CorrectionSender

FROM_ONE_ADDRESS_AN_HOUR = 10
FROM_ALL_AN_HOUR = 300
KEPT_FOR = timedelta(days=1)
# Any number that other users of advisory locks in this database do not take.
ADMISSION_LOCK = 20_261_101


class TooManyCorrections(Exception):
    """More was sent in the last hour, from one address or from all, than people write."""


def sender_hash(request) -> str:
    """Stands for the sender's network address and tells nothing of it: salted with the site's key and the day."""
    address = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        # The last entry is the proxy's own word; what stands before it anybody may have sent.
        address = request.headers.get("X-Forwarded-For", address).rpartition(",")[2].strip()
    return salted_hmac(f"corrections.sender.{timezone.localdate()}", _network(address), algorithm="sha256").hexdigest()


def _network(address: str) -> str:
    """The address; of IPv6 the network that one household has, in which addresses cost nothing."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 6 and parsed.ipv4_mapped is None:
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(getattr(parsed, "ipv4_mapped", None) or parsed)


def one_at_a_time():
    """Holds other senders back until the transaction ends, so that no two of them count each other out."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ADMISSION_LOCK])


def admit(address_hash: str):
    """Notes that something was sent. Raises TooManyCorrections. Needs `one_at_a_time()` before."""
    now = timezone.now()
    CorrectionSender.objects.filter(sent_at__lt=now - KEPT_FOR).delete()
    last_hour = CorrectionSender.objects.filter(sent_at__gt=now - timedelta(hours=1))
    if (
        last_hour.filter(address_hash=address_hash).count() >= FROM_ONE_ADDRESS_AN_HOUR
        or last_hour.count() >= FROM_ALL_AN_HOUR
    ):
        raise TooManyCorrections
    CorrectionSender.objects.create(address_hash=address_hash)
