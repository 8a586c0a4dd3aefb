"""Tests of lists for programs: the records of pages and files, page by page, each once."""

import csv
from itertools import islice

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from api.resources import resources
from institutions.models import Institution
from records.keys import MergedKey
from records.kinds import kinds
from tests.api.walking import START, pages, walk
from tests.factories import (
    create_contact,
    create_country,
    create_event,
    create_institution,
    create_person,
    create_position,
    create_source,
)
from tests.html_page import html_page
from tests.public_history import note
from tests.rich_records import create_rich_country, create_rich_institution

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker):
    """Two institutions with all that they are connected with, in two countries; created once."""
    with django_db_blocker.unblock(), transaction.atomic():
        with translation.override("en"):
            for code, name in [("TJ", "Tajikfilm"), ("UZ", "Uzbekfilm")]:
                studio = create_rich_institution(name_en=name, country=create_rich_country(code=code))
                note(studio, country_codes=[code])
                note(studio.country, country_codes=[code], changed_at="2026-06-01T10:00Z")
        yield
        transaction.set_rollback(True)


def keys_on_page(client, path, detail, model):
    """Return the ids of the records that all pages of a list link to in its rows."""
    slugs, number = set(), 1
    while (response := client.get(f"{path}&page={number}")).status_code == 200:
        links = html_page(response).one("main").all("a")
        found = {link.attributes["href"] for link in links if link.attributes["href"].startswith(detail)}
        slugs |= {href.removeprefix(detail).split("/")[0].split("?")[0] for href in found}
        number += 1
    return set(model.objects.filter(slug__in=slugs).values_list("key", flat=True))


def keys_in_file(client, path):
    text = b"".join(client.get(path).streaming_content).decode("utf-8-sig")
    return [row["id"] for row in csv.DictReader(text.splitlines())]


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("institutions", "country=UZ"),
        ("institutions", "kind=studio&kind=ministry&country=TJ&status=active"),
        ("institutions", "has=phone&service=dubbing"),
        ("institutions", "q=tajikfilm&kind=studio"),
        ("people", "country=TJ&role=head"),
        ("people", "on=2019"),
        ("people", "ever=true&q=anna"),
        ("programmes", "rate=25&country=UZ"),
        ("events", "year=2025&country=TJ"),
        ("films", "partner=AM&country=UZ"),
    ],
)
def test_list_holds_what_page_and_file_hold(client, site, name, query):
    model = resources()[name].model

    records = walk(client, f"{name}?{query}&limit=3&fields=id")
    on_page = keys_on_page(client, f"/{name}/?{query}", f"/{name}/", model)
    rows = "&rows=representatives&columns=id" if name == "people" else "&columns=id"
    in_file = keys_in_file(client, f"/{name}/export/csv/?{query}{rows}")

    assert {record["id"] for record in records} == on_page == set(in_file) != set()
    assert len(records) == len(on_page) == next(pages(client, f"{name}?{query}"))["total"]


def test_posts_are_the_rows_of_the_file_of_people(client, site):
    for query in ["country=TJ&role=head", "on=2019", "ever=true"]:
        posts = walk(client, f"positions?{query}&limit=3")
        in_file = keys_in_file(client, f"/people/export/csv/?{query}&rows=representatives&columns=id")

        assert sorted(post["person"]["id"] for post in posts) == sorted(in_file) != []
        assert {post["certainty"] for post in posts} <= ({"documented", "possible"} if "on=" in query else {None})


def test_every_list_is_walked_to_its_end_while_records_come_and_go(client, site):
    for name in resources():
        query = f"{name}?{'ever=true&' if name in ('people', 'positions') else ''}fields=id&limit="
        whole = [record["id"] for record in walk(client, f"{query}200")]
        walked = pages(client, f"{query}2")
        seen = [record["id"] for page in islice(walked, 1) for record in page["results"]]
        # Before, after and at the place where the next page begins.
        for letter in "0z":
            person = create_person(name_en=f"{letter} Newcomer {name}")
            studio = create_institution(name_en=f"{letter} Studio {name}")
            create_position(person=person, institution=studio)
            create_event(name_en=f"{letter} Event {name}")
            note(studio)
        seen += [record["id"] for page in walked for record in page["results"]]

        assert len(seen) == len(set(seen))
        assert set(whole) <= set(seen)
        assert whole == sorted(whole, reverse=name == "changes")


def test_search_gives_the_best_first_and_goes_on_after_any_of_them(client):
    for name in ["Aral Zhebe Archive", "Zhebe", "Zhebe Studio of Documentary Films"]:
        create_institution(name_en=name)
    create_institution(name_en="Aa Zhebe", publication_state="draft")

    whole = [record["id"] for record in walk(client, "institutions?q=zhebe")]
    assert whole[0] == "zhebe"
    assert sorted(whole) == ["aral-zhebe-archive", "zhebe", "zhebe-studio-of-documentary-films"]
    assert [record["id"] for record in walk(client, "institutions?q=zhebe&limit=1")] == whole
    # What is hidden is like what never was there.
    for key in ["aa-zhebe", "nobody"]:
        assert client.get(f"{START}institutions?q=zhebe&after={key}").status_code == 404


def test_number_of_queries_does_not_depend_on_the_number_of_records(client, site):
    counts = {}
    for name in resources():
        ever = "&ever=true" if name in ("people", "positions") else ""
        for limit in (2, 20):
            with CaptureQueriesContext(connection) as queries:
                client.get(f"{START}{name}?limit={limit}{ever}&country=TJ" if name != "countries" else f"{START}{name}")
            # Within a transaction an index of the list is read for each request.
            asked = [query for query in queries if "ORDER BY" not in query["sql"] or "prefetch" in query["sql"]]
            counts[name, limit] = len(asked)
    for name in resources():
        assert counts[name, 2] == counts[name, 20]


def test_fields_leave_out_members_and_what_they_need(client, site):
    def asked(query):
        with CaptureQueriesContext(connection) as queries:
            record = client.get(f"{START}institutions/tajikfilm?{query}").json()
        return set(record), len(queries)

    members, queries = asked("fields=founded,kind")
    assert (members, queries) == ({"id", "founded", "kind"}, 1)
    every, more = asked("")
    assert every == {member.name for member in resources()["institutions"].members}
    assert more <= 16


def test_changes_begin_with_the_newest_and_lead_to_records(client, site):
    (country, studio) = walk(client, "changes?country=UZ&since=2026-05-01")
    assert studio == {
        "id": studio["id"],
        "changed_at": "2026-05-01T10:00:00+00:00",
        "record_kind": "institution",
        "record_key": "uzbekfilm",
        "url": "http://127.0.0.1:8000/institutions/uzbekfilm/",
        "href": "http://127.0.0.1:8000/api/v1/institutions/uzbekfilm",
        "country_codes": ["UZ"],
        "is_publication": False,
        "facts": ["names"],
        "load": None,
    }
    assert walk(client, "changes?country=UZ&since=2026-05-02") == [country]
    assert client.get(f"{START}changes/{studio['id']}").json() == studio
    assert client.get(START + "countries/UZ").json()["url"] == country["url"]


def test_merged_record_leads_to_the_kept_one(client):
    kept = create_institution(name_en="Kept")
    MergedKey.objects.create(record_kind="institution", key="old-key", record_key=kept.key)

    response = client.get(START + "institutions/old-key?fields=names")
    assert (response.status_code, response["Location"]) == (
        301,
        f"{START}institutions/kept?fields=names",
    )
    assert client.get(response["Location"]).json()["id"] == "kept"
    Institution.objects.update(publication_state="archived")
    assert [client.get(f"{START}institutions/{key}").status_code for key in ("old-key", "kept")] == [404, 404]


def test_record_says_its_facts_with_sources_and_dates(client, site):
    studio = client.get(START + "institutions/tajikfilm").json()

    assert studio["url"] == "http://127.0.0.1:8000/institutions/tajikfilm/"
    assert [(name["text"], name["language"], name["kind"]) for name in studio["names"]] == [
        ("Tajikfilm", "en", "main"),
        ("Киностудия Tajikfilm", "ru", "main"),
        ("Студия Tajikfilm", "tg", "main"),
        ("Tajikfilm Film Studio", "en", "spelling"),
    ]
    source = {
        "url": "https://example.org/Tajikfilm",
        "title": "About Tajikfilm",
        "publisher": None,
        "language": None,
        "published_on": "2025-11",
        "accessed_on": None,
        "licence": None,
        "snapshot_url": None,
    }
    assert studio["names"][-1]["sources"] == [source]
    assert studio["sources"] == [source | {"supports": ["names", "founded"]}]
    assert (studio["country"], studio["founded"], studio["services"]) == ("TJ", "1930", ["sound-stages", "dubbing"])
    assert studio["city"]["name"] == {"en": "Dushanbe"}
    assert studio["parent"] == {
        "id": "tajikfilm-ministry",
        "name": {"en": "Tajikfilm Ministry"},
        "href": f"http://127.0.0.1:8000{START}institutions/tajikfilm-ministry",
    }
    (phone, *_others) = studio["contacts"]
    assert phone["sources"] == [source]
    assert {name: phone[name] for name in ("kind", "value", "languages", "checked_on", "as_of")} == {
        "kind": "phone",
        "value": "+992372210000",
        "languages": ["ru"],
        "checked_on": "2026-05-31",
        "as_of": "2026-05-31",
    }
    assert studio["stages"][0]["height_m"] == 12.5
    head = next(post for post in studio["positions"] if post["person"]["id"] == "tajikfilm-head")
    assert (head["since"], head["is_over"]) == ("2022", False)
    assert [(page["title"], page["as_of"]) for page in head["sources"]] == [
        ("Interview with Tajikfilm Head", "2026-01"),
        ("Tajikfilm Head appointed", "2022-03"),
    ]
    assert client.get(f"{START}positions/{head['id']}").json() == head | {"certainty": None}


def test_contact_without_a_source_has_those_that_support_its_fact(client):
    contact = create_contact(institution=create_institution(name_en="Dubbing"), kind="phone")
    source = create_source(title="Telephones")
    contact.institution.record_sources.create(source=source, supports=["phones"])
    contact.institution.record_sources.create(source=create_source(url="https://example.org/b"), supports=["names"])
    create_contact(position=create_position(institution=contact.institution), value="head@example.org")

    studio = client.get(f"{START}institutions/{contact.institution.key}").json()

    assert [page["title"] for page in studio["contacts"][0]["sources"]] == ["Telephones"]
    assert [mail["value"] for mail in studio["positions"][0]["contacts"]] == ["head@example.org"]


def test_every_kind_of_record_has_a_list(client, site):
    create_country(code="RU")
    names = {kind.list_of_all.section for kind in kinds().values()} | {"positions", "changes"}

    assert set(resources()) == set(client.get(START).json()) == names
    assert all(walk(client, name) for name in names)
