"""Tests of storing proposals: each once, none that is listed, declined, or names somebody withheld."""

import pytest
from django.utils import timezone

from harvest.models import Proposal, ProposalState
from harvest.proposing import Suggestion, propose, propose_new
from tests.factories import create_contact, create_country, create_institution, create_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def institution():
    institution = create_institution(name_ru="Таджикфильм", founded="1930")
    create_contact(institution=institution, kind="website", value="https://www.tajikfilm.example")
    return institution


def phone(value="(37) 221-00-00", **fields):
    return Suggestion("contact", {"kind": "phone", "value": value}, url="https://a.example/contacts", **fields)


def decide(proposal, state):
    Proposal.objects.filter(pk=proposal.pk).update(state=state, decided_at=timezone.now(), decided_by="editor")


def test_values_are_stored_in_one_form_and_what_is_listed_is_not_proposed(institution):
    suggestions = [
        phone(value="(37) 221-00-00 доб. 12"),
        Suggestion("contact", {"kind": "website", "value": "http://tajikfilm.example/"}),
        Suggestion("founded", {"founded": "1930"}),
        Suggestion("founded", {"founded": "1931"}),
        Suggestion("names", {"name_ru": "ТАДЖИКФИЛЬМ"}),
        Suggestion("head", {"name_ru": "Иван Иванов", "since": "2019-05"}),
        Suggestion("founded", {"founded": "long ago"}),
        Suggestion("contact", {"kind": "email", "value": "not an address"}),
        Suggestion("founded", {"closed": "1990"}),
    ]
    result = propose(institution, suggestions, "wikidata")
    assert {(one.fact, str(one.value)) for one in result.new} == {
        ("contact", "{'kind': 'phone', 'value': '+992372210000', 'department': 'extension 12'}"),
        ("founded", "{'founded': '1931'}"),
        ("head", "{'name_ru': 'Иван Иванов', 'since': '2019-05', 'title_en': 'Head'}"),
    }
    assert result.left_out == {"listed": 3, "invalid": 3}
    assert {one.licence for one in result.new} == {"CC0 1.0"}
    assert Proposal.objects.get(fact="founded").value_then == "1930"


def test_the_same_again_is_known_and_what_is_not_said_any_more_goes(institution):
    first = propose(institution, [phone(), Suggestion("founded", {"founded": "1931"})], "official-page").new
    again = propose(institution, [phone(quotation="Tel. 221-00-00")], "official-page")
    assert (again.new, [one.pk for one in again.known]) == ([], [first[0].pk])
    assert Proposal.objects.open().get().quotation == "Tel. 221-00-00"
    assert Proposal.objects.get(fact="founded").state == ProposalState.SUPERSEDED
    propose(institution, [phone(confidence=90)], "wikidata")
    told_twice = Proposal.objects.open().get()
    assert (told_twice.pk, told_twice.origin, told_twice.confidence) == (first[0].pk, "official-page", 90)
    assert "several-origins" in told_twice.reasons


@pytest.mark.parametrize("state", [ProposalState.DECLINED, ProposalState.ACCEPTED])
def test_a_decided_proposal_does_not_come_back(institution, state):
    decide(propose(institution, [phone()], "wikidata").new[0], state)
    again = phone("+992 37 2210000 приёмная")
    assert propose(institution, [again], "official-page").left_out == {state: 1}
    assert not Proposal.objects.open().exists()


def test_nobody_withheld_is_proposed(institution):
    create_person(name_en="Anna Berg", name_ru="Анна Берг", withheld=True, publication_state="archived")
    suggestions = [Suggestion("head", {"name_en": "Berg Anna"}), phone(quotation="Директор Берг А., тел. 221-00-00")]
    assert propose(institution, suggestions, "wikidata").left_out == {"withheld": 2}


def test_a_body_that_is_not_listed_is_proposed_once_by_its_identifier():
    country = create_country()
    value = {"kind": "studio", "name_en": "New Studio", "identifiers": {"wikidata": "Q1"}}
    contacts = [{"kind": "phone", "value": "(37) 221-00-00"}]
    first = propose_new("New Studio", country, Suggestion("new", value), "wikidata").new[0]
    assert first.subject == "New Studio"
    more = value | {"founded": "1999", "contacts": contacts}
    second = propose_new("New Studio", country, Suggestion("new", more), "wikidata").new[0]
    assert Proposal.objects.get() == second
    assert second.value["contacts"] == [{"kind": "phone", "value": "+992372210000"}]
    decide(second, ProposalState.DECLINED)
    renamed = value | {"name_en": "Renamed Studio"}
    assert propose_new("Renamed Studio", country, Suggestion("new", renamed), "wikidata").new == []
