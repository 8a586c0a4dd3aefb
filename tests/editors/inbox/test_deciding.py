"""Tests of decisions about proposals: what accepting writes, and that undoing takes back exactly that."""

import datetime

import pytest
from django.core import mail, serializers
from reversion.models import Version

from editors.inbox.deciding import accept, decline, undo
from editors.withholding.withhold import withhold
from harvest.models import Proposal, ProposalState
from harvest.proposing import Suggestion, propose, propose_new
from institutions.models import City, Institution, InstitutionContact, InstitutionName, InstitutionSource, Stage
from people.models import Person, PersonSource, Position
from records.history.models import RecordChange
from records.models import Source
from tests.factories import (
    create_contact,
    create_country,
    create_country_editor,
    create_editor,
    create_institution,
    create_person,
    create_position,
)
from tests.visitors.corrections.sending import send
from visitors.corrections.models import Correction, CorrectionState

pytestmark = pytest.mark.django_db

PAGE = {"url": "https://tajikfilm.example/contacts", "title": "Contacts", "found_on": datetime.date(2026, 11, 28)}
WRITTEN = (
    Institution,
    InstitutionContact,
    InstitutionName,
    InstitutionSource,
    Stage,
    City,
    Person,
    PersonSource,
    Position,
    Source,
)


@pytest.fixture
def editor():
    return create_editor()


@pytest.fixture
def institution():
    return create_institution(founded="1930")


def proposed(institution, *suggestions, origin="official-page"):
    return propose(institution, suggestions, origin).new


def ids(proposals):
    return [one.pk for one in proposals]


def state_of_directory():
    """Return everything that accepting may write, but the times of the last change."""
    rows = serializers.serialize("python", [row for model in WRITTEN for row in model.objects.order_by("pk")])
    for row in rows:
        row["fields"].pop("updated_at", None)
    return rows


def test_accepting_stores_facts_with_source_date_and_history_and_undoing_takes_exactly_that_back(institution, editor):
    phone = create_contact(institution=institution, kind="phone", value="+992372210009")
    create_position(institution=institution, person=create_person(name_en="Old Head"), title_en="Director")
    before = state_of_directory()
    proposals = proposed(
        institution,
        Suggestion("contact", {"kind": "phone", "value": "(37) 221-00-00 доб. 5"}, **PAGE),
        Suggestion("contact", {"kind": "email", "value": "press@tajikfilm.example", "department": "Press"}, **PAGE),
        Suggestion("contact", {"kind": "phone", "value": "+992 37 221 00 10"}, row=phone.pk, **PAGE),
        Suggestion("founded", {"founded": "1930-05"}, **PAGE),
        Suggestion("city", {"city_en": "Khujand", "city_ru": "Худжанд"}, **PAGE),
        Suggestion("name", {"text": "Киностудия Таджикфильм", "language": "ru"}, **PAGE),
        Suggestion("head", {"name_ru": "Иван Иванов", "title_en": "Director", "since": "2024"}, **PAGE),
        Suggestion("stage", {"name_en": "Stage 1", "area_m2": 900}, **PAGE),
        Suggestion("identifiers", {"wikidata": "Q42"}, **PAGE),
    )
    assert len(proposals) == 9
    result = accept(ids(proposals), editor)
    assert (len(result.done), result.refused) == (9, [])

    institution.refresh_from_db()
    contacts = {one.value: one for one in institution.contacts.all()}
    assert set(contacts) == {"+992372210000", "press@tajikfilm.example", "+992372210010"}
    assert contacts["+992372210000"].department == "extension 5"
    source = contacts["+992372210000"].source
    assert (source.url, source.title, source.accessed_on) == (PAGE["url"], "Contacts", PAGE["found_on"])
    # A page that a program read is no check by a person.
    assert contacts["+992372210000"].checked_on is None
    assert (institution.founded, institution.city.name_ru, institution.identifiers) == (
        "1930-05",
        "Худжанд",
        {"wikidata": "Q42"},
    )
    supported = institution.record_sources.get(source=source).supports
    assert set(supported) == {"phones", "emails", "founded", "city", "names", "positions", "stages", "identifiers"}
    head = institution.positions.get(person__name_ru="Иван Иванов")
    assert (head.person.name_en, head.seat, head.since, head.as_of, head.source) == (
        "Ivan Ivanov",
        "director",
        "2024",
        "2026-11-28",
        source,
    )
    versions = Version.objects.get_for_object(institution)
    assert [one.revision.user for one in versions] == [editor, None]
    assert set(RecordChange.objects.get(record_key=institution.key).facts) >= {"founded", "contacts"}

    assert undo(ids(proposals), editor).refused == []
    assert state_of_directory() == before
    assert Proposal.objects.open().count() == 9
    assert len(Version.objects.get_for_object(institution)) == 3


def test_what_has_changed_since_is_not_undone_and_the_rest_is(institution, editor):
    phone, founded = proposed(
        institution,
        Suggestion("contact", {"kind": "phone", "value": "+992372210000"}, **PAGE),
        Suggestion("founded", {"founded": "1931"}, **PAGE),
    )
    accept([phone.pk, founded.pk], editor)
    Institution.objects.filter(pk=institution.pk).update(founded="1932")
    result = undo([phone.pk, founded.pk], editor)
    assert ([one.pk for one in result.done], [one.pk for one, _why in result.refused]) == ([phone.pk], [founded.pk])
    assert not institution.contacts.exists()
    # The page still supports the year.
    assert institution.record_sources.get().supports == ["founded"]


def test_a_line_taken_off_the_page_stays_in_the_record(institution, editor):
    contact = create_contact(institution=institution, kind="phone")
    proposals = proposed(institution, Suggestion("contact", {}, row=contact.pk, reasons=("missing-twice",)))
    accept(ids(proposals), editor)
    contact.refresh_from_db()
    assert not contact.is_public
    # What editors took off is not proposed again.
    again = Suggestion("contact", {"kind": "phone", "value": contact.value})
    assert propose(institution, [again], "wikidata").left_out == {"listed": 1}
    undo(ids(proposals), editor)
    contact.refresh_from_db()
    assert contact.is_public


def test_the_own_word_of_an_institution_confirms_its_contacts(institution, editor):
    contact = create_contact(institution=institution, kind="phone")
    proposals = proposed(
        institution,
        Suggestion("contact", {"kind": "email", "value": "info@tajikfilm.example"}),
        Suggestion("contact", {"kind": "phone", "value": "+992372210010"}, row=contact.pk),
        origin="institution",
    )
    accept(ids(proposals), editor)
    assert set(institution.contacts.values_list("check_method", flat=True)) == {"institution"}
    undo(ids(proposals), editor)
    assert list(institution.contacts.values_list("value", "checked_on")) == [("+992372210000", None)]


def test_a_new_body_becomes_a_draft_with_everything_known(editor):
    value = {
        "kind": "studio",
        "name_en": "New Studio",
        "name_ru": "Новая студия",
        "city_en": "Khujand",
        "contacts": [{"kind": "phone", "value": "(37) 221-00-00"}],
        "heads": [{"name_en": "Ivan Ivanov"}],
        "identifiers": {"wikidata": "Q1"},
    }
    before = state_of_directory()
    proposal = propose_new("New Studio", create_country(), Suggestion("new", value, **PAGE), "wikidata").new[0]
    assert accept([proposal.pk], editor).refused == []
    institution = Institution.objects.get()
    assert (institution.publication_state, institution.key) == ("draft", "tj-new-studio")
    assert institution.contacts.get().value == "+992372210000"
    assert institution.positions.get().person.publication_state == "draft"
    assert not RecordChange.objects.exists()
    assert undo([proposal.pk], editor).refused == []
    assert state_of_directory() == before


def test_only_open_proposals_of_the_editors_countries_are_decided(institution, editor):
    proposals = proposed(institution, Suggestion("founded", {"founded": "1931"}))
    foreign = create_country_editor("KZ")
    assert (accept(ids(proposals), foreign).done, decline(ids(proposals), foreign).done) == ([], [])
    assert len(decline(ids(proposals), editor).done) == 1
    late = accept(ids(proposals), editor)
    assert (late.done, len(late.refused)) == ([], 1)
    institution.refresh_from_db()
    assert institution.founded == "1930"


@pytest.mark.parametrize(
    ("suggestion", "other_people"),
    [
        # Closed before it was founded.
        (Suggestion("founded", {"founded": "2001"}), []),
        (Suggestion("head", {"name_en": "Ivan Ivanov"}), ["Ivan Ivanov", "Ivan Ivanov"]),
    ],
)
def test_what_the_record_does_not_admit_is_refused_with_the_reason_and_writes_nothing(editor, suggestion, other_people):
    institution = create_institution(founded="1930", closed="2000")
    for number, name in enumerate(other_people):
        create_person(name_en=name, key=f"person-{number}", country=institution.country)
    [bad] = proposed(institution, suggestion)
    [good] = proposed(institution, Suggestion("names", {"name_ru": "Таджикфильм"}), origin="wikidata")
    before = Position.objects.count(), Source.objects.count()
    result = accept([bad.pk, good.pk], editor)
    assert [one.pk for one in result.done] == [good.pk]
    assert [one.pk for one, why in result.refused if why] == [bad.pk]
    assert (Position.objects.count(), Source.objects.count()) == before
    institution.refresh_from_db()
    assert (institution.founded, institution.name_ru) == ("1930", "Таджикфильм")


def test_a_readers_correction_is_one_proposal_and_accepting_it_answers_the_reader(client, institution, editor):
    contact = create_contact(institution=institution, kind="phone")
    about = {"record": f"institution/{institution.key}", "fact": f"contact/{contact.pk}/value"}
    send(client, about, proposed="(37) 221-00-10", email="reader@example.org")
    send(client, about, proposed="the second number", email="reader@example.org")
    in_words, as_value = Correction.objects.order_by("proposal")[::-1]
    assert in_words.proposal is None
    proposal = as_value.proposal
    assert (proposal.origin, proposal.row, proposal.value["value"]) == ("reader", contact.pk, "+992372210010")
    # Declining needs a reason, which the correction asks for.
    assert decline([proposal.pk], editor).done == []
    mail.outbox.clear()
    accept([proposal.pk], editor)
    as_value.refresh_from_db()
    contact.refresh_from_db()
    assert (as_value.state, contact.value) == (CorrectionState.ACCEPTED, "+992372210010")


def test_proposals_that_name_a_withheld_person_are_erased(institution, editor):
    person = create_person(name_en="Anna Berg")
    proposals = proposed(
        institution,
        Suggestion("head", {"name_ru": "Берг Анна", "title_en": "Director"}),
        Suggestion("founded", {"founded": "1931"}, quotation="Founded by Anna Berg"),
        Suggestion("names", {"name_ru": "Таджикфильм"}),
    )
    accept(ids(proposals)[:1], editor)
    withhold(person, reason="letter")
    assert [one.fact for one in Proposal.objects.all()] == ["names"]
    assert ProposalState(Proposal.objects.get().state) == ProposalState.OPEN
