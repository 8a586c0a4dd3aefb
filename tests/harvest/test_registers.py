"""Tests of ROR, of opendata.mkrf.ru, and of real answers, with stand-ins on this machine."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError

from harvest.models import Proposal
from harvest.registers.harvesting import Harvest
from harvest.registers.register import Body
from institutions.models import Institution
from tests.factories import create_contact, create_country, create_institution, create_institution_name

from . import register_servers as real
from .harvests import harvest, proposed
from .register_servers import entity

pytestmark = pytest.mark.django_db


def test_ror_is_the_way_from_a_wikidata_id_to_others(serve, kazakhstan):
    academy = create_institution(
        name_en="Academy of Arts", kind="school", country=kazakhstan, identifiers={"wikidata": "Q900040"}
    )
    names = [
        ("Academy of Screen Arts", "en", "label"),
        ("Экран өнері академиясы", "kk", "label"),
        ("ASA", None, "acronym"),
    ]
    known = [
        {"type": "wikidata", "all": ["Q900040"], "preferred": "Q900040"},
        {"type": "isni", "all": ["0000 0004 1793 7334"], "preferred": None},
        {"type": "grid", "all": ["grid.1.2"], "preferred": "grid.1.2"},
    ]
    links = [
        {"type": "wikipedia", "value": "https://en.wikipedia.org/"},
        {"type": "website", "value": "https://asa.example"},
    ]
    records = [
        real.organization("05jra0838", names, established=1978, external_ids=known, links=links),
        real.organization("011jzyk83", [("Cinema College", "en", "ror_display")], status="inactive"),
        real.organization("04apw5n28", [("Institute of Thin Film Physics", "en", "label")], types=["facility"]),
        real.organization("028023c94", [("Kino Academy", "en", "label")], country="RU"),
        {"id": "https://ror.org/0087nx645", "name": "Film, schema 1", "country": {"country_code": "KZ"}},
    ]

    harvest(serve(real.ror_site(*records)), "ror")

    academy.refresh_from_db()
    assert academy.identifiers == {"wikidata": "Q900040", "ror": "05jra0838", "isni": "0000000417937334"}
    assert proposed(academy) == [
        ("name", {"text": "Academy of Screen Arts", "kind": "spelling", "language": "en"}),
        ("names", {"name_native": "Экран өнері академиясы", "native_language": "kk"}),
        ("name", {"text": "ASA", "kind": "acronym"}),
        ("city", {"city_en": "Almaty"}),
        ("contact", {"kind": "website", "value": "https://asa.example"}),
        ("founded", {"founded": "1978"}),
    ]
    assert not proposed(None)


def test_open_data_of_the_ministry_brings_telephones_with_departments(serve, settings):
    museum = create_institution(
        name_en="Cinema Museum", name_ru="Музей кино", kind="museum", country=create_country(code="RU")
    )
    row = real.cultural_body(
        1403, "Государственный центральный музей кино", address="129223, г Москва, пр-кт Мира, 119",
        phones=[("74951503600", "касса"), ("8 (495) 150-36-01", "")], website="https://museikino.example",
        email="Info@museikino.example",
    )  # fmt: skip
    site = serve(
        real.mkrf_site(
            "key",
            museums=[row, real.cultural_body(7, "Музей киноискусства Сибири"), real.cultural_body(8, "Музей хлеба")],
            cinema=[real.cultural_body(9, "Кинотеатр «Родина»")],
        )
    )
    with pytest.raises(CommandError, match="OPENDATA_MKRF_KEY"):
        harvest(site, "mkrf", country="RU")
    settings.OPENDATA_MKRF_KEY = "wrong"
    with pytest.raises(CommandError, match="is the key right"):
        harvest(site, "mkrf", country="RU")
    with pytest.raises(CommandError, match="not in this register"):
        harvest(site, "mkrf", country="KZ")
    settings.OPENDATA_MKRF_KEY = "key"
    create_institution_name(institution=museum, text="Государственный центральный музей кино")

    harvest(site, "mkrf", country="RU")

    assert proposed(museum) == [
        ("identifiers", {"mkrf": "museums/1403"}),
        ("contact", {"kind": "phone", "value": "+74951503600", "department": "касса"}),
        ("contact", {"kind": "phone", "value": "+74951503601"}),
        ("contact", {"kind": "email", "value": "info@museikino.example"}),
        ("contact", {"kind": "website", "value": "https://museikino.example"}),
        ("address", {"address_local": "г Москва, пр-кт Мира, 119"}),
        ("postal_code", {"postal_code": "129223"}),
    ]
    assert [one.value["name_ru"] for one in Proposal.objects.filter(fact="new")] == ["Музей киноискусства Сибири"]


def test_nothing_of_a_country_is_stored_when_its_register_fails(serve, kazakhstan):
    create_institution(country=kazakhstan, identifiers={"wikidata": "Q900001"})
    site = serve(real.wikidata_site(entity("Q900001", {"en": "Steppe Film"})))
    site.faults = [real.busy(400)]

    with pytest.raises(CommandError, match=r"status 400\. Whole countries: none"):
        harvest(site)
    assert not Proposal.objects.exists()


def test_records_that_are_merged_while_a_register_answers_do_not_end_the_run(kazakhstan):
    known = {"name_en": "Steppe Film Studio", "kind": "studio", "country": kazakhstan}
    kept = create_institution(**known, key="kept", identifiers={"wikidata": "Q1"})
    gone = create_institution(**known, key="gone", identifiers={"wikidata": "Q2"})

    class Slow:
        name, countries = "wikidata", None

        def ask(self, client, country, ours):
            for number in ("Q1", "Q2"):
                yield Body(
                    {"wikidata": number, "imdb": f"co000000{number[1]}"}, url=f"https://wikidata.example/{number}"
                )
            Institution.objects.filter(pk=gone.pk).delete()
            Institution.objects.filter(pk=kept.pk).update(identifiers={"wikidata": "Q1", "imdb": "co9999999"})

    Harvest(Slow(), client=None).harvest(kazakhstan)
    kept.refresh_from_db()
    assert kept.identifiers["imdb"] == "co9999999"


def test_real_answers_are_read(serve):
    """Read what Wikidata and ROR sent for bodies of the region."""
    committee = create_institution(
        name_en="Statistics", name_ru="Комитет по статистике Республики Узбекистан", country=create_country(code="UZ")
    )
    create_contact(institution=committee, kind="website", value="http://www.stat.uz")
    agency = create_institution(name_en="Tajstat", identifiers={"wikidata": "Q55640579"})
    academy = create_institution(
        name_en="Zhurgenov Academy",
        kind="school",
        country=create_country(code="KZ"),
        identifiers={"wikidata": "Q30294491"},
    )
    entities = [
        number
        for name in ("tj-nso-tajstat", "uz-nso-stat")
        for number in answer(f"wikidata-{name}")["entities"].values()
    ]
    wikidata = serve(real.wikidata_site(*entities))

    harvest(wikidata, country="UZ")
    harvest(wikidata, country="TJ")
    harvest(serve(real.ror_site(*map(answer, ["ror-05jra0838", "ror-028023c94", "ror-0087nx645"]))), "ror")

    contacts = [value["value"] for fact, value in proposed(committee) if fact == "contact"]
    assert contacts == ["https://www.facebook.com/uzstatistika", "https://t.me/uzstatistika"]
    assert ("founded", {"founded": "2002"}) in proposed(committee)
    assert ("identifiers", {"wikidata": "Q55641932", "viaf": "263239198"}) in proposed(committee)
    contacts = [value["value"] for fact, value in proposed(agency) if fact == "contact"]
    assert contacts == ["http://stat.tj", "stat@tojikiston.com"]
    academy.refresh_from_db()
    assert academy.identifiers["ror"] == "05jra0838"
    assert {proposal.fact for proposal in academy.proposals.all()} >= {"names", "contact", "founded"}


def answer(name):
    """Return the answer of a register as it came; both give their data under CC0."""
    return json.loads((Path(__file__).parent / "answers" / f"{name}.json").read_text())
