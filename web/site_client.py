"""A polite HTTP client for other people's sites. Knows no records, and reads no pages.

One request at a time for each host and a pause after it, robots.txt, few redirects, few bytes, no cookies. URLs come
from records that many people fill in, so none may lead into our own network: each name is resolved here, and the
connection goes to the IP address that was checked. Only a pin (`--resolve HOST:PORT:ADDRESS`, as curl has it) leads
to a private address.
"""

import errno
import http.client
import ipaddress
import socket
import ssl
import threading
import time
import zlib
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import quote, urljoin, urlsplit

from protego import Protego

PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 10.0
# For each step of a request, and for a request as a whole: a site may send one byte at a time.
STEP_SECONDS = 10.0
REQUEST_SECONDS = 20.0
MOST_REDIRECTS = 5
LONGEST_URL = 1000
MOST_ROBOTS_BYTES = 200_000
REDIRECTS = {301, 302, 303, 307, 308}
# The only public range of IPv6. Of the ranges that embed IPv4 addresses, two lie in it: 6to4 and Teredo, which are out
# of use.
GIVEN_OUT = ipaddress.ip_network("2000::/3")

type IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


class SiteError(Exception):
    """Base of all reasons why a site gave no answer."""


class InvalidURL(SiteError):
    """Raised if the URL cannot be requested."""


class NotPublic(SiteError):
    """Raised if the host name has no public IP address."""


class NoSuchHost(SiteError):
    """Raised if the host name is unknown."""


class NoAnswer(SiteError):
    """Raised if the site does not answer in time."""


class BrokenOff(NoAnswer):
    """Raised if the site refuses or breaks off the connection, or does not speak HTTP."""


class UntrustedCertificate(SiteError):
    """Raised if the encrypted connection fails."""


class OwnNetworkDown(SiteError):
    """Raised if this machine has no network, which says nothing about the site."""


class ForbiddenByRobots(SiteError):
    """Raised if robots.txt excludes the URL, or cannot be read."""

    def __init__(self, url: str):
        super().__init__(url)
        self.url = url


class TooManyRedirects(SiteError):
    """Raised if redirects do not end."""

    def __init__(self, status: int):
        super().__init__(status)
        self.status = status


def is_public(address: IPAddress) -> bool:
    """Return whether the IP address is public."""
    if address.version == 6 and (address not in GIVEN_OUT or address.sixtofour or address.teredo):
        return False
    return address.is_global and not address.is_multicast


def ip_addresses(host: str, port: int) -> list[str]:
    """Return all IP addresses of a host name."""
    return [found[4][0] for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def host_of(url: str) -> str:
    """Return the host of a URL in lower case, or ""."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def parse_pin(text: str) -> tuple[tuple[str, int], list[str]]:
    """Return host, port and IP addresses of "HOST:PORT:ADDRESS[,ADDRESS]". Raise ValueError for anything else.

    As for curl, IPv6 addresses may stand in brackets, and "*" is any host.
    """
    host, port, addresses = text.removeprefix("+").split(":", 2)
    given = [address.strip("[]") for address in addresses.split(",")]
    for address in given:
        ipaddress.ip_address(address)
    if not host or not 0 < int(port) < 65536:
        raise ValueError(f"Not HOST:PORT:ADDRESS: {text!r}")
    return (_ascii_host(host), int(port)), given


def _ascii_host(host: str) -> str:
    # Internationalised names, such as those below .рф.
    host = host.lower().rstrip(".")
    return host if host.isascii() else host.encode("idna").decode()


@dataclass(frozen=True)
class Place:
    """Parts of a URL as a request needs them."""

    scheme: str
    host: str
    port: int
    target: str

    @classmethod
    def of(cls, url: str) -> "Place":
        """Parse the URL. Raise InvalidURL if it cannot be requested."""
        try:
            parts = urlsplit(url)
            host = _ascii_host(parts.hostname or "")
            port = parts.port or (443 if parts.scheme == "https" else 80)
        except ValueError as error:
            raise InvalidURL(url) from error
        if parts.scheme not in ("http", "https") or not host or any(character.isspace() for character in host):
            raise InvalidURL(url)
        target = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
        if parts.query:
            target += "?" + quote(parts.query, safe="/%:@!$&'()*+,;=~-._?[]")
        return cls(parts.scheme, host, port, target)

    @property
    def site(self):
        return (self.scheme, self.host, self.port)

    @property
    def robots_url(self):
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}/robots.txt"


class _Connection(http.client.HTTPConnection):
    """Connection to one resolved IP address under its host name."""

    def __init__(self, place: Place, address: str, tls: ssl.SSLContext | None, seconds: float):
        super().__init__(place.host, place.port, timeout=seconds)
        # So that the Host header omits the default port.
        self.default_port = 443 if tls else 80
        self._address, self._tls = address, tls
        # `sock` is given up to an answer that ends with the connection.
        self._socket = None
        self.is_broken_off = False

    def connect(self):
        self.sock = self._socket = socket.create_connection((self._address, self.port), self.timeout)
        if self._tls:
            self.sock = self._tls.wrap_socket(self.sock, server_hostname=self.host, do_handshake_on_connect=False)
            self._socket = self.sock
            self.sock.do_handshake()

    def break_off(self):
        self.is_broken_off = True
        if self._socket is not None:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)


@dataclass(frozen=True)
class Answer:
    """Answer to one request. `headers` are found in any case; `is_cut` says that the body was longer."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes = field(default=b"", repr=False)
    is_cut: bool = False

    @property
    def redirect(self) -> str:
        """Return the URL to which the answer sends on, or ""."""
        location = self.headers.get("Location", "") if self.status in REDIRECTS else ""
        try:
            return urljoin(self.url, _readable(location.strip())).partition("#")[0] if location else ""
        except ValueError as error:
            raise InvalidURL(location) from error


def _readable(header: str) -> str:
    """Return a header in which a site sent UTF-8, which http.client reads as Latin-1."""
    with suppress(UnicodeError):
        return header.encode("latin-1").decode()
    return header


class SiteClient:
    """Client under the name `agent`, which robots.txt may exclude; `home` is the URL that explains it.

    `pins` are IP addresses by host and port, and may be private. Only tests replace `may_ask`.
    """

    def __init__(
        self,
        agent: str,
        *,
        home: str,
        pins: Mapping[tuple[str, int], list[str]] | None = None,
        may_ask: Callable[[IPAddress], bool] = is_public,
        resolve: Callable[[str, int], list[str]] = ip_addresses,
        wait: Callable[[float], object] = time.sleep,
        tls: ssl.SSLContext | None = None,
        pause: float = PAUSE_SECONDS,
        step_seconds: float = STEP_SECONDS,
        request_seconds: float = REQUEST_SECONDS,
    ):
        self.agent = agent
        self._user_agent = f"{agent}/1.0 (+{home})"
        self._pins = pins or {}
        self._may_ask, self._resolve, self._wait = may_ask, resolve, wait
        self._given_tls = tls
        self._pause, self._step_seconds, self._request_seconds = pause, step_seconds, request_seconds
        self._robots: dict[tuple, Protego | SiteError | None] = {}
        self._turns: dict[str, threading.Lock] = defaultdict(threading.Lock)
        self._free_at: dict[str, float] = {}
        self._guard = threading.Lock()

    @cached_property
    def _tls(self):
        # Reading the certificates of the system takes long.
        return self._given_tls or ssl.create_default_context()

    def get(self, url: str, *, most_bytes: int, headers: Mapping[str, str] | None = None, robots=True) -> Answer:
        """Return the page, after redirects. Raise SiteError."""
        return self.follow(url, lambda at: self.ask("GET", at, most_bytes=most_bytes, headers=headers), robots=robots)

    def follow(self, url: str, ask: Callable[[str], Answer], *, robots=True) -> Answer:
        """Return the answer of `ask` to the URL at the end of the redirects. Raise SiteError."""
        for _step in range(MOST_REDIRECTS + 1):
            if robots and not self.may_read(url):
                raise ForbiddenByRobots(url)
            answer = ask(url)
            url = answer.redirect
            if not url:
                return answer
            if len(url) > LONGEST_URL:
                break
        raise TooManyRedirects(answer.status)

    def may_read(self, url: str) -> bool:
        """Return whether the site's robots.txt allows the URL; one that can't be read forbids everything.

        Raise the SiteError of robots.txt, once for all pages of a site that does not answer at all.
        """
        place = Place.of(url)
        if place.site not in self._robots:
            try:
                self._robots[place.site] = self._read_robots(place.robots_url)
            except SiteError as error:
                self._robots[place.site] = error
        rules = self._robots[place.site]
        if isinstance(rules, SiteError):
            raise rules
        return rules is not None and rules.can_fetch(url, self.agent)

    def _read_robots(self, url):
        answer = self.get(url, most_bytes=MOST_ROBOTS_BYTES, robots=False)
        if answer.status >= 500:
            return None
        return Protego.parse(answer.body.decode("utf-8-sig", "replace") if answer.status < 300 else "")

    def ask(self, method: str, url: str, *, most_bytes: int, headers: Mapping[str, str] | None = None) -> Answer:
        """Return the answer to one request, sent when it is the host's turn. Raise SiteError."""
        place = Place.of(url)
        with self._turn(place), _errors_told():
            error = None
            for address in self._allowed_addresses(place):
                try:
                    return self._ask_address(method, url, place, address, most_bytes, headers or {})
                except ssl.SSLError:
                    raise
                except OSError as problem:
                    error = problem
            raise error

    def _allowed_addresses(self, place):
        pinned = self._pins.get((place.host, place.port)) or self._pins.get(("*", place.port))
        if pinned:
            return pinned
        addresses = dict.fromkeys(self._resolve(place.host, place.port))
        allowed = [address for address in addresses if self._may_ask(ipaddress.ip_address(address.partition("%")[0]))]
        if not allowed:
            raise NotPublic(place.host)
        # Sites with more IP addresses than this have others that work.
        return allowed[:2]

    def _ask_address(self, method, url, place, address, most_bytes, headers):
        connection = _Connection(place, address, self._tls if place.scheme == "https" else None, self._step_seconds)
        alarm = threading.Timer(self._request_seconds, connection.break_off)
        alarm.daemon = True
        alarm.start()
        try:
            own = {"User-Agent": self._user_agent, "Accept": "*/*", "Accept-Encoding": "gzip, deflate"}
            connection.request(method, place.target, headers={**own, **headers, "Connection": "close"})
            with connection.getresponse() as response:
                body, is_cut = _body(response, most_bytes)
            if connection.is_broken_off:
                raise TimeoutError
            return Answer(url, response.status, response.headers, body, is_cut)
        finally:
            alarm.cancel()
            connection.close()

    @contextmanager
    def _turn(self, place):
        """Hold the host's lock for one request and the pause after it."""
        with self._guard:
            lock = self._turns[place.host]
        with lock:
            ahead = self._free_at.get(place.host, 0) - time.monotonic()
            if ahead > 0:
                self._wait(ahead)
            try:
                yield
            finally:
                self._free_at[place.host] = time.monotonic() + self._pause_for(place)

    def _pause_for(self, place):
        robots = self._robots.get(place.site)
        asked_for = float(robots.crawl_delay(self.agent) or 0) if isinstance(robots, Protego) else 0
        return max(self._pause, min(asked_for, LONGEST_PAUSE_SECONDS))


@contextmanager
def _errors_told():
    """Raise network errors as SiteError."""
    try:
        yield
    except socket.gaierror as error:
        raise (OwnNetworkDown if error.errno == socket.EAI_AGAIN else NoSuchHost) from error
    except UnicodeError as error:
        raise NoSuchHost from error
    except ssl.SSLEOFError as error:
        raise BrokenOff from error
    except ssl.SSLError as error:
        raise UntrustedCertificate(getattr(error, "reason", "")) from error
    except (http.client.HTTPException, ConnectionError) as error:
        raise BrokenOff from error
    except OSError as error:
        raise (OwnNetworkDown if error.errno == errno.ENETUNREACH else NoAnswer) from error


def _body(response, most_bytes):
    """Return the decompressed body up to the limit, and whether it was longer."""
    try:
        raw = response.read(most_bytes + 1)
    except http.client.IncompleteRead as error:
        raw = error.partial
    if response.headers.get("Content-Encoding", "").strip().lower() in ("gzip", "x-gzip", "deflate"):
        return _decompressed(raw, most_bytes)
    return raw[:most_bytes], len(raw) > most_bytes


def _decompressed(raw, most_bytes):
    # 47 reads both headers; some servers send "deflate" without any.
    for window in (47, -zlib.MAX_WBITS):
        unpacking = zlib.decompressobj(window)
        try:
            body = unpacking.decompress(raw[:most_bytes], most_bytes)
        except zlib.error:
            continue
        return body, bool(unpacking.unconsumed_tail) or len(raw) > most_bytes
    return raw[:most_bytes], len(raw) > most_bytes
