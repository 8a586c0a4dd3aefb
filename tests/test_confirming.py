"""Tests of confirming contacts: many at once, in one transaction; nothing else changes the date of a check."""

import contextlib
import datetime
import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse
from reversion.models import Version

from dataset.directory_fixtures import FixturesError, load_fixtures
from institutions.models import Institution, InstitutionContact, Studio
from people.models import Person, PositionContact
from records.check_guard import confirming
from tests.admin_forms import page, save
from tests.factories import (
    create_contact,
    create_editor,
    create_institution,
    create_person,
    create_position,
    create_source,
)

pytestmark = pytest.mark.django_db

TODAY = datetime.date.today().isoformat()


@pytest.fixture
def desk(client):
    client.force_login(create_editor())
    return client


def checks(model=InstitutionContact):
    return dict(model.objects.values_list("value", "checked_on"))


def links_of(response):
    """Return the links of the page by their text."""
    links = re.findall(r'<a href="([^"]*)"[^>]*>([^<]*)</a>', response.content.decode())
    return {words.strip(): unescape(address) for address, words in links}


# Many at once --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", [Institution, Studio])
def test_all_contacts_are_one_click_from_the_form_and_the_way_leads_back(desk, model):
    studio = create_institution()
    create_contact(institution=studio, value="a@example.org")
    create_contact(institution=studio, value="b@example.org", is_public=False)
    create_contact(institution=create_institution(name_en="Other"), value="c@example.org")
    form = page(model, "change", studio.pk)

    question = desk.get(links_of(desk.get(form))["Confirm all public contacts…"])
    answer = desk.post(
        question.context["confirm_url"],
        {
            "offered": str(question.context["rows"][0]["contact"].pk),
            "contacts": [row["contact"].pk for row in question.context["rows"]],
            "method": "telephone",
            "checked_on": TODAY,
            "next": question.context["next"],
        },
    )

    assert answer.url == form
    assert checks() == {"a@example.org": TODAY, "b@example.org": None, "c@example.org": None}


def test_all_contacts_are_one_click_from_the_list(desk):
    studio = create_institution()
    contact = create_contact(institution=studio)
    address = page(Institution, "changelist")

    link = links_of(desk.get(address))["Confirm…"]

    assert [row["contact"] for row in desk.get(link).context["rows"]] == [contact]
    assert parse_qs(urlsplit(link).query)["next"] == [address]


@pytest.mark.parametrize("of", ["person", "institution"])
def test_contacts_of_all_posts_are_confirmed_together(desk, of):
    person, institution = create_person(), create_institution()
    first = create_contact(position=create_position(person=person, institution=institution), value="a@example.org")
    second = create_contact(
        position=create_position(person=person, institution=institution, title_en="Chair"), value="b@example.org"
    )
    create_contact(
        position=create_position(
            person=create_person(name_en="Somebody Else"), institution=create_institution(name_en="Other")
        ),
        value="c@example.org",
    )
    model, record, words = {
        "person": (Person, person, "Confirm contacts of all posts…"),
        "institution": (Institution, institution, "Confirm contacts of its people…"),
    }[of]

    question = desk.get(links_of(desk.get(page(model, "change", record.pk)))[words])

    assert [row["contact"] for row in question.context["rows"]] == [first, second]


def test_page_shows_what_is_confirmed_and_opens_what_is_to_be_looked_at(desk):
    source = create_source(url="https://example.org/contacts", title="Contacts")
    contact = create_contact(
        kind="website",
        value="https://tajikfilm.tj/",
        department="Press",
        source=source,
        institution=create_institution(),
    )

    response = desk.get(page(InstitutionContact, "confirm"), {"contacts": contact.pk})

    html = response.content.decode()
    assert "Website: <strong>tajikfilm.tj</strong>, Press, Tajikfilm" in html
    for address in ["https://tajikfilm.tj/", "https://example.org/contacts"]:
        assert f'<a href="{address}" target="_blank" rel="noopener noreferrer">' in html


def test_contact_without_mark_is_not_confirmed(desk):
    studio = create_institution()
    held, not_held = (create_contact(institution=studio, value=f"{name}@example.org") for name in "ab")

    desk.post(
        page(InstitutionContact, "confirm"),
        {
            "offered": f"{held.pk},{not_held.pk}",
            "contacts": [held.pk],
            "method": "telephone",
            "checked_on": TODAY,
        },
    )

    assert checks() == {"a@example.org": TODAY, "b@example.org": None}


def test_no_mark_at_all_is_said_and_loses_nothing(desk):
    contact = create_contact()

    response = desk.post(
        page(InstitutionContact, "confirm"),
        {"offered": str(contact.pk), "method": "telephone", "checked_on": "2025-02-03"},
    )

    assert response.context["form"].errors == {"contacts": ["Select at least one contact."]}
    assert response.context["form"]["checked_on"].value() == "2025-02-03"
    assert checks() == {contact.value: None}


@pytest.mark.parametrize("missing", [999_999, 99_999_999_999_999_999_999])
def test_one_contact_that_is_gone_confirms_none(desk, missing):
    contact = create_contact()
    data = {"offered": f"{contact.pk},{missing}", "contacts": [contact.pk], "method": "telephone", "checked_on": TODAY}

    response = desk.post(page(InstitutionContact, "confirm"), data)

    assert response.status_code == (404 if missing < 10**18 else 302)
    assert checks() == {contact.value: None if missing < 10**18 else TODAY}


def test_contact_that_was_not_offered_is_refused(desk):
    studio = create_institution()
    offered, other = (create_contact(institution=studio, value=f"{name}@example.org") for name in "ab")
    data = {"offered": str(offered.pk), "contacts": [offered.pk, other.pk], "method": "letter", "checked_on": TODAY}

    response = desk.post(page(InstitutionContact, "confirm"), data)

    assert list(response.context["form"].errors) == ["contacts"]
    assert set(checks().values()) == {None}


def test_record_without_public_contacts_says_so(desk):
    studio = create_institution()

    response = desk.get(page(InstitutionContact, "confirm"), {"institution": studio.pk}, follow=True)

    assert "There is no public contact to confirm." in response.content.decode()


def test_more_than_anybody_looked_at_are_not_confirmed_at_once(desk, monkeypatch):
    monkeypatch.setattr("editors.forms.confirming.CONFIRMED_AT_ONCE", 2)
    studio = create_institution()
    for number in range(3):
        create_contact(institution=studio, value=f"{number}@example.org")

    response = desk.get(page(InstitutionContact, "confirm"), {"institution": studio.pk}, follow=True)

    assert "These are 3 contacts. Confirm at most 2 at once." in response.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_page_opens_at_a_fixed_number_of_queries(desk, count, django_assert_num_queries):
    studio, source = create_institution(), create_source()
    for number in range(count):
        create_contact(institution=studio, value=f"{number}@example.org", source=source)
    address = page(InstitutionContact, "confirm")

    with django_assert_num_queries(9):
        response = desk.get(address, {"institution": studio.pk})

    assert len(response.context["rows"]) == count


# The date of a check -------------------------------------------------------------------------------------------------


def create_checked(**fields):
    return create_contact(checked_on="2024-03-01", check_method="letter", **fields)


@pytest.mark.parametrize("model", [InstitutionContact, PositionContact])
def test_database_keeps_the_check_whatever_writes_the_row(model):
    create_checked(**({"position": create_position()} if model is PositionContact else {}))
    contact = model.objects.get()

    contact.checked_on, contact.check_method, contact.department = "2026-01-01", "telephone", "Press"
    contact.save()
    model.objects.update(checked_on=None, check_method="", note="A note.")

    stored = model.objects.get()
    assert (stored.checked_on, stored.check_method) == ("2024-03-01", "letter")
    assert (stored.department, stored.note) == ("Press", "A note.")


def test_form_that_was_opened_before_a_confirmation_does_not_take_it_back():
    editor = create_editor()
    contact = create_checked()
    opened_before = InstitutionContact.objects.get()
    contact.confirm(method="telephone", by=editor)

    opened_before.department = "Press"
    opened_before.save()

    contact.refresh_from_db()
    found = (contact.checked_on, contact.check_method, contact.checked_by, contact.department)
    assert found == (TODAY, "telephone", editor, "Press")


def test_check_outlives_the_account_of_its_editor():
    editor = create_editor()
    contact = create_contact()
    contact.confirm(method="telephone", by=editor)

    editor.delete()

    contact.refresh_from_db()
    assert (contact.checked_on, contact.checked_by) == (TODAY, None)


def test_confirming_ends_with_its_block_also_when_it_fails():
    create_checked()
    with contextlib.suppress(ZeroDivisionError), confirming():
        InstitutionContact.objects.update(checked_on="2026-01-01")
        1 / 0  # noqa: B018 something that fails
    InstitutionContact.objects.update(checked_on="2026-02-02")

    assert InstitutionContact.objects.get().checked_on == "2024-03-01"


def test_version_brought_back_has_the_check_of_its_value(desk):
    institution = create_institution()
    contact = create_checked(institution=institution, value="old@example.org")
    address = page(Institution, "change", institution.pk)
    save(desk, address, description_en="First.")
    version = Version.objects.get_for_object(institution).first()
    save(desk, address, **{"contacts-0-value": "new@example.org"})
    InstitutionContact.objects.get(pk=contact.pk).confirm(method="telephone")

    save(desk, page(Institution, "revision", institution.pk, version.pk))

    contact.refresh_from_db()
    assert (contact.value, contact.checked_on, contact.check_method) == ("old@example.org", "2024-03-01", "letter")


def test_recovered_record_has_the_checks_it_had(admin_client):
    studio = create_institution()
    create_checked(institution=studio)
    save(admin_client, page(Studio, "change", studio.pk), description_en="A studio.")
    version = Version.objects.get_for_object(studio).first()
    admin_client.post(page(Studio, "delete", studio.pk), {"post": "yes"})

    save(admin_client, page(Institution, "recover", version.pk))

    contact = InstitutionContact.objects.get()
    assert (contact.checked_on, contact.check_method) == ("2024-03-01", "letter")


def test_fixtures_touch_no_record_that_is_there():
    create_checked()

    with pytest.raises(FixturesError):
        load_fixtures()

    assert set(checks().values()) == {"2024-03-01"}


def test_actions_on_records_confirm_nothing(desk):
    contact = create_checked()
    desk.post(
        reverse("admin:institutions_institution_changelist"),
        {"action": "archive", "_selected_action": [contact.institution_id]},
    )

    assert set(checks().values()) == {"2024-03-01"}
