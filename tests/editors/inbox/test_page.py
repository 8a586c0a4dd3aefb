"""Tests of the inbox page: choices, sets by rule, decisions of buttons and of scripts, and limits of editors."""

import pytest

from harvest.models import Proposal, ProposalState
from harvest.proposing import Suggestion, propose
from tests.factories import create_city, create_contact, create_country_editor, create_editor, create_institution
from tests.html_page import html_page
from tests.visitors.corrections.sending import send

pytestmark = pytest.mark.django_db

INBOX = "/admin/harvest/proposal/"
RULE = ("same-domain", "name-on-front-page")


@pytest.fixture
def desk(client):
    client.force_login(create_editor())
    return client


def propose_website(institution, reasons=RULE):
    value = {"kind": "website", "value": f"https://{institution.key}.example"}
    return propose(institution, [Suggestion("contact", value, reasons=reasons)], "wikidata").new[0]


def decide(client, fetch=False, **data):
    headers = {"X-Requested-With": "fetch"} if fetch else {}
    return client.post(f"{INBOX}decide/", data, headers=headers)


def rows(response):
    return [row.attributes["id"] for row in html_page(response).all("tr") if "data-id" in row.attributes]


def test_the_inbox_shows_value_evidence_and_reasons_beside_what_is_published(desk):
    institution = create_institution(city=create_city())
    create_contact(institution=institution, kind="phone", value="+992372210009")
    suggestion = Suggestion(
        "contact",
        {"kind": "phone", "value": "(37) 221-00-00"},
        url="https://tajikfilm.example/contacts",
        title="Contacts",
        quotation="Tel. (37) 221-00-00 & more",
        reasons=("own-page", "in-text"),
        confidence=80,
    )
    propose(institution, [suggestion], "official-page")
    send(desk, {"record": f"institution/{institution.key}"}, wrong="Something is wrong")
    page = desk.get(INBOX)
    text = html_page(page).text
    for words in (
        "Telephone",
        "+992 372 21 0009",
        "+992 372 21 0000",
        "Tel. (37) 221-00-00 & more",
        "on the institution's own website; in the text of the page; others of this kind are published; 80",
        "Something is wrong",
    ):
        assert words in text
    assert rows(desk.get(f"{INBOX}?country=KZ")) == []


def test_a_set_is_accepted_by_its_rule_as_far_as_it_was_seen(desk):
    seen = [propose_website(create_institution(name_en=f"Studio {number}")) for number in range(3)]
    propose_website(create_institution(name_en="Other"), reasons=("similar-name",))
    rule = seen[0].rule
    page = desk.get(INBOX, {"rule": rule})
    assert sorted(rows(page)) == sorted(f"p{one.pk}" for one in seen)
    assert "same website; name on its front page" in html_page(page).text
    last = page.context["inbox"].last_id
    later = propose_website(create_institution(name_en="Later"))
    decide(desk, accept_rule=rule, last=last)
    assert set(Proposal.objects.filter(state=ProposalState.ACCEPTED)) == set(seen)
    assert Proposal.objects.open().filter(pk=later.pk).exists()
    # One decision is undone at once.
    decided = html_page(desk.get(f"{INBOX}?state=decided"))
    together = next(decided.all("button", name="undo")).attributes["value"]
    decide(desk, undo=together)
    assert Proposal.objects.open().count() == 5


def test_a_set_is_accepted_within_a_task(desk):
    gone = propose_website(create_institution(), reasons=("missing-twice",))
    decide(desk, accept_rule=gone.rule, last=gone.pk, task="sites-changed")
    assert Proposal.objects.open().exists()
    decide(desk, accept_rule=gone.rule, last=gone.pk, task="contacts-missing")
    assert not Proposal.objects.open().exists()


def test_scripts_get_the_rows_with_their_new_state_and_conflicts(desk):
    proposal = propose_website(create_institution())
    answer = decide(desk, fetch=True, accept=proposal.pk)
    assert (answer.status_code, rows(answer)) == (200, [f"p{proposal.pk}"])
    assert list(html_page(answer).all("button", name="undo"))
    late = decide(desk, fetch=True, decline=proposal.pk)
    assert (late.status_code, rows(late)) == (409, [f"p{proposal.pk}"])
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.ACCEPTED


def test_editors_see_and_decide_within_their_countries_only(client):
    proposal = propose_website(create_institution())
    client.force_login(create_country_editor("KZ"))
    assert rows(client.get(INBOX)) == []
    for action in ("accept", "decline", "undo"):
        decide(client, **{action: proposal.pk})
    decide(client, accept_rule=proposal.rule, last=proposal.pk)
    assert Proposal.objects.open().exists()
    # Nor do they hear of it.
    assert "Tajikfilm" not in html_page(client.get(INBOX)).text
    client.logout()
    assert client.get(INBOX).status_code == 302
    assert decide(client, accept=proposal.pk).status_code == 302
    assert Proposal.objects.open().exists()


@pytest.mark.parametrize(
    "query",
    ["rule=x", "rule=a:b:c:d+e", "institution=9" * 30, "country=%00", "p=0", "task=x", "origin=' or 1=1", "state=x"],
)
def test_unknown_choices_find_nothing_and_break_nothing(desk, query):
    propose_website(create_institution())
    assert desk.get(f"{INBOX}?{query}").status_code in (200, 400)


def test_bad_decisions_change_nothing(desk):
    proposal = propose_website(create_institution())
    for data in ({}, {"accept": "x,9999999999999999999999"}, {"accept_rule": "x:y"}, {"accept_rule": proposal.rule}):
        decide(desk, next="https://evil.example", **data)
    assert desk.get(f"{INBOX}decide/").status_code == 403
    assert Proposal.objects.open().count() == 1
