"""Polite checks of whether web pages still exist. Uses no records, and reads no pages.

One request at a time for each host and a pause after it, robots.txt, few redirects, few bytes, no cookies. URLs come
from records that many people fill in, so none may lead into our own network: each name is resolved here, and the
connection goes to the IP address that was checked.
"""

import errno
import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from urllib.parse import quote, urljoin, urlsplit
from urllib.robotparser import RobotFileParser

from .link_checks import LinkOutcome

AGENT = "CISFilm-link-check"
PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 10.0
# For each step of a request, and for a request as a whole: a site may send one byte at a time.
STEP_SECONDS = 10.0
REQUEST_SECONDS = 20.0
MOST_REDIRECTS = 5
MOST_BYTES = 4_096
MOST_ROBOTS_BYTES = 200_000
HOSTS_AT_ONCE = 8
REDIRECTS = {301, 302, 303, 307, 308}
REFUSALS = {401, 403, 407, 429, 451, 999}
GONE = {404, 410}
# The only public range of IPv6. Of the ranges that embed IPv4 addresses, two lie in it: 6to4 and Teredo, which are out
# of use.
GIVEN_OUT = ipaddress.ip_network("2000::/3")


@dataclass(frozen=True)
class Finding:
    """Result for a URL."""

    outcome: LinkOutcome
    status_code: int | None = None
    final_url: str = ""


class NotPublic(Exception):
    """Raised if the host name has no public IP address."""


class OwnNetworkDown(Exception):
    """Raised if this machine has no network, which says nothing about the link."""


def is_public(address) -> bool:
    """Return whether the IP address is public."""
    if address.version == 6 and (address not in GIVEN_OUT or address.sixtofour or address.teredo):
        return False
    return address.is_global and not address.is_multicast


def ip_addresses(host: str, port: int) -> list[str]:
    """Return all IP addresses of a host name."""
    return [found[4][0] for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


@dataclass(frozen=True)
class Place:
    """Parts of a URL as a request needs them."""

    scheme: str
    host: str
    port: int
    target: str

    @classmethod
    def of(cls, url: str) -> "Place":
        """Parse the URL. Raise ValueError if it cannot be requested."""
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".")
        # Internationalised names, such as those below .рф.
        host = host if host.isascii() else host.encode("idna").decode()
        port = parts.port or (443 if parts.scheme == "https" else 80)
        if parts.scheme not in ("http", "https") or not host or any(character.isspace() for character in host):
            raise ValueError(f"Not an address of a page: {url!r}")
        target = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
        if parts.query:
            target += "?" + quote(parts.query, safe="/%:@!$&'()*+,;=~-._?[]")
        return cls(parts.scheme, host, port, target)

    @property
    def site(self):
        return (self.scheme, self.host, self.port)


class _Connection(http.client.HTTPConnection):
    """Connection to one resolved IP address under its host name."""

    def __init__(self, place: Place, address: str, tls: ssl.SSLContext | None, seconds: float):
        super().__init__(place.host, place.port, timeout=seconds)
        # So that the Host header omits the default port.
        self.default_port = 443 if tls else 80
        self._address, self._tls = address, tls

    def connect(self):
        self.sock = socket.create_connection((self._address, self.port), self.timeout)
        if self._tls:
            self.sock = self._tls.wrap_socket(self.sock, server_hostname=self.host, do_handshake_on_connect=False)
            self.sock.do_handshake()

    def break_off(self):
        if self.sock is not None:
            with suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)


@dataclass(frozen=True)
class Answer:
    status: int
    location: str
    body: bytes


class LinkChecker:
    """Checker of links. Only tests replace `may_ask`, to allow requests to this machine."""

    def __init__(
        self,
        *,
        home: str,
        may_ask: Callable[[ipaddress.IPv4Address | ipaddress.IPv6Address], bool] = is_public,
        resolve: Callable[[str, int], list[str]] = ip_addresses,
        wait: Callable[[float], object] = time.sleep,
        tls: ssl.SSLContext | None = None,
        pause: float = PAUSE_SECONDS,
        step_seconds: float = STEP_SECONDS,
        request_seconds: float = REQUEST_SECONDS,
    ):
        self._user_agent = f"{AGENT}/1.0 (+{home})"
        self._may_ask, self._resolve, self._wait = may_ask, resolve, wait
        self._tls = tls or ssl.create_default_context()
        self._pause, self._step_seconds, self._request_seconds = pause, step_seconds, request_seconds
        self._robots: dict[tuple, RobotFileParser | Exception | None] = {}
        self._turns: dict[str, threading.Lock] = defaultdict(threading.Lock)
        self._free_at: dict[str, float] = {}
        self._guard = threading.Lock()

    def check(self, url: str) -> Finding:
        """Request the URL and return the result. Raise OwnNetworkDown."""
        try:
            return self._follow(url)
        except NotPublic:
            return Finding(LinkOutcome.NOT_PUBLIC)
        except ValueError:
            return Finding(LinkOutcome.UNREADABLE)
        except socket.gaierror as error:
            if error.errno == socket.EAI_AGAIN:
                raise OwnNetworkDown from error
            return Finding(LinkOutcome.NO_HOST)
        except ssl.SSLEOFError:
            return Finding(LinkOutcome.NO_ANSWER)
        except ssl.SSLError:
            return Finding(LinkOutcome.CERTIFICATE)
        except (OSError, http.client.HTTPException) as error:
            if getattr(error, "errno", None) == errno.ENETUNREACH:
                raise OwnNetworkDown from error
            return Finding(LinkOutcome.NO_ANSWER)

    def _follow(self, url):
        at = url
        for _step in range(MOST_REDIRECTS + 1):
            place = Place.of(at)
            robots = self._robots_of(place)
            if robots is None or not robots.can_fetch(AGENT, at):
                return Finding(LinkOutcome.ROBOTS, final_url=at if at != url else "")
            answer = self._look(place)
            if answer.status not in REDIRECTS or not answer.location:
                return self._finding(url, at, answer.status)
            at = urljoin(at, answer.location).partition("#")[0]
            if len(at) > 1000:
                break
        return Finding(LinkOutcome.REDIRECTS, answer.status)

    @staticmethod
    def _finding(url, at, status):
        final_url = at if at != url else ""
        if status < 400:
            moved = _site_name(url) != _site_name(at)
            return Finding(LinkOutcome.MOVED if moved else LinkOutcome.WORKS, status, final_url)
        if status in GONE:
            return Finding(LinkOutcome.GONE, status, final_url)
        return Finding(LinkOutcome.REFUSED if status in REFUSALS else LinkOutcome.ERROR, status, final_url)

    def _look(self, place):
        """Return the response to HEAD, or to GET if the site refuses HEAD."""
        with suppress(http.client.HTTPException, ConnectionError):
            answer = self._ask("HEAD", place, MOST_BYTES)
            if answer.status < 400:
                return answer
        return self._ask("GET", place, MOST_BYTES)

    def _robots_of(self, place):
        """Return the site's robots.txt; None if it can't be read, which forbids everything.

        Raise the network error, once for all links to a site that does not answer at all.
        """
        if place.site not in self._robots:
            try:
                self._robots[place.site] = self._read_robots(place)
            except (OSError, http.client.HTTPException, NotPublic) as error:
                self._robots[place.site] = error
        if isinstance(self._robots[place.site], Exception):
            raise self._robots[place.site]
        return self._robots[place.site]

    def _read_robots(self, place):
        rules = RobotFileParser()
        host = f"[{place.host}]" if ":" in place.host else place.host
        url = f"{place.scheme}://{host}:{place.port}/robots.txt"
        for _step in range(MOST_REDIRECTS + 1):
            answer = self._ask("GET", Place.of(url), MOST_ROBOTS_BYTES)
            if answer.status not in REDIRECTS or not answer.location:
                break
            url = urljoin(url, answer.location)
        if answer.status >= 500:
            return None
        rules.parse(answer.body.decode(errors="replace").splitlines() if answer.status < 300 else [])
        return rules

    def _ask(self, method, place, most_bytes):
        with self._turn(place):
            error = None
            for address in self._allowed_addresses(place):
                try:
                    return self._ask_address(method, place, address, most_bytes)
                except ssl.SSLError:
                    raise
                except OSError as problem:
                    error = problem
            raise error

    def _allowed_addresses(self, place):
        addresses = dict.fromkeys(self._resolve(place.host, place.port))
        allowed = [address for address in addresses if self._may_ask(ipaddress.ip_address(address.partition("%")[0]))]
        if not allowed:
            raise NotPublic
        # Sites with more IP addresses than this have others that work.
        return allowed[:2]

    def _ask_address(self, method, place, address, most_bytes):
        connection = _Connection(place, address, self._tls if place.scheme == "https" else None, self._step_seconds)
        alarm = threading.Timer(self._request_seconds, connection.break_off)
        alarm.daemon = True
        alarm.start()
        try:
            connection.request(
                method, place.target, headers={"User-Agent": self._user_agent, "Accept": "*/*", "Connection": "close"}
            )
            response = connection.getresponse()
            return Answer(response.status, response.getheader("Location", ""), response.read(most_bytes))
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
        asked_for = float(robots.crawl_delay(AGENT) or 0) if isinstance(robots, RobotFileParser) else 0
        return max(self._pause, min(asked_for, LONGEST_PAUSE_SECONDS))


def _site_name(url):
    return (urlsplit(url).hostname or "").removeprefix("www.")


def host_of(url: str) -> str:
    """Return the host of a URL in lower case, or ""."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def check_all(urls: Iterable[str], checker: LinkChecker) -> Iterator[tuple[str, Finding | None]]:
    """Check the links, several hosts at once; yield None for a link that this machine could not request.

    Closing the iterator ends the work after the requests that are under way.
    """
    by_host = defaultdict(list)
    for url in urls:
        by_host[host_of(url)].append(url)
    found = SimpleQueue()
    stopped = threading.Event()

    def check_host(its_urls):
        for url in its_urls:
            if stopped.is_set():
                return
            try:
                finding = checker.check(url)
            except OwnNetworkDown:
                finding = None
            found.put((url, finding))

    with ThreadPoolExecutor(HOSTS_AT_ONCE) as pool:
        workers = [pool.submit(check_host, its_urls) for its_urls in by_host.values()]
        try:
            for _number in range(sum(map(len, by_host.values()))):
                yield _next_of(found, workers)
        finally:
            stopped.set()
            pool.shutdown(wait=False, cancel_futures=True)


def _next_of(found, workers):
    """Return the next result; re-raise the exception of a failed worker, so that nothing waits for it."""
    while True:
        with suppress(Empty):
            return found.get(timeout=1)
        for worker in workers:
            if worker.done() and not worker.cancelled() and worker.exception():
                raise worker.exception()
