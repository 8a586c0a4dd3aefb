"""Tests of the reconciliation service: answers in the group's schemas, sure matches only, and a real client."""

import json
from collections import defaultdict
from pathlib import Path

import jsonschema_rs
import pandas
import pytest
from reconciler import reconcile

from api import answers
from languages.scripts import script_of
from records.keys import MergedKey
from tests.factories import (
    create_city,
    create_contact,
    create_country,
    create_event,
    create_film,
    create_institution,
    create_person,
    create_position,
    create_programme,
)
from tests.html_page import html_page
from tests.messy_lists import MessyList
from tests.rich_records import create_rich_institution
from web.pace import Pace

SERVICE = "/api/reconcile"
SCHEMAS = Path(__file__).parent / "reconciliation_schemas"
# The schemas refer to one of Swagger for ways to log in, of which the service has none.
SWAGGER = {"definitions": {"securityDefinitions": {"additionalProperties": {}}}}


def schema(name):
    return json.loads((SCHEMAS / name).read_text())


def valid(response, name):
    """Return the content of a response that fits the schema of that name."""
    assert response.status_code == 200, response.text
    retrieve = lambda uri: SWAGGER if "swagger" in uri else schema(uri.rpartition("/")[2])  # noqa: E731
    jsonschema_rs.Draft7Validator(schema(f"{name}.json"), retriever=retrieve).validate(response.json())
    return response.json()


def reconciled(client, *queries):
    """Return the candidates of each query."""
    batch = {"queries": json.dumps({f"q{number}": query for number, query in enumerate(queries)})}
    answer = valid(client.post(SERVICE, batch), "reconciliation-result-batch")
    assert client.get(SERVICE, batch).json() == answer
    return [answer[f"q{number}"]["result"] for number in range(len(queries))]


def found(candidates):
    return [(one["id"], one["match"]) for one in candidates]


@pytest.mark.django_db
def test_manifest_leads_to_everything_it_names(client):
    create_institution()
    manifest = valid(client.get(SERVICE), "manifest")

    identifier = "institutions/tajikfilm"
    assert client.get(manifest["identifierSpace"].removeprefix("http://127.0.0.1:8000") + identifier).status_code == 200
    view = client.get(manifest["view"]["url"].replace("{{id}}", identifier))
    assert (view.status_code, view["Location"]) == (302, "/institutions/tajikfilm/")
    preview = client.get(manifest["preview"]["url"].replace("{{id}}", identifier))
    assert html_page(preview).one("h1").one("a").attributes["href"] == "http://127.0.0.1:8000/institutions/tajikfilm/"
    assert "X-Frame-Options" not in preview
    assert "frame-ancestors *" in preview["Content-Security-Policy"]
    for name, place in manifest["suggest"].items():
        path = (place["service_url"] + place["service_path"]).removeprefix("http://127.0.0.1:8000")
        plural = {"entity": "entities", "property": "properties", "type": "types"}[name]
        suggested = valid(
            client.get(path, {"prefix": "taj" if name == "entity" else "p"}), f"suggest-{plural}-response"
        )
        assert suggested["result"]


@pytest.mark.django_db
def test_match_is_only_what_is_certain(client):
    country, other = create_country(code="TJ"), create_country(code="UZ")
    studio = create_institution(name_en="Zhebe", name_ru="Жебе", country=country, city=create_city(country=country))
    create_contact(institution=studio, kind="website", value="https://zhebe.example.org/")
    create_institution(name_en="Sputnik", country=country)
    create_institution(name_en="Sputnik", key="sputnik-2", country=other)
    hidden = create_institution(name_en="Xsecret Studio", publication_state="draft")
    person = create_person(name_en="Anna Berg", country=country)
    create_position(person=person, institution=studio)

    in_tajikistan = [{"pid": "country", "v": "Таджикистан"}]
    results = reconciled(
        client,
        {"query": "жебе", "type": "institution", "properties": in_tajikistan},
        {"query": "Sputnik", "type": ["institution"]},
        {"query": "Sputnik", "properties": [{"pid": "country", "v": [{"id": "UZ", "name": "Uzbekistan"}]}]},
        {"query": "Anna Berg", "type": "person", "properties": [{"pid": "institution", "v": "Zhebe"}]},
        {
            "query": "Anna Berg",
            "type": "person",
            "properties": [{"pid": "institution", "v": {"id": "institutions/zhebe"}}],
        },
        {"query": "", "properties": [{"pid": "website", "v": "zhebe.example.org"}], "limit": 1},
        {"query": hidden.name_en},
        {"query": "\0"},
    )

    assert found(results[0]) == [("institutions/zhebe", True)]
    assert results[0][0]["type"] == [
        {"id": "institution", "name": "Institution"},
        {"id": "institution/studio", "name": "Studio"},
    ]
    assert sorted(found(results[1])) == [("institutions/sputnik", False), ("institutions/sputnik-2", False)]
    assert found(results[2])[0] == ("institutions/sputnik-2", True)
    assert found(results[3]) == found(results[4]) == [("people/anna-berg", True)]
    assert [one["id"] for one in results[5]] == ["institutions/zhebe"]
    assert results[6:] == [[], []]


@pytest.mark.django_db
def test_programmes_events_and_films_are_matched_by_name_and_country(client):
    uz = create_country(code="UZ")
    create_film(name_en="The Road Home", name_ru="Дорога домой", countries=[uz])
    create_event(name_en="Zhebe Forum of Film", country=uz)
    create_programme(name_en="Cash Rebate", country=uz)
    create_programme(name_en="Cash Rebate", key="am", country=create_country(code="AM"))

    results = reconciled(
        client,
        {"query": "дорога домой", "type": "film"},
        {"query": "Zheebe Film Forum", "type": "event"},
        {"query": "Cash rebate", "type": "programme"},
        {"query": "Cash rebate", "type": "programme", "properties": [{"pid": "country", "v": "Uzbekistan"}]},
    )

    assert [found(result)[:1] for result in results[:2]] == [
        [("films/the-road-home", True)],
        [("events/zhebe-forum-of-film", False)],
    ]
    assert {is_match for _id, is_match in found(results[2])} == {False}
    assert found(results[3])[0] == ("programmes/cash-rebate", True)


@pytest.mark.django_db
def test_columns_of_records_are_given_and_nothing_of_hidden_ones(client):
    studio = create_rich_institution()
    create_institution(name_en="Xsecret Studio", publication_state="draft")
    MergedKey.objects.create(record_kind="institution", key="old-key", record_key=studio.key)
    path = SERVICE + "/properties"
    proposed = valid(client.get(path, {"type": "institution"}), "data-extension-property-proposal")
    assert {"name_en", "emails", "country", "founded"} <= {one["id"] for one in proposed["properties"]}

    def extended(ids, *columns):
        asked = {"ids": ids, "properties": [{"id": column} for column in columns]}
        answer = valid(client.post(SERVICE, {"extend": json.dumps(asked)}), "data-extension-response")
        assert [one["id"] for one in answer["meta"]] == list(columns)
        return answer["rows"]

    ids = ["institutions/tajikfilm", "institutions/old-key", "institutions/xsecret-studio", "films/tajikfilm-film", "x"]
    rows = extended(ids, "name_en", "founded", "emails", "year", "nothing")
    assert (
        rows["institutions/tajikfilm"]
        == rows["institutions/old-key"]
        == {
            "name_en": [{"str": "Tajikfilm"}],
            "founded": [{"str": "1930"}],
            "emails": [{"str": "info@example.org"}],
            "year": [],
            "nothing": [],
        }
    )
    assert rows["films/tajikfilm-film"]["year"] == [{"int": 2025}]
    assert {str(cells) for one in ids[2::2] for cells in rows[one].values()} == {"[]"}
    every = [one["id"] for one in client.get(path, {"type": "person"}).json()["properties"]]
    head = extended(["people/tajikfilm-head"], *every)["people/tajikfilm-head"]
    assert {"str": "Tajikfilm"} in head["institution"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"queries": "{"}, 400),
        ({"queries": "[]"}, 400),
        ({"queries": "[" * 100_000}, 400),
        ({"queries": '{"q": {}}'}, 400),
        ({"queries": '{"q": {"query": "a", "type": "planet"}}'}, 400),
        ({"queries": '{"q": {"query": "a", "limit": "x"}}'}, 400),
        ({"queries": '{"q": {"query": "a", "limit": NaN}}'}, 400),
        ({"queries": '{"q": {"query": ["a"]}}'}, 400),
        ({"queries": '{"q": {"query": "a", "properties": [{"pid": "colour", "v": "red"}]}}'}, 400),
        ({"queries": json.dumps({"q": {"query": "a" * 501}})}, 400),
        ({"queries": json.dumps({str(number): {"query": "a"} for number in range(51)})}, 400),
        ({"queries": "{}", "callback": "f"}, 400),
        ({"extend": '{"ids": "x", "properties": []}'}, 400),
        ({"extend": json.dumps({"ids": ["x"] * 201, "properties": []})}, 400),
    ],
)
def test_batches_that_are_not_understood_are_refused_with_the_parameter(client, sent, status):
    response = client.post(SERVICE, sent)

    wrong = response.json()["errors"][0]
    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
    assert wrong["parameter"] in sent
    assert wrong["detail"]


@pytest.mark.django_db
def test_hurried_client_waits_a_moment_and_is_refused_when_it_would_be_long(client, monkeypatch):
    monkeypatch.setitem(answers.PACES, "batches", Pace(per_second=50, at_once=1, patience=0.03))
    batch = {"queries": "{}"}
    assert [client.post(SERVICE, batch).status_code for _ in range(2)] == [200, 200]
    monkeypatch.setitem(answers.PACES, "batches", Pace(per_second=0.1, at_once=1, patience=1))
    statuses = [client.post(SERVICE, batch) for _ in range(2)]
    assert [response.status_code for response in statuses] == [200, 429]
    assert statuses[1]["Retry-After"] == "10"
    assert client.options(SERVICE)["Access-Control-Allow-Methods"] == "GET, HEAD, POST, OPTIONS"


# The client asks pandas in an old way.
@pytest.mark.filterwarnings("ignore:The inplace keyword")
@pytest.mark.server
def test_client_reconciles_messy_names_in_four_scripts(real_directory, live_server):
    messy, by_script = MessyList(seed=1), defaultdict(dict)
    for institution in messy.institutions:
        for name in institution.names_to_search():
            by_script[script_of(name.text) if name.text else ""][name.text] = institution
    rows = {}
    for script in ("Latn", "Cyrl", "Armn", "Geor"):
        names = sorted(by_script[script])
        while sum(script_of(name) == script for name in rows) < 25:
            institution = by_script[script][name := messy.random.choice(names)]
            for rule, share in [(messy.slip, 0.3), (messy.dressed, 0.3), (messy.case, 0.3)]:
                name = rule(name) if messy.chance(share) else name
            rows[name] = institution
    table = pandas.DataFrame({"name": rows.keys(), "country": [one.country_id or "" for one in rows.values()]})

    results = reconcile(
        table["name"],
        type_id="institution",
        property_mapping={"country": table["country"]},
        top_res="all",
        reconciliation_endpoint=live_server.url + SERVICE,
    )

    meant = [f"institutions/{rows[name].key}" for name in results["input_value"]]
    certain = [one == two for one, two, match in zip(results["id"], meant, results["match"], strict=True) if match]
    named = {name for name, one, two in zip(results["input_value"], results["id"], meant, strict=True) if one == two}
    assert sum(certain) / len(certain) >= 0.99
    assert len(certain) >= 60
    assert len(named) / len(rows) >= 0.95
