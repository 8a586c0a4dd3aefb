"""Tests of the link checker with real servers on this machine: polite, limited, and never in private networks."""

import ipaddress
import socket
import threading
from contextlib import closing

import pytest

from records.link_checker import AGENT, MOST_BYTES, Finding, LinkChecker, check_all
from records.link_checks import LinkOutcome
from tests.local_site import Site, closing_site, redirect
from web.site_client import OwnNetworkDown, SiteClient

RULES = b"User-agent: *\nCrawl-delay: %d\n"
HOME = "https://cisfilm.example/about/"


@pytest.fixture
def site():
    with closing_site(Site()) as server:
        yield server


@pytest.fixture
def other_site():
    with closing_site(Site("127.0.0.2")) as server:
        yield server


def checker(**options):
    """Checker that may request this machine and does not wait."""
    options = {"home": HOME, "may_ask": lambda address: True, "pause": 0, "step_seconds": 5} | options
    return LinkChecker(SiteClient(AGENT, **options))


# Outcomes ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, LinkOutcome.WORKS),
        (204, LinkOutcome.WORKS),
        (404, LinkOutcome.GONE),
        (410, LinkOutcome.GONE),
        (403, LinkOutcome.REFUSED),
        (429, LinkOutcome.REFUSED),
        (400, LinkOutcome.ERROR),
        (500, LinkOutcome.ERROR),
        (503, LinkOutcome.ERROR),
    ],
)
def test_outcome_of_an_answer(site, status, outcome):
    site.pages["/page"] = status

    assert checker().check(site.url("/page")) == Finding(outcome, status)


def test_page_is_asked_for_by_its_head_only(site):
    checker().check(site.url("/page?q=1"))

    assert site.asked == [("GET", "/robots.txt"), ("HEAD", "/page?q=1")]


@pytest.mark.parametrize("refusal", [405, 501, 404, 403])
def test_site_that_does_not_like_head_is_asked_again(site, refusal):
    site.pages["/page"] = lambda handler: handler.say(200 if handler.command == "GET" else refusal, b"Page.")

    assert checker().check(site.url("/page")).outcome == LinkOutcome.WORKS
    assert site.asked[1:] == [("HEAD", "/page"), ("GET", "/page")]


def test_site_that_breaks_off_at_head_is_asked_again(site):
    def page(handler):
        if handler.command == "HEAD":
            handler.connection.shutdown(socket.SHUT_RDWR)
        else:
            handler.say(200, b"Page.")

    site.pages["/page"] = page

    assert checker().check(site.url("/page")).outcome == LinkOutcome.WORKS


def test_no_more_than_the_beginning_of_a_page_is_read(site):
    written = []

    def endless(handler):
        handler.send_response(405 if handler.command == "HEAD" else 200)
        handler.end_headers()
        while handler.command == "GET" and sum(written) < 50_000_000:
            written.append(handler.wfile.write(b"x" * 65_536))

    site.pages["/page"] = endless

    assert checker().check(site.url("/page")).outcome == LinkOutcome.WORKS
    site.shutdown()
    assert MOST_BYTES <= sum(written) < 50_000_000


def test_redirect_to_another_page_works_and_to_another_site_is_moved(site, other_site):
    site.pages |= {"/old": redirect("/new", 301), "/away": redirect(other_site.url("/new"))}

    same = checker().check(site.url("/old"))
    other = checker().check(site.url("/away"))

    assert same == Finding(LinkOutcome.WORKS, 200, site.url("/new"))
    assert other == Finding(LinkOutcome.MOVED, 200, other_site.url("/new"))


def test_redirect_to_a_missing_page_is_gone(site):
    site.pages |= {"/old": redirect("/new"), "/new": 404}

    assert checker().check(site.url("/old")) == Finding(LinkOutcome.GONE, 404, site.url("/new"))


def test_circle_of_redirects_ends(site):
    site.pages |= {"/a": redirect("/b"), "/b": redirect("/a")}

    assert checker().check(site.url("/a")).outcome == LinkOutcome.REDIRECTS
    assert len(site.asked) == 7


@pytest.mark.parametrize("to", ["ftp://example.org/", "javascript:alert(1)", "http://[", "file:///etc/passwd"])
def test_redirect_to_what_is_no_page_is_not_followed(site, to):
    site.pages["/old"] = redirect(to)

    assert checker().check(site.url("/old")).outcome == LinkOutcome.UNREADABLE


def test_site_that_does_not_exist():
    def resolve(host, port):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    assert checker(resolve=resolve).check("https://nowhere.example/").outcome == LinkOutcome.NO_HOST


def test_trouble_with_our_own_names_is_no_fault_of_the_link():
    def resolve(host, port):
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    with pytest.raises(OwnNetworkDown):
        checker(resolve=resolve).check("https://example.org/")


def test_closed_port_is_no_answer():
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]

        assert checker().check(f"http://127.0.0.1:{port}/").outcome == LinkOutcome.NO_ANSWER


def test_silent_site_is_no_answer_after_the_time_of_a_step(site):
    released = threading.Event()
    site.pages["/page"] = lambda handler: released.wait(30)

    found = checker(step_seconds=0.3).check(site.url("/page"))
    released.set()

    assert found.outcome == LinkOutcome.NO_ANSWER


def test_site_that_answers_letter_by_letter_is_broken_off(site):
    released = threading.Event()

    def slow(handler):
        while not released.wait(0.05):
            handler.wfile.write(b"H")

    site.pages["/page"] = slow

    found = checker(request_seconds=0.5).check(site.url("/page"))
    released.set()

    assert found.outcome == LinkOutcome.NO_ANSWER


def test_what_is_no_web_server_is_no_answer(site):
    site.pages["/page"] = lambda handler: handler.wfile.write(b"220 smtp ready\r\n")

    assert checker().check(site.url("/page")).outcome == LinkOutcome.NO_ANSWER


def test_broken_encryption_is_told_apart_and_is_not_dead(site):
    url = site.url("/").replace("http:", "https:")

    assert checker().check(url).outcome == LinkOutcome.CERTIFICATE


@pytest.mark.parametrize("url", ["http://", "http://exa mple.org/", "http://[::1", "http://example.org:99999/", "x"])
def test_unreadable_address(url):
    assert checker().check(url).outcome == LinkOutcome.UNREADABLE


# Politeness ----------------------------------------------------------------------------------------------------------


def test_site_is_told_who_asks_and_gets_no_cookie_back(site):
    site.pages["/old"] = lambda handler: handler.say(302, Location="/new", **{"Set-Cookie": "a=b"})

    checker().check(site.url("/old"))

    assert {headers["User-Agent"] for headers in site.headers} == {f"{AGENT}/1.0 (+{HOME})"}
    assert {headers["Cookie"] for headers in site.headers} == {None}


def test_robots_txt_is_kept_to_and_read_once(site):
    rules = f"User-agent: {AGENT}\nDisallow: /private\n".encode()
    site.pages["/robots.txt"] = lambda handler: handler.say(200, rules)
    polite = checker()

    found = [polite.check(site.url(path)).outcome for path in ["/private/a", "/open", "/private/b"]]

    assert found == [LinkOutcome.ROBOTS, LinkOutcome.WORKS, LinkOutcome.ROBOTS]
    assert site.asked == [("GET", "/robots.txt"), ("HEAD", "/open")]


def test_robots_txt_of_the_site_that_a_redirect_leads_to_is_kept_to(site, other_site):
    site.pages["/old"] = redirect(other_site.url("/new"))
    other_site.pages["/robots.txt"] = lambda handler: handler.say(200, b"User-agent: *\nDisallow: /\n")

    assert checker().check(site.url("/old")).outcome == LinkOutcome.ROBOTS
    assert other_site.asked == [("GET", "/robots.txt")]


def test_site_whose_robots_txt_can_not_be_read_is_left_alone(site):
    site.pages["/robots.txt"] = 503

    assert checker().check(site.url("/page")).outcome == LinkOutcome.ROBOTS
    assert site.asked == [("GET", "/robots.txt")]


def test_site_that_does_not_answer_is_asked_once_for_all_its_links(site):
    site.pages["/robots.txt"] = lambda handler: handler.connection.shutdown(socket.SHUT_RDWR)
    patient = checker()

    found = [patient.check(site.url(path)).outcome for path in ["/a", "/b", "/c"]]

    assert found == [LinkOutcome.NO_ANSWER] * 3
    assert len(site.asked) == 1


@pytest.mark.parametrize(
    ("rules", "at_least", "at_most"),
    [(b"", 0, 3), (RULES % 7, 3, 7), (RULES % 999, 7, 10)],
)
def test_requests_to_a_host_are_a_pause_apart(site, rules, at_least, at_most):
    site.pages["/robots.txt"] = lambda handler: handler.say(200, rules)
    waits = []

    checker(pause=3, wait=waits.append).check(site.url("/page"))
    patient = checker(pause=3, wait=waits.append)
    for path in ["/a", "/b"]:
        patient.check(site.url(path))

    assert at_least < waits[-1] <= at_most


def test_host_is_asked_one_thing_at_a_time_and_several_hosts_at_once(site, other_site):
    together = threading.Barrier(2, timeout=20)
    for server in (site, other_site):
        server.pages["/first"] = lambda handler: (together.wait(), handler.say(200))
    urls = [server.url(path) for server in (site, other_site) for path in ["/first", "/a", "/b", "/c"]]

    found = dict(check_all(urls, checker()))

    assert {url: finding.outcome for url, finding in found.items()} == dict.fromkeys(urls, LinkOutcome.WORKS)
    assert (site.most_at_once, other_site.most_at_once) == (1, 1)


def test_work_that_is_ended_asks_nothing_more(site):
    urls = [site.url(f"/{number}") for number in range(50)]

    with closing(check_all(urls, checker())) as findings:
        next(findings)

    assert len(site.asked) < 20


def test_fault_of_the_checker_ends_the_work_and_is_told():
    def resolve(host, port):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        list(check_all(["http://example.org/"], checker(resolve=resolve)))


# Nowhere inside ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.1", "0x7f000001", "2130706433", "[::ffff:127.0.0.1]"])
def test_this_machine_is_never_asked(site, host):
    found = LinkChecker(SiteClient(AGENT, home=HOME)).check(f"http://{host}:{site.server_port}/")

    assert found.outcome == LinkOutcome.NOT_PUBLIC
    assert site.asked == []


def test_redirect_leads_nowhere_inside(site, other_site):
    site.pages["/old"] = redirect(other_site.url("/secret"))
    outside = checker(may_ask=lambda address: address == ipaddress.ip_address("127.0.0.1"))

    assert outside.check(site.url("/old")).outcome == LinkOutcome.NOT_PUBLIC
    assert other_site.asked == []


def test_robots_txt_leads_nowhere_inside(site, other_site):
    site.pages["/robots.txt"] = redirect(other_site.url("/secret"))
    outside = checker(may_ask=lambda address: address == ipaddress.ip_address("127.0.0.1"))

    assert outside.check(site.url("/")).outcome == LinkOutcome.NOT_PUBLIC
    assert other_site.asked == []


def test_name_with_an_inner_address_beside_a_public_one_is_asked_at_the_public_one(site, other_site):
    def resolve(host, port):
        return ["127.0.0.2", "127.0.0.1"]

    outside = checker(resolve=resolve, may_ask=lambda address: address == ipaddress.ip_address("127.0.0.1"))

    assert outside.check(f"http://two.example:{site.server_port}/").outcome == LinkOutcome.WORKS
    assert [headers["Host"] for headers in site.headers] == [f"two.example:{site.server_port}"] * 2
    assert other_site.asked == []


def test_name_is_looked_up_once_for_looking_and_connecting(site):
    """Check that a name is resolved once: a second lookup could return a private address."""
    answers = iter([["127.0.0.1"], ["127.0.0.1"], ["127.0.0.2"]])

    found = checker(resolve=lambda host, port: next(answers)).check(f"http://two.example:{site.server_port}/")

    assert found.outcome == LinkOutcome.WORKS
    assert next(answers) == ["127.0.0.2"]
