"""Tests of permissions to import, and of limits by country."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from editors.accounts.models import CountryLimit
from institutions.models import Institution
from tests.editors.spreadsheets.sheets import bring_to_preview, changes, confirm, csv_bytes, errors, outcomes, send
from tests.factories import (
    add_second_factor,
    create_country,
    create_editor,
    create_institution,
    create_person,
    create_position,
)

pytestmark = pytest.mark.django_db

PAGES = ["intake_columns", "intake_words", "intake_preview", "intake_left_out", "intake_undo"]


@pytest.fixture
def uzbek_desk(client):
    """Client of an editor who works on Uzbekistan only."""
    create_country(code="TJ")
    create_country(code="UZ")
    editor = create_editor(username="uzbek")
    CountryLimit.objects.create(user=editor, country_code="UZ")
    client.force_login(editor)
    return client


def test_rows_of_other_countries_are_errors(uzbek_desk):
    content = csv_bytes(
        "name (en),kind,country", "Tajikfilm,studio,TJ", "Uzbekfilm,studio,UZ", "CIS,union,international"
    )

    spreadsheet = bring_to_preview(uzbek_desk, content)
    confirm(uzbek_desk, spreadsheet)

    assert outcomes(spreadsheet) == ["error", "new", "error"]
    assert errors(spreadsheet)[0] == {"country": "You do not work on this country."}
    assert Institution.objects.get().name_en == "Uzbekfilm"


def test_record_of_another_country_can_neither_be_reached_by_key_nor_taken_over(uzbek_desk):
    create_institution(name_en="Secret Tajikfilm", key="tajikfilm", publication_state="draft")
    create_institution(name_en="Uzbekfilm", country=create_country(code="UZ"))
    content = csv_bytes("key,country,founded", "tajikfilm,,1930", "tajikfilm,UZ,1930", "uzbekfilm,TJ,1930")

    spreadsheet = bring_to_preview(uzbek_desk, content)

    assert outcomes(spreadsheet) == ["error"] * 3
    unknown = {"key": "No record that you may change has this key or page URL."}
    assert errors(spreadsheet) == [unknown, unknown, {"country": "You do not work on this country."}]
    assert "Secret" not in str(changes(spreadsheet))


def test_limit_that_came_after_the_preview_holds(uzbek_desk):
    spreadsheet = bring_to_preview(uzbek_desk, csv_bytes("name (en),kind,country", "Uzbekfilm,studio,UZ"))
    CountryLimit.objects.update(country_code="KZ")

    assert confirm(uzbek_desk, spreadsheet).status_code == 409
    assert not Institution.objects.exists()


def test_names_of_a_person_of_another_country_stay(uzbek_desk):
    studio = create_institution(name_en="Uzbekfilm", country=create_country(code="UZ"))
    person = create_person(name_en="Anna Berg", country=create_country(code="TJ"))
    create_position(person=person, institution=studio, role="head")
    content = csv_bytes("name (en),country,head (en),head (ru)", "Uzbekfilm,UZ,Anna Berg,Анна Берг")

    spreadsheet = bring_to_preview(uzbek_desk, content)

    assert errors(spreadsheet) == [{"head (en)": "This person belongs to a country that you do not work on."}]


@pytest.mark.parametrize("page", PAGES)
def test_imports_of_others_are_hidden_from_limited_editors(client, uzbek_desk, page):
    client.force_login(create_editor())
    spreadsheet = bring_to_preview(client, csv_bytes("name (en),kind,country", "Tajikfilm,studio,TJ"))
    client.force_login(User.objects.get(username="uzbek"))

    assert client.get(reverse(f"admin:{page}", args=[spreadsheet.pk])).status_code == 404
    assert client.post(reverse(f"admin:{page}", args=[spreadsheet.pk])).status_code == 404
    response = client.get(reverse("admin:intake_import_changelist"))
    assert response.context["cl"].result_count == 0


@pytest.mark.parametrize("page", PAGES)
def test_staff_without_the_permission_cannot_import(client, page):
    client.force_login(create_editor())
    create_country(code="TJ")
    spreadsheet = bring_to_preview(client, csv_bytes("name (en),kind,country", "Tajikfilm,studio,TJ"))
    client.force_login(add_second_factor(User.objects.create_user("clerk", is_staff=True)))

    assert client.get(reverse(f"admin:{page}", args=[spreadsheet.pk])).status_code == 403
    assert send(client, csv_bytes("name", "a")).status_code == 403
    assert client.get(reverse("admin:intake_sample", args=["csv"])).status_code == 403


def test_visitors_are_sent_to_log_in(client):
    assert client.get(reverse("admin:intake_start")).status_code == 302


def test_list_of_imports_tells_what_became_of_them_and_leads_on(client, django_assert_num_queries):
    client.force_login(create_editor())
    create_country(code="TJ")
    lines = ["Tajikfilm,studio,TJ", "Sinamo,studio,"]
    page = reverse("admin:intake_import_changelist")
    for number in (1, 3):
        for _time in range(number):
            spreadsheet = bring_to_preview(client, csv_bytes("name (en),kind,country", *lines))
        client.get(page)
        with django_assert_num_queries(10):
            response = client.get(page)

    first = response.context["cl"].result_list[0]
    assert (first.row_count, first.new_count, first.error_count) == (2, 1, 1)
    assert (
        client.get(reverse("admin:intake_import_change", args=[spreadsheet.pk])).url == spreadsheet.get_absolute_url()
    )
    assert client.get(reverse("admin:intake_import_add")).url == reverse("admin:intake_start")
