"""Tests of audit lines: every login and change of rights leaves one, and they never change."""

import logging

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group, Permission, User
from django.db import IntegrityError, transaction
from django.urls import reverse

from editors.accounts.models import AuditLine, CountryLimit
from tests.factories import TOTP_SECRET, create_administrator, create_editor
from tests.one_time_codes import RecoveryCodes, one_time_code

pytestmark = pytest.mark.django_db

PASSWORD = "a long phrase for one test"


@pytest.fixture
def editor():
    return create_editor(password=PASSWORD)


@pytest.fixture
def since(editor):
    """Return the lines written after the editor was created, as (event, about, detail)."""
    seen = set(AuditLine.objects.values_list("pk", flat=True))
    return lambda: list(AuditLine.objects.exclude(pk__in=seen).order_by("pk").values_list("event", "about", "detail"))


def log_in(client, username="editor", password=PASSWORD):
    return client.post("/account/login/", {"login": username, "password": password})


def test_login_is_a_line_once_both_factors_are_right(client, since):
    log_in(client)
    assert since() == []

    client.post("/account/login/factor/", {"code": one_time_code(TOTP_SECRET)})

    assert since() == [("logged-in", "editor", "")]
    line = AuditLine.objects.first()
    assert (line.actor, line.address, line.at is not None) == ("editor", "127.0.0.1", True)


def test_failed_login_is_a_line(client, since):
    log_in(client, password="wrong")

    assert since() == [("login-failed", "editor", "password")]
    assert AuditLine.objects.first().actor == ""


def test_wrong_code_is_a_line(client, since):
    log_in(client)
    client.post("/account/login/factor/", {"code": "000000"})

    assert since() == [("login-failed", "editor", "totp")]


def test_name_that_nobody_has_is_not_kept_since_it_may_be_a_password(client, since, caplog):
    with caplog.at_level(logging.INFO):
        log_in(client, username=PASSWORD, password="wrong")

    assert since() == [("login-failed", "", "password")]
    assert PASSWORD not in caplog.text
    assert "login-failed" in caplog.text


def test_logout_is_a_line(client, editor, since):
    client.force_login(editor)
    client.post(reverse("admin:logout"))

    assert since() == [("logged-in", "editor", ""), ("logged-out", "editor", "")]


def test_line_on_the_console_says_who_and_from_where(client, editor, caplog):
    with caplog.at_level(logging.INFO):
        log_in(client, password="wrong")

    assert "login-failed: about 'editor', by '', from 127.0.0.1 (password)" in caplog.text


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda editor: RecoveryCodes.activate(editor), [("factor-added", "editor", "recovery_codes")]),
        (lambda editor: Authenticator.objects.filter(user=editor).delete(), [("factor-removed", "editor", "totp")]),
        (
            lambda editor: editor.groups.add(Group.objects.get(name="Administrators")),
            [("rights-given", "editor", "Administrators")],
        ),
        (lambda editor: editor.groups.clear(), [("rights-taken", "editor", "Editors")]),
        (lambda editor: editor.groups.set([]), [("rights-taken", "editor", "Editors")]),
        (
            lambda editor: Group.objects.get(name="Administrators").user_set.add(editor),
            [("rights-given", "editor", "Administrators")],
        ),
        (
            lambda editor: Group.objects.get(name="Editors").user_set.clear(),
            [("rights-taken", "editor", "Editors")],
        ),
        (
            lambda editor: editor.user_permissions.add(Permission.objects.get(codename="delete_user")),
            [("rights-given", "editor", "auth.delete_user")],
        ),
        (
            lambda editor: Group.objects.get(name="Editors").permissions.add(
                Permission.objects.get(codename="delete_user")
            ),
            [("rights-given", "Editors", "auth.delete_user")],
        ),
        (
            lambda editor: Permission.objects.get(codename="delete_user").group_set.add(
                Group.objects.get(name="Editors")
            ),
            [("rights-given", "Editors", "auth.delete_user")],
        ),
        (
            lambda editor: CountryLimit.objects.create(user=editor, country_code="TJ").delete(),
            [("limit-set", "editor", "TJ"), ("limit-lifted", "editor", "TJ")],
        ),
        (
            lambda editor: User.objects.create_superuser("root"),
            [
                ("user-added", "root", ""),
                ("rights-given", "root", "is_staff"),
                ("rights-given", "root", "is_superuser"),
            ],
        ),
    ],
)
def test_change_of_rights_is_a_line(editor, since, change, expected):
    change(editor)

    assert since() == expected


@pytest.mark.parametrize(
    ("field", "value", "line"),
    [
        ("is_staff", False, ("rights-taken", "editor", "is_staff")),
        ("is_active", False, ("rights-taken", "editor", "is_active")),
        ("is_superuser", True, ("rights-given", "editor", "is_superuser")),
    ],
)
@pytest.mark.parametrize("only_that_field", [True, False])
def test_change_of_a_users_status_is_a_line(editor, since, field, value, line, only_that_field):
    setattr(editor, field, value)
    editor.save(update_fields=[field] if only_that_field else None)
    editor.save()

    assert since() == [line]


def test_change_of_a_country_is_two_lines(editor, since):
    limit = CountryLimit.objects.create(user=editor, country_code="TJ")
    limit.country_code = "AM"
    limit.save()

    assert since() == [("limit-set", "editor", "TJ"), ("limit-lifted", "editor", "TJ"), ("limit-set", "editor", "AM")]


def test_change_of_a_password_is_a_line_and_a_newer_hash_is_none(client, editor, since, settings):
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.ScryptPasswordHasher",
        "django.contrib.auth.hashers.MD5PasswordHasher",
    ]
    log_in(client)
    editor.refresh_from_db()
    assert editor.password.startswith("scrypt")
    assert since() == []

    editor.set_password("another long phrase for it")
    editor.save()

    assert since() == [("password-changed", "editor", "")]


def test_deleted_user_leaves_their_lines_and_one_more(editor, since):
    editor.delete()

    assert ("user-deleted", "editor", "") in since()
    assert AuditLine.objects.filter(event="user-added", about="editor").exists()


def test_change_by_an_administrator_names_both(client, editor, since):
    client.force_login(create_administrator())
    data = {"username": "editor", "is_active": "on", "country_limits-TOTAL_FORMS": 0}
    data |= {"country_limits-INITIAL_FORMS": 0, "groups": [Group.objects.get(name="Country editors").pk]}

    response = client.post(reverse("admin:auth_user_change", args=[editor.pk]), data)

    assert response.status_code == 302
    lines = AuditLine.objects.filter(actor="administrator", about="editor")
    assert set(lines.values_list("event", "detail")) == {
        ("rights-taken", "is_staff"),
        ("rights-taken", "Editors"),
        ("rights-given", "Country editors"),
    }


@pytest.mark.parametrize(
    "change",
    [
        lambda: AuditLine.objects.update(about="somebody else"),
        lambda: AuditLine.objects.all().delete(),
        lambda: AuditLine.objects.first().delete(),
        lambda: AuditLine.objects.first().save(),
    ],
)
def test_line_is_never_changed_or_deleted(editor, change):
    with pytest.raises(IntegrityError, match="only ever added"), transaction.atomic():
        change()


def test_administrator_reads_lines_and_changes_none(client, editor):
    client.force_login(create_administrator())
    line = AuditLine.objects.first()

    assert client.get(reverse("admin:accounts_auditline_changelist"), {"q": "editor"}).status_code == 200
    assert client.get(reverse("admin:accounts_auditline_change", args=[line.pk])).status_code == 200
    assert client.post(reverse("admin:accounts_auditline_change", args=[line.pk]), {"about": "x"}).status_code == 403
    assert client.get(reverse("admin:accounts_auditline_add")).status_code == 403
    assert client.post(reverse("admin:accounts_auditline_delete", args=[line.pk]), {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("line_count", [1, 3])
def test_list_of_lines_opens_at_a_fixed_number_of_queries(client, line_count, django_assert_num_queries):
    client.force_login(create_administrator())
    AuditLine.objects.bulk_create(AuditLine(event="logged-in", about="editor") for _number in range(line_count))

    client.get(reverse("admin:accounts_auditline_changelist"))
    with django_assert_num_queries(8):
        client.get(reverse("admin:accounts_auditline_changelist"))
