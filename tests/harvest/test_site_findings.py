"""Tests of readings in the directory: sightings, proposals, changed sites, and resumed runs."""

from contextlib import closing

import pytest
from django.core.management import CommandError, call_command

from editors.inbox.deciding import accept
from harvest.management.commands import read_official_pages
from harvest.models import Proposal, ReadingRun, SiteVisit
from harvest.site_findings import read_sites
from institutions.models import Institution, InstitutionContact
from tests.factories import create_contact, create_country, create_editor, create_institution, create_person
from tests.harvest.site_server import SiteServer, StoredSite

pytestmark = pytest.mark.django_db

NAME = "Studio Almaz"
CONTACTS = """<html><head><title>Studio Almaz: contacts</title></head><body><h1>Studio Almaz</h1>
<p>Reception: <a href="tel:+77272721234">+7 (727) 272-12-34</a></p>
<p>E-mail: info@almaz.example</p>{more}</body></html>"""
FRONT = """<html><head><title>Studio Almaz</title></head>
<body><h1>Studio Almaz</h1><a href="/contacts">Contacts</a></body></html>"""
SALE = """<html><head><title>almaz.example</title></head>
<body><h1>This domain is for sale</h1><p>Buy this domain. +7 727 272 55 55</p></body></html>"""


def site(name="almaz", **pages):
    return StoredSite(name, "KZ", [NAME], {"/": FRONT, "/contacts": CONTACTS.format(more="")} | pages)


@pytest.fixture
def server(monkeypatch):
    with closing(SiteServer([site(), site("second"), site("third")])) as running:
        monkeypatch.setattr(read_official_pages, "SiteClient", lambda agent, **options: running.client(agent))
        yield running


def institution_at(server, host="almaz", name=NAME):
    institution = create_institution(name_en=name, country=create_country(code="KZ"))
    create_contact(institution=institution, kind="website", value=f"http://{host}.example:{server.port}")
    return institution


def read(**options):
    call_command("read_official_pages", verbosity=0, **options)


def test_new_contacts_are_proposed_with_quotation_and_accepted_ones_are_seen(server):
    institution = institution_at(server)
    read()
    found = {one.value["value"]: one for one in Proposal.objects.all()}
    assert set(found) == {"+77272721234", "info@almaz.example"}
    assert found["+77272721234"].reasons == ["own-page", "as-link"]
    assert found["info@almaz.example"].reasons == ["own-page", "in-text", "own-domain"]
    assert "info@almaz.example" in found["info@almaz.example"].quotation
    assert found["info@almaz.example"].url.endswith("/contacts")
    accept([one.pk for one in found.values()], create_editor())
    phone = institution.contacts.get(kind="phone")
    assert (phone.seen_on, phone.seen_url) == (found["+77272721234"].found_on, found["+77272721234"].url)
    website = institution.contacts.get(kind="website")
    assert (website.seen_on is not None, website.checked_on) == (True, None)
    assert SiteVisit.objects.get().state == "ok"


def test_a_removed_contact_is_missing_after_two_runs_and_back_when_it_is_back(server):
    institution = institution_at(server)
    phone = create_contact(institution=institution, kind="phone", value="+77272721234")
    # Known from elsewhere, in a family that the site shows.
    other = create_contact(institution=institution, kind="phone", value="+77272729999")
    page = server.pages["almaz.example", "/contacts"]
    read()
    server.pages["almaz.example", "/contacts"] = {
        "body": page["body"].replace("2721234", "2720000").replace("272-12-34", "272-00-00")
    }
    read()
    read()
    phone.refresh_from_db()
    other.refresh_from_db()
    assert (phone.is_missing, phone.seen_on is not None, other.is_missing) == (True, True, True)
    gone = Proposal.objects.open().because("missing-twice")
    assert set(gone.values_list("row", flat=True)) == {phone.pk, other.pk}
    server.pages["almaz.example", "/contacts"] = page
    read()
    phone.refresh_from_db()
    assert not phone.is_missing
    assert list(gone.values_list("row", flat=True)) == [other.pk]


@pytest.mark.parametrize("silence", [{"status": 500, "body": ""}, {"status": 403, "body": ""}])
def test_a_site_that_does_not_answer_says_nothing(server, silence):
    institution = institution_at(server)
    phone = create_contact(institution=institution, kind="phone", value="+77272721234")
    read()
    proposed = Proposal.objects.open().count()
    server.pages["almaz.example", "/"] = silence
    read()
    read()
    phone.refresh_from_db()
    assert (phone.missed, Proposal.objects.open().count()) == (0, proposed)


def test_a_sold_site_becomes_a_task_and_gives_no_contacts(server):
    institution = institution_at(server)
    server.pages["almaz.example", "/"] = {"body": SALE}
    read()
    task = Proposal.objects.get()
    assert (task.row, task.value, task.reasons) == (institution.contacts.get().pk, {}, ["site-changed"])
    assert SiteVisit.objects.get().state == "parked"


def test_a_moved_site_is_proposed_in_place_of_the_old_one(server):
    institution = institution_at(server)
    server.pages["almaz.example", "/"] = {"redirect": "http://second.example:PORT/"}
    read()
    moved = Proposal.objects.get(value__kind="website")
    assert moved.value["value"].startswith("http://second.example")
    assert moved.row == institution.contacts.get().pk


def test_nobody_withheld_is_quoted(server):
    create_person(name_en="Anna Berg", withheld=True)
    institution_at(server)
    server.pages["almaz.example", "/contacts"] = {
        "body": CONTACTS.format(more="<p>Anna Berg: anna.berg@almaz.example</p>")
    }
    read()
    texts = str(list(Proposal.objects.values_list("value", "quotation", "title")))
    assert "Berg" not in texts


def test_a_run_is_resumed_where_it_stopped_and_a_finished_one_begins_anew(server):
    for host, name in (("almaz", "One"), ("second", "Two"), ("third", "Three")):
        institution_at(server, host, f"{NAME} {name}")
    create_contact(institution=create_institution(name_en="Tajik"), kind="website", value="http://not-asked.example")
    read(country=["KZ"], limit=2)
    assert SiteVisit.objects.count() == 2
    read(country=["KZ"], limit=2)
    assert SiteVisit.objects.count() == 3
    assert ReadingRun.objects.get().finished_at is not None
    asked = len(server.asked)
    read(country=["KZ"])
    assert len(server.asked) > asked
    assert ReadingRun.objects.count() == 2


def test_institutions_that_lose_their_website_or_are_merged_meanwhile_do_not_end_the_run(server):
    kept, hidden, merged = (institution_at(server, name=f"{NAME} {number}") for number in range(3))
    hidden.contacts.update(is_public=False)
    found = read_sites([kept.pk, hidden.pk, merged.pk], server.client())
    read = []
    for institution, _reading, _stored in found:
        read.append(institution.pk)
        Institution.objects.filter(pk=merged.pk).delete()
    assert hidden.pk not in read
    assert kept.pk in read


def test_silence_is_noted_only_once_a_site_has_answered(server, capsys):
    for number in range(2):
        institution_at(server, f"nowhere-{number}", f"{NAME} {number}")
    call_command("read_official_pages")
    assert "is this machine online?" in capsys.readouterr().err
    assert not SiteVisit.objects.exists()
    institution_at(server)
    read()
    assert set(SiteVisit.objects.values_list("state", flat=True)) == {"ok", "unreachable"}
    assert ReadingRun.objects.get().finished_at is not None


@pytest.mark.parametrize(
    "options", [{"country": ["Kazakhstan"]}, {"limit": 0}, {"name": ["X"]}, {"country": ["KZ", "TJ"]}]
)
def test_wrong_options_are_refused_with_a_reason(options):
    with pytest.raises(CommandError, match=r"\w+"):
        read(**options)
    assert not InstitutionContact.objects.exists()
