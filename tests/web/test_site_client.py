"""Tests of the client of other people's sites with real servers on this machine."""

import gzip
import ipaddress
import zlib

import pytest

from tests.local_site import Site, closing_site, redirect
from web.site_client import (
    ForbiddenByRobots,
    InvalidURL,
    NoAnswer,
    NotPublic,
    Place,
    SiteClient,
    ip_addresses,
    is_public,
    parse_pin,
)

HOME = "https://cisfilm.example/harvest/"


@pytest.fixture
def site():
    with closing_site(Site()) as server:
        yield server


def client_of(site, *hosts, **options):
    """Return a client for which these hosts stand on the site, and nothing else on this machine."""
    pins = {(host, site.server_port): ["127.0.0.1"] for host in hosts or ["studio.example"]}
    return SiteClient("CISFilm-test", home=HOME, pins=pins, **{"pause": 0} | options)


def url_of(site, path="/", host="studio.example"):
    return f"http://{host}:{site.server_port}{path}"


@pytest.mark.parametrize(
    ("url", "host", "port", "target"),
    [
        ("https://example.org", "example.org", 443, "/"),
        (
            "http://кино.рф/о нас?q=я#part",
            "xn--h1adke.xn--p1ai",
            80,
            "/%D0%BE%20%D0%BD%D0%B0%D1%81?q=%D1%8F",
        ),
        ("https://user:secret@example.org:8443/a%20b", "example.org", 8443, "/a%20b"),
        ("https://example.org./", "example.org", 443, "/"),
    ],
)
def test_address_is_taken_apart(url, host, port, target):
    place = Place.of(url)

    assert (place.host, place.port, place.target) == (host, port, target)


def test_pins_lead_to_private_addresses_and_redirects_to_others_do_not(site):
    port = site.server_port
    site.pages |= {
        "/away": redirect(url_of(site, "/new", "other.example")),
        "/inside": redirect(f"http://127.0.0.1:{port}/secret"),
    }
    client = client_of(site, "studio.example", "other.example")

    assert client.get(url_of(site, "/away"), most_bytes=10).url == url_of(site, "/new", "other.example")
    with pytest.raises(NotPublic):
        client.get(url_of(site, "/inside"), most_bytes=10)
    assert site.asked[-1] == ("GET", "/inside")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Studio.example:80:127.0.0.1", (("studio.example", 80), ["127.0.0.1"])),
        ("+кино.рф:443:[::1],127.0.0.1", (("xn--h1adke.xn--p1ai", 443), ["::1", "127.0.0.1"])),
        ("*:8080:10.0.0.1", (("*", 8080), ["10.0.0.1"])),
        ("studio.example:80", None),
        ("studio.example:80:localhost", None),
        ("studio.example:x:127.0.0.1", None),
        (":80:127.0.0.1", None),
    ],
)
def test_pins_are_written_as_for_curl(text, expected):
    if expected is None:
        with pytest.raises(ValueError):  # noqa: PT011 several reasons
            parse_pin(text)
    else:
        assert parse_pin(text) == expected


RAW_DEFLATE = zlib.compressobj(wbits=-zlib.MAX_WBITS)


@pytest.mark.parametrize(
    ("encoding", "body", "expected", "is_cut"),
    [
        ("", b"x" * 100, b"x" * 100, False),
        ("", b"x" * 101, b"x" * 100, True),
        ("gzip", gzip.compress(b"page", mtime=0), b"page", False),
        ("gzip", gzip.compress(b"0" * 10_000_000, mtime=0), b"0" * 100, True),
        ("deflate", zlib.compress(b"page"), b"page", False),
        ("deflate", RAW_DEFLATE.compress(b"page") + RAW_DEFLATE.flush(), b"page", False),
        ("gzip", b"no gzip", b"no gzip", False),
        ("gzip", gzip.compress(b"page", mtime=0)[:-6], b"page", False),
    ],
    ids=["whole", "cut", "gzip", "much-in-gzip", "deflate", "raw-deflate", "no-gzip", "broken-off"],
)
def test_bodies_are_unpacked_within_the_limit(site, encoding, body, expected, is_cut):
    site.pages["/"] = lambda handler: handler.say(200, body, **{"Content-Encoding": encoding})

    answer = client_of(site).get(url_of(site), most_bytes=100)

    assert (answer.body, answer.is_cut) == (expected, is_cut)


def test_answer_tells_headers_and_own_headers_are_sent(site):
    site.pages["/api?q=1"] = lambda handler: handler.say(429, b"{}", **{"Retry-After": "7"})

    answer = client_of(site).get(url_of(site, "/api?q=1"), most_bytes=10, headers={"Accept": "x/y"}, robots=False)

    assert (answer.status, answer.headers["retry-after"], answer.body) == (429, "7", b"{}")
    assert [headers["Accept"] for headers in site.headers] == ["x/y"]
    assert site.headers[0]["User-Agent"] == f"CISFilm-test/1.0 (+{HOME})"


def test_robots_txt_is_read_with_wildcards_and_the_longest_rule_first(site):
    rules = b"\xef\xbb\xbfUser-agent: cisfilm\nDisallow: /\nAllow: /contact\nDisallow: /*?print\n"
    site.pages["/robots.txt"] = lambda handler: handler.say(200, rules)
    client = client_of(site)

    assert client.get(url_of(site, "/contacts"), most_bytes=1).status == 200
    for path in ["/about", "/contacts?print=1"]:
        with pytest.raises(ForbiddenByRobots):
            client.get(url_of(site, path), most_bytes=1)


def test_body_that_drips_or_breaks_off(site):
    def drip(handler):
        handler.send_response(200)
        handler.end_headers()
        try:
            while handler.wfile.write(b"x"):
                handler.connection.settimeout(0.05)
                try:
                    if not handler.connection.recv(1):
                        return
                except TimeoutError:
                    pass
        except OSError:
            return

    site.pages |= {
        "/drip": drip,
        "/short": lambda handler: handler.say(200, b"begun", **{"Content-Length": "50"}),
    }

    with pytest.raises(NoAnswer):
        client_of(site, request_seconds=0.4).get(url_of(site, "/drip"), most_bytes=1000)
    assert client_of(site).get(url_of(site, "/short"), most_bytes=1000).body == b"begun"


@pytest.mark.parametrize("location", ["http://[", "javascript:alert(1)"])
def test_redirects_to_no_page_are_refused(site, location):
    site.pages["/"] = redirect(location)

    with pytest.raises(InvalidURL):
        client_of(site).get(url_of(site), most_bytes=1)


def test_redirects_may_be_written_in_any_letters(site):
    site.pages["/"] = redirect("/контакты".encode().decode("latin-1"))

    client_of(site).get(url_of(site), most_bytes=1)

    assert site.asked[-1] == ("GET", "/%D0%BA%D0%BE%D0%BD%D1%82%D0%B0%D0%BA%D1%82%D1%8B")


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("93.184.215.14", True),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),  # noqa: S104 nothing listens there
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fe80::1", False),
        ("fc00::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:93.184.215.14", False),
        ("::127.0.0.1", False),
        ("::93.184.215.14", False),
        ("::ffff:0:7f00:1", False),
        ("fec0::1", False),
        ("2002:5db8:d822::1", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
        ("2001:0:7f00:1::", False),
        ("ff02::1", False),
    ],
)
def test_which_addresses_are_public(address, expected):
    assert is_public(ipaddress.ip_address(address)) is expected


def test_names_are_looked_up_by_the_system():
    assert "127.0.0.1" in ip_addresses("127.0.0.1", 80)
