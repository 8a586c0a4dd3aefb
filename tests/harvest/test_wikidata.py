"""Tests of Wikidata with a stand-in: what it says is proposed, for the right record, and no more."""

import pytest
from django.utils import timezone

from harvest.models import Proposal, ProposalState
from institutions.models import Institution
from records.history.models import RecordChange
from tests.factories import create_city, create_contact, create_institution, create_person
from tests.local_site import Site

from . import register_servers as real
from .harvests import harvest, proposed
from .register_servers import claim, entity, item, time
from .sample_registers import HEAD, sample_wikidata

pytestmark = pytest.mark.django_db


def test_facts_of_an_entity_are_proposed_with_evidence_and_licence(serve, kazakhstan):
    create_city(name_en="Astana", name_ru="Астана", country=kazakhstan, key="kz-astana")
    studio = create_institution(
        name_en="Steppe Film", country=kazakhstan, founded="1961", identifiers={"wikidata": "Q900001"}
    )

    told = harvest(serve(sample_wikidata()))

    assert proposed(studio) == [
        ("name", {"text": "Steppe Film Studio", "kind": "spelling", "language": "en"}),
        ("names", {"name_ru": "Киностудия «Степь»"}),
        ("names", {"name_native": "«Дала» киностудиясы", "native_language": "kk"}),
        ("name", {"text": "СФС", "kind": "acronym", "language": "ru"}),
        ("city", {"city": "kz-astana"}),
        ("contact", {"kind": "website", "value": "https://www.stepfilm.example"}),
        ("contact", {"kind": "email", "value": "info@stepfilm.example"}),
        ("contact", {"kind": "phone", "value": "+77272500001"}),
        ("contact", {"kind": "fax", "value": "+77272500003", "department": "Astana"}),
        ("contact", {"kind": "facebook", "value": "https://www.facebook.com/steppe-film.studio"}),
        ("contact", {"kind": "youtube", "value": "https://www.youtube.com/channel/UCqj8k5LTqIeRMW1fGLsPDsA"}),
        ("address", {"address_local": "ул. Вымышленная, 1"}),
        ("coordinates", {"latitude": "51.128201", "longitude": "71.430671"}),
        ("founded", {"founded": "1961-05"}),
        (
            "head",
            {
                "name_en": "Dana Fictitious",
                "name_ru": "Дана Вымышленная",
                "name_native": "Дана Қиялова",
                "native_language": "kk",
                "title_en": "Director",
                "title_ru": "Директор",
                "since": "2019-03-01",
            },
        ),
    ]
    phone = Proposal.objects.get(value__value="+77272500001")
    assert (phone.url, phone.licence) == ("https://www.wikidata.org/wiki/Q900001", "CC0 1.0")
    assert phone.title == "Wikidata: Steppe Film Studio"
    assert (phone.quotation, phone.reasons) == ("phone number (P1329): +7-727-250-00-01", ["same-identifier"])
    assert Proposal.objects.get(fact="founded").reasons == ["same-identifier", "differs"]
    assert Proposal.objects.get(value__kind="email").reasons == ["same-identifier", "own-domain"]
    assert "15  new proposals" in told


def test_ids_found_by_an_id_are_written_with_source_and_history(serve, kazakhstan):
    studio = create_institution(country=kazakhstan, identifiers={"wikidata": "Q900001"})
    create_institution(name_en="Other", country=kazakhstan, identifiers={"isni": "0000000122652171"})
    site = serve(sample_wikidata())

    harvest(site, "wikidata", "--dry-run")
    studio.refresh_from_db()
    assert (studio.identifiers, Proposal.objects.count()) == ({"wikidata": "Q900001"}, 0)
    harvest(site)

    studio.refresh_from_db()
    assert studio.identifiers == {"wikidata": "Q900001", "imdb": "co0900001"}
    (row,) = studio.record_sources.all()
    assert (row.supports, row.source.licence, row.source.url) == (
        ["identifiers"],
        "CC0 1.0",
        "https://www.wikidata.org/wiki/Q900001",
    )
    assert RecordChange.objects.get(record_key=studio.key).facts == ["identifiers", "sources"]
    # That of another record is for editors to see.
    assert proposed(studio)[0] == ("identifiers", {"isni": "0000000122652171"})


@pytest.mark.parametrize(
    ("fields", "website", "reasons", "confidence", "is_certain"),
    [
        ({"name_en": "Steppe Studio"}, "http://stepfilm.example/", ["same-domain", "same-name"], 90, True),
        ({"name_en": "Aurora"}, "https://ru.stepfilm.example/about", ["same-domain"], 75, True),
        ({"name_en": "Aurora", "kind": "festival"}, "https://stepfilm.example", ["same-domain"], 40, False),
        ({"name_en": "Studio", "name_ru": "Киностудия Степь"}, "", ["same-name"], 70, True),
        ({"name_en": "Steppe", "name_ru": "Степь", "kind": "centre"}, "", ["similar-name"], 20, False),
    ],
)
def test_records_are_recognised_by_website_and_by_name(
    serve, kazakhstan, fields, website, reasons, confidence, is_certain
):
    studio = create_institution(country=kazakhstan, **fields)
    if website:
        create_contact(institution=studio, kind="website", value=website)

    harvest(serve(sample_wikidata()))

    same = Proposal.objects.get(fact="identifiers", institution=studio)
    assert same.value == {"wikidata": "Q900001", "isni": "0000000122652171", "imdb": "co0900001"}
    assert (same.reasons, same.confidence) == (reasons, confidence)
    assert Proposal.objects.filter(value__kind="phone").exists() is is_certain
    studio.refresh_from_db()
    assert studio.identifiers == {}


def test_what_editors_told_apart_is_proposed_as_a_new_body(serve, kazakhstan):
    create_institution(name_en="Steppe", name_ru="Степь", kind="centre", country=kazakhstan)
    site = serve(sample_wikidata())
    harvest(site)
    Proposal.objects.update(state=ProposalState.DECLINED, decided_at=timezone.now(), decided_by="editor")

    harvest(site)

    (new,) = Proposal.objects.open()
    assert (new.fact, new.name, new.country_id) == ("new", "Steppe Film Studio", "KZ")
    known = {name: new.value[name] for name in ("kind", "name_ru", "city_en", "founded")}
    assert known == {"kind": "studio", "name_ru": "Киностудия «Степь»", "city_en": "Astana", "founded": "1961-05"}
    assert len(new.value["contacts"]) == 6
    assert new.value["heads"][0]["name_en"] == "Dana Fictitious"


def test_several_candidates_are_for_editors_to_choose_from(serve, kazakhstan):
    one = create_institution(name_en="Steppe Film", country=kazakhstan)
    other = create_institution(name_en="Studio Steppe", key="kz-steppe-2", country=kazakhstan)
    hidden = create_institution(name_en="Steppe", key="kz-steppe-3", country=kazakhstan, publication_state="archived")

    harvest(serve(sample_wikidata()))

    reasons = {proposal.institution: proposal.reasons for proposal in Proposal.objects.filter(fact="identifiers")}
    assert reasons == {one: ["similar-name", "several-candidates"], other: ["similar-name", "several-candidates"]}
    assert not hidden.proposals.exists()
    assert not Proposal.objects.exclude(fact="identifiers").exists()

    # An editor accepts one.
    Institution.objects.filter(pk=one.pk).update(identifiers={"wikidata": "Q900001"})
    harvest(serve(sample_wikidata()))
    assert not proposed(other)


def test_aliases_tell_a_body_and_a_page_at_a_social_service_is_no_website(serve, kazakhstan):
    studio = create_institution(name_en="Altai", name_ru="Киностудия «Алтай»", country=kazakhstan)
    pages = [
        claim("P856", url)
        for url in ("https://www.facebook.com/altai", "https://web.archive.org/web/1/http://a.example")
    ]
    renamed = entity(
        "Q900050", {"en": "Tengri Pictures"}, *pages, aliases={"ru": ["Алтай киностудия"], "en": ["Altai"]}
    )

    harvest(serve(real.wikidata_site(renamed)))

    assert studio.proposals.get(fact="identifiers").reasons == ["same-name"]
    assert [value["kind"] for fact, value in proposed(studio) if fact == "contact"] == ["facebook"]
    assert [value["text"] for fact, value in proposed(studio) if fact == "name"] == ["Tengri Pictures"]


def test_two_bodies_of_one_website_are_not_taken_for_one_record(serve, kazakhstan):
    studio = create_institution(name_en="Nomad", country=kazakhstan)
    create_contact(institution=studio, kind="website", value="https://nomad.example")
    bodies = [
        entity(f"Q90002{number}", {"en": name}, claim("P856", "https://nomad.example"), claim("P1329", "+77272500009"))
        for number, name in enumerate(["Department A", "Department B"])
    ]

    harvest(serve(real.wikidata_site(*bodies)))

    assert proposed(studio) == [("identifiers", {"wikidata": "Q900020"}), ("identifiers", {"wikidata": "Q900021"})]
    assert {proposal.confidence for proposal in studio.proposals.all()} == {40}


def test_only_bodies_of_film_that_exist_are_proposed_as_new(serve, kazakhstan):
    editions = [claim("P31", item("Q27787439"))]
    site = serve(
        real.wikidata_site(
            entity("Q900030", {"ru": "Кинофестиваль «Алтын»"}, kind="Q220505"),
            entity("Q900031", {"en": "Altyn 2019"}, *editions, kind="Q220505"),
            entity("Q900032", {"en": "Closed Studio"}, claim("P576", time("+1990-00-00T00:00:00Z", 9))),
            entity("Q900033", {"en": "Ministry of Examples"}, kind="Q900200"),
            entity("Q900034", {}),
            entity("Q900035", {"en": "Film School of Examples"}, kind="Q900101"),
            entity("Q900036", {"en": "Samarkand Studio"}, country="UZ"),
        )
    )

    harvest(site)

    assert [(one.name, one.value["kind"]) for one in Proposal.objects.order_by("name")] == [
        ("Film School of Examples", "school"),
        ('Kinofestival "Altyn"', "festival"),
    ]
    told = harvest(site)
    assert Proposal.objects.count() == 2
    assert "2  proposals that are open already" in told


def test_nobody_withheld_is_proposed_and_merged_items_are_followed(serve, kazakhstan):
    create_person(name_en="Dana Fictitious", withheld=True, publication_state="archived")
    studio = create_institution(country=kazakhstan, identifiers={"wikidata": "Q900009"})
    merged = entity("Q900001", {"en": "Tajikfilm"}, claim("P1037", item("Q900010")))
    site = real.wikidata_site(HEAD)
    answer = site._answer

    def follow(handler, path, parameters):
        if "Q900009" in parameters.get("ids", ""):
            redirected = merged | {"redirects": {"from": "Q900009", "to": "Q900001"}}
            return real.say(handler, {"entities": {"Q900009": redirected}, "success": 1})
        return answer(handler, path, parameters)

    site._answer = follow
    harvest(serve(site))

    assert proposed(studio) == [("identifiers", {"wikidata": "Q900001"})]
    assert studio.proposals.get().reasons == ["same-identifier", "differs"]


def test_pages_of_many_bodies_are_read_to_the_end(serve, kazakhstan, monkeypatch):
    monkeypatch.setattr("harvest.registers.wikidata.BODIES_A_PAGE", 40)
    site = serve(real.wikidata_site(*(entity(f"Q9{number:05}", {"en": f"Studio {number}"}) for number in range(1, 91))))

    assert "90  bodies read" in harvest(site, "wikidata", "--dry-run")
    asked = [path for _method, path in site.asked if "LIMIT" in path]
    assert [path.rpartition("OFFSET+")[2].partition("&")[0] for path in asked] == ["0", "40", "80"]
    assert "7  bodies read" in harvest(site, "wikidata", "--dry-run", "--limit", "7")


def test_websites_are_opened_if_asked(serve, kazakhstan):
    studio = create_institution(name_en="Steppe", country=kazakhstan, identifiers={"wikidata": "Q900001"})
    front = Site()
    front.pages["/"] = lambda handler: handler.say(200, "<title>Киностудия «Степь»</title>".encode("cp1251"),
                                                   **{"Content-Type": "text/html; charset=windows-1251"})  # fmt: skip
    serve(front)
    url = f"http://stepfilm.example:{front.server_port}"
    body = entity("Q900001", {"ru": "Киностудия «Степь»"}, claim("P856", url))
    pin = f"stepfilm.example:{front.server_port}:127.0.0.1"

    harvest(serve(real.wikidata_site(body)), "wikidata", "--check-websites", "--resolve", pin)

    website = studio.proposals.get(fact="contact")
    assert website.reasons == ["same-identifier", "domain-answers", "name-on-front-page"]
