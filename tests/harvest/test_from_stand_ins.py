"""The way from registers and websites to the public page, against stand-ins of all of them."""

from contextlib import ExitStack

import pytest
from django.core.management import call_command

from editors.inbox.page import SUBJECTS_A_PAGE
from harvest.management.commands import read_official_pages
from harvest.models import Proposal, ReadingRun, SiteVisit
from institutions.models import Institution
from tests.factories import create_contact, create_country, create_editor, create_institution
from tests.harvest.harvests import harvest
from tests.harvest.sample_registers import sample_ror, sample_wikidata
from tests.harvest.site_server import SiteServer, stored_sites
from tests.html_page import html_page
from tests.local_site import closing_site

pytestmark = pytest.mark.django_db

INBOX = "/admin/harvest/proposal/"


@pytest.fixture
def servers():
    with ExitStack() as running:
        sites = SiteServer(stored_sites())
        running.callback(sites.close)
        yield (
            sites,
            running.enter_context(closing_site(sample_wikidata())),
            running.enter_context(closing_site(sample_ror())),
        )


def test_one_command_each_fills_the_inbox_and_an_editor_publishes_it(client, monkeypatch, servers):
    sites, wikidata, ror = servers
    for site in stored_sites():
        institution = create_institution(
            name_en=f"{site.names[0]} {site.name}", key=site.name, country=create_country(code=site.country)
        )
        for name in site.names:
            institution.other_names.create(text=name)
        create_contact(institution=institution, kind="website", value=f"http://{site.host}:{sites.port}")
    monkeypatch.setattr(read_official_pages, "SiteClient", lambda agent, **options: sites.client(agent))
    call_command("read_official_pages", verbosity=0)
    harvest(wikidata)
    harvest(ror, "ror")

    assert SiteVisit.objects.count() == len(stored_sites()) >= 60
    assert ReadingRun.objects.get().finished_at is not None
    origins = set(Proposal.objects.open().values_list("origin", flat=True))
    assert origins == {"official-page", "wikidata", "ror"}
    assert Proposal.objects.open().get(fact="new", origin="ror").name == "Steppe Academy of Cinema"

    # What the sets of tests say of these sites is what is published after one key for each of ten institutions.
    client.force_login(create_editor())
    groups = client.get(INBOX, {"origin": "official-page"}).context["inbox"].groups
    assert len(groups) == SUBJECTS_A_PAGE
    for group in groups[:10]:
        assert client.post(f"{INBOX}decide/", {"accept": group.ids}).status_code == 302
    client.logout()
    shown = 0
    for group in groups[:10]:
        page = html_page(client.get(Institution.objects.get(pk=group.institution.pk).get_absolute_url()))
        if any(proposal.fact == "contact" and proposal.row is None for proposal in group.proposals):
            assert "seen on the official site on" in page.section("contacts-heading").text
            shown += 1
    assert shown >= 5
