"""Tests of forms that arrive after the session ended: who gets them back, where, and what is never kept."""

import re
import time
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from editors.accounts.kept_forms import LONGEST_OPEN, signer
from editors.accounts.models import KeptForm
from editors.accounts.sessions import LAST_USE
from institutions.models import Institution
from tests.editors.accounts.logging_in import FACTOR, PASSWORD, log_in
from tests.factories import TOTP_SECRET, create_contact, create_editor, create_institution
from tests.html_page import html_page
from tests.one_time_codes import one_time_code

pytestmark = pytest.mark.django_db

OWN = {"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"}


@pytest.fixture
def editor():
    return create_editor(password=PASSWORD)


@pytest.fixture
def browser(editor):
    """Browser that checks CSRF tokens, logged in as the editor."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(editor)
    return browser


@pytest.fixture
def studio():
    studio = create_institution(key="tj-tajikfilm", name_en="Tajikfilm")
    create_contact(institution=studio, value="a@example.org")
    return studio


def address_of(studio):
    return reverse("admin:institutions_institution_change", args=[studio.pk])


def form_of(browser, address):
    """Return the values that the form of the page would send unchanged."""
    page = html_page(browser.get(address))
    (form,) = [form for form in page.all("form") if form.attributes.get("id", "").endswith("_form")]
    values = {}
    for field in form.all():
        name, kind = field.attributes.get("name"), field.attributes.get("type")
        if not name or "__prefix__" in name or kind in ("submit", "button"):
            continue
        if field.tag == "input" and (kind not in ("checkbox", "radio") or "checked" in field.attributes):
            values[name] = field.attributes.get("value", "on" if kind == "checkbox" else "")
        elif field.tag == "textarea":
            values[name] = field.text
        elif field.tag == "select":
            values[name] = [each.attributes["value"] for each in field.all("option") if "selected" in each.attributes]
    return values


def end_session(browser):
    """End the session as after twelve hours: the browser has dropped the cookie."""
    del browser.cookies["sessionid"]


def send(browser, address, form, **headers):
    return browser.post(address, form, headers={**OWN, **headers})


def log_in_again(browser, led, username="editor"):
    """Follow the response to the login, log in, and return the page after that."""
    login = browser.get(led["Location"], follow=True)
    token = html_page(login).one("main").one("input", name="csrfmiddlewaretoken").attributes["value"]
    path, _status = login.redirect_chain[-1]
    data = {"login": username, "password": PASSWORD, "csrfmiddlewaretoken": token}
    data |= {
        field.attributes["name"]: field.attributes["value"] for field in html_page(login).all("input", name="next")
    }
    asked = browser.post(path, data)
    factor = browser.get(asked["Location"])
    token = next(html_page(factor).one("main").all("input", name="csrfmiddlewaretoken")).attributes["value"]
    done = browser.post(FACTOR, {"code": one_time_code(TOTP_SECRET), "csrfmiddlewaretoken": token})
    return done["Location"]


def typed(form):
    return {**form, "description_en": "Typed for an hour.", "contacts-0-note": "Call in the morning.", "_save": "Save"}


def test_form_comes_back_filled_in_after_the_login_and_can_be_saved(browser, studio):
    address = address_of(studio)
    form = typed(form_of(browser, address))
    end_session(browser)

    led = send(browser, address, form)
    back = log_in_again(browser, led)

    page = browser.get(back)
    assert page.status_code == 200
    assert "You were logged out before this form arrived." in page.content.decode()
    again = form_of(browser, back)
    assert again["description_en"].strip() == "Typed for an hour."
    assert again["contacts-0-note"].strip() == "Call in the morning."
    studio.refresh_from_db()
    assert studio.description_en != "Typed for an hour."

    saved = send(browser, back, {**again, "_save": "Save"})

    studio.refresh_from_db()
    assert saved.status_code == 302
    assert studio.description_en == "Typed for an hour."
    assert studio.contacts.get().note == "Call in the morning."
    assert not KeptForm.objects.exists()


@pytest.mark.parametrize("with_token", [True, False])
def test_login_says_that_what_was_sent_is_kept(browser, studio, with_token):
    address = address_of(studio)
    form = typed(form_of(browser, address))
    end_session(browser)
    if not with_token:
        del browser.cookies["csrftoken"]

    led = send(browser, address, form)

    words = "You were logged out. What you sent is kept and will be restored after you log in."
    assert words in browser.get(led["Location"], follow=True).content.decode()
    assert words not in browser.get(reverse("account_login")).content.decode()


def test_showing_a_kept_form_saves_nothing_whatever_is_in_it(browser, studio):
    address = address_of(studio)
    form = typed(form_of(browser, address))
    end_session(browser)
    led = send(browser, address, form)
    browser.force_login(User.objects.get(username="editor"))

    for _time in range(2):
        assert browser.get(led["Location"]).status_code == 200

    studio.refresh_from_db()
    assert studio.description_en != "Typed for an hour."


def test_new_record_with_its_rows_comes_back(browser):
    address = reverse("admin:institutions_institution_add")
    form = {
        **form_of(browser, address),
        "name_en": "Alatau",
        "contacts-0-kind": "email",
        "contacts-0-value": "a@example.org",
    }
    end_session(browser)

    led = send(browser, address, {**form, "_continue": "Save"})
    browser.force_login(User.objects.get(username="editor"))

    again = form_of(browser, led["Location"])
    assert not Institution.objects.exists()
    assert (again["name_en"], again["contacts-0-value"]) == ("Alatau", "a@example.org")


def test_form_of_an_idle_session_is_kept(browser, studio):
    address = address_of(studio)
    form = typed(form_of(browser, address))
    session = browser.session
    session[LAST_USE] = int(time.time()) - 8000
    session.save()

    led = send(browser, address, form)

    assert "kept=" in led["Location"]
    assert KeptForm.objects.get().fields["description_en"] == ["Typed for an hour."]


def test_form_with_the_token_of_an_earlier_login_comes_back(browser, editor, studio):
    """Send a form with an old token, after the editor logged in again in another tab."""
    address = address_of(studio)
    form = typed(form_of(browser, address))
    browser.logout()
    browser.force_login(editor)

    led = send(browser, address, form)

    assert form_of(browser, led["Location"])["description_en"].strip() == "Typed for an hour."
    studio.refresh_from_db()
    assert studio.description_en != "Typed for an hour."


def test_somebody_else_never_sees_the_form(browser, studio):
    address = address_of(studio)
    form = typed(form_of(browser, address))
    end_session(browser)
    led = send(browser, address, form)
    browser.force_login(create_editor(username="other"))

    shown = browser.get(led["Location"])

    assert shown.status_code == 200
    assert "Typed for an hour." not in shown.content.decode()


def test_form_of_somebody_else_in_the_same_browser_is_not_shown(browser, studio):
    address = address_of(studio)
    form = typed(form_of(browser, address))
    browser.logout()
    browser.force_login(create_editor(username="other"))

    refused = send(browser, address, form)

    assert refused.status_code == 403
    assert "Typed for an hour." not in refused.content.decode()
    assert KeptForm.objects.get().user.username == "editor"


def test_what_changed_meanwhile_is_told_with_the_kept_form(browser, studio):
    address = address_of(studio)
    form = typed(form_of(browser, address))
    Institution.objects.filter(pk=studio.pk).update(name_en="Tojikfilm")
    end_session(browser)

    led = send(browser, address, form)
    browser.force_login(User.objects.get(username="editor"))

    page = browser.get(led["Location"])
    assert page.status_code == 409
    assert "Changed while you had it open" in page.content.decode()
    assert form_of(browser, led["Location"])["name_en"] == "Tojikfilm"


# What is not kept -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "https://example.org"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://other.testserver"},
    ],
    ids=str,
)
def test_form_of_another_site_is_not_kept(browser, studio, headers):
    form = typed(form_of(browser, address_of(studio)))
    end_session(browser)

    send(browser, address_of(studio), form, **headers)

    assert not KeptForm.objects.exists()


def test_form_of_a_browser_that_says_nothing_of_itself_is_not_kept(browser, studio):
    form = typed(form_of(browser, address_of(studio)))
    end_session(browser)

    browser.post(address_of(studio), form)

    assert not KeptForm.objects.exists()


@pytest.mark.parametrize("value", ["", "1", "1:2:3", pytest.param(signer.sign("999999"), id="nobody")])
def test_only_forms_made_for_an_editor_are_kept(browser, studio, value):
    form = typed(form_of(browser, address_of(studio)))
    end_session(browser)

    send(browser, address_of(studio), {**form, "made_for": value})

    assert not KeptForm.objects.exists()


def test_form_of_somebody_who_no_longer_works_here_is_not_kept(browser, editor, studio):
    form = typed(form_of(browser, address_of(studio)))
    editor.is_active = False
    editor.save()

    send(browser, address_of(studio), form)

    assert not KeptForm.objects.exists()


def test_form_that_was_open_for_days_is_not_kept(browser, studio, monkeypatch):
    form = typed(form_of(browser, address_of(studio)))
    end_session(browser)
    later = time.time() + LONGEST_OPEN.total_seconds() + 60
    monkeypatch.setattr(time, "time", lambda: later)

    send(browser, address_of(studio), form)

    assert not KeptForm.objects.exists()


def test_few_forms_of_an_editor_are_kept_and_none_longer_than_a_day(browser, editor, studio):
    form = typed(form_of(browser, address_of(studio)))
    end_session(browser)
    for number in range(7):
        send(browser, address_of(studio), {**form, "name_en": f"Name {number}"})
    assert [kept.fields["name_en"] for kept in editor.kept_forms.order_by("pk")] == [[f"Name {n}"] for n in range(2, 7)]

    led = send(browser, address_of(studio), form)
    KeptForm.objects.update(kept_at=timezone.now() - timedelta(hours=25))
    browser.force_login(editor)
    assert "Typed for an hour." not in browser.get(led["Location"]).content.decode()
    browser.logout()
    send(browser, address_of(studio), form)
    assert KeptForm.objects.count() == 1


def test_passwords_and_tokens_are_not_kept(browser, admin_user):
    browser.force_login(admin_user)
    address = reverse("admin:auth_user_add")
    form = form_of(browser, address) | {
        "username": "newcomer",
        "password1": "a secret phrase",
        "password2": "a secret phrase",
    }
    end_session(browser)

    send(browser, address, form)

    kept = KeptForm.objects.get().fields
    assert kept["username"] == ["newcomer"]
    assert not {"password1", "password2", "csrfmiddlewaretoken", "made_for"} & kept.keys()


# Other pages ----------------------------------------------------------------------------------------------------------


def test_form_of_another_page_is_shown_and_sent_again_by_a_button(browser, editor, studio):
    contact = studio.contacts.get()
    address = f"{reverse('admin:institutions_institutioncontact_confirm')}?contacts={contact.pk}"
    page = html_page(browser.get(address))
    hidden = {field.attributes["name"]: field.attributes["value"] for field in page.all("input", type="hidden")}
    form = hidden | {"contacts": contact.pk, "method": "telephone", "checked_on": timezone.localdate().isoformat()}
    end_session(browser)
    led = send(browser, address, form)
    browser.force_login(editor)

    shown = html_page(browser.get(led["Location"]))
    contact.refresh_from_db()
    assert contact.checked_on is None
    (again,) = [each for each in shown.all("form") if "kept=" in each.attributes.get("action", "")]
    fields = {field.attributes["name"]: field.attributes["value"] for field in again.all("input", type="hidden")}
    sent = send(browser, again.attributes["action"], fields)

    contact.refresh_from_db()
    assert (sent.status_code, contact.check_method) == (302, "telephone")
    assert not KeptForm.objects.exists()


def test_file_is_not_kept_and_asked_for_again(browser, editor, tmp_path):
    address = reverse("admin:intake_start")
    page = html_page(browser.get(address))
    hidden = {field.attributes["name"]: field.attributes["value"] for field in page.all("input", type="hidden")}
    end_session(browser)
    file = tmp_path / "list.csv"
    file.write_text("name\nAlatau\n")

    with file.open("rb") as opened:
        led = send(browser, address, hidden | {"file": opened, "note": "From the ministry"})
    browser.force_login(editor)

    shown = browser.get(led["Location"]).content.decode()
    assert "choose the file again" in shown
    assert "From the ministry" in shown
    assert "Alatau" not in str(KeptForm.objects.values_list())


def test_action_of_a_list_is_sent_again(browser, admin_user, studio):
    browser.force_login(admin_user)
    address = reverse("admin:institutions_institution_changelist") + "?q=tajik"
    page = html_page(browser.get(address))
    hidden = {field.attributes["name"]: field.attributes["value"] for field in page.all("input", type="hidden")}
    end_session(browser)
    led = send(browser, address, hidden | {"action": "delete_selected", "_selected_action": studio.pk})
    browser.force_login(admin_user)

    shown = html_page(browser.get(led["Location"]))
    (again,) = [each for each in shown.all("form") if "kept=" in each.attributes.get("action", "")]
    fields = {field.attributes["name"]: field.attributes["value"] for field in again.all("input", type="hidden")}
    asked = send(browser, again.attributes["action"], fields)

    assert Institution.objects.filter(pk=studio.pk).exists()
    assert re.search("Are you sure", asked.content.decode())


def test_visitors_forms_get_no_mark_and_a_stale_token_elsewhere_is_refused(browser):
    assert "made_for" not in Client().get("/account/login/").content.decode()
    assert browser.post("/account/logout/", {"csrfmiddlewaretoken": "x"}, headers=OWN).status_code == 403


def test_wrong_password_after_a_kept_form_changes_nothing(browser, studio):
    form = typed(form_of(browser, address_of(studio)))
    end_session(browser)
    led = send(browser, address_of(studio), form)

    assert log_in(Client(), password="wrong").status_code == 200
    assert Client().get(led["Location"]).status_code == 302
    assert KeptForm.objects.count() == 1
