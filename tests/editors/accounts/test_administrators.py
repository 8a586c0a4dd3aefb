"""Tests of the rights of administrators, and their limits."""

import pytest
from django.apps.registry import Apps
from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command
from django.urls import reverse

from editors.accounts.groups import write_groups
from editors.accounts.limits import country_codes
from editors.accounts.models import AuditLine
from institutions.models import Institution
from tests.factories import (
    create_administrator,
    create_country,
    create_country_editor,
    create_editor,
    create_institution,
)

pytestmark = pytest.mark.django_db

USERS, GROUPS = "admin:auth_user_changelist", "admin:auth_group_changelist"


@pytest.fixture
def desk(client):
    client.force_login(create_administrator())
    return client


def user_page(user, name="change"):
    return reverse(f"admin:auth_user_{name}", args=[user.pk])


def user_data(user, **changes):
    data = {"username": user.username, "is_active": "on", "is_staff": "on"}
    data |= {"country_limits-TOTAL_FORMS": 0, "country_limits-INITIAL_FORMS": 0}
    return data | changes


@pytest.mark.parametrize("create", [create_editor, lambda: create_country_editor("TJ")])
def test_editor_reaches_neither_people_nor_groups_nor_lines(client, create):
    editor = create()
    client.force_login(editor)

    for name in [USERS, GROUPS, "admin:accounts_auditline_changelist", "admin:auth_user_add"]:
        assert client.get(reverse(name)).status_code == 403
    assert client.post(user_page(editor), user_data(editor, is_superuser="on")).status_code == 403
    assert "auth/user" not in client.get(reverse("admin:index")).content.decode()


def test_groups_differ_in_deleting_and_managing():
    create_administrator()
    permissions = {
        name: set(Group.objects.get(name=name).permissions.values_list("content_type__app_label", "codename"))
        for name in ["Editors", "Country editors", "Administrators"]
    }

    assert permissions["Editors"] == permissions["Country editors"]
    further = permissions["Administrators"] - permissions["Editors"]
    assert permissions["Editors"] < permissions["Administrators"]
    managed = {app for app, codename in further if not codename.startswith("delete_")}
    assert managed == {"accounts", "auth"}


def test_groups_get_exactly_the_permissions_of_the_table_with_each_migration():
    editors = Group.objects.get(name="Editors")
    before = set(editors.permissions.values_list("pk", flat=True))
    editors.permissions.remove(Permission.objects.get(codename="change_institution"))
    editors.permissions.add(Permission.objects.get(codename="delete_institution"))
    lines = AuditLine.objects.count()

    call_command("migrate", verbosity=0)

    assert set(editors.permissions.values_list("pk", flat=True)) == before
    assert AuditLine.objects.count() == lines


def test_migrating_apps_without_groups_writes_none():
    Group.objects.all().delete()

    write_groups(None, using="default", apps=Apps())

    assert not Group.objects.exists()


def test_administrator_deletes_a_record(desk):
    institution = create_institution()

    desk.post(reverse("admin:institutions_institution_delete", args=[institution.pk]), {"post": "yes"})

    assert not Institution.objects.exists()


def test_administrator_makes_a_country_editor(desk):
    for code in ["TJ", "AM"]:
        create_country(code=code)
    password = "a long phrase for one test"
    desk.post(
        reverse("admin:auth_user_add"),
        {"username": "anna", "usable_password": "true", "password1": password, "password2": password}
        | {"country_limits-TOTAL_FORMS": 0, "country_limits-INITIAL_FORMS": 0},
    )
    anna = User.objects.get(username="anna")

    group = Group.objects.get(name="Country editors")
    row = {"country_limits-TOTAL_FORMS": 1, "country_limits-0-country_code": "TJ", "country_limits-0-user": anna.pk}

    response = desk.post(user_page(anna), user_data(anna, groups=[group.pk], **row))

    assert response.status_code == 302
    anna = User.objects.get(username="anna")
    assert (anna.is_staff, anna.check_password(password), country_codes(anna)) == (True, True, {"TJ"})


@pytest.mark.parametrize(("prefix", "names"), [("", ["Armenia", "Tajikistan"]), ("/ru", ["Армения", "Таджикистан"])])
def test_countries_are_chosen_by_name_among_those_of_the_directory(desk, prefix, names):
    for code, status in [("TJ", "member"), ("AM", "member"), ("FR", "none")]:
        create_country(code=code, cis_status=status)

    response = desk.get(prefix + user_page(create_editor()))

    (inline,) = response.context["inline_admin_formsets"]
    choices = inline.formset.empty_form.fields["country_code"].choices
    assert [name for _code, name in choices] == names


@pytest.mark.parametrize("code", ["FR", "XX", "Tajikistan"])
def test_country_outside_the_directory_is_refused(desk, code):
    create_country(code="TJ")
    create_country(code="FR", cis_status="none")
    editor = create_editor()
    row = {"country_limits-TOTAL_FORMS": 1, "country_limits-0-country_code": code, "country_limits-0-user": editor.pk}

    response = desk.post(user_page(editor), user_data(editor, **row))

    assert "Select a valid choice" in response.content.decode()
    assert not editor.country_limits.exists()


def test_administrator_makes_nobody_a_superuser(desk):
    editor = create_editor()

    response = desk.post(user_page(editor), user_data(editor, is_superuser="on", user_permissions=[1]))

    assert response.status_code == 302
    editor.refresh_from_db()
    assert not editor.is_superuser
    assert not editor.user_permissions.exists()


def test_administrator_does_not_touch_a_superuser(desk):
    root = User.objects.create_superuser("root", password="the old password of root")
    new = "a long phrase for one test"

    assert desk.get(user_page(root)).status_code == 200
    assert desk.post(user_page(root), user_data(root, is_active="")).status_code == 403
    assert desk.post(user_page(root, "delete"), {"post": "yes"}).status_code == 403
    assert desk.post(f"/admin/auth/user/{root.pk}/password/", {"password1": new, "password2": new}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [root.pk], "post": "yes"}
    desk.post(reverse(USERS), chosen)
    root.refresh_from_db()
    assert root.check_password("the old password of root")
    assert root.is_active


def test_superuser_makes_superusers(admin_client):
    editor = create_editor()

    admin_client.post(user_page(editor), user_data(editor, is_superuser="on"))

    editor.refresh_from_db()
    assert editor.is_superuser


@pytest.mark.parametrize("user_count", [1, 3])
def test_list_of_people_opens_at_a_fixed_number_of_queries(desk, user_count, django_assert_num_queries):
    for number in range(user_count):
        create_editor(username=f"editor{number}")

    desk.get(reverse(USERS))
    with django_assert_num_queries(10):
        desk.get(reverse(USERS))
