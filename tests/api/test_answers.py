"""Tests of answers to programs: errors that name the parameter, methods, other origins, pace, and the description."""

import pytest
import schemathesis
from django.test.client import ClientHandler
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode

from api import answers
from tests.api.walking import START
from tests.factories import create_institution
from tests.public_history import note
from tests.rich_records import create_rich_institution
from web.pace import MOST_CLIENTS, Pace

pytestmark = pytest.mark.django_db

PROBLEM = "application/problem+json"
KEY = "institutions/tajikfilm"


@pytest.mark.parametrize(
    ("path", "parameters"),
    [
        ("institutions?contry=TJ", ["contry"]),
        ("institutions?sort=name&page=2", ["page", "sort"]),
        ("institutions?country=XX&kind=nothing", ["country", "kind"]),
        ("institutions?country=", ["country"]),
        ("institutions?checked=6&checked=12", ["checked"]),
        ("institutions?stage_area=0", ["stage_area"]),
        ("institutions?stage_area=1e3", ["stage_area"]),
        ("institutions?limit=0", ["limit"]),
        ("institutions?limit=201", ["limit"]),
        ("institutions?after=Not%20A%20Key", ["after"]),
        ("institutions?fields=names,nothing", ["fields"]),
        ("institutions?fields=", ["fields"]),
        (f"institutions?q={'x' * 201}", ["q"]),
        ("people?on=2019-02-30", ["on"]),
        ("people?ever=yes", ["ever"]),
        ("positions?after=x", ["after"]),
        ("positions?after=99999999999999999999", ["after"]),
        ("changes?since=05/31/2026", ["since"]),
        ("countries?q=x", ["q"]),
        (f"{KEY}?country=TJ", ["country"]),
        (f"{KEY}?fields=x", ["fields"]),
    ],
)
def test_wrong_parameters_are_named(client, path, parameters):
    response = client.get(START + path)

    problem = response.json()
    assert (response.status_code, response["Content-Type"], problem["status"]) == (400, PROBLEM, 400)
    assert sorted(wrong["parameter"] for wrong in problem["errors"]) == parameters
    assert all(wrong["detail"] for wrong in problem["errors"])


def test_institution_that_is_not_there_is_named(client):
    create_institution(publication_state="draft")
    for key in ("nobody", "tajikfilm"):
        response = client.get(f"{START}people?institution={key}")
        assert (response.status_code, response.json()["errors"][0]["parameter"]) == (404, "institution")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("nothing", 404),
        ("institutions/nobody", 404),
        ("institutions/%00", 404),
        ("positions/x", 404),
        ("positions/99999999999999999999", 404),
        ("institutions/a/b", 404),
        (f"institutions?q={'x' * 4000}", 414),
        ("institutions?" + "&".join(["country=TJ"] * 201), 400),
    ],
)
def test_errors_of_all_parts_are_problems_that_any_origin_reads(client, path, status):
    response = client.get(START + path)

    assert (response.status_code, response["Content-Type"], response.json()["status"]) == (status, PROBLEM, status)
    assert response.json()["detail"]
    assert response["Access-Control-Allow-Origin"] == "*"


def test_interface_can_only_be_read_and_from_any_origin(client):
    create_institution()
    for method in ("post", "put", "patch", "delete"):
        response = getattr(client, method)(START + KEY)
        assert (response.status_code, response["Allow"]) == (405, "GET, HEAD, OPTIONS")
        assert response["Content-Type"] == PROBLEM
    preflight = client.options(START + KEY)
    assert (preflight.status_code, preflight["Access-Control-Allow-Methods"]) == (204, "GET, HEAD, OPTIONS")
    for response in (preflight, client.get(START + KEY), client.head(START + "institutions")):
        assert response["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Origin" not in client.get("/institutions/tajikfilm/")
    assert client.head(START + KEY).content == b""


def test_client_that_asks_too_fast_waits(client, monkeypatch):
    create_institution()
    monkeypatch.setitem(answers.PACES, "lists", Pace(per_second=0.1, at_once=2))

    responses = [client.get(START + KEY) for _ in range(3)]
    other = client.get(START + KEY, REMOTE_ADDR="192.0.2.7")

    assert [response.status_code for response in [*responses, other]] == [200, 200, 429, 200]
    assert (responses[-1]["Retry-After"], responses[-1]["Content-Type"]) == ("10", PROBLEM)


def test_pace_comes_back_by_and_by_and_remembers_so_many_clients():
    pace = Pace(per_second=2, at_once=3)
    assert [pace.seconds_to_wait("a", now) for now in (0, 0, 0, 0, 0.25, 0.5, 0.5)] == [0, 0, 0, 0.5, 0.25, 0, 0.5]
    assert [pace.seconds_to_wait("a", 100) for _ in range(4)] == [0, 0, 0, 0.5]
    for number in range(MOST_CLIENTS):
        pace.seconds_to_wait(str(number), 100)
    assert pace.seconds_to_wait("a", 100) == 0


def application(environ, start_response):
    """The site as a WSGI application that leaves the connection of the test open, without compression."""
    response = ClientHandler()(environ | {"HTTP_ACCEPT_ENCODING": ""})
    start_response(f"{response.status_code} {response.reason_phrase}", list(response.items()))
    return [response.content]


@pytest.fixture
def description(monkeypatch):
    """The description of lists with something in them, as schemathesis reads it from the running site."""
    note(create_rich_institution())
    monkeypatch.setitem(answers.PACES, "lists", Pace(per_second=1, at_once=10_000))
    return schemathesis.openapi.from_wsgi(START + "openapi.json", application)


@pytest.mark.parametrize("mode", GenerationMode, ids=lambda mode: mode.value)
def test_description_says_what_is_answered(description, mode):
    asked = 0
    for operation in (result.ok() for result in description.get_all_operations()):

        @seed(1)
        @settings(
            max_examples=6, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=HealthCheck
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case):
            nonlocal asked
            asked += 1
            case.call_and_validate()

        ask()
    assert asked >= 16


def test_description_has_examples_that_fit_it(description):
    operations = {result.ok().path: result.ok() for result in description.get_all_operations()}
    for path in ("/institutions", "/people/{id}", "/positions/{id}", "/changes"):
        responses = operations[path].definition.raw["responses"]
        example = responses["200"]["content"]["application/json"]["example"]
        assert example.get("id") or example["results"][0]["id"]
    assert description.raw_schema["openapi"].startswith("3.1")
