"""Rate limits for visitors without an account.

Each client has a limit, and each network a wider one. The limit for all visitors together is so high that one
connection cannot shut out the others: it takes many networks to reach it.
"""

import ipaddress
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from web.models import LimitedAction, VisitorAction


@dataclass(frozen=True)
class Limit:
    """Actions an hour for a client, a network and all visitors together."""

    by_client: int
    by_network: int
    by_all: int


LIMITS = {
    LimitedAction.CORRECTION: Limit(by_client=10, by_network=50, by_all=2_500),
    LimitedAction.SAVED_LIST: Limit(by_client=10, by_network=50, by_all=2_500),
    LimitedAction.SESSION: Limit(by_client=30, by_network=300, by_all=15_000),
    LimitedAction.LETTER: Limit(by_client=5, by_network=25, by_all=1_000),
    LimitedAction.CHECK: Limit(by_client=30, by_network=100, by_all=4_000),
}
# Households have an IPv6 /64, in which addresses cost nothing; sites and companies have a /48.
CLIENT_PREFIXES = {4: 32, 6: 64}
NETWORK_PREFIXES = {4: 24, 6: 48}
# Key of an advisory lock; no other user of this database may take it.
ADMISSION_LOCK = 20_261_101


class TooManyActions(Exception):
    """Raised if a client, a network or all visitors exceed their limit for the last hour."""


def client_address(request) -> str:
    """Return the IP address of the client, or "" if it is not known.

    Only those entries of X-Forwarded-For count that the site's own proxies wrote, from the end. Anybody may have sent
    the entries before them.
    """
    forwarded = request.headers.get("X-Forwarded-For", "").split(",")
    count = settings.TRUSTED_PROXY_COUNT
    entry = forwarded[-count] if count and len(forwarded) >= count else ""
    address = _parsed(entry) or _parsed(request.META.get("REMOTE_ADDR", ""))
    return str(address or "")


def _parsed(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    text = text.strip().partition("%")[0]
    try:
        if text.startswith("[") or text.count(":") == 1:
            # Some proxies add the port.
            text = urlsplit(f"//{text}").hostname or ""
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def client_hash(request) -> str:
    """Return a hash for the client that does not reveal its IP address: salted with the site's key and the day."""
    return _hash_of_network(client_address(request), CLIENT_PREFIXES)


def network_hash(request) -> str:
    return _hash_of_network(client_address(request), NETWORK_PREFIXES)


def _hash_of_network(address: str, prefixes: dict[int, int]) -> str:
    if address:
        version = ipaddress.ip_address(address).version
        address = str(ipaddress.ip_network((address, prefixes[version]), strict=False))
    return salted_hmac(f"accounts.visitor.{timezone.localdate()}", address, algorithm="sha256").hexdigest()


def one_at_a_time():
    """Hold a lock until the transaction ends, so that concurrent senders cannot exceed a limit together."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ADMISSION_LOCK])


@transaction.atomic
def admit(request, action: LimitedAction):
    """Record that the client performs this action. Raise TooManyActions if a limit is reached."""
    one_at_a_time()
    VisitorAction.objects.outlived().delete()
    limit, client, network = LIMITS[action], client_hash(request), network_hash(request)
    last_hour = VisitorAction.objects.filter(action=action, done_at__gt=timezone.now() - timedelta(hours=1))
    if (
        last_hour.filter(client_hash=client).count() >= limit.by_client
        or last_hour.filter(network_hash=network).count() >= limit.by_network
        or last_hour.count() >= limit.by_all
    ):
        raise TooManyActions
    VisitorAction.objects.create(action=action, client_hash=client, network_hash=network)
