"""Tests of ids in registers: read, shown, found, exported, imported, merged, and in the public history."""

import csv
import io
import json

import pytest
from django.core.exceptions import ValidationError

from editors.merging.facts import facts_of
from institutions.models import Institution, InstitutionSource
from records.history.models import RecordChange
from records.identifier_types import identifier_in, identifiers_in, in_words
from tests.admin_forms import messages_beside_fields, page, save
from tests.editors.spreadsheets.sheets import bring_to_preview, confirm, csv_bytes
from tests.factories import create_country, create_editor, create_institution, create_source
from tests.html_page import html_page

IDS = {"wikidata": "Q1130457", "ror": "028023c94", "ogrn": "1027700167450"}


@pytest.fixture
def desk(client):
    client.force_login(create_editor())
    return client


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("wikidata: q42", ("wikidata", "Q42")),
        ("http://www.wikidata.org/entity/Q42", ("wikidata", "Q42")),
        ("https://www.wikidata.org/wiki/Special:EntityData/Q42.json", ("wikidata", "Q42")),
        ("m.wikidata.org/wiki/Q42?uselang=ru#P31", ("wikidata", "Q42")),
        ("ROR: https://ror.org/028023C94", ("ror", "028023c94")),
        ("isni: 0000 0004 0462 9682", ("isni", "0000000404629682")),
        ("https://www.imdb.com/company/co0040938/?ref_=fn", ("imdb", "co0040938")),
        ("https://imdb.com/event/ev0000450", ("imdb", "ev0000450")),
        ("https://filmfreeway.com/DidorIFF", ("filmfreeway", "DidorIFF")),
        ("mkrf: museums/1403", ("mkrf", "museums/1403")),
        ("https://www.imdb.com/title/tt0079944/", None),
        ("wikidata: P856", None),
        ("wikidata: Q٤٢", None),
        ("passport: 1", None),
        ("Q42", None),
    ],
)
def test_identifiers_are_read_with_the_name_or_url_of_their_register(text, expected):
    if expected is None:
        with pytest.raises(ValidationError):
            identifier_in(text)
    else:
        assert identifier_in(text) == expected
        assert identifiers_in(f"{in_words(dict([expected]))}\n") == dict([expected])


@pytest.mark.django_db
def test_page_links_to_registers_and_tells_machines(client):
    studio = create_institution(identifiers=IDS)
    InstitutionSource.objects.create(
        institution=studio, source=create_source(licence="CC0 1.0"), supports=["identifiers"]
    )

    html = html_page(client.get(studio.get_absolute_url()))

    section = html.one("section", **{"aria-labelledby": "registers"})
    assert section.text == "In registers Wikidata: Q1130457 ROR: 028023c94 OGRN: 1027700167450 1"
    links = [link.attributes["href"] for link in section.all("a")][:2]
    assert links == ["https://www.wikidata.org/wiki/Q1130457", "https://ror.org/028023c94"]
    assert "CC0 1.0" in html.one("section", **{"aria-labelledby": "sources"}).text
    (graph,) = [json.loads(script.text) for script in html.all("script", type="application/ld+json")]
    assert graph["@graph"][0]["sameAs"] == links


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text", ["Q1130457", "q1130457", "https://www.wikidata.org/wiki/Q1130457", "https://ror.org/028023c94", "028023c94"]
)
def test_search_finds_by_an_id_or_its_pasted_url(client, text):
    create_institution(name_en="Institute", identifiers=IDS)
    create_institution(name_en="Similar", identifiers={"wikidata": "Q1130458"})
    create_institution(name_en="Hidden", identifiers=IDS, publication_state="draft")

    for path in ["/search/", "/institutions/"]:
        html = html_page(client.get(path, {"q": text})).text
        assert ("Institute" in html, "Similar" in html, "Hidden" in html) == (True, False, False)
    (suggestion,) = client.get("/search/suggest/", {"q": text}).json()["suggestions"]
    assert suggestion["name"] == "Institute"


@pytest.mark.django_db
def test_editors_type_or_paste_them_and_the_public_history_tells_so(desk):
    studio = create_institution()

    typed = "https://www.wikidata.org/wiki/Q1130457\nROR: 028023c94\nogrn: 1027700167450"
    save(desk, page(Institution, "change", studio.pk), identifiers=typed)

    studio.refresh_from_db()
    assert studio.identifiers == IDS
    assert RecordChange.objects.get().facts == ["identifiers"]
    refused = save(desk, page(Institution, "change", studio.pk), identifiers="wikidata: 1130457")
    assert messages_beside_fields(refused) == {"identifiers": ["“1130457” is no id of Wikidata."]}


@pytest.mark.django_db
def test_files_hold_them_and_come_back_as_an_import(desk, client):
    create_institution(identifiers=IDS)
    create_country(code="TJ")

    lines = b"".join(client.get("/institutions/export/csv/").streaming_content).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(lines))
    data = json.loads(b"".join(client.get("/institutions/export/json/").streaming_content))

    assert row["ids in registers"] == "ror: 028023c94; ogrn: 1027700167450; wikidata: Q1130457"
    assert data["rows"][0]["identifiers"] == IDS
    header = "name (en),kind,country,ids in registers,wikidata,IMDb"
    content = csv_bytes(header, "Tajikfilm,studio,Tajikistan,ror: 028023c94,Q5,https://www.imdb.com/company/co0040938/")
    confirm(desk, bring_to_preview(desk, content))
    assert Institution.objects.get().identifiers == IDS | {"wikidata": "Q5", "imdb": "co0040938"}


@pytest.mark.django_db
def test_merging_joins_them():
    kept = create_institution(identifiers={"wikidata": "Q1"})
    merged = create_institution(name_en="Sinamo", identifiers={"wikidata": "Q2", "ror": "028023c94"})

    (fact,) = [fact for fact in facts_of(kept, merged) if fact.names == ("identifiers",)]

    assert fact.values(fact.default) == ({"wikidata": "Q1", "ror": "028023c94"},)
