"""Tests of a visitor's own list, and of saved lists: rows, changes, and deletion."""

import csv
import io
import re
from datetime import timedelta
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone, translation

from editors.withholding.withhold import withhold
from exports import list_views, saved_lists
from exports.models import LONGEST_PICKED, ContactList
from institutions.models import Institution, InstitutionContact
from records.check_guard import confirming
from tests.constraint_cases import Case, check, parametrize
from tests.factories import (
    create_city,
    create_contact,
    create_country,
    create_event,
    create_institution,
    create_participation,
    create_person,
    create_position,
)
from tests.html_page import html_page
from web import client_limits
from web.client_limits import Limit
from web.models import LimitedAction

pytestmark = pytest.mark.django_db


def records(response):
    assert response.status_code == 200, response.content
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def add(client, *names, **extra):
    return client.post("/my-list/add/", {"record": list(names), **extra})


@pytest.fixture
def studio():
    studio = create_institution(key="tj-studio", name_en="Tajikfilm", city=create_city(name_ru="Душанбе"))
    create_contact(institution=studio, kind="phone", value="+992372210000")
    return studio


@pytest.fixture
def anna(studio):
    anna = create_person(key="tj-anna", name_en="Anna Berg")
    create_position(person=anna, institution=studio, role="head")
    return anna


# My list -------------------------------------------------------------------------------------------------------------


def names_on_my_list(client):
    return html_page(client.get("/my-list/")).one("main").texts("h2")


def test_visitor_puts_records_on_the_list_and_sees_them_in_that_order(client, studio, anna):
    answer = add(client, "person/tj-anna", "institution/tj-studio", "person/tj-anna", next="/people/?role=head")

    assert (answer.status_code, answer["Location"]) == (302, "/my-list/?back=/people/%3Frole%3Dhead")
    page = html_page(client.get(answer["Location"]))
    assert page.one("main").texts("h2") == ["Anna Berg", "Tajikfilm"]
    assert "/people/?role=head" in [link.attributes["href"] for link in page.one("main").all("a")]


def test_reader_who_puts_nothing_on_a_list_gets_no_cookie(client, studio):
    assert client.get("/my-list/").cookies == {}
    assert "Your list is empty." in client.get("/my-list/").content.decode()


def test_lists_and_pages_offer_to_put_records_on_the_list(client, studio, anna):
    for path, name in [
        ("/studios/", "institution/tj-studio"),
        ("/people/", "person/tj-anna"),
        ("/institutions/tajikfilm/", "institution/tj-studio"),
        ("/people/anna-berg/", "person/tj-anna"),
    ]:
        page = html_page(client.get(path))
        fields = [*page.all("input", name="record"), *page.all("button", name="record")]
        assert [field.attributes["value"] for field in fields] == [name], path


@pytest.mark.parametrize(
    ("change", "order"),
    [
        ({"up": "institution/c"}, "acb"),
        ({"down": "institution/a"}, "bac"),
        ({"up": "institution/a"}, "abc"),
        ({"down": "institution/c"}, "abc"),
        ({"remove": "institution/b"}, "ac"),
        ({"remove": "institution/none"}, "abc"),
        ({"up": "institution/none"}, "abc"),
        ({"clear": "on"}, ""),
    ],
)
def test_list_is_reordered_and_shortened(client, change, order):
    for name in "abc":
        create_institution(key=name, name_en=f"Studio {name}")
    add(client, "institution/a", "institution/b", "institution/c")

    client.post("/my-list/change/", change)

    assert names_on_my_list(client) == [f"Studio {name}" for name in order]


def test_my_list_is_taken_away_in_its_order(client, studio, anna):
    create_position(person=anna, body_name="Jury", title_en="Juror")
    add(client, "person/tj-anna", "institution/tj-studio")

    rows = records(client.get("/my-list/export/csv/"))

    assert [(row["id"], row["post"]) for row in rows] == [
        ("tj-anna", "Director"),
        ("tj-anna", "Juror"),
        ("tj-studio", ""),
    ]
    assert records(client.get("/my-list/export/csv/?rows=institutions"))[0]["id"] == "tj-studio"


@pytest.mark.parametrize("name", ["studio/tj-studio", "institution/", "institution/<b>", "", "institution/A"])
def test_what_is_no_record_is_refused(client, name):
    answer = add(client, name)

    assert (answer.status_code, answer["Content-Type"]) == (400, "text/plain; charset=utf-8")


def test_list_that_gets_too_long_is_refused(client):
    Institution.objects.bulk_create(
        Institution(
            key=f"studio-{number}",
            slug=f"studio-{number}",
            name_en=f"Studio {number}",
            kind="studio",
            country=create_country(),
            publication_state="published",
        )
        for number in range(LONGEST_PICKED + 1)
    )
    added = add(client, *(f"institution/studio-{number}" for number in range(LONGEST_PICKED)))

    assert (added.status_code, add(client, f"institution/studio-{LONGEST_PICKED}").status_code) == (302, 400)


@pytest.mark.parametrize(
    "names",
    [
        ["institution/not-there"],
        ["institution/draft"],
        ["institution/" + "a" * 100_000],
        ["institution/tj-studio"] * (LONGEST_PICKED + 1),
    ],
    ids=["not there", "not public", "too long", "too many"],
)
def test_what_the_site_does_not_show_is_not_kept(client, studio, names):
    create_institution(key="draft", name_en="Draft", publication_state="draft")

    answer = add(client, *names)

    assert (answer.status_code, answer.cookies) == (400, {})
    assert not Session.objects.exists()


def test_of_several_records_those_are_kept_that_the_site_shows(client, studio):
    add(client, "institution/not-there", "institution/tj-studio")

    assert client.session["my_list"] == ["institution/tj-studio"]


@pytest.mark.parametrize("change", [{"clear": "on"}, {"remove": "institution/tj-studio"}, {"up": "institution/x"}, {}])
def test_changing_a_list_that_is_not_there_begins_no_session(client, change):
    answer = client.post("/my-list/change/", change)

    assert (answer.status_code, answer.cookies) == (302, {})
    assert not Session.objects.exists()


@pytest.mark.parametrize("change", [{"clear": "on"}, {"remove": "institution/tj-studio"}])
def test_session_ends_with_the_list(client, studio, change):
    add(client, "institution/tj-studio")
    assert Session.objects.count() == 1

    client.post("/my-list/change/", change)

    assert not Session.objects.exists()
    assert client.cookies["sessionid"].value == ""


def test_editor_who_clears_the_list_stays_logged_in(admin_client, studio):
    add(admin_client, "institution/tj-studio")

    admin_client.post("/my-list/change/", {"clear": "on"})

    assert admin_client.get("/admin/").status_code == 200


def test_one_client_begins_so_many_lists_an_hour(studio, monkeypatch):
    monkeypatch.setitem(client_limits.LIMITS, LimitedAction.SESSION, Limit(2, 50, 50))
    answers = [add(Client(), "institution/tj-studio") for _number in range(3)]
    elsewhere = add(Client(REMOTE_ADDR="192.0.2.1"), "institution/tj-studio")

    assert [answer.status_code for answer in (*answers, elsewhere)] == [302, 302, 429, 302]
    assert Session.objects.count() == 3


def test_who_has_a_list_puts_more_on_it_whatever_the_limit(client, studio, anna, monkeypatch):
    monkeypatch.setitem(client_limits.LIMITS, LimitedAction.SESSION, Limit(1, 50, 50))
    add(client, "institution/tj-studio")

    assert add(client, "person/tj-anna").status_code == 302


def test_invented_name_of_a_session_is_no_way_round_the_limit(studio, monkeypatch):
    monkeypatch.setitem(client_limits.LIMITS, LimitedAction.SESSION, Limit(1, 50, 50))
    clients = [Client(), Client()]
    for client in clients:
        client.cookies["sessionid"] = "x" * 32

    assert [add(client, "institution/tj-studio").status_code for client in clients] == [302, 429]


def test_form_larger_than_any_is_not_read(client, studio):
    answer = add(client, "institution/tj-studio", note="x" * 2_000_000)

    assert answer.status_code == 413


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org/", "javascript:alert(1)"])
def test_way_back_leads_to_no_other_site(client, studio, elsewhere):
    assert add(client, "institution/tj-studio", next=elsewhere)["Location"] == "/my-list/"


@pytest.mark.parametrize("path", ["/my-list/add/", "/my-list/change/", "/lists/"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://example.org"},
        {"Origin": "null"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
    ],
)
def test_forms_of_other_sites_are_refused(studio, path, headers):
    from django.test import Client

    answer = Client(enforce_csrf_checks=True).post(path, {"record": "institution/tj-studio"}, headers=headers)

    assert answer.status_code == 403


# Browsers say "null" on pages that keep their address for themselves, such as that of a saved list.
@pytest.mark.parametrize("origin", ["http://testserver", "null"])
def test_own_forms_need_no_token(studio, origin):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)

    answer = client.post(
        "/my-list/add/",
        {"record": "institution/tj-studio"},
        headers={"Sec-Fetch-Site": "same-origin", "Origin": origin},
    )

    assert answer.status_code == 302


@pytest.mark.parametrize("path", ["/my-list/add/", "/my-list/change/", "/lists/"])
def test_lists_are_changed_by_forms_only(client, path):
    assert client.get(path).status_code == 405


# Saved lists ---------------------------------------------------------------------------------------------------------


def saved(client, **form):
    """List saved by the form, and the owner's link."""
    answer = client.post("/lists/", form)
    assert answer.status_code == 302, answer.content
    return ContactList.objects.order_by("-pk").first(), answer["Location"]


def changes_on(client, contact_list):
    page = html_page(client.get(contact_list.get_absolute_url()))
    section = page.section("changes")
    return [[cell.text for cell in [*row.all("th"), *row.all("td")]] for row in section.all("tr")][1:]


@pytest.mark.parametrize("saves", ["by hand", "by filter", "people"])
def test_saved_list_shows_an_editors_change_and_exports_it_alone(client, studio, anna, saves):
    create_institution(name_en="Another", country=create_country(code="TJ"))
    if saves == "by hand":
        add(client, "institution/tj-studio", "person/tj-anna")
    form = {
        "by hand": {},
        "by filter": {"origin": "studios", "query": "country=TJ"},
        "people": {"origin": "people", "query": "role=head"},
    }[saves]
    contact_list, _owner = saved(client, **form)
    assert "Nothing has changed." in client.get(contact_list.get_absolute_url()).content.decode()

    studio.contacts.update(value="+992372219999")

    old, new = "+992 372 21 0000", "+992 372 21 9999"
    names = ["Tajikfilm", "Anna Berg Director, Tajikfilm"]
    changed = [[name, "Changed: telephone", old, new] for name in names]
    assert sorted(changes_on(client, contact_list)) == sorted(changed)
    rows = records(client.get(f"{contact_list.get_absolute_url()}export/csv/?changes=on"))
    assert sorted((row["id"], row["change"], row["what changed"]) for row in rows) == [
        ("tj-anna", "changed", f"telephone: {old} → {new}"),
        ("tj-studio", "changed", f"telephone: {old} → {new}"),
    ]
    assert changes_on(client, contact_list) == []


def test_saved_list_names_the_values_of_each_filter_together(client, studio):
    create_country(code="KZ")
    contact_list, _owner = saved(client, origin="studios", query="country=TJ&country=KZ&has=email")

    page = html_page(client.get(contact_list.get_absolute_url()))

    (filters,) = page.texts("p", class_="lead")
    assert sorted(filters.split("; ")) == ["Can be reached by: e-mail", "Country: Tajikistan, Kazakhstan"]


def test_saved_list_tells_new_gone_changed_and_now_unconfirmed_rows(client, studio, anna):
    today = timezone.localdate()
    old = create_institution(key="old", name_en="Old Studio")
    create_contact(institution=old, checked_on=today.isoformat(), check_method="letter")
    seen = create_contact(
        institution=create_institution(name_en="Seen Studio"), checked_on=today.isoformat(), check_method="letter"
    )
    leaving = create_institution(key="leaving", name_en="Leaving Studio")
    contact_list, _owner = saved(client, origin="studios", query="country=TJ")

    create_institution(key="new", name_en="New Studio")
    with confirming():
        InstitutionContact.objects.filter(check_method="letter").update(checked_on="2020")
    seen.note_seen("https://example.org/")
    leaving.kind = "archive"
    leaving.save()
    anna.positions.update(title_en="Acting Director")

    assert changes_on(client, contact_list) == [
        ["Old Studio", "Now unconfirmed", "", ""],
        ["Anna Berg Acting Director, Tajikfilm", "Changed: post", "Director", "Acting Director"],
        ["New Studio", "New", "", ""],
        ["Leaving Studio", "No longer listed", "", ""],
    ]


def test_taking_the_whole_list_away_counts_later_changes_from_there(client, studio):
    contact_list, _owner = saved(client, origin="studios", query="")
    studio.contacts.update(value="+992372219999")

    client.head(f"{contact_list.get_absolute_url()}export/vcf/")
    assert len(changes_on(client, contact_list)) == 1
    assert len(records(client.get(f"{contact_list.get_absolute_url()}export/csv/"))) == 1

    assert changes_on(client, contact_list) == []


def test_withheld_person_leaves_saved_lists_at_once_and_without_a_trace(client, studio, anna):
    add(client, "person/tj-anna", "institution/tj-studio")
    by_hand, _owner = saved(client)
    by_filter, _owner = saved(client, origin="people", query="")
    other = create_institution(key="other", name_en="Other")

    withhold(anna, reason="letter")

    for contact_list in (by_hand, by_filter):
        contact_list.refresh_from_db()
        kept = f"{contact_list.picked} {contact_list.snapshot}"
        pages = client.get(contact_list.get_absolute_url()).content.decode()
        files = b""
        for query in ("", "?changes=on"):
            answer = client.get(f"{contact_list.get_absolute_url()}export/csv/{query}")
            files += b"".join(answer.streaming_content)
        assert "anna" not in (kept + pages + files.decode()).lower()
    assert "anna" not in client.get("/my-list/").content.decode().lower()
    assert other.is_published


@pytest.mark.parametrize("state", ["draft", "archived"])
def test_record_that_left_the_directory_is_counted_and_not_named(client, studio, anna, state):
    contact_list, _owner = saved(client, origin="people", query="")
    anna.publication_state = state
    anna.save()

    page = client.get(contact_list.get_absolute_url()).content.decode()
    file = b"".join(client.get(f"{contact_list.get_absolute_url()}export/csv/?changes=on").streaming_content).decode()

    assert "1 record is no longer in the directory." in page
    assert "anna" not in (page + file).lower()


def test_owners_link_is_shown_once_and_deletes_at_once(client, studio):
    contact_list, owner = saved(client, origin="studios", query="")
    secret = urlsplit(owner).path.rstrip("/").rsplit("/", 1)[1]

    page = html_page(client.get(owner))
    (form,) = [form for form in page.all("form") if form.attributes.get("action", "").endswith("/delete/")]
    assert settings.SITE_URL + contact_list.get_absolute_url() in page.section("links").text
    assert client.get(contact_list.get_absolute_url()).content.decode().find(secret) == -1
    assert secret not in str(ContactList.objects.values().get())

    answer = client.post(form.attributes["action"])

    assert (answer.status_code, ContactList.objects.count()) == (200, 0)
    assert client.get(contact_list.get_absolute_url()).status_code == 404


def test_only_the_owner_may_delete(client, studio):
    contact_list, _owner = saved(client, origin="studios", query="")
    address = f"{contact_list.get_absolute_url()}owner/{'x' * 22}/"

    assert client.get(address).status_code == 404
    assert client.post(f"{address}delete/").status_code == 404
    assert ContactList.objects.exists()


@pytest.mark.parametrize(("months", "is_there"), [(23, True), (25, False)])
def test_list_that_nobody_opened_for_two_years_is_removed(client, studio, months, is_there):
    contact_list, _owner = saved(client, origin="studios", query="")
    long_ago = timezone.localdate() - timedelta(days=months * 30.5)
    ContactList.objects.update(opened_on=long_ago)

    answer = client.get(contact_list.get_absolute_url())

    assert answer.status_code == (200 if is_there else 404)
    assert client.get(f"{contact_list.get_absolute_url()}export/csv/").status_code == (200 if is_there else 404)
    assert ContactList.objects.exists()

    call_command("purge", stdout=io.StringIO())

    assert ContactList.objects.exists() == is_there


def test_standby_serves_saved_lists_and_remembers_nothing(client, studio):
    contact_list, _owner = saved(client, origin="studios", query="")
    ContactList.objects.update(opened_on=timezone.localdate() - timedelta(days=9))
    studio.contacts.update(value="+992372219999")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL transaction_read_only = on")
        page = client.get(contact_list.get_absolute_url())
        rows = records(client.get(f"{contact_list.get_absolute_url()}export/csv/"))
        changed = records(client.get(f"{contact_list.get_absolute_url()}export/csv/?changes=on"))
        transaction.set_rollback(True)

    assert page.status_code == 200
    assert ([row["id"] for row in rows], [row["id"] for row in changed]) == (["tj-studio"], ["tj-studio"])
    assert ContactList.objects.get().snapshot == contact_list.snapshot


def test_opening_a_list_keeps_it(client, studio):
    contact_list, _owner = saved(client, origin="studios", query="")
    ContactList.objects.update(opened_on="2026-01-01")

    client.get(contact_list.get_absolute_url())

    contact_list.refresh_from_db()
    assert contact_list.opened_on == timezone.localdate()


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"origin": "nowhere"}, 404),
        ({"origin": "studios", "query": "country=XX"}, 400),
        ({"origin": "hand"}, 409),
        ({}, 409),
    ],
)
def test_what_cannot_be_saved_is_refused(client, studio, form, status):
    assert client.post("/lists/", form).status_code == status
    assert not ContactList.objects.exists()


def test_list_too_long_to_be_remembered_is_refused(client, studio, anna, monkeypatch):
    monkeypatch.setattr(saved_lists, "LONGEST_SAVED_LIST", 1)
    monkeypatch.setattr(list_views, "LONGEST_SAVED_LIST", 1)

    answer = client.post("/lists/", {"origin": "studios"})

    assert (answer.status_code, "holds up to 1 rows" in answer.content.decode()) == (413, True)


def test_too_many_lists_in_an_hour_are_refused(client, studio, monkeypatch):
    monkeypatch.setitem(client_limits.LIMITS, LimitedAction.SAVED_LIST, Limit(1, 50, 50))
    saved(client, origin="studios")

    assert client.post("/lists/", {"origin": "studios"}).status_code == 429
    assert Client(REMOTE_ADDR="192.0.2.1").post("/lists/", {"origin": "studios"}).status_code == 302


def test_of_the_query_of_a_saved_list_only_filters_are_kept_each_once(client, studio):
    contact_list, _owner = saved(client, origin="studios", query="junk=" + "x" * 9_000 + "&country=TJ" * 500)

    assert contact_list.query == "country=TJ"


def test_query_longer_than_any_address_is_refused(client, studio):
    answer = client.post("/lists/", {"origin": "studios", "query": "q=" + "x" * 5_000})

    assert answer.status_code == 413
    assert not ContactList.objects.exists()


def test_saved_list_is_not_for_search_engines_and_its_address_is_passed_on_to_nobody(client, studio):
    contact_list, _owner = saved(client, origin="studios", query="")

    page = client.get(contact_list.get_absolute_url())

    assert (page["X-Robots-Tag"], page["Referrer-Policy"]) == ("noindex", "no-referrer")
    assert "no-store" in page["Cache-Control"]


def test_nothing_about_the_owner_is_stored():
    names = {field.name for field in ContactList._meta.get_fields()}

    assert names == {
        *("id", "secret", "owner_hash", "origin", "name", "query", "picked", "snapshot", "snapshot_language"),
        *("taken_at", "created_at", "opened_on"),
    }


@pytest.mark.parametrize("secret", ["none", "x" * 22])
def test_list_that_is_not_there_is_not_found(client, secret):
    assert client.get(f"/lists/{secret}/").status_code == 404
    assert client.get(f"/lists/{secret}/export/csv/").status_code == 404


@pytest.mark.parametrize("language", ["en", "ru"])
def test_list_pages_say_all_in_the_readers_language(client, studio, anna, language):
    add(client, "institution/tj-studio")
    contact_list, owner = saved(client, origin="studios", query="country=TJ")
    create_institution(key="new", name_en="New Studio", name_ru="Новая студия")
    studio.contacts.update(value="+992372219999")
    with translation.override(language):
        paths = [contact_list.get_absolute_url(), "/my-list/" if language == "en" else "/ru/my-list/"]
    owner = owner if language == "en" else f"/ru{owner}"

    for path in [*paths, owner]:
        text = re.sub(r"<[^>]+>|https?://\S+", " ", client.get(path).content.decode())
        assert ("Мой список" in text) == (language == "ru"), path


def test_saved_lists_ask_a_fixed_number_of_times(client, django_assert_max_num_queries):
    for number in range(30):
        create_contact(institution=create_institution(key=f"s-{number}", name_en=f"Studio {number}"))
    contact_list, _owner = saved(client, origin="studios", query="")

    with django_assert_max_num_queries(40):
        client.get(contact_list.get_absolute_url())


VALID = {"origin": "studios", "owner_hash": "0" * 64}


@parametrize(
    [
        Case("contactlist_secret_shape", ContactList.objects.create, VALID, VALID | {"secret": "short"}),
        Case("contactlist_owner_hash_shape", ContactList.objects.create, VALID, VALID | {"owner_hash": "plain"}),
        Case("contactlist_query_length", ContactList.objects.create, VALID, VALID | {"query": "x" * 4_001}),
        Case(
            "contactlist_picked_length",
            ContactList.objects.create,
            VALID | {"origin": "hand", "query": "", "picked": ["institution/a"] * 500},
            VALID | {"origin": "hand", "query": "", "picked": ["institution/a"] * 501},
        ),
        Case("contactlist_origin_known", ContactList.objects.create, VALID, VALID | {"origin": "elsewhere"}),
        Case(
            "contactlist_by_hand_or_by_filter",
            ContactList.objects.create,
            VALID | {"origin": "hand", "picked": ["institution/a"]},
            VALID | {"picked": ["institution/a"]},
        ),
    ]
)
def test_database_keeps_the_rules_of_saved_lists(case):
    check(case)


@pytest.mark.parametrize(
    ("path", "listed"),
    [
        ("/institutions/", {"institution/tajikfilm"}),
        ("/people/", {"person/anna-berg"}),
        ("/countries/tj/", {"institution/tajikfilm"}),
        ("/events/forum/", {"institution/tajikfilm", "person/anna-berg"}),
        ("/search/?q=tajikfilm", {"institution/tajikfilm", "person/anna-berg"}),
    ],
)
def test_records_are_put_on_the_list_from_wherever_they_are_listed(client, path, listed):
    country = create_country(code="TJ")
    studio = create_institution(name_en="Tajikfilm", country=country)
    person = create_person(name_en="Anna Berg", country=country)
    create_position(person=person, institution=studio)
    event = create_event(name_en="Forum", country=country)
    create_participation(event=event, person=person)
    create_participation(event=event, institution=studio)

    page = html_page(client.get(path))
    boxes = {box.attributes["value"]: box.attributes["form"] for box in page.all("input", name="record")}
    [form] = page.all("form", id="selection")
    client.post(form.attributes["action"], {"record": list(boxes)})

    assert set(boxes) == listed
    assert set(boxes.values()) == {"selection"}
    assert {key for key, _row in client.get("/my-list/").context["records"]} == listed


@pytest.mark.parametrize(("list_name", "expected"), [("institutions", "Somon Studio"), ("people", "Somon Karimov")])
def test_search_results_are_taken_away(client, list_name, expected):
    create_institution(name_en="Somon Studio")
    create_institution(name_en="Other")
    create_position(person=create_person(name_en="Somon Karimov"))

    page = html_page(client.get("/search/?q=somon"))
    addresses = {button.attributes["formaction"] for button in page.all("button") if "formaction" in button.attributes}
    rows = records(client.get(f"/{list_name}/export/csv/?q=somon"))

    assert f"/{list_name}/export/csv/" in addresses
    assert [field.attributes["value"] for field in page.all("input", type="hidden", name="q")] == ["somon", "somon"]
    assert [row["English name"] for row in rows] == [expected]


# The name that a visitor gives, and the feed --------------------------------------------------------------------------

ATOM = "{http://www.w3.org/2005/Atom}"


def entries(client, path):
    response = client.get(path)
    assert (response.status_code, response["X-Robots-Tag"]) == (200, "noindex")
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    found = ElementTree.fromstring(response.content).iter(f"{ATOM}entry")
    return [[entry.find(f"{ATOM}{name}").text for name in ("title", "summary", "id", "updated")] for entry in found]


def test_saved_list_has_the_name_that_the_visitor_gives(client, studio):
    contact_list, _owner = saved(client, origin="studios", name="  Partners &\n<b>friends</b> ")

    page = html_page(client.get(contact_list.get_absolute_url()))
    file = client.get(f"{contact_list.get_absolute_url()}export/csv/")

    assert contact_list.name == "Partners & <b>friends</b>"
    assert page.one("h1").text == "Saved list: Partners & <b>friends</b>"
    day = timezone.localdate().isoformat()
    assert f'filename="partners-b-friends-b-saved-{day}.csv"' in file["Content-Disposition"]
    assert client.post("/lists/", {"origin": "studios", "name": "x" * 101}).status_code == 400
    assert client.post("/lists/", {"origin": "studios", "name": "a\x01b"}).status_code == 400
    assert ContactList.objects.count() == 1


def test_changes_of_a_saved_list_are_a_feed_that_takes_nothing_away(client, studio, anna):
    contact_list, _owner = saved(client, origin="institutions", name="Mine")
    path = f"{contact_list.get_absolute_url()}changes.atom"
    assert entries(client, path) == []
    studio.founded = "1930"
    studio.save()
    create_institution(name_en="Sinamo")

    found, again = entries(client, path), entries(client, path)

    # Who is in post there has a row with the same facts.
    assert sorted(entry[:2] for entry in found) == [
        ["Anna Berg", "Changed; founded: – → 1930"],
        ["Sinamo", "New"],
        ["Tajikfilm", "Changed; founded: – → 1930"],
    ]
    assert again == found
    assert path in [link.attributes["href"] for link in html_page(client.get(contact_list.get_absolute_url())).all("a")]
    ids = {entry[2] for entry in found}
    assert contact_list.secret not in " ".join(ids)
    # Another change is another entry; what was taken away is none.
    studio.refresh_from_db()
    studio.founded = "1931"
    studio.save()
    assert len({entry[2] for entry in entries(client, path)} - ids) == 2
    client.get(f"{contact_list.get_absolute_url()}export/csv/").getvalue()
    assert entries(client, path) == []
    assert client.get("/lists/nobody-knows-this-one/changes.atom").status_code == 404


def test_feed_names_nobody_who_left_the_directory(client, anna):
    contact_list, _owner = saved(client, origin="people")
    withhold(anna, reason="letter")

    feed = client.get(f"{contact_list.get_absolute_url()}changes.atom").content.decode()

    assert "Anna" not in feed
