"""Tests of requests to registers, of their formats, and of the keys of websites."""

import copy
from functools import partial

import pytest

from harvest.registers import mkrf, ror, wikidata
from harvest.registers.client import LONGEST_WAIT_SECONDS, RegisterClient, RegisterError
from harvest.registers.register import Body
from harvest.registers.wikidata_statements import partial_date
from records.own_sites import site_of
from web.site_client import parse_pin

from . import register_servers as real


def ask(site, *, waits=None, **options):
    client = RegisterClient(
        base=site.base,
        pins=dict([parse_pin(site.resolve)]),
        pause=0,
        wait=(lambda seconds: None) if waits is None else waits.append,
        **options,
    )
    return client.json("https://www.wikidata.org/w/api.php", {"q": "я"}, is_busy=lambda data: data.get("error", ""))


def test_register_is_asked_again_with_patience_and_knows_who_asks(serve, settings):
    site = serve(real.RegisterSite(lambda handler, path, parameters: real.say(handler, {"path": path} | parameters)))
    site.faults = [real.busy(429, **{"Retry-After": "40"}), real.busy(503), real.page_for_people, real.broken_json]
    waits = []

    assert ask(site, waits=waits) == {"path": "/w/api.php", "q": "я"}
    assert waits == [40, 10, 20, 40]
    assert settings.CONTACT_EMAIL in site.headers[0]["User-Agent"]
    assert "/robots.txt" not in [path for _method, path in site.asked]


@pytest.mark.parametrize(
    ("fault", "message", "requests"),
    [
        (real.lagging, "maxlag", 5),
        (real.busy(500), "status 500, 5 times", 5),
        (real.busy(429, **{"Retry-After": str(LONGEST_WAIT_SECONDS + 60)}), "come back in 6 minutes", 1),
        (real.busy(429, **{"Retry-After": "Fri, 31 Dec 2100 23:59:59 GMT"}), "come back in", 1),
        (real.busy(400), "status 400", 1),
        (real.sent_on, "sends on to another place", 1),
        (real.huge, "more than 20,000,000 bytes", 1),
    ],
)
def test_register_that_fails_is_told_and_not_pressed(serve, fault, message, requests):
    site = serve(real.RegisterSite(lambda handler, path, parameters: real.say(handler, {})))
    site.faults = [fault] * 5

    with pytest.raises(RegisterError, match=message):
        ask(site)
    assert len(site.asked) == requests


def test_slow_register_and_private_hosts_give_no_answer(serve):
    def hang(handler):
        handler.connection.settimeout(5)
        handler.connection.recv(1)

    site = serve(real.RegisterSite(lambda handler, path, parameters: hang(handler)))
    with pytest.raises(RegisterError, match="no answer"):
        ask(site, request_seconds=0.1)
    with pytest.raises(RegisterError, match="NotPublic"):
        RegisterClient(base=site.url("").rstrip("/"), pause=0).json("https://www.wikidata.org/", {})


@pytest.mark.parametrize(
    ("value", "precision", "expected"),
    [
        ("+1940-04-08T00:00:00Z", 11, "1940-04-08"),
        ("+1961-05-00T00:00:00Z", 11, "1961-05"),
        ("+1961-00-00T00:00:00Z", 11, "1961"),
        ("+1961-05-01T00:00:00Z", 9, "1961"),
        ("+00000001961-05-01T00:00:00Z", 10, "1961-05"),
        ("+1900-00-00T00:00:00Z", 7, ""),
        ("-0300-00-00T00:00:00Z", 9, ""),
        ("today", 11, ""),
    ],
)
def test_times_are_as_precise_as_they_say(value, precision, expected):
    assert partial_date({"time": value, "precision": precision}) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.mosfilm.ru/about", "mosfilm.ru"),
        ("http://en.mosfilm.ru", "mosfilm.ru"),
        ("кинофест.рф/о", "xn--e1affnfthn.xn--p1ai"),
        ("https://www.facebook.com/mosfilm", ""),
        ("https://vk.com/mosfilm", ""),
        ("https://www.gov.kz/memleket/entities/mam", ""),
        ("https://culture.gov.ru", "culture.gov.ru"),
        ("https://studio.narod.ru/", "studio.narod.ru"),
        ("https://user.wixsite.com/festival/about", "user.wixsite.com/festival"),
        ("https://[broken", ""),
    ],
)
def test_pages_of_one_website_have_one_key(url, expected):
    assert site_of(url) == expected


def places(value, place=()):
    """Return the place of each value within maps and lists."""
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    yield place
    for name, child in children:
        yield from places(child, (*place, name))


def read_entity(answer):
    return wikidata._body("Q1", answer, "studio", {"Q2": answer}, ("kk",))


NAMES = [("Film School", "en", "ror_display")]
STUDIO = real.entity(
    "Q1",
    {"en": "Studio"},
    *(real.claim(name, "a", P518=real.item("Q2")) for name in ("P856", "P968", "P1329", "P281", "P345", "P2013")),
    *(real.claim(name, real.item("Q2"), P580=real.time("+2019-03-01T00:00:00Z")) for name in ("P159", "P1037", "P749")),
    real.claim("P6375", real.text_in("en", "Street")),
    real.claim("P625", real.place(1, 2)),
    real.claim("P571", real.time("+2019-03-01T00:00:00Z")),
)
SCHOOL = real.organization("05jra0838", NAMES, external_ids=[{"type": "isni", "all": ["1"], "preferred": "1"}])
MUSEUM = real.cultural_body(1, "Музей кино", phones=[("74950000000", "касса")], email="a@example.org")


@pytest.mark.parametrize(
    ("read", "answer"),
    [
        (read_entity, STUDIO),
        (partial(ror._body, code="KZ"), SCHOOL),
        (partial(mkrf._body, "museums", "museum"), MUSEUM),
    ],
    ids=["wikidata", "ror", "mkrf"],
)
def test_no_value_of_an_unexpected_type_stops_the_reading(read, answer):
    for place in list(places(answer))[1:]:
        for value in (None, [None], {"a": 1}, 5):
            changed = copy.deepcopy(answer)
            inside = changed
            for name in place[:-1]:
                inside = inside[name]
            inside[place[-1]] = value
            assert isinstance(read(changed), Body | None), (place, value)
