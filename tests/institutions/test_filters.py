"""Tests of the filters of institutions and programmes that professionals ask for."""

import shutil

import pytest
from django.utils import timezone

from exports.models import hashed
from harvest.models import Proposal
from institutions.models import Institution, Programme, Stage
from records.checks import months_before
from tests.data_sets import VALID, load, replace
from tests.editors.spreadsheets.sheets import bring_to_preview, confirm, csv_bytes, errors
from tests.factories import (
    create_contact,
    create_country,
    create_editor,
    create_institution,
    create_programme,
    create_stage,
)
from tests.html_page import html_page
from tests.visitors.corrections.sending import form_on

pytestmark = pytest.mark.django_db


def ahead(months):
    """Return the day `months` months from now as text; negative ones are past."""
    return months_before(timezone.localdate(), -months).isoformat()


def names(client, path):
    response = client.get(path)
    assert response.status_code == 200
    return [record.name_en for record in response.context["page"].object_list]


def counts(client, path, name):
    facets = {facet.name: facet for facet in client.get(path).context["filterset"].facets}
    return {choice.value: choice.count for choice in facets[name].choices} if name in facets else None


def test_studios_are_narrowed_by_the_size_of_one_stage(client):
    for name, *stages in [
        ("Large and low", (2000, 6), (300, 20)),
        ("Large and high", (1500, 16)),
        ("Unmeasured", (None, None)),
        ("None"),
    ]:
        studio = create_institution(name_en=name)
        for number, (area, height) in enumerate(stages if isinstance(stages[0], tuple) else []):
            create_stage(institution=studio, name_en=f"Stage {number}", area_m2=area, height_m=height)

    assert names(client, "/studios/?stage_area=1501") == ["Large and low"]
    assert names(client, "/studios/?stage_area=1500") == ["Large and high", "Large and low"]
    # Both are asked of the same stage.
    assert names(client, "/institutions/?stage_area=1500&stage_height=10") == ["Large and high"]
    assert names(client, "/institutions/?stage_height=17") == ["Large and low"]
    page = html_page(client.get("/studios/?stage_area=1501"))
    assert page.one("input", id="filter-stage_area").attributes["value"] == "1501"
    assert "Area at least, m²: 1501" in " ".join(page.one("ul", class_="chips").text.split())
    assert not list(html_page(client.get("/agencies/")).all("input", name="stage_area"))


@pytest.mark.parametrize(
    "wrong", ["stage_area=0", "stage_area=-1", "stage_area=big", "stage_height=101", "stage_area=" + "9" * 3000]
)
def test_number_out_of_bounds_is_told_and_makes_no_file(client, wrong):
    create_institution(name_en="Studio")

    assert names(client, f"/studios/?{wrong}") == ["Studio"]
    assert list(html_page(client.get(f"/studios/?{wrong}")).one("div", class_="problems").all("li"))
    assert client.get(f"/studios/export/csv/?{wrong}").status_code == 400


def test_institutions_are_narrowed_by_region_and_by_language_of_a_public_contact(client):
    for name, code, languages, is_public in [
        ("A", "KZ", ["kk", "ru"], True),
        ("B", "UZ", ["ru"], True),
        ("C", "GE", ["ka", "en"], False),
    ]:
        body = create_institution(name_en=name, country=create_country(code=code))
        create_contact(institution=body, languages=languages, is_public=is_public)
        create_contact(institution=body, kind="phone", value="+992372210000", languages=languages, is_public=is_public)

    assert names(client, "/institutions/?region=central-asia") == ["A", "B"]
    assert counts(client, "/institutions/", "region") == {"central-asia": 2, "south-caucasus": 1}
    assert names(client, "/institutions/?language=kk&language=ru") == ["A", "B"]
    assert counts(client, "/institutions/?region=central-asia", "language") == {"kk": 1, "ru": 2}
    assert [label for _value, label in client.get("/institutions/").context["filterset"].choices("language")] == [
        "Kazakh",
        "Russian",
    ]


FESTIVALS = {
    "Open": {"submissions_open": ahead(-1), "submissions_close": ahead(6), "edition_start": ahead(8)},
    "Opens soon": {"submissions_open": ahead(2), "edition_start": ahead(5), "edition_end": ahead(5)},
    "Closes in the year": {"submissions_close": ahead(2)[:7]},
    "Opens later": {"submissions_open": ahead(4), "edition_start": ahead(2)[:7]},
    "Closed": {"submissions_open": ahead(-5), "submissions_close": ahead(-2), "edition_start": ahead(-1)},
    # Nobody knows until when.
    "Opened once": {"submissions_open": ahead(-30)},
    "Silent": {},
}


def test_festivals_are_narrowed_by_submissions_and_next_edition(client):
    for name, fields in FESTIVALS.items():
        create_institution(name_en=name, kind="festival", **fields)
    create_institution(name_en="Studio")
    festivals = "/institutions/?kind=festival"

    assert names(client, f"{festivals}&submissions=now") == ["Open"]
    assert names(client, f"{festivals}&submissions=season") == ["Closes in the year", "Open", "Opens soon"]
    assert names(client, f"{festivals}&edition=6") == ["Opens later", "Opens soon"]
    assert counts(client, festivals, "submissions") == {"now": 1, "season": 3}
    assert counts(client, festivals, "edition") == {"3": 1, "6": 2, "12": 3}
    # Only where festivals are asked for, or the filter is in use.
    assert counts(client, "/institutions/", "submissions") is counts(client, "/studios/", "edition") is None
    assert counts(client, "/institutions/?submissions=now", "submissions") == {"now": 1, "season": 3}


def test_page_of_a_festival_says_when_and_where_to_submit(client):
    fields = {"submissions_open": "2026-12-01", "submission_url": "https://www.filmfreeway.com/example/"}
    festival = create_institution(name_en="Festival", kind="festival", edition_start=ahead(3), **fields)

    section = html_page(client.get("/institutions/festival/")).section("edition")

    assert section.one("h2").text == "Next edition"
    assert "1 December 2026" in section.text
    (link,) = [link for link in section.all("a") if link.text == "filmfreeway.com/example"]
    assert link.attributes["href"] == festival.submission_url
    festival.edition_start = ahead(-3)
    festival.save()
    assert html_page(client.get("/institutions/festival/")).section("edition").one("h2").text == "Last known edition"
    create_institution(name_en="Silent", kind="festival")
    assert not list(html_page(client.get("/institutions/silent/")).all("h2", id="edition"))


def test_programmes_are_narrowed_by_amounts_currency_and_calls(client):
    create_programme(
        name_en="A", kind="cash-rebate", rate_percent=30, minimum_spend=100_000, cap=1_000_000, currency="EUR"
    )
    create_programme(name_en="B", kind="cash-rebate", rate_percent=20, minimum_spend=500_000, currency="GEL")
    create_programme(name_en="C", kind="grant", call_opens=ahead(-1), call_closes=ahead(1))
    create_programme(name_en="D", kind="script-lab", call_closes=ahead(5))

    assert names(client, "/programmes/?minimum_spend=100000") == ["A"]
    assert names(client, "/programmes/?cap=1000001") == []
    assert names(client, "/programmes/?currency=GEL") == ["B"]
    assert names(client, "/programmes/?call=now") == ["C"]
    assert names(client, "/programmes/?states=cap&states=deadline") == ["A", "C", "D"]
    assert counts(client, "/programmes/", "states") == {"rate": 2, "minimum-spend": 2, "cap": 1, "deadline": 2}
    assert counts(client, "/programmes/?kind=grant", "call") == {"now": 1, "season": 1}
    assert counts(client, "/programmes/?minimum_spend=200000", "currency") == {"EUR": 1}
    assert "deadline:" in html_page(client.get("/programmes/")).one("table").text
    assert Programme.objects.count() == 4


def test_only_festivals_are_asked_for_their_next_edition(client):
    for kind in ("festival", "studio"):
        body = create_institution(name_en=kind, kind=kind)
        body.confirmation_requests.create(secret_hash=hashed(kind), addresses=["a@example.org"])

    client.post("/confirm/festival/", form_on(client.get("/confirm/festival/")) | {"record-edition_start": "2027-05"})

    assert [one.value for one in Proposal.objects.all()] == [{"edition_start": "2027-05"}]
    assert "record-edition_start" not in client.get("/confirm/studio/").content.decode()


def test_spreadsheets_state_the_next_edition_and_refuse_what_is_no_page(client):
    client.force_login(create_editor())
    create_country(code="TJ")
    heading = "name (en),kind,country,фестиваль с,фестиваль до,submission link"
    line = "Didor,festival,Tajikistan,2027-05-12,2027-05-19,https://filmfreeway.com/didor"

    confirm(client, bring_to_preview(client, csv_bytes(heading, line)))
    wrong = bring_to_preview(client, csv_bytes(heading, line.replace("2027-05-19", "2026").replace("https://", "")))

    festival = Institution.objects.get()
    assert (festival.edition_start, festival.edition_end) == ("2027-05-12", "2027-05-19")
    assert festival.submission_url == "https://filmfreeway.com/didor"
    assert errors(wrong) == [
        {"фестиваль до": "The end is before the start."} | {"submission link": "Give the full address, with https://."}
    ]


def test_data_set_may_have_editions_calls_and_heights(tmp_path):
    folder = shutil.copytree(VALID, tmp_path / "data")
    edition = "    ownership: state\n    edition_start: '2027-05'\n    submission_url: https://example.org/submit\n"
    replace(folder / "institutions.yaml", "    ownership: state\n", edition)
    replace(folder / "institutions.yaml", "area_m2: 400,", "area_m2: 400, height_m: 12.5,")
    replace(folder / "programmes.yaml", "    cap: null\n", "    cap: null\n    call_closes: '2027-03'\n")

    load(folder)

    loaded = Institution.objects.exclude(edition_start=None).get()
    assert (loaded.edition_start, loaded.submission_url) == ("2027-05", "https://example.org/submit")
    assert (str(Stage.objects.get().height_m), Programme.objects.get().call_closes) == ("12.5", "2027-03")
